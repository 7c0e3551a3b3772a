#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Volume over so many lines that it is made some at a time: the one who asks waits, others do not.
. "$(dirname "$0")/common.sh"

lines=24000
found
start
enrol S-1
enrol S-2
enrol HUB coordinator

awk -v lines="$lines" -v from="$(day 160)" -v to="$(day 300)" 'BEGIN {
    print "line,title,category,quantity,unit_price_max,delivery_from,delivery_to,nuts"
    for (i = 1; i <= lines; i++)
        printf "L-%05d,Laptops,laptop,%d,800.00,%s,%s,BE%s\n", i, i % 50 + 1, from, to,
            i % 2 ? "211" : "323"
}' >"$work/plan.csv"
expect 0 as S-1 submit "$work/plan.csv"
says "$lines new, 0 amended, 0 unchanged."

heading "Asked for, and followed"
round_file r1 >"$work/round.conf"
expect 0 as HUB round open "$work/round.conf"
expect 0 as HUB volume --output json
finds "length == 1 and .[0].lines == $lines and .[0].organisations == 1"
expect 0 as S-2 submit "$work/plan.csv"
expect 0 as HUB volume --by nuts --nuts BE32 --output json
finds "(map(.lines) | add) == $lines and .[0].organisations == 2"

heading "After the round has taken them"
expect 0 as HUB round close r1
begin HUB volume --by nuts --output json
expect 0 as S-1 status --output json
ends 0
finds "(map(.lines) | add) == $((2 * lines))"
stop TERM 0

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A plan of many parts counts whole or not at all.
. "$(dirname "$0")/common.sh"

lines=3000
found
start
enrol S-1

title=$(printf 'A title that makes the plan larger than one message %.0s' 1 2 3)
# large_plan LINES: a plan of so many.
large_plan() {
    awk -v lines="$1" -v from="$(day 160)" -v to="$(day 300)" -v title="$title" 'BEGIN {
        print "line,title,category,quantity,unit_price_max,delivery_from,delivery_to,nuts"
        for (i = 1; i <= lines; i++)
            printf "L-%04d,%s,laptop,%d,800.00,%s,%s,BE211\n", i, title, i % 50 + 1, from, to
    }'
}
large_plan "$lines" >"$work/plan.csv"

heading "A mistake in row 2,900 refuses it whole"
sed '2900s/,laptop,/,toaster,/' "$work/plan.csv" >"$work/bad.csv"
expect 4 as S-1 submit "$work/bad.csv"
says "$work/bad.csv:2900: category: \"toaster\":"
says "in 1 of $lines rows; nothing was sent."
expect 0 as S-1 lines --output json
finds '. == []'

heading "All of it counts"
expect 0 as S-1 submit "$work/plan.csv"
says "$lines new, 0 amended, 0 unchanged."
expect 0 as S-1 lines --output json
finds "length == $lines and (map(.line) | unique | length == $lines)"
[ "$(grep -c 'kind=submit' "$broker_log")" -ge 2 ] || fail "it went in one part"

heading "Sent again, unchanged and changed"
expect 0 as S-1 submit "$work/plan.csv"
says "0 new, 0 amended, $lines unchanged."
sed -e '2s/,laptop,/,monitor,/' -e '3001s/,800.00,/,700.00,/' "$work/plan.csv" >"$work/changed.csv"
expect 0 as S-1 submit "$work/changed.csv"
says "0 new, 2 amended, $((lines - 2)) unchanged."

heading "A line that is claimed refuses it whole"
enrol HUB coordinator
round_file r1 | sed 's/"laptop"/"monitor"/' >"$work/round.conf"
expect 0 as HUB round open "$work/round.conf"
expect 0 as HUB round close r1
sed 's/,laptop,/,printer,/' "$work/plan.csv" >"$work/printers.csv"
expect 1 as S-1 submit "$work/printers.csv"
says "$work/printers.csv:2: "
says "[LINE_CLAIMED]"
expect 0 as S-1 lines --output json
finds 'map(.category) | group_by(.) | map(length) == [2999, 1]'

heading "Cut off between two parts: nothing of it counts"
# The broker stops for good when the first part of a plan has arrived, of so many that the last is
# far away, however fast the machine is.
enrol S-2
large_plan 60000 >"$work/longer.csv"
first_part() {
    grep -q 'kind=submit organisation=S-2' "$broker_log"
}
begin S-2 submit "$work/longer.csv" --timeout 1
wait_for "the first part" first_part
stop KILL 137
ends 5
says "Sending it again is safe"
start
expect 0 as S-2 lines --output json
finds "length == 0"
expect 0 as S-2 submit "$work/plan.csv"
expect 0 as S-2 lines --output json
finds "length == $lines"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Every kind of command and every view, by every role and by a key that is not registered, on own
# things, on others' and on what is not there: access_table.c says what has to be answered.
. "$(dirname "$0")/common.sh"

found
start
enrol T-C coordinator
enrol T-D coordinator
enrol T-R reader
enrol T-A administrator
enrol T-W witness
for id in T-1 T-2 T-3 T-4; do
    enrol "$id"
done
# one_line CATEGORY KEY
one_line() {
    echo "$plan_header"
    echo "$2,$1,40,777.77,$(day 160),$(day 300),BE211,peloton,binding"
}
for id in T-1 T-2 T-3; do
    one_line laptop L-1 >"$work/$id.csv"
done
for id in T-2 T-3 T-4; do
    one_line monitor "M-${id#T-}" >"$work/$id.monitor.csv"
    as "$id" submit "$work/$id.monitor.csv" --quiet
done
for id in T-1 T-2 T-3; do
    as "$id" submit "$work/$id.csv" --quiet
done

# launched ROUND COORDINATOR CATEGORY: from opening to a tender.
launched() {
    round_file "$1" | sed "s/\"laptop\"/\"$3\"/" >"$work/$1.conf"
    as "$2" round open "$work/$1.conf" --quiet
    for step in close propose confirm conclude; do
        as "$2" round "$step" "$1" --quiet
    done
    as "$2" tender launch "$1-tender" "$1/$3/BE2/1" --lead T-2 --quiet
}
launched own T-C laptop
launched foreign T-D monitor

heading "Whom the broker does not know it does not let in"
"$KOPGROEP" keygen T-1 --file "$keys/T-1.other.key" --quiet
"$KOPGROEP" keygen NOBODY --file "$keys/NOBODY.key" --quiet
expect 3 as T-1.other status
expect 3 as NOBODY status

heading "The table"
ACCESS_KEYS=$keys expect 0 "$KOPGROEP_ACCESS" "$KOPGROEP_BROKER"
cat "$work/out"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A coordinator reads members' lines: journalled first, and seen by those who were read.
. "$(dirname "$0")/common.sh"

found
start
enrol R-C coordinator
enrol R-D coordinator
for id in S-1 S-2 S-3 S-4; do
    enrol "$id"
    plan "$work/$id.csv" "L-1 laptop 40 peloton binding"
done
for id in S-1 S-2 S-3; do
    as "$id" submit "$work/$id.csv" --quiet
done
round_file r1 >"$work/r1.conf"
as R-C round open "$work/r1.conf" --quiet

# head_of: where the journal stands. journalled N: it grew by N since.
head_of() {
    as administrator status --output json | jq .head
}
journalled() {
    local now
    now=$(head_of)
    same "$((now - before))" "$1" "records"
    before=$now
}

heading "Not before the round is closed, and of no other's round"
before=$(head_of)
expect 1 as R-C lines --round r1
says "[ROUND_STATE]"
as R-C round close r1 --quiet
before=$(head_of)
expect 1 as R-D lines --round r1
says "[NOT_YOUR_ROUND]"
expect 1 as R-C lines
says "[MISSING]"
expect 1 as R-C lines --round none
says "[UNKNOWN_ROUND]"
expect 0 as S-1 lines --round r1 --output json
finds 'map(.line) == ["L-1"] and .[0].reads == 0 and .[0].last_read == null'
expect 0 as S-4 lines --round r1 --output json
finds '. == []'
journalled 0

heading "A round: every line but no price ceiling, nor what was made with one"
expect 0 as R-C lines --round r1 --output json
finds 'map(.organisation) == ["S-1", "S-2", "S-3"] and all(.[]; .quantity == 40 and .value == null)'
! grep -q 'unit_price\|800.00\|32000' "$work/out" || fail "a price ceiling is shown"
journalled 1
expect 0 as R-C lines --round r1
prints "S-3"
journalled 1

heading "Who was read sees it"
expect 0 as S-1 lines --output json
finds '.[0].reads == 2 and (.[0].last_read | length) > 10'
expect 0 as S-1 watch --once --output json
finds '[.[] | select(.kind == "lines-read") | .round, .detail] == ["r1", "R-C"]'
expect 0 as S-4 watch --once --output json
finds '[.[] | select(.kind == "lines-read")] == []'

heading "A lot, and the result"
as R-C round propose r1 --quiet
before=$(head_of)
lot=r1/laptop/BE2/1
expect 0 as R-C lot show "$lot" --output json
finds '.lines | length == 3 and all(.[]; .value == null)'
journalled 1
expect 0 as S-1 lot show "$lot"
expect 0 as R-C lot list r1
expect 0 as R-C round show r1
expect 0 as R-C volume
journalled 0
expect 0 as R-C export r1
journalled 1
expect 0 as S-1 lines --output json
finds '.[0].reads == 4'
expect 0 as S-1 watch --once --output json
finds "[.[] | select(.kind == \"lines-read\") | .lot] == [null, \"$lot\"]"

heading "It is in the journal, with the signed question, and after a restart"
stop
expect 0 "$KOPGROEPD" journal dump "$broker/journal"
grep -q '"kind":"lines-read","actor":"R-C".*"round":"r1"' "$work/out" || fail "not in the journal"
grep -q '"kind":"lines-read","actor":"R-C".*"lot":"r1/laptop/BE2/1"' "$work/out" || fail "no lot"
expect 0 "$KOPGROEPD" journal verify "$broker/journal"
start
expect 0 as S-1 lines --output json
finds '.[0].reads == 4'

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Who may do what: every command by every role, another's lot, another's round.
. "$(dirname "$0")/common.sh"

found --requests "tcp://0.0.0.0:*" --feeds "tcp://0.0.0.0:*" --public-host localhost
start
enrol R-O
enrol R-C coordinator
enrol R-C2 coordinator
enrol R-R reader
cp "$keys/administrator.key" "$keys/R-A.key"
for id in S-1 S-2 S-3; do
    enrol "$id"
    plan "$work/$id.csv" "L-1 laptop 40 peloton binding"
    as "$id" submit "$work/$id.csv" --quiet
done
round_file r1 >"$work/r1.conf"
as R-C round open "$work/r1.conf" --quiet
as R-C round close r1 --quiet
as R-C round propose r1 --quiet
as R-C round confirm r1 --quiet
lot=r1/laptop/BE2/1
expect 0 as R-C lot list r1 --output json
finds "map(.lot) == [\"$lot\"]"
plan "$work/plan.csv" N-1
round_file r2 >"$work/r2.conf"

# allowed ROLES COMMAND...: R-X for each X of ROLES is let do it, whatever comes of it; the others
# are told ROLE. Commands whose things do not exist change nothing.
allowed() {
    local roles=$1 role status
    shift
    for role in O C R A; do
        status=0
        as "R-$role" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
        [ "$status" -le 1 ] || fail "status $status for $role: $*"
        if [[ $roles == *$role* ]]; then
            ! grep -q '\[ROLE\]' "$work/err" || fail "$role is not let: $*"
        else
            same "$status" 1 "$role: $*"
            says "[ROLE]"
            is_silent out
        fi
    done
}

heading "Views"
allowed OCRA status
allowed OCRA round list
allowed OCRA round show r1
allowed OCRA catalogue
allowed OCRA watch --once
allowed A status --organisations
allowed OC lines
allowed OC lines --round r1
allowed O explain none
allowed O what-if none
allowed CR volume
allowed OC lot list
allowed OC lot show "$lot"
allowed OC tender list
allowed OC tender show none
allowed C export none
allowed C lot list none --result

heading "Commands"
allowed O submit "$work/plan.csv"
allowed O withdraw none
allowed O lot confirm none
allowed O lot decline none
allowed OC lot call-off none --quantity 1
allowed C round open "$work/r2.conf"
allowed C round close none
allowed C round extend none --closes "$(day 40)"
allowed C round propose none
allowed C round confirm none
allowed C round conclude none
allowed C round cancel none --reason none
allowed C tender launch T-1 none --lead S-1
allowed C lot award none --supplier none
allowed C lot fail none --reason none
allowed A register "$work/R-O.conf" --id R-O

heading "Another's lot"
for command in confirm decline; do
    expect 1 as R-O lot "$command" "$lot"
    says "[NOT_A_MEMBER]"
done
expect 1 as R-O lot show "$lot"
grep -qE '\[(NOT_A_MEMBER|UNKNOWN_LOT|NOT_YOURS)\]' "$work/err" || fail "no reason"
is_silent out
expect 1 as S-1 lot confirm "$lot" L-9
says "[UNKNOWN_LINE]"
expect 0 as R-O lot list --output json
finds '. == []'
expect 1 as R-O explain L-1
says "[UNKNOWN_LINE]"
expect 1 as R-O withdraw L-1
says "[UNKNOWN_LINE]"

heading "Another's round"
for command in close propose confirm conclude; do
    expect 1 as R-C2 round "$command" r1
    says "[NOT_YOUR_ROUND]"
done
expect 1 as R-C2 round extend r1 --award-by "$(day 130)"
says "[NOT_YOUR_ROUND]"
expect 1 as R-C2 round cancel r1 --reason none
says "[NOT_YOUR_ROUND]"
expect 1 as R-C2 lot fail "$lot" --reason none
says "[NOT_YOUR_ROUND]"
expect 1 as R-C2 export r1
says "[NOT_YOUR_ROUND]"
expect 1 as R-C2 lot show "$lot"
is_silent out
expect 1 as R-C2 volume --round r1
says "[NOT_YOUR_ROUND]"
expect 0 as R-C2 lot list --output json
finds '. == []'

heading "What a member and a reader see"
expect 0 as S-1 lot show "$lot" --output json
! grep -q 800.00 "$work/out" || fail "a price ceiling is shown"
expect 0 as R-C export r1
! grep -q unit_price_max "$work/out" || fail "a price ceiling is shown"
expect 0 as R-R volume --by category --output json
finds '.version == 1 and (.date | length) == 10 and .cells == []' # three bodies are too few
expect 0 as R-R volume --by category
says "published"
expect 0 as R-R volume --output csv
same "$(head -n 1 "$work/out" | tr -d '\r')" "category,quantity,value,organisations_at_least,wider"
expect 0 as R-R round list --output json
finds 'all(.[]; .lines == null and .lots == null)'
expect 0 as R-R status --output json
finds '.lines == null'
expect 0 as R-R volume --by category --output json
! grep -q 'S-[123]' "$work/out" || fail "a name is shown to a reader"

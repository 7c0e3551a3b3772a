#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A feed is followed over two restarts of the broker, one clean and one not: no entry is missed,
# none comes twice; --since goes on where another stopped.
. "$(dirname "$0")/common.sh"

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
enrol S-1
enrol S-10

follow() {
    as S-1 watch --output json "$@"
}

entries() {
    wc -l <"$work/begun.out"
}

has_entries() {
    [ "$(entries)" -ge "$1" ]
}

# Each plan is one entry of S-1's feed; those of S-10, whose name begins like it, are none.
number=0
submit_some() {
    local last=$((number + 3))
    while [ "$number" -lt "$last" ]; do
        number=$((number + 1))
        plan "$work/plan.csv" "L-$number"
        expect 0 as S-1 submit "$work/plan.csv"
        expect 0 as S-10 submit "$work/plan.csv"
    done
}

heading "Live, over two restarts"
begin S-1 watch --output json
wait_for "the first entry" has_entries 1
submit_some
wait_for "entries" has_entries 4
stop
start
submit_some
wait_for "entries after a stop" has_entries 7
stop KILL 137
start
submit_some
wait_for "entries after a kill" has_entries 10
kill -0 "$begun" || fail "watch ended"
same "$(jq -c .number "$work/begun.out" | tr '\n' ' ')" "1 2 3 4 5 6 7 8 9 10 " "numbers"
jq -es '[.[1:][].kind] | unique == ["plan-taken"]' "$work/begun.out" >/dev/null || fail "kinds"

heading "Interrupted, it ends with 0"
kill -INT "$begun"
ends 0
begin S-1 watch --since 8
wait_for "entries" has_entries 3 # a heading, and two
kill -TERM "$begun"
ends 0
same "$(wc -l <"$work/out")" 3 "rows"

heading "--since goes on"
expect 0 follow --once
finds 'length == 10'
submit_some
expect 0 follow --since 10 --count 3
same "$(jq -c .number "$work/out" | tr '\n' ' ')" "11 12 13 " "numbers"
expect 0 follow --since 13 --once
finds '. == []'
expect 0 follow --since 1000 --once
finds '. == []'
expect 2 follow --since=-1
expect 2 follow --since x
says "--since and --count are whole numbers"
expect 0 as S-10 watch --once --output csv
same "$(wc -l <"$work/out")" 14 "rows of another's feed"

heading "A reader who does not read on"
as S-1 watch --count 13 --output json | head -n 1 >"$work/first" || true
same "$(jq -c .number "$work/first")" 1 "first entry"

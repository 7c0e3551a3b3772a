#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# One command, sent a hundred times over several connections at once: one record, one receipt. Sent
# again after a kill, and a year later, it gets that receipt; a new one that is as old is EXPIRED.
. "$(dirname "$0")/common.sh"
: "${KOPGROEP_REPEAT:?}"

shift_clocks
found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
enrol S-1

# repeat FILE TIMES: the one answer that there is, in $work/answer.
repeat() {
    expect 0 "$KOPGROEP_REPEAT" "$KOPGROEP_BROKER" "$keys/S-1.key" "$1" "$2"
    same "$(wc -l <"$work/out")" 1 "kinds of answer to $2"
    same "$(cut -d' ' -f1 "$work/out")" "$2" answers
    cut -d' ' -f2- "$work/out" >"$work/answer"
}
records() {
    "$KOPGROEPD" journal head "$broker" | sed -n 's/^records //p'
}

heading "A hundred at once"
before=$(records)
repeat "$work/message" 100
cp "$work/answer" "$work/first"
grep -qE "^OK $((before + 1)) [0-9a-f]{64} [0-9a-f]{64}$" "$work/first" || fail "no receipt"
same "$(records)" $((before + 1)) "records"
expect 0 as S-1 lines --output json
finds 'map(.line) == ["R-1"]'

heading "After a kill and a start"
stop KILL 137
start
repeat "$work/message" 100
cmp -s "$work/first" "$work/answer" || fail "another receipt"

heading "A year later, and after another start then"
clock $((366 * 86400))
repeat "$work/message" 100
cmp -s "$work/first" "$work/answer" || fail "another receipt"
stop
start
repeat "$work/message" 100
cmp -s "$work/first" "$work/answer" || fail "another receipt"
same "$(records)" "$(sed -n 's/.*event=replayed records=\([0-9]*\) .*/\1/p' "$broker_log")" records
expect 0 as S-1 lines --output json
finds 'map(.line) == ["R-1"]'

heading "What was never taken is not taken a year late"
before=$(records)
repeat "$work/other" 100
same "$(cut -d' ' -f1 "$work/answer")" EXPIRED status
same "$(records)" "$before" records
stop

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Plans come in from several organisations while the broker is killed and started again five
# times: what got a receipt is in the journal once, what did not can be sent again.
. "$(dirname "$0")/common.sh"

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
bodies="S-1 S-2 S-3"
for id in $bodies; do
    enrol "$id"
done

# submits ORGANISATION: one plan after another, each sent until it has its receipt; keeps
# receipts in ORGANISATION.receipts, the statuses of the others in ORGANISATION.refused.
submits() {
    local id=$1 number=0 status
    until [ -e "$work/enough" ]; do
        number=$((number + 1))
        plan "$work/$id.csv" "L-$number laptop $number" "L-0 laptop $number"
        status=-1
        until [ "$status" -eq 0 ]; do
            status=0
            as "$id" submit "$work/$id.csv" --timeout 2 --output json >>"$work/$id.receipts" \
                2>>"$work/$id.said" || status=$?
            [ "$status" -eq 0 ] || echo "$status" >>"$work/$id.refused"
        done
        echo "$number" >"$work/$id.number"
    done
}

heading "Killed five times"
for id in $bodies; do
    : >"$work/$id.refused"
    submits "$id" &
    others+=($!)
done
for _ in 1 2 3 4 5; do
    wait_for "receipts" has_receipts $(($(receipts) + 8))
    stop KILL 137
    start
done
wait_for "receipts" has_receipts $(($(receipts) + 8))
: >"$work/enough"
for pid in "${others[@]}"; do
    wait "$pid" || fail "a client ended with $?"
done
others=()
echo "$(receipts) receipts, $(cat "$work"/S-*.refused | wc -l) commands cut off"
if grep -vhE '^[35]$' "$work"/S-*.refused; then
    fail "another status than 3 or 5"
fi

heading "Every receipt is in the journal, once"
for id in $bodies; do
    expect 0 as "$id" lines --output json
    finds "length == $(cat "$work/$id.number") + 1"
    finds "map(select(.line == \"L-0\").quantity) == [$(cat "$work/$id.number")]"
    jq -e '[.sequence, .chain] | @tsv' -r "$work/$id.receipts" >>"$work/acknowledged"
done
sort "$work/acknowledged" >"$work/sorted"
same "$(uniq -d "$work/sorted" | wc -l)" 0 "receipts given twice"
stop KILL 137
"$KOPGROEPD" journal dump "$broker" >"$work/dump"
jq -r 'select(.sequence) | [.sequence, .chain] | @tsv' "$work/dump" | sort >"$work/journalled"
same "$(comm -23 "$work/sorted" "$work/journalled" | wc -l)" 0 "receipts that the journal lacks"
same "$(jq -r '.sequence // empty' "$work/dump" | awk '$1 != NR' | wc -l)" 0 "gaps"
same "$(jq -r '.request_key // empty' "$work/dump" | sort | uniq -d | wc -l)" 0 \
    "requests done twice"

heading "The same state after another kill and start"
expect 0 "$KOPGROEPD" journal verify "$broker"
cp "$work/out" "$work/before"
grep -qE '^state [0-9a-f]{64}$' "$work/before" || fail "no state"
start
expect 0 as S-1 lines --output json
stop KILL 137
expect 0 "$KOPGROEPD" journal verify "$broker"
cmp -s "$work/before" "$work/out" || fail "another state"

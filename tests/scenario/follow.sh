#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A copy of the journal follows the broker at work, is cut off, goes on, and takes the broker's
# place. A backup while plans come in is whole.
. "$(dirname "$0")/common.sh"

found
start
enrol S-1
copy=$work/copy

head_of() {
    "$KOPGROEPD" journal head "$1" | sed -n 's/^records //p'
}

has_all() {
    [ -d "$copy" ] && [ "$(head_of "$copy" 2>/dev/null)" = "$(head_of "$broker")" ]
}

follows() {
    "$KOPGROEPD" journal follow "$broker" 2>>"$work/follow.said" |
        "$KOPGROEPD" journal receive "$copy" >>"$work/receive.out" 2>>"$work/receive.said" &
    others+=($!)
}

heading "It follows"
follows
for number in 1 2 3; do
    plan "$work/plan.csv" "L-$number laptop $number"
    expect 0 as S-1 submit "$work/plan.csv"
done
wait_for "the copy" has_all

heading "Cut off, it goes on where it stood"
pkill -KILL -f "journal follow $broker"
wait "${others[-1]}" 2>/dev/null || true
others=()
plan "$work/plan.csv" "L-4 laptop 4"
expect 0 as S-1 submit "$work/plan.csv"
follows
wait_for "the copy" has_all

heading "A backup under load is whole"
(
    for number in $(seq 5 30); do
        plan "$work/load.csv" "L-$number laptop $number"
        as S-1 submit "$work/load.csv" --quiet
    done
) &
load=$!
others+=("$load")
for number in 1 2 3; do
    expect 0 "$KOPGROEPD" journal backup "$broker" "$work/backup.$number"
    expect 0 "$KOPGROEPD" journal verify "$work/backup.$number"
done
wait "$load" || fail "a plan was not taken"
wait_for "the copy" has_all

heading "The copy takes the broker's place"
expect 0 as S-1 lines --output json
cp "$work/out" "$work/lines"
stop KILL 137
expect 0 "$KOPGROEPD" journal verify "$broker"
cp "$work/out" "$work/verified"
pkill -KILL -f "journal follow $broker"
wait "${others[-2]}" 2>/dev/null || true
others=()
expect 0 "$KOPGROEPD" journal verify "$copy"
cmp -s "$work/verified" "$work/out" || fail "another history"
mv "$broker/journal" "$work/lost"
expect 0 "$KOPGROEPD" journal restore "$copy" "$broker/journal"
start
expect 0 as S-1 lines --output json
cmp -s "$work/lines" "$work/out" || fail "other lines"
stop

heading "Not for a terminal, nor from nothing"
expect 4 "$KOPGROEPD" journal receive "$work/none"
says "this is no stream of a journal"
expect 2 "$KOPGROEPD" journal dump "$broker" --once

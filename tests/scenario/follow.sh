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

heading "A dump beside a broker at work ends with the state of what it showed"
expect 0 "$KOPGROEPD" journal verify "$broker"
cp "$work/out" "$work/verified"
mkfifo "$work/pipe"
exec 7<>"$work/pipe"
# It holds a page (F_SETPIPE_SZ), which is less than a dump: that waits for its reader.
python3 -c 'import fcntl; fcntl.fcntl(7, 1031, 4096)'
"$KOPGROEPD" journal dump "$broker" >"$work/pipe" 7<&- &
others=($!)
exec 8<"$work/pipe"
IFS= read -r line <&8
exec 7<&-
plan "$work/plan.csv" "L-31 laptop 1"
expect 0 as S-1 submit "$work/plan.csv"
cat <&8 >"$work/dump"
exec 8<&-
wait "${others[0]}" || fail "the dump failed"
others=()
same "records $(tail -n 2 "$work/dump" | sed -n '1s/^{"sequence":\([0-9]*\).*/\1/p')" \
    "$(grep ^records "$work/verified")" "what was shown"
same "state $(tail -n 1 "$work/dump" | sed 's/.*"state":"\(.*\)".*/\1/')" \
    "$(grep ^state "$work/verified")" "its state"
stop

heading "Not for a terminal, nor from nothing"
expect 4 "$KOPGROEPD" journal receive "$work/none"
says "this is no stream of a journal"
expect 2 "$KOPGROEPD" journal dump "$broker" --once

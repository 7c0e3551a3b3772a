#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A start from a checkpoint: the same answers, what came later is there as well, and what the start
# did not read again is verified while the broker is at work.
. "$(dirname "$0")/common.sh"

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
enrol S-1
enrol S-2
plan "$work/plan.csv" "L-1 laptop 20" "L-2 monitor 30"
expect 0 as S-1 submit "$work/plan.csv"
expect 0 as S-1 lines --output json
cp "$work/out" "$work/lines"

heading "Written beside the broker at work"
expect 0 "$KOPGROEPD" journal checkpoint "$broker"
records=$(sed -n 's/^records //p' "$work/out")
prints "before 0"
[ -s "$broker/journal/checkpoint" ] || fail "there is none"
plan "$work/later.csv" "L-3 laptop 5"
expect 0 as S-2 submit "$work/later.csv"

heading "Used after a kill"
stop KILL 137
start
logged "event=replayed records=$((records + 1)) checkpoint=$records "
expect 0 as S-1 lines --output json
cmp -s "$work/lines" "$work/out" || fail "other lines"
expect 0 as S-2 lines --output json
finds 'length == 1 and .[0].line == "L-3"'
wait_for "the scrub" grep -q "event=scrubbed records=$records" "$broker_log"
stop

heading "Damaged, it only costs time"
printf 'x' | dd of="$broker/journal/checkpoint" bs=1 seek=5000 conv=notrunc status=none
start
logged 'event=checkpoint-not-used .*why="it is damaged"'
logged " checkpoint=0 "
expect 0 as S-1 lines --output json
cmp -s "$work/lines" "$work/out" || fail "other lines"
stop
expect 0 "$KOPGROEPD" journal checkpoint "$broker"

heading "A record before it that is damaged ends the broker"
# Wherever it stands: pages that are free again hold it as well.
for at in $(grep -obUa "Example body S-1" "$broker/journal/data.mdb" | cut -d: -f1); do
    printf 'X' | dd of="$broker/journal/data.mdb" bs=1 seek="$at" conv=notrunc status=none
done
starts=$((starts + 1))
broker_log=$work/broker.$starts.log
expect 4 timeout 60 "$KOPGROEPD" run -c "$broker/broker.conf"
cp "$work/err" "$broker_log"
logged "event=serving"
logged 'event=journal-failed error="record .* is damaged'

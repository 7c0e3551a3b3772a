#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A broker whose journal is in a PostgreSQL with a standby: moved there, killed under load, its
# server killed under load, moved back. What got a receipt is there once. KOPGROEP_ROUNDS: how often
# they are killed (2).
. "$(dirname "$0")/common.sh"

make_servers
place="postgresql://kopgroep@/kopgroep?host=$work/servers&port=5501"

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
bodies="S-1 S-2"
for id in $bodies; do
    enrol "$id"
done

plan "$work/kept.csv" "L-kept laptop 7"
expect 0 as S-1 submit "$work/kept.csv" --receipt "$work/kept.receipt"
expect 0 as S-1 watch --once --output json
cp "$work/out" "$work/feed"

# moved_with_it: receipt, history and feed of before are good at the broker that serves now.
moved_with_it() {
    expect 0 as S-1 verify "$work/kept.receipt"
    expect 0 as S-1 audit
    expect 0 as S-1 watch --once --output json
    jq -es '.[0] == .[1][:(.[0] | length)]' "$work/feed" "$work/out" >"$work/same" ||
        fail "another feed"
}

heading "Moved while it works, and again when it is stopped"
expect 0 "$KOPGROEPD" journal migrate "$broker" "$place"
enrol S-3
stop
expect 0 "$KOPGROEPD" journal migrate "$broker" "$place"
cp "$work/out" "$work/moved"
expect 0 "$KOPGROEPD" journal verify "$broker"
cmp -s "$work/moved" "$work/out" || fail "not what was moved: $(cat "$work/moved")"
expect 0 "$KOPGROEPD" journal verify "$place"
cmp -s "$work/moved" "$work/out" || fail "not what was moved: $(cat "$work/moved")"

# What a dump of the database has, and no more, is brought back in the end.
pg_dump -h "$work/servers" -p 5501 -U kopgroep kopgroep >"$work/early.sql"

heading "Settings"
printf 'journal = "postgresql://kopgroep:geheim@db/kopgroep"\n' >>"$broker/broker.conf"
expect 4 "$KOPGROEPD" check-config "$broker/broker.conf"
says passfile
! grep -q geheim "$work/err" || fail "the password is told"
sed -i '$d' "$broker/broker.conf"
# On a busy machine a server takes longer than a lease to be back, and nobody starts brokers here.
printf 'journal_lease_s = 40\njournal = "%s"\n' "$place" >>"$broker/broker.conf"
expect 0 "$KOPGROEPD" config show -c "$broker/broker.conf" --output json
finds "any(.[]; .setting == \"journal\" and .value == \"$place\")"
expect 0 "$KOPGROEPD" doctor -c "$broker/broker.conf"
prints "records, head"
prints "PASS  standby"

# submits ORGANISATION: one plan after another, each sent until it has its receipt.
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
        done
        echo "$number" >"$work/$id.number"
    done
}

one_waits() {
    [ "$(postgres sql "select count(*) from pg_stat_activity where wait_event = 'SyncRep'")" != 0 ]
}

more() {
    wait_for "receipts" has_receipts $(($(receipts) + 4))
}

heading "Broker killed, server killed, standby stopped"
start
moved_with_it
for id in $bodies; do
    submits "$id" &
    others+=($!)
done
for ((round = 0; round < ${KOPGROEP_ROUNDS:-2}; round++)); do
    more
    stop KILL 137
    start
    more
    postgres kill primary
    postgres start primary >/dev/null
done
more
postgres freeze standby
before=$(receipts)
wait_for "a commit that waits" one_waits
[ "$(receipts)" -le $((before + 2)) ] || fail "acknowledged without a standby"
postgres thaw standby
more
: >"$work/enough"
for pid in "${others[@]}"; do
    wait "$pid" || fail "a client ended with $?"
done
others=()

heading "A follower goes on where the first one ended"
second_folder
start_second
plan "$work/last.csv" "L-last laptop 3"
expect 0 as S-1 submit "$work/last.csv"
kill -0 "$second_pid" || fail "the follower ended"
! grep -q event=leading "$work/second.log" || fail "two lead"
stop
wait_for "the follower" grep -q event=leading "$work/second.log"
first=$KOPGROEP_BROKER
export KOPGROEP_BROKER=$second/broker.access
expect 0 as S-1 lines --output json
finds 'any(.[]; .line == "L-last")'
plan "$work/last.csv" "L-last laptop 4"
expect 0 as S-1 submit "$work/last.csv"
kill -TERM "$second_pid"
wait "$second_pid" || fail "the follower ended with $?"
others=()
export KOPGROEP_BROKER=$first
start

heading "Every receipt is in the journal, once"
for id in $bodies; do
    expect 0 as "$id" lines --output json
    finds "map(select(.line != \"L-last\" and .line != \"L-kept\")) | length ==
        $(cat "$work/$id.number") + 1"
    jq -e '[.sequence, .chain] | @tsv' -r "$work/$id.receipts" >>"$work/acknowledged"
done
sort "$work/acknowledged" >"$work/sorted"
same "$(uniq -d "$work/sorted" | wc -l)" 0 "receipts given twice"
stop
"$KOPGROEPD" journal dump "$place" >"$work/dump"
jq -r 'select(.sequence) | [.sequence, .chain] | @tsv' "$work/dump" | sort >"$work/journalled"
same "$(comm -23 "$work/sorted" "$work/journalled" | wc -l)" 0 "receipts that the journal lacks"
same "$(jq -r '.sequence // empty' "$work/dump" | awk '$1 != NR' | wc -l)" 0 "gaps"
same "$(jq -r '.request_key // empty' "$work/dump" | sort | uniq -d | wc -l)" 0 \
    "requests done twice"

heading "Backup, copy elsewhere"
expect 0 "$KOPGROEPD" journal verify "$place"
cp "$work/out" "$work/moved"
expect 0 "$KOPGROEPD" journal backup "$place" "$work/backup"
expect 0 "$KOPGROEPD" journal verify "$work/backup"
cmp -s "$work/moved" "$work/out" || fail "the backup is another"
"$KOPGROEPD" journal follow --once "$place" >"$work/stream"
"$KOPGROEPD" journal receive "$work/copy" <"$work/stream" >/dev/null || fail "not received"
expect 0 "$KOPGROEPD" journal verify "$work/copy"
cmp -s "$work/moved" "$work/out" || fail "the copy is another"
"$KOPGROEPD" journal receive "$place" <"$work/stream" >/dev/null || fail "not skipped"

heading "An early dump, brought back, and the rest from the copy"
postgres sql "create database restored owner kopgroep"
psql -h "$work/servers" -p 5501 -U kopgroep -X -q -d restored -f "$work/early.sql" >/dev/null
restored="postgresql://kopgroep@/restored?host=$work/servers&port=5501"
expect 0 "$KOPGROEPD" journal verify "$restored"
! cmp -s "$work/moved" "$work/out" || fail "nothing came after the dump"
"$KOPGROEPD" journal receive "$restored" <"$work/stream" >/dev/null || fail "not added"
expect 0 "$KOPGROEPD" journal verify "$restored"
cmp -s "$work/moved" "$work/out" || fail "what was brought back is another"

expect 4 "$KOPGROEPD" journal backup "$broker" "$place"
says migrate
expect 4 "$KOPGROEPD" journal checkpoint "$place"

heading "Moved back"
mv "$broker/journal" "$work/old"
sed -i '$d' "$broker/broker.conf"
expect 0 "$KOPGROEPD" journal migrate "$place" "$broker"
[ -e "$broker/journal/data.mdb" ] || fail "not in the broker's folder"
cp "$work/out" "$work/moved"
expect 0 "$KOPGROEPD" journal verify "$place"
cmp -s "$work/moved" "$work/out" || fail "not what was moved: $(cat "$work/moved")"
start
expect 0 as S-1 lines --output json
finds "length == $(cat "$work/S-1.number") + 3"
moved_with_it
stop

heading "A server that is away is waited for"
printf 'journal = "%s"\n' "$place" >>"$broker/broker.conf"
expect 0 "$KOPGROEPD" journal migrate "$broker/journal" "$place"
postgres stop primary
"$KOPGROEPD" run -c "$broker/broker.conf" 2>"$work/waiting.log" &
waiting=$!
others=("$waiting")
wait_for "an attempt" grep -q event=journal-elsewhere "$work/waiting.log"
postgres start primary >/dev/null
wait_for "the broker" grep -q event=serving "$work/waiting.log"
kill -TERM "$waiting"
wait "$waiting" || fail "the broker ended with $?"
others=()

heading "No standby, no broker"
postgres sql "alter system set synchronous_standby_names = ''"
postgres sql "select pg_reload_conf()" >/dev/null
expect 1 "$KOPGROEPD" doctor "$broker"
prints "FAIL  standby      the journal's PostgreSQL has no synchronous standby"
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says "synchronous_standby_names is empty"

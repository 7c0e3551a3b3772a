#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Two brokers on one PostgreSQL with a standby: one leads, the other one follows and answers
# questions, and never less than was seen. Its leader is killed, and it leads behind the same door.
. "$(dirname "$0")/common.sh"

make_servers
place="host=$work/servers port=5501 dbname=kopgroep user"

# The follower has an account of its own, so that it alone can be kept from reading.
database() {
    postgres sql "$1" kopgroep
}

requests=tcp://127.0.0.1:$(free_port)
expect 2 "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" \
    --journal "$place=kopgroep password=geheim" "$broker"
expect 2 "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" \
    --journal "$work/folder" "$broker"
found --requests "$requests" --feeds "tcp://127.0.0.1:$(free_port)" --journal "$place=kopgroep"
expect 4 "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" \
    --journal "$place=kopgroep" "$work/again"
says "cannot make a journal"
printf 'journal_lease_s = 3\n' >>"$broker/broker.conf"
start
logged "event=serving role=leader"
leader=$KOPGROEP_BROKER leader_pid=$broker_pid leader_log=$broker_log
for id in S-1 S-2 S-3; do
    enrol "$id"
done
enrol C-1 coordinator

database "create role follower login in role kopgroep; grant pg_monitor to follower"
second_folder
sed -i "s|user=kopgroep|user=follower|" "$second/broker.conf"
start_second
follower=$second/broker.access

at() {
    export KOPGROEP_BROKER=$1
}

heading "It answers, and leaves commands to the leader"
at "$follower"
expect 0 as S-1 status --output json
finds '.role == "follower" and .head > 0 and .epoch > 0'
plan "$work/S-1.csv" "L-1 laptop 10"
expect 1 as S-1 submit "$work/S-1.csv"
says "Nothing was done"
says "$requests"
expect 0 as S-1 lines --output json
finds 'length == 0'
at "$follower,$leader"
expect 0 as S-1 submit "$work/S-1.csv" --output json
cp "$work/out" "$work/receipt"
at "$leader"
expect 0 as S-1 status --output json
finds ".role == \"leader\" and .head == $(jq .sequence "$work/receipt")"

heading "What was seen is seen here"
for ((number = 2; number <= 20; number++)); do
    plan "$work/S-1.csv" "L-$number laptop $number"
    at "$leader"
    expect 0 as S-1 submit "$work/S-1.csv" --quiet
    at "$follower"
    expect 0 as S-1 lines --output json
    finds "length == $number"
done

heading "Keys, feeds"
at "$leader"
enrol S-4
at "$follower"
wait_for "a new key" as S-4 status --output json
begin C-1 watch --output json --count 4
watcher=$begun
at "$follower,$leader"
round_file r-1 >"$work/round.conf"
expect 0 as C-1 round open "$work/round.conf"
wait_for "the feed" grep -q r-1 "$work/begun.out"

heading "What must be journalled first is the leader's to answer"
plan "$work/S-2.csv" "M-1 laptop 10"
plan "$work/S-3.csv" "N-1 laptop 10"
expect 0 as S-2 submit "$work/S-2.csv" --quiet
expect 0 as S-3 submit "$work/S-3.csv" --quiet
expect 0 as C-1 round close r-1
at "$follower"
expect 1 as C-1 lines --round r-1
says "passes nothing on"
at "$follower,$leader"
expect 0 as C-1 lines --round r-1 --output json
finds 'length == 22'
at "$follower"
hears_of_reading() { # who was read has seen nothing of it yet: the follower may be a moment behind
    as S-1 watch --once --output json >"$work/out" && grep -q lines-read "$work/out"
}
wait_for "the reading in the feed" hears_of_reading

heading "One that is behind says so, and the next one is asked"
database "alter role follower nologin"
database "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'follower'" \
    >"$work/ended"
at "$leader"
plan "$work/S-2.csv" "M-2 laptop 10"
expect 0 as S-2 submit "$work/S-2.csv" --quiet
at "$follower"
expect 1 as S-2 lines
says "not yet read what you have seen"
expect 0 as S-3 lines --output json
at "$follower,$leader"
expect 0 as S-2 lines --output json
finds 'any(.[]; .line == "M-2")'
database "alter role follower login"
at "$follower"
wait_for "the follower" as S-2 lines --quiet
expect 0 as S-2 lines --output json
finds 'any(.[]; .line == "M-2")'

# submits ORGANISATION LIST: one plan after another, each sent until it has its receipt.
submits() {
    local id=$1 number=0 status
    export KOPGROEP_BROKER=$2
    until [ -e "$work/enough" ]; do
        number=$((number + 1))
        plan "$work/$id.load.csv" "X-$number monitor $number"
        status=-1
        until [ "$status" -eq 0 ]; do
            status=0
            as "$id" submit "$work/$id.load.csv" --timeout 20 --output json \
                >>"$work/$id.receipts" 2>>"$work/$id.said" || status=$?
        done
        echo "$number" >"$work/$id.number"
    done
}

# asks: what S-1 sees at either broker never becomes less.
asks() {
    local seen=0 now list=$leader,$follower turned=$follower,$leader
    until [ -e "$work/enough" ]; do
        now=$(as S-1 lines --broker "$list" --timeout 20 --output json | jq length)
        [ "${now:-0}" -ge "$seen" ] || echo "$seen lines, then $now" >>"$work/less"
        seen=$now
        now=$list list=$turned turned=$now
    done
}

more() {
    wait_for "receipts" has_receipts $(($(receipts) + 4))
}

heading "The leader is killed under load: the follower leads behind the same door"
submits S-1 "$leader,$follower" &
others+=("$!")
loads=("$!")
submits S-2 "$follower,$leader" &
others+=("$!")
loads+=("$!")
asks &
others+=("$!")
loads+=("$!")
more
killed_ms=$(date +%s%3N)
kill -KILL "$leader_pid"
wait "$leader_pid" 2>/dev/null || true
broker_pid=
wait_for "a new leader" grep -q event=leading "$work/second.log"
led_at=$(sed -n 's/^<6>\([^ ]*\) event=leading.*/\1/p' "$work/second.log")
led_ms=$(($(date -d "$led_at" +%s%3N) - killed_ms))
echo "   $led_ms ms after the kill"
# The lease (3 s) ran out by then or before, and 5 s.
[ "$led_ms" -le 8000 ] || fail "it took $led_ms ms"
more
same "$(grep -c event=door-opened "$work/second.log")" 1 "doors"
same "$(grep -c event=serving "$work/second.log")" 1 "starts"
at "$follower"
expect 0 as S-1 status --output json
finds '.role == "leader"'

heading "Who watched it all the while goes on"
round_file r-2 >"$work/round.conf"
expect 0 as C-1 round open "$work/round.conf"
wait_for "the feed" grep -q r-2 "$work/begun.out"

heading "The old one follows the new one, and leads again when that one ends"
start
logged "event=serving role=follower"
more
kill -TERM "$second_pid"
wait "$second_pid" || fail "the second broker ended with $?"
wait_for "the first one" grep -q event=leading "$broker_log"
more
: >"$work/enough"
for pid in "${loads[@]}" "$watcher"; do
    wait "$pid" || fail "a client ended with $?"
done
others=()
[ ! -e "$work/less" ] || fail "shown less: $(cat "$work/less")"

heading "Every receipt is in the journal, once"
at "$leader"
for id in S-1 S-2; do
    expect 0 as "$id" lines --output json
    finds "map(select(.line | startswith(\"X-\"))) | length == $(cat "$work/$id.number")"
    jq -e '[.sequence, .chain] | @tsv' -r "$work/$id.receipts" >>"$work/acknowledged"
done
sort "$work/acknowledged" >"$work/sorted"
same "$(uniq -d "$work/sorted" | wc -l)" 0 "receipts given twice"
stop
"$KOPGROEPD" journal dump "$place=kopgroep" >"$work/dump"
jq -r 'select(.sequence) | [.sequence, .chain] | @tsv' "$work/dump" | sort >"$work/journalled"
same "$(comm -23 "$work/sorted" "$work/journalled" | wc -l)" 0 "receipts that the journal lacks"
same "$(jq -r '.request_key // empty' "$work/dump" | sort | uniq -d | wc -l)" 0 \
    "requests done twice"
expect 0 "$KOPGROEPD" journal verify "$place=kopgroep"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The network's process is killed while members submit: the broker goes on, what got a receipt is in
# the journal once, and a watch misses nothing. DOOR_KILLS: how often, 2 by default.
. "$(dirname "$0")/common.sh"

kills=${DOOR_KILLS:-2}
found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
bodies="S-1 S-2"
for id in $bodies; do
    enrol "$id"
done

doors() {
    grep -c event=door-opened "$broker_log" || true
}

door() {
    grep event=door-opened "$broker_log" | tail -n 1 | sed 's/.*pid=//'
}

right_of() {
    awk -v name="$1:" '$1 == name { print $2 }' "/proc/$(door)/status"
}

heading "What it may do"
same "$(doors)" 1 "doors"
same "$(right_of NoNewPrivs)" 1 "no new privileges"
same "$(right_of Seccomp)" 2 "a filter of system calls"
same "$(right_of PPid)" "$broker_pid" "parent"
[ "$(right_of Uid)" -ne 0 ] || fail "the door is root"
[ "$(id -u)" -ne 0 ] || logged "event=root"
expect 2 "$KOPGROEPD" door
says "started by kopgroepd run"

# submits ORGANISATION: one plan after another, each sent until it has its receipt.
submits() {
    local id=$1 number=0 status
    until [ -e "$work/enough" ]; do
        number=$((number + 1))
        plan "$work/$id.csv" "L-$number laptop $number"
        status=-1
        until [ "$status" -eq 0 ]; do
            status=0
            as "$id" submit "$work/$id.csv" --timeout 5 --output json >>"$work/$id.receipts" \
                2>>"$work/$id.said" || status=$?
            [ "$status" -eq 0 ] || echo "$status" >>"$work/$id.refused"
        done
        echo "$number" >"$work/$id.number"
    done
}

has_doors() {
    [ "$(doors)" -ge "$1" ]
}

heading "Killed $kills times under load"
begin S-1 watch --output json
for id in $bodies; do
    : >"$work/$id.refused"
    submits "$id" &
    others+=($!)
done
for ((i = 1; i <= kills; i++)); do
    wait_for "receipts" has_receipts $(($(receipts) + 3))
    before=$(date +%s%N)
    if [ $((i % 2)) -eq 0 ]; then kill -SEGV "$(door)"; else kill -ABRT "$(door)"; fi
    wait_for "another door" has_doors $((i + 1))
    echo "another door after $((($(date +%s%N) - before) / 1000000)) ms"
done
wait_for "receipts" has_receipts $(($(receipts) + 3))
: >"$work/enough"
for pid in "${others[@]}"; do
    [ "$pid" -eq "$begun" ] || wait "$pid" || fail "a client ended with $?"
done
kill -0 "$broker_pid" || fail "the broker ended"
echo "$(receipts) receipts, $(cat "$work"/S-*.refused | wc -l) commands cut off"
if grep -vhE '^[35]$' "$work"/S-*.refused; then
    fail "another status than 3 or 5"
fi
same "$(grep -c "event=door-lost" "$broker_log")" "$kills" "losses in the log"
expect 0 as administrator status --output json
finds ".doors_lost == $kills"
expect 0 as S-1 status --output json
finds 'has("doors_lost") | not'

heading "Every receipt is in the journal, once; the feed is whole"
for id in $bodies; do
    expect 0 as "$id" lines --output json
    finds "length == $(cat "$work/$id.number")"
    jq -e '[.sequence, .chain] | @tsv' -r "$work/$id.receipts" >>"$work/acknowledged"
done
sort "$work/acknowledged" >"$work/sorted"
same "$(uniq -d "$work/sorted" | wc -l)" 0 "receipts given twice"
expect 0 as S-1 watch --once --output json
feed=$(jq length "$work/out")
has_feed() {
    [ "$(wc -l <"$work/begun.out")" -ge "$feed" ]
}
wait_for "the whole feed" has_feed
same "$(jq -c .number "$work/begun.out" | awk '$1 != NR' | wc -l)" 0 "gaps in the feed"
kill -INT "$begun"
ends 0
last=$(door)
stop
! kill -0 "$last" 2>/dev/null || fail "the door outlived the broker"
"$KOPGROEPD" journal dump "$broker" >"$work/dump"
jq -r 'select(.sequence) | [.sequence, .chain] | @tsv' "$work/dump" | sort >"$work/journalled"
same "$(comm -23 "$work/sorted" "$work/journalled" | wc -l)" 0 "receipts that the journal lacks"
same "$(jq -r '.request_key // empty' "$work/dump" | sort | uniq -d | wc -l)" 0 \
    "requests done twice"
same "$(grep -c "event=door-lost" "$broker_log")" "$kills" "losses in the log after the stop"

heading "A broker that is killed takes its door along"
start
last=$(door)
stop KILL 137
is_over() { # whoever is its parent now need not have noticed
    ! grep -q '^State:.[^Z]' "/proc/$last/status" 2>/dev/null
}
wait_for "the door's end" is_over

heading "The user that broker.conf names"
echo 'user = "nobody-of-that-name"' >>"$broker/broker.conf"
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says "there is no user nobody-of-that-name"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# What one organisation, and one key, may have of the broker: open lines, connections, handshakes.
. "$(dirname "$0")/common.sh"

found
cat >>"$broker/broker.conf" <<END
lines_max = 3
connections_max = 2
END
expect 0 "$KOPGROEPD" check-config "$broker/broker.conf"
start
enrol S-1
enrol S-2

heading "Open lines"
plan "$work/three.csv" L-1 L-2 L-3
expect 0 as S-1 submit "$work/three.csv"
plan "$work/one.csv" L-4
expect 1 as S-1 submit "$work/one.csv"
says "[LINES_MAX]"
says "has 3 open lines, and may have 3"
expect 0 as S-2 submit "$work/one.csv"
plan "$work/amended.csv" "L-1 laptop 20"
expect 0 as S-1 submit "$work/amended.csv"
expect 0 as S-1 withdraw L-2
expect 0 as S-1 submit "$work/one.csv"
expect 0 as S-1 lines --output json
finds '[.[] | select(.standing != "withdrawn")] | length == 3'

heading "Connections: a watch has two, then there is no room until it ends"
begin S-1 watch
told() { grep -q plan-taken "$work/begun.out"; }
wait_for "the feed" told
is_full() {
    as S-1 status >"$work/out" 2>"$work/err" && return 1
    grep -qF "[TOO_MANY_CONNECTIONS]" "$work/err"
}
wait_for "both connections" is_full
expect 3 as S-1 status
says "as many connections as the broker allows"
expect 0 as S-2 status
kill -INT "$begun"
ends 0
works() { as S-1 status >/dev/null 2>&1; }
wait_for "room" works

heading "Handshakes: too many at once come in a moment later"
stop
sed -i 's/^connections_max.*/connections_max = 0/' "$broker/broker.conf"
echo "handshakes_max = 1" >>"$broker/broker.conf"
start
pids=()
for i in 1 2 3; do
    KOPGROEP_IDENTITY=$keys/S-1.key "$KOPGROEP" status >/dev/null 2>"$work/status.$i" &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "$pid" || fail "$(cat "$work"/status.*)"
done

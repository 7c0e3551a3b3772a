#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# What a broker tells of itself to who watches over it: against known work, and by the format's own
# rules. Python's prometheus_client reads it.
. "$(dirname "$0")/common.sh"

tool=$(dirname "$0")/metrics.py
# Debian's own, which has prometheus_client; another may come before it in PATH.
python=/usr/bin/python3
page=$work/page

# get STATUS PATH [METHOD]: its answer in $work/out, the first digit of its status.
get() {
    expect "$1" "$python" "$tool" get "$address" "${@:2}"
}

began() {
    address=$(sed -n 's/.*event=metrics-served address=//p' "$broker_log")
    [ -n "$address" ] || fail "the log does not say where"
}

# is VALUE NAME [LABEL=VALUE...]: what a sample is, once the core has told of it.
holds() {
    "$python" "$tool" get "$address" /metrics >"$page" || [ $? -eq 2 ] || fail "no page"
    [ "$("$python" "$tool" value "$page" "${@:2}")" = "$1" ]
}
is() {
    wait_for "$* (it is $("$python" "$tool" value "$page" "${@:2}"))" holds "$@"
}

value() {
    "$python" "$tool" value "$page" "$@"
}

found
echo 'metrics = "127.0.0.1:*"' >>"$broker/broker.conf"
start
began

heading "Alive and ready"
get 2 /healthz
prints alive
get 2 /readyz
prints ready
get 4 /
get 4 /metrics/
get 4 /metrics POST
get 2 /metrics HEAD
is_silent out
get 2 /metrics
cp "$work/out" "$page"

heading "Counted: known work"
for id in S-1 S-2 S-3; do
    enrol "$id"
done
plan "$work/plan.csv" L-1 L-2 L-3
for id in S-1 S-2; do
    expect 0 as "$id" submit "$work/plan.csv"
done
expect 0 as S-1 withdraw L-1
expect 0 as S-1 withdraw L-2
plan "$work/again.csv" L-2
expect 0 as S-1 submit "$work/again.csv"
expect 1 as S-1 withdraw L-9
is 5 kopgroep_live_lines
is 4 kopgroep_feeds
is 3 kopgroep_requests_total kind=register status=OK
is 3 kopgroep_requests_total kind=submit status=OK
is 2 kopgroep_requests_total kind=withdraw status=OK
same "$(value kopgroep_requests_total kind=withdraw)" 3 "withdrawals"
same "$(value kopgroep_batch_records_sum)" 8 "records of the batches"
same "$(value kopgroep_batch_records_count)" "$(value kopgroep_commit_duration_seconds_count)"
same "$(value kopgroep_read_only)" 0
same "$(value kopgroep_connections_limited_total)" 0
same "$(value kopgroep_ready)" 1
same "$(value kopgroep_queue_depth)" 0 "what waits"
as administrator status --output json >"$work/out"
is "$(jq .head "$work/out")" kopgroep_journal_records_total
[ "$(value process_resident_memory_bytes)" -gt 1000000 ] || fail "it uses memory"

heading "The page, by the format's rules"
expect 0 "$python" "$tool" check "$page"
! grep -E 'S-[123]|L-[123]|laptop' "$page" || fail "it tells of plans"

heading "A stranger"
expect 0 "$KOPGROEP" keygen S-9 --file "$keys/S-9.key" --quiet
expect 3 as S-9 status
told() { ! holds 0 kopgroep_connections_refused_total; }
wait_for "the stranger" told

heading "Too little room: alive, and not ready"
stop
sed -i '/^disk_reserve_mib/d' "$broker/broker.conf"
echo 'disk_reserve_mib = 2147483647' >>"$broker/broker.conf"
start
began
unready() { "$python" "$tool" get "$address" /readyz >"$work/out" || [ $? -eq 5 ] &&
    grep -q read-only "$work/out"; }
wait_for "read-only" unready
get 5 /readyz
get 2 /healthz
is 1 kopgroep_read_only
same "$(value kopgroep_ready)" 0
stop

heading "Settings"
settings() {
    sed -i '/^metrics/d' "$broker/broker.conf"
    printf '%s\n' "$@" >>"$broker/broker.conf"
}
settings 'metrics = "0.0.0.0:9464"'
expect 4 "$KOPGROEPD" check-config "$broker/broker.conf"
says "metrics_beyond_loopback = true"
settings 'metrics = "0.0.0.0:9464"' 'metrics_beyond_loopback = true'
expect 0 "$KOPGROEPD" check-config "$broker/broker.conf"
settings 'metrics = "localhost"'
expect 4 "$KOPGROEPD" check-config "$broker/broker.conf"
says "127.0.0.1:9464"
settings 'metrics = "192.0.2.1:9464"' 'metrics_beyond_loopback = true' # nobody's
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says event=metrics-failed

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# What a broker tells of itself to who watches over it: against known work, and by the format's own
# rules. Python's prometheus_client reads it.
. "$(dirname "$0")/common.sh"

page=$work/page

# value NAME [LABEL=VALUE...]: the sum of the page's samples that have the labels.
value() {
    awk -v name="$1" -v labels="${*:2}" '
        BEGIN { wanted = split(labels, label, " ") }
        $1 == name || index($1, name "{") == 1 {
            good = 1
            for (i = 1; i <= wanted; i++) {
                split(label[i], part, "=")
                good = good && index($1, part[1] "=\"" part[2] "\"")
            }
            if (good) { sum += $2; found = 1 }
        }
        END { if (found) printf "%.15g\n", sum }' "$page"
}

# is VALUE NAME [LABEL=VALUE...]: what a sample is, once the core has told of it.
holds() {
    get 200 /metrics
    cp "$work/out" "$page"
    [ "$(value "${@:2}")" = "$1" ]
}
is() {
    wait_for "$*" holds "$@"
}

found
echo 'metrics = "127.0.0.1:*"' >>"$broker/broker.conf"
start

heading "Alive and ready"
get 200 /healthz
prints alive
get 200 /readyz
prints ready
get 404 /
get 404 /metrics/
get 405 /metrics POST
get 200 /metrics HEAD
is_silent out
get 200 /metrics
grep -qix 'content-type: text/plain; version=0.0.4; charset=utf-8' "$work/head" || fail "its type"

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
# Debian's own python has prometheus_client; another may come before it in PATH.
expect 0 /usr/bin/python3 "$(dirname "$0")/metrics.py" "$page"
! grep -E 'S-[123]|L-[123]|laptop' "$page" || fail "it tells of plans"

heading "The alerts ask for what is told"
alerts=$KOPGROEP_SOURCE/config/prometheus/kopgroep.rules.yml
names=$(grep -oE '\bkopgroep_[a-z_]+' "$alerts" | sort -u)
same "$(wc -l <<<"$names")" 18 "names in the alerts"
for name in $names; do
    grep -q "^$name[ {]" "$page" || fail "an alert asks for $name"
done

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
unready() { fetch /readyz && answers 503 && grep -q read-only "$work/out"; }
wait_for "read-only" unready
get 503 /readyz
get 200 /healthz
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

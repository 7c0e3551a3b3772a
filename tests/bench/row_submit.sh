# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Durable submissions: lines a second of the broker, the floor, and PostgreSQL at several numbers
# of clients. In each round every side has its turn; after the first PostgreSQL only at its best.

pg_clients_best=

# submit_postgresql WORK LINES CLIENTS...
submit_postgresql() {
    local work_name=$1 lines=$2 clients rate best=0
    shift 2
    for clients in "$@"; do
        rate=$(pg_bench "$clients" "$seconds" "peer_submit_$lines.sql")
        figure "$work_name" postgresql "$(awk "BEGIN { print $rate * $lines }")" "$clients clients"
        if awk "BEGIN { exit !($rate > $best) }"; then
            best=$rate
            pg_clients_best=$clients
        fi
    done
}

# submit WORK CONNECTIONS WINDOW LINES PG-CLIENTS...
submit() {
    local work_name=$1 connections=$2 window=$3 lines=$4 round rate
    local clients=("${@:5}")
    say "  $work_name"
    for ((round = 1; round <= rounds; round++)); do
        if has bench_submit; then
            rate=$("$bin/bench_submit" "$work" "$connections" "$window" "$lines" "$seconds") ||
                die "bench_submit failed"
            figure "$work_name" kopgroep "$(echo "$rate" | awk '{ print $2 }')"
        fi
        rate=$("$bin/floor_submit" "$work" "$connections" "$window" "$lines" "$seconds") ||
            die "floor_submit failed"
        figure "$work_name" floor "$(echo "$rate" | awk '{ print $2 }')"
        submit_postgresql "$work_name" "$lines" "${clients[@]}"
        clients=("$pg_clients_best")
    done
}

pg_begin
pg_load source 100000
echo 'VACUUM (ANALYZE) source' | pg_script
submit submit-100x64 64 4 100 1 4 16
submit submit-1x64 64 16 1 8 16 32
submit submit-1x1 1 1 1 1
echo 'TRUNCATE demand' | pg_script

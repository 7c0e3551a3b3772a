# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Durable submissions: lines a second of the broker, the floor, and PostgreSQL at several numbers
# of clients. In each round every side has its turn; after the first PostgreSQL only at its best.
# "-insert" beside it: PostgreSQL with one bare table, at that number of clients.

pg_clients_best=

# submit_postgresql WORK SCRIPT LINES CLIENTS...
submit_postgresql() {
    local work_name=$1 script=$2 lines=$3 clients rate best=0
    shift 3
    for clients in "$@"; do
        rate=$(pg_bench "$clients" "$seconds" "peer_${script}_$lines.sql")
        figure "$work_name" postgresql "$(awk "BEGIN { print $rate * $lines }")" "$clients clients"
        if awk "BEGIN { exit !($rate > $best) }"; then
            best=$rate
            pg_clients_best=$clients
        fi
    done
}

# submit WORK CONNECTIONS WINDOW LINES PG-CLIENTS...
submit() {
    local work_name=$1 connections=$2 window=$3 lines=$4 round row
    local clients=("${@:5}")
    say "  $work_name"
    echo 'TRUNCATE demand, request, planned, totals' | pg_script
    for ((round = 1; round <= rounds; round++)); do
        row=$("$bin/bench_submit" --compare -c "$connections" -f "$window" -l "$lines" \
            -s "$seconds" "$kopgroepd" "$work")
        figure "$work_name" kopgroep "$(named lines/s "$row")"
        figure "$work_name-insert" kopgroep "$(named lines/s "$row")"
        row=$("$bin/floor_submit" "$work" "$connections" "$window" "$lines" "$seconds")
        figure "$work_name" floor "$(echo "$row" | awk '{ print $2 }')"
        submit_postgresql "$work_name" submit "$lines" "${clients[@]}"
        clients=("$pg_clients_best")
        submit_postgresql "$work_name-insert" insert "$lines" "$pg_clients_best"
    done
}

pg_begin
pg_load source 100000
echo 'VACUUM (ANALYZE) source' | pg_script
submit submit-100x64 64 4 100 1 4 16
submit submit-1x64 64 16 1 8 16 32
submit submit-1x1 1 1 1 1

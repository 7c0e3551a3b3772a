# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Volume by month and track with exact distinct organisations, over 10 M lines (1 M when quick).

volume_lines=10000000
volume_size=10M
if [ -n "$quick" ]; then
    volume_lines=1000000
    volume_size=1M
fi

# volume_sql QUESTION: as peer_duckdb.mjs asks it.
volume_sql() {
    local filter
    case $1 in
    Q1) filter="WHERE cpv BETWEEN 10111000 AND 10111999 AND nuts >= 'NL2' AND nuts < 'NL3'
            AND month = 6 AND track = 0" ;;
    Q2) filter="WHERE cpv BETWEEN 10000000 AND 10099999 AND nuts >= 'NL' AND nuts < 'NM'
            AND month BETWEEN 0 AND 11" ;;
    Q3) filter="WHERE cpv BETWEEN 10000000 AND 10999999" ;;
    Q4) filter="" ;;
    esac
    echo "SELECT month, track, count(*) AS lines, sum(quantity_min::bigint) AS quantity_min,
        sum(quantity::bigint) AS quantity, sum(quantity::bigint * price_cents) AS value_cents,
        count(DISTINCT organisation) AS organisations FROM volume $filter GROUP BY month, track" |
        tr '\n' ' '
}

volume_postgresql() {
    local question sql
    for question in Q1 Q2 Q3 Q4; do
        sql=$(volume_sql "$question")
        [ -n "${pg_totals[$question]:-}" ] || pg_totals[$question]=$(
            echo "SELECT sum(lines), sum(quantity_min), sum(quantity), sum(value_cents),
                sum(organisations) FROM ($sql) AS cells" | pg_script)
        figure "volume-${question,,}-client-$volume_size" postgresql \
            "$(pg_time "$([ "$question" = Q4 ] && echo 1 || echo 3)" "$sql")"
    done
}

volume_duckdb() {
    local question milliseconds totals
    while read -r question milliseconds totals; do
        figure "volume-${question,,}-client-$volume_size" duckdb "$milliseconds"
        [ "$totals" = "${pg_totals[$question]}" ] ||
            die "$question: DuckDB counts $totals, PostgreSQL ${pg_totals[$question]}"
    done < <(duckdb ask "$work/volume.duckdb" 9)
}

declare -A pg_totals
pg_begin
say "  loading $volume_size lines into PostgreSQL"
pg_load volume "$volume_lines"
pg_script <"$kg_bench/peer_volume_index.sql"
say "  into DuckDB"
duckdb load "$work/volume.duckdb" "$pg_folder/$volume_lines.csv"
for ((round = 1; round <= rounds; round++)); do
    say "  round $round"
    volume_postgresql
    volume_duckdb
done

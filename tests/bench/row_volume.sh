# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Volume by month and track with exact distinct organisations, over 10 M lines (1 M when quick):
# in the broker, and through the client; the peers' totals must be the same. With it come the start
# of a broker with so many lines, its memory and its journal.

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

# In process: questions by the index and by a bare scan of the same columns; of the others the one
# that the index helps least.
volume_broker() {
    local rows question name
    rows=$("$bin/bench_volume" "$volume_lines" 9)
    for question in Q1 Q2 Q3 Q4; do
        figure "volume-${question,,}-$volume_size" kopgroep \
            "$(awk -v name=$question '$1 == name { print $3 }' <<<"$rows")"
    done
    # name index-least index-median scan-least scan-median ratio cells lines
    name=$(awk '/ cells .* lines/ && !/^Q[1-4] / && !/WRONG/' <<<"$rows" |
        sed -E 's/ +([0-9.]+) +([0-9.]+) +([0-9.]+) +([0-9.]+) +([0-9.]+) .*/|\2|\4|\5/' |
        sort -t '|' -k 4,4g | head -n 1)
    figure "volume-other-$volume_size" kopgroep "$(cut -d '|' -f 2 <<<"$name")"
    figure "volume-other-$volume_size" floor "$(cut -d '|' -f 3 <<<"$name")"
    say "  least helped: ${name%%|*}"
    ! grep -q WRONG <<<"$rows" || die "the index counts wrong"
}

# A broker with all lines: through libkopgroep, as a coordinator.
volume_client() {
    local rows question
    rows=$("$bin/bench_live" "$kopgroepd" "$work" "$volume_lines")
    figure "start-$volume_size" kopgroep "$(named start_s "$rows")"
    figure "start-journal-$volume_size" kopgroep "$(named start_journal_s "$rows")"
    figure "memory-$volume_size" kopgroep "$(named memory_bytes/line "$rows")"
    figure "journal-$volume_size" kopgroep "$(named journal_bytes/line "$rows")"
    figure "what-if-$volume_size" kopgroep "$(named what_if_ms "$rows")"
    figure "volume-first-$volume_size" kopgroep "$(named first_ms "$rows")"
    for question in Q1 Q2 Q3 Q4; do
        figure "volume-${question,,}-client-$volume_size" kopgroep \
            "$(named "${question,,}_ms" "$rows")"
        kopgroep_totals[$question]=$(sed -n "s/^$question //p" <<<"$rows")
    done
}

# Submissions while a coordinator asks, against the same without, in turn.
volume_submitting() {
    local row bare asked
    for ((round = 1; round <= rounds; round++)); do
        row=$("$bin/bench_submit" --compare -s "$seconds" "$kopgroepd" "$work")
        bare=$(named lines/s "$row")
        row=$("$bin/bench_submit" --compare -s "$seconds" --ask 100 "$kopgroepd" "$work")
        asked=$(named lines/s "$row")
        figure volume-submitting kopgroep "$(awk "BEGIN { print 100 * $asked / $bare }")"
    done
}

declare -A pg_totals kopgroep_totals
say "  in the broker"
volume_broker
say "  through the client"
volume_client
say "  while members submit"
volume_submitting
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
for question in Q2 Q3 Q4; do
    [ "${kopgroep_totals[$question]}" = "${pg_totals[$question]}" ] ||
        die "$question: ${kopgroep_totals[$question]}, PostgreSQL ${pg_totals[$question]}"
done

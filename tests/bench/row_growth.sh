# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# How the work grows with the lines, from a thousand to ten million (a million when quick): for the
# chart, each once.

sizes=(1000 10000 100000 1000000 10000000)
[ -z "$quick" ] || sizes=(1000 10000 100000 1000000)
for size in "${sizes[@]}"; do
    say "  $size lines"
    clients=$((size > 100000 ? size / 100000 : 1))
    row=$("$bin/bench_submit" --compare -c "$clients" -f 16 -l 100 -p $((size / clients)) \
        "$kopgroepd" "$work")
    figure growth-submit kopgroep "$(named lines/s "$row")" "$size"
    rows=$("$bin/bench_live" "$kopgroepd" "$work" "$size" 9)
    figure growth-start kopgroep "$(named start_journal_s "$rows")" "$size"
    figure growth-volume kopgroep "$(named q4_ms "$rows")" "$size"
    figure growth-memory kopgroep \
        "$(awk "BEGIN { print $(named memory_bytes/line "$rows") * $size / 1048576 }")" "$size"
    seconds=$("$bin/bench_grouping" "$size" 1 | sed -E 's/.*lines +([0-9.]+) s.*/\1/')
    figure growth-grouping kopgroep "$(awk "BEGIN { print ($seconds > 0 ? $seconds : 0.0005) }")" \
        "$size"
done
jq -rn -f "$kg_bench/chart.jq" "$figures" >"$kept_folder/growth.svg"
say "  drawn: $kept_folder/growth.svg"

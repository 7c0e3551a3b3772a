#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The table says "met" when a goal is met, NO when it is not, and - when a figure is missing.
set -euo pipefail
cd "$(dirname "$0")"

table() {
    jq -n --slurpfile goals goals.json -f table.jq
}

# figure WORK SIDE VALUE [VARIANT]
figure() {
    jq -cn --arg work "$1" --arg side "$2" --argjson value "$3" --arg variant "${4:-}" \
        '{$work, $side, $variant, $value}'
}

# expect FILTER WANTED, of the table in $report
expect() {
    local got
    got=$(jq -c "$1" <<<"$report")
    [ "$got" = "$2" ] || {
        echo "$1: $got, wanted $2" >&2
        exit 1
    }
}

report=$({
    figure submit-100x64 kopgroep 90
    figure submit-100x64 kopgroep 80
    figure submit-100x64 kopgroep 10
    figure submit-100x64 floor 100
    figure submit-100x64 postgresql 5 "4 clients"
    figure submit-100x64 postgresql 3 "1 clients"
    figure submit-1x1 kopgroep 7
    figure submit-1x1 postgresql 10
    figure submit-1x64 kopgroep 7
    figure submit-1x64 postgresql 1
    figure grouping-1M kopgroep 0.501
    figure grouping-10M kopgroep 6
    figure volume-q1-client-1M kopgroep 0.2
    figure volume-q1-client-1M duckdb 2
    figure volume-q1-client-1M postgresql 0.2
    figure feeds-memory kopgroep 50
    figure feeds-memory-stalled kopgroep 83
} | table)
expect ".[] | select(.work == \"submit-100x64\")
    | [.kopgroep, .postgresql, .ratio_floor, .ratio_best_peer, .met]" "[80,5,0.8,16,true]"
expect '.[] | select(.work == "submit-1x1") | [.floor, .ratio_best_peer, .met]' '[null,0.7,false]'
expect '.[] | select(.work == "submit-1x64") | .met' null
expect '.[] | select(.work == "grouping-1M") | .met' false
expect '.[] | select(.work == "grouping-10M") | .met' true
expect '.[] | select(.work == "volume-q1-client-1M") | [.ratio_best_peer, .met]' '[1,true]'
expect '.[] | select(.work == "feeds-memory") | .met' null
expect '.[] | select(.work == "feeds-memory-stalled") | .met' false
jq -r -f table_text.jq <<<"$report" | grep -q '^grouping-1M .* NO$'

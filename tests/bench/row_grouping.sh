# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Grouping of the plan workload, with explanations and decision support; files are not counted.

# group WORK LINES [OPTION...]: seconds of one run.
group() {
    local work_name=$1 row
    shift
    row=$("$bin/bench_grouping" "$@" 1)
    figure "$work_name" kopgroep "$(awk '{ print $3 }' <<<"$row")"
}

for ((round = 1; round <= rounds; round++)); do
    say "  round $round"
    group grouping-1M 1000000
    [ -n "$quick" ] || group grouping-10M 10000000
done

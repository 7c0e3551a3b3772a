# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Grouping of the plan workload, with explanations and decision support; files are not counted.

# seconds LINES [THREADS]: of one run, the better of two when it is short.
seconds_of() {
    "$bin/bench_grouping" "$1" "$([ "$1" = 10000000 ] && echo 1 || echo 2)" 1 "${2:-1}" |
        sed -E 's/.*lines +([0-9.]+) s.*/\1/' | sort -g | head -n 1
}

times=10
large=10000000
if [ -n "$quick" ]; then
    large=1000000
fi
for ((round = 1; round <= rounds; round++)); do
    say "  round $round"
    one=$(seconds_of $((large / times)))
    ten=$(seconds_of "$large")
    two=$(seconds_of "$large" 2)
    [ -n "$quick" ] || figure grouping-1M kopgroep "$one"
    figure "grouping-$([ -n "$quick" ] && echo 1M || echo 10M)" kopgroep "$ten"
    figure grouping-growth kopgroep "$(awk "BEGIN { print $ten / $one / $times }")"
    figure grouping-threads kopgroep "$(awk "BEGIN { print $ten / $two }")"
    figure exact-2000x14 kopgroep "$(seconds_of exact)"
done

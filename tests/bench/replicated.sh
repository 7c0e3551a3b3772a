#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# replicated.sh BUILD [SECONDS [ROUNDS [SUBMIT-ROUNDS]]]: the replicated journal beside a bare
# writer, on one primary with one standby, both on the disk under KOPGROEP_BENCH_DIR: small records
# one by one and many at once, and records of a hundred lines. Then submissions through the whole
# broker, 64 clients of which each waits for its receipt, beside the bare writer with records as
# long as theirs: `submits/s` of the one against `bare/s` of the other, in turn.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
servers=$(mktemp -d "${KOPGROEP_BENCH_DIR:-/var/tmp}/kopgroep-bench.XXXXXX")
chmod 755 "$servers"
postgres() {
    bash "$bench/../journal/postgres.sh" "$1" "$servers" "${@:2}"
}
end() {
    postgres kill standby || true
    postgres kill primary || true
    rm -rf "$servers"
}
trap end EXIT
postgres make >/dev/null
postgres sql "alter system set max_wal_size = '8GB'" # no checkpoint within a run
postgres sql "select pg_reload_conf()" >/dev/null
place="postgresql://kopgroep@/kopgroep?host=$servers&port=5501"
for load in "500 1" "500 64" "20000 16"; do
    # shellcheck disable=SC2086
    "$1/tests/bench/bench_replicated" "$place" $load "${2:-3}" "${3:-5}" 2>/dev/null
done

# named KEY: the value of "KEY=VALUE" in what a program printed.
named() {
    tr ' ' '\n' | sed -n "s|^$1=||p"
}

# submit LINES ROUND: through the broker, and the bare writer after it.
submit() {
    local group=round_$1_$2 bytes broker bare
    psql -h "$servers" -p 5501 -U kopgroep -d kopgroep -X -q -c "create schema $group"
    broker=$("$build/tests/bench/bench_submit" -c 64 -f 1 -l "$1" \
        -s "$seconds" -r "$((200000 / (9 + $1)))" -j "$place&options=-csearch_path%3D$group" \
        "$build/broker/kopgroepd" "$servers" | named submits/s)
    bytes=$(psql -h "$servers" -p 5501 -U kopgroep -d kopgroep -X -q -A -t \
        -c "select avg(length(bytes))::int - 140 from $group.kopgroep_records")
    bare=$("$build/tests/bench/bench_replicated" "$place" "$bytes" 64 "$seconds" 1 2>/dev/null |
        named bare/s)
    echo "lines=$1 bytes=$bytes submits/s=$broker bare/s=$bare" \
        "ratio=$(awk "BEGIN { printf \"%.3f\", $broker / $bare }")"
}

build=$1 seconds=${2:-3}
for ((round = 1; round <= ${4:-3}; round++)); do
    submit 1 "$round"
    submit 100 "$round"
done

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# replicated.sh BUILD [SECONDS [ROUNDS]]: the replicated journal beside a bare writer on one
# primary with one standby, both on the disk under KOPGROEP_BENCH_DIR: small records one by one and
# many at once, and records of a hundred lines.
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
for load in "500 1" "500 64" "20000 16"; do
    # shellcheck disable=SC2086
    "$1/tests/bench/bench_replicated" "postgresql://kopgroep@/kopgroep?host=$servers&port=5501" \
        $load "${2:-3}" "${3:-5}" 2>/dev/null
done

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Measures Kopgroep against the floor and the peers on the same work, each side in turn, and
# prints one table. Installs and builds what is missing (as root, on Debian 12 or 13).
set -euo pipefail

usage() {
    cat <<'END'
usage: tests/bench/run.sh [--quick] [--json FILE] [--only ROW]... [--resume]

  tests/bench/run.sh --quick              smaller sizes, shorter runs: about three minutes
  tests/bench/run.sh --json report.json   all of it, ten million lines
  tests/bench/run.sh --only submit        one row again; the table shows the others as they were
  tests/bench/run.sh --resume             go on with the rows that an earlier run did not end

Rows: submit bulk volume grouping feeds growth (the chart). Figures are kept in build/bench-figures.
KOPGROEP_BENCH_DIR: a folder on the disk to measure (default /var/tmp).
END
}

quick='' json='' resume='' only=()
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=1 ;;
    --resume) resume=1 ;;
    --json | --only)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        if [ "$1" = --json ]; then json=$2; else only+=("$2"); fi
        shift
        ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done

here=$(dirname "${BASH_SOURCE[0]}")
. "$here/common.sh"
. "$here/peer_postgresql.sh"
. "$here/peer_duckdb.sh"

all_rows=(submit bulk volume grouping feeds growth)
rounds=3 seconds=4
if [ -n "$quick" ]; then
    all_rows=(submit bulk volume grouping feeds)
    rounds=1 seconds=1
fi
rows=("${only[@]:-${all_rows[@]}}")
for row in "${rows[@]}"; do
    [ -e "$kg_bench/row_$row.sh" ] || die "no row $row; there are ${all_rows[*]}"
done
[ -z "$json" ] || : >"$json" || die "$json cannot be written"

prepare() {
    # shellcheck disable=SC2154,SC2086
    kg_install $kg_build_packages libcmocka-dev jq procps || die "packages are missing"
    kg_build bench bench kopgroepd kopgroep_cli -- -DCMAKE_BUILD_TYPE=Release || die "not built"
    pg_install || die "PostgreSQL cannot be installed"
    duckdb_install || die "DuckDB cannot be installed"
}

# One row, in a folder and a process group of its own, so that nothing of it can stay behind. It
# writes a file of its own, which is kept only when the row ended well.
measure_row() {
    local kept=$kept_folder/$1.jsonl
    row_status=0
    rm -f "$kept"
    set -m
    (
        make_work
        figures=$kept.part
        : >"$figures"
        # shellcheck disable=SC1090
        . "$kg_bench/row_$1.sh"
        mv "$figures" "$kept"
    ) </dev/null &
    row_pid=$!
    set +m
    wait "$row_pid" || row_status=$?
    row_pid=
}

row_pid=
stop() {
    trap - EXIT INT TERM HUP
    if [ -n "$row_pid" ]; then
        kill -TERM -- "-$row_pid" 2>/dev/null
        wait "$row_pid" 2>/dev/null
    fi
    exit "$1"
}
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM

describe_machine() {
    local parent=${KOPGROEP_BENCH_DIR:-/var/tmp} model memory
    model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
    echo "${model:-$(uname -m)}, $(nproc) cores, $memory GiB;" \
        "$(. /etc/os-release && echo "$PRETTY_NAME"), Linux $(uname -r);" \
        "$(df --output=fstype "$parent" | tail -n 1); $(date -u +%F)"
}

kept_folder=$kg_root/build/bench-figures${quick:+-quick}
mkdir -p "$kept_folder"
[ -n "$resume" ] || [ ${#only[@]} -gt 0 ] || rm -f "$kept_folder"/*
prepare
failed=()
for row in "${rows[@]}"; do
    if [ -n "$resume" ] && [ -e "$kept_folder/$row.jsonl" ]; then
        say "$row: kept from before"
        continue
    fi
    say "$row"
    measure_row "$row" # not after "||", where an error would not end it
    [ "$row_status" -eq 0 ] || failed+=("$row")
done
report=$(find "$kept_folder" -name '*.jsonl' -exec cat {} + |
    jq -n --slurpfile goals "$kg_bench/goals.json" -f "$kg_bench/table.jq")
[ -z "$json" ] || jq -c . <<<"$report" >"$json"
describe_machine
jq -r -f "$kg_bench/table_text.jq" <<<"$report"
[ ${#failed[@]} -eq 0 ] || die "rows that failed: ${failed[*]}"

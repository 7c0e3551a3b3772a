#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# tests/fuzz/run.sh [SECONDS [TARGET...]]: builds the fuzz targets with clang and lets each search
# for so long (60 s), from its seeds and from what earlier runs found. Says what each did; the exit
# status is not 0 when one found something, which is then in build/fuzz/found/TARGET.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift

cmake --preset fuzz >/dev/null
ninja -C build/fuzz fuzz
targets=${*:-$(cd tests/fuzz && printf '%s\n' fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')}
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm
failed=0

for target in $targets; do
    found=build/fuzz/found/$target corpus=build/fuzz/corpus/$target
    seeds=("tests/fuzz/corpus/$target")
    [ "$target" != workbook ] || seeds+=(tests/workbook/books)
    mkdir -p "$found" "$corpus"
    log=$found/log
    status=0
    build/fuzz/tests/fuzz/fuzz_"$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$found/" "$corpus" "${seeds[@]}" \
        >"$log" 2>&1 </dev/null || status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 || true)
    echo "$target: ${runs:-?} runs, ${covered:-cov: ?}, status $status"
    if [ "$status" -ne 0 ]; then
        failed=1
        tail -n 30 "$log"
    fi
done
exit $failed

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# coverage.sh [again]: which lines and branches the tests run, by folder; fails when the core has
# less than it must. Builds with gcc's counters in build/coverage and runs every test but the
# longest; `again` reports without building or running. Leaves build/coverage/report/index.html.
set -eu
cd "$(dirname "$0")/.."
. config/setup.sh

lines_min=95
branches_min=90
# What decides, groups, discloses and reads messages. The rest is held by scenarios and faults.
core='broker/((domain|grouping|query)/|(core|commit|request)\.c)|proto/(codec[a-z_]*|envelope)\.c'
build=build/coverage
# The longest; and those of a door, which ends when the counters write their file at its exit.
left_out='^(fault|bench|lint|fuzz)/|^scenario/(durability|large_|bench|door)'
left_out+='|^net/test_(door|keeper_lone)'

if [ "${1:-}" != again ]; then
    # shellcheck disable=SC2086
    kg_install $kg_build_packages libcmocka-dev libglpk-dev python3 procps jq gcovr systemd \
        bubblewrap libseccomp-dev curl
    kg_build coverage all -- -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc \
        -DCMAKE_C_FLAGS="--coverage -fprofile-update=atomic"
    find "$build" -name '*.gcda' -delete
    ctest --test-dir "$build" --output-on-failure -j "$(($(nproc) + 1))" -E "$left_out"
fi

# Read once; the reports are made of it.
all=$build/coverage.json
gcovr -r . --object-directory "$build" -f '(broker|proto|client)/' \
    -j "$(nproc)" --json -o "$all" "$build"
mkdir -p "$build/report"
gcovr -r . -a "$all" --html-details "$build/report/index.html"

echo "folder                     lines   branches"
gcovr -r . -a "$all" --json-summary | jq -r '
    .files | group_by(.filename | sub("/[^/]*$"; ""))[] |
    (map(.line_covered) | add) as $lines | (map(.branch_covered) | add) as $branches |
    [(.[0].filename | sub("/[^/]*$"; "")),
     100 * $lines / (map(.line_total) | add),
     100 * $branches / ([1, (map(.branch_total) | add)] | max)] |
    @tsv' | while IFS=$'\t' read -r folder lines branches; do
    LC_ALL=C printf '%-24s %5.1f %%    %5.1f %%\n' "$folder" "$lines" "$branches"
done
echo
echo "The core, which must have $lines_min % and $branches_min %:"
gcovr -r . -a "$all" -f "($core)" --fail-under-line "$lines_min" \
    --fail-under-branch "$branches_min" --print-summary -o "$build/core.txt"

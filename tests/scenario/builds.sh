#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Other builds give the same: the bytes of a grouping, the state and the course of simulated lives.
# tests/run.sh makes them, by gcc and by clang, in release mode; without them this is skipped (77).
. "$(dirname "$0")/common.sh"
: "${KOPGROEP_GEN_PLAN:?}" "${KOPGROEP_SIMULATE:?}"
lives=10
compared=0
missing=

# other BUILD PROGRAM: whether that build has it, not older than its sources, as $other.
other() {
    other=$KOPGROEP_SOURCE/build/$1/$2
    if [ ! -x "$other" ]; then
        missing+=" build/$1/$2 is not there;"
        return 1
    fi
    if [ -n "$(find "$KOPGROEP_SOURCE/broker" "$KOPGROEP_SOURCE/proto" -name '*.[ch]' \
        -newer "$other" -print -quit)" ]; then
        missing+=" build/$1/$2 is older than its sources;"
        return 1
    fi
    compared=$((compared + 1))
}

heading "A grouping"
mkdir "$work/set"
"$KOPGROEP_GEN_PLAN" 6000 "$work/set" 7 >/dev/null
cd "$work/set"
expect 0 "$KOPGROEPD" group --catalogue catalogue.conf round.conf lines.csv
cp "$work/out" first.json
for build in release clang-release; do
    other "$build" broker/kopgroepd || continue
    expect 0 "$other" group --catalogue catalogue.conf round.conf lines.csv
    cmp -s first.json "$work/out" || fail "another result by $build"
    echo "the same by $build"
done

heading "Simulated lives"
if other clang-release tests/model/model_simulate; then
    expect 0 "$KOPGROEP_SIMULATE" --hashes --seeds "$lives" --twice 0
    cp "$work/out" first.hashes
    same "$(grep -cE '^[0-9]+ [0-9a-f]{64} [0-9a-f]{64}$' first.hashes)" "$lives" "lives"
    expect 0 "$other" --hashes --seeds "$lives" --twice 0
    diff first.hashes "$work/out" || fail "another life by clang-release"
    echo "the same by clang-release"
fi

if [ -n "$missing" ]; then
    echo "SKIPPED, after $compared that gave the same:$missing tests/run.sh builds them"
    exit 77
fi

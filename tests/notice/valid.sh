#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The stored notices of the demo are what the export gives today; random release packages are valid
# against OCDS; and where the EU's rules stand beside the source (../shared/eforms/validate.sh), so
# is the stored one of subtype 7; with KG_NOTICES=N all stored ones and N random ones, from
# KG_NOTICES_SEED (1000) on.
set -u
source=${KOPGROEP_SOURCE:?} gen=${KOPGROEP_GEN_NOTICES:?} count=${KG_NOTICES:-0}
demo=$source/config/demo/notices rules=$source/../shared/eforms/validate.sh
work=$(mktemp -d) failed=0
trap 'rm -rf "$work"' EXIT

same() { # STATE SUBTYPE STORED
    if ! "$gen" one "$demo/$1.facts.json" "$demo/notice.conf" "$2" "$work/$3" \
        >"$work/log" 2>&1; then
        cat "$work/log"
        failed=1
    elif ! diff -u "$demo/$3" "$work/$3"; then
        echo "config/demo/notices/$3 is not what the export gives"
        failed=1
    fi
}

valid() { # NOTICE
    local out status
    out=$(bash "$rules" "$1" 2>&1)
    status=$?
    [ $status -eq 2 ] && echo "the rules could not be run: $out" && return
    if [ $status -ne 0 ] || ! grep -q 'failed_asserts=0 warnings=0' <<<"$out"; then
        echo "$1: $out"
        failed=1
    fi
}

same planning 4 notice-4.xml
same planning 7 notice-7.xml
for state in planning tender award; do
    same $state 0 ocds-$state.json
done
random=$count
[ "$random" -ge 3 ] || random=3
"$gen" random "$work" "${KG_NOTICES_SEED:-1000}" "$random" >"$work/log" 2>&1 ||
    { cat "$work/log" && failed=1; }
python3 "$source/tests/notice/ocds.py" "$demo"/ocds-*.json "$work"/[0-9]*-0.json || failed=1
if [ -r "$rules" ]; then
    valid "$demo/notice-7.xml"
    [ "$count" -eq 0 ] || for notice in "$demo/notice-4.xml" "$work"/[0-9]*.xml; do
        valid "$notice"
    done
fi
exit $failed

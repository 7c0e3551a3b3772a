#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Grouping a file: the same bytes whatever the order of rows or the number of threads (builds.sh: or
# the build); a digest that anybody can recompute.
. "$(dirname "$0")/common.sh"
: "${KOPGROEP_GEN_PLAN:?}"

mkdir "$work/set"
"$KOPGROEP_GEN_PLAN" 6000 "$work/set" 7 >/dev/null
cd "$work/set"

group() {
    "$KOPGROEPD" group --catalogue catalogue.conf "$@"
}

heading "Rows shuffled, threads"
expect 0 group --threads 1 round.conf lines.csv
is_silent err
cp "$work/out" first.json
for seed in 1 2; do
    head -n 1 lines.csv >shuffled.csv
    tail -n +2 lines.csv | shuf --random-source=<(yes "$seed") >>shuffled.csv
    ! cmp -s lines.csv shuffled.csv || fail "nothing was shuffled"
    expect 0 group --threads "$seed" round.conf shuffled.csv
    cmp -s first.json "$work/out" || fail "another result, seed $seed"
done
expect 0 group round.conf lines.csv
cmp -s first.json "$work/out" || fail "another result with all cores"

heading "Every row stands once; the form is DESIGN's"
rows=$(($(wc -l <lines.csv) - 1))
same "$(jq '[.lots[].members[]] + .unplaced | map(.organisation + " " + .line) | unique | length' \
    first.json)" "$rows" "lines"
finds "(.score.lines == $rows) and (.score.placed == ([.lots[].members[]] | length))"
finds '.score.placed > 0 and (.unplaced | length > 0) and (.lots | length) == .score.lots'
same "$(jq -r 'keys_unsorted | join(" ")' first.json)" \
    "round ruleset input_digest result_digest lots unplaced score" keys
finds 'all(.lots[]; .bodies >= 3 and (.members | map(.organisation) | unique | length) == .bodies)'
finds '[.unplaced[].reason] | unique - ["WITHDRAWN","NOT_IN_SCOPE","PROCEDURE_DATE","AREA","ALONE",
    "CONDITION","LANGUAGE","CRITERION","WINDOW","BELOW_MIN_BODIES","BELOW_MIN_QUANTITY",
    "BELOW_MIN_VALUE","ABOVE_CAP","BEATEN"] == []'

heading "result_digest is the SHA-256 of the compact result with that field empty"
digest=$(jq -r .result_digest first.json)
recomputed=$(tr -d '\n' <first.json |
    sed 's/"result_digest":"[0-9a-f]*"/"result_digest":""/' | sha256sum)
same "$digest" "${recomputed%% *}" "result_digest"

heading "The rules' digest is of the rules, the input's of the lines"
{ echo "# a remark"; sed 's/^  bodies_min/bodies_min/' round.conf; } >same.conf
expect 0 group same.conf lines.csv
cmp -s first.json "$work/out" || fail "a remark in the round changes the result"
sed 's/bodies_min = 3/bodies_min = 4/' round.conf >other.conf
expect 0 group other.conf lines.csv
finds ".ruleset != $(jq .ruleset first.json) and .input_digest == $(jq .input_digest first.json)"
head -n -1 lines.csv >fewer.csv
expect 0 group round.conf fewer.csv
finds ".ruleset == $(jq .ruleset first.json) and .input_digest != $(jq .input_digest first.json)"

heading "Nothing placed is no failure; a wrong file is"
head -n 2 lines.csv >one.csv
expect 0 group round.conf one.csv
finds '.score.placed == 0 and .lots == [] and .unplaced[0].reason == "ALONE"'
{ cat lines.csv; sed -n 2p lines.csv; } >twice.csv
expect 4 group round.conf twice.csv
says "[DUPLICATE_LINE]"
is_silent out
sed '3s/,[^,]*$/,x/; 9s/^[^,]*,//' lines.csv >bad.csv
expect 4 group round.conf bad.csv
says "bad.csv:3: "
says "bad.csv:9: "
is_silent out
sed 's/nuts_level/nuts_depth/' round.conf >bad.conf
expect 4 group bad.conf bad.csv
says "bad.conf:"
says "bad.csv:9: "
expect 2 group --threads 65 round.conf lines.csv
expect 2 group round.conf
status=0
group round.conf lines.csv >/dev/full 2>/dev/null || status=$?
same "$status" 4 "a full disk behind stdout"

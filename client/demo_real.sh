# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced by client/demo.sh: (a) real plans, UK ICT pipeline of October 2013.

real=config/demo/real
round=uk-pipeline-2013
heading "(a) Real plans: 28 public bodies"
note "Source, licence and the rule of conversion: $real/README.md"
bodies=$(names $real/organisations.conf)
for body in $bodies; do
    enrol "$body" $real/organisations.conf organisation
done

fill $real/round.conf.in >"$work/$round.conf"
kopgroep_as EX-HUB round open "$work/$round.conf"

rows=0 refused_rows=0 refused_files=0
for body in $bodies; do
    rows=$((rows + $(jq -Rs 'split("\n") | length - 2' $real/plans/"$body".csv)))
    if kopgroep_as "$body" submit $real/plans/"$body".csv --quiet 2>"$work/$body.problems"; then
        continue
    fi
    [ "$refused_files" -gt 2 ] || cat "$work/$body.problems"
    refused_files=$((refused_files + 1))
    cat "$work/$body.problems" >>"$work/problems"
    refused_rows=$((refused_rows + $(grep -o '^[^:]*:[0-9]*:' "$work/$body.problems" |
        sort -u | wc -l)))
    if [ -e "$real/corrected/$body.csv" ]; then
        note "$body takes the refused rows out and sends its plan again"
        kopgroep_as "$body" submit "$real/corrected/$body.csv" --quiet
    fi
done
note "$refused_files of 28 files were refused, each with all its reasons:" \
    "$refused_rows of $rows rows, $(grep -c '\[[A-Z_]*\]$' "$work/problems") reasons:"
sed -n 's/.*: \([a-z_]*\): .*\[\([A-Z_]*\)\]$/\2 \1/p' "$work/problems" | sort | uniq -c |
    sort -rn

heading "(a) Volume, lots, why lines were left out"
kopgroep_as EX-HUB volume --round $round --by category
kopgroep_as EX-HUB round close $round
note "what readers see: the version that was published when the round closed"
kopgroep_as EX-READER volume --by category
kopgroep_as EX-HUB round propose $round
kopgroep_as EX-HUB lot list $round
kopgroep_as EX-HUB round show $round
kopgroep_as GB-CF-1884 explain uk-pl-907362
kopgroep_as GB-CF-37 lines

heading "(a) Members confirm or decline, a tender is launched"
kopgroep_as EX-HUB round confirm $round
declines="GB-CF-1904 $round/cpv:7200/UK/2"
for body in $bodies; do
    [ -e "$real/corrected/$body.csv" ] || [ ! -s "$work/$body.problems" ] || continue
    answers "$body" $round
done
kopgroep_as EX-HUB round conclude $round
kopgroep_as EX-HUB tender launch UK-NET-1 "$round/network-service/UK/1" --lead GB-CF-37 \
    --title "Network services"
kopgroep_as EX-HUB tender show UK-NET-1
kopgroep_as GB-CF-1904 watch --once

keep $round
for body in $bodies; do
    keep_feed "$body"
done
placed=$(jq '[.lots[].members[]] | length' "$out/$round.lots.json")
left=$(jq '.unplaced | length' "$out/$round.lots.json")
free=$(for body in $bodies; do
    silently_as "$body" lines --output json | jq '[.[] | select(.standing == "free")] | length'
done | paste -sd+ | xargs -I{} bash -c 'echo $(({}))')
note "$placed lines placed + $left left out + $free not in the round's scope" \
    "+ $refused_rows refused = $((placed + left + free + refused_rows)) of $rows rows"
[ $((placed + left + free + refused_rows)) -eq "$rows" ]

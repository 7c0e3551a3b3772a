#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Members publish fiches and clauses; others find them, in their language; a lot lists the clauses
# that its criteria need.
. "$(dirname "$0")/common.sh"

shown=$KOPGROEP_SOURCE/config/demo/buyer-group/practices
found
start
enrol HUB coordinator
enrol READ reader
for id in S-1 S-2 S-3; do
    enrol "$id"
done

heading "Published, and found by others"
expect 0 as HUB clause publish "$shown/spare-parts.conf"
says "Clause HUB/spare-parts published."
expect 0 as HUB clause publish "$shown/battery.conf" --quiet
expect 0 as S-1 fiche publish "$shown/longer-use.conf" --receipt "$work/fiche.receipt"
expect 0 as S-1 verify "$work/fiche.receipt"
expect 0 as S-2 clause list --category laptop --output json
finds 'map(.name) == ["HUB/spare-parts", "HUB/battery-cycles"]'
expect 0 as S-2 clause list --criterion battery-health --output json
finds 'map(.key) == ["battery-cycles"]'
expect 0 as READ fiche list --organisation S-1 --output json
finds 'length == 1 and .[0].criteria == ["warranty-years", "spare-parts-years"]'
expect 0 as READ fiche list --category monitor
says "No fiche is published for this."

heading "In the reader's language, else in the first it has"
expect 0 env -u LC_ALL LANG=fr_BE.UTF-8 KOPGROEP_IDENTITY="$keys/S-2.key" "$KOPGROEP" \
    clause show HUB/spare-parts
prints "Pièces de rechange après la dernière livraison"
prints "l'adjudicataire fournit séparément"
expect 0 env -u LC_ALL LANG=fr_BE.UTF-8 KOPGROEP_IDENTITY="$keys/S-2.key" "$KOPGROEP" \
    fiche show S-1/longer-use
prints "Laptops zes jaar in plaats van vier"
grep -q '^montré en  *nl$' "$work/out" || fail "it is not said in which language"
expect 0 as S-2 fiche show S-1/longer-use
prints "Laptops for six years instead of four"
prints "Put the battery as a separate part"
expect 0 as S-1 fiche show longer-use --output json
finds '.texts.nl.lesson | startswith("Neem de accu")'

heading "Refused"
expect 1 as S-2 fiche show longer-use
says "[UNKNOWN_PRACTICE]"
expect 1 as S-2 fiche retire longer-use
says "[UNKNOWN_PRACTICE]"
expect 4 as S-2 clause publish "$shown/longer-use.conf"
says "holds a fiche"
printf 'clause "x" { category = "laptop"\n criteria = {"boats"}\n type = "law" title_nl = "T" }\n' \
    >"$work/wrong.conf"
expect 4 as S-2 clause publish "$work/wrong.conf"
says "$work/wrong.conf:3: type: \"law\""
printf 'clause "x" { category = "boats" type = "award" title_nl = "T" words_nl = "W" }\n' \
    >"$work/boats.conf"
expect 1 as S-2 clause publish "$work/boats.conf"
says "[UNKNOWN_CATEGORY]"
expect 1 as READ fiche publish "$shown/longer-use.conf"
says "[ROLE]"

heading "A lot lists the clauses that its criteria need"
for id in S-1 S-2 S-3; do
    echo "$plan_header,criteria" >"$work/$id.csv"
    echo "$(plan_line L-1 laptop 20 kopgroep binding),spare-parts-years=7 warranty-years=5" \
        >>"$work/$id.csv"
    as "$id" submit "$work/$id.csv" --quiet
done
round_file main >"$work/main.conf"
as HUB round open "$work/main.conf" --quiet
as HUB round close main --quiet
as HUB round propose main --quiet
lot=main/laptop/BE2/1
expect 0 as S-1 lot show "$lot" --output json
finds '[.clauses[] | select(.criterion == "spare-parts-years") | .clauses[].key] == ["spare-parts"]'
finds '[.clauses[] | select(.criterion == "warranty-years") | .clauses] == [[]]'
expect 0 as S-1 lot show "$lot"
prints "Clauses for its criteria"
prints "HUB/spare-parts"
prints "none yet"
sed 's/category = "laptop"/category = "laptop" lot = "main\/laptop\/BE2\/1"/' \
    "$shown/longer-use.conf" >"$work/of-lot.conf"
expect 1 as S-1 fiche publish "$work/of-lot.conf"
says "once that is launched"

heading "Retired, and all of it after a restart"
expect 0 as HUB clause retire battery-cycles
says "it is no longer shown"
stop
start
expect 0 as S-3 clause list --output json
finds 'map(.key) == ["spare-parts"]'
expect 0 as S-3 fiche list --output json
finds 'map(.key) == ["longer-use"]'

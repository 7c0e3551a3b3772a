# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced by client/demo.sh: (b) a fictional buyer group with a kopgroep and a peloton.

group=config/demo/buyer-group
round=example-workplace
heading "(b) A kopgroep and a peloton: 22 example bodies"
note "All of them are fictional; the story is told in $group/README.md"
bodies=$(names $group/organisations.conf)
mkdir -p "$work/plans"
for body in $bodies; do
    enrol "$body" $group/organisations.conf organisation
    fill "$group/plans/$body.csv.in" >"$work/plans/$body.csv"
done
fill $group/round.conf.in >"$work/$round.conf"
kopgroep_as EX-HUB round open "$work/$round.conf"
kopgroep_as EX-STAD-01 submit "$work/plans/EX-STAD-01.csv" --dry-run
for body in $bodies; do
    kopgroep_as "$body" submit "$work/plans/$body.csv" --quiet
done

heading "(b) Clauses and a fiche"
kopgroep_as EX-HUB clause publish $group/practices/spare-parts.conf
kopgroep_as EX-HUB clause publish $group/practices/battery.conf
kopgroep_as EX-STAD-01 fiche publish $group/practices/longer-use.conf
kopgroep_as EX-GEM-01 fiche list --category laptop
kopgroep_as EX-GEM-01 fiche show EX-STAD-01/longer-use

heading "(b) Volume and lots"
kopgroep_as EX-HUB volume --round $round --by category,track
kopgroep_as EX-HUB volume --round $round --by month --category laptop
note "What a line would join if the round were grouped now, and why another would not:"
kopgroep_as EX-STAD-01 what-if 2027-LAP-01
kopgroep_as EX-GEM-01 what-if 1
kopgroep_as EX-HUB round close $round
kopgroep_as EX-HUB round propose $round
kopgroep_as EX-HUB lot list $round
note "A kopgroep lot with peloton members, its ambition curve, each member alone:"
kopgroep_as EX-HUB lot show $round/laptop/BE2/1
note "What two lots would be as one tender, before anybody confirms:"
kopgroep_as EX-HUB tender launch EX-2027-1 $round/laptop/BE2/1 $round/monitor/BE2/1 --dry-run
note "A peloton lot, as one of its members sees it before anybody confirmed:"
kopgroep_as EX-GEM-03 lot show $round/monitor/BE2/1

heading "(b) Why lines were left out"
note "Kept out by one criterion:"
kopgroep_as EX-GEM-01 explain 1
kopgroep_as EX-DE-04 explain SB-1
kopgroep_as EX-AGB-01 explain HG-1
kopgroep_as EX-GEM-03 lines

heading "(b) Confirmation; a decline breaks a lot; the one re-run"
kopgroep_as EX-HUB round confirm $round
declines="EX-GEM-03 $round/monitor/BE2/1
EX-DG-03 $round/monitor/BE3/2"
for body in $bodies; do
    answers "$body" $round
done
kopgroep_as EX-HUB round conclude $round
kopgroep_as EX-HUB lot list $round
kopgroep_as EX-DG-01 explain E-27-1
note "The moved line needs a fresh confirmation:"
kopgroep_as EX-DG-02 watch --once
declines=
answers EX-DG-02 $round
kopgroep_as EX-HUB round conclude $round
kopgroep_as EX-HUB round show $round

heading "(b) A planning notice"
note "Of subtype 4, with what no record tells from a notice file; first without it:"
kopgroep_as EX-HUB export $round/laptop/BE2/1 --format eforms --subtype 4 || true
say "[EX-HUB] kopgroep export $round/laptop/BE2/1 --format eforms --subtype 4" \
    "--with config/demo/notices/notice.conf > $(shown "$out")/notice-4.xml"
silently_as EX-HUB export $round/laptop/BE2/1 --format eforms --subtype 4 \
    --with config/demo/notices/notice.conf >"$out/notice-4.xml"

heading "(b) A tender of two lots, the threshold before and after, award, call-off"
kopgroep_as EX-HUB lot show $round/monitor/BE2/1
kopgroep_as EX-HUB tender launch EX-2027-1 $round/laptop/BE2/1 $round/monitor/BE2/1 \
    --lead EX-STAD-01 --title "Laptops en schermen"
kopgroep_as EX-HUB tender show EX-2027-1
kopgroep_as EX-HUB lot award $round/laptop/BE2/1 --supplier "Voorbeeldleverancier NV" \
    --unit-price 845.00 --evidence "TCO Certified 10; spare parts declaration"
kopgroep_as EX-STAD-01 lot call-off $round/laptop/BE2/1 --quantity 110
kopgroep_as EX-STAD-01 lot show $round/laptop/BE2/1
note "Every step stands in the members' feeds:"
kopgroep_as EX-STAD-01 watch --once

keep $round
for body in $bodies; do
    keep_feed "$body"
done
note "$(jq '[.lots[].members[]] | length' "$out/$round.lots.json") lines placed," \
    "$(jq '.unplaced | length' "$out/$round.lots.json") left out"

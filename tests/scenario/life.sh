#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A round from its opening to an exhausted lot, through every command, with the refusals on the
# way; at the end every step stands in the members' feeds, by numbers without a gap.
. "$(dirname "$0")/common.sh"

found
start
enrol HUB coordinator
bodies="S-1 S-2 S-3 S-4"
for id in $bodies; do
    enrol "$id"
done

round_is() {
    expect 0 as HUB round show "$1" --output json
    finds ".state == \"$2\""
}
lot_is() {
    expect 0 as HUB lot list "${1%%/*}" --output json
    finds "map(select(.lot == \"$1\").state) == [\"$2\"]"
}
line_is() {
    expect 0 as "$1" lines --output json
    finds "map(select(.line == \"$2\").standing) == [\"$3\"]"
}
hub() {
    expect 0 as HUB "$@"
}

heading "Another round is cancelled: its lines are free again"
plan "$work/S-1.csv" "L-1 laptop 100 kopgroep binding" "M-1 monitor 30 peloton binding"
sed -i -e '1s/$/,criteria/' -e '2s/$/,warranty-years=3/' -e '3s/$/,/' "$work/S-1.csv"
plan "$work/S-2.csv" "L-1 laptop 60 peloton intended" "M-1 monitor 20 peloton binding"
plan "$work/S-3.csv" "L-1 laptop 40 peloton intended" "M-1 monitor 20 peloton binding"
plan "$work/S-4.csv" "L-1 laptop 20 peloton indicative" "W-1 laptop 5 peloton indicative"
for id in $bodies; do
    expect 0 as "$id" submit "$work/$id.csv"
    says "2 new, 0 amended, 0 unchanged."
done
round_file other >"$work/other.conf"
hub round open "$work/other.conf"
hub round close other
line_is S-1 L-1 claimed
expect 1 as S-1 withdraw L-1
says "[LINE_CLAIMED]"
sed "s/,100,/,90,/" "$work/S-1.csv" >"$work/changed.csv"
expect 1 as S-1 submit "$work/changed.csv"
says "[LINE_CLAIMED]"
hub round cancel other --reason "budget withdrawn"
round_is other cancelled
line_is S-1 L-1 free
expect 1 as HUB round propose other
says "[ROUND_STATE]"

heading "Open, extend, amend, withdraw, close"
round_file main 'quantity_min = 60' | sed 's/{"laptop"}/{"laptop", "monitor"}/' >"$work/main.conf"
hub round open "$work/main.conf"
expect 1 as HUB round open "$work/main.conf"
says "[ROUND_EXISTS]"
expect 1 as HUB round propose main
says "[ROUND_STATE]"
hub round extend main --closes "$(day 31)"
expect 1 as HUB round extend main --closes "$(day 30)"
expect 2 as HUB round extend main --closes soon
says "not 'soon'"
expect 1 as HUB round extend unknown --closes "$(day 35)"
says "[UNKNOWN_ROUND]"
expect 0 as S-1 submit "$work/changed.csv"
says "0 new, 1 amended, 1 unchanged."
expect 0 as S-4 withdraw W-1
expect 1 as S-4 withdraw W-1
says "[LINE_WITHDRAWN]"
hub volume --round main --by category --output json
finds 'map({key: .category, value: .quantity}) | from_entries == {laptop: 210, monitor: 70}'
expect 0 as S-4 what-if L-1
prints "today it would be"
prints "Too few organisations are in that lot to tell more of it."
expect 0 as S-4 what-if L-1 --round main --output json
finds '.outcome == "placed" and .round == "main" and .lot == null'
expect 1 as S-4 what-if W-1
says "[LINE_WITHDRAWN]"
hub round close main
expect 1 as S-4 what-if L-1
says "A round has claimed L-1: explain tells where it is. [LINE_CLAIMED]"

heading "Propose: the same lots whenever asked"
hub round propose main
hub export main --proposed
cp "$work/out" "$work/proposed.json"
same "$(jq -c '[.lots[].lot]' "$work/proposed.json")" \
    '["main/laptop/BE2/1","main/monitor/BE2/1"]' "lots"
laptops=main/laptop/BE2/1
monitors=main/monitor/BE2/1
line_is S-4 L-1 placed
lot_is "$laptops" proposed
expect 1 as HUB lot award "$laptops" --supplier X
says "[LOT_STATE]"
expect 0 as S-1 explain L-1 --output json
finds ".lot == \"$laptops\""

heading "Confirm and decline"
hub round confirm main
lot_is "$laptops" confirming
expect 1 as HUB round conclude main
says "[NOT_ANSWERED]"
expect 0 as S-2 lot confirm "$laptops"
expect 0 as S-3 lot confirm "$laptops" L-1
expect 1 as S-3 lot confirm "$laptops"
says "[ALREADY_ANSWERED]"
expect 0 as S-4 lot decline "$laptops" --reason "budget moved"
hub round conclude main
round_is main concluded
lot_is "$laptops" confirmed
expect 0 as S-4 explain L-1 --output json
finds '.reason == "DECLINED"'

heading "A lot is given up"
hub lot fail "$monitors" --reason "no need any more"
lot_is "$monitors" failed
line_is S-2 M-1 unplaced
expect 0 as S-2 explain M-1 --output json
finds '.reason == "LOT_FAILED"'
expect 0 as S-2 withdraw M-1
expect 1 as HUB lot fail "$monitors" --reason again
says "[LOT_STATE]"

heading "A tender"
expect 1 as HUB tender launch T-1 "$laptops" --lead S-4
says "[LEAD]"
expect 1 as HUB tender launch T-1 "$monitors" --lead S-1
says "[LOT_STATE]"
expect 1 as HUB tender launch T-1 main/laptop/BE2/9 --lead S-1
says "[UNKNOWN_LOT]"
hub tender launch T-1 "$laptops" --lead S-1 --title "Laptops"
lot_is "$laptops" launched
expect 1 as HUB tender launch T-1 "$laptops" --lead S-1
says "[TENDER_EXISTS]"
expect 0 as S-2 tender show T-1 --output json
finds '.lead == "S-1" and .quantity == 190 and (.alone | length == 3)'
expect 1 as S-2 lot decline "$laptops"

heading "Notices"
expect 2 as HUB export "$laptops" --format eforms
expect 2 as HUB export "$laptops" --format csv --with "$work/main.conf"
expect 1 as HUB export "$laptops" --format eforms --subtype 4
says "BT-501-Organization-Company Organisation Identifier: S-1 has no company_id"
says "BT-127-notice Future Notice"
is_silent out
expect 4 as HUB export main --format ocds --with "$work/none.conf"
expect 1 as S-2 export "$laptops" --format ocds
says "[NOT_YOUR_ROUND]"
expect 0 as S-1 export "$laptops" --format ocds
finds '.releases[0] | .tag == ["tender"] and .ocid == "kopgroep-main/laptop/BE2/1"'
finds '.releases[0].tender.description | contains("20.00 cent/kWh")'
says "$laptops: the notice tells how the cost over the whole life is counted"
echo 'life_cycle = "none"' >"$work/none.conf"
expect 0 as S-1 export "$laptops" --format ocds --with "$work/none.conf"
finds '.releases[0].tender.description | contains("kWh") | not'
is_silent err
expect 0 as S-1 export "$laptops" --format csv --excel
prints "main/laptop/BE2/1;launched;laptop;new"

heading "Offers: the one that lasts is cheaper a year, and is awarded with what it offered"
cat >"$work/offers.conf" <<'END'
offer "Cheap NV" { unit_price = "600.00"  lifetime_years = "3"  energy_kwh_year = "60" }
offer "Example NV" {
  unit_price = "700.00"  lifetime_years = "6"  energy_kwh_year = "30"  residual_value = "50.00"
  levels = {"warranty-years=5"}  labels = {"EPEAT"}
}
END
expect 0 as S-2 lot offers "$laptops" --output json
finds '.offers == []'
expect 1 as HUB lot award "$laptops" --offer "Example NV"
says "[NO_OFFERS]"
echo 'offer "X" { unit_price = "1,2,3" }' >"$work/bad.conf"
expect 4 as HUB lot offers "$laptops" "$work/bad.conf"
says "bad.conf:1: unit_price"
says "bad.conf:1: lifetime_years"
expect 1 as S-1 lot offers "$laptops" "$work/offers.conf"
says "[ROLE]"
expect 0 as HUB lot offers "$laptops" "$work/offers.conf"
expect 0 as S-2 lot offers "$laptops" --output json
cp "$work/out" "$work/offers.json"
cat >"$work/offers.csv" <<'END'
supplier;unit_price;lifetime_years;energy_kwh_year;residual_value;levels;labels
Cheap NV;600,00;3;60;;;
Example NV;700,00;6;30;50,00;warranty-years=5;EPEAT
END
sed 's/700,00/much/; s/^Cheap NV//' "$work/offers.csv" >"$work/bad.csv"
expect 4 as HUB lot offers "$laptops" "$work/bad.csv"
says 'bad.csv:2: supplier: "": A supplier'
says 'bad.csv:3: unit_price: "much"'
/usr/bin/python3 - "$work/offers.csv" "$work/offers.xlsx" <<'END'
import csv, sys
import openpyxl
book = openpyxl.Workbook()
for row in csv.reader(open(sys.argv[1], encoding="utf-8"), delimiter=";"):
    numbers = [c.replace(",", ".") for c in row]
    book.active.append([float(n) if n[:1].isdigit() else c for n, c in zip(numbers, row)])
book.save(sys.argv[2])
END
for file in offers.csv offers.xlsx; do
    expect 0 as HUB lot offers "$laptops" "$work/offers.conf"
    expect 0 as HUB lot offers "$laptops" "$work/$file"
    expect 0 as S-2 lot offers "$laptops" --output json
    same "$(cat "$work/out")" "$(cat "$work/offers.json")" "the same offers out of $file"
done
finds '[.offers[] | [.rank, .supplier, .meets]] ==
    [[1, "Example NV", true], [2, "Cheap NV", false]]'
finds '.offers[0].demands | any(.criterion == "warranty-years" and .verdict == "stated")'
expect 0 as S-2 lot offers "$laptops"
prints "What each offers of what the lot asks"
expect 0 as S-2 lot offers "$laptops" --output csv
prints "1,Example NV,"
prints "2,Cheap NV,"
expect 1 as HUB lot award "$laptops" --offer "Nobody NV"
says "No offer of 'Nobody NV'"
expect 2 as HUB lot award "$laptops" --offer "Example NV" --supplier "Example NV"

heading "An award"
expect 1 as HUB lot award "$laptops" --supplier "Example NV" --levels "warranty-years=9"
says "[UNKNOWN_LEVEL]"
expect 1 as HUB lot award "$laptops" --supplier "Example NV" --levels "warranty-years=2"
says "[LEVELS_BELOW]"
expect 2 as HUB lot award "$laptops" --supplier "Example NV" --levels "warranty-years"
expect 2 as HUB lot award "$laptops" --supplier "Example NV" --unit-price 7,5e
expect 0 as HUB lot award "$laptops" --offer "Example NV"
lot_is "$laptops" awarded
expect 0 as S-2 lot show "$laptops" --output json
finds '.award | .supplier == "Example NV" and .unit_price == "700.00" and .evidence == "EPEAT"'
finds '.award.delivered["warranty-years"] == "5"'
expect 1 as HUB lot award "$laptops" --supplier "Example NV"
says "[LOT_STATE]"

heading "Call-offs, down to zero"
expect 2 as S-1 lot call-off "$laptops" --quantity 0
expect 1 as S-1 lot call-off "$laptops" --quantity 191
says "[ABOVE_MAXIMUM]"
expect 0 as S-1 lot call-off "$laptops" --quantity 90
expect 1 as S-4 lot call-off "$laptops" --quantity 1
says "[NOT_A_MEMBER]"
hub lot call-off "$laptops" --quantity 60 --for S-2
expect 1 as S-3 lot call-off "$laptops" --quantity 41
says "[ABOVE_MAXIMUM]"
expect 0 as S-3 lot call-off "$laptops" --quantity 40
lot_is "$laptops" exhausted
expect 1 as S-3 lot call-off "$laptops" --quantity 1
says "[LOT_STATE]"

heading "Every step stands in the feeds"
# feed ORGANISATION KIND...: exactly these, numbered from 1 on.
feed() {
    expect 0 as "$1" watch --once --output json
    finds '[.[].number] == [range(1; length + 1)]'
    shift
    same "$(jq -r 'map(.kind) | join(" ")' "$work/out")" "$*" "feed"
}
rounds="registered plan-taken round-opened round-closed lines-claimed round-cancelled"
rounds="$rounds round-opened round-extended"
# shellcheck disable=SC2086
feed S-1 $rounds plan-taken round-closed lines-claimed line-placed line-placed \
    lines-read lot-confirming lot-confirming lot-confirmed lot-confirmed round-concluded \
    lot-failed line-unplaced tender-launched lot-offers lot-offers lot-offers lot-offers \
    lot-offers lot-awarded lot-called-off lot-called-off lot-called-off lot-exhausted
# shellcheck disable=SC2086
feed S-4 $rounds line-withdrawn round-closed lines-claimed line-placed lines-read \
    lot-confirming lot-answered line-unplaced round-concluded
expect 0 as S-1 watch --once --since 29 --output json
finds 'map(.number) == [30, 31, 32]'

heading "The log tells nothing of what they plan"
! cat "$work"/broker.*.log | grep -E '[LMW]-1|laptop|monitor|800\.00|quantity|value' >"$work/out" ||
    fail "it does"

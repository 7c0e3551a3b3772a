#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Wrong files are refused whole, with every mistake named at once, and nothing is stored; who is
# not let in learns the likely cause within 5 s.
. "$(dirname "$0")/common.sh"

found
start
enrol S-1
enrol S-HUB coordinator

nothing_is_stored() {
    expect 0 as S-1 lines --output json
    finds '. == []'
}

# refused TEXT...: the plan is refused for all of these, by file and row.
refused() {
    local text
    expect 4 as S-1 submit "$file"
    is_silent out
    for text in "$@"; do
        says "$text"
    done
}

heading "Every kind of mistake in one plan"
file=$work/plan.csv
from=$(day 160) to=$(day 300)
cat >"$file" <<END
line,title,cpv,category,condition,quantity,quantity_min,quantity_max,unit_price_max,value,\
currency,delivery_from,delivery_to,order_by,nuts,languages,track,commitment,\
criteria,accepts,profile,lifetime_years
G-1,good,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
,no key,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
G-1,twice,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
B-04,cpv,3021,,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
B-05,category,,toaster,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
B-06,category of another cpv,30231300,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
B-07,condition,,laptop,old,10,,,800.00,,,$from,$to,,BE211,,,,,,,
B-08,quantity,,laptop,,ten,,,800.00,,,$from,$to,,BE211,,,,,,,
B-09,order of quantities,,laptop,,10,20,,800.00,,,$from,$to,,BE211,,,,,,,
B-10,money,,laptop,,10,,,8e2,,,$from,$to,,BE211,,,,,,,
B-11,no value,39000000,,,10,,,,,,$from,$to,,BE211,,,,,,,
B-12,currency,,laptop,,10,,,800.00,,USD,$from,$to,,BE211,,,,,,,
B-13,date,,laptop,,10,,,800.00,,,2027-02-30,$to,,BE211,,,,,,,
B-14,order of dates,,laptop,,10,,,800.00,,,$to,$from,,BE211,,,,,,,
B-15,nuts,,laptop,,10,,,800.00,,,$from,$to,,BE999,,,,,,,
B-16,language,,laptop,,10,,,800.00,,,$from,$to,,BE211,dutch,,,,,,
B-17,track,,laptop,,10,,,800.00,,,$from,$to,,BE211,,bus,,,,,
B-18,commitment,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,maybe,,,,
B-19,criterion,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,colour=blue,,,
B-20,level,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,warranty-years=4,,,
B-21,order of levels,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,warranty-years=5,warranty-years=2,,
B-22,profile,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,gold,
B-23,lifetime,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,99
B-24,too many fields,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,5,more
B-25,missing dates,,laptop,,10,,,800.00,,,,,,BE211,,,,,,,
$(printf 'K%.0s' {1..65}),long key,,laptop,,10,,,800.00,,,$from,$to,,BE211,,,,,,,
END
refused "$file:3: line:" "$file:4: line: \"G-1\":" "$file:5: cpv: \"3021\":" \
    "$file:6: category: \"toaster\":" "$file:7: " "$file:8: condition: \"old\":" \
    "$file:9: quantity: \"ten\":" "$file:10: quantity_min: \"20\":" \
    "$file:11: unit_price_max: \"8e2\":" "$file:12: " "$file:13: currency: \"USD\":" \
    "$file:14: delivery_from: \"2027-02-30\":" "$file:15: delivery_" "$file:16: nuts: \"BE999\":" \
    "$file:17: languages: \"dutch\":" "$file:18: track: \"bus\":" \
    "$file:19: commitment: \"maybe\":" "$file:20: criteria: " "$file:21: criteria: " \
    "$file:22: " "$file:23: profile: \"gold\":" "$file:24: lifetime_years: \"99\":" \
    "$file:25: " "$file:26: delivery_from:" "$file:26: delivery_to:" \
    "$file:27: line:" "in 25 of 26 rows; nothing was sent." \
    [LINE_KEY] [DUPLICATE_LINE] [CPV] [UNKNOWN_CATEGORY] [CATEGORY_CPV] [CONDITION] [QUANTITY] \
    [VALUE] [NO_VALUE] [CURRENCY] [DATE] [DATE_ORDER] [NUTS] [LANGUAGE] [TRACK] [COMMITMENT] \
    [UNKNOWN_CRITERION] [UNKNOWN_LEVEL] [LEVEL_ORDER] [UNKNOWN_PROFILE] [LIFETIME] [FIELD_COUNT] \
    [MISSING]
expect 4 as S-1 submit "$file" --dry-run
nothing_is_stored

heading "Headers"
echo "line,category,quantity,unit_price_max,delivery_from,nuts" >"$file"
echo "L-1,laptop,10,800.00,$from,BE211" >>"$file"
refused "delivery_to" "[MISSING]"
echo "$plan_header,colour" >"$file"
refused "colour" "[UNKNOWN_COLUMN]"
echo "$(plan_line L-1 | sed 's/,BE211,/,BE999,/')," >>"$file"
refused "[UNKNOWN_COLUMN]" "[NUTS]" \
    "Problems: 2, in the headings and in 1 of 1 rows; nothing was sent."
echo "$plan_header,line" >"$file"
refused "[DUPLICATE_COLUMN]"
plan "$file"
refused "[EMPTY]"

heading "Files that are no plans"
plan "$work/good.csv" L-1
: >"$file"
refused "$file" "[EMPTY]" "kopgroep: Problems: 1; nothing was sent."
refused_once() {
    expect 4 as S-1 submit "$1"
    same "$(wc -l <"$work/err")" 2 "problems and the sum of them"
    says "$2"
}
refused_once "$KOPGROEP_SOURCE/README.md" \
    "The first row has none of the columns of a plan: line title"
iconv -t UTF-16 "$work/good.csv" >"$file"
refused "$file" "[ENCODING]"
head -c 4096 "$KOPGROEP" >"$file"
refused "$file"
{ cat "$work/good.csv"; printf 'L-2,lap\xfftop,1,1,%s,%s,BE211,peloton,binding\n' "$from" "$to"; } \
    >"$file"
refused "$file:3:" "[ENCODING]"
expect 4 as S-1 submit "$work"
says "$work"
nothing_is_stored

heading "A round file"
round_file r1 >"$work/good.conf"
sed -e 's/"laptop"/"toaster"/' -e 's/"BE"/"XX"/' -e 's/bodies_min = 3/bodies_max = 3/' \
    -e 's/closes = .*/closes = "tomorrow"/' "$work/good.conf" >"$work/bad.conf"
expect 4 as S-HUB round open "$work/bad.conf"
says "$work/bad.conf:3: categories: \"toaster\":"
says "$work/bad.conf:4: nuts: \"XX\":"
says "$work/bad.conf:6: round: \"bodies_max\":"
says "closes: \"tomorrow\":"
head -n 5 "$work/good.conf" >"$work/bad.conf"
expect 4 as S-HUB round open "$work/bad.conf"
says "$work/bad.conf:"
sed -e 's/bodies_min = 3/bodies_min = 2/' "$work/good.conf" >"$work/bad.conf"
expect 1 as S-HUB round open "$work/bad.conf"
says "[BODIES_MIN]"
sed -e "s/award_by = .*/award_by = \"$(day 20)\"/" "$work/good.conf" >"$work/bad.conf"
expect 4 as S-HUB round open "$work/bad.conf"
says "[ROUND_DATES]"
expect 0 as S-HUB round list --output json
finds '. == []'

heading "An organisations file"
sed -e 's/"BE211"/"BE21X"/' -e 's/languages = .*/languages = {"dutch"}/' \
    -e 's/legal_type/legal_kind/' -e 's/S-1/S 2/' "$work/S-1.conf" >"$work/bad.conf"
expect 4 as administrator register "$work/bad.conf"
says "$work/bad.conf:1: "
says "[ORGANISATION]"
says "\"BE21X\""
says "\"dutch\""
says "$work/bad.conf:3: organisation: \"legal_kind\":"
echo "no key" >"$work/bad.pub"
expect 4 as administrator register "$work/S-1.conf" --id S-1 --key "$work/bad.pub"
says "bad.pub is not a public key file"
expect 2 as administrator register "$work/S-1.conf" --id S-1 --key "$keys/S-1.key.pub" --roles king
says "king"
expect 2 as administrator register "$work/S-1.conf" --id S-9 --key "$keys/S-1.key.pub"
says "is the key of S-1, not of S-9"
expect 4 as administrator register "$work/S-1.conf" --id S-9
says "S-9"

heading "Settings and catalogue"
cp "$broker/broker.conf" "$work/settings.conf"
sed -e 's/^reference_price.*//' -e 's/type = "technical"/type = "legal"/' \
    "$broker/catalogue.conf" >"$work/catalogue.conf"
expect 4 "$KOPGROEPD" check-config "$work/settings.conf"
says "$work/catalogue.conf:"
says '"legal"'
printf 'listen_request = "tcp://127.0.0.1:1"\nthreads = 0\n' >>"$work/settings.conf"
expect 4 "$KOPGROEPD" check-config "$work/settings.conf"
says "$work/settings.conf:6:"
says "threads: \"0\":"
expect 2 "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" \
    --requests 'tcp://0.0.0.0:*' "$work/everywhere"
says "--public-host"
sed 's#^listen_requests.*#listen_requests = "tcp://0.0.0.0:1"#' "$broker/broker.conf" \
    >"$work/settings.conf"
expect 4 "$KOPGROEPD" check-config "$work/settings.conf"
says "public_host: The broker listens on every address"
printf 'public_host = "tcp://here:1"\n' >>"$work/settings.conf"
expect 4 "$KOPGROEPD" check-config "$work/settings.conf"
says "no scheme, no port"

# refused_entry STATUS TEXT COMMAND...: within 5 s and what a busy machine needs beside.
refused_entry() {
    local status=$1 text=$2 begun=$SECONDS
    shift 2
    expect "$status" "$@"
    says "$text"
    [ $((SECONDS - begun)) -le 25 ] || fail "it took $((SECONDS - begun)) s"
}

heading "Identities"
chmod 0644 "$keys/S-1.key"
refused_entry 4 "chmod 600 $keys/S-1.key" as S-1 lines
chmod 0600 "$keys/S-1.key"
export KOPGROEP_PASSPHRASE="right enough"
expect 0 "$KOPGROEP" keygen S-2 --file "$keys/S-2.key" --passphrase --quiet
unset KOPGROEP_PASSPHRASE
refused_entry 4 "passphrase" as S-2 lines
refused_entry 4 "passphrase" env KOPGROEP_PASSPHRASE="wrong enough" \
    KOPGROEP_IDENTITY="$keys/S-2.key" "$KOPGROEP" lines
refused_entry 3 "does not know the key of" env KOPGROEP_PASSPHRASE="right enough" \
    KOPGROEP_IDENTITY="$keys/S-2.key" "$KOPGROEP" lines

heading "Another broker's access file"
"$KOPGROEPD" init --catalogue "$broker/catalogue.conf" "$work/other" >/dev/null
sed "s#^requests = .*#$(grep '^requests = ' "$broker/broker.access")#" \
    "$work/other/broker.access" >"$work/mixed.access"
grep -q "$(grep '^requests = ' "$broker/broker.access")" "$work/mixed.access"
refused_entry 3 "it is not the broker of your access file" as S-1 lines \
    --broker "$work/mixed.access"
sed "s#^deployment = .*#$(grep '^deployment = ' "$work/other/broker.access")#" \
    "$broker/broker.access" >"$work/mixed.access"
expect 1 as S-1 lines --broker "$work/mixed.access"
says "[DEPLOYMENT]"

heading "Nobody listens"
stop
refused_entry 3 "Nobody answers at tcp://127.0.0.1:" as S-1 lines

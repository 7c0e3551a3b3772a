#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Answers as workbooks: what is shown, with dates as dates and numbers as numbers, never a formula.
# All open in openpyxl and, with KOPGROEP_OFFICE=1, in LibreOffice.
. "$(dirname "$0")/common.sh"

sheets() {
    /usr/bin/python3 "$KOPGROEP_SOURCE/tests/scenario/sheets.py" "$@"
}

# keeps FILE: what was printed is a workbook.
keeps() {
    cp "$work/out" "$1"
}

found
start
enrol HUB coordinator
cd "$work"
for id in S-1 S-2 S-3; do
    enrol "$id"
    plan "$id.csv" "2027-01-31 laptop 1234 peloton binding" "L-2 monitor 1 peloton binding"
    as "$id" submit "$id.csv" --quiet
done
sed 's/2027-01-31/=1+1/' S-1.csv >formula.csv
as S-1 submit formula.csv --quiet
round_file main >main.conf
as HUB round open main.conf --quiet
as HUB round close main --quiet
as HUB round propose main --quiet
lot=main/laptop/BE2/1

heading "Lists"
expect 0 as S-1 lines --output xlsx
keeps lines.xlsx
expect 0 as HUB round list --output xlsx
keeps rounds.xlsx
expect 0 as HUB volume --by category,month --output xlsx
keeps volume.xlsx
expect 0 sheets lines lines.xlsx
expect 0 sheets rounds rounds.xlsx
expect 0 sheets volume volume.xlsx

heading "One thing, with its tables on sheets of their own"
expect 0 as HUB lot show "$lot" --output xlsx
keeps lot.xlsx
expect 0 as S-1 explain L-2 --output xlsx
keeps explain.xlsx
expect 0 sheets lot lot.xlsx
expect 0 sheets explain explain.xlsx
expect 0 env -u LC_ALL LANG=nl_BE.UTF-8 KOPGROEP_IDENTITY="$keys/HUB.key" "$KOPGROEP" lot show \
    "$lot" --output xlsx
keeps lot-nl.xlsx
expect 0 sheets dutch lot-nl.xlsx

heading "Exports"
expect 0 as HUB export main --format xlsx
keeps round.xlsx
expect 0 as HUB export main
cp out round.json
expect 0 sheets round round.xlsx round.json
expect 0 as HUB export "$lot" --format xlsx
keeps one-lot.xlsx
expect 0 sheets one_lot one-lot.xlsx
expect 1 as S-2 export main --format xlsx
is_silent out

heading "A receipt, and codes"
expect 0 as S-1 withdraw L-2 --output xlsx
keeps receipt.xlsx
expect 0 sheets receipt receipt.xlsx
expect 0 "$KOPGROEP" explain --code LINE_CLAIMED --output xlsx
keeps code.xlsx
expect 0 sheets code code.xlsx

heading "Into a file; the same answer gives the same bytes"
expect 0 as HUB export main --format xlsx --out round-2.xlsx
is_silent out
cmp round.xlsx round-2.xlsx || fail "the same round, other bytes"
expect 0 as S-1 lines --out lines-2.xlsx
expect 0 as S-1 lines --output xlsx
cmp out lines-2.xlsx || fail "the same lines, other bytes"
expect 4 as S-1 lines --out lines-2.xlsx
says "lines-2.xlsx is there already"
expect 4 as S-1 lines --out none/lines.xlsx
says "cannot be written"
expect 2 as S-1 lines --output csv --out lines.csv
says "--out goes with --output xlsx"
expect 2 as HUB export main --format json --out round.txt
says "--out goes with --format xlsx"
expect 2 as S-1 catalogue --out catalogue.xlsx
says "it has no table for a workbook"

heading "Where there is no table, or no place"
expect 2 as S-1 watch --output xlsx
says "--output is table, json or csv here"
expect 2 as HUB lot list main --result --output xlsx
says "--output is table, json or csv here"
expect 2 as HUB lines --output pdf
says "table, json, csv or xlsx"
expect 4 env TMPDIR="$work/none" "$KOPGROEP" explain --code LINE_CLAIMED --output xlsx
says "cannot be written"
expect 2 script -qec "$KOPGROEP explain --code LINE_CLAIMED --output xlsx" /dev/null
grep -q "a workbook is no text" "$work/out" || fail "a workbook went to a terminal"

if [ -n "${KOPGROEP_OFFICE:-}" ]; then
    heading "LibreOffice opens them"
    expect 0 soffice --headless --convert-to ods --outdir office ./*.xlsx
    for file in *.xlsx; do
        [ -s "office/${file%.xlsx}.ods" ] || fail "$file does not open"
    done
fi

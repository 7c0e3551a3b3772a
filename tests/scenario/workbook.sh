#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A plan as a workbook: from a template, filled in, to accepted lines; bad rows come back marked,
# are mended there and accepted. What is written opens in openpyxl and, with KOPGROEP_OFFICE=1, in
# LibreOffice, and what that saves is the same plan.
. "$(dirname "$0")/common.sh"

# By Debian's own python, for which the package of openpyxl is.
book() {
    /usr/bin/python3 "$KOPGROEP_SOURCE/tests/scenario/workbook.py" "$@"
}

found
start
enrol S-1
catalogue=$KOPGROEP_SOURCE/config/catalogue.conf
cd "$work"

heading "A template in four languages, by the broker's catalogue or a file"
expect 0 as S-1 template --language nl --out nl.xlsx
for language in fr de en; do
    expect 0 "$KOPGROEP" template --catalogue "$catalogue" --language $language --category laptop \
        --nuts BE2 --out $language.xlsx
done
expect 0 book look nl.xlsx nl fr.xlsx fr de.xlsx de en.xlsx en
expect 4 as S-1 template --out nl.xlsx
says "cannot be made: File exists."
expect 2 as S-1 template --language es --out es.xlsx
expect 2 as S-1 template --category toaster --out t.xlsx
expect 2 as S-1 template --nuts XX --out t.xlsx
expect 2 as S-1 template

heading "Filled in"
book fill nl.xlsx filled-nl.xlsx fr.xlsx filled-fr.xlsx de.xlsx filled-de.xlsx \
    en.xlsx filled-en.xlsx
for language in nl fr de en; do
    expect 0 as S-1 submit filled-$language.xlsx --dry-run
    says "2 lines are right"
done
expect 0 as S-1 submit filled-nl.xlsx
expect 0 as S-1 lines --output json
finds 'length == 2'
finds '.[0] | .line == "W-1" and .title == "two rows" and .quantity == 12 and .track == "kopgroep"'
cp "$work/out" lines.json

heading "Bad rows come back"
book fill_wrong nl.xlsx bad.xlsx
sum=$(sha256sum bad.xlsx)
expect 4 as S-1 submit bad.xlsx --dry-run
says 'bad.xlsx:2: quantity: "twaalf"'
says 'bad.xlsx:2: criteria:warranty-years: "4"'
says 'bad.xlsx:5: nuts: "BE999"'
says 'bad.xlsx:5: delivery_to: '
says "bad.problems.xlsx shows them in your rows."
expect 4 as S-1 submit bad.xlsx
says "bad.problems-2.xlsx shows them"
same "$(sha256sum bad.xlsx)" "$sum" "the original"
expect 0 book marked bad.problems.xlsx mended.xlsx
expect 0 as S-1 submit mended.xlsx --dry-run
says "2 lines are right"

heading "A workbook that was never a template's"
sent=$KOPGROEP_SOURCE/tests/workbook/books/shared.xlsx
expect 0 as S-1 submit "$sent" --dry-run

heading "A million empty rows"
book rows nl.xlsx rows.xlsx
expect 4 as S-1 submit rows.xlsx
says "more than 200000 rows"
[ ! -e rows.problems.xlsx ] || fail "a workbook was written for no row"

heading "A CSV runs nothing in a spreadsheet"
printf '%s,title\n%s,%s\n' "$plan_header" "$(plan_line -5)" '"=HYPERLINK(""x"")"' >formula.csv
expect 0 as S-1 submit formula.csv
expect 0 as S-1 lines --output csv
prints "\"'=HYPERLINK(\"\"x\"\")\""
grep -q '^-5,' "$work/out" || fail "a number was changed"

# Starting it takes longer than all the rest: only where it is asked for.
[ -n "${KOPGROEP_OFFICE:-}" ] || exit 0

heading "LibreOffice opens all of it, and saves the same plan"
mkdir saved
HOME=$work timeout 120 soffice --headless --convert-to xlsx --outdir saved nl.xlsx fr.xlsx \
    filled-nl.xlsx bad.problems.xlsx mended.xlsx >office.log 2>&1 || fail "$(cat office.log)"
for file in nl fr filled-nl bad.problems mended; do
    [ -s saved/$file.xlsx ] || fail "$file.xlsx was not opened: $(cat office.log)"
done
expect 0 as S-1 submit saved/mended.xlsx --dry-run
expect 4 as S-1 submit saved/bad.problems.xlsx
says 'saved/bad.problems.xlsx:5: nuts: "BE999"'
expect 0 as S-1 submit saved/filled-nl.xlsx
says "2 unchanged"
expect 0 as S-1 lines --output json
same "$(jq -S 'map(select(.line != "-5"))' "$work/out")" "$(jq -S . lines.json)" "the lines"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A record of the journal is damaged: the commands of kopgroepd-journal(7) bring back all that was
# backed up, and all that is sound before it, whether there is a backup or not.
. "$(dirname "$0")/common.sh"

found
start
enrol S-1
submits() {
    local key
    for key in "$@"; do
        plan "$work/plan.csv" "$key laptop 1"
        as S-1 submit "$work/plan.csv" --quiet
    done
}
submits L-1 L-2
mkdir "$work/backup"
expect 0 "$KOPGROEPD" journal backup "$broker" "$work/backup/2027-01-31"
submits L-3 L-4 Damaged L-6
stop

heading "It is found"
for at in $(grep -obUa Damaged "$broker/journal/data.mdb" | cut -d: -f1); do
    printf 'X' | dd of="$broker/journal/data.mdb" bs=1 seek="$at" conv=notrunc status=none
done
expect 1 "$KOPGROEPD" journal verify "$broker"
says "record 8 is damaged"
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says "event=journal-failed"

heading "The backup, and what is sound after it"
page_block "COMING BACK" "SEE ALSO" 2 >"$work/out" 2>"$work/err" || fail "the page's commands"
says "record 8 is damaged"
same "$(tail -n 2 "$work/out" | head -n 1)" "records 7" "brought back"
expect 0 "$KOPGROEPD" journal verify "$broker"
start
expect 0 as S-1 lines --output json
finds 'map(.line) == ["L-1","L-2","L-3","L-4"]'
plan "$work/plan.csv" "L-7 laptop 1"
expect 1 as S-1 submit "$work/plan.csv" # it is taken; and a member is told that receipts were lost
says "[HISTORY_SHORTER]"
stop

heading "Without a backup, too"
mkdir -m 0700 "$work/bare"
cp "$broker"/broker.{key,conf} "$broker/catalogue.conf" "$work/bare"
"$KOPGROEPD" journal follow --once "$broker/journal.damaged" 2>"$work/err" |
    "$KOPGROEPD" journal receive "$work/bare" >"$work/out" || true
same "$(head -n 1 "$work/out")" "records 7" "brought back"
expect 0 "$KOPGROEPD" journal verify "$work/bare"

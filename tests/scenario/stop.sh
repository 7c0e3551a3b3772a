#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Starting and stopping, one broker a folder, a changed catalogue, and what an administrator runs
# beside the broker.
. "$(dirname "$0")/common.sh"

heading "init"
mkdir "$broker"
touch "$broker/something"
expect 4 "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" "$broker"
says "it is not empty; name a new one"
same "$(ls "$broker")" something "the folder"
rm "$broker/something"
expect 4 "$KOPGROEPD" init --catalogue "$work/absent.conf" "$broker"
same "$(ls "$broker")" "" "the folder"
found
expect 4 "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" "$broker"
for secret in broker.key administrator.key; do
    same "$(stat -c %a "$broker/$secret")" 600 "mode of $secret"
done
expect 0 "$KOPGROEPD" check-config "$broker/broker.conf"
prints "$broker/broker.conf: fine."
prints "$broker/catalogue.conf: fine."

heading "SIGTERM and SIGINT stop it cleanly"
start
enrol S-1
plan "$work/plan.csv" L-1 "T-1 training 5"
expect 0 as S-1 submit "$work/plan.csv"
stop
logged "event=stopped head=4"
start
logged "event=replayed records=4"
stop INT
logged "event=stopped head=4"

heading "A second broker on the same folder"
start
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says "event=journal-failed"
expect 0 as S-1 lines --output json
finds 'length == 2'

heading "Backup while it runs, verify, restore"
expect 0 "$KOPGROEPD" journal backup "$broker" "$work/backup"
prints "records 4"
expect 4 "$KOPGROEPD" journal backup "$broker" "$work/backup"
expect 0 "$KOPGROEPD" journal verify "$work/backup"
cp "$work/out" "$work/verified"
sed "s/L-1,/L-2,/" "$work/plan.csv" >"$work/later.csv"
expect 0 as S-1 submit "$work/later.csv"
expect 0 "$KOPGROEPD" journal verify "$broker"
prints "records 5"
expect 0 "$KOPGROEPD" journal dump "$broker" --from 4 --to 5
same "$(jq -c .sequence "$work/out" | tr '\n' ' ')" "4 5 " "records shown"
expect 0 "$KOPGROEPD" doctor -c "$broker/broker.conf"
stop
expect 0 "$KOPGROEPD" doctor "$broker"
! grep -q '^FAIL' "$work/out" || fail "the doctor found something"
mv "$broker/journal" "$work/lost"
expect 1 "$KOPGROEPD" doctor "$broker"
prints "FAIL  journal      none, though broker.key is there"
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says "event=journal-failed"
expect 0 "$KOPGROEPD" journal restore "$work/backup" "$broker/journal"
expect 0 "$KOPGROEPD" journal verify "$broker"
cmp -s "$work/out" "$work/verified" || fail "not the journal that was backed up"
start
expect 0 as S-1 lines --output json
finds 'map(.line) == ["L-1", "T-1"]'
stop

heading "A changed catalogue"
sed -i 's/Garantie en service, in jaren/Garantie, in jaren/' "$broker/catalogue.conf"
start
logged "event=decided kind=catalogue.* sequence=5"
expect 0 as S-1 catalogue
cmp -s "$work/out" "$broker/catalogue.conf" || fail "the catalogue is another"
stop
start
logged "event=replayed records=5"
! grep -q kind=catalogue "$broker_log" || fail "the same catalogue was journalled again"
stop

heading "A catalogue that drops what lines use, or is wrong"
cp "$broker/catalogue.conf" "$work/catalogue.conf"
sed '/^category "training"/,/^}/d' "$work/catalogue.conf" >"$broker/catalogue.conf"
grep -q '"training"' "$broker/catalogue.conf" && fail "the category is still there"
expect 0 "$KOPGROEPD" check-config "$broker/broker.conf"
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
says "event=catalogue-refused status=CATALOGUE_IN_USE"
says training
echo 'category "laptop" { colour = "blue" }' >>"$broker/catalogue.conf"
expect 4 "$KOPGROEPD" check-config "$broker/broker.conf"
says colour
expect 4 "$KOPGROEPD" run -c "$broker/broker.conf"
cp "$work/catalogue.conf" "$broker/catalogue.conf"
start
expect 0 as S-1 lines --output json
finds 'length == 2'

heading "A client that is cut off by the stop"
begin S-1 watch
has_entry() {
    [ -s "$work/begun.out" ]
}
wait_for "an entry" has_entry
stop
logged "event=stopped head=5"
kill -TERM "$begun"
ends 0

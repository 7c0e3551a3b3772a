#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Sealed backups, by the very commands of kopgroepd-journal(7): a file a night, and back from them
# on another machine. What is sealed tells nothing; what is missing or changed is found out.
. "$(dirname "$0")/common.sh"

command -v age >/dev/null || { echo "skipped: age is not installed"; exit 77; }
page_command() {
    page_block "SEALED BACKUPS" "COMING BACK" "$@"
}

found
start
enrol S-1
plan "$work/plan.csv" "Secret-name laptop 1"
expect 0 as S-1 submit "$work/plan.csv"

heading "A file a night, beside the broker"
expect 0 page_command 1
expect 0 page_command 2
expect 0 page_command 3
same "$(ls "$work/backup")" "$(printf '000000000001.age\nnext\nsettings.age')" "files"
plan "$work/plan.csv" "L-2 laptop 2"
expect 0 as S-1 submit "$work/plan.csv"
expect 0 page_command 3
expect 0 page_command 3 # nothing came
! grep -qaE "Secret-name|S-1" "$work"/backup/*.age || fail "it can be read"

heading "Back on another machine"
expect 0 as S-1 lines --output json
cp "$work/out" "$work/lines"
stop KILL 137
expect 0 "$KOPGROEPD" journal verify "$broker"
cp "$work/out" "$work/verified"
mv "$broker" "$work/lost"
expect 0 page_command 4
cmp -s <(tail -n 3 "$work/out") "$work/verified" || fail "another history"
start
expect 0 as S-1 lines --output json
cmp -s "$work/lines" "$work/out" || fail "other lines"
expect 0 as S-1 audit
stop

heading "A night is missing, or was changed"
mkdir "$work/kept"
mv "$work/backup/000000000001.age" "$work/kept"
expect 4 page_command 4 "$work/third"
says "the stream goes on with record"
cp "$work/kept/000000000001.age" "$work/backup"
printf 'x' | dd of="$work/backup/000000000001.age" bs=1 seek=2000 conv=notrunc status=none
rm -r "$work/third"
! page_command 4 "$work/third" >"$work/out" 2>"$work/err" || fail "what was changed was opened"

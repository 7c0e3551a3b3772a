#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# What witnesses cosigned outlives the broker, however it ends; and what is not theirs, or not of
# this history, is left out of it, and keeps no broker from starting.
. "$(dirname "$0")/common.sh"

kept=$broker/broker.cosignatures

# is_kept ORGANISATION...: the file names them, and no others.
is_kept() {
    [ "$(tail -n +2 "$kept" 2>/dev/null | cut -d ' ' -f 1 | sort | tr '\n' ' ')" = "$* " ]
}

# vouched ORGANISATION...: the witnesses of the head, for a member that has seen nothing before.
vouched() {
    find "$keys" -name "S-1.key.*.head" -delete
    expect 0 as S-1 audit --output json
    same "$(jq -r '.cosignatures | map(.organisation) | sort | join(" ")' "$work/out")" "$*"
}

cosigned() {
    local id
    for id in "$@"; do
        expect 0 as "$id" witness --quiet
    done
}

# starts_with TAKEN LEFT-OUT: what the log says of the file.
starts_with() {
    start
    logged "event=cosignatures-read taken=$1 left_out=$2"
}

found
start
enrol W-1 witness
enrol W-2 witness
enrol W-3 witness
enrol S-1
plan "$work/plan.csv" L-1
expect 0 as S-1 submit "$work/plan.csv"
[ ! -e "$kept" ] || fail "nobody has cosigned yet"

heading "Kept, however it ends"
cosigned W-1
wait_for "the file" is_kept W-1
stop KILL 137
starts_with 1 0
vouched W-1
expect 0 as S-1 audit --witness "$keys/W-1.key.pub"
cosigned W-2 W-3
stop
is_kept W-1 W-2 W-3 || fail "not all are kept"
starts_with 3 0
vouched W-1 W-2 W-3
same "$(stat -c %a "$kept")" 600 "the file's mode"

heading "A newer one takes an older one's place"
expect 0 as S-1 withdraw L-1
cosigned W-1
stop
same "$(grep -c '^W-1 ' "$kept")" 1 "cosignatures of W-1"
starts_with 3 0
vouched W-1 W-2 W-3
stop
cp "$kept" "$work/good"

heading "A damaged byte costs what it is in, wherever it is"
bytes=$(stat -c %s "$work/good")
first=$(head -n 1 "$work/good" | wc -c)
line=$(sed -n 2p "$work/good" | wc -c)
for at in 0 $((first + 2)) $((first + 7)) $((first + 70)) $((first + 72)) $((first + 90)) \
    $((first + line - 100)) $((first + line - 2)) $((first + line - 1)) $((bytes - 2)); do
    cp "$work/good" "$kept"
    printf '\001' | dd of="$kept" bs=1 seek="$at" conv=notrunc 2>/dev/null
    start
    grep -qE 'event=cosignatures-read taken=[012] left_out=[12]$' "$broker_log" ||
        fail "byte $at: $(grep cosignatures "$broker_log")"
    stop KILL 137
done
head -c $((bytes - 40)) "$work/good" >"$kept"
starts_with 2 1
mapfile -t whole < <(sed -n '2,3p' "$work/good" | cut -d ' ' -f 1 | sort)
vouched "${whole[@]}"
stop KILL 137
head -c 100000 /dev/urandom >"$kept"
start
logged "event=cosignatures-read taken=0 left_out=1"
vouched ""
stop KILL 137
: >"$kept"
start
stop KILL 137
rm "$kept"
start
vouched ""
! grep -q cosignatures "$broker_log" || fail "there was no file"
stop KILL 137
mkdir "$kept"
start
vouched ""
cosigned W-1
vouched W-1
logged event=cosignatures-not-kept
stop
rmdir "$kept"

heading "Named as another's"
sed 's/^W-1 /S-1 /' "$work/good" >"$kept"
starts_with 2 1
stop KILL 137
sed 's/^W-1 /W-9 /' "$work/good" >"$kept"
starts_with 2 1
stop KILL 137

heading "A journal that does not have these heads"
cp "$work/good" "$kept"
starts_with 3 0
expect 0 "$KOPGROEPD" journal backup "$broker" "$work/backup"
expect 0 as S-1 submit "$work/plan.csv"
cosigned W-1 W-2
stop
mv "$broker/journal" "$work/whole"
expect 0 "$KOPGROEPD" journal restore "$work/backup" "$broker/journal"
starts_with 1 2
vouched W-3
stop KILL 137
rm -r "$broker/journal"
mv "$work/whole" "$broker/journal"

heading "A key that is gone"
cp "$work/good" "$kept"
starts_with 3 0
expect 0 as administrator key revoke "$keys/W-2.key.pub" --organisation W-2
vouched W-1 W-3
stop KILL 137
starts_with 2 1
vouched W-1 W-3
stop

heading "A file of another deployment"
cp "$work/good" "$work/foreign"
rm -r "$broker" "$keys"
mkdir "$keys"
found
start
enrol W-1 witness
enrol S-1
stop
cp "$work/foreign" "$kept"
starts_with 0 3
vouched ""
cosigned W-1
vouched W-1
stop

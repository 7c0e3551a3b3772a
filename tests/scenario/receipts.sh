#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Receipts prove what was accepted; a broker that drops, alters, reorders, forks or forgets is found
# out by whoever asks, and an honest one passes.
. "$(dirname "$0")/common.sh"

: "${KOPGROEP_REWRITE:?}"

# The history that every lie is made of: S-1 has a receipt, S-2 another, then come more.
found
start
enrol W-1 witness
enrol W-2 witness
enrol S-1
enrol S-2
enrol S-3 reader
enrol S-4
plan "$work/one.csv" HONEST-1 HONEST-2
plan "$work/two.csv" OTHER-1
plan "$work/more.csv" MORE-1

heading "A receipt"
expect 0 as S-1 submit "$work/one.csv" --receipt "$work/one.receipt" --output json
finds '.sequence > 0'
one=$(jq .sequence "$work/out")
jq -e '.kopgroep_receipt == 1 and (.inclusion | length > 0)' "$work/one.receipt" >/dev/null ||
    fail "not the form of a receipt"
same "$(stat -c %a "$work/one.receipt")" 600
expect 4 as S-1 withdraw HONEST-2 --receipt "$work/one.receipt"
says "is there already; nothing was sent"
expect 0 as S-1 lines --output json
finds 'map(.line) == ["HONEST-1", "HONEST-2"]'
expect 0 as S-2 submit "$work/two.csv" --receipt "$work/two.receipt" --quiet
two=$((one + 1))

heading "It is verified, by anybody"
expect 0 as S-1 verify "$work/one.receipt" --output json
finds ".[0].sequence == $one and .[0].organisation == \"S-1\" and .[0].kind == \"submit\""
finds ".[0].proven_size >= $two"
expect 0 "$KOPGROEP" verify "$work/one.receipt" --offline
prints "S-1"
expect 0 as S-3 verify "$work/two.receipt" --output csv
prints "sequence,time,organisation,kind,proven_size,leaf"

heading "Not when a digit of it was changed"
for field in sequence time_ms event_digest member_key message head.size head.time_ms head.root \
    head.signature inclusion; do
    jq -c "if (.$field | type) == \"number\" then .$field += 1
           elif (.$field | type) == \"array\" then .$field[0] |= (.[1:] + .[:1])
           else .$field |= (.[:-2] + (if .[-2:] == \"00\" then \"01\" else \"00\" end)) end" \
        "$work/one.receipt" >"$work/spoilt.receipt"
    ! cmp -s "$work/one.receipt" "$work/spoilt.receipt" || fail "$field was not changed"
    expect 1 "$KOPGROEP" verify "$work/spoilt.receipt" --offline
    says "[RECEIPT]"
done
jq -c 'del(.inclusion)' "$work/one.receipt" >"$work/bare.receipt"
expect 1 "$KOPGROEP" verify "$work/bare.receipt" --offline
says "verify it online"
expect 0 as S-1 verify "$work/bare.receipt"
echo '{}' >"$work/none.receipt"
expect 4 "$KOPGROEP" verify "$work/none.receipt" --offline
expect 4 "$KOPGROEP" verify "$work/nowhere.receipt" --offline

heading "A plan in parts has a line for each"
{
    echo "$plan_header"
    for i in $(seq 1200); do plan_line "P-$i"; done
} >"$work/large.csv"
expect 0 as S-4 submit "$work/large.csv" --receipt "$work/large.receipt" --quiet
[ "$(wc -l <"$work/large.receipt")" -gt 1 ] || fail "one message only"
expect 0 "$KOPGROEP" verify "$work/large.receipt" --offline --output json
finds 'length > 1 and (map(.sequence) | . == sort)'

heading "Audits and witnesses of an honest broker"
expect 0 as S-1 audit --output json
finds '.size >= .seen_size and .cosignatures == []'
expect 1 as S-1 audit --witness "$keys/W-1.key.pub"
says "[WITNESSES]"
expect 1 as S-1 witness
says "[ROLE]"
expect 0 as W-1 witness
says "Cosigned: "
expect 0 as S-1 audit --witness "$keys/W-1.key.pub" --output json
finds '.cosignatures | map(.organisation) == ["W-1"]'
expect 1 as S-1 audit --witness "$keys/W-1.key.pub,$keys/W-2.key.pub"
expect 0 as S-1 audit --witness "$keys/W-1.key.pub,$keys/W-2.key.pub" --witnesses-min 1
expect 2 as S-1 audit --witness "$keys/W-1.key.pub,$keys/W-1.key.pub"
says "name each witness once"
expect 0 as S-1 verify "$work/one.receipt" --witness "$keys/W-1.key.pub"
expect 1 as W-1 lines
says "[ROLE]"
expect 0 as S-1 submit "$work/more.csv" --receipt "$work/more.receipt" --quiet
expect 1 as S-1 verify "$work/more.receipt" --witness "$keys/W-1.key.pub"
says "[WITNESSES]"
expect 0 as W-1 witness
expect 0 as S-1 verify "$work/more.receipt" --witness "$keys/W-1.key.pub"

heading "A start, and a backup of the newest head, change nothing"
stop
start
expect 0 as S-1 audit
expect 0 as S-1 verify "$work/one.receipt"
expect 0 as S-1 audit --witness "$keys/W-1.key.pub"
expect 0 as W-1 witness
expect 0 as S-1 audit --witness "$keys/W-1.key.pub"
stop
"$KOPGROEPD" journal backup "$broker" "$work/backup" >/dev/null
mv "$broker/journal" "$work/honest"
"$KOPGROEPD" journal restore "$work/backup" "$broker/journal" >/dev/null
start
expect 0 as S-1 audit
expect 0 as S-2 verify "$work/two.receipt"
expect 0 as W-1 witness
stop

# What everybody knew before the lie.
knowledge() {
    rm -f "$keys"/*.head "$keys"/*.broken
    cp "$work/known/"* "$keys/"
}
mkdir "$work/known"
cp "$keys"/*.head "$work/known/"

# lie HOW SEQUENCE [OLD NEW]: the broker serves another history, under the same key.
lie() {
    rm -rf "$broker/journal"
    "$KOPGROEP_REWRITE" "$work/honest" "$broker/journal" "$@"
    knowledge
    start
}

# caught CODE...: nobody who knew the true history takes this one.
caught() {
    local id
    for id in S-1 S-2 S-4; do
        expect 1 as "$id" audit
        grep -qE "\[($1)\]" "$work/err" || fail "not told $1"
        [ -s "$(echo "$keys/$id".key.*.broken)" ] || fail "no evidence is kept"
    done
    expect 1 as W-1 witness
    grep -qE "\[($1)\]" "$work/err" || fail "the witness is not told $1"
}

heading "The same history, written anew, passes"
lie copy 0
expect 0 as S-1 audit
expect 0 as S-1 verify "$work/one.receipt"
expect 0 as W-1 witness
stop

heading "A record is dropped"
lie drop "$one"
caught "HISTORY|HISTORY_SHORTER"
expect 1 as S-1 verify "$work/one.receipt"
rm "$keys"/S-3.key.*.head # who has seen nothing before cannot tell
expect 0 as S-3 audit
stop

heading "A record is altered"
lie alter "$one" HONEST-1 FORGED-1
expect 0 as S-1 lines --output json
finds 'map(.line) | contains(["FORGED-1"])'
caught HISTORY
expect 1 as S-1 verify "$work/one.receipt"
expect 1 as S-2 verify "$work/two.receipt"
stop

heading "Two records are swapped"
lie swap "$one"
caught HISTORY
expect 1 as S-2 verify "$work/two.receipt"
stop

heading "The end is forgotten"
lie cut "$two"
caught HISTORY_SHORTER
expect 1 as S-1 verify "$work/more.receipt"
says "[HISTORY_SHORTER]"
stop

heading "The end is forgotten, and another one grows"
lie cut "$two"
for i in 1 2 3 4 5 6 7 8 9 10; do
    plan "$work/new.csv" "NEW-$i"
    expect 1 as S-2 submit "$work/new.csv" --receipt "$work/new-$i.receipt"
    says "The command was accepted as record"
done
caught "HISTORY|HISTORY_SHORTER"
expect 1 as S-1 verify "$work/more.receipt"

heading "Who came later is told by a witness"
rm "$keys"/S-1.key.*.head
expect 0 as S-1 audit
expect 1 as S-1 audit --witness "$keys/W-1.key.pub"
says "[WITNESSES]"
stop

heading "Another key signs"
rm -rf "$broker/journal"
cp -r "$work/honest" "$broker/journal"
knowledge
cp "$broker/broker.access" "$work/true.access"
start
sed -i "s/^sign = .*/sign = \"$(printf '0%.0s' {1..64})\"/" "$broker/broker.access"
expect 1 as S-1 audit
says "[HEAD_SIGNATURE]"
expect 1 as S-1 verify "$work/one.receipt"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Keys are rotated and revoked, and that counts at once: for new connections, for those that stand,
# and after a restart.
. "$(dirname "$0")/common.sh"

found
start
enrol K-1
enrol K-2
plan "$work/plan.csv" L-1
as K-1 submit "$work/plan.csv" --quiet

# first FILE.pub: what a key is called.
first() {
    sed -n 's/^sign //p' "$1" | head -c 16
}

# standing SOCKET: how /proc/net/tcp shows an established connection that the broker has there.
standing() {
    printf ':%04X [0-9A-F:]* 01 ' "$(sed -n "s/^$1 = .*:\([0-9]*\)\"$/\1/p" "$KOPGROEP_BROKER")"
}

heading "An organisation adds a key by the one that it has"
"$KOPGROEP" keygen K-1 --file "$keys/K-1.new.key" --quiet
expect 3 as K-1.new lines
expect 0 as K-1 key add "$keys/K-1.new.key.pub"
expect 0 as K-1.new lines --output json
finds 'map(.line) == ["L-1"]'
expect 0 as K-1.new key list --output json
finds 'map(.state) == ["present", "present"] and all(.[]; .roles == ["organisation"])'
expect 1 as K-1 key add "$keys/K-1.new.key.pub"
says "[KEY_EXISTS]"
"$KOPGROEP" keygen K-1 --file "$keys/K-1.hub.key" --quiet
expect 1 as K-1 key add "$keys/K-1.hub.key.pub" --roles coordinator
says "[ROLE]"
expect 2 as K-1 key add "$keys/K-2.key.pub"
says "is the key of K-2"

heading "It revokes the old one, which counts at once for a connection that stands"
begin K-1 watch
is_begun() { [ -s "$work/begun.out" ]; }
wait_for "the feed" is_begun
has_none() { ! grep -q "$(standing requests)\|$(standing feeds)" /proc/net/tcp; }
! has_none || fail "the watch's connections are not seen"
kill -STOP "$begun" # so that it does not hang up by itself
expect 0 as K-1.new key revoke "$(first "$keys/K-1.key.pub")" --reason "the laptop is lost"
wait_for "its connections to be cut" has_none
kill -CONT "$begun"
plan "$work/more.csv" L-2
as K-1.new submit "$work/more.csv" --quiet # something to tell of
ends 3 # cut off, and not let in again
says "it was revoked since"
! grep -q '2 new\|"line":"L-2"' "$work/begun.out" || fail "it was told what came later"
expect 3 as K-1 lines
expect 0 as K-1.new watch --once --output json
grep -q 'key-revoked' "$work/out" || fail "the feed does not tell"
grep -q "by K-1: the laptop is lost" "$work/out" || fail "the feed does not say why"
expect 0 as K-1.new key list --output json
finds 'map(.state) == ["present", "revoked"]'
expect 1 as administrator register "$work/K-1.conf" --id K-1 --key "$keys/K-1.key.pub"
says "[KEY_REVOKED]"

heading "Administrators revoke anybody's, others only their own"
new=$(first "$keys/K-1.new.key.pub")
expect 1 as K-2 key revoke "$keys/K-1.new.key.pub" --organisation K-1
says "[NOT_YOURS]"
expect 1 as K-2 key list --organisation K-1
says "[NOT_YOURS]"
expect 1 as K-2 key list --organisation NOBODY
says "[NOT_YOURS]"
expect 0 as administrator key list --organisation K-1
prints "$new"
expect 2 as administrator key revoke 00000000 --organisation K-1
says "no key that begins"
expect 0 as administrator key revoke "$new" --organisation K-1
expect 3 as K-1.new lines

heading "What a revoked witness cosigned is not shown any more"
enrol W-1 witness
expect 0 as W-1 witness
expect 0 as K-2 audit --output json
finds '.cosignatures | map(.organisation) == ["W-1"]'
expect 0 as administrator key revoke "$keys/W-1.key.pub" --organisation W-1
expect 0 as K-2 audit --output json
finds '.cosignatures == []'

heading "One administrator is left"
expect 0 as administrator key list --output json
last=$(jq -r '.[0].key' "$work/out")
expect 1 as administrator key revoke "$last"
says "[LAST_ADMINISTRATOR]"

heading "After a restart"
stop
start
expect 3 as K-1 lines
expect 3 as K-1.new lines
expect 0 as K-2 lines
expect 0 as administrator key list --organisation K-1 --output json
finds 'map(.state) == ["revoked", "revoked"]'
expect 0 "$KOPGROEPD" journal verify "$broker/journal"

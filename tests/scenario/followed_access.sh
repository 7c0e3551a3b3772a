#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The table of access.sh, at a broker that follows another one: what anybody may see is the same
# there, and nothing changes anything.
. "$(dirname "$0")/common.sh"
make_servers

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)" \
    --journal "postgresql://kopgroep@/kopgroep?host=$work/servers&port=5501"
start
access_world
second_folder
start_second
leader=$KOPGROEP_BROKER follower=$second/broker.access

heading "Whom the broker does not know it does not let in"
"$KOPGROEP" keygen NOBODY --file "$keys/NOBODY.key" --quiet
export KOPGROEP_BROKER=$follower
expect 3 as NOBODY status

heading "The table, at the leader and at the follower"
ACCESS_KEYS=$keys expect 0 "$KOPGROEP_ACCESS" "$leader"
export KOPGROEP_BROKER=$leader
expect 0 as T-A status --output json
head=$(jq .head "$work/out")
ACCESS_KEYS=$keys ACCESS_FOLLOWS=$head expect 0 "$KOPGROEP_ACCESS" "$follower"
cat "$work/out"
expect 0 as T-A status --output json
finds ".head == $head"

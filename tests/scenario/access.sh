#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Every kind of command and every view, by every role and by a key that is not registered, on own
# things, on others' and on what is not there: access_table.c says what has to be answered.
. "$(dirname "$0")/common.sh"

found
start
access_world

heading "Whom the broker does not know it does not let in"
"$KOPGROEP" keygen T-1 --file "$keys/T-1.other.key" --quiet
"$KOPGROEP" keygen NOBODY --file "$keys/NOBODY.key" --quiet
expect 3 as T-1.other status
expect 3 as NOBODY status

heading "The table"
ACCESS_KEYS=$keys expect 0 "$KOPGROEP_ACCESS" "$KOPGROEP_BROKER"
cat "$work/out"

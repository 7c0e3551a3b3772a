#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Messages that no honest client sends: each refused with its own status, and nothing of it stored;
# one that is sent again gets its first receipt.
. "$(dirname "$0")/common.sh"

found
start
enrol S-1 organisation,reader
enrol S-2
"$KOPGROEP" keygen S-1 --file "$keys/S-1.second.key" --quiet
as administrator register "$work/S-1.conf" --id S-1 --key "$keys/S-1.second.key.pub" \
    --roles reader --quiet

heading "Each forgery has its status"
expect 0 "$KOPGROEP_FORGE" "$KOPGROEP_BROKER" "$keys/S-1.key" "$keys/S-2.key" \
    "$keys/S-1.second.key"

heading "Of all of it, one line was taken, once"
expect 0 as S-1 lines --output json
finds 'map(.line) == ["F-1"]'
expect 0 as S-2 lines --output json
finds '. == []'

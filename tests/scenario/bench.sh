#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# An administrator measures their own broker: nothing in it changes, and nothing is left behind.
. "$(dirname "$0")/common.sh"

found
start
enrol HUB coordinator
head_of() {
    as administrator status --output json | jq .head
}
before=$(head_of)

heading "Questions only"
expect 0 as HUB bench --seconds 0.1
prints "durability "
prints "ask for volume by category"
expect 0 as administrator bench --seconds 0.1 --output json
says "ask for volume by category: not measured."
finds '.durability | length > 0'
finds '.machine | contains("GiB")'
finds '.measured | map(.work) == ["ask for the status"]'
finds '.measured | all(.per_second > 0 and .p50_ms > 0 and .p50_ms <= .p99_ms)'

heading "A broker of its own"
mkdir "$work/disk"
expect 0 as administrator bench --seconds 0.1 --fresh "$work/disk" --output json
finds '.measured | map([.clients, .unit]) == [[1, "answers"], [1, "syncs"], [1, "lines"],
    [16, "lines"], [1, "lines"], [16, "lines"]]'
finds '.measured | all(.per_second > 0)'
same "$(ls -A "$work/disk")" "" "left behind"
expect 0 as administrator bench --seconds 0.1 --fresh "$work/disk" --output csv
same "$(head -n 1 "$work/out")" $'work,clients,per_second,unit,p50_ms,p99_ms\r'

heading "Interrupted: what was measured is shown, nothing is left"
begin administrator bench --seconds 5 --fresh "$work/disk"
has_broker() {
    compgen -G "$work/disk/kopgroep-bench.*/broker/broker.access" >/dev/null
}
wait_for "the fresh broker" has_broker
kill -TERM "$begun"
ends 0
says "interrupted; what was measured is shown."
prints "ask for the status"
same "$(ls -A "$work/disk")" "" "left behind"

heading "What is wrong is said"
expect 4 as administrator bench --seconds 0.1 --fresh "$work/absent"
says "$work/absent: No such file or directory"
for seconds in 0 x 61 nan; do
    expect 2 as administrator bench --seconds "$seconds"
    says "--seconds is from 0.1 to 60, not '$seconds'."
done
same "$(head_of)" "$before" "the broker's journal"

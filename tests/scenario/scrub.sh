#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A broker that is up for long verifies its journal again every scrub_days, tells when it last did,
# and ends where a record is damaged.
. "$(dirname "$0")/common.sh"
day=86400

shift_clocks
found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
printf 'metrics = "127.0.0.1:*"\nscrub_days = 2\n' >>"$broker/broker.conf"
start
enrol S-1
plan "$work/plan.csv" "L-1 laptop 20"
expect 0 as S-1 submit "$work/plan.csv"

# scrubbed_since DAYS: the metric says so, from the broker's start on.
scrubbed_since() {
    get 200 /metrics
    awk -v from="$(($1 * day + started))" \
        '$1 == "kopgroep_journal_scrubbed_timestamp_seconds" && $2 >= from && $2 < from + 3600 \
            { found = 1 } END { exit !found }' "$work/out"
}
scrubs() {
    grep -c event=scrubbed "$broker_log" || true
}
has_scrubbed() {
    [ "$(scrubs)" -ge "$1" ]
}

heading "The start has verified all"
started=$(($(date +%s) - 600))
scrubbed_since 0 || fail "the metric does not tell of the start"
same "$(scrubs)" 0 "scrubs"

heading "Not after a day; after two, all that came since as well"
clock "$day"
expect 0 as S-1 lines
clock $((2 * day))
wait_for "the scrub" has_scrubbed 1
logged "event=scrubbed records=$("$KOPGROEPD" journal head "$broker" | sed -n 's/^records //p')$"
scrubbed_since 2 || fail "the metric does not tell of the scrub"

heading "And again, whatever the clock did meanwhile"
clock 0
expect 0 as S-1 lines
clock $((4 * day + 60))
wait_for "the scrub" has_scrubbed 2
same "$(scrubs)" 2 "scrubs"

heading "Damage ends the broker"
for at in $(grep -obUa "Example body S-1" "$broker/journal/data.mdb" | cut -d: -f1); do
    printf 'X' | dd of="$broker/journal/data.mdb" bs=1 seek="$at" conv=notrunc status=none
done
clock $((7 * day))
status=0
wait "$broker_pid" || status=$?
broker_pid=
same "$status" 4 "exit status of the broker"
logged 'event=journal-failed error="record .* is damaged'

heading "0: never, and there is no thread for it"
rm -r "$broker"
clock 0
found
start
grep -qx scrub /proc/"$broker_pid"/task/*/comm || fail "there is no thread by default"
stop
echo "scrub_days = 0" >>"$broker/broker.conf"
start
! grep -qx scrub /proc/"$broker_pid"/task/*/comm || fail "there is one"
stop

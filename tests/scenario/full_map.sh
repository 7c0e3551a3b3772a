#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The journal's map fills under a broker, and is given more at a restart: it says so with a stable
# code, keeps the last of it for withdrawals, starts there, and loses nothing that it acknowledged.
# The broker's map is a 32nd of what is configured (map_shim.c): 32 MiB.
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/room.sh"

export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
printf '#!/bin/bash\nLD_PRELOAD=%q exec %q "$@"\n' "${KOPGROEP_MAP_SHIM:?}" "$KOPGROEPD" \
    >"$work/kopgroepd"
chmod +x "$work/kopgroepd"
KOPGROEPD=$work/kopgroepd

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
settings
echo 'disk_reserve_mib = 16' >>"$broker/broker.conf"
start
enrol_all
is_submitted
is_submitted
is_submitted
is_submitted
is_submitted
get 200 /metrics
gauge kopgroep_journal_limit_bytes $((32 * 1024 * 1024))

heading "Filled by plans"
fill_with_plans
is_read_only "too little room in the journal's map"
is_refused "only withdrawals and queries"
is_withdrawn
is_answered

heading "And restarted there, stopped and killed"
stop
start
is_read_only "too little room in the journal's map"
is_refused "only withdrawals and queries"
stop KILL 137
start
is_read_only "too little room in the journal's map"
is_withdrawn
is_answered

heading "Filled by withdrawals"
# Into a map of which this is 92.5 %: what was filled with plans holds too few lines.
stop
start
get 200 /metrics
used=$(sed -n 's/^kopgroep_journal_bytes //p' "$work/out")
stop
export KOPGROEP_MAP_BYTES=$((used * 1000 / 925 / 4096 * 4096))
start
is_read_only "too little room in the journal's map"
fill_with_withdrawals "no room in the journal's map"
is_full "no room in the journal's map"
is_refused "not even for withdrawals"
is_answered
stop KILL 137
start
is_full "no room in the journal's map"
withdrawal_is_refused
is_answered

heading "A larger map at a restart"
stop
unset KOPGROEP_MAP_BYTES
sed -i 's/^map_gib.*/map_gib = 2/' "$broker/broker.conf"
start
is_ready
is_submitted
is_withdrawn
is_answered
has_lines F-1
stop
expect 0 "$KOPGROEPD" journal verify "$broker"

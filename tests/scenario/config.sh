#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# What is set, and where: every setting of the manual, its value in force, its source.
. "$(dirname "$0")/common.sh"

found
file=$broker/broker.conf
echo 'lines_max = 7' >>"$file"
rows=$(grep -c = "$file")

heading "What the file says"
expect 0 "$KOPGROEPD" config show -c "$file"
same "$(tail -n +2 "$work/out" | wc -l)" "$rows" "settings of the file"
grep -q "^lines_max  *7  *$file:$(grep -n lines_max "$file" | cut -d: -f1)\$" "$work/out" ||
    fail "lines_max, its value, file and row"

heading "What is in force"
expect 0 "$KOPGROEPD" config show --effective --output json -c "$file"
is_silent err
finds 'any(.[]; .setting == "lines_max" and .value == 7 and .from == "file" and .row > 0)'
finds 'any(.[]; .setting == "map_gib" and .value == 64 and .from == "default" and .row == null)'
finds 'any(.[]; .setting == "metrics" and .value == null)'
finds 'any(.[]; .setting == "metrics_beyond_loopback" and .value == false)'
finds ".[0].setting == \"folder\" and .[0].value == \"$broker\""
jq -r '.[].setting' "$work/out" | sort >"$work/shown"
manual=$KOPGROEP_SOURCE/broker/man/kopgroep-broker.conf.5.scd
sed -n '/^# SETTINGS/,/^# EXAMPLE/s/^\*\(.*\)\*$/\1/p' "$manual" | sed 's/\*, \*/\n/g' |
    sort >"$work/told"
cmp -s "$work/shown" "$work/told" ||
    fail "shown, and in the manual: $(diff "$work/shown" "$work/told")"

heading "What cannot be used"
echo 'line_max = 3' >>"$file"
expect 4 "$KOPGROEPD" config show -c "$file"
is_silent out
says "line_max"
expect 4 "$KOPGROEPD" config show --effective --output json -c "$work/absent.conf"
is_silent out
expect 2 "$KOPGROEPD" config -c "$file"
expect 2 "$KOPGROEPD" config show
expect 2 "$KOPGROEPD" config show --output csv -c "$file"
expect 2 "$KOPGROEPD" config hide -c "$file"

heading "A broker made from settings that are there already"
mkdir "$work/etc"
cp "$KOPGROEP_SOURCE/config/catalogue.conf" "$work/etc/catalogue.conf"
cat >"$work/etc/broker.conf" <<END
folder = "../state"
catalogue = "catalogue.conf"
listen_requests = "tcp://127.0.0.1:*"
listen_feeds = "tcp://127.0.0.1:*"
END
expect 2 "$KOPGROEPD" init --config "$work/etc/broker.conf" "$work/else"
expect 2 "$KOPGROEPD" init --config "$work/etc/broker.conf" --feeds 'tcp://127.0.0.1:7412'
expect 4 "$KOPGROEPD" init --config "$work/etc/catalogue.conf"
expect 0 "$KOPGROEPD" init --config "$work/etc/broker.conf"
prints "kopgroepd run -c $work/etc/broker.conf"
same "$(cd "$work/state" && echo *)" "administrator.key broker.access broker.key journal"
expect 4 "$KOPGROEPD" init --config "$work/etc/broker.conf"
says "not empty"
cp "$work/state/administrator.key" "$keys/administrator.key"
export KOPGROEP_BROKER=$work/state/broker.access
"$KOPGROEPD" run -c "$work/etc/broker.conf" 2>"$work/log" &
broker_pid=$!
broker_log=$work/log
wait_for "the broker" is_serving
expect 0 as administrator status
stop

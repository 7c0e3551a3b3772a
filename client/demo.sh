#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The main job, twice: real plans of 2013, then a fictional buyer group with a kopgroep and a
# peloton. Starts a broker on loopback in a fresh folder, prints the commands as it runs them, and
# stops the broker again. Installs what a bare Debian 12 or 13 lacks, and builds.
# Leaves in $DEMO_OUT (build/demo): ROUND.proposed.json, ROUND.lots.json, ROUND.ocds.json,
# ROUND.volume.csv, notice-4.xml and feeds/ORGANISATION.jsonl.
set -eu
cd "$(dirname "$0")/.."
. config/setup.sh
. client/demo_steps.sh

# shellcheck disable=SC2086
kg_install $kg_build_packages jq procps
kg_build release kopgroepd kopgroep_cli -- -DCMAKE_BUILD_TYPE=Release -DKG_TESTS=OFF

out=${DEMO_OUT:-$PWD/build/demo}
mkdir -p "$out/feeds"
out=$(cd "$out" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/kopgroep-demo.XXXXXX")
export PATH=$PWD/build/release/broker:$PWD/build/release/client:$PATH
export KOPGROEP_BROKER=$work/broker/broker.access
unset KOPGROEP_IDENTITY
keys=$work/keys
mkdir -p "$keys"

broker_pid=
stop_broker() {
    local status=$?
    trap - EXIT
    if [ -n "$broker_pid" ] && kill "$broker_pid" 2>/dev/null; then
        wait "$broker_pid" || true
    fi
    [ "$status" -eq 0 ] || tail -n 20 "$work/broker.log" >&2 || true
    rm -rf "$work"
    exit "$status"
}
trap stop_broker EXIT
trap 'exit 130' INT TERM

heading "A broker on loopback"
run kopgroepd init --catalogue config/catalogue.conf --requests 'tcp://127.0.0.1:*' \
    --feeds 'tcp://127.0.0.1:*' "$work/broker"
run kopgroepd check-config "$work/broker/broker.conf"
say "kopgroepd run -c $(shown "$work/broker/broker.conf") &"
kopgroepd run -c "$work/broker/broker.conf" 2>"$work/broker.log" &
broker_pid=$!
wait_for_log "$work/broker.log" event=serving
cp "$work/broker/administrator.key" "$keys/administrator.key"
enrol EX-HUB config/demo/coordinators.conf coordinator
enrol EX-READER config/demo/coordinators.conf reader

. client/demo_real.sh
. client/demo_group.sh

heading "What is left"
kopgroep_as EX-HUB status
for file in "$out"/*.json "$out"/*.csv "$out"/*.xml; do
    echo "  $(shown "$file")"
done
echo "$(find "$out/feeds" -name "*.jsonl" | wc -l) feeds in $(shown "$out/feeds")"

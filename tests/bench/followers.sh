#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# followers.sh BUILD [SECONDS [ROUNDS]]: questions a second with no, one, two and three followers
# beside the leader, each asked by one client (kopgroep bench), all on this machine. A line each.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
build=$1 seconds=${2:-3} rounds=${3:-3}
work=$(mktemp -d "${KOPGROEP_BENCH_DIR:-/var/tmp}/kopgroep-bench.XXXXXX")
chmod 755 "$work"
mkdir "$work/servers"
postgres() {
    bash "$bench/../journal/postgres.sh" "$1" "$work/servers" "${@:2}"
}
brokers=()
end() {
    kill "${brokers[@]}" 2>/dev/null || true
    wait
    postgres kill standby || true
    postgres kill primary || true
    rm -rf "$work"
}
trap end EXIT
postgres make >/dev/null

# run NUMBER: starts broker NUMBER, and waits until it serves.
run() {
    "$build/broker/kopgroepd" run -c "$work/$1/broker.conf" 2>"$work/$1.log" &
    brokers+=("$!")
    until grep -q event=serving "$work/$1.log"; do
        kill -0 "${brokers[-1]}" || { cat "$work/$1.log" >&2 && exit 1; }
        read -r -t 0.05 <> <(:) || true
    done
}

"$build/broker/kopgroepd" init --catalogue "$bench/../../config/catalogue.conf" \
    --requests tcp://127.0.0.1:27411 --feeds tcp://127.0.0.1:27511 \
    --journal "postgresql://kopgroep@/kopgroep?host=$work/servers&port=5501" "$work/0" >/dev/null
run 0
for number in 1 2 3; do
    mkdir "$work/$number"
    cp "$work/0"/{broker.key,catalogue.conf,broker.conf} "$work/$number"
    sed -i "s|27411|$((27411 + number))|; s|27511|$((27511 + number))|" "$work/$number/broker.conf"
    run "$number"
done
export KOPGROEP_IDENTITY=$work/0/administrator.key

# ask COUNT: the leader and so many followers at once; the sum of what they answered a second.
ask() {
    local number asking=()
    for ((number = 0; number <= $1; number++)); do
        "$build/client/kopgroep" bench --seconds "$seconds" --output json \
            --broker "$work/$number/broker.access" >"$work/$number.json" 2>"$work/$number.err" &
        asking+=("$!")
    done
    wait "${asking[@]}"
    for ((number = 0; number <= $1; number++)); do
        jq '.measured[0].per_second' "$work/$number.json"
    done | awk '{ sum += $1 } END { print sum }'
}

for ((round = 1; round <= rounds; round++)); do
    for followers in 0 1 2 3; do
        echo "round=$round followers=$followers answers/s=$(ask "$followers")"
    done
done

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Three buyer groups on one PostgreSQL with a standby: two with a database each, the third one with
# a schema in the first one's. Each has a leader, a lease and a chain of its own, whatever becomes
# of the others, and its account reaches none of theirs.
. "$(dirname "$0")/common.sh"

make_servers
groups="a b c"
declare -A account=([a]=kopgroep [b]=group_b [c]=group_c) database=([a]=kopgroep [b]=group_b
    [c]=kopgroep) pid=()
postgres sql "create role group_b login; grant pg_monitor to group_b"
postgres sql "create database group_b owner group_b"
postgres sql "create role group_c login; grant pg_monitor to group_c"
postgres sql "create schema group_c authorization group_c" kopgroep

place_of() {
    local search=
    [ "$1" != c ] || search="&options=-csearch_path%3Dgroup_c"
    echo "postgresql://${account[$1]}@/${database[$1]}?host=$work/servers&port=5501$search"
}

# make_group NAME: its broker, on a folder of its own, and three bodies that are named as the other
# groups' are.
make_group() {
    broker=$work/$1 keys=$work/$1.keys
    mkdir "$keys"
    found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)" \
        --journal "$(place_of "$1")"
    printf 'journal_lease_s = 3\n' >>"$broker/broker.conf"
    run_group "$1"
    enrol S-1
}

run_group() {
    start
    logged "event=serving role=leader"
    cp "$broker_log" "$work/$1.log"
    pid[$1]=$broker_pid
    others+=("$broker_pid")
    broker_pid=
}

# to NAME: what follows is done with that group.
to() {
    broker=$work/$1 keys=$work/$1.keys
    export KOPGROEP_BROKER=$broker/broker.access
}

heading "Each has a leader at the same time"
for group in $groups; do
    to "$group"
    make_group "$group"
done
deployments=
number=0
for group in $groups; do
    to "$group"
    number=$((number + 1))
    for ((line = 1; line <= number; line++)); do
        plan "$work/plan.csv" "L-$line laptop $line"
        expect 0 as S-1 submit "$work/plan.csv"
    done
done
number=0
for group in $groups; do
    to "$group"
    number=$((number + 1))
    expect 0 as S-1 lines --output json
    finds "length == $number"
    deployments="$deployments $(sed -n 's/^deployment *= *//p' "$broker/broker.access")"
done
same "$(tr ' ' '\n' <<<"$deployments" | grep . | sort -u | wc -l)" 3 "deployments"

heading "One dies, the others go on; it comes back and has what it had"
kill -KILL "${pid[a]}"
wait "${pid[a]}" 2>/dev/null || true
for group in b c; do
    to "$group"
    plan "$work/plan.csv" "L-9 laptop 9"
    expect 0 as S-1 submit "$work/plan.csv" --timeout 10
done
to a
expect 3 as S-1 lines --timeout 1
run_group a
expect 0 as S-1 lines --output json
finds "length == 1"

heading "Another group's key opens nothing, its account reads nothing"
cp "$work/b.keys/S-1.key" "$keys/foreign.key"
expect 3 as foreign lines --timeout 2
reach() { # ACCOUNT DATABASE TABLE
    psql -h "$work/servers" -p 5501 -U "$1" -d "$2" -X -q -c "select count(*) from $3"
}
expect 0 reach group_b group_b kopgroep_records
expect 0 reach group_c kopgroep group_c.kopgroep_records
expect 1 reach group_b kopgroep kopgroep_records
says "permission denied"
expect 1 reach group_c kopgroep public.kopgroep_records
says "permission denied"
expect 1 reach kopgroep kopgroep group_c.kopgroep_records
says "permission denied"
expect 1 reach group_c group_b kopgroep_records
says "permission denied"

heading "A broker that is given another group's journal does not start, and spoils nothing"
kill -TERM "${pid[b]}"
wait "${pid[b]}" || fail "the broker ended with $?"
cp "$work/b/broker.access" "$work/kept.access"
cp "$work/b/broker.conf" "$work/kept.conf"
theirs=$(place_of a)
sed -i "s|^journal = .*|journal = \"${theirs//&/\\&}\"|" "$work/b/broker.conf"
expect 4 timeout 20 "$KOPGROEPD" run -c "$work/b/broker.conf"
says event=other-deployment
cmp -s "$work/b/broker.access" "$work/kept.access" || fail "the access file is another"
cp "$work/kept.conf" "$work/b/broker.conf"
to b
run_group b
expect 0 as S-1 lines --output json
finds "length == 3"

heading "Each journal is whole, and another one"
for group in $groups; do
    kill -TERM "${pid[$group]}"
    wait "${pid[$group]}" || fail "the broker ended with $?"
    expect 0 "$KOPGROEPD" journal verify "$(place_of "$group")"
    cp "$work/out" "$work/$group.verified"
done
others=()
same "$(cat "$work"/?.verified | grep -c .)" "$(cat "$work"/?.verified | sort -u | grep -c .)" \
    "lines in which they differ"

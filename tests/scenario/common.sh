# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2034
# Sourced by every scenario: a broker in a folder of its own, identities, what is expected of a
# command. Nothing is shared between scenarios, and nothing that was started is left behind.
# KOPGROEP_KEEP=FILE: what its journal is in the end is written there as a stream, to be kept as
# it is (tests/journal/stores).
# KOPGROEPD and KOPGROEP name the two programs, KOPGROEP_SOURCE the source tree.
set -euo pipefail
: "${KOPGROEPD:?}" "${KOPGROEP:?}" "${KOPGROEP_SOURCE:?}"

# A report of a sanitizer has an exit status that no command has.
export ASAN_OPTIONS="exitcode=99:${ASAN_OPTIONS:-}" LSAN_OPTIONS="exitcode=99:${LSAN_OPTIONS:-}"
export UBSAN_OPTIONS="exitcode=99:${UBSAN_OPTIONS:-}"
export LC_ALL=C.UTF-8
unset KOPGROEP_IDENTITY KOPGROEP_PASSPHRASE LANGUAGE

work=$(mktemp -d "${TMPDIR:-/tmp}/kopgroep-scenario.XXXXXX")
keys=$work/keys
broker=$work/broker
export KOPGROEP_BROKER=$broker/broker.access
mkdir "$keys"
broker_pid=
broker_log=
starts=0
others=() # processes of the scenario itself

clean_up() {
    local status=$? pid
    trap - EXIT
    set +e
    for pid in $broker_pid "${others[@]}"; do
        kill -CONT "$pid" 2>/dev/null
        kill -KILL "$pid" 2>/dev/null
    done
    { wait; } 2>/dev/null
    [ -z "${KOPGROEP_KEEP:-}" ] || "$KOPGROEPD" journal follow --once "$broker" >"$KOPGROEP_KEEP"
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

fail() {
    echo "FAILED at line ${BASH_LINENO[*]: -2:1}: $*" >&2
    for file in out err; do
        [ ! -s "$work/$file" ] || { echo "-- std$file --"; head -n 40 "$work/$file"; } >&2
    done
    [ -z "$broker_log" ] || { echo "-- the broker's log --"; tail -n 20 "$broker_log"; } >&2
    exit 1
}

heading() {
    echo "== $*"
}

# expect STATUS COMMAND...: its exit status; leaves $work/out and $work/err.
expect() {
    local wanted=$1 status=0
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ "$status" -eq "$wanted" ] || fail "status $status, not $wanted: $*"
}

# What the last command printed, said on stderr; the texts are fixed.
prints() {
    grep -qF -- "$1" "$work/out" || fail "stdout lacks: $1"
}

says() {
    grep -qF -- "$1" "$work/err" || fail "stderr lacks: $1"
}

is_silent() {
    [ ! -s "$work/$1" ] || fail "std$1 is not empty"
}

# finds JQ-FILTER: true for the last command's JSON.
finds() {
    jq -e "$1" "$work/out" >/dev/null || fail "not so: $1"
}

same() {
    [ "$1" = "$2" ] || fail "${3:-not the same}: '$1' and '$2'"
}

# wait_for WHAT COMMAND...: until the command succeeds, at most 30 s.
wait_for() {
    local what=$1 deadline=$((SECONDS + 30))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "waited for $what in vain"
        read -r -t 0.05 <> <(:) || true
    done
}

# as ORGANISATION ARGUMENT...: kopgroep with that identity.
as() {
    local identity=$keys/$1.key
    shift
    KOPGROEP_IDENTITY=$identity "$KOPGROEP" "$@"
}

# begin ORGANISATION ARGUMENT...: the same in the background, as process $begun; it writes to
# $work/begun.out and begun.err.
begin() {
    : >"$work/begun.out"
    KOPGROEP_IDENTITY=$keys/$1.key "$KOPGROEP" "${@:2}" >"$work/begun.out" 2>"$work/begun.err" &
    begun=$!
    others+=("$begun")
}

# ends STATUS: the process that was begun, with that exit status.
ends() {
    local status=0
    wait "$begun" || status=$?
    others=()
    cp "$work/begun.out" "$work/out"
    cp "$work/begun.err" "$work/err"
    same "$status" "$1" "exit status"
}

# ---- the broker

# A port outside the range that the kernel hands out, on which nobody listens.
free_port() {
    local port
    while port=$((RANDOM % 12000 + 20000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        continue
    done
    echo "$port"
}

# found [OPTION...]: makes the broker's folder.
found() {
    "$KOPGROEPD" init --catalogue "$KOPGROEP_SOURCE/config/catalogue.conf" \
        --requests 'tcp://127.0.0.1:*' --feeds 'tcp://127.0.0.1:*' "$@" "$broker" >/dev/null
    cp "$broker/administrator.key" "$keys/administrator.key"
}

is_serving() {
    kill -0 "$broker_pid" 2>/dev/null || fail "the broker ended"
    grep -q event=serving "$broker_log"
}

start() {
    starts=$((starts + 1))
    broker_log=$work/broker.$starts.log
    : >"$broker_log"
    "$KOPGROEPD" run -c "$broker/broker.conf" 2>"$broker_log" &
    broker_pid=$!
    wait_for "the broker" is_serving
}

# stop [SIGNAL] [STATUS]: ends the broker, and says how it has to end.
stop() {
    local status=0
    kill "-${1:-TERM}" "$broker_pid"
    wait "$broker_pid" 2>/dev/null || status=$?
    broker_pid=
    same "$status" "${2:-0}" "exit status of the broker"
}

logged() {
    grep -q -- "$1" "$broker_log" || fail "the broker's log lacks: $1"
}

# ---- clocks

# clock SECONDS: how much the clock is off that the programs see; the scenario's own is not.
clock() {
    echo "$1" >"$work/clock.new"
    mv "$work/clock.new" "$work/clock"
}

# From now on both programs see that clock.
shift_clocks() {
    local program
    clock 0
    export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
    for program in KOPGROEPD KOPGROEP; do
        printf '#!/bin/bash\nKOPGROEP_CLOCK=%q LD_PRELOAD=%q exec %q "$@"\n' "$work/clock" \
            "${KOPGROEP_CLOCK_SHIM:?}" "${!program}" >"$work/$program"
        chmod +x "$work/$program"
        declare -g "$program=$work/$program"
    done
}

# ---- what it tells of itself by HTTP

# fetch PATH [METHOD]: the head of the answer in $work/head, its body in $work/out.
fetch() {
    local address
    address=$(sed -n 's/.*event=metrics-served address=//p' "$broker_log")
    [ -n "$address" ] || fail "the log does not say where"
    exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
    printf '%s %s HTTP/1.0\r\n\r\n' "${2:-GET}" "$1" >&3
    tr -d '\r' <&3 >"$work/answer"
    exec 3>&-
    sed '/^$/,$d' "$work/answer" >"$work/head"
    sed '1,/^$/d' "$work/answer" >"$work/out"
}

# answers STATUS: the last one's.
answers() {
    grep -q "^HTTP/1.[01] $1 " "$work/head"
}

# get STATUS PATH [METHOD]
get() {
    fetch "${@:2}"
    answers "$1" || fail "not $1: $(head -n 1 "$work/head")"
}

# ---- organisations and their files

# enrol ORGANISATION [ROLES] [SETTING...]: a key, a record, registered.
enrol() {
    local id=$1 roles=${2:-organisation} file=$work/$1.conf
    shift
    [ $# -eq 0 ] || shift
    {
        printf 'organisation "%s" {\n  name = "Example body %s"\n  legal_type = "la"\n' "$id" "$id"
        printf '  central = false\n  nuts = "BE211"\n  languages = {"nl"}\n  can_lead = true\n'
        [ $# -eq 0 ] || printf '  %s\n' "$@"
        printf '}\n'
    } >"$file"
    "$KOPGROEP" keygen "$id" --file "$keys/$id.key" --quiet
    as administrator register "$file" --id "$id" --key "$keys/$id.key.pub" --roles "$roles" --quiet
}

day() {
    date -u -d "+$1 days" +%F
}

# round_file ID [SETTING...]: laptops of BE2, three bodies.
round_file() {
    local id=$1
    shift
    printf 'round "%s" {\n  title_en = "Example round"\n  categories = {"laptop"}\n' "$id"
    printf '  nuts = {"BE"}\n  nuts_level = 1\n  bodies_min = 3\n  window_days_min = 14\n'
    printf '  delivery_from = "%s"\n  delivery_to = "%s"\n' "$(day 150)" "$(day 500)"
    printf '  opens = "%s"\n  closes = "%s"\n' "$(day 0)" "$(day 30)"
    printf '  confirm_by = "%s"\n  reconfirm_by = "%s"\n' "$(day 44)" "$(day 51)"
    printf '  award_by = "%s"\n' "$(day 120)"
    [ $# -eq 0 ] || printf '  %s\n' "$@"
    printf '}\n'
}

plan_header=line,category,quantity,unit_price_max,delivery_from,delivery_to,nuts,track,commitment

# plan_line KEY [CATEGORY] [QUANTITY] [TRACK] [COMMITMENT]
plan_line() {
    echo "$1,${2:-laptop},${3:-10},800.00,$(day 160),$(day 300),BE211,${4:-peloton},${5:-intended}"
}

# plan FILE LINE...: each LINE is the arguments of plan_line in one word.
plan() {
    local file=$1 line
    shift
    echo "$plan_header" >"$file"
    for line in "$@"; do
        # shellcheck disable=SC2086
        plan_line $line >>"$file"
    done
}

# Receipts that bodies keep, a line each, in $work/S-*.receipts.
receipts() {
    cat "$work"/S-*.receipts 2>/dev/null | wc -l
}

has_receipts() {
    [ "$(receipts)" -ge "$1" ]
}

# one_line CATEGORY KEY: a plan of one line, for the access table.
one_line() {
    echo "$plan_header"
    echo "$2,$1,40,777.77,$(day 160),$(day 300),BE211,peloton,binding"
}

# launched ROUND COORDINATOR CATEGORY: from opening to a tender.
launched() {
    local step
    round_file "$1" | sed "s/\"laptop\"/\"$3\"/" >"$work/$1.conf"
    as "$2" round open "$work/$1.conf" --quiet
    for step in close propose confirm conclude; do
        as "$2" round "$step" "$1" --quiet
    done
    as "$2" tender launch "$1-tender" "$1/$3/BE2/1" --lead T-2 --quiet
}

# access_world: whom and what access_table.c names.
access_world() {
    local id
    enrol T-C coordinator
    enrol T-D coordinator
    enrol T-R reader
    enrol T-A administrator
    enrol T-W witness
    for id in T-1 T-2 T-3 T-4; do
        enrol "$id"
    done
    for id in T-1 T-2 T-3; do
        one_line laptop L-1 >"$work/$id.csv"
    done
    for id in T-2 T-3 T-4; do
        one_line monitor "M-${id#T-}" >"$work/$id.monitor.csv"
        as "$id" submit "$work/$id.monitor.csv" --quiet
    done
    for id in T-1 T-2 T-3; do
        as "$id" submit "$work/$id.csv" --quiet
    done
    launched own T-C laptop
    launched foreign T-D monitor
}

# page_block FROM TO N [FOLDER]: runs the Nth block of commands of kopgroepd-journal(7) that stands
# between two headings, in $work/own; the broker's folder is FOLDER, backups are in $work/backup.
page_block() {
    sed -n "/^# $1/,/^# $2/p" "$KOPGROEP_SOURCE/broker/man/kopgroepd-journal.7.scd" |
        awk -v n="$3" '/^```$/ { at++; next } at == 2 * n - 1' |
        sed "s|/var/lib/kopgroep|${4:-$broker}|g; s|/mnt/backup|$work/backup|g" >"$work/block"
    [ -s "$work/block" ] || fail "the page has no block $3"
    mkdir -p "$work/bin" "$work/own" "$work/backup"
    ln -sf "$KOPGROEPD" "$work/bin/kopgroepd"
    (cd "$work/own" && PATH=$work/bin:$PATH bash -e "$work/block")
}

# ---- a journal in PostgreSQL, and a second broker on it

postgres() {
    bash "$KOPGROEP_SOURCE/tests/journal/postgres.sh" "$1" "$work/servers" "${@:2}"
}

end_servers() {
    local status=$? servers=$work/servers
    set +e
    [ ! -e "$servers/standby/postmaster.pid" ] || { postgres thaw standby; postgres kill standby; }
    [ ! -e "$servers/primary/postmaster.pid" ] || postgres kill primary
    (exit "$status")
    clean_up
}

# make_servers: a primary and a standby; the scenario is skipped where there are none.
make_servers() {
    mkdir -m 0755 "$work/servers"
    chmod 0755 "$work"
    trap end_servers EXIT
    postgres make >/dev/null || exit $?
}

# second_folder: of a broker beside the first one, in $second.
second=$work/second
second_folder() {
    mkdir "$second"
    cp "$broker"/{broker.key,catalogue.conf,broker.conf} "$second"
    sed -i "s|^listen_requests.*|listen_requests = \"tcp://127.0.0.1:$(free_port)\"|
        s|^listen_feeds.*|listen_feeds = \"tcp://127.0.0.1:$(free_port)\"|" "$second/broker.conf"
}

# start_second: it follows, as process $second_pid, and logs in $work/second.log.
start_second() {
    "$KOPGROEPD" run -c "$second/broker.conf" 2>"$work/second.log" &
    second_pid=$!
    others+=("$second_pid")
    wait_for "the follower" grep -q "event=serving role=follower" "$work/second.log"
}

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# followers.sh BUILD [SECONDS [ROUNDS [CLIENTS]]]: questions a second to a leader, to it and one,
# two and three followers, and to followers alone, each asked by CLIENTS (4) that wait for each
# answer (kopgroep bench), all on this machine: for its status, and (mixed) half of them for volume
# by category of 3,000 lines. First a line for each run, then the medians. What an answer costs is
# processor time by the kernel's account: of the broker's process, of its door, of the client, of
# PostgreSQL; how busy the machine was tells whether more could have come.
set -euo pipefail
bench=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd) seconds=${2:-3} rounds=${3:-3} clients=${4:-4}
export KOPGROEPD=$build/broker/kopgroepd KOPGROEP=$build/client/kopgroep
export KOPGROEP_SOURCE=$bench/../.. TMPDIR=${KOPGROEP_BENCH_DIR:-/var/tmp}
. "$bench/../scenario/common.sh"

make_servers
place="postgresql://kopgroep@/kopgroep?host=$work/servers&port=5501"
found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)" \
    --journal "$place"
start
access=("$broker/broker.access") pids=("$broker_pid")
enrol C-1 coordinator
round_file r-1 >"$work/r-1.conf"
as C-1 round open "$work/r-1.conf" --quiet
line=$(plan_line L-0)
{ echo "$plan_header"; for ((n = 1; n <= 1000; n++)); do echo "L-$n,${line#*,}"; done; } \
    >"$work/plan.csv"
for id in S-1 S-2 S-3; do
    enrol "$id"
    as "$id" submit "$work/plan.csv" --quiet
done
for number in 1 2 3; do
    second=$work/follower$number
    second_folder
    start_second
    access+=("$second/broker.access") pids+=("$second_pid")
done

# nanoseconds PID...: what these processes took of the processors so far.
nanoseconds() {
    local pid
    for pid in "$@"; do
        cat /proc/"$pid"/task/*/schedstat
    done 2>/dev/null | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# The same of both servers: of those that serve, and of those that did and ended.
servers() {
    local name pid ended=0 now=()
    for name in primary standby; do
        pid=$(head -n 1 "$work/servers/$name/postmaster.pid")
        mapfile -t -O "${#now[@]}" now < <(echo "$pid"; pgrep -P "$pid")
        ended=$((ended + $(awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*[)]/, "")
            printf "%.0f", ($14 + $15) * 1e9 / hz }' "/proc/$pid/stat")))
    done
    echo $((ended + $(nanoseconds "${now[@]}")))
}

# All of both: idle, whole.
machine() {
    awk '$1 == "cpu" { print $5 + $6, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 }' /proc/stat
}

TIMEFORMAT="%U %S"
# ask WHO NAME BROKER...: NAME's identity asks these brokers, by their numbers.
ask() {
    local who=$1 identity=$keys/$2.key number client asking=() brokers=() doors=()
    shift 2
    for number in "$@"; do
        brokers+=("${pids[number]}")
        doors+=("$(pgrep -P "${pids[number]}")")
    done
    local core door server idle
    core=$(nanoseconds "${brokers[@]}") door=$(nanoseconds "${doors[@]}")
    server=$(servers) idle=$(machine)
    rm -f "$work"/asked.*
    for number in "$@"; do
        for ((client = 0; client < clients; client++)); do
            { time "$KOPGROEP" bench --seconds "$seconds" --output json \
                --identity "$identity" --broker "${access[number]}" \
                >"$work/asked.$number.$client" 2>"$work/asked.err"; } \
                2>"$work/asked.time.$number.$client" &
            asking+=("$!")
        done
    done
    wait "${asking[@]}"
    core=$(($(nanoseconds "${brokers[@]}") - core))
    door=$(($(nanoseconds "${doors[@]}") - door))
    server=$(($(servers) - server))
    cat "$work"/asked.time.* | awk '{ sum += $1 + $2 } END { print sum }' >"$work/client"
    jq -s --arg seconds "$seconds" 'map(.measured[].per_second * ($seconds | tonumber)) | add' \
        "$work"/asked.[0-9]* >"$work/answers"
    echo "$who $(cat "$work/answers") $core $door $(cat "$work/client") $server $idle $(machine)" |
        awk -v seconds="$seconds" -v kinds="$(jq '.measured | length' "$work/asked.$1.0")" '{
            printf "%s answers/s=%.0f broker_us=%.1f door_us=%.1f client_us=%.1f", $1,
                $2 / seconds / kinds, $3 / $2 / 1e3, $4 / $2 / 1e3, $5 / $2 * 1e6
            printf " postgresql_us=%.1f busy=%.0f%%\n", $6 / $2 / 1e3,
                100 - 100 * ($9 - $7) / ($10 - $8) }'
}

# round_of KIND IDENTITY
round_of() {
    ask "$1:leader" "$2" 0
    ask "$1:leader+1" "$2" 0 1
    ask "$1:leader+2" "$2" 0 1 2
    ask "$1:leader+3" "$2" 0 1 2 3
    ask "$1:follower" "$2" 1
    ask "$1:followers-2" "$2" 1 2
    ask "$1:followers-3" "$2" 1 2 3
}

for name in administrator C-1; do # warm
    ask - "$name" 0 1 2 3 >/dev/null
done
for ((round = 1; round <= rounds; round++)); do
    round_of status administrator
    round_of mixed C-1
done | tee "$work/all"

echo "Medians of $rounds rounds:"
tr ' ' '\t' <"$work/all" | sed 's/[a-zA-Z_/]*=//g; s/%//' | awk -F '\t' '
    function median(name, column,    count, i, j, value, sorted) {
        count = split(values[name, column], sorted, " ")
        for (i = 2; i <= count; i++)
            for (j = i; j > 1 && sorted[j - 1] + 0 > sorted[j] + 0; j--) {
                value = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = value
            }
        return sorted[int((count + 1) / 2)]
    }
    !($1 in seen) { seen[$1] = 1; order[++names] = $1 }
    { for (i = 2; i <= NF; i++) values[$1, i] = values[$1, i] " " $i }
    END {
        printf "%-20s %9s %9s %9s %9s %9s %6s\n", "asked", "answers/s", "broker us", "door us",
            "client us", "postgres", "busy %"
        for (n = 1; n <= names; n++) {
            printf "%-20s", order[n]
            for (i = 2; i <= 7; i++)
                printf " %" (i == 7 ? 6 : 9) "s", median(order[n], i)
            print ""
        }
    }'

# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced, after common.sh, by the scenarios of a broker that has too little room: what is sent to
# it, what it must say, and what must be there. F-1 sends much, S-1 little, R-1 reads.
declare -A known=([F-1]=0 [S-1]=0) # lines that each was told are there: L-1 ... , of which
declare -A gone=([F-1]=0 [S-1]=0)  # the first so many were withdrawn
loaded=0                           # and S-1's M-1 ...
plans_sent=0

enrol_all() {
    enrol F-1
    enrol S-1
    enrol R-1 reader
}

settings() {
    printf '%s\n' 'metrics = "127.0.0.1:*"' 'lines_max = 0' 'map_gib = 1' \
        >>"$broker/broker.conf"
}

# room_plan FIRST LAST
room_plan() {
    local title
    title=$(printf 'Machines for all the offices of the department %.0s' 1 2 3 4)
    awk -v first="$1" -v last="$2" -v from="$(day 160)" -v to="$(day 300)" \
        -v title="$title" 'BEGIN {
        print "line,title,category,quantity,delivery_from,delivery_to,nuts"
        for (i = first; i <= last; i++)
            printf "L-%d,%s,laptop,%d,%s,%s,BE211\n", i, title, i % 50 + 1, from, to
    }' >"$work/plan.csv"
}

# try_plan ORGANISATION LINES: true when it was taken, false when it was refused for want of room.
try_plan() {
    local status=0
    room_plan $((known[$1] + 1)) $((known[$1] + $2))
    as "$1" submit "$work/plan.csv" >"$work/out" 2>"$work/err" </dev/null || status=$?
    plans_sent=$((plans_sent + 1))
    case $status in
        0) known[$1]=$((known[$1] + $2)) ;;
        1) says "[READ_ONLY]"; return 1 ;;
        *) fail "status $status of a plan" ;;
    esac
}

fill_with_plans() {
    while try_plan F-1 1500; do
        [ "$plans_sent" -lt 200 ] || fail "it never said no"
    done
}

# is_refused WHY
is_refused() {
    ! try_plan S-1 1 || fail "it took a plan"
    says "$1"
}

is_submitted() {
    try_plan S-1 1 || fail "it refused a plan"
}

is_withdrawn() {
    gone[S-1]=$((gone[S-1] + 1))
    expect 0 as S-1 withdraw "L-${gone[S-1]}"
}

withdrawal_is_refused() {
    expect 1 as S-1 withdraw "L-$((gone[S-1] + 1))"
    says "[READ_ONLY]"
    says "not even for withdrawals"
}

# True once the tables hold all of the log: how much room there is was an estimate till then.
nothing_pending() {
    fetch /metrics && grep -qx "kopgroep_journal_pending_bytes 0" "$work/out"
}

# fill_with_withdrawals WHY: many lines in each, until that is refused too, and remains so.
fill_with_withdrawals() {
    fill_until_refused
    wait_for "the log in the tables" nothing_pending
    until unready_for "$1"; do
        fill_until_refused
        wait_for "the log in the tables" nothing_pending
    done
}

fill_until_refused() {
    local status lines
    while :; do
        mapfile -t lines < <(seq -f 'L-%.0f' $((gone[F-1] + 1)) $((gone[F-1] + 500)))
        status=0
        as F-1 withdraw "${lines[@]}" >"$work/out" 2>"$work/err" </dev/null || status=$?
        [ "$status" -eq 0 ] || break
        gone[F-1]=$((gone[F-1] + 500))
        [ "${gone[F-1]}" -lt "${known[F-1]}" ] || fail "all lines are withdrawn, and it is not full"
    done
    same "$status" 1 "status of a withdrawal"
    says "[READ_ONLY]"
}

# has_lines ORGANISATION: all that was acknowledged is there, and nothing else.
has_lines() {
    expect 0 as "$1" lines --output csv
    same "$(grep -c '^L-' "$work/out")" "${known[$1]}" "lines of $1"
    same "$(grep -c '^L-.*,withdrawn,' "$work/out" || true)" "${gone[$1]}" "withdrawn lines of $1"
}

is_answered() {
    has_lines S-1
    same "$(grep -c '^M-' "$work/out" || true)" "$loaded" "lines of the load"
    expect 0 as R-1 volume --output json
}

# ---- what it tells of itself

unready_for() {
    fetch /readyz && answers 503 && grep -qF "read-only: $1" "$work/out"
}

gauge() {
    get 200 /metrics
    grep -qx "$1 $2" "$work/out" || fail "the page lacks: $1 $2"
}

# is_read_only WHY: withdrawals and questions are served.
is_read_only() {
    wait_for "read-only: $1" unready_for "$1"
    get 200 /healthz
    gauge kopgroep_read_only 1
    gauge kopgroep_full 0
    gauge kopgroep_ready 0
    expect 0 as S-1 status --output json
    finds '.takes == "withdrawals"'
    logged event=read-only
}

# is_full WHY: only questions are.
is_full() {
    wait_for "full: $1" unready_for "$1"
    get 200 /healthz
    gauge kopgroep_read_only 1
    gauge kopgroep_full 1
    expect 0 as S-1 status --output json
    finds '.takes == "questions"'
    logged event=full
}

ready() {
    fetch /readyz && answers 200
}

is_ready() {
    wait_for "readiness" ready
    get 200 /metrics
    gauge kopgroep_read_only 0
    gauge kopgroep_full 0
    expect 0 as S-1 status --output json
    finds '.takes == "all"'
}

# ---- under load

# One plan of a line after another, each sent until it has its receipt: lines M-1 ...
load() {
    local number=0 status
    until [ -e "$work/enough" ]; do
        number=$((number + 1))
        plan "$work/load.csv" "M-$number"
        status=-1
        until [ "$status" -eq 0 ] || [ -e "$work/enough" ]; do
            status=0
            as S-1 submit "$work/load.csv" --timeout 2 --output json >>"$work/load.receipts" \
                2>>"$work/load.said" || status=$?
            case $status in
                0 | 1 | 3 | 5) ;;
                *) echo "$status" >>"$work/load.wrong" ;;
            esac
        done
    done
}

load_receipts() {
    wc -l <"$work/load.receipts"
}

load_lines() {
    as S-1 lines --output csv | grep -c '^M-'
}

# Receipts first: no more were given than lines are there.
load_is_there() {
    local given
    given=$(load_receipts)
    loaded=$(load_lines)
    [ "$loaded" -ge "$given" ] || fail "$given receipts, and $loaded lines"
}

receipts_seen=0
has_more_receipts() {
    still_serves || return 1
    [ "$(load_receipts)" -ge $((receipts_seen + 5)) ] || return 1
    receipts_seen=$(load_receipts)
}

load_begin() {
    : >"$work/load.receipts"
    load &
    others=($!)
}

load_end() {
    touch "$work/enough"
    wait "${others[0]}"
    others=()
    [ ! -e "$work/load.wrong" ] || fail "statuses: $(cat "$work/load.wrong")"
    loaded=$(load_lines)
    # One more may be there than was acknowledged: the last, which was cut off.
    local more=$((loaded - $(load_receipts)))
    [ "$more" -eq 0 ] || [ "$more" -eq 1 ] || fail "$more more lines than receipts"
}

still_serves() {
    kill -0 "$broker_pid" 2>/dev/null
}

# full_or_ended WHY: what was being written may have found no room any more: then it ends.
full_or_ended() {
    ! still_serves || unready_for "$1"
}

# ended STATUS: the broker, by itself.
ended() {
    local status=0
    wait "$broker_pid" || status=$?
    broker_pid=
    same "$status" "$1" "exit status of the broker"
}

# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced after cluster.sh: what clients do meanwhile. Bodies send a plan after the other, each
# until it has its receipt; model_histories submits, withdraws and reads the same lines from four
# sessions. All have a list of the three brokers.
bodies="S-1 S-2"
access=$keys/broker1.access,$keys/broker2.access,$keys/broker3.access
export KOPGROEP_BROKER=$access

# as ORGANISATION ARGUMENT...: kopgroep with that identity, on the client's machine.
as() {
    local identity=$keys/$1.key
    shift
    KOPGROEP_IDENTITY=$identity on client "$KOPGROEP" "$@"
}

# pause SECONDS
pause() {
    read -r -t "$1" <> <(:) || true
}

# wait_long WHAT COMMAND...: at most three minutes.
wait_long() {
    local what=$1 deadline=$((SECONDS + 180))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "waited for $what in vain"
        pause 0.2
    done
}

submits() {
    local id=$1 number status
    number=$(cat "$work/$id.number" 2>/dev/null || echo 0)
    until [ -e "$work/enough" ]; do
        number=$((number + 1))
        plan "$work/$id.csv" "L-$number laptop $number" "L-0 laptop $number"
        status=-1
        until [ "$status" -eq 0 ]; do
            status=0
            as "$id" submit "$work/$id.csv" --timeout 3 --output json >>"$work/$id.receipts" \
                2>>"$work/$id.said" || status=$?
            case $status in
            0 | 3 | 5) ;;
            *) echo "a submission of $id ended with $status" >"$work/wrong" ;;
            esac
        done
        echo "$number" >"$work/$id.number"
    done
}

declare -A before_load

# begin_load NAME: the histories' organisations are named after it.
begin_load() {
    local id
    rm -f "$work/enough"
    load=()
    for id in $bodies; do
        before_load[$id]=$(cat "$work/$id.receipts" 2>/dev/null | wc -l) || true
        submits "$id" &
        load+=($!)
    done
    on client "$KOPGROEP_HISTORIES" --brokers "$access" --administrator "$keys/administrator.key" \
        --name "H-$1" --until "$work/enough" --folder "$work" >"$work/histories.out" 2>&1 &
    load+=($!)
    others+=("${load[@]}")
}

end_load() {
    local pid
    : >"$work/enough"
    for pid in "${load[@]}"; do
        wait "$pid" || fail "a client ended with $?: $(tail -n 20 "$work/histories.out")"
    done
    [ ! -e "$work/wrong" ] || fail "$(cat "$work/wrong")"
    cat "$work/histories.out"
    echo "   $(longest_silence) s without a receipt, at most"
}

# Between receipts of this load, to the second.
longest_silence() {
    local id
    for id in $bodies; do
        tail -n "+$((1 + ${before_load[$id]}))" "$work/$id.receipts"
    done | jq -rs 'map(.time | sub("[.].*"; "Z") | fromdate) | sort
        | [.[1:], .[:-1]] | transpose | map(.[0] - .[1]) | max // 0'
}

more_receipts() {
    wait_long "receipts" has_receipts $(($(receipts) + $1))
}

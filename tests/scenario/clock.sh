#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The clock jumps by a month, forwards and backwards, beside a broker with a round whose dates come:
# the order is the journal's, time never goes back in it, what is due is due by its time, and who
# has the right time is served again as soon as the broker's clock is right.
. "$(dirname "$0")/common.sh"

month=$((30 * 86400))
shift_clocks

round_is() {
    expect 0 as HUB round show R-1 --output json
    [ "$(jq -r .state "$work/out")" = "$1" ]
}

# submit KEY: taken, whatever the date.
submit() {
    plan "$work/$1.csv" "$1 laptop 20"
    expect 0 as S-1 submit "$work/$1.csv" --output json
    jq -r .sequence "$work/out" >>"$work/sequences"
}

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
start
enrol HUB coordinator
for id in S-1 S-2 S-3; do
    enrol "$id"
done
round_file R-1 >"$work/round.conf"
expect 0 as HUB round open "$work/round.conf"
submit L-1

heading "Back by a month: nothing is undone, and what comes is not dated earlier"
clock -$month
submit L-2
round_is open || fail "the round is not open"

heading "As it was"
clock 0
submit L-3
round_is open || fail "the round is not open"

heading "Forwards by 31 days: the round's closing day has passed"
clock $((month + 86400))
submit L-4
wait_for "the round to be closed" round_is closed

heading "Back again: the round stays closed, by the journal's time; clients are served"
clock 0
submit L-5
round_is closed || fail "the round is open again"

heading "A start with the clock back, and one more jump"
stop KILL 137
clock -$month
start
round_is closed || fail "the round is open again"
submit L-6
clock 0
submit L-7

heading "A client whose own clock is off is told so"
clock 0
printf '#!/bin/bash\nKOPGROEP_CLOCK=%q LD_PRELOAD=%q exec %q "$@"\n' "$work/clock.off" \
    "$KOPGROEP_CLOCK_SHIM" "$(sed -n 's/.* exec \(.*\) "\$@"$/\1/p' "$work/KOPGROEP")" >"$work/off"
chmod +x "$work/off"
for off in $month -$month; do
    echo "$off" >"$work/clock.off"
    KOPGROEP=$work/off expect 1 as S-1 submit "$work/L-1.csv"
    says "[EXPIRED]"
    says "Check the clock"
done

heading "In the journal: no gap, and time never goes back"
stop
same "$(sort -n "$work/sequences")" "$(cat "$work/sequences")" "the order of the receipts"
expect 0 "$KOPGROEPD" journal verify "$broker"
expect 0 "$KOPGROEPD" journal dump "$broker"
same "$(jq -r '.sequence // empty' "$work/out" | awk '$1 != NR' | wc -l)" 0 "gaps"
jq -r '.time // empty' "$work/out" >"$work/times"
[ -s "$work/times" ] || fail "no times"
sort -c "$work/times" || fail "time goes back"

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# failover.sh: the three databases and three brokers of config/patroni, on machines that are network
# namespaces, killed, frozen and cut off in random order while clients submit, withdraw and read.
# After each round all of it must add up: see README.md. As root; 77 where that cannot be.
# KOPGROEP_ROUNDS: how many (3); KOPGROEP_SEED: which (1204); KOPGROEP_HISTORIES: model_histories.
failover=$(cd "$(dirname "$0")" && pwd)
. "$failover/../../scenario/common.sh"
. "$failover/machines.sh"
. "$failover/cluster.sh"
. "$failover/load.sh"
. "$failover/sums.sh"

end_all() {
    local status=$?
    trap '' INT TERM
    set +e
    [ "$status" -eq 0 ] || [ "$status" -eq 77 ] || keep_logs "$status at the end of: $1"
    end_machines
    (exit "$status")
    clean_up
}
trap 'end_all "$BASH_COMMAND"' EXIT

if ! has_programs || ! can_make_machines; then
    echo "SKIPPED: no machines for a failover: $(cat "$work/why")"
    exit 77
fi
mkdir "$machines"
chmod 0755 "$work" "$machines"
rounds=${KOPGROEP_ROUNDS:-3}
seed=${KOPGROEP_SEED:-1204}

heading "Three databases and three brokers"
make_machine client
make_databases
make_brokers
for id in $bodies; do
    enrol "$id"
done
watch_epochs

# ---- faults

# trouble MACHINE HOW: until it is mended.
trouble() {
    case $2 in
    killed) turn_off "$1" ;;
    process) signal KILL "$1" "$(main_program "$1")" ;;
    frozen) signal STOP "$1" ;;
    cut) cut_off "$1" ;;
    esac
}

mend() {
    case $2 in
    killed) turn_on "$1" ;;
    frozen) signal CONT "$1" ;;
    cut) plug_in "$1" ;;
    esac
}

main_program() {
    case $1 in
    db*) echo postgres ;;
    *) echo kopgroepd ;;
    esac
}

# whose ROLE: the machine that has it now; where none has it, any of its kind.
whose() {
    local found=
    case $1 in
    leader) found=$(leader) ;;
    spare) found=$(spare) ;;
    primary) found=$(primary) ;;
    standby) found=$(standby sync) ;;
    other) found=$(standby async) ;;
    esac
    [ -n "$found" ] || case $1 in
    leader | spare) found=broker$((RANDOM % 3 + 1)) ;;
    *) found=db$((RANDOM % 3 + 1)) ;;
    esac
    echo "$found"
}

# A fault is shorter than what notices it, longer than a broker's lease, or longer than Patroni's.
roles=(leader leader spare primary primary standby other)
hows=(killed process frozen cut)
spans=(1 2 4 12 26)

troubled=() # MACHINE HOW of each
databases_well=1 # in this round

one_more() {
    local role=${roles[RANDOM % ${#roles[@]}]} how=${hows[RANDOM % ${#hows[@]}]}
    local span=${spans[RANDOM % ${#spans[@]}]} machine
    machine=$(whose "$role")
    [ "$how" != process ] || span=2 # it is started again at once
    echo "   $role ($machine) $how, $span s"
    [ "${machine#db}" = "$machine" ] || databases_well=0
    trouble "$machine" "$how"
    troubled+=("$machine $how")
    pause "$span"
}

mend_all() {
    local one
    for one in "${troubled[@]}"; do
        # shellcheck disable=SC2086
        mend $one
    done
    troubled=()
}

heading "$rounds rounds from seed $seed"
RANDOM=$seed
for ((round = 1; round <= rounds; round++)); do
    echo "-- round $round"
    databases_well=1
    epoch=$(epoch_now)
    begin_load "$seed-$round"
    more_receipts 2
    for ((faults = RANDOM % 3 + 1; faults > 0; faults--)); do
        one_more
        if [ $((RANDOM % 3)) -eq 0 ]; then
            echo "   (not mended yet)"
        else
            mend_all
        fi
    done
    mend_all
    more_receipts 4
    wait_long "a primary with two standbys" is_whole
    end_load
    add_up
    [ "$databases_well" -eq 0 ] || leads_in_time "$epoch"
done

# Of two machines only PostgreSQL and Patroni: without their etcd none would be primary at all.
standbys() {
    local name at=$1
    for name in $databases; do
        [ "$name" = "$at" ] || { signal "$2" "$name" postgres; signal "$2" "$name" patroni; }
    done
}

heading "No standby: nothing is acknowledged, and it is said why"
begin_load "$seed-0"
more_receipts 2
wait_long "a leader" leader >/dev/null
leads=$(leader)
lines=$(wc -l <"$machines/$leads/kopgroepd.log")
ends=$(times_ended "$leads")
at=$(primary)
before=$(receipts)
standbys "$at" STOP
wait_long "the reason in the log of $leads" tells_no_standby "$leads" "$lines"
since=$SECONDS
wait_long "its end" has_ended "$leads" "$ends"
[ $((SECONDS - since)) -le 30 ] || fail "it lost the lead, and ended $((SECONDS - since)) s later"
wait_long "its wish to lead" waits_for_standby "$leads" "$lines"
after=$(receipts)
[ "$after" -le $((before + 6)) ] || fail "$((after - before)) acknowledged without a standby"
standbys "$at" CONT
more_receipts 4
wait_long "a primary with two standbys" is_whole
end_load
add_up

for name in $brokers; do
    ended_well "$name"
done
echo "$rounds rounds, $(receipts) receipts, $(cat "$work/epochs") leaders"

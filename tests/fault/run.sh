#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# tests/fault/run.sh [--long] BUILD-FOLDER [NAME...]: the fault programs of a build, for a short
# while as ctest does, or with --long until the goals of README.md: hours. What each did is in
# BUILD-FOLDER/fault-NAME.log; the exit status is not 0 when one found something.
set -u
long=0
if [ "${1:-}" = --long ]; then
    long=1
    shift
fi
build=$(cd "${1:?say which build folder}" && pwd)
shift
only=" $* "
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm
failed=0

# run NAME ARGUMENT...
run() {
    local log=$build/fault-$1.log status=0
    [ "$only" = "  " ] || [ "${only/ $1 /}" != "$only" ] || return 0
    nice -n 19 "$build/tests/fault/fault_$1" "${@:2}" >"$log" 2>&1 </dev/null || status=$?
    echo "$1 ${*:2}: status $status; $(tail -n 1 "$log")"
    [ $status -eq 0 ] || [ $status -eq 77 ] || failed=1
}

# failover ROUNDS
failover() {
    local log=$build/fault-failover.log status=0
    [ "$only" = "  " ] || [ "${only/ failover /}" != "$only" ] || return 0
    KOPGROEPD=$build/broker/kopgroepd KOPGROEP=$build/client/kopgroep \
        KOPGROEP_HISTORIES=$build/tests/model/model_histories KOPGROEP_ROUNDS=$1 \
        KOPGROEP_SOURCE=$(cd "$(dirname "$0")/../.." && pwd) KOPGROEP_LOGS=$build/failover-logs \
        nice -n 19 bash "$(dirname "$0")/failover/failover.sh" >"$log" 2>&1 </dev/null || status=$?
    echo "failover $1: status $status; $(tail -n 1 "$log")"
    [ $status -eq 0 ] || [ $status -eq 77 ] || failed=1
}

if [ $long -eq 0 ]; then
    for name in cut backup io memory kill power; do
        run $name
    done
    run storm "$build/broker/kopgroepd" 100
    run flood "$build/broker/kopgroepd" 2000 100
    run stalled "$build/broker/kopgroepd" 2
    run recovery "$build/broker/kopgroepd" 2000
    run crash "$build/broker/kopgroepd" 12
    run disk "$build/broker/kopgroepd" "$build/tests/fault/libfault_io_shim.so" 8
    run heap "$build/broker/kopgroepd" "$build/tests/fault/libfault_memory_shim.so" 8
    failover 3
else
    run cut 1000
    run backup 100
    run io 60
    run memory 3 1
    run storm "$build/broker/kopgroepd" 1000 10
    run storm "$build/broker/kopgroepd" 5000 4
    run flood "$build/broker/kopgroepd" 1000000 2000
    run stalled "$build/broker/kopgroepd" 3600
    # On a disk: how long it takes is the question.
    for lines in 10000 100000 1000000; do
        TMPDIR=/var/tmp run recovery "$build/broker/kopgroepd" $lines 20
        mv "$build/fault-recovery.log" "$build/fault-recovery-$lines.log" 2>/dev/null || true
    done
    run crash "$build/broker/kopgroepd" 2000 1000000
    run disk "$build/broker/kopgroepd" "$build/tests/fault/libfault_io_shim.so" 0
    run heap "$build/broker/kopgroepd" "$build/tests/fault/libfault_memory_shim.so" 1000
    run kill 10000
    run power 100000
    failover 1000
fi
exit $failed

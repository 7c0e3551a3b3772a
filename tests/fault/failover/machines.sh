# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced after scenario/common.sh: machines that are network namespaces at one bridge, each with a
# host name, /etc, /run and /var/lib of its own. What runs there is started again when it ends, as a
# service manager does. They can be killed whole, frozen, and cut off.
machines=$work/machines
mark=kg$$ # of the names of namespaces
declare -A address=([client]=10.77.0.1 [db1]=10.77.0.11 [db2]=10.77.0.12 [db3]=10.77.0.13
    [broker1]=10.77.0.21 [broker2]=10.77.0.22 [broker3]=10.77.0.23)

# can_make_machines: whether this process may; else the reason is in $work/why.
can_make_machines() {
    [ "$(id -u)" -eq 0 ] || echo "only root makes network namespaces" >"$work/why"
    [ -s "$work/why" ] || ip netns add "$mark-hub" 2>"$work/why" &&
        ip netns exec "$mark-hub" unshare --uts mount --bind /run /run 2>>"$work/why" &&
        ip -n "$mark-hub" link add hub type bridge 2>>"$work/why" &&
        ip -n "$mark-hub" link set hub up
}

make_machine() {
    local name=$1 folder=$machines/$1
    mkdir -p "$folder"/{run/postgresql,var/lib}
    install -d -m 1777 "$folder/shm"
    cp -a /etc "$folder/etc"
    {
        echo "127.0.0.1 localhost"
        for other in "${!address[@]}"; do
            echo "${address[$other]} $other"
        done
    } >"$folder/etc/hosts"
    ip netns add "$mark-$name"
    ip -n "$mark-hub" link add "$name" type veth peer name eth0 netns "$mark-$name"
    ip -n "$mark-hub" link set "$name" master hub up
    ip -n "$mark-$name" address add "${address[$name]}/24" dev eth0
    ip -n "$mark-$name" link set lo up
    ip -n "$mark-$name" link set eth0 up
}

# on MACHINE COMMAND...
on() {
    as_service "$1" root - "${@:2}"
}

# as_service MACHINE USER FILE COMMAND...: see enter.sh.
as_service() {
    ip netns exec "$mark-$1" unshare --uts --ipc bash "$failover/enter.sh" "$1" "$machines/$1" \
        "${@:2}"
}

# runs MACHINE SERVICE USER FILE COMMAND...: from now on, but while the machine is off. Its exit
# statuses are in MACHINE/SERVICE.ends, what it says in MACHINE/SERVICE.log.
runs() {
    local machine=$1 service=$2 folder=$machines/$1
    shift 2
    while [ ! -e "$machines/ended" ]; do
        if [ ! -e "$folder/off" ]; then
            local status=0
            as_service "$machine" "$@" >>"$folder/$service.log" 2>&1 </dev/null || status=$?
            echo "$status" >>"$folder/$service.ends"
        fi
        read -r -t 1 <> <(:) || true
    done
}

# processes MACHINE [NAME]: all of the machine, or those of that name.
processes() {
    local pid
    for pid in $(ip netns pids "$mark-$1"); do
        [ $# -eq 1 ] || [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || continue
        echo "$pid"
    done
}

# signal SIGNAL MACHINE [NAME]
signal() {
    local pids
    pids=$(processes "${@:2}")
    # shellcheck disable=SC2086
    [ -z "$pids" ] || kill "-$1" $pids 2>/dev/null || true
}

turn_off() {
    : >"$machines/$1/off"
    until [ -z "$(processes "$1")" ]; do
        signal KILL "$1"
    done
}

turn_on() {
    rm -f "$machines/$1/off"
}

cut_off() {
    ip -n "$mark-hub" link set "$1" down
}

plug_in() {
    ip -n "$mark-hub" link set "$1" up
}

# Whoever starts again what ended is ended first.
end_machines() {
    local name pid
    mkdir -p "$machines"
    : >"$machines/ended"
    for pid in "${others[@]}"; do
        kill -KILL "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    for name in "${!address[@]}" hub; do
        until [ -z "$(processes "$name" 2>/dev/null)" ]; do
            signal KILL "$name"
        done
        ip netns del "$mark-$name" 2>/dev/null
    done
}

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The broker under what its systemd unit forbids: a user of its own without capabilities, nothing to
# be written but its folder, the unit's kernel calls and socket families, no memory both writable
# and executable. Where systemd does not run, bubblewrap and scenario_confine stand for it.
. "$(dirname "$0")/common.sh"
: "${KOPGROEP_CONFINE:?}"
unit=$KOPGROEP_SOURCE/config/systemd/kopgroepd.service

for program in bwrap systemd-analyze; do
    command -v "$program" >/dev/null || {
        echo "SKIPPED: no $program (packages bubblewrap and systemd; tests/run.sh installs them)"
        exit 77
    }
done
jail=(bwrap --unshare-all --share-net --uid 977 --gid 977 --cap-drop ALL --new-session --as-pid-1
    --die-with-parent --ro-bind / / --proc /proc --dev /dev)
owner=$(id -u)
if [ "$owner" -eq 0 ]; then # outside the namespace, too, it is nobody that matters
    owner=65534
    jail=(setpriv --reuid "$owner" --regid "$owner" --clear-groups "${jail[@]}")
fi
"${jail[@]}" true 2>"$work/err" || {
    echo "SKIPPED: this machine makes no namespaces: $(cat "$work/err")"
    exit 77
}
# The leak check at the end attaches to its own process, which the unit forbids.
export ASAN_OPTIONS="detect_leaks=0:$ASAN_OPTIONS"

# values NAME: what the unit says, a line each.
values() {
    sed -n "s/^$1=//p" "$unit"
}

declare -A sets
while read -r word; do
    case $word in
    @*) [ "${set:-}" = "" ] && set=$word || sets[$set]+=" $word" ;;
    "") set= ;;
    \#*) ;;
    *) sets[$set]+=" $word" ;;
    esac
done < <(systemd-analyze syscall-filter 2>/dev/null)

# calls NAME...: the kernel calls of sets and of themselves.
calls() {
    local name
    for name in "$@"; do
        # shellcheck disable=SC2086
        case $name in
        @*) [ -n "${sets[$name]:-}" ] || fail "no set $name"; calls ${sets[$name]} ;;
        *) echo "$name" ;;
        esac
    done
}

declare -A allowed
while read -r line; do
    # shellcheck disable=SC2086
    for call in $(calls ${line#\~}); do
        if [ "${line#\~}" = "$line" ]; then allowed[$call]=1; else unset "allowed[$call]"; fi
    done
done < <(values SystemCallFilter)
[ "${#allowed[@]}" -gt 100 ] || fail "the unit's kernel calls were not read"
[ -z "${allowed[ptrace]:-}${allowed[mount]:-}${allowed[setuid]:-}" ] || fail "too much is allowed"
for call in fork clone3 seccomp landlock_restrict_self; do
    [ -n "${allowed[$call]:-}" ] || fail "the network's process needs $call"
done

# confine FILE: writes a program that runs its arguments as the unit runs the broker, whose folder
# is the StateDirectory; says in FILE.json what process that is.
confine() {
    {
        echo "#!/bin/bash"
        printf 'exec %s --json-status-fd 3 3>%q' "${jail[*]}" "$1.json"
        printf ' --bind %q %q %q' "$broker" "$broker" "$work/confine"
        # shellcheck disable=SC2046
        printf ' %s' "${!allowed[@]}" $(values RestrictAddressFamilies)
        # shellcheck disable=SC2016
        printf ' -- %s "$@"\n' "${2:-}"
    } >"$1"
    chmod 755 "$1"
}

cp "$KOPGROEP_CONFINE" "$work/confine"
cp "$KOPGROEPD" "$work/kopgroepd"
found
echo 'metrics = "127.0.0.1:*"' >>"$broker/broker.conf"
chown -R "$owner" "$broker"
chmod 711 "$work"
confine "$work/confined"
confine "$work/confined-broker" "$work/kopgroepd"

heading "What is forbidden fails"
expect 1 "$work/confined" /usr/bin/touch "$work/elsewhere"
says "Read-only file system"
expect 1 "$work/confined" /usr/bin/touch /etc/elsewhere
expect 0 "$work/confined" /usr/bin/touch "$broker/here"
rm "$broker/here"
expect 0 "$work/confined" /usr/bin/id -u
prints 977
expect 1 "$work/confined" /usr/bin/chown 977 "$broker"
says "Operation not permitted"
expect 0 "$work/confined" /bin/grep -c '^CapEff:.0000000000000000$' /proc/self/status

heading "The broker serves, stops and starts again"
KOPGROEPD=$work/confined-broker
stop_confined() {
    local jailed=$broker_pid status=0
    kill -TERM "$(jq -r '."child-pid" // empty' "$work/confined-broker.json")"
    wait "$jailed" || status=$?
    broker_pid=
    same "$status" 0 "exit status of the broker"
    logged event=stopped
}
start
enrol C-1
plan "$work/plan.csv" "L-1 laptop 20"
expect 0 as C-1 submit "$work/plan.csv"
get 200 /healthz
get 200 /readyz
get 200 /metrics
[ "$(awk '$1 == "process_resident_memory_bytes" { print $2 }' "$work/out")" -gt 1000000 ] ||
    fail "it cannot look at itself"
stop_confined
start
expect 0 as C-1 lines --output json
finds 'map(.line) == ["L-1"]'
stop_confined

#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# unit.sh SOURCE: the systemd unit is hardened as far as the broker runs, has no word that systemd
# does not know, and its user can be made; a unit with a mistake or with less is found out.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$1/config/systemd"

for program in systemd-analyze systemd-sysusers; do
    command -v "$program" >/dev/null || {
        echo "SKIPPED: no $program (package systemd; tests/run.sh installs it)"
        exit 77
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
exposure_max=12 # tenths
# What is open, and why: it serves the network; libzmq looks through its interfaces and sets its
# threads' policy; systemd is told by a local socket; ProtectClock= itself names a device.
open='DeviceAllow=
IPAddressDeny=
PrivateNetwork=
RestrictAddressFamilies=~AF_(INET|INET6)
RestrictAddressFamilies=~AF_NETLINK
RestrictAddressFamilies=~AF_UNIX
RootDirectory=/RootImage=
SystemCallFilter=~@resources'

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# unit [SED-COMMAND...]: the unit, changed, with a program that is there.
unit() {
    sed -e 's|/usr/local/bin/kopgroepd|/bin/true|' "$@" kopgroepd.service >"$work/kopgroepd.service"
}

# The whole is rounded: a small weight is seen only by name.
is_hardened() {
    systemd-analyze security --offline=true --no-pager --threshold="$exposure_max" \
        "$work/kopgroepd.service" >"$work/report" 2>&1 || return 1
    [ "$(systemd-analyze security --offline=true --no-pager --json=short \
        "$work/kopgroepd.service" 2>/dev/null |
        jq -r '.[] | select((.exposure // "0" | tonumber) > 0) | .name' | sort)" = "$open" ]
}

is_known() {
    systemd-analyze verify --man=no --generators=no --recursive-errors=no \
        "$work/kopgroepd.service" >"$work/report" 2>&1
}

unit
is_hardened || { grep -v '✓' "$work/report" >&2; fail "more is open than is written here"; }
grep Overall "$work/report"
is_known || { cat "$work/report" >&2; fail "systemd complains"; }

unit -e /^NoNewPrivileges/d
! is_hardened || fail "a unit with new privileges is let pass"
unit -e /^MemoryDeny/d
! is_hardened || fail "a unit with code in data is let pass"
unit -e s/^LockPersonality/LockPersonalities/
! is_known || fail "an unknown word is let pass"

mkdir "$work/etc"
systemd-sysusers --root="$work" - <kopgroep.sysusers
grep -q '^kopgroep:.*:/var/lib/kopgroep:.*nologin$' "$work/etc/passwd" || fail "no user is made"
grep -q '^kopgroep:' "$work/etc/group" || fail "no group is made"

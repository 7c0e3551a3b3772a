#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# usage: tests/suite.sh [SUITE [REGEX [TARGET...]]]
# Builds in a bare system of another Debian suite (trixie), with its compiler and libraries, and
# runs the tests there whose names match: by default those of the journal in PostgreSQL, which is 15
# in bookworm and 17 in trixie. As root; takes minutes. TARGETs: what they need. The mirror is that
# of this machine's apt. KG_BASES=FOLDER: bare systems are kept there, by suite.
set -euo pipefail
cd "$(dirname "$0")/.."
. config/setup.sh

# within REGEX TARGET...: in that system.
within() {
    local regex=$1
    shift
    # shellcheck disable=SC2086
    kg_install $kg_build_packages libcmocka-dev libglpk-dev python3 procps jq scdoc age
    kg_install_postgresql
    kg_build suite "$@" -- -DCMAKE_BUILD_TYPE=Release
    echo "$(. /etc/os-release && echo "$PRETTY_NAME"), $(gcc --version | head -n 1)," \
        "PostgreSQL $(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f ')"
    ctest --test-dir build/suite --output-on-failure --no-tests=error -R "$regex"
}
if [ "${1:-}" = --within ]; then
    within "${@:2}"
    exit
fi

[ "$(id -u)" -eq 0 ] || {
    echo "SKIPPED: only root makes a bare system"
    exit 77
}
suite=${1:-trixie}
regex=${2:-'journal/test_postgres|scenario/(replicated|followers)$'}
targets=("${@:3}")
[ $# -gt 2 ] || targets=(kopgroepd kopgroep_cli journal_test_postgres gen_plan scenario_access)
mirror=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
    awk '!found && /^(URIs:|deb )/ { print $2; found = 1 }') || true # one of both is enough
kg_install debootstrap
work=$(mktemp -d "${TMPDIR:-/tmp}/kopgroep-suite.XXXXXX")
base=${KG_BASES:-$work/bases}/$suite
system=$work/system

clean_up() {
    local status=$?
    trap - EXIT
    ! mountpoint -q "$system/proc" || umount "$system/proc"
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if [ ! -e "$base/.complete" ]; then
    rm -rf --one-file-system "$base"
    mkdir -p "$(dirname "$base")"
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$base" "$mirror" \
        >"$work/log" || { tail -n 20 "$work/log" >&2; exit 1; }
    touch "$base/.complete"
fi
cp -a "$base" "$system"
printf '#!/bin/sh\nexit 101\n' >"$system/usr/sbin/policy-rc.d" # nothing is started
chmod 755 "$system/usr/sbin/policy-rc.d"
cp /etc/resolv.conf /etc/hosts "$system/etc/"
mount -t proc proc "$system/proc"
mkdir "$system/root/kopgroep"
git ls-files -z | xargs -0 cp --parents -t "$system/root/kopgroep"
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot "$system" \
    bash /root/kopgroep/tests/suite.sh --within "$regex" "${targets[@]}"

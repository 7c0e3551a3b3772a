# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Sourced by client/demo.sh and tests/run.sh: what a bare Debian 12 or 13 lacks, and the build.

kg_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

kg_build_packages="gcc libc6-dev cmake ninja-build pkg-config protobuf-c-compiler libzmq3-dev
  liblmdb-dev libprotobuf-c-dev libssl-dev libsodium-dev libconfuse-dev libjansson-dev
  libcsv-dev libseccomp-dev uthash-dev libmicrohttpd-dev libxlsxwriter-dev libminizip-dev zlib1g-dev
  libexpat1-dev libxml2-dev libpq-dev gettext"

# kg_install PACKAGE...: installs those that are missing; needs root only then.
kg_install() {
    local missing=() package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "Missing packages; as root: apt-get install ${missing[*]}" >&2
        return 1
    fi
    echo "Installing ${missing[*]}" >&2
    apt-get update -qq >&2 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            "${missing[@]}" >/dev/null
}

# kg_install_postgresql: without the cluster that Debian's package makes and starts of its own.
kg_install_postgresql() {
    local conf=/etc/postgresql-common/createcluster.conf status=0
    [ -z "$(find /usr/lib/postgresql -maxdepth 3 -path '*/bin/initdb' 2>/dev/null)" ] || return 0
    kg_install postgresql-common || return
    cp -p "$conf" "$conf.kopgroep"
    echo "create_main_cluster = false" >>"$conf"
    kg_install postgresql || status=$?
    mv "$conf.kopgroep" "$conf"
    return "$status"
}

# kg_install_patroni: with etcd, which Debian would start, now and with the machine.
kg_install_patroni() {
    local policy=/usr/sbin/policy-rc.d made= status=0
    if [ "$(id -u)" -eq 0 ] && ! [ -e "$policy" ]; then
        made=1
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    command -v etcd >/dev/null || local new=1
    kg_install patroni python3-etcd etcd-server iproute2 || status=$?
    [ -z "$made" ] || rm "$policy"
    [ -z "${new:-}" ] || ! [ -d /run/systemd/system ] || systemctl disable -q etcd || status=$?
    return "$status"
}

# kg_build NAME TARGETS... -- CMAKE-OPTION...: configures build/NAME once and builds the targets.
kg_build() {
    local name=$1 targets=() log
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        targets+=("$1")
        shift
    done
    [ $# -gt 0 ] && shift
    mkdir -p "$kg_root/build/$name"
    log=$kg_root/build/$name/setup.log
    echo "Building ($name)" >&2
    if ! { [ -e "$kg_root/build/$name/build.ninja" ] ||
        cmake -S "$kg_root" -B "$kg_root/build/$name" -G Ninja "$@"; } >"$log" 2>&1 ||
        ! ninja -C "$kg_root/build/$name" "${targets[@]}" >>"$log" 2>&1; then
        tail -n 40 "$log" >&2
        return 1
    fi
}

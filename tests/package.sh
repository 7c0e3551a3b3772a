#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# usage: tests/package.sh [SUITE [MIRROR]]
# Builds the Debian packages for a suite (bookworm, trixie; this machine's own by default), and in a
# bare system of that suite installs them, makes and runs a broker as the unit would, submits a
# plan, upgrades, removes and purges: nothing is left but what is told. As root; takes minutes. The
# mirror is that of this machine's apt. KG_DEBS=FOLDER: packages that are built already (what was
# built is left there, if it is empty). KG_BASES=FOLDER: bare systems are kept there, by suite.
set -euo pipefail
cd "$(dirname "$0")/.."
. config/setup.sh

# build OUT: packages of this version, and of one that is higher, for the system it runs on.
build() {
    local out=$1 version
    # shellcheck disable=SC2086
    kg_install $kg_build_packages dpkg-dev file gzip scdoc
    CFLAGS=$(dpkg-buildflags --get CFLAGS) CPPFLAGS=$(dpkg-buildflags --get CPPFLAGS)
    LDFLAGS="$(dpkg-buildflags --get LDFLAGS) -Wl,-z,now"
    CFLAGS="$CFLAGS $CPPFLAGS" LDFLAGS=$LDFLAGS kg_build package all -- -DKG_TESTS=OFF \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr
    version=$(sed -n 's/^project(kopgroep VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
    for version in "$version" "$version+next"; do
        (cd build/package && cpack -D CPACK_DEBIAN_PACKAGE_VERSION="$version" -B "$out" >/dev/null)
    done
    rm -rf "$out/_CPack_Packages"
}
if [ "${1:-}" = --build ]; then
    build "$2"
    exit
fi

[ "$(id -u)" -eq 0 ] || {
    echo "SKIPPED: only root makes a bare system"
    exit 77
}
own=$(. /etc/os-release && echo "$VERSION_CODENAME")
suite=${1:-$own}
mirror=${2:-$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
    awk '!found && /^(URIs:|deb )/ { print $2; found = 1 }')} || true # one of both is enough
kg_install debootstrap
work=$(mktemp -d "${TMPDIR:-/tmp}/kopgroep-package.XXXXXX")
debs=${KG_DEBS:-$work/debs}
bases=${KG_BASES:-$work/bases}
mkdir -p "$debs" "$bases"
broker_pid=

clean_up() {
    local status=$? folder
    trap - EXIT
    [ -z "$broker_pid" ] || kill -KILL "$broker_pid" 2>/dev/null || true
    for folder in "$work"/*/proc; do
        ! mountpoint -q "$folder" || umount "$folder"
    done
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

fail() {
    local log
    echo "FAILED at line ${BASH_LINENO[0]}: $*" >&2
    for log in "$work/log" "$work/broker.log"; do
        [ ! -e "$log" ] || tail -n 20 "$log" >&2
    done
    exit 1
}

# ---- the bare system

# bare FOLDER: makes a system there, as this machine sees the network.
bare() {
    local base=$bases/$suite
    if [ ! -e "$base/.complete" ]; then
        rm -rf --one-file-system "$base"
        debootstrap --variant=minbase --include=ca-certificates "$suite" "$base" "$mirror" \
            >"$work/log" 2>&1 || fail "debootstrap"
        touch "$base/.complete"
    fi
    cp -a "$base" "$1"
    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d" # nothing is started
    chmod 755 "$1/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf /etc/hosts "$1/etc/"
    mount -t proc proc "$1/proc"
}

within() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive chroot "$system" "$@"
}

apt() {
    within apt-get -qq -y --no-install-recommends "$@" >"$work/log" 2>&1 || fail "apt-get $*"
}

files() {
    (cd "$system" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp \
        -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt \) -prune -o -print | sort)
}

# ---- the broker, as its unit says

unit() {
    sed -n "s/^$1=//p" "$system/lib/systemd/system/kopgroepd.service"
}

# enter: sets what runs a program as the unit's user.
enter() {
    user=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp/operator LC_ALL=C.UTF-8
        chroot --userspec="$(unit User):$(unit Group)" "$system")
}

start() {
    # shellcheck disable=SC2046
    "${user[@]}" $(unit ExecStartPre) >"$work/log" 2>&1 || fail "ExecStartPre"
    # Not by a function: that would be a shell more, and the signal would be for it.
    # shellcheck disable=SC2046
    "${user[@]}" $(unit ExecStart) 2>"$work/broker.log" &
    broker_pid=$!
    for _ in $(seq 600); do
        ! grep -q event=serving "$work/broker.log" || return 0
        kill -0 "$broker_pid" 2>/dev/null || fail "the broker ended"
        read -r -t 0.05 <> <(:) || true
    done
    fail "the broker does not serve"
}

stop() {
    kill "$broker_pid"
    wait "$broker_pid" || fail "the broker's end"
    broker_pid=
}

ready() {
    local address status
    address=$(sed -n 's/.*event=metrics-served address=//p' "$work/broker.log")
    exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
    printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
    status=$(head -n 1 <&3)
    exec 3>&-
    [[ $status = *" 200 "* ]] || fail "it is not ready: $status"
}

# Either is refused a key that is not its own.
client() {
    within env HOME=/tmp/body KOPGROEP_BROKER=/var/lib/kopgroep/broker.access \
        KOPGROEP_IDENTITY=/tmp/body/key kopgroep "$@"
}

administrator() {
    "${user[@]}" env KOPGROEP_BROKER=/var/lib/kopgroep/broker.access \
        KOPGROEP_IDENTITY=/var/lib/kopgroep/administrator.key kopgroep "$@"
}

day() {
    date -u -d "+$1 days" +%F
}

# ---- the life of a package

if [ -z "$(ls "$debs")" ]; then
    echo "== Building for $suite"
    if [ "$suite" = "$own" ]; then
        build "$debs"
    else
        system=$work/builder
        bare "$system"
        mkdir "$system/root/kopgroep" "$system/root/debs"
        git ls-files -z | xargs -0 cp --parents -t "$system/root/kopgroep"
        within bash /root/kopgroep/tests/package.sh --build /root/debs
        cp "$system"/root/debs/*.deb "$debs"
        umount "$system/proc"
    fi
fi
old=$(find "$debs" -name 'kopgroep-broker_*.deb' ! -name '*next*')
version=$(dpkg-deb -f "$old" Version)
if command -v lintian >/dev/null; then
    lintian --allow-root --fail-on error "$debs"/*_"$version"_*.deb
fi

echo "== Installing in a bare $suite"
system=$work/system
bare "$system"
cp "$debs"/*.deb "$system/tmp"
apt update
apt satisfy "systemd, $(dpkg-deb -f "$old" Depends), \
    $(dpkg-deb -f "$debs"/kopgroep_"$version"_*.deb Depends)"
files >"$work/before"
apt install "/tmp/kopgroep-broker_${version}_$(dpkg-deb -f "$old" Architecture).deb" \
    "/tmp/kopgroep_${version}_$(dpkg-deb -f "$old" Architecture).deb"
grep -q "kopgroepd init --config" "$work/log" || fail "the next step is not told"
[ "$(within stat -c %U:%G:%a /var/lib/kopgroep)" = kopgroep:kopgroep:700 ] ||
    fail "whose is the folder?"
within systemd-analyze verify --man=no kopgroepd.service >"$work/log" 2>&1 || fail "the unit"
[ ! -e "$system$(unit ConditionPathExists)" ] || fail "there is a broker before one was made"

echo "== Making a broker, and running it"
sed -i -e 's/:741[12]"/:*"/' -e 's/^# \(metrics = .*\):9464"/\1:*"/' \
    "$system/etc/kopgroep/broker.conf"
enter
"${user[@]}" kopgroepd init --config /etc/kopgroep/broker.conf >"$work/log" 2>&1 || fail "init"
[ -e "$system$(unit ConditionPathExists)" ] || fail "the unit would not start it"
start
ready
within mkdir /tmp/body
within install -d -o kopgroep /tmp/operator
client keygen EX-1 --file /tmp/body/key --quiet
cat >"$system/tmp/body/conf" <<END
organisation "EX-1" { name = "Example body" legal_type = "la" central = false nuts = "BE211"
  languages = {"nl"} can_lead = true }
END
cat >"$system/tmp/body/plan.csv" <<END
line,category,quantity,delivery_from,delivery_to,nuts
L-1,laptop,10,$(day 160),$(day 300),BE211
END
administrator register /tmp/body/conf --id EX-1 --key /tmp/body/key.pub --quiet
client submit /tmp/body/plan.csv --quiet
client lines --output json >"$work/lines"

echo "== Upgrading"
apt install "/tmp/kopgroep-broker_$version+next_$(dpkg-deb -f "$old" Architecture).deb" \
    "/tmp/kopgroep_$version+next_$(dpkg-deb -f "$old" Architecture).deb"
within dpkg-query -W -f '${Version}\n' kopgroep-broker kopgroep | sort -u >"$work/log"
[ "$(cat "$work/log")" = "$version+next" ] || fail "the version"
grep -q ':\*"' "$system/etc/kopgroep/broker.conf" || fail "the settings were changed"
stop
start
ready
client lines --output json | cmp - "$work/lines" || fail "the data was changed"
stop

echo "== Removing, and purging"
apt remove kopgroep kopgroep-broker
[ -d "$system/var/lib/kopgroep/journal" ] || fail "a removal took the data"
[ -e "$system/etc/kopgroep/broker.conf" ] || fail "a removal took the settings"
echo "kopgroep-broker kopgroep-broker/postrm_purge_data boolean false" |
    within debconf-set-selections
apt purge kopgroep kopgroep-broker
[ -d "$system/var/lib/kopgroep/journal" ] || fail "a purge took the data, and was told not to"
[ ! -e "$system/etc/kopgroep" ] || fail "a purge left the settings"
apt install "/tmp/kopgroep-broker_${version}_$(dpkg-deb -f "$old" Architecture).deb"
apt purge kopgroep-broker
files >"$work/after"
# The user stays; the rest are the package system's own notes.
diff "$work/before" "$work/after" | grep '^[<>]' |
    grep -vE '^> \./(etc/(passwd|group|shadow|gshadow|subuid|subgid)-|var/lib/dpkg/.*-old)$' \
        >"$work/log" && fail "left, or missing"
within getent passwd kopgroep >/dev/null || fail "the user is gone"
echo "kopgroep $version on $suite: installed, ran, upgraded, removed and purged."

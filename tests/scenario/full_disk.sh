#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A disk that fills, down to its last block, and has room again, under a broker: it says so with a
# stable code, goes on serving what it can, starts there, and loses nothing that it acknowledged.
# On an ext4 of its own in a file, or in memory where that cannot be mounted.
if [ -z "${KOPGROEP_MOUNTS:-}" ]; then
    export KOPGROEP_MOUNTS=1
    for way in "--mount --propagation private" "--map-root-user --mount"; do
        # shellcheck disable=SC2086
        ! unshare $way true 2>/dev/null || exec unshare $way bash "$0"
    done
    echo "nothing can be mounted here" >&2
    exit 77
fi
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/room.sh"

mebibyte=1048576
disk=$work/disk
mkdir "$disk"
leave() {
    local status=$?
    set +e
    umount -l "$disk" 2>/dev/null
    (exit $status)
    clean_up
}
trap leave EXIT
truncate -s 448M "$work/image"
mount_ext4() {
    mkfs.ext4 -q -F -m 0 "$work/image" && mount -o loop "$work/image" "$disk"
}
if ! mount_ext4 2>/dev/null; then
    rm "$work/image"
    mount -t tmpfs -o size=448M none "$disk" || exit 77
fi
echo "on $(stat -f -c %T "$disk")"
broker=$disk/broker
export KOPGROEP_BROKER=$broker/broker.access

free() {
    echo $(($(stat -f -c '%a * %S' "$disk")))
}

# leave_free BYTES: other files take all but so many.
others_made=0
leave_free() {
    others_made=$((others_made + 1))
    fallocate -l $(($(free) - $1)) "$disk/other.$others_made"
}

# To the last block.
fill_up() {
    local at=0
    until [ "$(free)" -eq 0 ]; do
        at=$((at + 1))
        dd if=/dev/zero of="$disk/rest.$at" bs=64k 2>/dev/null || true
        fallocate -l "$(free)" "$disk/more.$at" 2>/dev/null || true
        [ "$at" -lt 20 ] || break
    done
}

make_room() {
    rm -f "$disk"/other.* "$disk"/rest.* "$disk"/more.*
}

found --requests "tcp://127.0.0.1:$(free_port)" --feeds "tcp://127.0.0.1:$(free_port)"
settings
echo 'disk_reserve_mib = 16' >>"$broker/broker.conf"
start
enrol_all
is_submitted
is_submitted
is_submitted
is_submitted
is_submitted

heading "Filled by plans, down to the reserve"
leave_free $((16 * mebibyte + 256 * mebibyte + 24 * mebibyte)) # the log takes 16 of these
fill_with_plans
is_read_only "too little room on the disk"
is_refused "only withdrawals and queries"
is_withdrawn
is_answered

heading "And restarted there"
stop # which gives the log's room back
leave_free $((200 * mebibyte))
start
is_read_only "too little room on the disk"
is_refused "only withdrawals and queries"
is_withdrawn
is_answered

heading "Filled by another file, to the last block"
is_withdrawn
fallocate -l "$(free)" "$disk/more.0" 2>/dev/null || true
fill_up
is_full "no room on the disk"
is_refused "not even for withdrawals"
withdrawal_is_refused
# For longer than the journal lets its log wait.
until_then=$((SECONDS + 3))
while [ "$SECONDS" -lt "$until_then" ]; do
    is_answered
done

heading "Killed and started there, stopped and started there"
stop KILL 137
start
is_full "no room on the disk"
withdrawal_is_refused
is_answered
stop
start
is_full "no room on the disk"
is_answered

heading "Room again"
make_room
is_ready
is_submitted
is_withdrawn
is_answered
has_lines F-1
stop
expect 0 "$KOPGROEPD" journal verify "$broker"

heading "Filled at once, under load"
start
load_begin
for _ in 1 2; do
    wait_for "receipts" has_more_receipts
    fallocate -l "$(free)" "$disk/more.0" 2>/dev/null || true
    fill_up
    # It may have been too late to refuse what was being written: then it ends, and starts again.
    wait_for "refusals" full_or_ended "no room on the disk"
    still_serves || { ended 4; start; }
    is_full "no room on the disk"
    load_is_there
    make_room
    is_ready
done
wait_for "receipts" has_more_receipts
load_end
is_answered
has_lines F-1
stop
expect 0 "$KOPGROEPD" journal verify "$broker"

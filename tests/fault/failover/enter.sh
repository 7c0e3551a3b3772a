#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# enter.sh NAME FOLDER USER FILE COMMAND...: in a network namespace of its own already, COMMAND as
# on the machine NAME: with that host name, and etc, run and var/lib of FOLDER in place of this
# system's. USER runs it, with what FILE (-: none) names in its environment, like a unit's
# EnvironmentFile.
set -eu
name=$1 folder=$2 user=$3 file=$4
shift 4
hostname "$name" # which tells brokers apart
for place in etc run var/lib; do
    mount --bind "$folder/$place" "/$place"
done
cd /
# What PostgreSQL leaves here when it is killed. Last: FOLDER may lie there.
[ "$user" != postgres ] || mount --bind "$folder/shm" /dev/shm
if [ "$file" != - ]; then
    while IFS= read -r setting; do
        [[ $setting =~ ^[A-Z0-9_]+= ]] && export "${setting?}"
    done <"$file"
fi
[ "$user" != root ] || exec "$@"
HOME=$(getent passwd "$user" | cut -d: -f6)
export HOME
exec setpriv --reuid="$user" --regid="$user" --clear-groups -- "$@"

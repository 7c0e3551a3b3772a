#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# postgres.sh make FOLDER           a primary and one synchronous standby in an existing folder
# postgres.sh start|stop|kill FOLDER primary|standby
# postgres.sh sql FOLDER STATEMENT [DATABASE]  as superuser, at the primary
# postgres.sh freeze|thaw FOLDER primary|standby
# postgres.sh promote FOLDER        the standby takes writes from now on
# For tests: the newest PostgreSQL that is installed, or the one whose programs are in the folder
# KOPGROEP_POSTGRESQL, on sockets in the folder, as nobody when root starts it. `make` exits with 77
# where there is none.
set -eu

action=$1 folder=$2
bin=${KOPGROEP_POSTGRESQL:-$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin \
    2>/dev/null | sort -V | tail -n 1)}
declare -A port=([primary]=5501 [standby]=5502)

# PostgreSQL refuses to run as root.
as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"
    else
        "$@"
    fi
}

start() {
    as_user "$bin/pg_ctl" -s -w -t 60 -D "$folder/$1" -l "$folder/$1.log" \
        -o "-c port=${port[$1]}" start
}

signal() {
    local pid
    pid=$(head -n 1 "$folder/$2/postmaster.pid")
    # Its processes are each in a session of their own: all of them, or a frozen one's children
    # would go on.
    kill -"$1" "$pid" $(pgrep -P "$pid")
}

settings() {
    cat <<END
listen_addresses = ''
unix_socket_directories = '$folder'
shared_buffers = 16MB
max_connections = 40
wal_level = replica
max_wal_size = 256MB
autovacuum = off
wal_receiver_status_interval = 1
wal_receiver_timeout = 2s
wal_sender_timeout = 10s
wal_retrieve_retry_interval = 100ms
END
}

make() {
    [ -n "$bin" ] || exit 77
    [ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$folder"
    as_user "$bin/initdb" -D "$folder/primary" -U postgres -A trust -E UTF8 --locale=C --no-sync \
        >"$folder/initdb.log"
    settings | as_user tee -a "$folder/primary/postgresql.conf" >"$folder/settings"
    start primary
    sql "create role kopgroep login; grant pg_monitor to kopgroep"
    sql "create database kopgroep owner kopgroep"
    as_user "$bin/pg_basebackup" -h "$folder" -p "${port[primary]}" -U postgres -c fast -N -R \
        -D "$folder/standby" -d "application_name=standby"
    start standby
    sql "alter system set synchronous_standby_names = 'ANY 1 (standby)'"
    sql "select pg_reload_conf()"
}

sql() {
    as_user "$bin/psql" -h "$folder" -p "${port[primary]}" -U postgres -d "${2:-postgres}" -X -q \
        -A -t -v ON_ERROR_STOP=1 -c "$1"
}

case $action in
make) make ;;
start) start "$3" ;;
stop) as_user "$bin/pg_ctl" -s -w -D "$folder/$3" -m fast stop ;;
kill) as_user "$bin/pg_ctl" -s -w -D "$folder/$3" -m immediate stop ;;
promote) as_user "$bin/pg_ctl" -s -w -D "$folder/standby" promote ;;
freeze) signal STOP "$3" ;;
thaw) signal CONT "$3" ;;
sql) sql "$3" "${4:-postgres}" ;;
esac

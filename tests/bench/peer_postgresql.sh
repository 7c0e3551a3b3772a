# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# A PostgreSQL of the run's own: a fresh cluster in $work/postgresql, with a Unix socket only,
# run by a user without rights, stopped and removed with the run.

pg_folder=
pg_bin=

pg_install() {
    pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    [ -z "$pg_bin" ] || [ ! -x "$pg_bin/pgbench" ] || return 0
    kg_install_postgresql || return
    pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
}

# As the user that the cluster belongs to.
pg_as() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd "$pg_folder" && runuser -u postgres -- "$@")
    else
        (cd "$pg_folder" && "$@")
    fi
}

pg_begin() {
    [ -n "$pg_folder" ] && return
    pg_folder=$work/postgresql
    mkdir -m 700 "$pg_folder"
    [ "$(id -u)" -ne 0 ] || chown postgres "$pg_folder"
    pg_as "$pg_bin/initdb" -D "$pg_folder/data" -A peer -E UTF8 --locale=C.UTF-8 >/dev/null ||
        die "initdb failed"
    {
        cat "$kg_bench/peer_postgresql.conf"
        echo "unix_socket_directories = '$pg_folder'"
    } | pg_as tee -a "$pg_folder/data/postgresql.conf" >/dev/null
    endings+=(pg_end)
    pg_as "$pg_bin/pg_ctl" -D "$pg_folder/data" -w -t 120 -l "$pg_folder/log" start >/dev/null ||
        die "PostgreSQL did not start: $(tail -n 3 "$pg_folder/log")"
    pg_script <"$kg_bench/peer_postgresql.sql"
}

pg_end() {
    [ -z "$pg_folder" ] || pg_as "$pg_bin/pg_ctl" -D "$pg_folder/data" -m immediate stop >/dev/null
    pg_folder=
}

# pg_script: SQL from stdin; ends the run when it fails. Prints bare rows.
pg_script() {
    pg_as "$pg_bin/psql" -h "$pg_folder" -d postgres -qAtX -v ON_ERROR_STOP=1 -f - ||
        die "PostgreSQL refused a script"
}

# pg_load TABLE LINES: the first lines of the comparison workload, as a file the server reads.
pg_load() {
    pg_file "$2"
    echo "COPY $1 FROM '$pg_folder/$2.csv' CSV" | pg_script
}

# pg_file LINES: $pg_folder/LINES.csv, once.
pg_file() {
    [ -e "$pg_folder/$1.csv" ] || "$bin/gen_compare" "$1" >"$pg_folder/$1.csv"
    chmod 644 "$pg_folder/$1.csv"
}

# pg_bench CLIENTS SECONDS SCRIPT: transactions a second of a script in this folder. The first
# seconds, in which new backends do all for the first time, do not count.
pg_bench() {
    local said rate
    said=$(pg_as "$pg_bin/pgbench" -h "$pg_folder" -n -M prepared -c "$1" \
        -j "$(($1 < 2 ? 1 : 2))" -T "$(($2 + 2))" -P 1 -f - postgres <"$kg_bench/$3" 2>&1) ||
        die "pgbench failed: $(tail -n 3 <<<"$said")"
    rate=$(awk '/^progress:/ && $2 > 1.5 { sum += $4; count++ }
        END { if (count) print sum / count }' <<<"$said")
    [ -n "$rate" ] || die "pgbench told no progress: $(tail -n 3 <<<"$said")"
    echo "$rate"
}

# pg_time REPEATS SQL: median milliseconds of a statement, after one that does not count.
pg_time() {
    local i
    {
        printf '%s\n' '\timing on'
        for ((i = 0; i <= $1; i++)); do
            echo "$2 \\g /dev/null"
        done
    } | pg_script | awk '/^Time:/ { print $2 }' | tail -n +2 | median
}

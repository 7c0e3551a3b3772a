# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced after machines.sh: the three database machines and the three brokers of config/patroni,
# made from its files as its README says, and questions to them.
example=$KOPGROEP_SOURCE/config/patroni
databases="db1 db2 db3"
brokers="broker1 broker2 broker3"
postgresql=${KOPGROEP_POSTGRESQL:-$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin \
    2>/dev/null | sort -V | tail -n 1)}
secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
place="postgresql://kopgroep@db1,db2,db3/kopgroep?passfile=/var/lib/kopgroep/pgpass"
place="$place&target_session_attrs=read-write&connect_timeout=2"

has_programs() {
    local program
    [ -n "$postgresql" ] || echo "there is no PostgreSQL" >"$work/why"
    for program in etcd patroni ip curl psql setpriv; do
        command -v "$program" >/dev/null || echo "there is no $program" >"$work/why"
    done
    [ ! -s "$work/why" ]
}

# ---- databases

# The passwords, and the version of PostgreSQL, are all that differs from the example.
make_database() {
    local name=$1 folder=$machines/$1
    make_machine "$name"
    mkdir -p "$folder/etc/patroni"
    cp "$example/patroni.yml" "$folder/etc/patroni/config.yml"
    cp "$example/$name/etcd" "$folder/etc/default/etcd"
    sed "s|/usr/lib/postgresql/15/bin|$postgresql|
        s/REPLICATION-PASSWORD/1$secret/; s/REWIND-PASSWORD/2$secret/" \
        "$example/$name/patroni_env.conf" >"$folder/etc/patroni_env.conf"
    install -d -o postgres -g postgres "$folder/run/postgresql" "$folder/var/lib/postgresql"
    install -d -o etcd -g etcd "$folder/var/lib/etcd"
    runs "$name" etcd etcd /etc/default/etcd /usr/bin/etcd &
    others+=($!)
    runs "$name" patroni postgres /etc/patroni_env.conf /usr/bin/patroni /etc/patroni/config.yml &
    others+=($!)
}

# is MACHINE ROLE: primary, replica, sync, async; by what its Patroni says.
is() {
    on client curl -s -f -m 2 -o "$work/role" "http://$1:8008/$2"
}

# The primary's name; false where there is none.
primary() {
    local name
    for name in $databases; do
        ! is "$name" primary || { echo "$name"; return 0; }
    done
    return 1
}

# sql STATEMENT [DATABASE]: at the primary, as superuser; false where there is none.
sql() {
    local at tries=0
    until at=$(primary); do # which may be slow to say so
        tries=$((tries + 1))
        [ "$tries" -lt 5 ] || return 1
        pause 0.5
    done
    as_service "$at" postgres - psql -X -q -A -t -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"
}

# Both others stream from the primary, and one of them is waited for.
is_whole() {
    [ "$(sql "select count(*) filter (where state = 'streaming'),
        count(*) filter (where sync_state in ('sync', 'quorum')) > 0
        from pg_stat_replication" 2>/dev/null)" = "2|t" ]
}

# make_group NAME: its account and its database.
make_group() {
    as_service "$(primary)" postgres - psql -X -q -v group="$1" -v password="3$secret" \
        -f - <"$example/database.sql"
}

# reaches ACCOUNT DATABASE: over the network, from a machine that is no database.
reaches() {
    PGPASSWORD=3$secret on client psql -X -q -A -t -c "select 1" \
        "postgresql://$1@db1,db2,db3/$2?target_session_attrs=read-write&connect_timeout=2" \
        >"$work/out" 2>"$work/err"
}

# Buyer groups share the servers, and do not reach each other.
make_databases() {
    local name
    for name in $databases; do
        make_database "$name"
    done
    wait_long "a primary with two standbys" is_whole
    for name in kopgroep another; do
        make_group "$name"
        wait_long "the database of $name" reaches "$name" "$name"
    done
    ! reaches another kopgroep || fail "a group reaches another one's database"
    says "no pg_hba.conf entry"
    ! reaches postgres postgres || fail "the superuser reaches a database over the network"
    says "pg_hba.conf rejects"
}

# ---- brokers

settings=/etc/kopgroep/broker.conf
folder=/var/lib/kopgroep

make_broker() {
    local at=$machines/$1
    make_machine "$1"
    mkdir -p "$at/etc/kopgroep"
    cp "$example/$1/broker.conf" "$KOPGROEP_SOURCE/config/catalogue.conf" "$at/etc/kopgroep"
    install -d -m 0700 "$at$folder"
}

# Others than the first have its keys.
make_brokers() {
    local name first=$machines/broker1$folder
    sed "s/BROKER-PASSWORD/3$secret/" "$example/pgpass" >"$work/pgpass"
    for name in $brokers; do
        make_broker "$name"
    done
    for name in $brokers client; do
        install -m 0600 -D "$work/pgpass" "$machines/$name$folder/pgpass"
    done
    on broker1 "$KOPGROEPD" init --config "$settings" >/dev/null
    cp "$first/administrator.key" "$keys/administrator.key"
    for name in $brokers; do
        [ "$name" = broker1 ] || cp "$first"/{broker.key,broker.access} "$machines/$name$folder"
        sed "s/broker1/$name/g" "$first/broker.access" >"$keys/$name.access"
        runs "$name" kopgroepd root - "$KOPGROEPD" run -c "$settings" &
        others+=($!)
    done
}

# The name of the broker that leads, by the journal's lease; false where none does.
leader() {
    local holder
    holder=$(sql "select holder from kopgroep_lease where ends > now()" kopgroep) || return 1
    [ -n "$holder" ] && echo "${holder%%:*}"
}

# One that does not lead.
spare() {
    local leads name
    leads=$(leader) || return 1
    for name in $brokers; do
        [ "$name" = "$leads" ] || { echo "$name"; return 0; }
    done
}

# standby sync|async: its name; where commits wait for whichever is faster, both are the first.
standby() {
    local name
    for name in $databases; do
        ! is "$name" "$1" || { echo "$name"; return 0; }
    done
    [ "$1" = sync ] && standby quorum
}

# tells_no_standby BROKER LINES: in its log, after so many. A commit that waited says less.
tells_no_standby() {
    tail -n "+$(($2 + 1))" "$machines/$1/kopgroepd.log" |
        grep -qE 'event=lead-lost .*(no synchronous standby|waits for a standby that is not there)'
}

times_ended() {
    local ends=$machines/$1/kopgroepd.ends
    [ ! -e "$ends" ] || wc -l <"$ends"
}

# has_ended BROKER TIMES: more often than that.
has_ended() {
    [ "$(times_ended "$1")" -gt "${2:-0}" ] 2>/dev/null
}

# waits_for_standby BROKER LINES: it would lead, and says what is missing.
waits_for_standby() {
    tail -n "+$(($2 + 1))" "$machines/$1/kopgroepd.log" |
        grep -q 'event=waiting why="no synchronous standby is connected'
}

# ended_well BROKER: by what was done to it, or because it said so; never by a mistake of its own.
ended_well() {
    local odd ends=$machines/$1/kopgroepd.ends
    [ -e "$ends" ] || return 0 # it never did
    odd=$(sort "$ends" | uniq -c | awk '$2 != 137 && $2 != 4 && $2 != 0')
    [ -z "$odd" ] || fail "$1 ended with $odd"
}

# keep_logs WHY: the logs of a run that failed outlive it.
keep_logs() {
    local kept=${KOPGROEP_LOGS:-} name
    echo "ended with status $1" >&2
    for name in $brokers; do
        echo "-- $name's log --"
        tail -n 12 "$machines/$name/kopgroepd.log"
    done >&2
    [ -z "$kept" ] || {
        mkdir -p "$kept"
        (cd "$machines" && cp --parents ./*/*.log "$kept")
        cp "$work"/S-* "$work"/*.out "$kept" 2>/dev/null
    }
}

# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced after load.sh: what must hold once a round is over.

# watch_epochs: from now on each change of the head leaves a row, in its own transaction: its epoch,
# and whence it came. So does each change of leaders: when the lease ran out that another one had.
watch_epochs() {
    sql '
        create schema watch;
        create table watch.heads (epoch bigint, sequence bigint, client inet);
        grant usage on schema watch to kopgroep;
        grant insert on watch.heads to kopgroep;
        create function watch.note() returns trigger language plpgsql as $$ begin
            insert into watch.heads values (new.epoch, new.sequence, inet_client_addr());
            return new; end $$;
        create trigger watch after update on kopgroep_head for each row
            when (old.sequence <> new.sequence) execute function watch.note();
        create table watch.leaders (epoch bigint, ran_out timestamptz);
        grant insert on watch.leaders to kopgroep;
        create function watch.note_leader() returns trigger language plpgsql as $$ begin
            insert into watch.leaders values (new.epoch, old.ends);
            return new; end $$;
        create trigger watch after update on kopgroep_lease for each row
            when (old.holder <> '"''"' and new.holder <> '"''"' and old.holder <> new.holder)
            execute function watch.note_leader()' kopgroep
}

# epoch_now: the leader's, for leads_in_time.
epoch_now() {
    wait_long "the epoch" sql "select epoch from kopgroep_lease" kopgroep
}

# leads_in_time EPOCH: who took the lead after that one, since another's lease had run out, served
# within 5 s. One that did so as it was started does not say which epoch it has.
leads_in_time() {
    local epoch ran_out led late
    wait_long "the leaders" sql "select epoch, (extract(epoch from ran_out) * 1000)::bigint
        from watch.leaders where epoch > $1 order by epoch" kopgroep >"$work/leaders"
    while IFS='|' read -r epoch ran_out; do
        led=$(sed -n "s/^<.>\([^ ]*\) event=leading epoch=$epoch .*/\1/p" \
            "$machines"/broker*/kopgroepd.log)
        [ -n "$led" ] || continue
        late=$(($(date -d "$led" +%s%3N) - ran_out))
        echo "   another one led $late ms after the lease ran out"
        [ "$late" -le 5000 ] || fail "epoch $epoch began $late ms after the lease ran out"
    done <"$work/leaders"
}

# An epoch's records come from one broker, and no older epoch's after a newer one's.
has_one_leader_an_epoch() {
    wait_long "the epochs" sql "select 1" kopgroep >/dev/null
    same "$(sql "select count(*) from (select epoch from watch.heads group by epoch
        having count(distinct client) > 1) as shared" kopgroep)" 0 "epochs of two brokers"
    same "$(sql "select count(*) from (select epoch, lag(epoch) over (order by sequence) as before
        from watch.heads) as heads where epoch < before" kopgroep)" 0 "records of an older epoch"
    sql "select count(distinct epoch) from watch.heads" kopgroep >"$work/epochs"
}

# attempt COMMAND...: the journal's own, with output in $work/out; false where its server is away.
attempt() {
    local status=0
    on client "$KOPGROEPD" journal "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 4 ] || fail "status $status: journal $*"
    return "$status"
}

# One node's journal, from its first record to its head: records, chain value, state.
verify_at() {
    local node="postgresql://kopgroep@$1/kopgroep?passfile=/var/lib/kopgroep/pgpass"
    wait_long "a journal at $1" attempt verify "$node"
    cp "$work/out" "$work/verified.$1"
}

is_caught_up() {
    [ "$(sql "select count(*) = 2 and bool_and(replay_lsn = pg_current_wal_lsn())
        from pg_stat_replication" 2>/dev/null)" = t ]
}

lines_of() {
    as "$1" lines --output json >"$work/out" 2>"$work/err"
}

# Every receipt is of a record with its chain value; no number is missing, no request twice.
all_is_acknowledged_once() {
    local id
    for id in $bodies; do
        jq -e '[.sequence, .chain] | @tsv' -r "$work/$id.receipts"
    done | sort >"$work/acknowledged"
    same "$(uniq -d "$work/acknowledged" | wc -l)" 0 "receipts given twice"
    wait_long "a dump" attempt dump "$place"
    mv "$work/out" "$work/dump"
    jq -r 'select(.sequence) | [.sequence, .chain] | @tsv' "$work/dump" | sort >"$work/journalled"
    same "$(comm -23 "$work/acknowledged" "$work/journalled" | wc -l)" 0 \
        "receipts that the journal lacks"
    same "$(jq -r '.sequence // empty' "$work/dump" | awk '$1 != NR' | wc -l)" 0 "gaps"
    same "$(jq -r '.request_key // empty' "$work/dump" | sort | uniq -d | wc -l)" 0 \
        "requests done twice"
    for id in $bodies; do
        wait_long "the lines of $id" lines_of "$id"
        finds "length == $(cat "$work/$id.number") + 1"
    done
}

# The same records, chain value and state at each; what was on its way for long may come between.
is_same_everywhere() {
    local name
    for name in $databases; do
        verify_at "$name"
        [ "$(head -n 1 "$work/verified.$name")" = "$(head -n 1 "$work/verified.db1")" ] || return 1
        cmp -s "$work/verified.db1" "$work/verified.$name" ||
            fail "$name is not db1: $(cat "$work/verified.db1" "$work/verified.$name")"
    done
}

add_up() {
    all_is_acknowledged_once
    wait_long "standbys that caught up" is_caught_up
    wait_long "a journal that stands still" is_same_everywhere
    has_one_leader_an_epoch
}

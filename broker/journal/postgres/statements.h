/* SPDX-License-Identifier: EUPL-1.2 */
/* Every statement that is sent to the server. Plain tables, keys and transactions, so that what
 * speaks PostgreSQL's protocol can serve. Names have no schema: the connection's search_path says
 * which deployment's tables are meant. Each text asks for its types. */
#ifndef KG_POSTGRES_STATEMENTS_H
#define KG_POSTGRES_STATEMENTS_H

/* Making: all five in one transaction. Deployment, chain value before the first record. */
#define KG_SQL_MAKE_HEAD                                                                           \
    "create table kopgroep_head (one bigint primary key, format bigint not null,"                  \
    " deployment bytea not null, epoch bigint not null, sequence bigint not null,"                 \
    " chain bytea not null)"
#define KG_SQL_MAKE_RECORDS                                                                        \
    "create table kopgroep_records (sequence bigint primary key, request_key bytea unique,"        \
    " bytes bytea not null)"
#define KG_SQL_MAKE_LEASE                                                                          \
    "create table kopgroep_lease (one bigint primary key, epoch bigint not null,"                  \
    " holder text not null, ends timestamp with time zone not null)"
#define KG_SQL_FILL_HEAD                                                                           \
    "insert into kopgroep_head (one, format, deployment, epoch, sequence, chain)"                  \
    " values (1, $1::bigint, $2::bytea, 1, 0, $3::bytea)"
#define KG_SQL_FILL_LEASE                                                                          \
    "insert into kopgroep_lease (one, epoch, holder, ends) values (1, 1, '', now())"

/* Where it stands: format, deployment, epoch, sequence, chain value. */
#define KG_SQL_HEAD                                                                                \
    "select format, deployment, epoch, sequence, chain from kopgroep_head where one = 1"

/* The same, as a write: once it is committed, all that it saw is on the standby, too. */
#define KG_SQL_BARRIER                                                                             \
    "update kopgroep_head set one = 1 where one = 1"                                               \
    " returning format, deployment, epoch, sequence, chain"

/* Appending: epoch, head before, head after, its chain value, request keys, stored records. */
#define KG_SQL_APPEND                                                                              \
    "with moved as (update kopgroep_head set sequence = $3::bigint, chain = $4::bytea"             \
    " where one = 1 and epoch = $1::bigint and sequence = $2::bigint returning one)"               \
    " insert into kopgroep_records (sequence, request_key, bytes)"                                 \
    " select $2::bigint + number, key, bytes from moved,"                                          \
    " unnest($5::bytea[], $6::bytea[]) with ordinality as new (key, bytes, number)"

/* Reading: first sequence, last. */
#define KG_SQL_READ                                                                                \
    "select sequence, request_key, bytes from kopgroep_records"                                    \
    " where sequence between $1::bigint and $2::bigint order by sequence"
#define KG_SQL_READ_KEYS                                                                           \
    "select request_key from kopgroep_records"                                                     \
    " where sequence between $1::bigint and $2::bigint and request_key is not null"
#define KG_SQL_FIND "select sequence from kopgroep_records where request_key = $1::bytea"

/* The lease. Taking: holder, milliseconds. From oneself it is taken at once. */
#define KG_SQL_TAKE                                                                                \
    "with taken as (update kopgroep_lease set epoch = epoch + 1, holder = $1::text,"               \
    " ends = now() + $2::bigint * interval '1 millisecond'"                                        \
    " where one = 1 and (ends < now() or holder = '' or holder = $1::text) returning epoch)"       \
    " update kopgroep_head set epoch = taken.epoch from taken where one = 1"                       \
    " returning format, deployment, kopgroep_head.epoch, sequence, chain"
#define KG_SQL_HOLDER                                                                              \
    "select holder, greatest(0, extract(epoch from ends - now()) * 1000)::bigint"                  \
    " from kopgroep_lease where one = 1"
/* Renewing: epoch, milliseconds. Giving back: epoch. */
#define KG_SQL_RENEW                                                                               \
    "update kopgroep_lease set ends = now() + $2::bigint * interval '1 millisecond'"               \
    " where one = 1 and epoch = $1::bigint"
#define KG_SQL_GIVE_BACK                                                                           \
    "update kopgroep_lease set holder = '', ends = now() where one = 1 and epoch = $1::bigint"

/* What the server promises: a commit waits for what this connection says, so it is said first. */
#define KG_SQL_WAIT_FOR_STANDBY                                                                    \
    "select set_config('synchronous_commit', 'on', false)"                                         \
    " where current_setting('synchronous_commit', true) not in ('on', 'remote_apply')"
/* Long values are compressed, which costs less so, where the server can. */
#define KG_SQL_COMPRESS                                                                            \
    "select set_config('default_toast_compression', 'lz4', false) from pg_settings"                \
    " where name = 'default_toast_compression' and 'lz4' = any(enumvals)"
#define KG_SQL_PROMISES                                                                            \
    "select coalesce(current_setting('fsync', true), ''),"                                         \
    " coalesce(current_setting('full_page_writes', true), ''),"                                    \
    " coalesce(current_setting('synchronous_commit', true), ''),"                                  \
    " coalesce(current_setting('synchronous_standby_names', true), '')"
#define KG_SQL_STANDBYS                                                                            \
    "select count(*), count(sync_state),"                                                          \
    " count(*) filter (where state = 'streaming' and sync_state in ('sync', 'quorum'))"            \
    " from pg_stat_replication"

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_replicated: the replicated journal beside a bare writer that sends the same inserts in the
 * same batches to the same server, prepared, without chain, leaf, request ids or lease. Each has
 * its turn, round after round; the median of the rounds counts. */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broker/journal/journal.h"
#include "broker/journal/postgres/array.h"
#include "proto/identity.h"
#include "proto/memory.h"

#define ON_WAY 2 /* as the broker's core has */
#define ROUNDS_MAX 99

typedef struct load {
    const char *place;
    size_t bytes, batch; /* of a record; records of a batch */
    double seconds;
    uint8_t *content; /* owned */
} workload;

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check(bool good, const char *why)
{
    if (good)
        return;
    fprintf(stderr, "bench_replicated: %s\n", why);
    exit(4);
}

/* ---- the journal ---- */

typedef struct flying {
    kg_journal_record *records; /* owned */
    bool back;
} flying;

static void note(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    check(result == KG_APPEND_OK, kg_journal_error());
    ((flying *)context)->back = true;
}

static void fill(const workload *load, kg_journal_record *records, uint64_t after)
{
    for (size_t i = 0; i < load->batch; i++) {
        records[i] = (kg_journal_record){.sequence = after + 1 + i,
                                         .command = load->content,
                                         .command_bytes = load->bytes / 2,
                                         .event = load->content + load->bytes / 2,
                                         .event_bytes = load->bytes - load->bytes / 2};
        kg_random(records[i].request_key, sizeof(records[i].request_key));
        kg_random(records[i].salt, sizeof(records[i].salt));
    }
}

/* Records a second, with so many batches on their way. */
static double run_journal(const workload *load, kg_journal *journal, size_t on_way)
{
    const double begun = now_s();
    flying all[ON_WAY] = {{0}};
    uint64_t before = kg_journal_head(journal);
    double ended;

    for (size_t i = 0; i < ON_WAY; i++)
        all[i] = (flying){kg_alloc(load->batch, sizeof(*all[i].records)), true};
    while (now_s() - begun < load->seconds) {
        for (size_t i = 0; i < on_way; i++) {
            uint64_t head = kg_journal_head(journal);

            if (!all[i].back)
                continue;
            fill(load, all[i].records, head);
            all[i].back = false;
            kg_journal_append(journal, kg_journal_epoch(journal), head, all[i].records,
                              load->batch, 0, note, &all[i]);
        }
        kg_journal_reap(journal, true);
    }
    while (kg_journal_reap(journal, true) > 0)
        continue;
    ended = now_s();
    for (size_t i = 0; i < ON_WAY; i++)
        free(all[i].records);
    return (double)(kg_journal_head(journal) - before) / (ended - begun);
}

/* ---- the bare writer ---- */

static void must(PGresult *result, PGconn *connection)
{
    check(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK,
          PQerrorMessage(connection));
    PQclear(result);
}

static PGconn *connect_bare(const char *place)
{
    PGconn *connection = PQconnectdb(place);

    check(PQstatus(connection) == CONNECTION_OK, PQerrorMessage(connection));
    must(PQexec(connection, "drop table if exists bare_head, bare_records"), connection);
    must(PQexec(connection, "create table bare_head (one bigint primary key, sequence bigint)"),
         connection);
    must(PQexec(connection, "insert into bare_head values (1, 0)"), connection);
    must(PQexec(connection, "create table bare_records (sequence bigint primary key,"
                            " request_key bytea unique, bytes bytea not null)"),
         connection);
    must(PQprepare(connection, "append",
                   "with moved as (update bare_head set sequence = sequence + $1::bigint"
                   " returning sequence - $1::bigint as before)"
                   " insert into bare_records select before + number, key, bytes from moved,"
                   " unnest($2::bytea[], $3::bytea[]) with ordinality as new (key, bytes, number)",
                   0, NULL),
         connection);
    return connection;
}

static double run_bare(const workload *load, PGconn *connection, kg_array *keys, kg_array *records)
{
    const double begun = now_s();
    const uint32_t count[2] = {0, htonl((uint32_t)load->batch)};
    size_t done = 0;

    while (now_s() - begun < load->seconds) {
        kg_array_begin(keys);
        kg_array_begin(records);
        for (size_t i = 0; i < load->batch; i++) {
            kg_random(kg_array_add(keys, KG_REQUEST_KEY_BYTES), KG_REQUEST_KEY_BYTES);
            memcpy(kg_array_add(records, load->bytes + 140), load->content, load->bytes + 140);
        }
        kg_array_end(keys);
        kg_array_end(records);
        const char *const values[] = {(const char *)count, (const char *)keys->bytes,
                                      (const char *)records->bytes};
        const int lengths[] = {8, (int)keys->count, (int)records->count};
        const int formats[] = {1, 1, 1};
        must(PQexecPrepared(connection, "append", 3, values, lengths, formats, 1), connection);
        done += load->batch;
    }
    return (double)done / (now_s() - begun);
}

/* ---- both ---- */

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static kg_journal *open_journal(const char *place)
{
    static const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES] = {1};
    const kg_journal_options reading = {.read_only = true}, writing = {0};
    kg_journal *journal = kg_journal_open(place, &reading);

    check(journal || kg_journal_create(place, deployment), kg_journal_error());
    kg_journal_close(&journal);
    journal = kg_journal_open(place, &writing);
    check(journal != NULL, kg_journal_error());
    return journal;
}

static void run_rounds(const workload *load, size_t rounds)
{
    kg_journal *journal = open_journal(load->place);
    PGconn *connection = connect_bare(load->place);
    double one[ROUNDS_MAX], two[ROUNDS_MAX], bare[ROUNDS_MAX];
    kg_array keys = {0}, records = {0};

    for (size_t i = 0; i < rounds; i++) {
        bare[i] = run_bare(load, connection, &keys, &records);
        one[i] = run_journal(load, journal, 1);
        two[i] = run_journal(load, journal, 2);
    }
    double by_bare = median(bare, rounds), by_one = median(one, rounds);
    double by_two = median(two, rounds);
    printf("bytes=%zu batch=%zu bare/s=%.0f journal/s=%.0f ratio=%.3f two_on_way/s=%.0f "
           "ratio_two=%.3f\n",
           load->bytes, load->batch, by_bare, by_one, by_one / by_bare, by_two, by_two / by_bare);
    free(keys.bytes);
    free(records.bytes);
    PQfinish(connection);
    kg_journal_close(&journal);
}

int main(int argc, char **argv)
{
    workload load = {0};
    size_t rounds = argc == 6 ? strtoul(argv[5], NULL, 10) : 0;

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_replicated PLACE BYTES-OF-A-RECORD BATCH SECONDS ROUNDS\n");
        return 2;
    }
    load.place = argv[1];
    load.bytes = strtoul(argv[2], NULL, 10);
    load.batch = strtoul(argv[3], NULL, 10);
    load.seconds = strtod(argv[4], NULL);
    load.content = kg_alloc(load.bytes + 140, 1);
    kg_random(load.content, load.bytes + 140);
    run_rounds(&load, rounds);
    free(load.content);
    return 0;
}

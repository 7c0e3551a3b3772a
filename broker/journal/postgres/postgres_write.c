/* SPDX-License-Identifier: EUPL-1.2 */
/* Appending. All that waits is one transaction, in one round trip: it moves the head on from where
 * this broker knows it to be, in the epoch that is its own, and inserts. When the server does not
 * say how that ended, nobody is told anything until a commit after it says how. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/postgres/array.h"
#include "broker/journal/postgres/postgres.h"
#include "broker/journal/postgres/promises.h"
#include "broker/journal/postgres/statements.h"
#include "broker/journal/postgres/wait.h"
#include "proto/memory.h"

const char kg_sql_append[] = KG_SQL_APPEND;

#define STATEMENT_BYTES (16u << 20) /* of records, but for one larger one */

/* Records of one statement. */
typedef struct piece {
    kg_array keys, records;                /* owned */
    uint8_t epoch[8], before[8], after[8]; /* as they are sent */
    kg_point end;
    size_t count;
} piece;

/* What is written at once. */
typedef struct frame {
    kg_postgres *journal;
    kg_sha256 *hash; /* owned */
    piece *pieces;   /* owned */
    size_t count, room;
    kg_point before, end;
} frame;

/* ---- making a frame ---- */

static piece *next_piece(frame *it)
{
    piece *one;

    it->pieces = kg_grow(it->pieces, it->count, &it->room, sizeof(*it->pieces));
    one = &it->pieces[it->count++];
    memset(one, 0, sizeof(*one));
    kg_array_begin(&one->keys);
    kg_array_begin(&one->records);
    kg_record_put_u64(one->epoch, it->journal->base.facts.epoch);
    kg_record_put_u64(one->before, it->end.sequence);
    return one;
}

static void add_record(frame *it, kg_journal_record *record)
{
    const size_t size = kg_record_size(record);
    piece *last = it->count > 0 ? &it->pieces[it->count - 1] : NULL;

    if (!last || last->records.count + size > STATEMENT_BYTES)
        last = next_piece(it);
    kg_record_encode(it->hash, record, it->end.chain, kg_array_add(&last->records, size));
    if (kg_record_has_request(record))
        memcpy(kg_array_add(&last->keys, KG_REQUEST_KEY_BYTES), record->request_key,
               KG_REQUEST_KEY_BYTES);
    else
        kg_array_add_null(&last->keys);
    it->end.sequence = record->sequence;
    memcpy(it->end.chain, record->chain, KG_CHAIN_BYTES);
    last->end = it->end;
    last->count++;
}

static void make_frame(frame *it, const kg_flying *first)
{
    for (const kg_flying *batch = first; batch; batch = batch->next) {
        for (size_t i = 0; kg_journal_to_be_written(batch) && i < batch->count; i++)
            add_record(it, &batch->records[i]);
    }
    for (size_t i = 0; i < it->count; i++) {
        kg_array_end(&it->pieces[i].keys);
        kg_array_end(&it->pieces[i].records);
        kg_record_put_u64(it->pieces[i].after, it->pieces[i].end.sequence);
    }
}

static void free_frame(frame *it)
{
    for (size_t i = 0; i < it->count; i++) {
        free(it->pieces[i].keys.bytes);
        free(it->pieces[i].records.bytes);
    }
    free(it->pieces);
    kg_sha256_destroy(&it->hash);
}

/* ---- sending it ---- */

/* `*moved`: the head stood where it was expected, and all was inserted. */
static kg_link_result send(frame *it, bool *moved)
{
    kg_link_question *questions = kg_alloc(it->count, sizeof(*questions));
    kg_link_result result;

    for (size_t i = 0; i < it->count; i++) {
        piece *one = &it->pieces[i];

        questions[i] = (kg_link_question){.sql = kg_sql_append,
                                          .values = {{one->epoch, 8},
                                                     {one->before, 8},
                                                     {one->after, 8},
                                                     {one->end.chain, KG_CHAIN_BYTES},
                                                     {one->keys.bytes, one->keys.count},
                                                     {one->records.bytes, one->records.count}},
                                          .values_count = 6};
    }
    result = kg_link_ask(it->journal->writer, questions, it->count);
    *moved = result == KG_LINK_DONE;
    for (size_t i = 0; i < it->count; i++)
        *moved &= questions[i].rows == it->pieces[i].count;
    free(questions);
    return result;
}

/* A server that came back may be another one, and promise less. */
static kg_link_result reach(kg_postgres *journal)
{
    bool passing;

    if (kg_link_is_open(journal->writer))
        return KG_LINK_DONE;
    return kg_postgres_open_writer(journal) &&
                   kg_promises_hold(journal->writer, journal->alone, &passing)
               ? KG_LINK_DONE
               : KG_LINK_UNKNOWN;
}

static bool is_at(const kg_postgres_head *head, const kg_point *point)
{
    return head->end.sequence == point->sequence &&
           memcmp(head->end.chain, point->chain, KG_CHAIN_BYTES) == 0;
}

static kg_append_result lost(const frame *it, const kg_postgres_head *head)
{
    kg_journal_fail("another broker leads: the journal in %s stands at epoch %" PRIu64
                    ", record %" PRIu64 ", and this one was at epoch %" PRIu64 ", record %" PRIu64,
                    it->journal->base.place, head->epoch, head->end.sequence,
                    it->journal->base.facts.epoch, it->before.sequence);
    return KG_APPEND_LOST;
}

/* Asks where the journal stands, with a write: it waits for a transaction of ours that may still
 * be under way, and, once it is committed, all that it saw is on the standby. OK: our frame is
 * there. FULL: it is not, and is to be sent again. */
static kg_link_result look(frame *it, kg_append_result *found)
{
    kg_link_question question = {.sql = KG_SQL_BARRIER};
    const kg_postgres *journal = it->journal;
    kg_postgres_head head = {0};
    kg_link_result result = reach(it->journal);

    if (result == KG_LINK_DONE)
        result = kg_postgres_ask_head(journal->writer, &question, &head);
    if (result != KG_LINK_DONE)
        return result;
    if (memcmp(head.deployment, journal->base.facts.deployment, KG_DEPLOYMENT_ID_BYTES) != 0) {
        kg_journal_fail("%s holds the journal of another deployment now", journal->base.place);
        return KG_LINK_REFUSED;
    }
    if (head.epoch == journal->base.facts.epoch && is_at(&head, &it->end))
        *found = KG_APPEND_OK;
    else if (head.epoch == journal->base.facts.epoch && is_at(&head, &it->before))
        *found = KG_APPEND_FULL;
    else
        *found = lost(it, &head);
    return result;
}

/* Whoever lost the lead, or has waited for as long as it takes another server to come up, lets it
 * be: nobody was told anything. */
static bool is_over(const kg_postgres *journal, int64_t until_ms)
{
    return kg_wait_now_ms() >= until_ms || (journal->lease && !kg_lease_held(journal->lease));
}

/* What is not known is found out. */
static kg_append_result write_frame(frame *it)
{
    const int64_t until_ms = kg_wait_now_ms() + KG_POSTGRES_PATIENCE_MS;
    kg_append_result found = KG_APPEND_FULL;
    bool moved = false;
    kg_link_result result = reach(it->journal);

    while (true) {
        if (result == KG_LINK_DONE && found == KG_APPEND_FULL)
            result = send(it, &moved);
        if (moved)
            return KG_APPEND_OK;
        if (result == KG_LINK_REFUSED ||
            (result != KG_LINK_DONE && is_over(it->journal, until_ms)))
            return KG_APPEND_FAILED;
        if (result != KG_LINK_DONE)
            kg_wait_a_little();
        result = look(it, &found);
        if (result == KG_LINK_DONE && found != KG_APPEND_FULL)
            return found;
    }
}

static void know(kg_postgres *journal, const kg_flying *first)
{
    for (const kg_flying *batch = first; batch; batch = batch->next) {
        for (size_t i = 0; kg_journal_to_be_written(batch) && i < batch->count; i++)
            if (kg_record_has_request(&batch->records[i]))
                kg_known_keys_add(journal->keys, batch->records[i].request_key);
    }
}

static void refuse_all(kg_flying *first, kg_append_result result)
{
    for (kg_flying *batch = first; batch; batch = batch->next) {
        if (kg_journal_to_be_written(batch))
            kg_journal_refuse(batch, result);
    }
}

void kg_postgres_write(void *context, kg_flying *first)
{
    kg_postgres *journal = context;
    frame it = {.journal = journal,
                .hash = kg_sha256_new(),
                .before = journal->written,
                .end = journal->written};

    if (journal->broken == KG_APPEND_OK) {
        make_frame(&it, first);
        journal->broken = it.count > 0 ? write_frame(&it) : KG_APPEND_OK;
    } else {
        kg_journal_fail("the journal in %s failed before", journal->base.place);
    }
    if (journal->broken == KG_APPEND_OK) {
        know(journal, first);
        journal->written = it.end;
        journal->readable = it.end.sequence;
    } else {
        refuse_all(first, journal->broken);
    }
    kg_journal_set_ends(first, it.before);
    free_frame(&it);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Appending. */
#include "broker/journal/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_anchor.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/journal_private.h"
#include "proto/memory.h"
#include "proto/text.h"

void kg_journal_deployment(const kg_journal *journal, uint8_t out[KG_DEPLOYMENT_ID_BYTES])
{
    memcpy(out, journal->facts.deployment, KG_DEPLOYMENT_ID_BYTES);
}

uint64_t kg_journal_head(const kg_journal *journal)
{
    return journal->head;
}

uint64_t kg_journal_durable(const kg_journal *journal)
{
    return journal->durable.sequence;
}

uint64_t kg_journal_epoch(const kg_journal *journal)
{
    return journal->facts.epoch;
}

const char *kg_journal_durability(const kg_journal *journal)
{
    (void)journal;
    return "embedded (a log, then LMDB): every batch is synced to the disk before its receipts";
}

void kg_journal_chain(const kg_journal *journal, uint8_t out[KG_CHAIN_BYTES])
{
    memcpy(out, journal->durable.chain, KG_CHAIN_BYTES);
}

/* Upper bound of what a batch takes; 0 when a record is too long or out of sequence. */
static uint64_t batch_bytes(const kg_journal *journal, const kg_journal_record *records,
                            size_t count)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        size_t size = kg_record_size(&records[i]);

        if (size == 0 || records[i].sequence != journal->head + 1 + i)
            return 0;
        bytes += kg_tables_cost(size);
    }
    return bytes;
}

static kg_append_result may_append(kg_journal *journal, uint64_t epoch, uint64_t expected_head)
{
    if (journal->dead || journal->read_only) {
        kg_journal_fail("the journal in %s %s", journal->folder,
                        journal->read_only ? "was opened for reading only"
                                           : "failed before: end this process and start it again");
        return KG_APPEND_FAILED;
    }
    if (epoch == journal->facts.epoch && expected_head == journal->head)
        return KG_APPEND_OK;
    kg_journal_fail("the journal in %s stands at epoch %" PRIu64 ", record %" PRIu64
                    ", not at epoch %" PRIu64 ", record %" PRIu64 ": another one leads",
                    journal->folder, journal->facts.epoch, journal->head, epoch, expected_head);
    return KG_APPEND_LOST;
}

static kg_append_result has_room(kg_journal *journal, uint64_t bytes, bool reserve)
{
    if (bytes > 0)
        return kg_journal_room(journal, bytes, reserve);
    kg_journal_fail("a batch after record %" PRIu64 " is out of sequence, or a record of it is "
                    "longer than 4 GiB",
                    journal->head);
    return KG_APPEND_FAILED;
}

/* ---- on the flight's thread ---- */

static bool repeats(kg_tables_view *view, const kg_flying *batch)
{
    uint64_t sequence;

    for (size_t i = 0; i < batch->count; i++) {
        if (kg_record_has_request(&batch->records[i]) &&
            kg_tables_view_find(view, batch->records[i].request_key, &sequence) != KG_TABLES_NONE)
            return true;
    }
    return false;
}

/* Keys are pending first, and then looked for in the tables: one that is taken over meanwhile is
 * in either. */
static bool enter(kg_journal *journal, const kg_flying *batch)
{
    kg_tables_view *view;
    bool good = kg_pending_keys_add(journal->pending, batch->records, batch->count);

    view = good ? kg_tables_view_begin(journal->tables) : NULL;
    good = view && !repeats(view, batch);
    kg_tables_view_end(&view);
    return good || kg_journal_fail("the batch after record %" PRIu64 " of the journal in %s has a "
                                   "request that came before, which is the broker's own fault: "
                                   "report it",
                                   batch->records[0].sequence - 1, journal->folder);
}

static bool to_be_written(const kg_flying *batch)
{
    return batch->result == KG_APPEND_OK && batch->count > 0;
}

static void fail_batch(kg_flying *batch)
{
    batch->result = KG_APPEND_FAILED;
    kg_text_format(batch->error, sizeof(batch->error), "%s", kg_journal_error());
}

/* How many are to be written; from the first that cannot be, all fail. */
static size_t enter_all(kg_journal *journal, kg_flying *first)
{
    size_t count = 0;

    for (kg_flying *batch = first; batch; batch = batch->next) {
        if (!to_be_written(batch))
            continue;
        journal->broken = journal->broken || !enter(journal, batch);
        if (journal->broken)
            fail_batch(batch);
        else
            count++;
    }
    return count;
}

static bool write_frame(kg_journal *journal, const kg_flying *first, size_t count)
{
    kg_log_batch *batches = kg_alloc(count, sizeof(*batches));
    kg_point end = journal->written;
    size_t at = 0;
    bool good;

    for (const kg_flying *batch = first; batch; batch = batch->next) {
        if (to_be_written(batch))
            batches[at++] = (kg_log_batch){.records = batch->records, .count = batch->count};
    }
    good = kg_log_append(journal->log, batches, count, &end) &&
           kg_anchor_write(journal->anchor, journal->folder, &end);
    free(batches);
    if (!good)
        return false;
    journal->written = end;
    journal->readable = end.sequence;
    kg_settler_note(journal->settler, end.sequence, kg_log_held_bytes(journal->log));
    return true;
}

static void set_end(kg_flying *batch, kg_point *end)
{
    if (to_be_written(batch)) {
        end->sequence = batch->records[batch->count - 1].sequence;
        memcpy(end->chain, batch->records[batch->count - 1].chain, KG_CHAIN_BYTES);
    }
    batch->end = *end;
}

/* All that waits is one frame: one write, one sync. */
static void write_flying(void *context, kg_flying *first)
{
    kg_journal *journal = context;
    kg_point end = journal->written;
    size_t count;

    if (journal->broken)
        kg_journal_fail("the journal in %s failed before", journal->folder);
    else
        journal->broken = kg_settler_failed(journal->settler);
    count = enter_all(journal, first);
    if (count > 0 && !write_frame(journal, first, count)) {
        journal->broken = true;
        for (kg_flying *batch = first; batch; batch = batch->next) {
            if (to_be_written(batch))
                fail_batch(batch);
        }
    }
    for (kg_flying *batch = first; batch; batch = batch->next)
        set_end(batch, &end);
}

/* ---- on the owner's ---- */

static void start_threads(kg_journal *journal)
{
    const kg_settler_work work = kg_journal_settler_work(journal);

    journal->settler = kg_settler_start(&work, journal->written.sequence);
    journal->owner.write = write_flying;
    journal->owner.context = journal;
    journal->flight = kg_flight_start(&journal->owner);
}

void kg_journal_append(kg_journal *journal, uint64_t epoch, uint64_t expected_head,
                       kg_journal_record *records, size_t count, unsigned how, kg_append_done done,
                       void *context)
{
    const uint64_t bytes = batch_bytes(journal, records, count);
    kg_flying *batch = kg_alloc(1, sizeof(*batch));

    *batch = (kg_flying){.records = records, .count = count, .done = done, .context = context};
    batch->result = may_append(journal, epoch, expected_head);
    if (batch->result == KG_APPEND_OK && count > 0)
        batch->result = has_room(journal, bytes, (how & KG_APPEND_RESERVE) != 0);
    if (batch->result == KG_APPEND_OK) {
        journal->head += count;
        journal->on_way_bytes += batch->bytes = bytes;
    } else {
        kg_text_format(batch->error, sizeof(batch->error), "%s", kg_journal_error());
    }
    journal->dead |= batch->result == KG_APPEND_FAILED;
    if (!journal->flight)
        start_threads(journal);
    kg_flight_add(journal->flight, batch, (how & KG_APPEND_HERE) != 0);
}

static void finish(kg_journal *journal, kg_flying *batch)
{
    journal->durable = batch->end;
    journal->on_way_bytes -= batch->bytes;
    /* What is on the disk after a failure is known only after opening again. */
    journal->dead |= batch->result == KG_APPEND_FAILED;
    if (batch->bytes > 0 && batch->result != KG_APPEND_OK)
        journal->head = batch->end.sequence;
    if (batch->result != KG_APPEND_OK)
        kg_journal_fail("%s", batch->error);
    batch->done(batch->context, batch->result, batch->end.sequence);
    free(batch);
}

size_t kg_journal_reap(kg_journal *journal, bool wait)
{
    size_t count = 0;

    if (!journal->flight)
        return 0;
    for (kg_flying *batch = kg_flight_take(journal->flight, wait), *next; batch; batch = next) {
        next = batch->next;
        finish(journal, batch);
        count++;
    }
    return count;
}

uint64_t kg_journal_find(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    uint64_t sequence = kg_pending_keys_find(journal->pending, request_key);

    /* "Not there" by mistake would let a request in twice: nothing may be written after it. */
    if (sequence == 0 &&
        kg_tables_find(journal->tables, request_key, &sequence) == KG_TABLES_FAILED)
        journal->dead = true;
    return sequence <= journal->durable.sequence ? sequence : 0;
}

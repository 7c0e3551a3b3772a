/* SPDX-License-Identifier: EUPL-1.2 */
/* Appending: one frame for all that waits, and request keys. */
#include "broker/journal/journal_embedded.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_anchor.h"
#include "broker/journal/journal_error.h"
#include "proto/memory.h"

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
static bool enter(kg_embedded *journal, const kg_flying *batch)
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

/* How many are to be written; from the first that cannot be, all fail. */
static size_t enter_all(kg_embedded *journal, kg_flying *first)
{
    size_t count = 0;

    for (kg_flying *batch = first; batch; batch = batch->next) {
        if (!kg_journal_to_be_written(batch))
            continue;
        journal->broken = journal->broken || !enter(journal, batch);
        if (journal->broken)
            kg_journal_refuse(batch, KG_APPEND_FAILED);
        else
            count++;
    }
    return count;
}

/* The disk takes its time, and a thread that sleeps meanwhile takes as long again to wake. */
static void use_time(kg_embedded *journal)
{
    if (!journal->base.meanwhile)
        return;
    kg_log_hasten(journal->log);
    journal->base.meanwhile(journal->base.meanwhile_context);
}

static bool write_frame(kg_embedded *journal, const kg_flying *first, size_t count)
{
    kg_log_batch *batches = kg_alloc(count, sizeof(*batches));
    kg_point end = journal->written;
    kg_anchor_line anchor;
    size_t at = 0;
    bool good;

    for (const kg_flying *batch = first; batch; batch = batch->next) {
        if (kg_journal_to_be_written(batch))
            batches[at++] = (kg_log_batch){.records = batch->records, .count = batch->count};
    }
    good = kg_log_write(journal->log, batches, count, &end);
    if (good && first->here)
        use_time(journal);
    kg_anchor_prepare(&end, &anchor);
    good = good && kg_log_sync(journal->log) &&
           kg_anchor_write(journal->anchor, journal->folder, &anchor);
    free(batches);
    if (!good)
        return false;
    journal->written = end;
    journal->readable = end.sequence;
    kg_settler_note(journal->settler, end.sequence, kg_log_held_bytes(journal->log));
    return true;
}

/* All that waits is one frame: one write, one sync. */
static void write_flying(void *context, kg_flying *first)
{
    kg_embedded *journal = context;
    const kg_point before = journal->written;
    size_t count;

    if (journal->broken)
        kg_journal_fail("the journal in %s failed before", journal->folder);
    else
        journal->broken = kg_settler_failed(journal->settler);
    count = enter_all(journal, first);
    if (count > 0 && !write_frame(journal, first, count)) {
        journal->broken = true;
        for (kg_flying *batch = first; batch; batch = batch->next) {
            if (kg_journal_to_be_written(batch))
                kg_journal_refuse(batch, KG_APPEND_FAILED);
        }
    }
    kg_journal_set_ends(first, before);
}

/* ---- on the owner's ---- */

static void begin(kg_journal *base)
{
    kg_embedded *journal = (kg_embedded *)base;
    const kg_settler_work work = kg_embedded_settler_work(journal);

    journal->settler = kg_settler_start(&work, journal->settled, journal->written.sequence);
}

static uint64_t find(kg_journal *base, const uint8_t request_key[KG_REQUEST_KEY_BYTES], bool *known)
{
    kg_embedded *journal = (kg_embedded *)base;
    uint64_t sequence = kg_pending_keys_find(journal->pending, request_key);

    if (sequence == 0)
        *known = kg_tables_find(journal->tables, request_key, &sequence) != KG_TABLES_FAILED;
    return sequence;
}

static bool takes(const char *place)
{
    (void)place;
    return true;
}

static const char *durability(const kg_journal *journal)
{
    (void)journal;
    return "embedded (a log, then LMDB): every batch is synced to the disk before its receipts";
}

const kg_backend kg_embedded_backend = {
    .durability = durability,
    .takes = takes,
    .create = kg_embedded_create,
    .open = kg_embedded_open,
    .close = kg_embedded_close,
    .verify = kg_embedded_verify,
    .begin = begin,
    .cost = kg_tables_cost,
    .room = kg_embedded_room,
    .write = write_flying,
    .follow = kg_embedded_follow,
    .find = find,
    .snapshot = kg_embedded_snapshot,
    .usage = kg_embedded_usage,
};

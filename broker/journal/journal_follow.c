/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading in order: first the tables, then the log. What is read from the log may be taken over
 * into the tables meanwhile; then reading goes on there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_embedded.h"
#include "broker/journal/journal_walk.h"

#define MEND "restore a backup (kopgroepd journal restore)"
#define READ_BYTES (1u << 20)

typedef struct following {
    kg_embedded *journal;
    uint64_t next, to; /* to 0 = to the end */
    bool verify;
    kg_journal_each each;
    void *context;
    bool stopped;
    kg_point last;   /* the last one read; sequence 0 = none */
    kg_sha256 *hash; /* owned */
} following;

static bool note(void *context, const kg_journal_record *record)
{
    following *it = context;

    it->last.sequence = record->sequence;
    memcpy(it->last.chain, record->chain, KG_CHAIN_BYTES);
    it->next = record->sequence + 1;
    it->stopped = it->each && !it->each(it->context, record);
    return !it->stopped;
}

static bool done(const following *it)
{
    return it->stopped || (it->to > 0 && it->next > it->to);
}

static bool through_tables(following *it)
{
    const kg_walk walk = {.tables = it->journal->tables,
                          .folder = it->journal->folder,
                          .from = it->next,
                          .to = it->to,
                          .verify = it->verify,
                          .each = note,
                          .context = it};

    return kg_walk_run(&walk);
}

static bool step(following *it, const kg_stored *stored)
{
    kg_journal_record record;

    if (!kg_record_decode(stored->bytes, stored->count, stored->sequence, &record))
        return kg_journal_fail("%s, in %s; " MEND, kg_journal_error(), it->journal->folder);
    if ((it->verify || it->journal->base.read_only) &&
        (it->last.sequence > 0 || record.sequence == 1) &&
        !kg_record_chained(it->hash, &record, it->last.chain))
        return kg_journal_fail("record %" PRIu64 " is damaged, in %s: its chain value does not "
                               "follow; " MEND,
                               record.sequence, it->journal->folder);
    note(it, &record);
    return true;
}

static bool through_log(following *it)
{
    kg_log_bytes bytes = {0};
    kg_log_read_result read = KG_LOG_READ;
    bool good = true;

    while (good && !done(it) && read == KG_LOG_READ) {
        read = kg_log_read(it->journal->log, it->next, READ_BYTES, &bytes);
        good = read != KG_LOG_READ_FAILED;
        for (size_t i = 0; good && read == KG_LOG_READ && i < bytes.count && !done(it); i++)
            good = bytes.stored[i].sequence < it->next || step(it, &bytes.stored[i]);
    }
    kg_log_bytes_fini(&bytes);
    return good;
}

bool kg_embedded_tables_end(kg_tables *tables, const char *folder, kg_point *end)
{
    kg_tables_view *view = kg_tables_view_begin(tables);
    bool good = view && kg_walk_head(view, folder, &end->sequence, end->chain);

    kg_tables_view_end(&view);
    return good;
}

static bool gap(const kg_embedded *journal, uint64_t sequence)
{
    return kg_journal_fail("the journal in %s ends with record %" PRIu64 ", and its log holds "
                           "later ones that do not follow; " MEND ", or, if this is an older copy "
                           "put there on purpose, remove log.0 and log.1",
                           journal->folder, sequence);
}

/* A writer may be at work: then the tables have moved on when the log has a gap. */
bool kg_embedded_look(kg_embedded *journal, uint64_t *settled, kg_point *end)
{
    kg_log_looked looked;

    if (!kg_embedded_tables_end(journal->tables, journal->folder, end))
        return false;
    do {
        *settled = end->sequence;
        looked = kg_log_look(journal->log, end);
        if (looked != KG_LOG_GAP)
            return looked == KG_LOG_FOUND;
        if (!kg_embedded_tables_end(journal->tables, journal->folder, end))
            return false;
    } while (end->sequence > *settled);
    return gap(journal, *settled);
}

/* A reader does not know when the log is written over, while it reads it. */
static bool is_taken_over(following *it)
{
    uint64_t settled;
    kg_point end;

    return it->journal->base.read_only && kg_embedded_look(it->journal, &settled, &end) &&
           settled >= it->next;
}

bool kg_embedded_follow_to(kg_embedded *journal, uint64_t from, uint64_t to, bool verify,
                           kg_journal_each each, void *context)
{
    following it = {.journal = journal,
                    .next = from > 0 ? from : 1,
                    .to = to,
                    .verify = verify,
                    .each = each,
                    .context = context,
                    .hash = kg_sha256_new()};
    kg_point end = {0};
    bool good = true;

    /* What the log has no more is in the tables. */
    do {
        good = through_tables(&it) && (done(&it) || through_log(&it) || is_taken_over(&it)) &&
               (done(&it) || kg_embedded_tables_end(journal->tables, journal->folder, &end));
    } while (good && !done(&it) && end.sequence >= it.next);
    kg_sha256_destroy(&it.hash);
    return good;
}

bool kg_embedded_follow(kg_journal *base, uint64_t from, bool verify, kg_journal_each each,
                        void *context)
{
    kg_embedded *journal = (kg_embedded *)base;
    uint64_t settled;
    kg_point end = {.sequence = journal->readable};

    if (journal->base.read_only && !kg_embedded_look(journal, &settled, &end))
        return false;
    return kg_embedded_follow_to(journal, from, end.sequence, verify, each, context);
}

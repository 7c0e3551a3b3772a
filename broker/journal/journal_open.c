/* SPDX-License-Identifier: EUPL-1.2 */
/* Making, opening and closing a journal, and copying it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_anchor.h"
#include "broker/journal/journal_child.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_embedded.h"
#include "broker/journal/journal_walk.h"
#include "proto/memory.h"
#include "proto/text.h"

#define MAP_BYTES_DEFAULT (64ull << 30)
#define PENDING_BYTES (8u << 20) /* of the log, looked at together */

bool kg_embedded_create(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    kg_facts facts = {.epoch = 1};
    uint8_t bytes[KG_FACTS_BYTES];
    bool made;
    int hold;

    if (!kg_folder_usable(folder))
        return false;
    hold = kg_folder_take(folder);
    if (hold < 0)
        return false;
    memcpy(facts.deployment, deployment, KG_DEPLOYMENT_ID_BYTES);
    kg_facts_encode(&facts, bytes);
    made = kg_tables_present(folder)
               ? kg_journal_fail("%s holds a journal already", folder)
               : kg_tables_make(folder, bytes, sizeof(bytes), MAP_BYTES_DEFAULT);
    close(hold);
    return made;
}

static bool read_facts(kg_embedded *journal, kg_tables_view *view)
{
    const uint8_t *bytes = NULL;
    size_t count = 0;

    return kg_tables_view_facts(view, &bytes, &count) != KG_TABLES_FAILED &&
           kg_facts_decode(bytes, count, journal->folder, &journal->base.facts);
}

/* Facts, and where tables and log end. */
static bool read_state(kg_embedded *journal, uint64_t *settled)
{
    kg_tables_view *view = kg_tables_view_begin(journal->tables);
    bool good = view && read_facts(journal, view);

    kg_tables_view_end(&view);
    if (good)
        journal->log =
            kg_log_open(journal->folder, journal->base.facts.deployment, journal->base.read_only);
    good = journal->log && kg_embedded_look(journal, settled, &journal->written);
    journal->base.durable = journal->written;
    journal->readable = journal->written.sequence;
    journal->base.head = journal->written.sequence;
    return good;
}

static bool keep_chain(void *context, const kg_journal_record *record)
{
    memcpy(context, record->chain, KG_CHAIN_BYTES);
    return true;
}

/* Whether the journal has a record with this chain value, which says that all before is equal. */
static bool passes(kg_embedded *journal, uint64_t sequence, const uint8_t chain[KG_CHAIN_BYTES])
{
    uint8_t own[KG_CHAIN_BYTES] = {0};

    return (sequence == 0 ||
            kg_embedded_follow_to(journal, sequence, sequence, false, keep_chain, own)) &&
           memcmp(own, chain, KG_CHAIN_BYTES) == 0;
}

/* What is looked at before anything else: the head against the anchor, the first record, the
 * last; everything when the file is shorter than it was, since a page that is gone ends whoever
 * touches it. */
static bool look_at(kg_embedded *journal, const kg_point *anchor)
{
    const uint64_t head = journal->base.head;

    if (!kg_tables_whole(journal->tables) &&
        !kg_embedded_follow_to(journal, 1, 0, true, NULL, NULL))
        return false;
    if (!passes(journal, anchor->sequence, anchor->chain))
        return kg_anchor_fail(journal->folder, anchor, head);
    return kg_embedded_follow_to(journal, 1, 1, true, NULL, NULL) &&
           (head == 0 || kg_embedded_follow_to(journal, head, head, true, NULL, NULL));
}

/* In the child. The anchor is read first: a writer may be at work, and writes it last. */
static bool look(void *context)
{
    kg_embedded journal = {
        .base = {.read_only = true}, .folder = context, .hold = -1, .anchor = -1};
    kg_point anchor;
    uint64_t settled;
    bool good;

    if (!kg_anchor_read(journal.folder, &anchor))
        return false;
    journal.tables = kg_tables_open(journal.folder, 0, true);
    good = journal.tables && read_state(&journal, &settled) && look_at(&journal, &anchor);
    kg_log_close(&journal.log);
    kg_tables_close(&journal.tables);
    return good;
}

static bool prepare(kg_embedded *journal)
{
    if (!kg_folder_usable(journal->folder))
        return false;
    if (!kg_tables_present(journal->folder))
        return kg_journal_fail("%s holds no journal; make one with kopgroepd init",
                               journal->folder);
    if (journal->base.read_only)
        return true;
    journal->hold = kg_folder_take(journal->folder);
    if (journal->hold >= 0)
        journal->anchor = kg_anchor_open(journal->folder);
    return journal->anchor >= 0;
}

kg_settler_work kg_embedded_settler_work(const kg_embedded *journal)
{
    return (kg_settler_work){.folder = journal->folder,
                             .log = journal->log,
                             .tables = journal->tables,
                             .pending = journal->pending};
}

static bool add_pending(kg_embedded *journal, const kg_stored *stored)
{
    kg_journal_record record;

    return kg_record_decode(stored->bytes, stored->count, stored->sequence, &record) &&
           kg_pending_keys_add(journal->pending, &record, 1);
}

/* What stays in the log is pending, as if it had just been appended. */
static bool leave_in_log(kg_embedded *journal)
{
    uint64_t at = journal->settled;
    kg_log_bytes bytes = {0};
    bool good = true;

    while (good && at < journal->written.sequence) {
        good = kg_log_read(journal->log, at + 1, PENDING_BYTES, &bytes) == KG_LOG_READ;
        for (size_t i = 0; i < bytes.count && good; i++)
            good = add_pending(journal, &bytes.stored[i]);
        at = good ? bytes.stored[bytes.count - 1].sequence : at;
    }
    kg_log_bytes_fini(&bytes);
    return good || kg_journal_fail("the log of the journal in %s is damaged; restore a backup "
                                   "(kopgroepd journal restore)",
                                   journal->folder);
}

/* What a crash left in the log is taken over first, as far as the disk has room. */
static bool empty_log(kg_embedded *journal, uint64_t settled)
{
    const kg_settler_work work = kg_embedded_settler_work(journal);

    journal->settled = settled;
    return journal->base.read_only ||
           (kg_settle_now(&work, &journal->settled, journal->written.sequence) &&
            leave_in_log(journal));
}

/* `first` = a child looks before this process does. */
static kg_journal *open_journal(const char *folder, const kg_journal_options *options, bool first)
{
    kg_embedded *journal = kg_alloc(1, sizeof(*journal));
    kg_journal *base = &journal->base;
    size_t map_bytes = options ? options->map_bytes : 0;
    uint64_t settled;

    base->backend = &kg_embedded_backend;
    base->place = journal->folder = kg_strdup(folder);
    journal->pending = kg_pending_keys_new();
    journal->hold = journal->anchor = -1;
    journal->base.read_only = options && options->read_only;
    journal->disk_reserve_bytes = options ? options->disk_reserve_bytes : 0;
    journal->base.owner.wake = options ? options->wake : NULL;
    journal->base.owner.wake_context = options ? options->wake_context : NULL;
    if (map_bytes == 0 && !journal->base.read_only)
        map_bytes = MAP_BYTES_DEFAULT;
    if (prepare(journal) && (!first || kg_journal_child(folder, look, journal->folder)))
        journal->tables = kg_tables_open(folder, map_bytes, journal->base.read_only);
    if (!journal->tables || !read_state(journal, &settled) || !empty_log(journal, settled))
        kg_journal_close(&base);
    return base;
}

kg_journal *kg_embedded_open(const char *folder, const kg_journal_options *options)
{
    return open_journal(folder, options, true);
}

kg_journal *kg_embedded_open_at_once(const char *folder, const kg_journal_options *options)
{
    return open_journal(folder, options, false);
}

/* All that is durable goes to the tables, and then the log is empty. */
bool kg_embedded_close(kg_journal *base)
{
    kg_embedded *journal = (kg_embedded *)base;
    bool good = kg_settler_stop(&journal->settler);

    if (journal->log && !base->read_only)
        good = kg_log_clear(journal->log) && good;
    kg_log_close(&journal->log);
    kg_tables_close(&journal->tables);
    kg_pending_keys_destroy(&journal->pending);
    if (journal->anchor >= 0)
        close(journal->anchor);
    if (journal->hold >= 0)
        close(journal->hold);
    free(journal->folder);
    free(journal);
    return good;
}

/* Whether a copy, whose chain was verified, is a beginning of this journal. */
static bool begins_alike(kg_embedded *journal, const kg_embedded *copy)
{
    return (passes(journal, copy->base.head, copy->base.durable.chain) &&
            memcmp(copy->base.facts.deployment, journal->base.facts.deployment,
                   KG_DEPLOYMENT_ID_BYTES) == 0) ||
           kg_journal_fail("the copy in %s does not equal the journal in %s; see the system's log "
                           "for disk errors, and copy again",
                           copy->folder, journal->folder);
}

/* In this process, since it may have threads; the file was just written whole. */
static bool copy_good(kg_embedded *journal, const char *folder)
{
    const kg_journal_options options = {.read_only = true};
    kg_journal *copy = kg_embedded_open_at_once(folder, &options);
    bool good = copy && kg_journal_follow(copy, 1, true, NULL, NULL) &&
                begins_alike(journal, (kg_embedded *)copy);

    kg_journal_close(&copy);
    return good;
}

static bool look_after(kg_log *log, const char *folder, kg_point *end)
{
    const kg_log_looked looked = kg_log_look(log, end);

    if (looked != KG_LOG_GAP)
        return looked == KG_LOG_FOUND;
    return kg_journal_fail("what the journal's log holds does not follow the copy in %s; copy "
                           "again",
                           folder);
}

/* A copy of the tables lacks what is in the log only. Looked at again at the end: what was taken
 * over into the copy was let go, and is still to be read here. */
static bool add_log(kg_embedded *journal, const char *folder)
{
    kg_settler_work work = {.log = journal->log, .pending = journal->pending};
    kg_point end;
    uint64_t settled = 0;
    bool good;

    work.tables = kg_tables_open(folder, 0, false);
    good = work.tables && kg_embedded_tables_end(work.tables, folder, &end);
    if (good)
        settled = end.sequence;
    good = good && look_after(journal->log, folder, &end) &&
           kg_settle_now(&work, &settled, end.sequence);
    kg_tables_close(&work.tables);
    return good && kg_embedded_look(journal, &settled, &end);
}

/* Leaves the sentence of what failed. */
static bool has_moved_on(kg_embedded *journal, uint64_t before)
{
    kg_point after;
    char why[512];
    bool moved;

    kg_text_format(why, sizeof(why), "%s", kg_journal_error());
    moved =
        kg_embedded_tables_end(journal->tables, journal->folder, &after) && after.sequence > before;
    return moved || kg_journal_fail("%s", why);
}

static bool try_copy(kg_embedded *journal, const char *folder)
{
    const bool good = kg_tables_copy(journal->tables, folder) &&
                      (!journal->base.read_only || add_log(journal, folder)) &&
                      copy_good(journal, folder);

    if (!good)
        kg_tables_uncopy(folder);
    return good;
}

/* A writer has everything in the tables first. Where another process writes, the log may be written
 * over while a reader copies it: then more is in the tables than before, and it tries again. */
bool kg_embedded_snapshot(kg_journal *base, const char *folder)
{
    kg_embedded *journal = (kg_embedded *)base;
    kg_point before;

    if (!kg_folder_usable(folder) || !kg_folder_empty(folder))
        return false;
    if (journal->settler && !kg_settler_finish(journal->settler))
        return false;
    do {
        if (!kg_embedded_tables_end(journal->tables, journal->folder, &before))
            return false;
        if (try_copy(journal, folder))
            return true;
    } while (journal->base.read_only && has_moved_on(journal, before.sequence));
    return false;
}

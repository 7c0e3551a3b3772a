/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_anchor.h"
#include "broker/journal/journal_child.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/journal_facts.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_flight.h"
#include "broker/journal/journal_record.h"
#include "broker/journal/journal_tables.h"
#include "broker/journal/journal_walk.h"
#include "proto/memory.h"
#include "proto/text.h"

#define MAP_BYTES_DEFAULT (64ull << 30)
#define DISK_RESERVE_MAX (1ull << 30)
/* What a record costs beside its bytes: its place in two tables. */
#define RECORD_COST_BYTES 128
#define PAGE_BYTES 4096

struct kg_journal {
    char *folder;
    kg_tables *tables;
    int hold, anchor; /* descriptors, -1 when read only */
    bool read_only, dead;
    uint64_t disk_reserve_bytes; /* 0 = by the size of the file system */
    uint64_t head;               /* with what is on its way */
    uint64_t on_way_bytes;       /* at most so many */
    uint64_t durable;            /* as reaped */
    uint8_t chain[KG_CHAIN_BYTES];
    kg_facts facts;
    kg_flight_owner owner;
    kg_flight *flight; /* from the first append on */
    /* The flight's thread's own: where the store stands. */
    kg_anchor written;
    bool broken;
};

bool kg_journal_create(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
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

static bool read_facts(kg_journal *journal, kg_tables_view *view)
{
    const uint8_t *bytes = NULL;
    size_t count = 0;

    return kg_tables_view_facts(view, &bytes, &count) != KG_TABLES_FAILED &&
           kg_facts_decode(bytes, count, journal->folder, &journal->facts);
}

static bool read_state(kg_journal *journal)
{
    kg_tables_view *view = kg_tables_view_begin(journal->tables);
    bool good = view && read_facts(journal, view) &&
                kg_walk_head(view, journal->folder, &journal->head, journal->chain);

    kg_tables_view_end(&view);
    journal->durable = journal->written.sequence = journal->head;
    memcpy(journal->written.chain, journal->chain, KG_CHAIN_BYTES);
    return good;
}

static bool keep_chain(void *context, const kg_journal_record *record)
{
    memcpy(context, record->chain, KG_CHAIN_BYTES);
    return true;
}

/* Whether the journal has a record with this chain value, which says that all before is equal. */
static bool passes(kg_journal *journal, uint64_t sequence, const uint8_t chain[KG_CHAIN_BYTES])
{
    uint8_t own[KG_CHAIN_BYTES] = {0};
    const kg_walk walk = {.tables = journal->tables,
                          .folder = journal->folder,
                          .from = sequence,
                          .to = sequence,
                          .each = keep_chain,
                          .context = own};

    return (sequence == 0 || kg_walk_run(&walk)) && memcmp(own, chain, KG_CHAIN_BYTES) == 0;
}

/* What is looked at before anything else: the head against the anchor, the first record, the
 * last; everything when the file is shorter than it was, since a page that is gone ends whoever
 * touches it. */
static bool look_at(kg_journal *journal, const kg_anchor *anchor)
{
    kg_walk walk = {.tables = journal->tables, .folder = journal->folder, .verify = true};

    if (!kg_tables_whole(journal->tables) && !kg_walk_run(&walk))
        return false;
    if (!passes(journal, anchor->sequence, anchor->chain))
        return kg_anchor_fail(journal->folder, anchor, journal->head);
    walk.from = walk.to = 1;
    if (!kg_walk_run(&walk))
        return false;
    walk.from = walk.to = journal->head;
    return kg_walk_run(&walk);
}

/* In the child. The anchor is read first: a writer may be at work, and writes it last. */
static bool look(void *context)
{
    kg_journal journal = {.folder = context, .hold = -1, .anchor = -1, .read_only = true};
    kg_anchor anchor;
    bool good;

    kg_anchor_read(journal.folder, &anchor);
    journal.tables = kg_tables_open(journal.folder, 0, true);
    good = journal.tables && read_state(&journal) && look_at(&journal, &anchor);
    kg_tables_close(&journal.tables);
    return good;
}

static bool prepare(kg_journal *journal)
{
    if (!kg_folder_usable(journal->folder))
        return false;
    if (!kg_tables_present(journal->folder))
        return kg_journal_fail("%s holds no journal; make one with kopgroepd init",
                               journal->folder);
    if (journal->read_only)
        return true;
    journal->hold = kg_folder_take(journal->folder);
    if (journal->hold >= 0)
        journal->anchor = kg_anchor_open(journal->folder);
    return journal->anchor >= 0;
}

/* `first` = a child looks before this process does. */
static kg_journal *open_journal(const char *folder, const kg_journal_options *options, bool first)
{
    kg_journal *journal = kg_alloc(1, sizeof(*journal));
    size_t map_bytes = options ? options->map_bytes : 0;

    journal->folder = kg_strdup(folder);
    journal->hold = journal->anchor = -1;
    journal->read_only = options && options->read_only;
    journal->disk_reserve_bytes = options ? options->disk_reserve_bytes : 0;
    journal->owner.wake = options ? options->wake : NULL;
    journal->owner.wake_context = options ? options->wake_context : NULL;
    if (map_bytes == 0 && !journal->read_only)
        map_bytes = MAP_BYTES_DEFAULT;
    if (prepare(journal) && (!first || kg_journal_child(folder, look, journal->folder)))
        journal->tables = kg_tables_open(folder, map_bytes, journal->read_only);
    if (!journal->tables || !read_state(journal))
        kg_journal_close(&journal);
    return journal;
}

kg_journal *kg_journal_open(const char *folder, const kg_journal_options *options)
{
    return open_journal(folder, options, true);
}

void kg_journal_close(kg_journal **journal_p)
{
    kg_journal *journal = *journal_p;

    if (!journal)
        return;
    kg_flight_stop(&journal->flight);
    kg_tables_close(&journal->tables);
    if (journal->anchor >= 0)
        close(journal->anchor);
    if (journal->hold >= 0)
        close(journal->hold);
    free(journal->folder);
    free(journal);
    *journal_p = NULL;
}

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
    return journal->durable;
}

uint64_t kg_journal_epoch(const kg_journal *journal)
{
    return journal->facts.epoch;
}

const char *kg_journal_durability(const kg_journal *journal)
{
    (void)journal;
    return "embedded (LMDB): every batch is synced to the disk before its receipts";
}

void kg_journal_chain(const kg_journal *journal, uint8_t out[KG_CHAIN_BYTES])
{
    memcpy(out, journal->chain, KG_CHAIN_BYTES);
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
        bytes += size + RECORD_COST_BYTES;
        if (size > PAGE_BYTES / 2)
            bytes += PAGE_BYTES; /* a long one has pages of its own */
    }
    return bytes;
}

static kg_append_result map_room(kg_journal *journal, uint64_t bytes)
{
    kg_tables_room room;
    uint64_t limit;

    bytes += journal->on_way_bytes;
    if (!kg_tables_room_read(journal->tables, false, &room))
        return KG_APPEND_FAILED;
    limit = room.map_bytes / 10 * 9;
    if (room.used_bytes + bytes < limit)
        return KG_APPEND_OK;
    if (!kg_tables_room_read(journal->tables, true, &room))
        return KG_APPEND_FAILED;
    if (room.used_bytes + bytes < limit)
        return KG_APPEND_OK;
    kg_journal_fail("the journal in %s uses %" PRIu64 " of its map's %" PRIu64 " bytes, and the "
                    "last tenth is kept for withdrawals; give it a larger map in broker.conf",
                    journal->folder, room.used_bytes, room.map_bytes);
    return KG_APPEND_FULL;
}

static kg_append_result disk_room(kg_journal *journal, uint64_t bytes, bool reserve)
{
    uint64_t kept = journal->disk_reserve_bytes;
    kg_folder_space space;

    if (!kg_folder_space_read(journal->folder, &space))
        return KG_APPEND_FAILED;
    if (kept == 0)
        kept =
            space.total_bytes / 10 < DISK_RESERVE_MAX ? space.total_bytes / 10 : DISK_RESERVE_MAX;
    if (reserve)
        kept /= 10;
    bytes += journal->on_way_bytes;
    if (space.free_bytes >= kept && space.free_bytes - kept >= bytes)
        return KG_APPEND_OK;
    kg_journal_fail("the disk under %s has %" PRIu64 " bytes free, of which %" PRIu64 " are kept "
                    "in reserve; free some space",
                    journal->folder, space.free_bytes, kept);
    return KG_APPEND_FULL;
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
    kg_append_result room = KG_APPEND_OK;

    if (bytes == 0) {
        kg_journal_fail("a batch after record %" PRIu64 " is out of sequence, or a record of it "
                        "is longer than 4 GiB",
                        journal->head);
        return KG_APPEND_FAILED;
    }
    if (!reserve)
        room = map_room(journal, bytes);
    return room == KG_APPEND_OK ? disk_room(journal, bytes, reserve) : room;
}

/* On the flight's thread. */
static kg_append_result write_batch(kg_journal *journal, kg_flying *batch)
{
    kg_anchor anchor = journal->written;
    kg_tables_result written;

    /* One before it was refused. */
    if (batch->records[0].sequence != anchor.sequence + 1) {
        kg_journal_fail("the journal in %s refused the batch before this one", journal->folder);
        return KG_APPEND_FULL;
    }
    anchor.sequence += batch->count;
    written = kg_tables_write(journal->tables, batch->records, batch->count, anchor.chain);
    if (written == KG_TABLES_FULL)
        return KG_APPEND_FULL;
    if (written != KG_TABLES_OK || !kg_anchor_write(journal->anchor, journal->folder, &anchor))
        return KG_APPEND_FAILED;
    journal->written = anchor;
    return KG_APPEND_OK;
}

/* On the flight's thread. */
static void write_flying(void *context, kg_flying *first)
{
    kg_journal *journal = context;

    for (kg_flying *batch = first; batch; batch = batch->next) {
        if (batch->result == KG_APPEND_OK && journal->broken) {
            kg_journal_fail("the journal in %s failed before", journal->folder);
            batch->result = KG_APPEND_FAILED;
        } else if (batch->result == KG_APPEND_OK && batch->count > 0) {
            batch->result = write_batch(journal, batch);
        }
        journal->broken |= batch->result == KG_APPEND_FAILED;
        if (batch->result != KG_APPEND_OK && batch->error[0] == '\0')
            kg_text_format(batch->error, sizeof(batch->error), "%s", kg_journal_error());
        batch->head = journal->written.sequence;
        memcpy(batch->chain, journal->written.chain, KG_CHAIN_BYTES);
    }
}

static void send_off(kg_journal *journal, kg_flying *batch)
{
    if (!journal->flight) {
        journal->owner.write = write_flying;
        journal->owner.context = journal;
        journal->flight = kg_flight_start(&journal->owner);
    }
    kg_flight_add(journal->flight, batch);
}

void kg_journal_append(kg_journal *journal, uint64_t epoch, uint64_t expected_head,
                       kg_journal_record *records, size_t count, bool reserve, kg_append_done done,
                       void *context)
{
    const uint64_t bytes = batch_bytes(journal, records, count);
    kg_flying *batch = kg_alloc(1, sizeof(*batch));

    *batch = (kg_flying){.records = records, .count = count, .done = done, .context = context};
    batch->result = may_append(journal, epoch, expected_head);
    if (batch->result == KG_APPEND_OK && count > 0)
        batch->result = has_room(journal, bytes, reserve);
    if (batch->result == KG_APPEND_OK) {
        journal->head += count;
        journal->on_way_bytes += batch->bytes = bytes;
    } else {
        kg_text_format(batch->error, sizeof(batch->error), "%s", kg_journal_error());
    }
    journal->dead |= batch->result == KG_APPEND_FAILED;
    send_off(journal, batch);
}

static void finish(kg_journal *journal, kg_flying *batch)
{
    journal->durable = batch->head;
    memcpy(journal->chain, batch->chain, KG_CHAIN_BYTES);
    journal->on_way_bytes -= batch->bytes;
    /* What is on the disk after a failure is known only after opening again. */
    journal->dead |= batch->result == KG_APPEND_FAILED;
    if (batch->bytes > 0 && batch->result != KG_APPEND_OK)
        journal->head = batch->head;
    if (batch->result != KG_APPEND_OK)
        kg_journal_fail("%s", batch->error);
    batch->done(batch->context, batch->result, batch->head);
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

bool kg_journal_follow(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                       void *context)
{
    const kg_walk walk = {.tables = journal->tables,
                          .folder = journal->folder,
                          .from = from,
                          .verify = verify,
                          .each = each,
                          .context = context};

    return kg_walk_run(&walk);
}

uint64_t kg_journal_find(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    uint64_t sequence = 0;
    /* "Not there" by mistake would let a request in twice: nothing may be written after it. */
    if (kg_tables_find(journal->tables, request_key, &sequence) == KG_TABLES_FAILED)
        journal->dead = true;
    return sequence;
}

/* Whether a copy, whose chain was verified, is a beginning of this journal. */
static bool begins_alike(kg_journal *journal, const kg_journal *copy)
{
    return (passes(journal, copy->head, copy->chain) &&
            memcmp(copy->facts.deployment, journal->facts.deployment, KG_DEPLOYMENT_ID_BYTES) ==
                0) ||
           kg_journal_fail("the copy in %s does not equal the journal in %s; see the system's log "
                           "for disk errors, and copy again",
                           copy->folder, journal->folder);
}

/* In this process, since it may have threads; the file was just written whole. */
static bool copy_good(kg_journal *journal, const char *folder)
{
    const kg_journal_options options = {.read_only = true};
    kg_journal *copy = open_journal(folder, &options, false);
    bool good = copy && kg_journal_follow(copy, 1, true, NULL, NULL) && begins_alike(journal, copy);

    kg_journal_close(&copy);
    return good;
}

bool kg_journal_snapshot(kg_journal *journal, const char *folder)
{
    if (!kg_folder_usable(folder) || !kg_folder_empty(folder))
        return false;
    if (kg_tables_copy(journal->tables, folder) && copy_good(journal, folder))
        return true;
    kg_tables_uncopy(folder);
    return false;
}

void kg_journal_usage_read(kg_journal *journal, kg_journal_usage *usage)
{
    kg_tables_room room = {0};
    kg_folder_space space = {0};

    kg_tables_room_read(journal->tables, true, &room);
    kg_folder_space_read(journal->folder, &space);
    *usage = (kg_journal_usage){.map_bytes = room.map_bytes,
                                .used_bytes = room.used_bytes,
                                .disk_free_bytes = space.free_bytes,
                                .disk_bytes = space.total_bytes,
                                .readers = room.readers};
}

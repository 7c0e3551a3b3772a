/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_journal.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_record.h"
#include "proto/memory.h"
#include "sim.h"

typedef struct stored {
    uint8_t *bytes; /* owned */
    size_t count;
    uint8_t key[KG_REQUEST_KEY_BYTES];
    uint64_t sequence;
    UT_hash_handle hh;
} stored;

typedef struct flying {
    stored **records; /* owned, and so are they until they are on the disk */
    size_t count;
    int64_t ready_us;
    kg_append_result result;
    bool written; /* although it failed */
    kg_append_done done;
    void *context;
    struct flying *next;
} flying;

struct kg_journal {
    uint64_t head, durable;
    bool broken;
    bool refused;         /* a batch, on which those after it were decided */
    flying *first, *last; /* owned */
    int64_t busy_us;      /* until then with what is on its way */
    void (*meanwhile)(void *context);
    void *meanwhile_context;
};

static struct {
    stored **records; /* owned */
    size_t count, capacity;
    stored *by_key;
    uint8_t chain[KG_CHAIN_BYTES]; /* after the last one that is on its way */
    kg_journal *open;
    kg_sha256 *hash;
} disk;

void sim_journal_begin(void)
{
    memset(&disk, 0, sizeof disk);
    disk.hash = kg_sha256_new();
}

static void destroy_stored(stored *record)
{
    free(record->bytes);
    free(record);
}

void sim_journal_end(void)
{
    HASH_CLEAR(hh, disk.by_key);
    for (size_t i = 0; i < disk.count; i++)
        destroy_stored(disk.records[i]);
    free(disk.records);
    kg_sha256_destroy(&disk.hash);
}

uint64_t sim_journal_records(void)
{
    return disk.count;
}

void sim_journal_record(uint64_t sequence, kg_journal_record *out)
{
    const stored *record = disk.records[sequence - 1];
    if (!kg_record_decode(record->bytes, record->count, sequence, out))
        sim_fail("%s", kg_journal_error());
    kg_record_event_digest(disk.hash, out, out->event_digest);
}

int64_t sim_journal_ready_us(void)
{
    return disk.open && disk.open->first ? disk.open->first->ready_us : INT64_MAX;
}

/* --- the disk --- */

static void chain_of_last(uint8_t out[KG_CHAIN_BYTES])
{
    kg_journal_record last;
    memset(out, 0, KG_CHAIN_BYTES);
    if (disk.count == 0)
        return;
    sim_journal_record(disk.count, &last);
    memcpy(out, last.chain, KG_CHAIN_BYTES);
}

static void write_record(stored *record)
{
    static const uint8_t none[KG_REQUEST_KEY_BYTES];
    disk.records = kg_grow(disk.records, disk.count, &disk.capacity, sizeof *disk.records);
    disk.records[disk.count++] = record;
    if (record->sequence != disk.count)
        sim_fail("record %llu comes after %zu", (unsigned long long)record->sequence,
                 disk.count - 1);
    if (memcmp(record->key, none, sizeof none) != 0)
        HASH_ADD(hh, disk.by_key, key, sizeof record->key, record);
}

static void write_batch(flying *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        write_record(batch->records[i]);
    batch->count = 0;
    sim.counts.batches++;
}

static void destroy_flying(flying *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        destroy_stored(batch->records[i]);
    free(batch->records);
    free(batch);
}

static flying *take_first(kg_journal *journal)
{
    flying *batch = journal->first;
    journal->first = batch->next;
    if (!journal->first)
        journal->last = NULL;
    return batch;
}

/* --- appending --- */

/* The same request twice in the journal is what must never be. */
static void must_be_new(const kg_journal *journal, const kg_journal_record *record)
{
    stored *found;
    if (!kg_record_has_request(record))
        return;
    HASH_FIND(hh, disk.by_key, record->request_key, KG_REQUEST_KEY_BYTES, found);
    for (const flying *batch = journal->first; batch && !found; batch = batch->next)
        for (size_t i = 0; i < batch->count && !found; i++)
            if (memcmp(batch->records[i]->key, record->request_key, KG_REQUEST_KEY_BYTES) == 0)
                found = batch->records[i];
    if (found)
        sim_fail("record %llu is the request of record %llu once more",
                 (unsigned long long)record->sequence, (unsigned long long)found->sequence);
}

static kg_append_result may_append(const kg_journal *journal, uint64_t epoch, uint64_t head,
                                   unsigned how)
{
    if (sim.dead || journal->broken)
        return KG_APPEND_FAILED;
    if (epoch != 1 || head != journal->head)
        return KG_APPEND_LOST;
    if (sim.calm)
        return KG_APPEND_OK;
    if (!(how & KG_APPEND_RESERVE) && sim_chance(6))
        return KG_APPEND_FULL;
    return sim_chance(1) ? KG_APPEND_LOST : KG_APPEND_OK;
}

static stored *store(kg_journal_record *record)
{
    stored *out = kg_alloc(1, sizeof *out);
    out->count = kg_record_size(record);
    out->bytes = kg_alloc(out->count, 1);
    out->sequence = record->sequence;
    memcpy(out->key, record->request_key, sizeof out->key);
    kg_record_encode(disk.hash, record, disk.chain, out->bytes);
    memcpy(disk.chain, record->chain, sizeof disk.chain);
    return out;
}

static void take_records(kg_journal *journal, flying *batch, kg_journal_record *records,
                         size_t count)
{
    batch->records = kg_alloc(count, sizeof(stored *));
    for (size_t i = 0; i < count; i++) {
        if (records[i].sequence != journal->head + 1)
            sim_fail("record %llu is appended after %llu", (unsigned long long)records[i].sequence,
                     (unsigned long long)journal->head);
        must_be_new(journal, &records[i]);
        batch->records[batch->count++] = store(&records[i]);
        journal->head++;
    }
}

void kg_journal_set_meanwhile(kg_journal *journal, void (*meanwhile)(void *context), void *context)
{
    journal->meanwhile = meanwhile;
    journal->meanwhile_context = context;
}

void kg_journal_append(kg_journal *journal, uint64_t epoch, uint64_t expected_head,
                       kg_journal_record *records, size_t count, unsigned how, kg_append_done done,
                       void *context)
{
    sim_call();
    flying *batch = kg_alloc(1, sizeof *batch);
    *batch = (flying){
        .result = may_append(journal, epoch, expected_head, how), .done = done, .context = context};
    if (batch->result == KG_APPEND_OK && journal->refused)
        sim_fail("a batch is appended that was decided on one that was refused");
    if (batch->result == KG_APPEND_OK)
        take_records(journal, batch, records, count);
    journal->refused |= batch->result != KG_APPEND_OK;
    if (batch->result == KG_APPEND_OK && !sim.calm && sim_chance(3)) {
        batch->result = KG_APPEND_FAILED;
        batch->written = sim_chance(500);
    }
    bool at_once = (how & KG_APPEND_HERE) && !journal->first;
    if (journal->busy_us < sim.now_us)
        journal->busy_us = sim.now_us;
    journal->busy_us += sim_chance(20) ? sim_between(5000, 80000) : sim_between(50, 3000);
    batch->ready_us = journal->busy_us;
    if (journal->last)
        journal->last->next = batch;
    else
        journal->first = batch;
    journal->last = batch;
    if (at_once && batch->count > 0 && journal->meanwhile) /* it was written, whatever comes */
        journal->meanwhile(journal->meanwhile_context);
    if (at_once)
        sim.now_us = journal->busy_us;
    sim_note("append %zu after %llu: %d", count, (unsigned long long)expected_head,
             (int)batch->result);
}

/* What is on the disk in the end is known only after opening again. */
static void finish(kg_journal *journal, flying *batch)
{
    if (journal->broken || sim.dead)
        batch->result = KG_APPEND_FAILED;
    if (batch->result == KG_APPEND_OK) {
        write_batch(batch);
        journal->durable = disk.count;
    } else if (batch->written && !journal->broken && !sim.dead) {
        write_batch(batch);
    }
    journal->broken |= batch->result == KG_APPEND_FAILED;
    sim.counts.failures += batch->result != KG_APPEND_OK && !sim.dead;
    if (batch->result != KG_APPEND_OK)
        kg_journal_fail("a batch after record %llu was not kept: %d",
                        (unsigned long long)journal->durable, (int)batch->result);
    batch->done(batch->context, batch->result, journal->durable);
}

size_t kg_journal_reap(kg_journal *journal, bool wait)
{
    size_t count = 0;
    sim_call();
    if (wait && journal->first && journal->first->ready_us > sim.now_us)
        sim.now_us = journal->first->ready_us;
    while (journal->first && (sim.dead || journal->first->ready_us <= sim.now_us)) {
        flying *batch = take_first(journal);
        finish(journal, batch);
        destroy_flying(batch);
        count++;
    }
    return count;
}

/* The last record was only thought to be on the disk. */
static void lose_last(void)
{
    static const uint8_t none[KG_REQUEST_KEY_BYTES];
    if (disk.count == 0)
        return;
    stored *last = disk.records[--disk.count];
    if (memcmp(last->key, none, sizeof none) != 0)
        HASH_DEL(disk.by_key, last);
    destroy_stored(last);
}

/* The first batches are on the disk, though nobody was told; perhaps all, perhaps none. */
void sim_journal_killed(void)
{
    kg_journal *journal = disk.open;
    bool kept = true;
    if (sim.plant == SIM_PLANT_UNSYNCED) {
        lose_last();
        return;
    }
    for (flying *batch = journal ? journal->first : NULL; batch; batch = batch->next) {
        kept = kept && !journal->broken && batch->result == KG_APPEND_OK && sim_chance(600);
        if (kept)
            write_batch(batch);
    }
}

/* --- opening and reading --- */

bool kg_journal_create(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    (void)folder;
    (void)deployment;
    return kg_journal_fail("the simulated disk has one journal only");
}

kg_journal *kg_journal_open(const char *folder, const kg_journal_options *options)
{
    (void)folder;
    (void)options;
    sim_call();
    if (sim.dead) {
        kg_journal_fail("killed");
        return NULL;
    }
    kg_journal *journal = kg_alloc(1, sizeof *journal);
    journal->head = journal->durable = disk.count;
    chain_of_last(disk.chain);
    disk.open = journal;
    return journal;
}

bool kg_journal_close(kg_journal **journal)
{
    kg_journal *self = *journal;
    if (!self)
        return true;
    while (self->first) {
        flying *batch = take_first(self);
        if (!sim.dead && !self->broken && batch->result == KG_APPEND_OK)
            write_batch(batch);
        destroy_flying(batch);
    }
    free(self);
    disk.open = *journal = NULL;
    return true;
}

bool kg_journal_follow(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                       void *context)
{
    uint8_t before[KG_CHAIN_BYTES] = {0};
    sim_call();
    for (uint64_t i = from; i <= journal->durable && !sim.dead; i++) {
        kg_journal_record record;
        sim_journal_record(i, &record);
        if (verify && i == from && i > 1) {
            kg_journal_record last;
            sim_journal_record(i - 1, &last);
            memcpy(before, last.chain, sizeof before);
        }
        if (verify && !kg_record_chained(disk.hash, &record, before))
            sim_fail("record %llu does not follow the one before it", (unsigned long long)i);
        memcpy(before, record.chain, sizeof before);
        if (each && !each(context, &record))
            break;
    }
    return !sim.dead || kg_journal_fail("killed");
}

bool kg_journal_pursue(kg_journal *journal, uint64_t sequence, const uint8_t chain[KG_CHAIN_BYTES],
                       kg_journal_each each, void *context)
{
    (void)journal, (void)sequence, (void)chain, (void)each, (void)context;
    return false;
}

const char *kg_journal_leader(const kg_journal *journal)
{
    (void)journal;
    return "";
}

bool kg_journal_damaged(const kg_journal *journal)
{
    (void)journal;
    return true;
}

uint64_t kg_journal_find(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    stored *found;
    sim_call();
    if (sim.plant == SIM_PLANT_FORGETFUL)
        return 0;
    HASH_FIND(hh, disk.by_key, request_key, KG_REQUEST_KEY_BYTES, found);
    return found && found->sequence <= journal->durable ? found->sequence : 0;
}

/* --- what it is --- */

void kg_journal_deployment(const kg_journal *journal, uint8_t out[KG_DEPLOYMENT_ID_BYTES])
{
    (void)journal;
    memset(out, 0x5a, KG_DEPLOYMENT_ID_BYTES);
}

uint64_t kg_journal_head(const kg_journal *journal)
{
    return journal->head;
}

uint64_t kg_journal_durable(const kg_journal *journal)
{
    return journal->durable;
}

void kg_journal_chain(const kg_journal *journal, uint8_t out[KG_CHAIN_BYTES])
{
    kg_journal_record last;
    memset(out, 0, KG_CHAIN_BYTES);
    if (journal->durable == 0)
        return;
    sim_journal_record(journal->durable, &last);
    memcpy(out, last.chain, KG_CHAIN_BYTES);
}

uint64_t kg_journal_epoch(const kg_journal *journal)
{
    (void)journal;
    return 1;
}

kg_lead_result kg_journal_lead(kg_journal *journal)
{
    (void)journal;
    return KG_LEAD_YES;
}

bool kg_journal_leads(kg_journal *journal)
{
    (void)journal;
    return true;
}

const char *kg_journal_durability(const kg_journal *journal)
{
    (void)journal;
    return "simulated";
}

/* So that batches are held, too. */
bool kg_journal_waits(const kg_journal *journal)
{
    (void)journal;
    return true;
}

void kg_journal_usage_read(kg_journal *journal, kg_journal_usage *usage)
{
    (void)journal;
    sim_call();
    *usage = (kg_journal_usage){.map_bytes = UINT64_C(1) << 36,
                                .disk_bytes = UINT64_C(1) << 40,
                                .disk_free_bytes = UINT64_C(1) << (sim.disk_low ? 28 : 39)};
}

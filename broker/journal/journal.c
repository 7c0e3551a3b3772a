/* SPDX-License-Identifier: EUPL-1.2 */
/* What is the same in every backend: which one a place is of, the head, and batches on their way
 * to it and back. */
#include "broker/journal/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_backend.h"
#include "broker/journal/journal_error.h"
#include "proto/memory.h"
#include "proto/text.h"

/* The last takes every place. */
static const kg_backend *const backends[] = {&kg_postgres_backend, &kg_embedded_backend};

static const kg_backend *backend_of(const char *place)
{
    size_t at = 0;

    while (!backends[at]->takes(place))
        at++;
    return backends[at];
}

bool kg_journal_is_here(const char *place)
{
    return backend_of(place) == &kg_embedded_backend;
}

bool kg_journal_keeps(const char *place, bool alone)
{
    const kg_backend *backend = backend_of(place);
    return !backend->keeps || backend->keeps(place, alone);
}

bool kg_journal_create(const char *place, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    return backend_of(place)->create(place, deployment);
}

kg_journal *kg_journal_open(const char *place, const kg_journal_options *options)
{
    return backend_of(place)->open(place, options);
}

bool kg_journal_close(kg_journal **journal_p)
{
    kg_journal *journal = *journal_p;

    if (!journal)
        return true;
    kg_flight_stop(&journal->flight);
    *journal_p = NULL;
    return journal->backend->close(journal);
}

bool kg_journal_verify(const char *place, kg_journal_each each, void *context,
                       kg_journal_extent *out)
{
    memset(out, 0, sizeof(*out));
    return backend_of(place)->verify(place, each, context, out);
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
    return journal->durable.sequence;
}

uint64_t kg_journal_epoch(const kg_journal *journal)
{
    return journal->facts.epoch;
}

const char *kg_journal_durability(const kg_journal *journal)
{
    return journal->backend->durability(journal);
}

bool kg_journal_waits(const kg_journal *journal)
{
    return journal->backend->waits;
}

kg_lead_result kg_journal_lead(kg_journal *journal)
{
    return journal->backend->lead ? journal->backend->lead(journal) : KG_LEAD_YES;
}

bool kg_journal_leads(kg_journal *journal)
{
    return !journal->backend->leads || journal->backend->leads(journal);
}

const char *kg_journal_leader(const kg_journal *journal)
{
    return journal->leader;
}

void kg_journal_chain(const kg_journal *journal, uint8_t out[KG_CHAIN_BYTES])
{
    memcpy(out, journal->durable.chain, KG_CHAIN_BYTES);
}

bool kg_journal_follow(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                       void *context)
{
    return journal->backend->follow(journal, from, verify, each, context);
}

bool kg_journal_pursue(kg_journal *journal, uint64_t sequence, const uint8_t chain[KG_CHAIN_BYTES],
                       kg_journal_each each, void *context)
{
    kg_point after = {.sequence = sequence};

    memcpy(after.chain, chain, KG_CHAIN_BYTES);
    if (journal->backend->pursue)
        return journal->backend->pursue(journal, &after, each, context);
    return kg_journal_fail("nobody else writes the journal in %s", journal->place);
}

bool kg_journal_damaged(const kg_journal *journal)
{
    return !journal->backend->waits || journal->damaged;
}

bool kg_journal_snapshot(kg_journal *journal, const char *folder)
{
    return journal->backend->snapshot(journal, folder);
}

void kg_journal_usage_read(kg_journal *journal, kg_journal_usage *usage)
{
    journal->backend->usage(journal, usage);
}

static void die(kg_journal *journal, kg_append_result result)
{
    if (!journal->dead)
        journal->refused = result;
    journal->dead = true;
}

/* "Not there" by mistake would let a request in twice: nothing may be written after it. */
uint64_t kg_journal_find(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    bool known = true;
    uint64_t sequence = journal->backend->find(journal, request_key, &known);

    if (!known)
        die(journal, KG_APPEND_FAILED);
    return known && sequence <= journal->durable.sequence ? sequence : 0;
}

/* ---- what backends do with batches ---- */

bool kg_journal_to_be_written(const kg_flying *batch)
{
    return batch->result == KG_APPEND_OK && batch->count > 0;
}

void kg_journal_refuse(kg_flying *batch, kg_append_result result)
{
    batch->result = result;
    kg_text_format(batch->error, sizeof(batch->error), "%s", kg_journal_error());
}

void kg_journal_set_ends(kg_flying *first, kg_point end)
{
    for (kg_flying *batch = first; batch; batch = batch->next) {
        if (kg_journal_to_be_written(batch)) {
            end.sequence = batch->records[batch->count - 1].sequence;
            memcpy(end.chain, batch->records[batch->count - 1].chain, KG_CHAIN_BYTES);
        }
        batch->end = end;
    }
}

/* ---- appending ---- */

/* Upper bound of what a batch takes; 0 when a record is too long or out of sequence. */
static uint64_t batch_bytes(const kg_journal *journal, const kg_journal_record *records,
                            size_t count)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        const size_t size = kg_record_size(&records[i]);
        const uint64_t cost = size > 0 ? journal->backend->cost(size) : 0;

        if (cost == 0 || records[i].sequence != journal->head + 1 + i)
            return 0;
        bytes += cost;
    }
    return bytes;
}

static kg_append_result may_append(kg_journal *journal, uint64_t epoch, uint64_t expected_head)
{
    if (journal->dead || journal->read_only) {
        kg_journal_fail("the journal in %s %s", journal->place,
                        journal->read_only ? "was opened for reading only"
                                           : "failed before: end this process and start it again");
        return journal->dead ? journal->refused : KG_APPEND_FAILED;
    }
    if (epoch == journal->facts.epoch && expected_head == journal->head)
        return KG_APPEND_OK;
    kg_journal_fail("the journal in %s stands at epoch %" PRIu64 ", record %" PRIu64
                    ", not at epoch %" PRIu64 ", record %" PRIu64 ": another one leads",
                    journal->place, journal->facts.epoch, journal->head, epoch, expected_head);
    return KG_APPEND_LOST;
}

static kg_append_result has_room(kg_journal *journal, uint64_t bytes, bool reserve)
{
    if (bytes > 0)
        return journal->backend->room(journal, bytes, reserve);
    kg_journal_fail("a batch after record %" PRIu64 " is out of sequence, or a record of it is "
                    "longer than the journal in %s can hold",
                    journal->head, journal->place);
    return KG_APPEND_FAILED;
}

static void start(kg_journal *journal)
{
    if (journal->backend->begin)
        journal->backend->begin(journal);
    journal->owner.write = journal->backend->write;
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
        kg_journal_refuse(batch, batch->result);
    }
    if (batch->result == KG_APPEND_FAILED)
        die(journal, batch->result);
    if (!journal->flight)
        start(journal);
    kg_flight_add(journal->flight, batch, (how & KG_APPEND_HERE) != 0 && !journal->backend->waits);
}

void kg_journal_set_meanwhile(kg_journal *journal, void (*meanwhile)(void *context), void *context)
{
    journal->meanwhile = meanwhile;
    journal->meanwhile_context = context;
}

static void finish(kg_journal *journal, kg_flying *batch)
{
    journal->durable = batch->end;
    journal->on_way_bytes -= batch->bytes;
    /* What is there after a failure is known only after opening again; and once a batch that was
     * sent found that another leads, those after it find so too. */
    if (batch->result == KG_APPEND_FAILED || (batch->result == KG_APPEND_LOST && batch->bytes > 0))
        die(journal, batch->result);
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

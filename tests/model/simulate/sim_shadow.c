/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_shadow.h"

#include <string.h>

#include "broker/journal/journal_record.h"
#include "broker/replay.h"
#include "broker/result_view.h"
#include "helper_invariants.h"
#include "proto/codec.h"
#include "proto/envelope.h"
#include "sim.h"
#include "sim_journal.h"

static struct {
    kg_store store;
    uint64_t at;
    uint8_t chain[KG_CHAIN_BYTES];
    kg_effects effects;
    kg_sha256 *hash;
} shadow;

void sim_shadow_begin(void)
{
    memset(&shadow, 0, sizeof shadow);
    shadow.store.tree = kg_journal_tree_new();
    shadow.store.state = kg_state_new();
    shadow.store.disclosure = kg_disclosure_history_new();
    shadow.hash = kg_sha256_new();
    kg_effects_init(&shadow.effects);
}

void sim_shadow_end(void)
{
    kg_store_close(&shadow.store);
    kg_effects_fini(&shadow.effects);
    kg_sha256_destroy(&shadow.hash);
}

/* What was signed is what was done: by whom it says, and of that kind. */
static void check_command(const kg_journal_record *record, const kg_event *event)
{
    kg_envelope envelope;
    if (record->command_bytes == 0)
        return;
    if (kg_envelope_open(record->command, record->command_bytes, &envelope) != KG_STATUS_OK)
        sim_fail("the command of record %llu is no message", (unsigned long long)record->sequence);
    bool same = envelope.kind == (uint32_t)event->command.kind ||
                (envelope.kind == KG_KIND_QUERY && event->command.kind == KG_KIND_LINES_READ);
    if (!same || strcmp(envelope.organisation, event->actor) != 0)
        sim_fail("record %llu is not what was signed", (unsigned long long)record->sequence);
}

static kg_event *decode(const kg_journal_record *record)
{
    char error[300] = "";
    kg_event *event = kg_codec_event_decode(record->event, record->event_bytes,
                                            kg_state_catalogue(shadow.store.state), error);
    if (!event || !kg_replay_complete_event(event, error))
        sim_fail("record %llu cannot be read: %s", (unsigned long long)record->sequence, error);
    event->sequence = record->sequence;
    return event;
}

static void follow(uint64_t sequence)
{
    char why[300];
    kg_journal_record record;
    sim_journal_record(sequence, &record);
    if (!kg_record_chained(shadow.hash, &record, shadow.chain))
        sim_fail("record %llu does not follow the one before it", (unsigned long long)sequence);
    memcpy(shadow.chain, record.chain, sizeof shadow.chain);
    kg_event *event = decode(&record);
    check_command(&record, event);
    if (record.time_ms < shadow.store.last_time_ms)
        sim_fail("record %llu goes back in time", (unsigned long long)sequence);
    if (!kg_state_accepts(shadow.store.state, event, why))
        sim_fail("record %llu, %s, does not follow from those before it: %s",
                 (unsigned long long)sequence, kg_kind_name(event->command.kind), why);
    kg_state_apply(shadow.store.state, event, &shadow.effects);
    kg_effects_clear(&shadow.effects);
    kg_store_follow(&shadow.store, event);
    kg_journal_tree_add(shadow.store.tree, record.leaf);
    shadow.store.last_time_ms = record.time_ms;
    sim.counts.records[event->command.kind]++;
    sim_note("record %llu %s by %s", (unsigned long long)sequence,
             kg_kind_name(event->command.kind), event->actor);
    kg_event_destroy(&event);
    if (sequence % 64 == 0 && !invariants_hold(shadow.store.state, why))
        sim_fail("after record %llu: %s", (unsigned long long)sequence, why);
}

void sim_shadow_advance(uint64_t to)
{
    if (to > sim_journal_records())
        sim_fail("record %llu is spoken of, and is not durable", (unsigned long long)to);
    while (shadow.at < to)
        follow(++shadow.at);
}

uint64_t sim_shadow_at(void)
{
    return shadow.at;
}

const kg_store *sim_shadow(void)
{
    return &shadow.store;
}

void sim_shadow_compare(const kg_state *live)
{
    char ours[65], theirs[65], wrong[300];
    sim_shadow_advance(sim_journal_records());
    kg_store_state_hash(shadow.store.state, ours);
    kg_store_state_hash(live, theirs);
    sim_note("state %s", ours);
    if (strcmp(ours, theirs) != 0)
        sim_fail("the state after record %llu is not what follows from the journal",
                 (unsigned long long)shadow.at);
    if (!invariants_hold(live, wrong))
        sim_fail("after record %llu: %s", (unsigned long long)shadow.at, wrong);
}

kg_status sim_shadow_answer(const kg_asker *asker, const kg_query *query, const kg_config *config,
                            kg_date today, kg_buffer *out, char detail[static 600])
{
    kg_volume_live *volume = query->view == KG_VIEW_VOLUME ? kg_volume_live_new() : NULL;
    const kg_query_context context = {
        .version = KG_VERSION,
        .deployment = "",
        .head = shadow.at,
        .chain = "",
        .durability = "",
        .machine = "",
        .takes = "",
        .today = today,
        .volume = volume,
        .published = shadow.store.published,
        .disclosure_organisations_min = config->disclosure_organisations_min,
    };
    kg_status status =
        query->view == KG_VIEW_RESULT
            ? kg_result_view(shadow.store.state, asker, query, out, detail)
            : kg_query_answer(shadow.store.state, asker, query, &context, out, detail);
    if (volume)
        kg_volume_live_destroy(&volume);
    return status;
}

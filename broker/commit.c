/* SPDX-License-Identifier: EUPL-1.2 */
/* The core's half that deals with what has been decided: batches on their way to the disk, and who
 * waits for them. */
#include <stdlib.h>
#include <string.h>

#include "broker/clock.h"
#include "broker/core.h"
#include "broker/log.h"
#include "broker/tree_heads.h"
#include "proto/identity.h"

void kg_core_init(kg_core *core, const kg_config *config, kg_vitals *vitals)
{
    *core = (kg_core){.config = config, .vitals = vitals, .due_changed = true};
    core->open = kg_batch_new();
    core->volume = kg_volume_live_new();
    kg_effects_init(&core->effects);
}

static void destroy_list(kg_batch *batch)
{
    while (batch) {
        kg_batch *following = batch->following;
        kg_batch_destroy(&batch);
        batch = following;
    }
}

void kg_core_fini(kg_core *core)
{
    destroy_list(core->on_way);
    destroy_list(core->spare);
    kg_batch_destroy(&core->open);
    kg_volume_live_destroy(&core->volume);
    free(core->cosignatures);
    kg_effects_fini(&core->effects);
}

/* ---- what is staged ---- */

/* Whose keys or record the event changed, or NULL. */
static const char *whose_door(const kg_event *event)
{
    const kg_command *command = &event->command;
    if (command->kind == KG_KIND_REGISTER)
        return command->record.id;
    if (command->kind == KG_KIND_KEY_REVOKE && command->organisation)
        return command->organisation;
    return command->kind == KG_KIND_KEY_ADD || command->kind == KG_KIND_KEY_REVOKE ? event->actor
                                                                                   : NULL;
}

static void note_admission(kg_core *core, const kg_event *event)
{
    const kg_state *state = core->store.state;
    const kg_command *command = &event->command;
    const char *whose = whose_door(event);
    kg_admission admission = {.has_key = command->has_key, .key = command->key};
    if (!whose)
        return;
    const kg_member *member = kg_state_member(state, kg_state_find_member(state, whose));
    if (command->kind == KG_KIND_KEY_REVOKE) {
        admission.revoked = true;
        admission.key = kg_member_revoked(member, command->key.sign)->key;
    }
    admission.languages = member->record.languages;
    memcpy(admission.organisation, member->record.id, sizeof admission.organisation);
    kg_batch_add_admission(core->open, &admission);
}

uint64_t kg_core_head(const kg_core *core)
{
    const kg_batch *last = core->on_way_last;
    if (core->pursuit)
        return kg_journal_tree_size(core->store.tree);
    uint64_t sent = last ? last->records[last->records_count - 1].sequence
                         : kg_journal_head(core->store.journal);
    return sent + core->open->records_count;
}

void kg_core_note(kg_core *core, const kg_event *event, kg_effects_mark from)
{
    kg_kind kind = event->command.kind;
    const kg_state *state = core->store.state;
    kg_volume_live_follow(core->volume, state, kind, &core->effects, from);
    core->due_changed |= kind != KG_KIND_SUBMIT && kind != KG_KIND_WITHDRAW;
    if (kind == KG_KIND_CATALOGUE && core->gate)
        kg_gate_set_catalogue(core->gate, kg_state_catalogue(state));
    note_admission(core, event);
}

size_t kg_core_stage(kg_core *core, kg_event **event, uint8_t *message, size_t message_bytes,
                     const uint8_t request_key[KG_REQUEST_KEY_BYTES], kg_reply *reply)
{
    kg_event *decided = *event;
    kg_batch *batch = core->open;
    kg_buffer bytes;
    kg_journal_record record = {.command = message, .command_bytes = message_bytes};
    kg_buffer_init(&bytes);
    record.sequence = kg_core_head(core) + 1;
    record.time_ms = decided->time_ms;
    kg_salts_take(&core->salts, record.salt);
    memcpy(record.request_key, request_key, sizeof record.request_key);
    kg_codec_event_encode(decided, kg_state_catalogue(core->store.state), &bytes);
    decided->sequence = record.sequence;
    core->effects.result[0] = '\0';
    const kg_effects_mark from = kg_effects_now(&core->effects);
    kg_state_apply(core->store.state, decided, &core->effects);
    kg_store_follow(&core->store, decided);
    core->store.last_time_ms = record.time_ms;
    kg_text_format(reply->result, sizeof reply->result, "%s", core->effects.result);
    batch->withdrawals_only &= decided->command.kind == KG_KIND_WITHDRAW;
    kg_core_note(core, decided, from);
    size_t place = kg_batch_add_record(batch, &record, &bytes);
    batch->decided[place].kind = decided->command.kind;
    memcpy(batch->decided[place].actor, decided->actor, sizeof decided->actor);
    kg_event_destroy(event);
    return place;
}

/* ---- who waits ---- */

void kg_core_promise(const kg_caller *caller, const kg_reply *reply, kg_batch *batch,
                     size_t record)
{
    kg_waiter waiter = {.peer = caller->peer, .record = record};
    if (caller->peer.count == 0)
        return;
    memcpy(waiter.request_id, caller->request_id, KG_REQUEST_ID_BYTES);
    waiter.bytes = (uint8_t *)kg_strdup(reply->result);
    waiter.count = strlen(reply->result);
    kg_batch_add_waiter(batch, &waiter);
}

void kg_core_answer(kg_core *core, const kg_caller *caller, const kg_reply *reply)
{
    kg_waiter waiter = {.peer = caller->peer, .record = SIZE_MAX};
    kg_batch *last = core->open->records_count > 0 ? core->open : core->on_way_last;
    kg_buffer bytes;
    if (caller->peer.count == 0)
        return;
    kg_buffer_init(&bytes);
    kg_codec_reply_encode(reply, &bytes);
    waiter.bytes = (uint8_t *)bytes.bytes;
    waiter.count = bytes.count;
    if (last)
        kg_batch_add_waiter(last, &waiter);
    else
        kg_net_reply(core->net, &waiter.peer, waiter.bytes, waiter.count);
}

/* In place of its sentence the waiter of a record gets its whole reply. */
static void write_receipt(kg_core *core, const kg_batch *batch, kg_waiter *waiter)
{
    const kg_journal_record *record = &batch->records[waiter->record];
    kg_reply reply;
    kg_buffer bytes;
    kg_reply_init(&reply);
    kg_buffer_init(&bytes);
    memcpy(reply.request_id, waiter->request_id, KG_REQUEST_ID_BYTES);
    kg_text_format(reply.result, sizeof reply.result, "%s", (const char *)waiter->bytes);
    reply.has_receipt = true;
    reply.sequence = record->sequence;
    reply.time_ms = record->time_ms;
    memcpy(reply.chain, record->chain, sizeof reply.chain);
    memcpy(reply.event_digest, record->event_digest, sizeof reply.event_digest);
    reply.tree = *kg_tree_heads_now(core, KG_TREE_HEAD_ANY_AGE);
    kg_codec_reply_encode(&reply, &bytes);
    free(waiter->bytes);
    waiter->bytes = (uint8_t *)bytes.bytes;
    waiter->count = bytes.count;
    waiter->record = SIZE_MAX;
}

/* Leaves nothing to be freed. */
static void tell(kg_core *core, const kg_batch *batch, kg_waiter *waiter)
{
    if (waiter->record != SIZE_MAX)
        write_receipt(core, batch, waiter);
    kg_net_reply(core->net, &waiter->peer, waiter->bytes, waiter->count);
    waiter->bytes = NULL;
}

/* While the disk writes the open batch: what its waiters will be told, if it becomes durable. If it
 * does not, the core ends with it, and with the head that was signed. */
static void prepare_receipts(void *context)
{
    kg_core *core = context;
    kg_batch *batch = core->open;
    kg_tree_heads_follow(core, batch);
    for (size_t i = 0; i < batch->waiters_count; i++)
        if (batch->waiters[i].record != SIZE_MAX)
            write_receipt(core, batch, &batch->waiters[i]);
    if (core->net)
        kg_net_soon(core->net);
}

/* ---- durable ---- */

static void admit(kg_core *core, const kg_admission *admission)
{
    if (!core->net) /* what is decided before anything is served is let in when it begins */
        return;
    if (admission->revoked) {
        kg_net_dismiss(core->net, admission->key.transport);
        return;
    }
    kg_gate_admit(core->gate, admission->organisation,
                  admission->has_key ? admission->key.sign : NULL, admission->languages);
    if (admission->has_key)
        kg_net_admit(core->net, admission->key.transport, admission->organisation);
}

void kg_core_admit(kg_core *core, const kg_batch *batch)
{
    for (size_t i = 0; i < batch->admissions_count; i++)
        admit(core, &batch->admissions[i]);
}

void kg_core_hint(kg_core *core, const kg_batch *batch)
{
    kg_vitals_add(core->vitals, KG_VITAL_HINTS, batch->news_count);
    for (size_t i = 0; core->net && i < batch->news_count; i++)
        kg_net_hint(core->net, kg_state_member(core->store.state, batch->news[i].member)->id,
                    batch->news[i].number);
}

static void log_decided(const kg_batch *batch)
{
    for (size_t i = 0; i < batch->records_count; i++)
        kg_log(KG_LOG_INFO, "decided", "kind=%s organisation=%s sequence=%llu",
               kg_kind_name(batch->decided[i].kind), batch->decided[i].actor,
               (unsigned long long)batch->records[i].sequence);
}

/* Who hears of a key's registration may use it, so who is let in comes before anybody is told; who
 * waits is told before anything else. */
static void settle(kg_core *core, kg_batch *batch)
{
    const int64_t took_us = kg_clock_monotonic_us() - batch->sent_us;
    kg_core_admit(core, batch);
    for (size_t i = 0; i < batch->waiters_count; i++)
        tell(core, batch, &batch->waiters[i]);
    kg_core_hint(core, batch);
    kg_vitals_observe(core->vitals, KG_HISTOGRAM_BATCH_RECORDS, batch->records_count);
    kg_vitals_observe(core->vitals, KG_HISTOGRAM_COMMIT_US, (uint64_t)took_us);
    log_decided(batch);
}

static void note_result(void *context, kg_append_result result, uint64_t head)
{
    kg_batch *batch = context;
    (void)head;
    batch->done = true;
    batch->result = result;
    if (result != KG_APPEND_OK)
        kg_log(KG_LOG_ERROR, "commit-failed", "records=%zu error=\"%s\"", batch->records_count,
               kg_journal_error());
}

void kg_core_send_off(kg_core *core, bool here)
{
    kg_batch *batch = core->open;
    kg_journal *journal = core->store.journal;
    unsigned how = (batch->withdrawals_only ? KG_APPEND_RESERVE : 0) | (here ? KG_APPEND_HERE : 0);
    if (batch->records_count == 0)
        return;
    kg_batch_take_news(batch, core->store.state, &core->effects);
    kg_effects_clear(&core->effects);
    batch->sent_us = kg_clock_monotonic_us();
    kg_journal_set_meanwhile(journal, core->on_way ? NULL : prepare_receipts, core);
    kg_journal_append(journal, kg_journal_epoch(journal), kg_core_head(core) - batch->records_count,
                      batch->records, batch->records_count, how, note_result, batch);
    if (core->on_way_last)
        core->on_way_last->following = batch;
    else
        core->on_way = batch;
    core->on_way_last = batch;
    core->on_way_count++;
    core->open = core->spare ? core->spare : kg_batch_new();
    core->spare = core->spare ? core->spare->following : NULL;
    core->open->following = NULL;
    core->gathering.since_us = 0;
}

static void put_aside(kg_core *core)
{
    kg_batch *batch = core->on_way;
    core->on_way = batch->following;
    if (!core->on_way)
        core->on_way_last = NULL;
    core->on_way_count--;
    kg_batch_clear(batch);
    batch->following = core->spare;
    core->spare = batch;
}

/* Of all that came back together: they are told with one head. */
static void follow_tree(kg_core *core)
{
    kg_batch *batch = core->failed ? NULL : core->on_way;
    for (; batch && batch->done && batch->result == KG_APPEND_OK; batch = batch->following)
        kg_tree_heads_follow(core, batch);
}

bool kg_core_settle(kg_core *core, bool wait)
{
    kg_journal_reap(core->store.journal, wait);
    follow_tree(core);
    if (core->on_way && core->on_way->done) /* one commit, however many batches it held */
        kg_gathering_note(&core->gathering, kg_clock_monotonic_us() - core->on_way->sent_us);
    while (!core->failed && core->on_way && core->on_way->done) {
        core->failed = core->on_way->result != KG_APPEND_OK;
        if (!core->failed) {
            settle(core, core->on_way);
            put_aside(core);
        }
    }
    return !core->failed;
}

bool kg_core_commit(kg_core *core)
{
    kg_core_send_off(core, false);
    while (core->on_way && kg_core_settle(core, true))
        continue;
    return !core->failed;
}

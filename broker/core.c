/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/core.h"

#include <stdlib.h>
#include <string.h>

#include "broker/answer.h"
#include "broker/clock.h"
#include "broker/grouped.h"
#include "broker/log.h"
#include "broker/request.h"
#include "proto/identity.h"

#define IDLE_MS 1000 /* how long the core sleeps at most: then it looks at the date */
/* Read-only well before the journal itself refuses: a batch that it refused was applied already,
 * and would end the process. */
#define MAP_USED_PERCENT_MAX 85
#define ROOM_BYTES (256u << 20)

size_t kg_core_stage(kg_core *core, kg_event **event, const uint8_t *message,
                     size_t message_bytes,
                     const uint8_t request_key[KG_REQUEST_KEY_BYTES], kg_reply *reply)
{
    kg_event *decided = *event;
    kg_buffer bytes;
    kg_journal_record record = {.command = message, .command_bytes = message_bytes};
    kg_buffer_init(&bytes);
    record.sequence = kg_journal_head(core->store.journal) + core->batch.records_count + 1;
    record.time_ms = decided->time_ms;
    kg_random(record.salt, sizeof record.salt);
    memcpy(record.request_key, request_key, sizeof record.request_key);
    kg_codec_event_encode(decided, kg_state_catalogue(core->store.state), &bytes);
    decided->sequence = record.sequence;
    core->effects.result[0] = '\0';
    kg_state_apply(core->store.state, decided, &core->effects);
    kg_store_follow(&core->store, decided);
    if (decided->command.kind == KG_KIND_REGISTER && decided->command.has_key)
        kg_net_admit(core->net, decided->command.key.transport, decided->command.record.id);
    kg_text_format(reply->result, sizeof reply->result, "%s", core->effects.result);
    core->batch.withdrawals_only &= decided->command.kind == KG_KIND_WITHDRAW;
    kg_log(KG_LOG_INFO, "decided", "kind=%s organisation=%s sequence=%llu",
           kg_kind_name(decided->command.kind), decided->actor,
           (unsigned long long)record.sequence);
    kg_event_destroy(event);
    return kg_batch_add_record(&core->batch, &record, &bytes);
}

void kg_core_answer(kg_core *core, const kg_caller *caller, kg_reply *reply, size_t record)
{
    kg_batch_add_waiter(&core->batch, &caller->peer, reply, record);
}

static void send_reply(kg_core *core, const kg_peer *peer, const kg_reply *reply)
{
    kg_buffer bytes;
    if (peer->count == 0)
        return;
    kg_buffer_init(&bytes);
    kg_codec_reply_encode(reply, &bytes);
    kg_net_reply(core->net, peer, (uint8_t *)bytes.bytes, bytes.count);
}

static void answer_waiters(kg_core *core)
{
    for (size_t i = 0; i < core->batch.waiters_count; i++) {
        kg_waiter *waiter = &core->batch.waiters[i];
        if (waiter->record != SIZE_MAX) {
            const kg_journal_record *record = &core->batch.records[waiter->record];
            waiter->reply.has_receipt = true;
            waiter->reply.sequence = record->sequence;
            waiter->reply.time_ms = record->time_ms;
            memcpy(waiter->reply.chain, record->chain, sizeof waiter->reply.chain);
        }
        send_reply(core, &waiter->peer, &waiter->reply);
    }
}

static void answer_queries(kg_core *core)
{
    for (size_t i = 0; i < core->asked_count; i++) {
        kg_reply reply;
        kg_reply_init(&reply);
        memcpy(reply.request_id, core->asked[i].caller.request_id, KG_REQUEST_ID_BYTES);
        kg_answer_query(core, &core->asked[i], &reply);
        send_reply(core, &core->asked[i].caller.peer, &reply);
        kg_reply_fini(&reply);
        kg_query_fini(&core->asked[i].query);
    }
    core->asked_count = 0;
}

static void publish_hints(kg_core *core)
{
    for (size_t i = 0; i < core->effects.count; i++) {
        const kg_member *member = kg_state_member(core->store.state, core->effects.members[i]);
        kg_net_hint(core->net, member->record.id, member->feed.count);
    }
    kg_effects_clear(&core->effects);
}

static void note_result(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    ((kg_batch *)context)->result = result;
}

bool kg_core_commit(kg_core *core)
{
    kg_batch *batch = &core->batch;
    if (batch->records_count > 0) {
        kg_journal *journal = core->store.journal;
        batch->result = KG_APPEND_FAILED; /* until the journal says otherwise */
        kg_journal_append(journal, kg_journal_epoch(journal), kg_journal_head(journal),
                          batch->records, batch->records_count, batch->withdrawals_only,
                          note_result, batch);
        kg_journal_reap(journal, true);
        if (batch->result != KG_APPEND_OK) {
            kg_log(KG_LOG_ERROR, "commit-failed", "records=%zu error=\"%s\"",
                   batch->records_count, kg_journal_error());
            return false;
        }
        core->store.last_time_ms = batch->records[batch->records_count - 1].time_ms;
    }
    answer_waiters(core);
    answer_queries(core);
    publish_hints(core);
    kg_batch_clear(batch);
    return true;
}

/* Never before the last record: the journal's time does not go back when the clock does. */
static void read_clock(kg_core *core)
{
    core->now = kg_clock_now();
    if (core->now.time_ms < core->store.last_time_ms) {
        core->now.time_ms = core->store.last_time_ms;
        core->now.today = (kg_date)(core->now.time_ms / 86400000);
    }
}

static void look_at_room(kg_core *core)
{
    kg_journal_usage usage;
    kg_journal_usage_read(core->store.journal, &usage);
    uint64_t reserve = ((uint64_t)core->config->disk_reserve_mib << 20) + ROOM_BYTES;
    bool full = usage.used_bytes > usage.map_bytes / 100 * MAP_USED_PERCENT_MAX ||
                usage.disk_free_bytes < reserve;
    if (full != core->read_only)
        kg_log(full ? KG_LOG_WARNING : KG_LOG_INFO, full ? "read-only" : "read-write",
               "disk_free_mib=%llu map_used_mib=%llu",
               (unsigned long long)(usage.disk_free_bytes >> 20),
               (unsigned long long)(usage.used_bytes >> 20));
    core->read_only = full;
}

/* What the date asks next of the broker itself. */
static bool next_due(const kg_core *core, kg_command *command)
{
    const kg_config *config = core->config;
    if (kg_state_due(core->store.state, core->now, command))
        return true;
    if (!kg_state_publication_due(core->store.state, core->now, config->disclosure_days, command))
        return false;
    command->publication =
        (kg_publication){config->disclosure_organisations_min, config->disclosure_largest_percent,
                         config->disclosure_two_percent, config->disclosure_p_percent};
    return true;
}

static void decide_due(kg_core *core)
{
    static const uint8_t no_request[KG_REQUEST_KEY_BYTES];
    const kg_actor broker = {"", 0};
    const kg_caller nobody = {.organisation = ""};
    kg_command command;
    while (!core->pending && !kg_batch_full(&core->batch) &&
           next_due(core, &command)) {
        kg_decision decision;
        kg_reply reply;
        kg_reply_init(&reply);
        kg_decision_init(&decision);
        kg_state_check(core->store.state, &broker, &command, core->now, &decision);
        bool decided = decision.status == KG_STATUS_OK;
        if (!decided)
            kg_log(KG_LOG_ERROR, "due-refused", "kind=%s status=%s", kg_kind_name(command.kind),
                   kg_status_name(decision.status));
        else if (decision.job)
            kg_grouped_begin(core, &nobody, &command, &decision.job, NULL, 0, no_request);
        else
            kg_core_stage(core, &decision.event, NULL, 0, no_request, &reply);
        kg_reply_fini(&reply);
        kg_decision_fini(&decision);
        kg_command_fini(&command);
        if (!decided)
            break;
    }
}

static bool full(const kg_core *core)
{
    return kg_batch_full(&core->batch) ||
           core->batch.waiters_count + core->asked_count >= KG_BATCH_MAX;
}

bool kg_core_run(kg_core *core, const atomic_bool *stop)
{
    kg_net_message *messages = kg_alloc(KG_BATCH_MAX, sizeof *messages);
    bool good = true;
    while (good && !atomic_load(stop)) {
        size_t count = kg_net_receive(core->net, messages, KG_BATCH_MAX, IDLE_MS);
        read_clock(core);
        look_at_room(core);
        kg_grouped_finish(core);
        decide_due(core);
        for (size_t i = 0; i < count; i++) {
            if (good && full(core))
                good = kg_core_commit(core);
            if (good)
                kg_request_handle(core, &messages[i]);
            free(messages[i].bytes);
        }
        good = good && !core->failed && kg_core_commit(core);
    }
    free(messages);
    return good;
}

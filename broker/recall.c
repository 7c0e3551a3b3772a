/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/recall.h"

#include <string.h>

#include "broker/grouped.h"
#include "broker/journal/journal_record.h"
#include "broker/log.h"
#include "broker/tree_heads.h"

#define AGAIN KG_SAY("Sent before: this is the first receipt.")

typedef struct kg_recalling {
    const uint8_t *message;
    size_t message_bytes;
    kg_reply *reply;
    kg_core *core;
} kg_recalling;

static bool same(const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes)
{
    return a_bytes == b_bytes && memcmp(a, b, a_bytes) == 0;
}

static void refuse_reuse(kg_reply *reply)
{
    reply->status = KG_STATUS_REQUEST_ID_REUSED;
}

static bool give_receipt(void *context, const kg_journal_record *record)
{
    kg_recalling *recalling = context;
    kg_reply *reply = recalling->reply;
    if (!same(record->command, record->command_bytes, recalling->message,
              recalling->message_bytes)) {
        refuse_reuse(reply);
        return false;
    }
    reply->status = KG_STATUS_OK;
    reply->has_receipt = true;
    reply->sequence = record->sequence;
    reply->time_ms = record->time_ms;
    memcpy(reply->chain, record->chain, sizeof reply->chain);
    kg_sha256 *hash = kg_sha256_new();
    kg_record_event_digest(hash, record, reply->event_digest);
    kg_sha256_destroy(&hash);
    reply->tree = *kg_tree_heads_now(recalling->core, KG_TREE_HEAD_ANY_AGE);
    kg_text_format(reply->result, sizeof reply->result, AGAIN);
    return false;
}

static kg_recalled recall_journal(kg_core *core, uint64_t sequence, kg_recalling *recalling)
{
    if (kg_journal_follow(core->store.journal, sequence, false, give_receipt, recalling))
        return KG_RECALLED_REPLY;
    kg_log(KG_LOG_ERROR, "journal-failed", "sequence=%llu error=\"%s\"",
           (unsigned long long)sequence, kg_journal_error());
    core->failed = true;
    return KG_RECALLED_WAITING;
}

/* The batch that has it, of those that are not durable yet; NULL: none. */
static kg_batch *find_batch(kg_core *core, const uint8_t request_key[KG_REQUEST_KEY_BYTES],
                            size_t *place)
{
    kg_batch *batch = core->on_way;
    *place = kg_batch_find(core->open, request_key);
    if (*place != SIZE_MAX)
        return core->open;
    while (batch && (*place = kg_batch_find(batch, request_key)) == SIZE_MAX)
        batch = batch->following;
    return batch;
}

/* In a batch that is not durable yet: the same receipt as the first, once it is durable. */
static kg_recalled recall_batch(kg_batch *batch, size_t place, const kg_recalling *recalling,
                                const kg_caller *caller)
{
    const kg_journal_record *record = &batch->records[place];
    if (!same(record->command, record->command_bytes, recalling->message,
              recalling->message_bytes)) {
        refuse_reuse(recalling->reply);
        return KG_RECALLED_REPLY;
    }
    kg_text_format(recalling->reply->result, sizeof recalling->reply->result, AGAIN);
    kg_core_promise(caller, recalling->reply, batch, place);
    return KG_RECALLED_WAITING;
}

kg_recalled kg_recall(kg_core *core, const uint8_t request_key[KG_REQUEST_KEY_BYTES],
                      const uint8_t *message, size_t message_bytes, const kg_caller *caller,
                      kg_reply *reply)
{
    kg_recalling recalling = {message, message_bytes, reply, core};
    size_t place;
    kg_batch *batch = find_batch(core, request_key, &place);
    if (batch)
        return recall_batch(batch, place, &recalling, caller);
    kg_pending *pending = kg_grouped_find(core, request_key);
    if (pending && same(pending->message, pending->message_bytes, message, message_bytes)) {
        pending->caller.peer = caller->peer; /* it asks from a new connection */
        return KG_RECALLED_WAITING;
    }
    if (pending) {
        refuse_reuse(reply);
        return KG_RECALLED_REPLY;
    }
    uint64_t sequence = kg_journal_find(core->store.journal, request_key);
    return sequence ? recall_journal(core, sequence, &recalling) : KG_RECALLED_NOTHING;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/answer.h"

#include <string.h>

#include "broker/aside.h"
#include "broker/follower.h"
#include "broker/query/query.h"
#include "broker/result_view.h"
#include "broker/tree_heads.h"

static void give_page(kg_reply *reply, const kg_document *document, uint64_t offset)
{
    size_t left = document->count - (size_t)offset;
    reply->has_page = true;
    reply->document = document->id;
    reply->total_bytes = document->count;
    reply->offset = offset;
    reply->head = document->head;
    reply->page_bytes = left < KG_PAGE_BYTES_MAX ? left : KG_PAGE_BYTES_MAX;
    reply->page = kg_alloc(reply->page_bytes ? reply->page_bytes : 1, 1);
    memcpy(reply->page, document->bytes + offset, reply->page_bytes);
}

static kg_reader_key reader_of(const kg_caller *caller)
{
    kg_reader_key reader = {.roles = caller->roles};
    memcpy(reader.key_id, caller->key_id, sizeof reader.key_id);
    return reader;
}

void kg_answer_page(kg_core *core, const kg_caller *caller, const kg_page *page, kg_reply *reply)
{
    const kg_reader_key reader = reader_of(caller);
    const kg_document *document = kg_documents_find(&core->documents, &reader, page->document);
    if (document && page->offset <= document->count)
        give_page(reply, document, page->offset);
    else
        reply->status = KG_STATUS_DOCUMENT_GONE;
}

/* The head that is named is the last durable one: its chain value is known. */
static kg_query_context context_of(const kg_core *core, char chain[static 65])
{
    uint8_t bytes[KG_CHAIN_BYTES];
    kg_net_counts counts;
    kg_net_counts_read(core->net, &counts);
    if (core->pursuit)
        memcpy(bytes, core->store.chain, sizeof bytes);
    else
        kg_journal_chain(core->store.journal, bytes);
    kg_hex_write(bytes, sizeof bytes, chain);
    bool leads = core->pursuit == NULL;
    return (kg_query_context){
        .version = KG_VERSION,
        .deployment = core->store.deployment,
        .head = leads ? kg_journal_durable(core->store.journal) : kg_core_head(core),
        .chain = chain,
        .leads = leads,
        .epoch = leads ? kg_journal_epoch(core->store.journal) : kg_pursuit_epoch(core->pursuit),
        .started_ms = core->started_ms,
        .durability = kg_journal_durability(core->store.journal),
        .machine = core->machine,
        .doors_lost = counts.doors_lost,
        .takes = kg_room_takes(&core->room),
        .short_of = kg_room_short_of(&core->room),
        .today = core->now.today,
        .volume = core->volume,
        .published = core->store.published,
        .disclosure_organisations_min = core->config->disclosure_organisations_min,
    };
}

static kg_status write_answer(kg_core *core, const kg_asker *asker, const kg_query *query,
                              const kg_query_context *context, kg_buffer *out,
                              char detail[static 600])
{
    const kg_state *state = core->store.state;
    switch (query->view) {
    case KG_VIEW_RESULT:
        return kg_result_view(state, asker, query, out, detail);
    case KG_VIEW_TREE_HEAD:
    case KG_VIEW_INCLUSION:
    case KG_VIEW_CONSISTENCY:
        return kg_tree_heads_view(core, query, out);
    default:
        return kg_query_answer(state, asker, query, context, out, detail);
    }
}

/* Whoever was read can see so: the event is decided before the answer is made, and the answer waits
 * for it as for all that was decided by then. */
static kg_status note_reading(kg_core *core, const kg_asker *asker, kg_command *reading,
                              const kg_net_message *message)
{
    static const uint8_t no_request[KG_REQUEST_KEY_BYTES];
    const kg_actor actor = {asker->organisation, asker->roles};
    kg_decision decision;
    kg_reply unsaid;
    kg_reply_init(&unsaid);
    kg_decision_init(&decision);
    kg_state_check(core->store.state, &actor, reading, core->now, &decision);
    kg_status status = decision.status;
    if (status == KG_STATUS_OK) {
        uint8_t *question = kg_alloc(message->count, 1);
        memcpy(question, message->bytes, message->count);
        kg_core_stage(core, &decision.event, question, message->count, no_request, &unsaid);
    }
    kg_decision_fini(&decision);
    kg_reply_fini(&unsaid);
    return status;
}

/* What must be journalled first, or is known to the leader alone. */
static bool is_for_leader(const kg_query *query, bool reads)
{
    return reads || query->view == KG_VIEW_TREE_HEAD || query->view == KG_VIEW_INCLUSION ||
           query->view == KG_VIEW_CONSISTENCY;
}

/* Asks, and notes what must be noted; the text is empty unless the status is OK. */
static kg_status ask(kg_core *core, const kg_caller *caller, const kg_query *query,
                     const kg_query_context *context, const kg_net_message *message,
                     kg_buffer *text, char *detail)
{
    const kg_asker asker = {caller->organisation, caller->roles};
    kg_command reading;
    bool reads = kg_query_reads_lines(core->store.state, &asker, query, &reading);
    if (core->pursuit && is_for_leader(query, reads)) {
        if (reads)
            kg_command_fini(&reading);
        return KG_STATUS_NOT_LEADER;
    }
    if (reads && core->room.takes != KG_TAKES_ALL) {
        kg_command_fini(&reading);
        kg_text_format(detail, 600,
                       KG_SAY("Members' lines are not shown while the broker has too little room: "
                              "each reading is journalled."));
        return KG_STATUS_READ_ONLY;
    }
    kg_status status = write_answer(core, &asker, query, context, text, detail);
    if (reads && status == KG_STATUS_OK)
        status = note_reading(core, &asker, &reading, message);
    if (reads)
        kg_command_fini(&reading);
    return status;
}

bool kg_answer_query(kg_core *core, const kg_caller *caller, const kg_query *query,
                     const kg_net_message *message, kg_reply *reply)
{
    bool later = false;
    char chain[2 * KG_CHAIN_BYTES + 1];
    kg_query_context context = context_of(core, chain);
    context.later = kg_aside_full(core) ? NULL : &later;
    kg_buffer text;
    kg_buffer_init(&text);
    reply->status = ask(core, caller, query, &context, message, &text, reply->detail);
    if (reply->status == KG_STATUS_NOT_LEADER)
        kg_follower_refuse(core, reply);
    if (later || reply->status != KG_STATUS_OK) {
        kg_buffer_fini(&text);
        return !later;
    }
    const kg_reader_key reader = reader_of(caller);
    const kg_document *document =
        kg_documents_keep(&core->documents, &reader, text.bytes, text.count, kg_core_head(core));
    give_page(reply, document, 0);
    return true;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/request.h"

#include <stdlib.h>
#include <string.h>

#include "broker/access.h"
#include "broker/grouped.h"
#include "broker/log.h"
#include "broker/recall.h"
#include "proto/envelope.h"

#define EXPIRY_MS_MAX (24 * 3600 * 1000LL)

typedef struct kg_request {
    kg_core *core;
    const kg_net_message *message;
    kg_envelope envelope; /* borrows from the message */
    kg_caller caller;
    uint8_t request_key[KG_REQUEST_KEY_BYTES];
    kg_command command;   /* owned */
    kg_decision decision; /* owned */
    kg_reply reply;       /* owned */
    bool answered;        /* nothing more is to be said, or somebody else will */
} kg_request;

/* Each step returns whether the next one follows; if not, it has set the reply. */
typedef bool (*kg_step)(kg_request *request);

static bool refuse(kg_request *request, kg_status status, const char *detail)
{
    request->reply.status = status;
    kg_text_format(request->reply.detail, sizeof request->reply.detail, "%s", detail);
    return false;
}

static bool open_envelope(kg_request *request)
{
    const kg_net_message *message = request->message;
    kg_status status = kg_envelope_open(message->bytes, message->count, &request->envelope);
    memcpy(request->caller.request_id, request->envelope.request_id, KG_REQUEST_ID_BYTES);
    memcpy(request->reply.request_id, request->envelope.request_id, KG_REQUEST_ID_BYTES);
    if (status != KG_STATUS_OK)
        return refuse(request, status, "");
    char deployment[2 * KG_DEPLOYMENT_BYTES + 1];
    kg_hex_write(request->envelope.deployment, KG_DEPLOYMENT_BYTES, deployment);
    if (strcmp(deployment, request->core->store.deployment) != 0)
        return refuse(request, KG_STATUS_DEPLOYMENT, "");
    if (strcmp(request->envelope.organisation, message->organisation) != 0)
        return refuse(request, KG_STATUS_WRONG_ORGANISATION, "");
    kg_envelope_request_key(&request->envelope, request->request_key);
    return true;
}

static const kg_public_key *find_key(const kg_member *member, const uint8_t id[KG_KEY_ID_BYTES])
{
    uint8_t candidate[KG_KEY_ID_BYTES];
    for (size_t i = 0; i < member->keys_count; i++) {
        kg_key_id(member->keys[i].sign, candidate);
        if (memcmp(candidate, id, sizeof candidate) == 0)
            return &member->keys[i];
    }
    return NULL;
}

static bool authenticate(kg_request *request)
{
    const kg_state *state = request->core->store.state;
    uint32_t member = kg_state_find_member(state, request->envelope.organisation);
    if (member == KG_NONE)
        return refuse(request, KG_STATUS_NOT_ADMITTED, "");
    const kg_public_key *key =
        find_key(kg_state_member(state, member), request->envelope.key_id);
    if (!key)
        return refuse(request, KG_STATUS_UNKNOWN_KEY, "");
    if (!kg_envelope_signed_by(&request->envelope, key->sign))
        return refuse(request, KG_STATUS_SIGNATURE, "");
    kg_text_format(request->caller.organisation, sizeof request->caller.organisation, "%s",
                   request->envelope.organisation);
    memcpy(request->caller.key_id, request->envelope.key_id, KG_KEY_ID_BYTES);
    request->caller.roles = key->roles;
    return true;
}

static bool is_command(const kg_request *request)
{
    return request->envelope.kind != KG_KIND_QUERY && request->envelope.kind != KG_KIND_PAGE;
}

/* Sent again: the first receipt, once more. */
static bool recall(kg_request *request)
{
    if (!is_command(request))
        return true;
    kg_recalled recalled = kg_recall(request->core, request->request_key, request->message->bytes,
                                     request->message->count, &request->caller, &request->reply);
    request->answered = recalled == KG_RECALLED_WAITING;
    return recalled == KG_RECALLED_NOTHING;
}

static bool check_expiry(kg_request *request)
{
    int64_t now = request->core->now.time_ms, expires = request->envelope.expires_ms;
    if (expires < now)
        return refuse(request, KG_STATUS_EXPIRED, "");
    if (expires > now + EXPIRY_MS_MAX)
        return refuse(request, KG_STATUS_EXPIRED,
                      "The expiry lies more than a day ahead. Check the clock and send again.");
    return true;
}

static bool permit_command(kg_request *request)
{
    kg_kind kind = (kg_kind)request->envelope.kind;
    char allowed[100], detail[300];
    if (kg_access_command(request->caller.roles, kind))
        return true;
    if (!kg_kind_name(kind))
        return refuse(request, KG_STATUS_UNKNOWN_KIND, "");
    kg_access_allowed_command(kind, allowed);
    kg_text_format(detail, sizeof detail, "%s is for the role %s.", kg_kind_name(kind), allowed);
    return refuse(request, KG_STATUS_ROLE, detail);
}

static bool decode_command(kg_request *request)
{
    char detail[600] = "";
    kg_command_fini(&request->command);
    kg_status status = kg_codec_command_decode(
        request->envelope.kind, request->envelope.body, request->envelope.body_bytes,
        kg_state_catalogue(request->core->store.state), &request->command, detail);
    return status == KG_STATUS_OK || refuse(request, status, detail);
}

static bool admit_now(kg_request *request)
{
    char round[KG_ID_BYTES_MAX + 1];
    const char *concerned = kg_command_round(&request->command, round);
    if (request->core->read_only && request->command.kind != KG_KIND_WITHDRAW)
        return refuse(request, KG_STATUS_READ_ONLY, "");
    if (concerned && kg_grouped_busy(request->core, concerned))
        return refuse(request, KG_STATUS_ROUND_BUSY, "");
    return true;
}

static bool decide(kg_request *request)
{
    kg_core *core = request->core;
    kg_actor actor = {request->caller.organisation, request->caller.roles};
    kg_state_check(core->store.state, &actor, &request->command, core->now, &request->decision);
    if (request->decision.status == KG_STATUS_OK)
        return true;
    kg_reply_take_problems(&request->reply, &request->decision.problems);
    return refuse(request, request->decision.status, request->decision.detail);
}

static bool stage(kg_request *request)
{
    kg_core *core = request->core;
    if (request->decision.job) {
        kg_grouped_begin(core, &request->caller, &request->command, &request->decision.job,
                         request->message->bytes, request->message->count, request->request_key);
    } else {
        size_t record = kg_core_stage(core, &request->decision.event, request->message->bytes,
                                      request->message->count, request->request_key,
                                      &request->reply);
        kg_core_answer(core, &request->caller, &request->reply, record);
    }
    request->answered = true;
    return true;
}

static bool permit_query(kg_request *request, const kg_query *query)
{
    char allowed[100], detail[300];
    if (kg_access_view(request->caller.roles, query->view))
        return true;
    kg_access_allowed_view(query->view, allowed);
    kg_text_format(detail, sizeof detail, "This view is for the role %s.", allowed);
    return refuse(request, KG_STATUS_ROLE, detail);
}

/* Queries wait for the commit: nobody sees what is not durable. */
static bool defer_query(kg_request *request)
{
    kg_core *core = request->core;
    kg_asked *asked = &core->asked[core->asked_count];
    char detail[600] = "";
    *asked = (kg_asked){.caller = request->caller};
    asked->is_page = request->envelope.kind == KG_KIND_PAGE;
    kg_query_init(&asked->query, KG_VIEW_STATUS);
    const uint8_t *body = request->envelope.body;
    size_t count = request->envelope.body_bytes;
    kg_status status = asked->is_page
                           ? kg_codec_page_decode(body, count, &asked->page)
                           : kg_codec_query_decode(body, count, &asked->query, detail);
    bool good = status == KG_STATUS_OK ? asked->is_page || permit_query(request, &asked->query)
                                       : refuse(request, status, detail);
    if (!good) {
        kg_query_fini(&asked->query);
        return false;
    }
    core->asked_count++;
    request->answered = true;
    return true;
}

static bool walk(kg_request *request, const kg_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!steps[i](request))
            return false;
    return true;
}

static void log_refusal(const kg_request *request)
{
    const char *kind = kg_kind_name((kg_kind)request->envelope.kind);
    if (request->reply.status != KG_STATUS_OK)
        kg_log(KG_LOG_INFO, "refused", "organisation=%s kind=%s status=%s",
               request->message->organisation, kind ? kind : "?",
               kg_status_name(request->reply.status));
}

void kg_request_handle(kg_core *core, kg_net_message *message)
{
    static const kg_step entry[] = {open_envelope, authenticate, recall, check_expiry};
    static const kg_step command[] = {permit_command, decode_command, admit_now, decide, stage};
    static const kg_step query[] = {defer_query};
    kg_request request = {.core = core, .message = message, .caller = {.peer = message->peer}};
    kg_command_init(&request.command, KG_KIND_NONE);
    kg_decision_init(&request.decision);
    kg_reply_init(&request.reply);
    if (walk(&request, entry, sizeof entry / sizeof *entry)) {
        if (is_command(&request))
            walk(&request, command, sizeof command / sizeof *command);
        else
            walk(&request, query, sizeof query / sizeof *query);
    }
    log_refusal(&request);
    if (!request.answered)
        kg_core_answer(core, &request.caller, &request.reply, SIZE_MAX);
    kg_reply_fini(&request.reply);
    kg_decision_fini(&request.decision);
    kg_command_fini(&request.command);
    free(message->bytes);
    message->bytes = NULL;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/request.h"

#include <stdlib.h>
#include <string.h>

#include "broker/access.h"
#include "broker/answer.h"
#include "broker/aside.h"
#include "broker/follower.h"
#include "broker/grouped.h"
#include "broker/log.h"
#include "broker/recall.h"
#include "broker/tree_heads.h"

#define EXPIRY_MS_MAX (24 * 3600 * 1000LL)

typedef struct kg_request {
    kg_core *core;
    kg_net_message *message; /* its bytes are taken when a command is accepted */
    kg_arrival *arrival;
    kg_caller caller;
    kg_decision decision; /* owned */
    kg_reply reply;       /* owned */
    bool answered;        /* nothing more is to be said, or somebody else will */
    bool aside;           /* the message is kept, and handled again */
    bool behind;          /* so, too: when more was taken in */
    bool grouped;         /* its verdict comes after a grouping */
} kg_request;

/* Each step returns whether the next one follows; if not, it has set the reply. */
typedef bool (*kg_step)(kg_request *request);

static bool refuse(kg_request *request, kg_status status, const char *detail)
{
    request->reply.status = status;
    kg_text_format(request->reply.detail, sizeof request->reply.detail, "%s", detail);
    return false;
}

static bool pass_gate(kg_request *request)
{
    return request->arrival->status == KG_STATUS_OK ||
           refuse(request, request->arrival->status, "");
}

/* What the key may do is asked of the state, which may know of a change that the gate does not. A
 * key that was revoked is told so: who can sign with it was its holder, or has stolen it. */
static bool identify(kg_request *request)
{
    const kg_state *state = request->core->store.state;
    const kg_envelope *envelope = &request->arrival->envelope;
    kg_caller *caller = &request->caller;
    uint32_t index = kg_state_find_member(state, envelope->organisation);
    const kg_member *member = index == KG_NONE ? NULL : kg_state_member(state, index);
    const kg_public_key *key = member ? kg_member_key(member, request->arrival->sign) : NULL;
    if (!key)
        return refuse(request,
                      member && kg_member_revoked(member, request->arrival->sign)
                          ? KG_STATUS_KEY_REVOKED
                          : KG_STATUS_UNKNOWN_KEY,
                      "");
    kg_text_format(caller->organisation, sizeof caller->organisation, "%s",
                   envelope->organisation);
    memcpy(caller->key_id, envelope->key_id, KG_KEY_ID_BYTES);
    memcpy(caller->sign, key->sign, KG_KEY_BYTES);
    caller->roles = key->roles;
    return true;
}

/* Each answer says what it shows, or follows from. */
static bool note_head(kg_request *request)
{
    request->reply.head = kg_core_head(request->core);
    return true;
}

/* What changes anything is for who leads: the client takes the same bytes there. */
static bool lead_here(kg_request *request)
{
    if (!request->core->pursuit)
        return true;
    kg_follower_refuse(request->core, &request->reply);
    return false;
}

/* Whoever saw a record elsewhere is not shown the state before it. */
static bool be_recent(kg_request *request)
{
    kg_arrival *arrival = request->arrival;
    switch (kg_follower_recency(request->core, arrival, arrival->query.seen)) {
    case KG_RECENCY_WAIT:
        request->answered = request->behind = true;
        return false;
    case KG_RECENCY_BEHIND:
        return refuse(request, KG_STATUS_BEHIND, "");
    default:
        return true;
    }
}

/* Sent again: the first receipt, once more. */
static bool recall(kg_request *request)
{
    const kg_arrival *arrival = request->arrival;
    if (!kg_arrival_commands(arrival))
        return true;
    if (!lead_here(request))
        return false;
    kg_recalled recalled = kg_recall(request->core, arrival->request_key, request->message->bytes,
                                     request->message->count, &request->caller, &request->reply);
    request->answered = recalled == KG_RECALLED_WAITING;
    return recalled == KG_RECALLED_NOTHING;
}

/* By the clock, not by the journal's time: where that was once a month ahead, clients, whose
 * clocks are right, would be refused for a month. */
static bool check_expiry(kg_request *request)
{
    int64_t now = request->core->clock_ms, expires = request->arrival->envelope.expires_ms;
    if (expires < now)
        return refuse(request, KG_STATUS_EXPIRED, "");
    if (expires > now + EXPIRY_MS_MAX)
        return refuse(request, KG_STATUS_EXPIRED,
                      "The expiry lies more than a day ahead. Check the clock and send again.");
    return true;
}

static bool permit_command(kg_request *request)
{
    kg_kind kind = (kg_kind)request->arrival->envelope.kind;
    char allowed[100], detail[300];
    if (kg_access_command(request->caller.roles, kind))
        return true;
    if (!kg_kind_name(kind))
        return refuse(request, KG_STATUS_UNKNOWN_KIND, "");
    kg_access_allowed_command(kind, allowed);
    kg_text_format(detail, sizeof detail, KG_SAY("%s is for the role %s."), kg_kind_name(kind),
                   allowed);
    return refuse(request, KG_STATUS_ROLE, detail);
}

static bool can_be_read(kg_request *request)
{
    kg_gate_read_anew(request->core->gate, request->arrival);
    return request->arrival->read == KG_STATUS_OK ||
           refuse(request, request->arrival->read, request->arrival->detail);
}

static bool admit_now(kg_request *request)
{
    char round[KG_ID_BYTES_MAX + 1];
    const char *concerned = kg_command_round(&request->arrival->command, round);
    kg_takes takes = request->core->room.takes;
    if (takes == KG_TAKES_QUESTIONS)
        return refuse(request, KG_STATUS_READ_ONLY,
                      KG_SAY("The broker has no room left, not even for withdrawals: only "
                             "questions are answered. Nothing is lost; send it again when its "
                             "administrator has made room."));
    if (takes == KG_TAKES_WITHDRAWALS && request->arrival->command.kind != KG_KIND_WITHDRAW)
        return refuse(request, KG_STATUS_READ_ONLY, "");
    if (concerned && kg_grouped_busy(request->core, concerned))
        return refuse(request, KG_STATUS_ROUND_BUSY, "");
    return true;
}

static bool within_quota(kg_request *request)
{
    const kg_state *state = request->core->store.state;
    const kg_command *command = &request->arrival->command;
    size_t open, most = (size_t)request->core->config->lines_max;
    char detail[300];
    if (command->kind != KG_KIND_SUBMIT || most == 0 ||
        kg_state_lines_fit(state, kg_state_find_member(state, request->caller.organisation),
                           &command->submit, most, &open))
        return true;
    kg_text_format(
        detail, sizeof detail,
        KG_SAY("Your organisation has %zu open lines, and may have %zu. Withdraw what is no "
               "longer planned, or ask the administrator for more (lines_max)."),
        open, most);
    return refuse(request, KG_STATUS_LINES_MAX, detail);
}

static bool decide(kg_request *request)
{
    kg_core *core = request->core;
    kg_actor actor = {request->caller.organisation, request->caller.roles};
    kg_state_check(core->store.state, &actor, &request->arrival->command, core->now,
                   &request->decision);
    if (request->decision.status == KG_STATUS_OK)
        return true;
    kg_reply_take_problems(&request->reply, &request->decision.problems);
    return refuse(request, request->decision.status, request->decision.detail);
}

static bool stage(kg_request *request)
{
    kg_core *core = request->core;
    kg_net_message *message = request->message;
    const uint8_t *key = request->arrival->request_key;
    if (request->decision.job) {
        kg_grouped_begin(core, &request->caller, &request->arrival->command,
                         &request->decision.job, message->bytes, message->count, key);
        request->grouped = true;
    } else {
        size_t record = kg_core_stage(core, &request->decision.event, message->bytes,
                                      message->count, key, &request->reply);
        kg_core_promise(&request->caller, &request->reply, core->open, record);
    }
    message->bytes = NULL;
    request->answered = true;
    return true;
}

/* What is kept of a question must prove who asked. */
static bool be_signed(kg_request *request)
{
    const kg_arrival *arrival = request->arrival;
    bool kept = arrival->envelope.kind == KG_KIND_QUERY && kg_query_is_kept(&arrival->query);
    return !kept || !arrival->envelope.tagged || refuse(request, KG_STATUS_SIGNATURE, "");
}

static bool permit_query(kg_request *request)
{
    const kg_arrival *arrival = request->arrival;
    char allowed[100], detail[300];
    if (arrival->envelope.kind == KG_KIND_PAGE ||
        kg_access_view(request->caller.roles, arrival->query.view))
        return true;
    kg_access_allowed_view(arrival->query.view, allowed);
    kg_text_format(detail, sizeof detail, KG_SAY("This view is for the role %s."), allowed);
    return refuse(request, KG_STATUS_ROLE, detail);
}

static bool answer(kg_request *request)
{
    const kg_arrival *arrival = request->arrival;
    if (arrival->envelope.kind == KG_KIND_PAGE)
        kg_answer_page(request->core, &request->caller, &arrival->page, &request->reply);
    else if (!kg_answer_query(request->core, &request->caller, &arrival->query, request->message,
                              &request->reply))
        request->answered = request->aside = true;
    return true;
}

static bool cosign(kg_request *request)
{
    const kg_arrival *arrival = request->arrival;
    request->reply.status = kg_tree_heads_cosign(request->core, request->caller.organisation,
                                                 arrival->sign, &arrival->cosigned);
    return true;
}

static bool walk(kg_request *request, const kg_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!steps[i](request))
            return false;
    return true;
}

static void note_verdict(const kg_request *request)
{
    const kg_kind number = (kg_kind)request->arrival->envelope.kind;
    const char *kind = kg_kind_name(number);
    if (!request->aside && !request->behind && !request->grouped)
        kg_vitals_request(request->core->vitals, number, request->reply.status);
    if (request->reply.status != KG_STATUS_OK)
        kg_log(KG_LOG_INFO, "refused", "organisation=%s kind=%s status=%s",
               request->message->organisation, kind ? kind : "?",
               kg_status_name(request->reply.status));
}

void kg_request_handle(kg_core *core, kg_net_message *message)
{
    static const kg_step entry[] = {pass_gate, identify, note_head, recall, check_expiry};
    static const kg_step command[] = {permit_command, can_be_read, admit_now,
                                     within_quota, decide, stage};
    static const kg_step query[] = {can_be_read, be_signed, permit_query, be_recent, answer};
    static const kg_step cosigning[] = {permit_command, can_be_read, lead_here, cosign};
    kg_request request = {.core = core, .message = message, .arrival = message->prepared};
    request.caller.peer = message->peer;
    kg_decision_init(&request.decision);
    kg_reply_init(&request.reply);
    memcpy(request.caller.request_id, request.arrival->envelope.request_id, KG_REQUEST_ID_BYTES);
    memcpy(request.reply.request_id, request.arrival->envelope.request_id, KG_REQUEST_ID_BYTES);
    if (walk(&request, entry, sizeof entry / sizeof *entry)) {
        if (kg_arrival_commands(request.arrival))
            walk(&request, command, sizeof command / sizeof *command);
        else if (request.arrival->envelope.kind == KG_KIND_COSIGN)
            walk(&request, cosigning, sizeof cosigning / sizeof *cosigning);
        else
            walk(&request, query, sizeof query / sizeof *query);
    }
    note_verdict(&request);
    if (!request.answered)
        kg_core_answer(core, &request.caller, &request.reply);
    kg_reply_fini(&request.reply);
    kg_decision_fini(&request.decision);
    if (request.aside)
        kg_aside_put(core, message);
    if (request.behind)
        kg_follower_put(core, message);
    request.arrival = message->prepared;
    kg_arrival_destroy(&request.arrival);
    message->prepared = NULL;
    free(message->bytes);
    message->bytes = NULL;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouped.h"

#include <stdlib.h>
#include <string.h>

#include "broker/due.h"
#include "broker/log.h"

void kg_grouped_begin(kg_core *core, const kg_caller *caller, kg_command *command, kg_job **job,
                      uint8_t *message, size_t message_bytes,
                      const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    kg_pending *pending = kg_alloc(1, sizeof *pending);
    pending->caller = *caller;
    kg_command_round(command, pending->round);
    pending->command = *command;
    kg_command_init(command, KG_KIND_NONE);
    pending->message = message;
    pending->message_bytes = message_bytes;
    memcpy(pending->request_key, request_key, KG_REQUEST_KEY_BYTES);
    pending->next = core->pending;
    core->pending = pending;
    kg_work *work = kg_alloc(1, sizeof *work);
    work->job = *job;
    work->context = pending;
    *job = NULL;
    kg_log(KG_LOG_INFO, "grouping-begun", "round=%s lines=%zu", pending->round,
           kg_job_lines(work->job));
    kg_worker_give(core->worker, work);
}

bool kg_grouped_busy(const kg_core *core, const char *round)
{
    for (const kg_pending *pending = core->pending; pending; pending = pending->next)
        if (strcmp(pending->round, round) == 0)
            return true;
    return false;
}

kg_pending *kg_grouped_find(kg_core *core, const uint8_t request_key[KG_REQUEST_KEY_BYTES])
{
    for (kg_pending *pending = core->pending; pending; pending = pending->next)
        if (pending->caller.peer.count > 0 &&
            memcmp(pending->request_key, request_key, KG_REQUEST_KEY_BYTES) == 0)
            return pending;
    return NULL;
}

static void forget(kg_core *core, kg_pending *pending)
{
    kg_pending **link = &core->pending;
    while (*link != pending)
        link = &(*link)->next;
    *link = pending->next;
    kg_command_fini(&pending->command);
    free(pending->message);
    free(pending);
}

static void answer(kg_core *core, kg_pending *pending, kg_decision *decision)
{
    kg_reply reply;
    kg_reply_init(&reply);
    memcpy(reply.request_id, pending->caller.request_id, KG_REQUEST_ID_BYTES);
    reply.status = decision->status;
    kg_text_format(reply.detail, sizeof reply.detail, "%s", decision->detail);
    if (pending->caller.peer.count > 0)
        kg_vitals_request(core->vitals, pending->command.kind, reply.status);
    if (decision->event) {
        size_t record = kg_core_stage(core, &decision->event, pending->message,
                                      pending->message_bytes, pending->request_key, &reply);
        pending->message = NULL;
        kg_core_promise(&pending->caller, &reply, core->open, record);
    } else if (pending->caller.peer.count > 0) {
        kg_core_answer(core, &pending->caller, &reply);
    } else {
        kg_due_refused(core, pending->round, pending->command.kind, reply.status);
    }
    kg_reply_fini(&reply);
}

/* Is the key that signed the command still one of its organisation's? */
static bool still_signs(const kg_core *core, const kg_caller *caller)
{
    const kg_state *state = core->store.state;
    return caller->organisation[0] == '\0' ||
           kg_member_key(kg_state_member(state, kg_state_find_member(state, caller->organisation)),
                         caller->sign);
}

static void finish(kg_core *core, kg_work *work)
{
    kg_pending *pending = work->context;
    kg_actor actor = {pending->caller.organisation, pending->caller.roles};
    kg_decision decision;
    kg_decision_init(&decision);
    kg_log(KG_LOG_INFO, "grouping-ended", "round=%s lots=%zu ms=%lld", pending->round,
           work->outcome->lots_count, (long long)work->took_ms);
    if (core->room.takes != KG_TAKES_ALL)
        decision.status = KG_STATUS_READ_ONLY;
    else if (!still_signs(core, &pending->caller))
        decision.status = KG_STATUS_KEY_REVOKED;
    else
        kg_state_decide(core->store.state, &actor, &pending->command, core->now, work->job,
                        &work->outcome, work->ruleset, work->input_digest, &decision);
    answer(core, pending, &decision);
    forget(core, pending);
    kg_decision_fini(&decision);
}

void kg_grouped_finish(kg_core *core)
{
    kg_work *work;
    while (!kg_batch_crowded(core->open) && (work = kg_worker_take(core->worker)) != NULL) {
        finish(core, work);
        kg_work_destroy(&work);
    }
}

void kg_grouped_drop(kg_core *core)
{
    while (core->pending)
        forget(core, core->pending);
}

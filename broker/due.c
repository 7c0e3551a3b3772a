/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/due.h"

#include "broker/clock.h"
#include "broker/grouped.h"
#include "broker/log.h"

#define AGAIN_MS 60000 /* until what was refused is tried again */

void kg_due_refused(kg_core *core, const char *round, kg_kind kind, kg_status status)
{
    core->due_again_ms = kg_clock_monotonic_ms() + AGAIN_MS;
    kg_log(KG_LOG_ERROR, "due-refused", "round=%s kind=%s status=%s", round ? round : "-",
           kg_kind_name(kind), kg_status_name(status));
}

static void decide(kg_core *core, kg_command *command)
{
    static const uint8_t no_request[KG_REQUEST_KEY_BYTES];
    const kg_actor broker = {"", 0};
    const kg_caller nobody = {.organisation = ""};
    kg_decision decision;
    kg_reply reply;
    kg_reply_init(&reply);
    kg_decision_init(&decision);
    kg_state_check(core->store.state, &broker, command, core->now, &decision);
    if (decision.status != KG_STATUS_OK)
        kg_due_refused(core, command->round, command->kind, decision.status);
    else if (decision.job)
        kg_grouped_begin(core, &nobody, command, &decision.job, NULL, 0, no_request);
    else
        kg_core_stage(core, &decision.event, NULL, 0, no_request, &reply);
    kg_reply_fini(&reply);
    kg_decision_fini(&decision);
}

/* A version of the volume for readers. */
static bool publication_is_due(const kg_core *core, kg_command *command)
{
    const kg_config *config = core->config;
    if (!kg_state_publication_due(core->store.state, core->now, config->disclosure_days, command))
        return false;
    command->publication =
        (kg_publication){config->disclosure_organisations_min, config->disclosure_largest_percent,
                         config->disclosure_two_percent, config->disclosure_p_percent};
    return true;
}

static bool is_time(const kg_core *core)
{
    return core->due_changed || core->due_today != core->now.today ||
           (core->due_again_ms && kg_clock_monotonic_ms() >= core->due_again_ms);
}

void kg_due_decide(kg_core *core)
{
    kg_command command;
    size_t walk = 0;
    if (core->room.takes != KG_TAKES_ALL || kg_batch_crowded(core->open) || !is_time(core))
        return;
    core->due_changed = false; /* staging sets it: what was decided may ask for more */
    core->due_again_ms = 0;
    core->due_today = core->now.today;
    while (kg_state_due(core->store.state, core->now, &walk, &command)) {
        if (kg_batch_crowded(core->open))
            core->due_changed = true;
        else if (!kg_grouped_busy(core, command.round))
            decide(core, &command);
        kg_command_fini(&command);
    }
    if (kg_batch_crowded(core->open) || !publication_is_due(core, &command))
        return;
    decide(core, &command);
    kg_command_fini(&command);
}

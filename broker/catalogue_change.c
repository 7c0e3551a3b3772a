/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/catalogue_change.h"

#include <string.h>

#include "broker/log.h"

static bool decide(kg_core *core, kg_command *command, kg_catalogue **catalogue)
{
    static const uint8_t no_request[KG_REQUEST_KEY_BYTES];
    kg_decision decision;
    kg_reply reply;
    kg_decision_init(&decision);
    kg_reply_init(&reply);
    kg_state_check_catalogue(core->store.state, command, catalogue, core->now, &decision);
    bool good = decision.event != NULL;
    if (good)
        (void)kg_core_stage(core, &decision.event, NULL, 0, no_request, &reply);
    else
        kg_log(KG_LOG_ERROR, "catalogue-refused", "status=%s detail=\"%s\"",
               kg_status_name(decision.status), decision.detail);
    kg_reply_fini(&reply);
    kg_decision_fini(&decision);
    return good;
}

bool kg_catalogue_change(kg_core *core, const char *text, kg_catalogue **catalogue)
{
    const char *present = kg_state_catalogue_text(core->store.state);
    if (present && strcmp(present, text) == 0)
        return true;
    kg_core_read_clock(core);
    kg_command command;
    kg_command_init(&command, KG_KIND_CATALOGUE);
    command.catalogue = kg_arena_text(&command.arena, text, strlen(text));
    bool good = decide(core, &command, catalogue) && kg_core_commit(core);
    kg_command_fini(&command);
    return good;
}

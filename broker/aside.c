/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/aside.h"

#include <stdlib.h>

#include "broker/gate.h"
#include "broker/request.h"
#include "proto/memory.h"

#define ASIDE_MAX 1024
#define LINES_AT_A_TIME 16384 /* about ten milliseconds */

bool kg_aside_full(const kg_core *core)
{
    return core->aside_count == ASIDE_MAX;
}

void kg_aside_put(kg_core *core, kg_net_message *message)
{
    core->aside = kg_grow(core->aside, core->aside_count, &core->aside_capacity,
                          sizeof *core->aside);
    core->aside[core->aside_count++] = *message;
    message->bytes = NULL;
    message->prepared = NULL;
}

/* One may be put aside again: what it asked for had to make place. */
static void handle_all(kg_core *core)
{
    kg_net_message *messages = core->aside;
    size_t count = core->aside_count;
    core->aside = NULL;
    core->aside_count = core->aside_capacity = 0;
    for (size_t i = 0; i < count; i++)
        kg_request_handle(core, &messages[i]);
    free(messages);
}

bool kg_aside_work(kg_core *core)
{
    if (kg_volume_live_work(core->volume, core->store.state, LINES_AT_A_TIME))
        return true;
    if (core->aside_count > 0)
        handle_all(core);
    return core->aside_count > 0;
}

void kg_aside_drop(kg_core *core)
{
    for (size_t i = 0; i < core->aside_count; i++) {
        kg_arrival *arrival = core->aside[i].prepared;
        kg_arrival_destroy(&arrival);
        free(core->aside[i].bytes);
    }
    free(core->aside);
    core->aside = NULL;
    core->aside_count = core->aside_capacity = 0;
}

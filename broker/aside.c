/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/aside.h"

#define ASIDE_MAX 1024
#define LINES_AT_A_TIME 16384 /* about ten milliseconds */

bool kg_aside_full(const kg_core *core)
{
    return core->aside.count == ASIDE_MAX;
}

void kg_aside_put(kg_core *core, kg_net_message *message)
{
    kg_waiting_put(&core->aside, message);
}

bool kg_aside_work(kg_core *core)
{
    if (kg_volume_live_work(core->volume, core->store.state, LINES_AT_A_TIME))
        return true;
    if (core->aside.count > 0) /* one may come back: what it asked for had to make place */
        kg_waiting_handle(&core->aside, core);
    return core->aside.count > 0;
}

void kg_aside_drop(kg_core *core)
{
    kg_waiting_drop(&core->aside);
}

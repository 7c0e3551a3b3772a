/* SPDX-License-Identifier: EUPL-1.2 */
/* A coordinator is shown members' lines: of its own rounds, once they are claimed. */
#include "broker/domain/check.h"

void kg_check_lines_read(kg_check *check)
{
    uint32_t index;
    if (check->command->lot) {
        if (kg_check_own_lot(check, &index))
            kg_accept(check);
        return;
    }
    if (!kg_check_round(check, false, &index))
        return;
    const kg_campaign *campaign = check->state->campaigns[index];
    if (campaign->state < KG_ROUND_CLOSED)
        kg_refuse_round_state(check, campaign, "closed");
    else
        kg_accept(check);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Published versions of the volume: when they are due, and that they were made. */
#include "broker/domain/apply.h"
#include "broker/domain/check.h"

#define MONDAY 3 /* days from a Monday to 1970-01-01 */

static int64_t period_of(kg_date date, int days)
{
    return ((int64_t)date + MONDAY) / days;
}

bool kg_state_publication_due(const kg_state *state, kg_moment now, int days, kg_command *out)
{
    const kg_publishing *publishing = &state->publishing;
    bool due = publishing->round_closed ||
               period_of(now.today, days) > period_of(publishing->date, days);
    if (!publishing->has_reader || !due)
        return false;
    kg_command_init(out, KG_KIND_VOLUME_PUBLISH);
    return true;
}

void kg_check_volume_publish(kg_check *check)
{
    kg_accept(check);
}

void kg_apply_volume_publish(kg_apply *apply)
{
    kg_publishing *publishing = &apply->state->publishing;
    publishing->number++;
    publishing->date = apply->event->today;
    publishing->round_closed = false;
    kg_apply_result(apply, "Version %u of the volume is published.", publishing->number);
}

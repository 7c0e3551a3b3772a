/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/event.h"

#include <stdlib.h>

kg_event *kg_event_new(kg_kind kind)
{
    kg_event *event = kg_alloc(1, sizeof *event);
    kg_command_init(&event->command, kind);
    event->today = KG_DATE_NONE;
    return event;
}

void kg_event_destroy(kg_event **event)
{
    kg_event *e = *event;
    if (!e)
        return;
    kg_command_fini(&e->command);
    free(e->lines);
    kg_catalogue_destroy(&e->catalogue);
    kg_outcome_destroy(&e->outcome);
    free(e);
    *event = NULL;
}

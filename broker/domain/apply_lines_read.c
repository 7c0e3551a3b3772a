/* SPDX-License-Identifier: EUPL-1.2 */
/* Members' lines were shown to their coordinator. Each read counts for every organisation whose
 * lines were shown; their feeds tell of the first on a day, so that whoever asks often fills no
 * feed. */
#include "broker/domain/apply.h"

typedef struct kg_reading {
    kg_apply *apply;
    kg_campaign *campaign;
    const kg_lot *lot; /* NULL: the whole round */
    bool told;         /* on this day already */
} kg_reading;

static void note(const kg_reading *reading, kg_claimed_body *body)
{
    const kg_event *event = reading->apply->event;
    const kg_member *member = reading->apply->state->members[body->member];
    if (strcmp(member->id, event->actor) == 0)
        return; /* its own */
    body->reads++;
    body->read_ms = event->time_ms;
    if (!reading->told)
        kg_tell(reading->apply, body->member, KG_FEED_LINES_READ,
                (kg_about){.round = reading->campaign->rules.id,
                           .lot = reading->lot ? reading->lot->id : NULL,
                           .detail = reading->campaign->coordinator});
}

static void note_lot(const kg_reading *reading)
{
    const kg_state *state = reading->apply->state;
    kg_campaign *campaign = reading->campaign;
    for (size_t i = 0; i < reading->lot->members_count; i++) {
        if (!kg_lot_first_of_body(state, reading->lot, i))
            continue;
        const kg_claimed_body *body =
            kg_campaign_body(state, campaign, kg_lot_body(state, reading->lot, i));
        note(reading, &campaign->bodies[body - campaign->bodies]);
    }
}

void kg_apply_lines_read(kg_apply *apply)
{
    kg_state *state = apply->state;
    const kg_command *command = &apply->event->command;
    kg_lot *lot = command->lot ? state->lots[kg_state_find_lot(state, command->lot)] : NULL;
    kg_campaign *campaign =
        state->campaigns[lot ? lot->campaign : kg_state_find_campaign(state, command->round)];
    kg_date *day = lot ? &lot->read_day : &campaign->read_day;
    const kg_reading reading = {apply, campaign, lot, *day == apply->event->today};
    *day = apply->event->today;
    if (lot)
        note_lot(&reading);
    for (size_t i = 0; !lot && i < campaign->bodies_count; i++)
        note(&reading, &campaign->bodies[i]);
    kg_apply_result(apply, "Lines of %s were shown to %s.", lot ? lot->id : campaign->rules.id,
                    campaign->coordinator);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"
#include "broker/grouping/frame.h"
#include "broker/grouping/support.h"

const char *kg_lot_state_name(kg_lot_state state)
{
    static const char *const names[] = {"proposed", "confirming", "confirmed", "launched",
                                        "awarded",  "exhausted",  "expired",   "failed"};
    return names[state];
}

void kg_lot_remaining(const kg_lot *lot, int64_t *quantity, int64_t *value_cents)
{
    *quantity = lot->counted ? lot->shape.quantity_max - lot->called_off_quantity : -1;
    *value_cents = lot->shape.value_max_cents - lot->called_off_value_cents;
}

static bool is_live(kg_lot_state state)
{
    return state == KG_LOT_CONFIRMED || state == KG_LOT_LAUNCHED;
}

void kg_lot_enter(kg_state *state, kg_lot *lot, kg_lot_state next)
{
    kg_campaign *campaign = state->campaigns[lot->campaign];
    campaign->lots_live += is_live(next);
    campaign->lots_live -= is_live(lot->state);
    lot->state = next;
}

uint32_t kg_lot_body(const kg_state *state, const kg_lot *lot, size_t at)
{
    const kg_campaign *campaign = state->campaigns[lot->campaign];
    return state->pool.lines.member[campaign->claims[lot->members[at]].pool_line];
}

bool kg_lot_first_of_body(const kg_state *state, const kg_lot *lot, size_t at)
{
    return at == 0 || !kg_claims_same_body(state->campaigns[lot->campaign], lot->members[at - 1],
                                           lot->members[at]);
}

size_t kg_lot_find(const kg_state *state, const kg_lot *lot, uint32_t member, size_t at)
{
    while (at < lot->members_count && kg_lot_body(state, lot, at) != member)
        at++;
    return at;
}

/* The lot's members as an input of grouping: organisations numbered from 0. */
typedef struct kg_lot_input {
    kg_grouping_input input;
    kg_demand *demands; /* owned */
    kg_body *bodies;    /* owned */
    uint32_t *members;  /* owned; 0, 1, 2 ... */
    uint32_t *of_body;  /* owned; the state's member behind an organisation number */
    uint32_t bodies_count;
} kg_lot_input;

static void input_init(kg_lot_input *in, const kg_state *state, const kg_lot *lot)
{
    const kg_campaign *campaign = state->campaigns[lot->campaign];
    size_t count = lot->members_count;
    *in = (kg_lot_input){.demands = kg_alloc(count, sizeof *in->demands),
                         .bodies = kg_alloc(count, sizeof *in->bodies),
                         .members = kg_alloc(count, sizeof *in->members),
                         .of_body = kg_alloc(count, sizeof *in->of_body)};
    for (size_t i = 0; i < count; i++) {
        if (kg_lot_first_of_body(state, lot, i)) {
            uint32_t member = kg_lot_body(state, lot, i);
            const kg_organisation *record = &state->members[member]->record;
            in->of_body[in->bodies_count] = member;
            in->bodies[in->bodies_count++] =
                (kg_body){record->can_lead, record->languages, record->central};
        }
        in->members[i] = (uint32_t)i;
        in->demands[i] = kg_demand_of(&campaign->claims[lot->members[i]].line, state->catalogue,
                                      in->bodies_count - 1);
    }
    in->input = (kg_grouping_input){.catalogue = state->catalogue,
                                    .round = &campaign->rules,
                                    .lines = in->demands,
                                    .lines_count = count,
                                    .bodies = in->bodies};
}

static void input_fini(kg_lot_input *in)
{
    free(in->demands);
    free(in->bodies);
    free(in->members);
    free(in->of_body);
}

static void sum_up(kg_grouped_lot *shape, kg_frame *frame, const kg_lot_input *in)
{
    const kg_fixed_lot fixed = {.condition = shape->condition,
                                .track = shape->track,
                                .language = shape->language,
                                .x = shape->x};
    kg_frame_init_fixed(frame, in->input.round, &fixed);
    for (size_t i = 0; i < in->input.lines_count; i++)
        kg_frame_add(frame, &in->demands[i], in->input.round);
    shape->from = frame->from;
    shape->to = frame->to;
    shape->quantity_min = frame->quantity_min;
    shape->quantity = frame->quantity;
    shape->quantity_max = frame->quantity_max;
    shape->value_cents = frame->value_cents;
    shape->value_max_cents = frame->value_max_cents;
    shape->bodies = in->bodies_count;
}

static void support(kg_grouped_lot *shape, const kg_frame *frame, const kg_lot_input *in)
{
    shape->members_first = 0;
    shape->members_count = (uint32_t)in->input.lines_count;
    const kg_solved_bucket bucket = {.input = &in->input,
                                     .lines = in->members,
                                     .lines_count = in->input.lines_count,
                                     .lots = shape,
                                     .frames = frame,
                                     .lots_count = 1,
                                     .members = in->members};
    kg_support_lot(&bucket, 0, shape);
    if (shape->lead != KG_NO_ORGANISATION)
        shape->lead = in->of_body[shape->lead];
}

bool kg_lot_all_counted(const kg_state *state, const kg_lot *lot)
{
    const kg_campaign *campaign = state->campaigns[lot->campaign];
    for (size_t i = 0; i < lot->members_count; i++)
        if (!campaign->claims[lot->members[i]].line.has_quantity)
            return false;
    return lot->members_count > 0;
}

void kg_lot_reshape(const kg_state *state, kg_lot *lot)
{
    kg_lot_input in;
    input_init(&in, state, lot);
    kg_frame frame;
    sum_up(&lot->shape, &frame, &in);
    support(&lot->shape, &frame, &in);
    lot->counted = kg_lot_all_counted(state, lot);
    lot->read_day = 0;
    input_fini(&in);
}

bool kg_call_off_value(const kg_lot *lot, const kg_command *command, int64_t *value_cents)
{
    *value_cents = command->value_cents;
    return *value_cents >= 0 ||
           !__builtin_mul_overflow(command->quantity, lot->award.unit_price_cents, value_cents);
}

void kg_lot_destroy(kg_lot **lot)
{
    kg_lot *l = *lot;
    free(l->members);
    free(l->curve);
    free(l->reason);
    free(l->award.supplier);
    free(l->award.evidence);
    free(l->call_offs);
    kg_lot_drop_offers(l);
    free(l);
    *lot = NULL;
}

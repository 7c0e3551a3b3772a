/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/joint.h"

#include <stdlib.h>
#include <string.h>

#include "broker/grouping/support.h"

static const kg_campaign *campaign_of(const kg_asking *asking, const kg_joint *joint)
{
    return kg_state_campaign(asking->state, joint->campaign);
}

void kg_joint_add_sums(const kg_asking *asking, const kg_joint *joint, json_t *out)
{
    int64_t quantity = 0, quantity_max = 0;
    kg_int128 value = 0, value_max = 0;
    for (size_t i = 0; i < joint->lots_count; i++) {
        const kg_grouped_lot *shape = &kg_state_lot(asking->state, joint->lots[i])->shape;
        quantity += shape->quantity;
        quantity_max += shape->quantity_max;
        value += shape->value_cents;
        value_max += shape->value_max_cents;
    }
    json_object_set_new(out, "quantity", json_integer(quantity));
    json_object_set_new(out, "quantity_max", json_integer(quantity_max));
    json_object_set_new(out, "value", kg_json_money(value));
    json_object_set_new(out, "value_max", kg_json_money(value_max));
}

/* What a member brings at maximum. */
static int64_t brings(const kg_asking *asking, const kg_joint *joint, const char *organisation)
{
    const kg_campaign *campaign = campaign_of(asking, joint);
    int64_t value_max = 0;
    for (size_t i = 0; i < joint->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(asking->state, joint->lots[i]);
        for (size_t j = 0; j < lot->members_count; j++) {
            const kg_plan_line *line = &campaign->claims[lot->members[j]].line;
            if (strcmp(line->organisation, organisation) == 0)
                value_max += line->value_max_cents;
        }
    }
    return value_max;
}

static bool brings_ceiling(const kg_asking *asking, const kg_joint *joint, const char *organisation)
{
    const kg_campaign *campaign = campaign_of(asking, joint);
    for (size_t i = 0; i < joint->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(asking->state, joint->lots[i]);
        for (size_t j = 0; j < lot->members_count; j++) {
            const kg_plan_line *line = &campaign->claims[lot->members[j]].line;
            if (kg_plan_line_counts_ceiling(line) && strcmp(line->organisation, organisation) == 0)
                return true;
        }
    }
    return false;
}

typedef struct kg_joint_members {
    uint32_t *members; /* owned; indices, each once */
    size_t count;
} kg_joint_members;

static void add_member(kg_joint_members *members, uint32_t member)
{
    for (size_t i = 0; i < members->count; i++)
        if (members->members[i] == member)
            return;
    members->members[members->count++] = member;
}

static kg_joint_members members_of(const kg_asking *asking, const kg_joint *joint)
{
    const kg_campaign *campaign = campaign_of(asking, joint);
    size_t all = kg_state_members(asking->state);
    kg_joint_members out = {kg_alloc(all ? all : 1, sizeof *out.members), 0};
    for (size_t i = 0; i < joint->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(asking->state, joint->lots[i]);
        for (size_t j = 0; j < lot->members_count; j++) {
            const kg_claim *claim = &campaign->claims[lot->members[j]];
            add_member(&out, kg_state_columns(asking->state).member[claim->pool_line]);
        }
    }
    return out;
}

static json_t *regime_of(const kg_asking *asking, const kg_joint *joint, const int *central,
                         size_t count, int64_t value_max)
{
    return kg_json_regime(kg_support_regime(kg_state_catalogue(asking->state), joint->day,
                                            central, count, value_max));
}

static json_t *alone(const kg_asking *asking, const kg_joint *joint, uint32_t member)
{
    const kg_organisation *record = &kg_state_member(asking->state, member)->record;
    int central = record->central;
    int64_t value_max = brings(asking, joint, record->id);
    json_t *row =
        json_pack("{s:s,s:o}", "organisation", record->id, "name", kg_json_text(record->name));
    bool own = strcmp(record->id, asking->asker->organisation) == 0;
    if (own || kg_asking_coordinates(asking, campaign_of(asking, joint))) {
        json_object_set_new(row, "value_max",
                            own || !brings_ceiling(asking, joint, record->id)
                                ? kg_json_money(value_max)
                                : json_null());
        json_object_set_new(row, "regime_alone",
                            regime_of(asking, joint, &central, 1, value_max));
    }
    return row;
}

static int64_t together(const kg_asking *asking, const kg_joint *joint)
{
    int64_t value_max = 0;
    for (size_t i = 0; i < joint->lots_count; i++)
        value_max += kg_state_lot(asking->state, joint->lots[i])->shape.value_max_cents;
    return value_max;
}

/* Members' names are for all from the confirmation on; before, a member sees itself. */
static bool may_see_row(const kg_asking *asking, const kg_joint *joint, uint32_t member)
{
    return member == asking->member ||
           kg_asking_coordinates(asking, campaign_of(asking, joint)) ||
           campaign_of(asking, joint)->state >= KG_ROUND_CONFIRMING;
}

void kg_joint_add_regime(const kg_asking *asking, const kg_joint *joint, json_t *out)
{
    kg_joint_members members = members_of(asking, joint);
    int *central = kg_alloc(members.count ? members.count : 1, sizeof *central);
    json_t *rows = json_array();
    for (size_t i = 0; i < members.count; i++) {
        central[i] = kg_state_member(asking->state, members.members[i])->record.central;
        if (may_see_row(asking, joint, members.members[i]))
            json_array_append_new(rows, alone(asking, joint, members.members[i]));
    }
    json_object_set_new(out, "regime", regime_of(asking, joint, central, members.count,
                                                 together(asking, joint)));
    json_object_set_new(out, "alone", rows);
    free(central);
    free(members.members);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/nearest.h"

#include "broker/grouping/change.h"
#include "broker/grouping/join.h"

/* The best lot so far. */
typedef struct candidate {
    uint32_t lot;
    int rules;
    unsigned breaks;
    uint64_t cost;
    kg_change change;
} candidate;

static const struct {
    unsigned breaks;
    kg_reason reason;
} reasons[] = {
    {KG_BREAKS_CONDITION, KG_REASON_CONDITION}, {KG_BREAKS_LANGUAGE, KG_REASON_LANGUAGE},
    {KG_BREAKS_CRITERION, KG_REASON_CRITERION}, {KG_BREAKS_WINDOW, KG_REASON_WINDOW},
    {KG_BREAKS_CAP, KG_REASON_ABOVE_CAP},
};

static void weigh(const kg_solved_bucket *bucket, uint32_t lot, const kg_demand *line,
                  candidate *best)
{
    const kg_frame *frame = &bucket->frames[lot];
    const kg_round *round = bucket->input->round;
    unsigned breaks;
    int rules = kg_join_rules(frame, line, round, best->rules, &breaks);
    if (rules > best->rules)
        return;
    if (rules < best->rules)
        *best = (candidate){.lot = lot, .rules = rules, .breaks = breaks,
                            .cost = KG_CHANGE_COST_NONE,
                            .change = {.field = KG_CHANGE_NONE, .place = -1}};
    /* With two rules broken no single change can do. */
    if (rules != 1)
        return;
    kg_change change = kg_change_propose(frame, line, round, breaks);
    uint64_t cost = kg_change_cost(&change, line);
    if (cost >= best->cost || !kg_change_holds(&change, frame, line, round))
        return;
    *best = (candidate){.lot = lot, .rules = 1, .breaks = breaks, .cost = cost, .change = change};
}

static uint32_t blocking_of(unsigned breaks)
{
    uint32_t blocking = 0;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (breaks & reasons[i].breaks)
            blocking |= 1u << reasons[i].reason;
    return blocking ? blocking : 1u << KG_REASON_BEATEN;
}

void kg_nearest_explain(const kg_solved_bucket *bucket, const kg_demand *line, kg_unplaced *out)
{
    kg_demand cut = *line;
    kg_demand_window(line, bucket->input->round, &cut.from, &cut.to);
    candidate best = {.rules = INT32_MAX};
    for (uint32_t i = 0; i < bucket->lots_count && best.rules > 0; i++)
        weigh(bucket, i, &cut, &best);
    out->blocking = blocking_of(best.breaks);
    out->reason = (kg_reason)__builtin_ctz(out->blocking);
    out->nearest_lot = best.lot;
    out->change = best.change;
}

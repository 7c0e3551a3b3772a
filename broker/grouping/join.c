/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/join.h"

kg_levels kg_join_x(const kg_frame *lot, const kg_demand *line)
{
    if (lot->fixed)
        return lot->x_fixed;
    bool leads = line->track == KG_TRACK_KOPGROEP;
    kg_levels x = lot->kopgroep || leads ? lot->lo_kopgroep : lot->lo;
    if (leads || !lot->kopgroep)
        kg_levels_raise(&x, &line->lo);
    return x;
}

static unsigned plain_breaks(const kg_frame *lot, const kg_demand *line, const kg_round *round)
{
    unsigned breaks = 0;
    if (!(lot->conditions & line->conditions))
        breaks |= KG_BREAKS_CONDITION;
    if (!(lot->languages & line->languages))
        breaks |= KG_BREAKS_LANGUAGE;
    int64_t from = lot->from > line->from ? lot->from : line->from;
    int64_t to = lot->to < line->to ? lot->to : line->to;
    if (to - from + 1 < round->window_days_min)
        breaks |= KG_BREAKS_WINDOW;
    /* Turned round, since the sum may leave the range. */
    if (round->value_max_cents > 0 &&
        lot->value_max_cents > round->value_max_cents - line->value_max_cents)
        breaks |= KG_BREAKS_CAP;
    return breaks;
}

/* A kopgroep line is never in a peloton lot, and a lot that stands keeps its track. */
static bool track_broken(const kg_frame *lot, const kg_demand *line)
{
    return lot->fixed_peloton && line->track == KG_TRACK_KOPGROEP;
}

static int criteria_broken(const kg_frame *lot, const kg_demand *line)
{
    kg_levels x = kg_join_x(lot, line), lo = lot->lo, hi = lot->hi;
    kg_levels_raise(&lo, &line->lo);
    kg_levels_lower(&hi, &line->hi);
    uint8_t broken = 0;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        broken = (uint8_t)(broken + ((lo.rank[i] > x.rank[i]) | (x.rank[i] > hi.rank[i])));
    return broken;
}

int kg_join_rules(const kg_frame *lot, const kg_demand *line, const kg_round *round, int limit,
                  unsigned *breaks)
{
    *breaks = plain_breaks(lot, line, round);
    int rules = __builtin_popcount(*breaks);
    if (rules > limit)
        return rules;
    int broken = criteria_broken(lot, line) + track_broken(lot, line);
    if (broken)
        *breaks |= KG_BREAKS_CRITERION;
    return rules + broken;
}

int kg_join_place(const kg_frame *lot, const kg_demand *line)
{
    kg_levels x = kg_join_x(lot, line), lo = lot->lo, hi = lot->hi;
    kg_levels_raise(&lo, &line->lo);
    kg_levels_lower(&hi, &line->hi);
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        if (lo.rank[i] > x.rank[i] || x.rank[i] > hi.rank[i])
            return i;
    return -1;
}

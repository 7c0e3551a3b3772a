/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/change.h"

#include <stdlib.h>

#include "broker/grouping/join.h"

static const kg_change none = {.field = KG_CHANGE_NONE, .place = -1};

/* Earlier and later delivery stand together in DESIGN's order: the days decide. */
static uint64_t kind(kg_change_field field)
{
    return field == KG_CHANGE_DELIVERY_TO ? KG_CHANGE_DELIVERY_FROM : field;
}

static int64_t distance(const kg_change *change, const kg_demand *line)
{
    switch (change->field) {
    case KG_CHANGE_ACCEPTS:
        return abs(change->rank - line->hi.rank[change->place]);
    case KG_CHANGE_DELIVERY_FROM:
        return (int64_t)line->from - change->date;
    case KG_CHANGE_DELIVERY_TO:
        return (int64_t)change->date - line->to;
    case KG_CHANGE_CRITERIA:
        return abs(change->rank - line->lo.rank[change->place]);
    default:
        return 0;
    }
}

uint64_t kg_change_cost(const kg_change *change, const kg_demand *line)
{
    if (change->field == KG_CHANGE_NONE)
        return KG_CHANGE_COST_NONE;
    return kind(change->field) << 40 | (uint64_t)distance(change, line);
}

void kg_change_apply(const kg_change *change, kg_demand *line)
{
    switch (change->field) {
    case KG_CHANGE_ACCEPTS:
        line->hi.rank[change->place] = change->rank;
        break;
    case KG_CHANGE_DELIVERY_FROM:
        line->from = change->date;
        break;
    case KG_CHANGE_DELIVERY_TO:
        line->to = change->date;
        break;
    case KG_CHANGE_LANGUAGES:
        line->languages = change->languages;
        break;
    case KG_CHANGE_CONDITION:
        line->conditions = change->conditions;
        break;
    case KG_CHANGE_CRITERIA:
        line->lo.rank[change->place] = change->rank;
        break;
    case KG_CHANGE_NONE:
        break;
    }
}

bool kg_change_holds(const kg_change *change, const kg_frame *lot, const kg_demand *line,
                     const kg_round *round)
{
    kg_demand changed = *line;
    kg_frame joined = *lot;
    kg_change_apply(change, &changed);
    kg_frame_add(&joined, &changed, round);
    return kg_levels_within(&changed.lo, &changed.hi) && !kg_frame_breaks(&joined, round, NULL);
}

static kg_change propose_window(const kg_frame *lot, const kg_demand *line, const kg_round *round)
{
    int64_t days = round->window_days_min - 1;
    int64_t from = (lot->to < line->to ? lot->to : line->to) - days;
    int64_t to = (lot->from > line->from ? lot->from : line->from) + days;
    bool earlier = from >= lot->from, later = to <= lot->to;
    if (earlier && (!later || line->from - from <= to - line->to))
        return (kg_change){.field = KG_CHANGE_DELIVERY_FROM, .place = -1, .date = (kg_date)from};
    if (later)
        return (kg_change){.field = KG_CHANGE_DELIVERY_TO, .place = -1, .date = (kg_date)to};
    return none;
}

/* A lower requirement, or a higher one where the line would lead a lot of more ambitious peloton
 * lines: the nearest rank of those with which rule 4 holds on this criterion. */
static kg_change propose_criteria(const kg_frame *lot, const kg_demand *line, int place,
                                  uint8_t x)
{
    bool leads = line->track == KG_TRACK_KOPGROEP;
    bool moves_x = !lot->fixed && (leads || !lot->kopgroep);
    uint8_t others = leads ? lot->lo_kopgroep.rank[place] : lot->lo.rank[place];
    uint8_t lowest = 0, highest = line->hi.rank[place];
    uint8_t limit = moves_x ? lot->hi.rank[place] : x;
    highest = limit < highest ? limit : highest;
    if (moves_x && others < lot->lo.rank[place])
        lowest = lot->lo.rank[place];
    uint8_t lo = line->lo.rank[place];
    if (lowest > highest || (lo >= lowest && lo <= highest))
        return none;
    return (kg_change){.field = KG_CHANGE_CRITERIA, .place = place,
                       .rank = lo < lowest ? lowest : highest};
}

static kg_change propose_levels(const kg_frame *lot, const kg_demand *line)
{
    int place = kg_join_place(lot, line);
    if (place < 0)
        return none;
    kg_levels levels = kg_join_x(lot, line);
    uint8_t x = levels.rank[place];
    if (x > line->hi.rank[place] && x <= lot->hi.rank[place] && x >= lot->lo.rank[place])
        return (kg_change){.field = KG_CHANGE_ACCEPTS, .place = place, .rank = x};
    return propose_criteria(lot, line, place, x);
}

kg_change kg_change_propose(const kg_frame *lot, const kg_demand *line, const kg_round *round,
                            unsigned breaks)
{
    switch (breaks) {
    case KG_BREAKS_CONDITION:
        return (kg_change){.field = KG_CHANGE_CONDITION, .place = -1,
                           .conditions = KG_CONDITION_EITHER};
    case KG_BREAKS_LANGUAGE:
        if (!lot->languages)
            return none;
        return (kg_change){.field = KG_CHANGE_LANGUAGES, .place = -1,
                           .languages = line->languages |
                                        (kg_languages)1 << kg_languages_first(lot->languages)};
    case KG_BREAKS_WINDOW:
        return propose_window(lot, line, round);
    case KG_BREAKS_CRITERION:
        return propose_levels(lot, line);
    default:
        return none;
    }
}

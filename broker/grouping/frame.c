/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/frame.h"

/* A sum of many large values stops at the end of the range instead of turning negative. */
static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

void kg_frame_init(kg_frame *frame, const kg_round *round)
{
    memset(frame, 0, sizeof *frame);
    frame->conditions = KG_CONDITION_EITHER;
    frame->languages = ~(kg_languages)0;
    frame->hi = kg_levels_fill(KG_LEVEL_ANY);
    frame->from = round->delivery_from;
    frame->to = round->delivery_to == KG_DATE_NONE ? INT32_MAX : round->delivery_to;
}

void kg_frame_init_fixed(kg_frame *frame, const kg_round *round, const kg_fixed_lot *lot)
{
    kg_frame_init(frame, round);
    frame->conditions = lot->condition;
    frame->languages = (kg_languages)1 << lot->language;
    frame->fixed = true;
    frame->kopgroep = lot->track == KG_TRACK_KOPGROEP;
    frame->fixed_peloton = !frame->kopgroep;
    frame->x_fixed = lot->x;
}

void kg_frame_add(kg_frame *frame, const kg_demand *line, const kg_round *round)
{
    kg_date from, to;
    kg_demand_window(line, round, &from, &to);
    frame->from = from > frame->from ? from : frame->from;
    frame->to = to < frame->to ? to : frame->to;
    frame->conditions &= line->conditions;
    frame->languages &= line->languages;
    kg_levels_raise(&frame->lo, &line->lo);
    kg_levels_lower(&frame->hi, &line->hi);
    if (line->track == KG_TRACK_KOPGROEP) {
        kg_levels_raise(&frame->lo_kopgroep, &line->lo);
        frame->kopgroep = true;
    }
    frame->quantity_min = add(frame->quantity_min, line->quantity_min);
    frame->quantity = add(frame->quantity, line->quantity);
    frame->quantity_max = add(frame->quantity_max, line->quantity_max);
    frame->value_cents = add(frame->value_cents, line->value_cents);
    frame->value_max_cents = add(frame->value_max_cents, line->value_max_cents);
    frame->lines++;
}

const kg_levels *kg_frame_x(const kg_frame *frame)
{
    if (frame->fixed)
        return &frame->x_fixed;
    return frame->kopgroep ? &frame->lo_kopgroep : &frame->lo;
}

int kg_frame_days(const kg_frame *frame)
{
    int64_t days = (int64_t)frame->to - frame->from + 1;
    if (days < 0)
        return 0;
    return days > INT32_MAX ? INT32_MAX : (int)days;
}

static int criteria_broken_of(const kg_frame *frame)
{
    const kg_levels *x = kg_frame_x(frame);
    int broken = 0;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        broken += frame->lo.rank[i] > x->rank[i] || x->rank[i] > frame->hi.rank[i];
    return broken;
}

unsigned kg_frame_breaks(const kg_frame *frame, const kg_round *round, int *criteria_broken)
{
    int broken = criteria_broken_of(frame);
    /* A kopgroep line is never in a peloton lot, and a lot that stands keeps its track. */
    broken += frame->fixed_peloton && frame->kopgroep;
    if (criteria_broken)
        *criteria_broken = broken;
    unsigned breaks = broken ? KG_BREAKS_CRITERION : 0;
    if (!frame->conditions)
        breaks |= KG_BREAKS_CONDITION;
    if (!frame->languages)
        breaks |= KG_BREAKS_LANGUAGE;
    if (kg_frame_days(frame) < round->window_days_min)
        breaks |= KG_BREAKS_WINDOW;
    if (round->value_max_cents > 0 && frame->value_max_cents > round->value_max_cents)
        breaks |= KG_BREAKS_CAP;
    return breaks;
}

void kg_demand_window(const kg_demand *line, const kg_round *round, kg_date *from, kg_date *to)
{
    kg_date last = round->delivery_to == KG_DATE_NONE ? INT32_MAX : round->delivery_to;
    *from = line->from > round->delivery_from ? line->from : round->delivery_from;
    *to = line->to < last ? line->to : last;
}

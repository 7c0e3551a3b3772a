/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/support.h"

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static const kg_demand *member(const kg_solved_bucket *bucket, const kg_grouped_lot *lot,
                               uint32_t i)
{
    return &bucket->input->lines[bucket->members[lot->members_first + i]];
}

static kg_levels headroom_of(const kg_catalogue *catalogue, const kg_grouped_lot *lot,
                             const kg_frame *frame)
{
    kg_levels out = lot->x;
    int count = kg_category_criteria(catalogue, lot->category);
    for (int i = 0; i < count; i++) {
        int top = kg_category_criterion(catalogue, lot->category, i)->levels_count - 1;
        uint8_t highest = frame->hi.rank[i] < top ? frame->hi.rank[i] : (uint8_t)top;
        if (highest > out.rank[i])
            out.rank[i] = highest;
    }
    return out;
}

static bool can_lead(const kg_body *body, int language)
{
    return body->can_lead && (body->languages >> language & 1);
}

/* Members go by organisation, so an organisation's lines stand together. */
static uint32_t lead_of(const kg_solved_bucket *bucket, const kg_grouped_lot *lot)
{
    const kg_body *bodies = bucket->input->bodies;
    uint32_t lead = KG_NO_ORGANISATION;
    int64_t most = -1;
    for (uint32_t i = 0; bodies && i < lot->members_count;) {
        uint32_t organisation = member(bucket, lot, i)->organisation;
        int64_t value = 0;
        for (; i < lot->members_count && member(bucket, lot, i)->organisation == organisation; i++)
            value = add(value, member(bucket, lot, i)->value_cents);
        if (value > most && can_lead(&bodies[organisation], lot->language)) {
            lead = organisation;
            most = value;
        }
    }
    return lead;
}

static kg_regime regime_of(const kg_solved_bucket *bucket, const kg_grouped_lot *lot)
{
    const kg_grouping_input *input = bucket->input;
    const kg_round *round = input->round;
    kg_date day = round->award_by != KG_DATE_NONE ? round->award_by : round->delivery_from;
    int types[2];
    size_t count = 0;
    if (!input->bodies)
        types[count++] = -1;
    for (uint32_t i = 0; input->bodies && i < lot->members_count && count < 2; i++) {
        int central = input->bodies[member(bucket, lot, i)->organisation].central;
        if (count == 0 || types[0] != central)
            types[count++] = central;
    }
    return kg_support_regime(input->catalogue, day, types, count, lot->value_max_cents);
}

void kg_support_lot(const kg_solved_bucket *bucket, size_t lot, kg_grouped_lot *out)
{
    const kg_grouped_lot *of = &bucket->lots[lot];
    kg_levels headroom = headroom_of(bucket->input->catalogue, of, &bucket->frames[lot]);
    uint32_t lead = lead_of(bucket, of);
    kg_regime regime = regime_of(bucket, of);
    out->headroom = headroom;
    out->lead = lead;
    out->regime = regime;
}

/* A curve while it is drawn. */
typedef struct curve {
    kg_levels x[KG_CATEGORY_CRITERIA_MAX + 1];
    uint32_t last[KG_CATEGORY_CRITERIA_MAX + 1]; /* organisation counted last at each point */
    kg_levels lowest; /* one rank lower on every criterion: who refuses that joins nowhere */
    kg_curve_point *points;
    size_t count;
} curve;

static void add_point(curve *c, const kg_grouped_lot *lot, int place)
{
    kg_levels *x = &c->x[c->count];
    *x = lot->x;
    if (place >= 0)
        x->rank[place]--;
    c->last[c->count] = KG_NO_ORGANISATION;
    c->points[c->count++] = (kg_curve_point){.place = place, .bodies = lot->bodies,
                                             .value_cents = lot->value_cents};
}

static void start_curve(curve *c, const kg_grouped_lot *lot, kg_curve_point *out)
{
    c->points = out;
    c->count = 0;
    c->lowest = lot->x;
    add_point(c, lot, -1);
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++) {
        if (lot->x.rank[i] == 0)
            continue;
        c->lowest.rank[i]--;
        add_point(c, lot, i);
    }
}

/* Whether the line could join the lot but for its levels. */
static bool could_join(const kg_grouped_lot *lot, const kg_demand *line, const kg_round *round)
{
    kg_date from, to;
    kg_demand_window(line, round, &from, &to);
    from = from > lot->from ? from : lot->from;
    to = to < lot->to ? to : lot->to;
    return (line->conditions & lot->condition) && (line->languages >> lot->language & 1) &&
           (int64_t)to - from + 1 >= round->window_days_min;
}

static void draw_line(curve *c, const kg_demand *line, bool member_body)
{
    for (size_t i = 0; i < c->count; i++) {
        if (!kg_levels_within(&line->lo, &c->x[i]) || !kg_levels_within(&c->x[i], &line->hi))
            continue;
        c->points[i].value_cents = add(c->points[i].value_cents, line->value_cents);
        c->points[i].bodies += !member_body && c->last[i] != line->organisation;
        c->last[i] = line->organisation;
    }
}

size_t kg_support_curve(const kg_solved_bucket *bucket, size_t lot, kg_curve_point *out)
{
    const kg_grouping_input *input = bucket->input;
    const kg_grouped_lot *of = &bucket->lots[lot];
    if (of->track != KG_TRACK_KOPGROEP)
        return 0;
    curve c;
    start_curve(&c, of, out);
    uint32_t next = 0; /* first member whose organisation is not before the line's */
    for (size_t i = 0; i < bucket->unplaced_count; i++) {
        const kg_demand *line = &input->lines[bucket->unplaced[i]];
        if (!could_join(of, line, input->round) || !kg_levels_within(&line->lo, &of->x) ||
            !kg_levels_within(&c.lowest, &line->hi))
            continue;
        while (next < of->members_count &&
               member(bucket, of, next)->organisation < line->organisation)
            next++;
        bool member_body = next < of->members_count &&
                           member(bucket, of, next)->organisation == line->organisation;
        draw_line(&c, line, member_body);
    }
    return c.count;
}

int64_t kg_support_threshold(const kg_catalogue *catalogue, kg_date day, const int *central,
                             size_t count)
{
    int64_t lowest = -1;
    for (size_t i = 0; i < count; i++) {
        int64_t value = kg_catalogue_threshold(catalogue, central[i], day);
        if (value >= 0 && (lowest < 0 || value < lowest))
            lowest = value;
    }
    return lowest;
}

kg_regime kg_support_regime(const kg_catalogue *catalogue, kg_date day, const int *central,
                            size_t count, int64_t value_max_cents)
{
    int64_t lowest = kg_support_threshold(catalogue, day, central, count);
    if (lowest < 0)
        return KG_REGIME_UNKNOWN;
    return value_max_cents >= lowest ? KG_REGIME_EU : KG_REGIME_NATIONAL;
}

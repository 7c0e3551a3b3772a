/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/lotless.h"

#include <stdlib.h>

#include "broker/grouping/frame.h"

/* The filters, in their order; each holds the ones before it. */
enum { CONDITION, LANGUAGE, CRITERION, WINDOW, FILTERS };

static const kg_reason filter_reasons[FILTERS] = {KG_REASON_CONDITION, KG_REASON_LANGUAGE,
                                                  KG_REASON_CRITERION, KG_REASON_WINDOW};

/* Organisations, quantity and value of some lines. */
typedef struct sums {
    int64_t bodies, quantity, value_cents;
} sums;

/* What the filters ask of a line, close together: every line is passed many times. */
typedef struct entry {
    kg_levels lo, hi;
    kg_languages languages;
    kg_date from, to; /* cut to the round's period */
    uint32_t organisation;
    uint8_t conditions, track;
    int64_t quantity, value_cents;
} entry;

struct kg_lotless {
    const kg_round *round; /* borrowed */
    entry *entries;        /* owned; the bucket's lines, ascending, so by organisation */
    sums *rest;            /* owned; of this line and all after it */
    size_t count;
};

/* What passing the lines for one of them has found so far. */
typedef struct tally {
    int64_t bodies[FILTERS]; /* that have a line left after each filter */
    uint32_t last[FILTERS];  /* organisation seen last */
    int64_t quantity, value_cents;
} tally;

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static entry entry_of(const kg_demand *line, const kg_round *round)
{
    entry out = {.lo = line->lo,
                 .hi = line->hi,
                 .languages = line->languages,
                 .organisation = line->organisation,
                 .conditions = line->conditions,
                 .track = line->track,
                 .quantity = line->quantity,
                 .value_cents = line->value_cents};
    kg_demand_window(line, round, &out.from, &out.to);
    return out;
}

kg_lotless *kg_lotless_new(const kg_solved_bucket *bucket)
{
    kg_lotless *lotless = kg_alloc(1, sizeof *lotless);
    lotless->round = bucket->input->round;
    lotless->count = bucket->lines_count;
    lotless->entries = kg_alloc(lotless->count, sizeof *lotless->entries);
    lotless->rest = kg_alloc(lotless->count + 1, sizeof *lotless->rest);
    for (size_t i = lotless->count; i-- > 0;) {
        entry *e = &lotless->entries[i];
        *e = entry_of(&bucket->input->lines[bucket->lines[i]], lotless->round);
        const sums *after = &lotless->rest[i + 1];
        bool last = i + 1 == lotless->count || e->organisation != e[1].organisation;
        lotless->rest[i] = (sums){.bodies = after->bodies + last,
                                  .quantity = add(after->quantity, e->quantity),
                                  .value_cents = add(after->value_cents, e->value_cents)};
    }
    return lotless;
}

void kg_lotless_destroy(kg_lotless **lotless)
{
    if (!*lotless)
        return;
    free((*lotless)->entries);
    free((*lotless)->rest);
    free(*lotless);
    *lotless = NULL;
}

/* Rule 4 for two lines as a set: x is that of the one that leads, else the higher of both. */
static bool levels_fit(const entry *a, const entry *b)
{
    if (a->track != b->track) {
        const entry *leader = a->track == KG_TRACK_KOPGROEP ? a : b;
        const entry *joiner = leader == a ? b : a;
        return kg_levels_within(&joiner->lo, &leader->lo) &&
               kg_levels_within(&leader->lo, &joiner->hi);
    }
    return kg_levels_within(&a->lo, &b->hi) && kg_levels_within(&b->lo, &a->hi);
}

static bool windows_fit(const entry *a, const entry *b, const kg_round *round)
{
    int64_t from = a->from > b->from ? a->from : b->from;
    int64_t to = a->to < b->to ? a->to : b->to;
    return to - from + 1 >= round->window_days_min;
}

/* How many filters the other line passes. */
static int filters_passed(const entry *line, const entry *other, const kg_round *round)
{
    if (!(line->conditions & other->conditions))
        return CONDITION;
    if (!(line->languages & other->languages))
        return LANGUAGE;
    if (!levels_fit(line, other))
        return CRITERION;
    return windows_fit(line, other, round) ? FILTERS : WINDOW;
}

static void count_line(tally *t, const entry *other, int passed)
{
    for (int i = 0; i < passed; i++) {
        t->bodies[i] += t->last[i] != other->organisation;
        t->last[i] = other->organisation;
    }
    if (passed < FILTERS)
        return;
    t->quantity = add(t->quantity, other->quantity);
    t->value_cents = add(t->value_cents, other->value_cents);
}

/* Whether a minimum is reached, or can no longer be with all that is left. */
static bool settled(int64_t reached, int64_t rest, int64_t minimum)
{
    return reached >= minimum || add(reached, rest) < minimum;
}

/* A line passes the filters with itself, so two organisations mean another one; where one will do,
 * only a window of its own that is too short leaves none at all. */
static int64_t bodies_needed(const kg_round *round)
{
    return round->bodies_min > 1 ? 2 : 1;
}

static bool all_settled(const kg_lotless *lotless, const tally *t, size_t next)
{
    const kg_round *round = lotless->round;
    const sums *rest = &lotless->rest[next];
    return t->bodies[WINDOW] >= bodies_needed(round) &&
           settled(t->bodies[WINDOW], rest->bodies, round->bodies_min) &&
           settled(t->quantity, rest->quantity, round->quantity_min) &&
           settled(t->value_cents, rest->value_cents, round->value_min_cents);
}

static tally tally_for(const kg_lotless *lotless, const entry *line)
{
    tally t = {.last = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
    for (size_t i = 0; i < lotless->count && !all_settled(lotless, &t, i); i++) {
        const entry *other = &lotless->entries[i];
        count_line(&t, other, filters_passed(line, other, lotless->round));
    }
    return t;
}

static uint32_t filter_blocking(const tally *t, const kg_round *round)
{
    for (int i = 0; i < FILTERS; i++)
        if (t->bodies[i] < bodies_needed(round))
            return 1u << filter_reasons[i];
    return 0;
}

static uint32_t minima_blocking(const tally *t, const kg_round *round)
{
    uint32_t blocking = 0;
    if (t->bodies[WINDOW] < round->bodies_min)
        blocking |= 1u << KG_REASON_BELOW_MIN_BODIES;
    if (t->quantity < round->quantity_min)
        blocking |= 1u << KG_REASON_BELOW_MIN_QUANTITY;
    if (t->value_cents < round->value_min_cents)
        blocking |= 1u << KG_REASON_BELOW_MIN_VALUE;
    return blocking;
}

void kg_lotless_explain(const kg_lotless *lotless, const kg_demand *line, kg_unplaced *out)
{
    const kg_round *round = lotless->round;
    entry own = entry_of(line, round);
    tally t = tally_for(lotless, &own);
    uint32_t blocking = filter_blocking(&t, round);
    if (!blocking)
        blocking = minima_blocking(&t, round);
    if (!blocking && round->value_max_cents > 0 && line->value_max_cents > round->value_max_cents)
        blocking = 1u << KG_REASON_ABOVE_CAP;
    if (!blocking)
        blocking = 1u << KG_REASON_BEATEN;
    out->blocking = blocking;
    out->reason = (kg_reason)__builtin_ctz(blocking);
    out->nearest_lot = KG_NO_LOT;
    out->change = (kg_change){.field = KG_CHANGE_NONE, .place = -1};
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/lotless.h"

#include <stdlib.h>

#include "broker/grouping/frame.h"

/* The filters, in their order; each holds the ones before it. */
enum { CONDITION, LANGUAGE, CRITERION, WINDOW, FILTERS };

static const kg_reason filter_reasons[FILTERS] = {KG_REASON_CONDITION, KG_REASON_LANGUAGE,
                                                  KG_REASON_CRITERION, KG_REASON_WINDOW};

/* Lines are asked 64 at a time: a block is a row of words, each the set of its lines (one a bit)
 * of which something holds. The first words of a block; then, for each criterion and rank, two
 * more: who requires more than the rank, and who accepts less. */
enum { BLOCK_LINES = 64, LEADS = 0, CONDITIONS = 1, LANGUAGES = 3, LEVELS = LANGUAGES + 64 };

/* What is not asked by sets. */
typedef struct entry {
    kg_date from, to; /* cut to the round's period */
    uint32_t organisation;
    int64_t quantity, value_cents;
} entry;

/* Organisations, quantity and value of some lines. */
typedef struct sums {
    int64_t bodies, quantity, value_cents;
} sums;

struct kg_lotless {
    const kg_round *round; /* borrowed */
    entry *entries;        /* owned; the bucket's lines, ascending, so by organisation */
    size_t count;
    uint64_t *words;       /* owned; block after block */
    sums *rest;            /* owned; of this block and all after it, at least */
    size_t blocks, stride; /* words of a block */
    int places, ranks;     /* criteria and ranks that the lines speak of */
};

/* What has been found so far for one line. */
typedef struct tally {
    int64_t bodies[FILTERS]; /* with a line left by each filter; before WINDOW, 2 is many */
    uint32_t last[FILTERS];  /* organisation seen last */
    int64_t quantity, value_cents;
} tally;

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static uint64_t *block_at(const kg_lotless *lotless, size_t block)
{
    return lotless->words + block * lotless->stride;
}

/* Place in a block of the lines that require more than the rank. */
static size_t above(const kg_lotless *lotless, int place, int rank)
{
    return LEVELS + 2 * ((size_t)place * (size_t)lotless->ranks + (size_t)rank);
}

/* Place in a block of the lines that accept less than the rank. */
static size_t below(const kg_lotless *lotless, int place, int rank)
{
    return above(lotless, place, rank) + 1;
}

/* How many criteria and ranks any line speaks of. */
static void measure(kg_lotless *lotless, const kg_solved_bucket *bucket)
{
    kg_levels highest = kg_levels_fill(0), lowest = kg_levels_fill(KG_LEVEL_ANY);
    for (size_t i = 0; i < lotless->count; i++) {
        const kg_demand *line = &bucket->input->lines[bucket->lines[i]];
        kg_levels_raise(&highest, &line->lo);
        kg_levels_lower(&lowest, &line->hi);
    }
    lotless->ranks = 1;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++) {
        if (highest.rank[i] > 0 || lowest.rank[i] < KG_LEVEL_ANY)
            lotless->places = i + 1;
        if (highest.rank[i] >= lotless->ranks)
            lotless->ranks = highest.rank[i] + 1;
    }
}

static void put_line(kg_lotless *lotless, size_t i, const kg_demand *line)
{
    uint64_t *block = block_at(lotless, i / BLOCK_LINES), bit = UINT64_C(1) << i % BLOCK_LINES;
    block[LEADS] |= line->track == KG_TRACK_KOPGROEP ? bit : 0;
    block[CONDITIONS] |= line->conditions & KG_CONDITION_NEW ? bit : 0;
    block[CONDITIONS + 1] |= line->conditions & KG_CONDITION_REFURBISHED ? bit : 0;
    for (kg_languages left = line->languages; left; left &= left - 1)
        block[LANGUAGES + kg_languages_first(left)] |= bit;
    for (int p = 0; p < lotless->places; p++) {
        if (line->lo.rank[p] > 0)
            block[above(lotless, p, line->lo.rank[p] - 1)] |= bit;
        if (line->hi.rank[p] + 1 < lotless->ranks)
            block[below(lotless, p, line->hi.rank[p] + 1)] |= bit;
    }
    entry *e = &lotless->entries[i];
    *e = (entry){.organisation = line->organisation,
                 .quantity = line->quantity,
                 .value_cents = line->value_cents};
    kg_demand_window(line, lotless->round, &e->from, &e->to);
}

/* Who requires more than a rank requires more than those below it, and so on. */
static void spread_levels(kg_lotless *lotless, uint64_t *block)
{
    for (int p = 0; p < lotless->places; p++)
        for (int r = 1; r < lotless->ranks; r++) {
            int down = lotless->ranks - 1 - r;
            block[above(lotless, p, down)] |= block[above(lotless, p, down + 1)];
            block[below(lotless, p, r)] |= block[below(lotless, p, r - 1)];
        }
}

/* An organisation whose lines lie in two blocks counts in both: the rest is an upper bound. */
static void sum_rest(kg_lotless *lotless)
{
    for (size_t i = lotless->count; i-- > 0;) {
        const entry *e = &lotless->entries[i];
        sums *rest = &lotless->rest[i / BLOCK_LINES];
        bool last_line = (i + 1) % BLOCK_LINES == 0 || i + 1 == lotless->count;
        if (last_line)
            *rest = rest[1];
        rest->bodies += last_line || e->organisation != e[1].organisation;
        rest->quantity = add(rest->quantity, e->quantity);
        rest->value_cents = add(rest->value_cents, e->value_cents);
    }
}

kg_lotless *kg_lotless_new(const kg_solved_bucket *bucket)
{
    kg_lotless *lotless = kg_alloc(1, sizeof *lotless);
    lotless->round = bucket->input->round;
    lotless->count = bucket->lines_count;
    measure(lotless, bucket);
    lotless->blocks = (lotless->count + BLOCK_LINES - 1) / BLOCK_LINES;
    lotless->stride = LEVELS + 2 * (size_t)lotless->places * (size_t)lotless->ranks;
    lotless->entries = kg_alloc(lotless->count, sizeof *lotless->entries);
    lotless->words = kg_alloc(lotless->blocks * lotless->stride, sizeof *lotless->words);
    lotless->rest = kg_alloc(lotless->blocks + 1, sizeof *lotless->rest);
    for (size_t i = 0; i < lotless->count; i++)
        put_line(lotless, i, &bucket->input->lines[bucket->lines[i]]);
    for (size_t i = 0; i < lotless->blocks; i++)
        spread_levels(lotless, block_at(lotless, i));
    sum_rest(lotless);
    return lotless;
}

void kg_lotless_destroy(kg_lotless **lotless)
{
    if (!*lotless)
        return;
    free((*lotless)->entries);
    free((*lotless)->words);
    free((*lotless)->rest);
    free(*lotless);
    *lotless = NULL;
}

static uint64_t same_condition(const uint64_t *block, const kg_demand *line)
{
    uint64_t out = 0;
    if (line->conditions & KG_CONDITION_NEW)
        out |= block[CONDITIONS];
    if (line->conditions & KG_CONDITION_REFURBISHED)
        out |= block[CONDITIONS + 1];
    return out;
}

static uint64_t same_language(const uint64_t *block, const kg_demand *line)
{
    uint64_t out = 0;
    for (kg_languages left = line->languages; left; left &= left - 1)
        out |= block[LANGUAGES + kg_languages_first(left)];
    return out;
}

/* Rule 4 broken for a pair of the peloton line and a line of the block, as a set of two: x is
 * the other's lo where the other leads, else the higher lo. */
static uint64_t misfits_of_peloton(const kg_lotless *lotless, const uint64_t *block,
                                   const kg_demand *line)
{
    uint64_t out = 0, leads = block[LEADS];
    for (int p = 0; p < lotless->places; p++) {
        int lo = line->lo.rank[p], hi = line->hi.rank[p];
        if (hi < lotless->ranks)
            out |= block[above(lotless, p, hi)];
        if (lo > 0)
            out |= (block[below(lotless, p, lo)] & ~leads) |
                   (leads & ~block[above(lotless, p, lo - 1)]);
    }
    return out;
}

/* The same for a kopgroep line: x is its lo, or the higher lo where the other leads too. */
static uint64_t misfits_of_kopgroep(const kg_lotless *lotless, const uint64_t *block,
                                    const kg_demand *line)
{
    uint64_t out = 0, leads = block[LEADS];
    for (int p = 0; p < lotless->places; p++) {
        int lo = line->lo.rank[p], hi = line->hi.rank[p];
        out |= block[below(lotless, p, lo)] | (block[above(lotless, p, lo)] & ~leads);
        if (hi < lotless->ranks)
            out |= block[above(lotless, p, hi)] & leads;
    }
    return out;
}

/* The first and the last of the lines tell whether there is more than one organisation. */
static void count_left(const kg_lotless *lotless, size_t block, uint64_t left, int filter,
                       tally *t)
{
    const entry *entries = lotless->entries + block * BLOCK_LINES;
    if (!left || t->bodies[filter] > 1)
        return;
    uint32_t first = entries[__builtin_ctzll(left)].organisation;
    uint32_t last = entries[63 - __builtin_clzll(left)].organisation;
    t->bodies[filter] += t->last[filter] != first;
    t->bodies[filter] += first != last;
    t->last[filter] = last;
}

static void count_line(tally *t, const entry *other)
{
    t->bodies[WINDOW] += t->last[WINDOW] != other->organisation;
    t->last[WINDOW] = other->organisation;
    t->quantity = add(t->quantity, other->quantity);
    t->value_cents = add(t->value_cents, other->value_cents);
}

static void count_windows(const kg_lotless *lotless, size_t block, uint64_t left,
                          const kg_demand *line, tally *t)
{
    for (; left; left &= left - 1) {
        const entry *other =
            &lotless->entries[block * BLOCK_LINES + (size_t)__builtin_ctzll(left)];
        int64_t from = line->from > other->from ? line->from : other->from;
        int64_t to = line->to < other->to ? line->to : other->to;
        if (to - from + 1 >= lotless->round->window_days_min)
            count_line(t, other);
    }
}

static void count_block(const kg_lotless *lotless, size_t i, const kg_demand *line, tally *t)
{
    const uint64_t *block = block_at(lotless, i);
    uint64_t left = same_condition(block, line);
    count_left(lotless, i, left, CONDITION, t);
    left &= same_language(block, line);
    count_left(lotless, i, left, LANGUAGE, t);
    if (left)
        left &= ~(line->track == KG_TRACK_KOPGROEP ? misfits_of_kopgroep(lotless, block, line)
                                                   : misfits_of_peloton(lotless, block, line));
    count_left(lotless, i, left, CRITERION, t);
    count_windows(lotless, i, left, line, t);
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

static tally tally_for(const kg_lotless *lotless, const kg_demand *line)
{
    tally t = {.last = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
    for (size_t i = 0; i < lotless->blocks && !all_settled(lotless, &t, i); i++)
        count_block(lotless, i, line, &t);
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
    kg_demand cut = *line;
    kg_demand_window(line, round, &cut.from, &cut.to);
    tally t = tally_for(lotless, &cut);
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

/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_reasons.h"

#include <stdlib.h>

/* The samples use no more. */
enum { PLACES = 12, LANGUAGES = 8 };

#define BIT(reason) (1u << KG_REASON_##reason)

/* A lot's members and one line more. */
typedef struct set {
    const kg_demand **lines;
    size_t count;
    const kg_fixed_lot *fixed;
} set;

typedef struct verdict {
    int rules;
    uint32_t blocking;
} verdict;

/* A change and its place in DESIGN's order: kind, then how far. */
typedef struct attempt {
    bool found;
    int kind, far;
    kg_change change;
} attempt;

kg_frame *reasons_frames(const kg_solved_bucket *bucket)
{
    kg_frame *frames = kg_alloc(bucket->lots_count + 1, sizeof *frames);
    for (size_t i = 0; i < bucket->lots_count; i++) {
        const kg_grouped_lot *lot = &bucket->lots[i];
        const kg_grouping_input *input = bucket->input;
        if (lot->fixed == KG_NO_LOT)
            kg_frame_init(&frames[i], input->round);
        else
            kg_frame_init_fixed(&frames[i], input->round, &input->fixed[lot->fixed]);
        for (uint32_t m = 0; m < lot->members_count; m++)
            kg_frame_add(&frames[i], &input->lines[bucket->members[lot->members_first + m]],
                         input->round);
    }
    return frames;
}

static void violate(verdict *v, uint32_t reason)
{
    v->rules++;
    v->blocking |= reason;
}

static void judge_choices(const set *s, verdict *v)
{
    bool condition = false, language = false;
    for (unsigned c = KG_CONDITION_NEW; c <= KG_CONDITION_REFURBISHED; c++) {
        bool all = !s->fixed || s->fixed->condition == c;
        for (size_t i = 0; i < s->count; i++)
            all &= (s->lines[i]->conditions & c) != 0;
        condition |= all;
    }
    for (int l = 0; l < LANGUAGES; l++) {
        bool all = !s->fixed || s->fixed->language == l;
        for (size_t i = 0; i < s->count; i++)
            all &= (s->lines[i]->languages >> l & 1) != 0;
        language |= all;
    }
    if (!condition)
        violate(v, BIT(CONDITION));
    if (!language)
        violate(v, BIT(LANGUAGE));
}

static bool leads(const kg_demand *line)
{
    return line->track == KG_TRACK_KOPGROEP;
}

static int level_of(const set *s, int place)
{
    int x = 0;
    bool led = false;
    if (s->fixed)
        return s->fixed->x.rank[place];
    for (size_t i = 0; i < s->count; i++)
        led |= leads(s->lines[i]);
    for (size_t i = 0; i < s->count; i++)
        if ((!led || leads(s->lines[i])) && s->lines[i]->lo.rank[place] > x)
            x = s->lines[i]->lo.rank[place];
    return x;
}

static void judge_levels(const set *s, verdict *v)
{
    bool strange = false;
    for (int place = 0; place < PLACES; place++) {
        int x = level_of(s, place);
        bool all = true;
        for (size_t i = 0; i < s->count; i++)
            all &= s->lines[i]->lo.rank[place] <= x && x <= s->lines[i]->hi.rank[place];
        if (!all)
            violate(v, BIT(CRITERION));
    }
    for (size_t i = 0; i < s->count; i++)
        strange |= s->fixed && s->fixed->track == KG_TRACK_PELOTON && leads(s->lines[i]);
    if (strange)
        violate(v, BIT(CRITERION));
}

static void judge_sums(const set *s, const kg_round *round, verdict *v)
{
    int64_t value_max = 0;
    int days = 0;
    for (kg_date day = round->delivery_from; day <= round->delivery_to; day++) {
        bool all = true;
        for (size_t i = 0; i < s->count; i++)
            all &= s->lines[i]->from <= day && day <= s->lines[i]->to;
        days += all;
    }
    for (size_t i = 0; i < s->count; i++)
        value_max += s->lines[i]->value_max_cents;
    if (days < round->window_days_min)
        violate(v, BIT(WINDOW));
    if (round->value_max_cents > 0 && value_max > round->value_max_cents)
        violate(v, BIT(ABOVE_CAP));
}

static verdict judge(const set *s, const kg_round *round)
{
    verdict v = {0};
    judge_choices(s, &v);
    judge_levels(s, &v);
    judge_sums(s, round, &v);
    return v;
}

/* Keeps the first of the cheapest. */
static void try_change(const set *s, const kg_demand *changed, const kg_round *round, int kind,
                       int far, kg_change change, attempt *best)
{
    if (best->found && (kind > best->kind || (kind == best->kind && far >= best->far)))
        return;
    const kg_demand *line = s->lines[s->count - 1];
    s->lines[s->count - 1] = changed;
    bool lawful = true;
    for (int i = 0; i < PLACES; i++)
        lawful &= changed->lo.rank[i] <= changed->hi.rank[i];
    if (lawful && judge(s, round).rules == 0)
        *best = (attempt){true, kind, far, change};
    s->lines[s->count - 1] = line;
}

static void try_levels(const set *s, const sample *from, attempt *best)
{
    const kg_demand line = *s->lines[s->count - 1];
    for (int place = 0; place < from->category.criteria_count; place++)
        for (int rank = 0; rank < from->criteria[place].levels_count; rank++) {
            kg_demand accepts = line, criteria = line;
            accepts.hi.rank[place] = (uint8_t)rank;
            criteria.lo.rank[place] = (uint8_t)rank;
            kg_change change = {.field = KG_CHANGE_ACCEPTS, .place = place,
                                .rank = (uint8_t)rank};
            try_change(s, &accepts, &from->round, 1, abs(rank - line.hi.rank[place]), change,
                       best);
            change.field = KG_CHANGE_CRITERIA;
            try_change(s, &criteria, &from->round, 5, abs(rank - line.lo.rank[place]), change,
                       best);
        }
}

static void try_days(const set *s, const kg_round *round, attempt *best)
{
    const kg_demand line = *s->lines[s->count - 1];
    for (kg_date day = round->delivery_from; day <= round->delivery_to; day++) {
        kg_demand earlier = line;
        earlier.from = day;
        kg_change change = {.field = KG_CHANGE_DELIVERY_FROM, .place = -1, .date = day};
        if (day <= line.to)
            try_change(s, &earlier, round, 2, abs(day - line.from), change, best);
    }
    for (kg_date day = round->delivery_from; day <= round->delivery_to; day++) {
        kg_demand later = line;
        later.to = day;
        kg_change change = {.field = KG_CHANGE_DELIVERY_TO, .place = -1, .date = day};
        if (day >= line.from)
            try_change(s, &later, round, 2, abs(day - line.to), change, best);
    }
}

static void try_choices(const set *s, const kg_round *round, attempt *best)
{
    const kg_demand line = *s->lines[s->count - 1];
    for (int l = 0; l < LANGUAGES; l++) {
        kg_demand changed = line;
        changed.languages |= (kg_languages)1 << l;
        kg_change change = {.field = KG_CHANGE_LANGUAGES, .place = -1,
                            .languages = changed.languages};
        try_change(s, &changed, round, 3, 0, change, best);
    }
    kg_demand changed = line;
    changed.conditions = KG_CONDITION_EITHER;
    kg_change change = {.field = KG_CHANGE_CONDITION, .place = -1,
                        .conditions = KG_CONDITION_EITHER};
    try_change(s, &changed, round, 4, 0, change, best);
}

static attempt cheapest(const set *s, const sample *from)
{
    attempt best = {0};
    try_levels(s, from, &best);
    try_days(s, &from->round, &best);
    try_choices(s, &from->round, &best);
    return best;
}

static set set_of(const sample *from, const kg_solved_bucket *bucket, size_t lot,
                  const kg_demand *line)
{
    const kg_grouped_lot *of = &bucket->lots[lot];
    set s = {.fixed = of->fixed == KG_NO_LOT ? NULL : &from->fixed[of->fixed]};
    s.lines = kg_alloc(of->members_count + 1u, sizeof *s.lines);
    for (uint32_t i = 0; i < of->members_count; i++)
        s.lines[s.count++] = &from->lines[bucket->members[of->members_first + i]];
    s.lines[s.count++] = line;
    return s;
}

static bool cheaper(const attempt *a, const attempt *b)
{
    if (!a->found || !b->found)
        return a->found && !b->found;
    return a->kind != b->kind ? a->kind < b->kind : a->far < b->far;
}

static bool same_change(const kg_change *a, const kg_change *b)
{
    return a->field == b->field && a->place == b->place && a->rank == b->rank &&
           a->conditions == b->conditions && a->date == b->date && a->languages == b->languages;
}

static const char *check_nearest(const sample *from, const kg_solved_bucket *bucket,
                                 const kg_unplaced *got)
{
    const kg_demand *line = &from->lines[got->line];
    verdict fewest = {.rules = 1000};
    attempt best = {0};
    size_t nearest = 0;
    for (size_t i = 0; i < bucket->lots_count; i++) {
        set s = set_of(from, bucket, i, line);
        verdict v = judge(&s, &from->round);
        attempt change = {0};
        if (v.rules > 0 && v.rules <= fewest.rules)
            change = cheapest(&s, from);
        if (v.rules < fewest.rules || (v.rules == fewest.rules && cheaper(&change, &best))) {
            fewest = v;
            best = change;
            nearest = i;
        }
        free(s.lines);
    }
    kg_change none = {.field = KG_CHANGE_NONE, .place = -1};
    if (got->blocking != (fewest.rules ? fewest.blocking : BIT(BEATEN)))
        return "blocking is not what the nearest lot breaks";
    if (got->nearest_lot != nearest)
        return "another lot is nearer";
    return same_change(&got->change, best.found ? &best.change : &none)
               ? NULL
               : "another change is the cheapest";
}

/* The filters one after the other, each over what the one before has left. */
static uint32_t filters(const sample *from, const kg_solved_bucket *bucket,
                        const kg_demand *line, bool *left)
{
    static const uint32_t order[] = {BIT(CONDITION), BIT(LANGUAGE), BIT(CRITERION), BIT(WINDOW)};
    for (size_t i = 0; i < bucket->lines_count; i++)
        left[i] = true;
    for (size_t f = 0; f < sizeof order / sizeof *order; f++) {
        bool another = false;
        for (size_t i = 0; i < bucket->lines_count; i++) {
            const kg_demand *pair[] = {&from->lines[bucket->lines[i]], line};
            set s = {.lines = pair, .count = 2};
            left[i] &= !(judge(&s, &from->round).blocking & order[f]);
            another |= left[i] && pair[0]->organisation != line->organisation;
        }
        if (!another && from->round.bodies_min > 1)
            return order[f];
    }
    return 0;
}

static uint32_t lotless(const sample *from, const kg_solved_bucket *bucket,
                        const kg_demand *line)
{
    const kg_round *round = &from->round;
    bool *left = kg_alloc(bucket->lines_count, sizeof *left);
    uint32_t blocking = filters(from, bucket, line, left);
    const kg_demand *own[] = {line};
    set alone = {.lines = own, .count = 1};
    if (!blocking && judge(&alone, round).blocking & BIT(WINDOW))
        blocking = BIT(WINDOW);
    int64_t bodies = 0, quantity = 0, value = 0;
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < bucket->lines_count; i++) {
        const kg_demand *other = &from->lines[bucket->lines[i]];
        if (!left[i])
            continue;
        bodies += other->organisation != last;
        last = other->organisation;
        quantity += other->quantity;
        value += other->value_cents;
    }
    free(left);
    if (blocking)
        return blocking;
    blocking |= bodies < round->bodies_min ? BIT(BELOW_MIN_BODIES) : 0;
    blocking |= quantity < round->quantity_min ? BIT(BELOW_MIN_QUANTITY) : 0;
    blocking |= value < round->value_min_cents ? BIT(BELOW_MIN_VALUE) : 0;
    if (!blocking && round->value_max_cents > 0 && line->value_max_cents > round->value_max_cents)
        return BIT(ABOVE_CAP);
    return blocking ? blocking : BIT(BEATEN);
}

static const char *check_lotless(const sample *from, const kg_solved_bucket *bucket,
                                 const kg_unplaced *got)
{
    bool alone = from->round.bodies_min > 1;
    for (size_t i = 0; i < bucket->lines_count; i++)
        alone &= from->lines[bucket->lines[i]].organisation ==
                 from->lines[got->line].organisation;
    uint32_t blocking =
        alone ? BIT(ALONE) : lotless(from, bucket, &from->lines[got->line]);
    if (got->nearest_lot != KG_NO_LOT || got->change.field != KG_CHANGE_NONE)
        return "a lot or a change where there are no lots";
    return got->blocking == blocking ? NULL : "blocking is not what the filters and minima say";
}

const char *reasons_check(const sample *from, const kg_solved_bucket *bucket,
                          const kg_unplaced *unplaced)
{
    for (size_t i = 0; i < bucket->unplaced_count; i++) {
        if (unplaced[i].line != bucket->unplaced[i])
            return "lines are not in order";
        uint32_t first = 0;
        while (!(unplaced[i].blocking >> first & 1))
            first++;
        if (unplaced[i].reason != (kg_reason)first)
            return "the reason is not the first that blocks";
        const char *wrong = bucket->lots_count ? check_nearest(from, bucket, &unplaced[i])
                                               : check_lotless(from, bucket, &unplaced[i]);
        if (wrong)
            return wrong;
    }
    return NULL;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_oracle.h"

#include <stdlib.h>

typedef struct oracle {
    const sample *sample;
    uint8_t *may_be; /* by set of lines: may it be a lot? */
    int64_t *steps;  /* by set: steps of its level vector */
    unsigned lots[ORACLE_LINES_MAX];
    size_t lots_count;
    unsigned best[ORACLE_LINES_MAX];
    size_t best_count;
    bool found;
    sample_score best_score;
} oracle;

static void judge_set(oracle *o, unsigned set)
{
    const sample *s = o->sample;
    uint32_t members[ORACLE_LINES_MAX];
    size_t count = 0;
    const kg_fixed_lot *fixed = NULL;
    for (uint32_t i = 0; i < s->lines_count; i++) {
        if (!(set >> i & 1))
            continue;
        members[count++] = i;
        uint32_t of = sample_fixed_of(s, i);
        if (of == KG_NO_LOT)
            continue;
        if (fixed && fixed != &s->fixed[of])
            return;
        fixed = &s->fixed[of];
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        kept += sample_fixed_of(s, members[i]) != KG_NO_LOT;
    if (fixed && kept != fixed->members_count)
        return;
    sample_lot lot;
    if (!sample_rules_hold(s, members, count, fixed, &lot))
        return;
    o->may_be[set] = 1;
    for (int c = 0; c < KG_CATEGORY_CRITERIA_MAX; c++)
        o->steps[set] += lot.x.rank[c];
}

static sample_score score_of(const oracle *o)
{
    sample_score score = {.lots = (int64_t)o->lots_count};
    unsigned placed = 0;
    for (size_t l = 0; l < o->lots_count; l++) {
        placed |= o->lots[l];
        for (uint32_t i = 0; i < o->sample->lines_count; i++)
            if (o->lots[l] >> i & 1) {
                score.value += o->sample->lines[i].value_cents;
                score.ambition += (kg_int128)o->sample->lines[i].value_cents * o->steps[o->lots[l]];
            }
    }
    uint32_t last = KG_NO_ORGANISATION, last_binding = KG_NO_ORGANISATION;
    for (uint32_t i = 0; i < o->sample->lines_count; i++) {
        const kg_demand *line = &o->sample->lines[i];
        if (!(placed >> i & 1))
            continue;
        score.bodies += line->organisation != last;
        last = line->organisation;
        if (!line->binding)
            continue;
        score.binding += line->organisation != last_binding;
        last_binding = line->organisation;
    }
    return score;
}

/* Compares two lists of lots as lists of lists of lines; lots stand by first line in both. */
static int compare_lists(const unsigned *a, size_t a_count, const unsigned *b, size_t b_count)
{
    for (size_t l = 0; l < a_count && l < b_count; l++) {
        uint32_t left[ORACLE_LINES_MAX], right[ORACLE_LINES_MAX];
        size_t left_count = 0, right_count = 0;
        for (uint32_t i = 0; i < ORACLE_LINES_MAX; i++) {
            if (a[l] >> i & 1)
                left[left_count++] = i;
            if (b[l] >> i & 1)
                right[right_count++] = i;
        }
        for (size_t i = 0; i < left_count && i < right_count; i++)
            if (left[i] != right[i])
                return left[i] < right[i] ? -1 : 1;
        if (left_count != right_count)
            return left_count < right_count ? -1 : 1;
    }
    return a_count == b_count ? 0 : a_count < b_count ? -1 : 1;
}

static void judge_partition(oracle *o)
{
    for (size_t l = 0; l < o->lots_count; l++)
        if (!o->may_be[o->lots[l]])
            return;
    sample_score score = score_of(o);
    int order = o->found ? sample_score_compare(&score, &o->best_score) : 1;
    if (order == 0)
        order = -compare_lists(o->lots, o->lots_count, o->best, o->best_count);
    if (order <= 0)
        return;
    o->found = true;
    o->best_score = score;
    memcpy(o->best, o->lots, sizeof o->lots);
    o->best_count = o->lots_count;
}

/* Lines in order: left out, into each lot so far, or the first of a new one. */
static void partition(oracle *o, uint32_t line)
{
    if (line == o->sample->lines_count) {
        judge_partition(o);
        return;
    }
    if (sample_fixed_of(o->sample, line) == KG_NO_LOT)
        partition(o, line + 1);
    for (size_t l = 0; l < o->lots_count; l++) {
        o->lots[l] |= 1u << line;
        partition(o, line + 1);
        o->lots[l] &= ~(1u << line);
    }
    o->lots[o->lots_count++] = 1u << line;
    partition(o, line + 1);
    o->lots_count--;
}

void oracle_solve(const sample *s, uint32_t *lot_of)
{
    oracle o = {.sample = s};
    size_t sets = (size_t)1 << s->lines_count;
    o.may_be = kg_alloc(sets, 1);
    o.steps = kg_alloc(sets, sizeof *o.steps);
    for (unsigned set = 1; set < sets; set++)
        judge_set(&o, set);
    partition(&o, 0);
    for (uint32_t i = 0; i < s->lines_count; i++) {
        lot_of[i] = KG_NO_LOT;
        for (size_t l = 0; l < o.best_count; l++)
            if (o.best[l] >> i & 1)
                lot_of[i] = (uint32_t)l;
    }
    free(o.may_be);
    free(o.steps);
}

void oracle_lots_of_outcome(const sample *s, const kg_outcome *outcome, uint32_t *lot_of)
{
    for (size_t i = 0; i < s->lines_count; i++)
        lot_of[i] = KG_NO_LOT;
    for (size_t l = 0; l < outcome->lots_count; l++)
        for (uint32_t m = 0; m < outcome->lots[l].members_count; m++)
            lot_of[outcome->members[outcome->lots[l].members_first + m]] = (uint32_t)l;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What a grouping gave, held against the claims of its round: each line once, in a lot or left
 * out, and the lots' figures those of their lines. */
#include <stdlib.h>

#include "broker/domain/conclusion.h"
#include "broker/domain/fit.h"

typedef struct kg_fit_outcome {
    const kg_fit *fit;
    const kg_campaign *campaign;
    const kg_outcome *outcome;
    const uint8_t *stays; /* by place in the claims: which lines were grouped; NULL: all */
    uint8_t *seen;        /* owned; by place */
} kg_fit_outcome;

/* Each line of the grouping stands once. */
static bool take(const kg_fit_outcome *of, uint32_t place)
{
    bool fresh = place < of->campaign->claims_count && !of->seen[place] &&
                 (!of->stays || of->stays[place]);
    if (fresh)
        of->seen[place] = 1;
    return fresh || kg_fit_not(of->fit, "line %u of the claims is not there to be placed", place);
}

static bool all_taken(const kg_fit_outcome *of)
{
    for (size_t i = 0; i < of->campaign->claims_count; i++)
        if (!of->seen[i] && (!of->stays || of->stays[i]))
            return kg_fit_not(of->fit, "line %zu of the claims is neither placed nor left out", i);
    return true;
}

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static bool sums_fit(const kg_fit_outcome *of, const kg_grouped_lot *lot)
{
    const uint32_t *members = of->outcome->members + lot->members_first;
    int64_t quantity_min = 0, quantity = 0, quantity_max = 0, value = 0, value_max = 0;
    uint32_t bodies = 0;
    for (uint32_t i = 0; i < lot->members_count; i++) {
        const kg_plan_line *line = &of->campaign->claims[members[i]].line;
        bodies += i == 0 || !kg_claims_same_body(of->campaign, members[i - 1], members[i]);
        quantity_min = add(quantity_min, line->quantity_min);
        quantity = add(quantity, line->quantity);
        quantity_max = add(quantity_max, line->quantity_max);
        value = add(value, line->value_cents);
        value_max = add(value_max, line->value_max_cents);
    }
    return lot->bodies == bodies && lot->quantity_min == quantity_min &&
           lot->quantity == quantity && lot->quantity_max == quantity_max &&
           lot->value_cents == value && lot->value_max_cents == value_max;
}

static bool members_fit(const kg_fit_outcome *of, const kg_grouped_lot *lot)
{
    const uint32_t *members = of->outcome->members + lot->members_first;
    for (uint32_t i = 0; i < lot->members_count; i++) {
        if (!take(of, members[i]))
            return false;
        const kg_plan_line *line = &of->campaign->claims[members[i]].line;
        if (line->category != lot->category || !kg_nuts_within(line->nuts.code, lot->nuts.code) ||
            (i > 0 && members[i] <= members[i - 1]))
            return kg_fit_not(of->fit, "line %u of the claims cannot be in its lot", members[i]);
    }
    return lot->members_count > 0 || kg_fit_not(of->fit, "a lot has no lines");
}

static bool curve_fits(const kg_fit_outcome *of, const kg_grouped_lot *lot)
{
    int places = kg_category_criteria(of->fit->state->catalogue, lot->category);
    for (uint32_t i = 0; i < lot->curve_count; i++) {
        int place = of->outcome->curve[lot->curve_first + i].place;
        if (place >= places || (place >= 0 && lot->x.rank[place] == 0))
            return kg_fit_not(of->fit, "a curve lowers what it cannot");
    }
    return true;
}

static bool lot_fits(const kg_fit_outcome *of, const kg_grouped_lot *lot)
{
    if (!members_fit(of, lot) || !curve_fits(of, lot))
        return false;
    bool good = sums_fit(of, lot) && lot->steps == kg_levels_steps(&lot->x) &&
                kg_fit_day(lot->from) && kg_fit_day(lot->to) && lot->from <= lot->to &&
                (lot->lead == KG_NO_ORGANISATION || lot->lead < of->fit->state->members_count);
    return good || kg_fit_not(of->fit, "a lot's figures are not those of its lines");
}

static bool change_fits(const kg_fit_outcome *of, const kg_unplaced *unplaced)
{
    const kg_change *change = &unplaced->change;
    const kg_catalogue *catalogue = of->fit->state->catalogue;
    kg_category category = of->campaign->claims[unplaced->line].line.category;
    switch (change->field) {
    case KG_CHANGE_ACCEPTS:
    case KG_CHANGE_CRITERIA:
        return change->place >= 0 && change->place < kg_category_criteria(catalogue, category) &&
               change->rank < kg_category_criterion(catalogue, category, change->place)
                                  ->levels_count;
    case KG_CHANGE_DELIVERY_FROM:
    case KG_CHANGE_DELIVERY_TO:
        return kg_fit_day(change->date);
    default:
        return true;
    }
}

static bool unplaced_fit(const kg_fit_outcome *of)
{
    for (size_t i = 0; i < of->outcome->unplaced_count; i++) {
        const kg_unplaced *unplaced = &of->outcome->unplaced[i];
        if (!take(of, unplaced->line))
            return false;
        if (!change_fits(of, unplaced) || (unplaced->nearest_lot != KG_NO_LOT &&
                                           unplaced->nearest_lot >= of->outcome->lots_count))
            return kg_fit_not(of->fit, "what would place line %u is none", unplaced->line);
    }
    return true;
}

static bool outcome_fits(kg_fit_outcome *of)
{
    bool good = true;
    of->seen = kg_alloc(of->campaign->claims_count, 1);
    for (size_t i = 0; good && i < of->outcome->lots_count; i++)
        good = lot_fits(of, &of->outcome->lots[i]);
    good = good && unplaced_fit(of) && all_taken(of);
    free(of->seen);
    return good;
}

/* Each lot gets an id of its own: by bucket, and numbered in it. */
static bool numbers_fit(const kg_fit *fit, const kg_outcome *outcome)
{
    char before[KG_CATEGORY_NAME_BYTES], now[KG_CATEGORY_NAME_BYTES];
    for (size_t i = 1; i < outcome->lots_count; i++) {
        const kg_grouped_lot *a = &outcome->lots[i - 1], *b = &outcome->lots[i];
        kg_category_name(fit->state->catalogue, a->category, before);
        kg_category_name(fit->state->catalogue, b->category, now);
        int order = strcmp(before, now);
        order = order ? order : strcmp(a->nuts.code, b->nuts.code);
        if (order > 0 || (order == 0 && a->number >= b->number))
            return kg_fit_not(fit, "its lots are not in order");
    }
    return true;
}

bool kg_fit_round_propose(const kg_fit *fit)
{
    uint32_t campaign;
    if (!kg_fit_round_in(fit, KG_ROUND_CLOSED, &campaign))
        return false;
    if (!fit->event->outcome)
        return kg_fit_not(fit, "it has no outcome");
    kg_fit_outcome of = {
        .fit = fit, .campaign = fit->state->campaigns[campaign], .outcome = fit->event->outcome};
    return outcome_fits(&of) && numbers_fit(fit, of.outcome);
}

/* A healthy lot keeps all lines that stay in it: both lists ascend. */
static bool keeps(const kg_fit_outcome *of, const kg_lot *lot, const kg_grouped_lot *now)
{
    const uint32_t *members = of->outcome->members + now->members_first;
    uint32_t at = 0;
    for (size_t i = 0; i < lot->members_count; i++) {
        if (!of->stays[lot->members[i]])
            continue;
        while (at < now->members_count && members[at] < lot->members[i])
            at++;
        if (at == now->members_count || members[at] != lot->members[i])
            return false;
    }
    return lot->shape.category == now->category &&
           strcmp(lot->shape.nuts.code, now->nuts.code) == 0;
}

/* The healthy lots stand, in their order; what is new comes from those that are not. */
static bool healthy_fit(const kg_fit_outcome *of, const kg_conclusion *conclusion)
{
    uint8_t *stood = kg_alloc(conclusion->healthy, 1);
    size_t standing = 0;
    bool good = true;
    for (size_t i = 0; good && i < of->outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &of->outcome->lots[i];
        if (lot->fixed == KG_NO_LOT)
            continue;
        good = lot->fixed < conclusion->healthy && !stood[lot->fixed] &&
               keeps(of, of->fit->state->lots[kg_conclusion_fixed(conclusion, lot->fixed)], lot);
        if (good)
            standing += stood[lot->fixed] = 1;
    }
    free(stood);
    return (good && standing == conclusion->healthy) ||
           kg_fit_not(of->fit, "a lot that stood has lost lines");
}

static bool rerun_fits(const kg_fit *fit, const kg_campaign *campaign,
                       const kg_conclusion *conclusion)
{
    kg_fit_outcome of = {.fit = fit,
                         .campaign = campaign,
                         .outcome = fit->event->outcome,
                         .stays = conclusion->stays};
    if (!kg_conclusion_reruns(conclusion, campaign))
        return kg_fit_not(fit, "it has an outcome where nothing was to be grouped");
    return outcome_fits(&of) && healthy_fit(&of, conclusion);
}

bool kg_fit_round_conclude(const kg_fit *fit)
{
    uint32_t campaign;
    kg_conclusion conclusion;
    if (!kg_fit_round_in(fit, KG_ROUND_CONFIRMING, &campaign))
        return false;
    if (!fit->event->outcome)
        return true;
    kg_conclusion_init(&conclusion, fit->state, campaign);
    bool good = rerun_fits(fit, fit->state->campaigns[campaign], &conclusion);
    kg_conclusion_fini(&conclusion);
    return good;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_instances.h"

#include <stdlib.h>

static bool is_member(const kg_fixed_lot *fixed, uint32_t line)
{
    for (size_t i = 0; fixed && i < fixed->members_count; i++)
        if (fixed->members[i] == line)
            return true;
    return false;
}

/* Day by day: is it in the delivery period and in every window? */
static bool window_holds(const sample *s, const uint32_t *members, size_t count, sample_lot *out)
{
    int days = 0;
    for (kg_date day = s->round.delivery_from; day <= s->round.delivery_to; day++) {
        bool in_all = true;
        for (size_t i = 0; i < count; i++)
            in_all &= s->lines[members[i]].from <= day && day <= s->lines[members[i]].to;
        if (!in_all)
            continue;
        if (days++ == 0)
            out->from = day;
        out->to = day;
    }
    return days >= s->round.window_days_min;
}

static bool all_accept_condition(const sample *s, const uint32_t *members, size_t count,
                                 unsigned condition)
{
    for (size_t i = 0; i < count; i++)
        if (!(s->lines[members[i]].conditions & condition))
            return false;
    return true;
}

static bool all_work_in(const sample *s, const uint32_t *members, size_t count, int language)
{
    for (size_t i = 0; i < count; i++)
        if (!(s->lines[members[i]].languages >> language & 1))
            return false;
    return true;
}

static kg_levels levels_of(const sample *s, const uint32_t *members, size_t count, uint8_t track)
{
    kg_levels x = kg_levels_fill(0);
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < KG_CATEGORY_CRITERIA_MAX; c++) {
            const kg_demand *line = &s->lines[members[i]];
            bool counts = track == KG_TRACK_PELOTON || line->track == KG_TRACK_KOPGROEP;
            if (counts && line->lo.rank[c] > x.rank[c])
                x.rank[c] = line->lo.rank[c];
        }
    return x;
}

static bool minima_hold(const sample *s, const uint32_t *members, size_t count)
{
    int64_t bodies = 0, quantity = 0, value = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen |= s->lines[members[k]].organisation == s->lines[members[i]].organisation;
        bodies += !seen;
        quantity += s->lines[members[i]].quantity;
        value += s->lines[members[i]].value_cents;
    }
    return bodies >= s->round.bodies_min && quantity >= s->round.quantity_min &&
           value >= s->round.value_min_cents;
}

static bool cap_holds(const sample *s, const uint32_t *members, size_t count)
{
    int64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value += s->lines[members[i]].value_max_cents;
    return s->round.value_max_cents == 0 || value <= s->round.value_max_cents;
}

static bool levels_hold(const sample *s, const uint32_t *members, size_t count,
                        const kg_fixed_lot *fixed, const sample_lot *lot)
{
    for (size_t i = 0; i < count; i++) {
        const kg_demand *line = &s->lines[members[i]];
        if (lot->track == KG_TRACK_PELOTON && line->track == KG_TRACK_KOPGROEP)
            return false;
        if (is_member(fixed, members[i]))
            continue;
        for (int c = 0; c < KG_CATEGORY_CRITERIA_MAX; c++)
            if (line->lo.rank[c] > lot->x.rank[c] || line->hi.rank[c] < lot->x.rank[c])
                return false;
    }
    return true;
}

bool sample_rules_hold(const sample *s, const uint32_t *members, size_t count,
                       const kg_fixed_lot *fixed, sample_lot *out)
{
    sample_lot lot = {.condition = KG_CONDITION_NEW, .track = KG_TRACK_PELOTON};
    bool window = window_holds(s, members, count, &lot);
    if (fixed) {
        lot.condition = fixed->condition;
        lot.track = fixed->track;
        lot.language = fixed->language;
        lot.x = fixed->x;
    } else {
        for (size_t i = 0; i < count; i++)
            if (s->lines[members[i]].track == KG_TRACK_KOPGROEP)
                lot.track = KG_TRACK_KOPGROEP;
        if (!all_accept_condition(s, members, count, KG_CONDITION_NEW))
            lot.condition = KG_CONDITION_REFURBISHED;
        while (lot.language < 63 && !all_work_in(s, members, count, lot.language))
            lot.language++;
        lot.x = levels_of(s, members, count, lot.track);
    }
    *out = lot;
    if (fixed && count == fixed->members_count)
        return true;
    return window && all_accept_condition(s, members, count, lot.condition) &&
           all_work_in(s, members, count, lot.language) && cap_holds(s, members, count) &&
           levels_hold(s, members, count, fixed, &lot) &&
           (fixed || minima_hold(s, members, count));
}

static void add_lot(const sample *s, const uint32_t *members, size_t count, sample_score *score)
{
    uint32_t fixed = sample_fixed_of(s, members[0]);
    for (size_t i = 1; i < count && fixed == KG_NO_LOT; i++)
        fixed = sample_fixed_of(s, members[i]);
    sample_lot lot;
    sample_rules_hold(s, members, count, fixed == KG_NO_LOT ? NULL : &s->fixed[fixed], &lot);
    int64_t steps = 0, value = 0;
    for (int c = 0; c < KG_CATEGORY_CRITERIA_MAX; c++)
        steps += lot.x.rank[c];
    for (size_t i = 0; i < count; i++)
        value += s->lines[members[i]].value_cents;
    score->ambition += (kg_int128)value * steps;
    score->value += value;
    score->lots++;
}

static void add_bodies(const sample *s, const uint32_t *lot_of, sample_score *score)
{
    for (size_t i = 0; i < s->lines_count; i++) {
        bool seen = false, seen_binding = false;
        if (lot_of[i] == KG_NO_LOT)
            continue;
        for (size_t k = 0; k < i; k++)
            if (lot_of[k] != KG_NO_LOT && s->lines[k].organisation == s->lines[i].organisation) {
                seen = true;
                seen_binding |= s->lines[k].binding;
            }
        score->bodies += !seen;
        score->binding += s->lines[i].binding && !seen_binding;
    }
}

sample_score sample_score_of(const sample *s, const uint32_t *lot_of)
{
    sample_score score = {0};
    uint32_t *members = kg_alloc(s->lines_count + 1, sizeof *members);
    add_bodies(s, lot_of, &score);
    for (size_t i = 0; i < s->lines_count; i++) {
        size_t count = 0;
        bool first = lot_of[i] != KG_NO_LOT;
        for (size_t k = 0; k < i && first; k++)
            first = lot_of[k] != lot_of[i];
        if (!first)
            continue;
        for (size_t k = i; k < s->lines_count; k++)
            if (lot_of[k] == lot_of[i])
                members[count++] = (uint32_t)k;
        add_lot(s, members, count, &score);
    }
    free(members);
    return score;
}

int sample_score_compare(const sample_score *a, const sample_score *b)
{
    if (a->binding != b->binding)
        return a->binding > b->binding ? 1 : -1;
    if (a->bodies != b->bodies)
        return a->bodies > b->bodies ? 1 : -1;
    if (a->ambition != b->ambition)
        return a->ambition > b->ambition ? 1 : -1;
    if (a->value != b->value)
        return a->value > b->value ? 1 : -1;
    return a->lots == b->lots ? 0 : a->lots < b->lots ? 1 : -1;
}

sample_score sample_score_of_outcome(const sample *s, const kg_outcome *outcome)
{
    uint32_t *lot_of = kg_alloc(s->lines_count + 1, sizeof *lot_of);
    for (size_t i = 0; i < s->lines_count; i++)
        lot_of[i] = KG_NO_LOT;
    for (size_t l = 0; l < outcome->lots_count; l++)
        for (uint32_t m = 0; m < outcome->lots[l].members_count; m++)
            lot_of[outcome->members[outcome->lots[l].members_first + m]] = (uint32_t)l;
    sample_score score = sample_score_of(s, lot_of);
    free(lot_of);
    return score;
}

/* Every line exactly once in lots or unplaced; all lists ascending. */
static const char *check_cover(const sample *s, const kg_outcome *o)
{
    uint8_t *seen = kg_alloc(s->lines_count + 1, 1);
    const char *wrong = NULL;
    for (size_t l = 0; l < o->lots_count; l++)
        for (uint32_t m = 0; m < o->lots[l].members_count; m++) {
            const uint32_t *member = &o->members[o->lots[l].members_first + m];
            if (m && member[-1] >= member[0])
                wrong = "members ascend";
            if (seen[*member]++)
                wrong = "a line is in one lot";
        }
    for (size_t u = 0; u < o->unplaced_count; u++) {
        if (u && o->unplaced[u - 1].line >= o->unplaced[u].line)
            wrong = "unplaced lines ascend";
        if (seen[o->unplaced[u].line]++)
            wrong = "an unplaced line is in no lot";
        if (o->unplaced[u].nearest_lot != KG_NO_LOT && o->unplaced[u].nearest_lot >= o->lots_count)
            wrong = "the nearest lot exists";
    }
    for (size_t i = 0; i < s->lines_count; i++)
        if (!seen[i])
            wrong = "every line is told about";
    free(seen);
    return wrong;
}

static bool lot_told_right(const sample *s, const kg_grouped_lot *lot, const uint32_t *members,
                           const sample_lot *own)
{
    int64_t value = 0, value_max = 0, quantity = 0, quantity_min = 0, quantity_max = 0;
    uint32_t bodies = 0;
    for (uint32_t i = 0; i < lot->members_count; i++) {
        const kg_demand *line = &s->lines[members[i]];
        value += line->value_cents;
        value_max += line->value_max_cents;
        quantity += line->quantity;
        quantity_min += line->quantity_min;
        quantity_max += line->quantity_max;
        bodies += i == 0 || s->lines[members[i - 1]].organisation != line->organisation;
    }
    int32_t steps = 0;
    for (int c = 0; c < KG_CATEGORY_CRITERIA_MAX; c++)
        steps += own->x.rank[c];
    return kg_levels_equal(&own->x, &lot->x) && own->condition == lot->condition &&
           own->language == lot->language && own->track == lot->track && own->from == lot->from &&
           own->to == lot->to && lot->value_cents == value && lot->value_max_cents == value_max &&
           lot->quantity == quantity && lot->quantity_min == quantity_min &&
           lot->quantity_max == quantity_max && lot->bodies == bodies && lot->steps == steps;
}

static const char *check_lots(const sample *s, const kg_outcome *o)
{
    size_t fixed_seen = 0;
    uint32_t last = 0;
    for (size_t l = 0; l < o->lots_count; l++) {
        const kg_grouped_lot *lot = &o->lots[l];
        const uint32_t *members = o->members + lot->members_first;
        const kg_fixed_lot *fixed = lot->fixed == KG_NO_LOT ? NULL : &s->fixed[lot->fixed];
        sample_lot own;
        if (lot->number != l + 1 || (l && members[0] <= last))
            return "lots are numbered by first member";
        last = members[0];
        if (!sample_rules_hold(s, members, lot->members_count, fixed, &own))
            return "a lot keeps the rules";
        if (fixed && fixed->members_count == lot->members_count) {
            own.from = lot->from; /* a lot that stands may have no window left */
            own.to = lot->to;
        }
        if (!lot_told_right(s, lot, members, &own))
            return "a lot is told as it is";
        size_t kept = 0;
        for (uint32_t m = 0; m < lot->members_count; m++) {
            uint32_t of = sample_fixed_of(s, members[m]);
            if (of != KG_NO_LOT && of != lot->fixed)
                return "a locked line stays in its lot";
            kept += of != KG_NO_LOT;
        }
        if (fixed && kept != fixed->members_count)
            return "a lot that stands loses no line";
        fixed_seen += fixed != NULL;
    }
    return fixed_seen == s->fixed_count ? NULL : "every lot that stands is there";
}

const char *sample_check(const sample *s, const kg_outcome *o)
{
    const char *wrong = check_cover(s, o);
    if (!wrong)
        wrong = check_lots(s, o);
    sample_score own = sample_score_of_outcome(s, o);
    if (!wrong && (own.binding != (int64_t)o->score.binding ||
                   own.bodies != (int64_t)o->score.bodies || own.value != o->score.value ||
                   own.ambition != o->score.ambition_value || own.lots != (int64_t)o->score.lots ||
                   o->score.lines != s->lines_count || o->score.placed != o->members_count))
        wrong = "the score is that of the lots";
    return wrong;
}

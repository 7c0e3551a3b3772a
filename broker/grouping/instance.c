/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/instance.h"

#include <stdlib.h>

#include "broker/grouping/frame.h"

#define AHEAD 8 /* lines of a bucket lie far apart: so many are on their way from memory */

_Static_assert(sizeof(kg_ranks) == sizeof(kg_levels), "a level vector fills its words");

static kg_ranks ranks_of(const kg_levels *levels)
{
    kg_ranks ranks;
    memcpy(&ranks, levels, sizeof ranks);
    return ranks;
}

static void item_init(kg_item *item, const kg_demand *line, uint32_t index, uint32_t body,
                      const kg_round *round)
{
    item->lo = ranks_of(&line->lo);
    item->hi = ranks_of(&line->hi);
    item->languages = line->languages;
    item->value = line->value_cents;
    item->value_max = line->value_max_cents;
    item->quantity = line->quantity;
    kg_demand_window(line, round, &item->from, &item->to);
    item->line = index;
    item->body = body;
    item->conditions = line->conditions;
    item->kopgroep = line->track == KG_TRACK_KOPGROEP;
    item->binding = line->binding;
}

/* A word is in use when any line states a level in it. */
static void use_words(kg_instance *instance, const kg_ranks *lo, const kg_ranks *hi)
{
    const uint64_t any = KG_LEVEL_ANY * UINT64_C(0x0101010101010101);
    for (int i = instance->words; i < KG_RANK_WORDS; i++)
        if (lo->word[i] != 0 || hi->word[i] != any)
            instance->words = i + 1;
}

static void add_items(kg_instance *instance, const uint32_t *lines, size_t lines_count,
                      const uint8_t *locked)
{
    const kg_grouping_input *input = instance->input;
    uint32_t last = KG_NO_ORGANISATION;
    for (size_t i = 0; i < lines_count; i++) {
        const kg_demand *line = &input->lines[lines[i]];
        if (i + AHEAD < lines_count)
            kg_demand_prefetch(&input->lines[lines[i + AHEAD]]);
        if (line->organisation != last) {
            instance->bodies_count++;
            last = line->organisation;
        }
        uint32_t body = (uint32_t)(instance->bodies_count - 1);
        if (locked && locked[lines[i]]) {
            instance->standing[body] |= KG_STANDS_PLACED;
            if (line->binding)
                instance->standing[body] |= KG_STANDS_BINDING;
            continue;
        }
        kg_item *item = &instance->items[instance->items_count++];
        item_init(item, line, lines[i], body, input->round);
        use_words(instance, &item->lo, &item->hi);
    }
}

static int by_first(const void *a, const void *b)
{
    const kg_bin *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return left->fixed < right->fixed ? -1 : left->fixed > right->fixed;
}

static void add_bins(kg_instance *instance, const uint32_t *fixed, size_t fixed_count)
{
    const kg_grouping_input *input = instance->input;
    for (size_t i = 0; i < fixed_count; i++) {
        const kg_fixed_lot *lot = &input->fixed[fixed[i]];
        kg_frame frame;
        kg_frame_init_fixed(&frame, input->round, lot);
        for (size_t m = 0; m < lot->members_count; m++)
            kg_frame_add(&frame, &input->lines[lot->members[m]], input->round);
        kg_bin *bin = &instance->bins[instance->bins_count++];
        bin->fixed = fixed[i];
        bin->first = lot->members_count ? lot->members[0] : UINT32_MAX;
        bin->span = (kg_span){.lo = ranks_of(&frame.lo),
                              .x = ranks_of(&lot->x),
                              .hi = ranks_of(&frame.hi),
                              .languages = frame.languages,
                              .value = frame.value_cents,
                              .value_max = frame.value_max_cents,
                              .quantity = frame.quantity,
                              .from = frame.from,
                              .to = frame.to,
                              .conditions = frame.conditions,
                              .kopgroep = lot->track == KG_TRACK_KOPGROEP,
                              .fixed = true};
        use_words(instance, &bin->span.x, &bin->span.hi);
    }
    if (instance->bins_count > 1)
        qsort(instance->bins, instance->bins_count, sizeof *instance->bins, by_first);
}

void kg_instance_init(kg_instance *instance, const kg_grouping_input *input, const uint32_t *lines,
                      size_t lines_count, const uint32_t *fixed, size_t fixed_count,
                      const uint8_t *locked)
{
    const kg_round *round = input->round;
    memset(instance, 0, sizeof *instance);
    instance->input = input;
    instance->bodies_min = round->bodies_min;
    instance->quantity_min = round->quantity_min;
    instance->value_min = round->value_min_cents;
    instance->value_max = round->value_max_cents;
    instance->days_min = round->window_days_min > 1 ? round->window_days_min : 1;
    instance->items = kg_realloc(NULL, lines_count + 1, sizeof *instance->items);
    instance->standing = kg_alloc(lines_count + 1, 1);
    instance->bins = kg_alloc(fixed_count + 1, sizeof *instance->bins);
    add_items(instance, lines, lines_count, locked);
    add_bins(instance, fixed, fixed_count);
}

void kg_instance_fini(kg_instance *instance)
{
    free(instance->items);
    free(instance->standing);
    free(instance->bins);
    memset(instance, 0, sizeof *instance);
}

void kg_span_init(kg_span *span)
{
    memset(span, 0, sizeof *span);
    memset(&span->hi, KG_LEVEL_ANY, sizeof span->hi);
    span->languages = ~(kg_languages)0;
    span->conditions = KG_CONDITION_EITHER;
    span->from = INT32_MIN;
    span->to = INT32_MAX;
}

void kg_span_add(kg_span *span, const kg_item *item, int words)
{
    kg_ranks_raise(&span->lo, &item->lo, words);
    kg_ranks_lower(&span->hi, &item->hi, words);
    if (item->kopgroep && !span->fixed) {
        kg_ranks_raise(&span->x, &item->lo, words);
        span->kopgroep = true;
    }
    span->languages &= item->languages;
    span->conditions &= item->conditions;
    span->from = item->from > span->from ? item->from : span->from;
    span->to = item->to < span->to ? item->to : span->to;
    span->value = kg_add_capped(span->value, item->value);
    span->value_max = kg_add_capped(span->value_max, item->value_max);
    span->quantity = kg_add_capped(span->quantity, item->quantity);
}

static bool levels_fit(const kg_span *span, const kg_item *item, int words)
{
    kg_ranks x = span->x;
    if (span->fixed || (span->kopgroep && !item->kopgroep))
        return (span->kopgroep || !item->kopgroep) && kg_ranks_within(&item->lo, &x, words) &&
               kg_ranks_within(&x, &item->hi, words);
    if (!item->kopgroep)
        x = span->lo;
    kg_ranks_raise(&x, &item->lo, words);
    return kg_ranks_within(&x, &item->hi, words) && kg_ranks_within(&x, &span->hi, words) &&
           (!item->kopgroep || kg_ranks_within(&span->lo, &x, words));
}

bool kg_span_bears(const kg_span *span, const kg_item *item, const kg_instance *instance)
{
    if (instance->value_max &&
        kg_add_capped(span->value_max, item->value_max) > instance->value_max)
        return false;
    return levels_fit(span, item, instance->words);
}

const kg_ranks *kg_span_x(const kg_span *span)
{
    return span->fixed || span->kopgroep ? &span->x : &span->lo;
}

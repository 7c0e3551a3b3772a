/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/grouping.h"

#include <stdlib.h>

#include "broker/grouping/bucket.h"
#include "broker/grouping/exact.h"
#include "broker/grouping/explanation.h"
#include "broker/grouping/frame.h"
#include "broker/grouping/search.h"
#include "broker/grouping/support.h"

#define AHEAD 8

/* What a bucket came to; indices are the bucket's own. */
typedef struct kg_solution {
    kg_grouped_lot *lots;
    size_t lots_count;
    uint32_t *members;
    size_t members_count;
    kg_unplaced *unplaced;
    size_t unplaced_count;
    kg_curve_point *curve;
    size_t curve_count;
    uint64_t binding, bodies;
} kg_solution;

struct kg_grouping {
    const kg_grouping_input *input;
    kg_buckets buckets;
    kg_solution *solutions; /* by bucket */
};

kg_grouping *kg_grouping_new(const kg_grouping_input *input)
{
    kg_grouping *grouping = kg_alloc(1, sizeof *grouping);
    grouping->input = input;
    kg_buckets_init(&grouping->buckets, input);
    grouping->solutions = kg_alloc(grouping->buckets.count + 1, sizeof *grouping->solutions);
    return grouping;
}

size_t kg_grouping_buckets(const kg_grouping *grouping)
{
    return grouping->buckets.count;
}

size_t kg_grouping_bucket_lines(const kg_grouping *grouping, size_t bucket)
{
    return grouping->buckets.items[bucket].lines_count;
}

static size_t effort_lines(const kg_grouping_input *input)
{
    return input->effort_lines > input->lines_count ? input->effort_lines : input->lines_count;
}

/* Places the lines of a bucket: `lot_at` by place in `lines` gets an arbitrary number of a lot,
 * below `lines_count` + the bucket's fixed lots, or KG_NO_LOT. `bin_fixed` by bin number gets the
 * fixed lot. Returns the number of bins. */
static size_t place_lines(const kg_grouping *grouping, const kg_bucket *bucket,
                          const uint32_t *lines, uint32_t *lot_at, uint32_t *bin_fixed)
{
    const kg_grouping_input *input = grouping->input;
    kg_instance instance;
    kg_instance_init(&instance, input, lines, bucket->lines_count,
                     grouping->buckets.fixed + bucket->fixed_first, bucket->fixed_count,
                     grouping->buckets.locked);
    uint32_t *lot_of = kg_realloc(NULL, instance.items_count + 1, sizeof *lot_of);
    if (kg_exact_can(&instance))
        kg_exact_solve(&instance, lot_of);
    else
        kg_search_solve(&instance, effort_lines(input), lot_of);
    size_t item = 0, bins = instance.bins_count;
    for (size_t i = 0; i < bucket->lines_count; i++) {
        bool free_line = item < instance.items_count && instance.items[item].line == lines[i];
        lot_at[i] = free_line ? lot_of[item++] : KG_NO_LOT;
    }
    for (size_t b = 0; b < bins; b++) {
        const kg_fixed_lot *lot = &input->fixed[instance.bins[b].fixed];
        bin_fixed[b] = instance.bins[b].fixed;
        for (size_t m = 0, i = 0; m < lot->members_count; m++) {
            while (lines[i] != lot->members[m])
                i++;
            lot_at[i] = (uint32_t)b;
        }
    }
    free(lot_of);
    kg_instance_fini(&instance);
    return bins;
}

/* Renumbers the lots from 0 in the order of their first members. Returns how many; `bin_of` by
 * new number gets the bin or KG_NO_LOT. */
static size_t number_lots(uint32_t *lot_at, size_t count, size_t numbers, size_t bins,
                          uint32_t *bin_of)
{
    uint32_t *renumbered = kg_realloc(NULL, numbers + 1, sizeof *renumbered);
    uint32_t lots = 0;
    memset(renumbered, 0xff, numbers * sizeof *renumbered);
    for (size_t i = 0; i < count; i++) {
        if (lot_at[i] == KG_NO_LOT)
            continue;
        uint32_t old = lot_at[i];
        if (renumbered[old] == KG_NO_LOT) {
            bin_of[lots] = old < bins ? old : KG_NO_LOT;
            renumbered[old] = lots++;
        }
        lot_at[i] = renumbered[old];
    }
    free(renumbered);
    return lots;
}

static void spread_members(kg_solution *solution, const uint32_t *lines, const uint32_t *lot_at,
                           size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lot_at[i] != KG_NO_LOT)
            solution->lots[lot_at[i]].members_count++;
    uint32_t first = 0;
    for (size_t i = 0; i < solution->lots_count; i++) {
        solution->lots[i].members_first = first;
        first += solution->lots[i].members_count;
        solution->lots[i].members_count = 0;
    }
    solution->members_count = first;
    solution->members = kg_realloc(NULL, (size_t)first + 1, sizeof *solution->members);
    for (size_t i = 0; i < count; i++) {
        if (lot_at[i] == KG_NO_LOT)
            continue;
        kg_grouped_lot *lot = &solution->lots[lot_at[i]];
        solution->members[lot->members_first + lot->members_count++] = lines[i];
    }
}

/* Fills in a lot whose members and `fixed` are known, and its frame. */
static void describe_lot(kg_grouped_lot *lot, kg_frame *frame, const kg_solution *solution,
                         const kg_grouping_input *input)
{
    const uint32_t *members = solution->members;
    const kg_fixed_lot *fixed = lot->fixed == KG_NO_LOT ? NULL : &input->fixed[lot->fixed];
    if (fixed)
        kg_frame_init_fixed(frame, input->round, fixed);
    else
        kg_frame_init(frame, input->round);
    uint32_t last = KG_NO_ORGANISATION;
    for (size_t i = lot->members_first; i < lot->members_first + lot->members_count; i++) {
        const kg_demand *line = &input->lines[members[i]];
        if (i + AHEAD < solution->members_count) /* or of lots that follow */
            kg_demand_prefetch(&input->lines[members[i + AHEAD]]);
        kg_frame_add(frame, line, input->round);
        lot->bodies += line->organisation != last;
        last = line->organisation;
    }
    lot->condition = frame->conditions & KG_CONDITION_NEW ? KG_CONDITION_NEW
                                                          : KG_CONDITION_REFURBISHED;
    lot->language = fixed ? fixed->language : kg_languages_first(frame->languages);
    if (fixed)
        lot->condition = fixed->condition;
    lot->track = (fixed ? fixed->track == KG_TRACK_KOPGROEP : frame->kopgroep) ? KG_TRACK_KOPGROEP
                                                                            : KG_TRACK_PELOTON;
    lot->x = *kg_frame_x(frame);
    lot->steps = kg_levels_steps(&lot->x);
    lot->headroom = lot->x;
    lot->from = frame->from;
    lot->to = frame->to;
    lot->quantity_min = frame->quantity_min;
    lot->quantity = frame->quantity;
    lot->quantity_max = frame->quantity_max;
    lot->value_cents = frame->value_cents;
    lot->value_max_cents = frame->value_max_cents;
    lot->lead = KG_NO_ORGANISATION;
}

static void count_bodies(kg_solution *solution, const kg_grouping_input *input,
                         const uint32_t *lines, const uint32_t *lot_at, size_t count)
{
    uint32_t placed = KG_NO_ORGANISATION, binding = KG_NO_ORGANISATION;
    for (size_t i = 0; i < count; i++) {
        const kg_demand *line = &input->lines[lines[i]];
        if (i + AHEAD < count)
            __builtin_prefetch(&input->lines[lines[i + AHEAD]]);
        if (lot_at[i] == KG_NO_LOT)
            continue;
        solution->bodies += line->organisation != placed;
        placed = line->organisation;
        if (!line->binding)
            continue;
        solution->binding += line->organisation != binding;
        binding = line->organisation;
    }
}

static void support(kg_solution *solution, const kg_solved_bucket *solved)
{
    size_t capacity = 0;
    for (size_t i = 0; i < solution->lots_count; i++) {
        kg_grouped_lot *lot = &solution->lots[i];
        kg_curve_point points[KG_CATEGORY_CRITERIA_MAX + 1];
        kg_support_lot(solved, i, lot);
        lot->curve_first = (uint32_t)solution->curve_count;
        lot->curve_count = (uint32_t)kg_support_curve(solved, i, points);
        for (uint32_t p = 0; p < lot->curve_count; p++) {
            solution->curve = kg_grow(solution->curve, solution->curve_count, &capacity,
                                      sizeof *solution->curve);
            solution->curve[solution->curve_count++] = points[p];
        }
    }
}

/* Adds what is told about the lots: reasons of the lines left out, decision support. */
static void explain(kg_solution *solution, const kg_grouping_input *input, const kg_frame *frames,
                    const uint32_t *lines, const uint32_t *lot_at, size_t count)
{
    uint32_t *unplaced =
        kg_realloc(NULL, count - solution->members_count + 1, sizeof *unplaced);
    for (size_t i = 0; i < count; i++)
        if (lot_at[i] == KG_NO_LOT)
            unplaced[solution->unplaced_count++] = lines[i];
    kg_solved_bucket solved = {.input = input,
                               .lines = lines,
                               .lines_count = count,
                               .lots = solution->lots,
                               .frames = frames,
                               .lots_count = solution->lots_count,
                               .members = solution->members,
                               .unplaced = unplaced,
                               .unplaced_count = solution->unplaced_count};
    solution->unplaced = kg_alloc(solution->unplaced_count + 1, sizeof *solution->unplaced);
    kg_explain_bucket(&solved, solution->unplaced);
    support(solution, &solved);
    free(unplaced);
}

void kg_grouping_solve(kg_grouping *grouping, size_t index)
{
    const kg_grouping_input *input = grouping->input;
    const kg_bucket *bucket = &grouping->buckets.items[index];
    kg_solution *solution = &grouping->solutions[index];
    const uint32_t *lines = grouping->buckets.lines + bucket->lines_first;
    size_t count = bucket->lines_count, numbers = count + bucket->fixed_count;
    uint32_t *lot_at = kg_realloc(NULL, count + 1, sizeof *lot_at);
    uint32_t *bin_fixed = kg_realloc(NULL, (size_t)bucket->fixed_count + 1, sizeof *bin_fixed);
    uint32_t *bin_of = kg_realloc(NULL, numbers + 1, sizeof *bin_of);
    size_t bins = place_lines(grouping, bucket, lines, lot_at, bin_fixed);
    solution->lots_count = number_lots(lot_at, count, numbers, bins, bin_of);
    solution->lots = kg_alloc(solution->lots_count + 1, sizeof *solution->lots);
    kg_frame *frames = kg_realloc(NULL, solution->lots_count + 1, sizeof *frames);
    spread_members(solution, lines, lot_at, count);
    for (size_t i = 0; i < solution->lots_count; i++) {
        kg_grouped_lot *lot = &solution->lots[i];
        lot->category = bucket->category;
        lot->nuts = bucket->nuts;
        lot->number = (uint32_t)i + 1;
        lot->fixed = bin_of[i] == KG_NO_LOT ? KG_NO_LOT : bin_fixed[bin_of[i]];
        describe_lot(lot, &frames[i], solution, input);
    }
    count_bodies(solution, input, lines, lot_at, count);
    explain(solution, input, frames, lines, lot_at, count);
    free(frames);
    free(lot_at);
    free(bin_fixed);
    free(bin_of);
}

static void reserve(const kg_grouping *grouping, kg_outcome *outcome)
{
    size_t lots = 0, members = 0, curve = 0, unplaced = grouping->buckets.filtered_count;
    for (size_t i = 0; i < grouping->buckets.count; i++) {
        const kg_solution *solution = &grouping->solutions[i];
        lots += solution->lots_count;
        members += solution->members_count;
        unplaced += solution->unplaced_count;
        curve += solution->curve_count;
    }
    outcome->lots = kg_realloc(NULL, lots + 1, sizeof *outcome->lots);
    outcome->members = kg_realloc(NULL, members + 1, sizeof *outcome->members);
    outcome->curve = kg_realloc(NULL, curve + 1, sizeof *outcome->curve);
    outcome->unplaced = kg_realloc(NULL, unplaced + 1, sizeof *outcome->unplaced);
}

static void join_lots(kg_outcome *outcome, const kg_solution *solution)
{
    for (size_t i = 0; i < solution->lots_count; i++) {
        kg_grouped_lot lot = solution->lots[i];
        lot.members_first += (uint32_t)outcome->members_count;
        lot.curve_first += (uint32_t)outcome->curve_count;
        outcome->score.ambition_value += (kg_int128)lot.value_cents * lot.steps;
        outcome->score.value += lot.value_cents;
        outcome->lots[outcome->lots_count++] = lot;
    }
    memcpy(outcome->members + outcome->members_count, solution->members,
           solution->members_count * sizeof *solution->members);
    outcome->members_count += solution->members_count;
    if (solution->curve_count)
        memcpy(outcome->curve + outcome->curve_count, solution->curve,
               solution->curve_count * sizeof *solution->curve);
    outcome->curve_count += solution->curve_count;
    outcome->score.binding += solution->binding;
    outcome->score.bodies += solution->bodies;
}

/* Puts entries in the order of lines: `rank` holds, by word of 64 lines, how many come before. */
static void put_unplaced(kg_outcome *outcome, const uint64_t *marks, const uint32_t *rank,
                         const kg_unplaced *entries, size_t count, size_t lots_first)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t line = entries[i].line;
        uint64_t word = marks[line / 64] & ((UINT64_C(1) << line % 64) - 1);
        uint32_t before = rank[line / 64] + (uint32_t)__builtin_popcountll(word);
        kg_unplaced *out = &outcome->unplaced[before];
        *out = entries[i];
        if (out->nearest_lot != KG_NO_LOT)
            out->nearest_lot += (uint32_t)lots_first;
    }
    outcome->unplaced_count += count;
}

static void mark(uint64_t *marks, const kg_unplaced *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        marks[entries[i].line / 64] |= UINT64_C(1) << entries[i].line % 64;
}

static void join_unplaced(const kg_grouping *grouping, kg_outcome *outcome)
{
    const kg_buckets *buckets = &grouping->buckets;
    size_t words = grouping->input->lines_count / 64 + 1, lots = 0;
    uint64_t *marks = kg_alloc(words, sizeof *marks);
    uint32_t *rank = kg_alloc(words, sizeof *rank);
    mark(marks, buckets->filtered, buckets->filtered_count);
    for (size_t i = 0; i < buckets->count; i++)
        mark(marks, grouping->solutions[i].unplaced, grouping->solutions[i].unplaced_count);
    for (size_t i = 1; i < words; i++)
        rank[i] = rank[i - 1] + (uint32_t)__builtin_popcountll(marks[i - 1]);
    put_unplaced(outcome, marks, rank, buckets->filtered, buckets->filtered_count, 0);
    for (size_t i = 0; i < buckets->count; i++) {
        const kg_solution *solution = &grouping->solutions[i];
        put_unplaced(outcome, marks, rank, solution->unplaced, solution->unplaced_count, lots);
        lots += solution->lots_count;
    }
    free(marks);
    free(rank);
}

kg_outcome *kg_grouping_finish(kg_grouping **grouping)
{
    kg_outcome *outcome = kg_alloc(1, sizeof *outcome);
    reserve(*grouping, outcome);
    for (size_t i = 0; i < (*grouping)->buckets.count; i++)
        join_lots(outcome, &(*grouping)->solutions[i]);
    join_unplaced(*grouping, outcome);
    outcome->score.lines = (*grouping)->input->lines_count;
    outcome->score.placed = outcome->members_count;
    outcome->score.lots = outcome->lots_count;
    kg_grouping_destroy(grouping);
    return outcome;
}

void kg_grouping_destroy(kg_grouping **grouping)
{
    kg_grouping *g = *grouping;
    if (!g)
        return;
    for (size_t i = 0; i < g->buckets.count; i++) {
        free(g->solutions[i].lots);
        free(g->solutions[i].members);
        free(g->solutions[i].unplaced);
        free(g->solutions[i].curve);
    }
    free(g->solutions);
    kg_buckets_fini(&g->buckets);
    free(g);
    *grouping = NULL;
}

kg_outcome *kg_grouping_run(const kg_grouping_input *input)
{
    kg_grouping *grouping = kg_grouping_new(input);
    for (size_t i = 0; i < kg_grouping_buckets(grouping); i++)
        kg_grouping_solve(grouping, i);
    return kg_grouping_finish(&grouping);
}

kg_demand kg_demand_of(const kg_plan_line *line, const kg_catalogue *catalogue,
                       uint32_t organisation)
{
    return (kg_demand){.organisation = organisation,
                       .cpv = kg_plan_line_cpv(line, catalogue),
                       .category = line->category,
                       .conditions = line->conditions,
                       .track = line->track,
                       .binding = line->commitment == KG_COMMITMENT_BINDING,
                       .nuts = line->nuts,
                       .from = line->delivery_from,
                       .to = line->delivery_to,
                       .order_by = line->order_by,
                       .languages = line->languages,
                       .quantity_min = line->quantity_min,
                       .quantity = line->quantity,
                       .quantity_max = line->quantity_max,
                       .value_cents = line->value_cents,
                       .value_max_cents = line->value_max_cents,
                       .lo = line->lo,
                       .hi = line->hi};
}

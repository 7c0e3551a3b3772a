/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_medium.h"

#include <inttypes.h>
#include <stdlib.h>

/* Ten kinds, each four times and larger each time. */
static const sample_recipe kinds[10] = {
    /* many levels, no cap */
    {.criteria = 3, .levels = 4, .lo_share = 40, .hi_share = 20, .kopgroep_share = 30,
     .binding_share = 20, .either_share = 15, .refurbished_share = 10, .languages = 2,
     .language_more = 50, .window_min = 30, .window_max = 90, .days_min = 14, .bodies_min = 3},
    /* tight cap: bins of three or four lines */
    {.criteria = 2, .levels = 3, .lo_share = 30, .hi_share = 10, .kopgroep_share = 30,
     .binding_share = 30, .either_share = 10, .refurbished_share = 5, .languages = 1,
     .window_min = 40, .window_max = 110, .days_min = 10, .bodies_min = 3, .value_max = 2200},
    /* minima of value and quantity */
    {.criteria = 2, .levels = 4, .lo_share = 50, .hi_share = 30, .kopgroep_share = 20,
     .binding_share = 25, .either_share = 30, .refurbished_share = 20, .languages = 2,
     .language_more = 40, .window_min = 20, .window_max = 80, .days_min = 10, .bodies_min = 2,
     .quantity_min = 40, .value_min = 1500},
    /* three languages, none shared by all */
    {.criteria = 2, .levels = 3, .lo_share = 30, .hi_share = 20, .kopgroep_share = 40,
     .binding_share = 20, .either_share = 10, .refurbished_share = 10, .languages = 3,
     .language_more = 70, .window_min = 30, .window_max = 110, .days_min = 20, .bodies_min = 3},
    /* short windows */
    {.criteria = 2, .levels = 3, .lo_share = 40, .hi_share = 15, .kopgroep_share = 25,
     .binding_share = 30, .languages = 1, .window_min = 12, .window_max = 35, .days_min = 10,
     .bodies_min = 3},
    /* few organisations with many lines, cap */
    {.criteria = 3, .levels = 3, .lo_share = 30, .hi_share = 15, .kopgroep_share = 30,
     .binding_share = 20, .either_share = 20, .refurbished_share = 10, .languages = 2,
     .language_more = 60, .window_min = 40, .window_max = 100, .days_min = 14, .bodies_min = 3,
     .value_max = 3000},
    /* common profiles */
    {.criteria = 4, .levels = 3, .lo_share = 15, .hi_share = 15, .profile_share = 60,
     .kopgroep_share = 15, .binding_share = 10, .either_share = 15, .refurbished_share = 10,
     .languages = 2, .language_more = 50, .window_min = 30, .window_max = 100, .days_min = 14,
     .bodies_min = 3},
    /* a cap and a minimum close together */
    {.criteria = 2, .levels = 3, .lo_share = 30, .hi_share = 10, .kopgroep_share = 30,
     .binding_share = 30, .languages = 1, .window_min = 50, .window_max = 110, .days_min = 10,
     .bodies_min = 2, .value_min = 1400, .value_max = 2400},
    /* tight upper levels */
    {.criteria = 3, .levels = 4, .lo_share = 40, .hi_share = 60, .kopgroep_share = 30,
     .binding_share = 20, .languages = 1, .window_min = 40, .window_max = 110, .days_min = 10,
     .bodies_min = 3},
    /* large groups needed */
    {.criteria = 2, .levels = 4, .lo_share = 40, .hi_share = 25, .kopgroep_share = 25,
     .binding_share = 30, .either_share = 15, .refurbished_share = 10, .languages = 2,
     .language_more = 60, .window_min = 30, .window_max = 100, .days_min = 10, .bodies_min = 6},
};

sample_recipe medium_recipe(int index, random_source *random)
{
    sample_recipe recipe = kinds[index % 10];
    recipe.lines = 15 + (size_t)(index / 10) * 9 + (size_t)random_between(random, 0, 7);
    recipe.bodies = recipe.lines * (index % 10 == 5 ? 40 : 75) / 100;
    recipe.days = 120;
    recipe.value_low = 50;
    recipe.value_high = 1000;
    return recipe;
}

static void write_levels(FILE *out, const sample *s, const kg_levels *levels)
{
    for (int i = 0; i < s->category.criteria_count; i++)
        fprintf(out, " %d", levels->rank[i]);
}

void medium_write(FILE *out, const sample *s, const medium_bounds *b)
{
    const kg_round *r = &s->round;
    int levels = s->category.criteria_count ? s->criteria[0].levels_count : 2;
    fprintf(out, "bounds %" PRId64 " %" PRId64 " %" PRId64 " held %" PRId64 " %" PRId64
                 " closed %u\n",
            b->binding, b->bodies, b->ambition, b->held_binding, b->held_bodies, b->closed);
    fprintf(out, "round %d %d %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d %d\n",
            r->delivery_from, r->delivery_to, r->window_days_min, r->bodies_min, r->quantity_min,
            r->value_min_cents, r->value_max_cents, s->category.criteria_count, levels);
    fprintf(out, "lines %zu\n", s->lines_count);
    for (size_t i = 0; i < s->lines_count; i++) {
        const kg_demand *line = &s->lines[i];
        fprintf(out,
                "%" PRIu32 " %d %d %d %d %d %" PRIu64 " %" PRId64 " %" PRId64 " %" PRId64
                " %" PRId64,
                line->organisation, line->conditions, line->track, line->binding, line->from,
                line->to, line->languages, line->quantity, line->quantity_max, line->value_cents,
                line->value_max_cents);
        write_levels(out, s, &line->lo);
        write_levels(out, s, &line->hi);
        fputc('\n', out);
    }
}

static bool read_levels(FILE *in, int count, kg_levels *levels)
{
    for (int i = 0; i < count; i++) {
        int rank;
        if (fscanf(in, "%d", &rank) != 1)
            return false;
        levels->rank[i] = (uint8_t)rank;
    }
    return true;
}

static bool read_line(FILE *in, int criteria, kg_demand *line)
{
    int conditions, track, binding;
    if (fscanf(in,
               "%" SCNu32 " %d %d %d %d %d %" SCNu64 " %" SCNd64 " %" SCNd64 " %" SCNd64
               " %" SCNd64,
               &line->organisation, &conditions, &track, &binding, &line->from, &line->to,
               &line->languages, &line->quantity, &line->quantity_max, &line->value_cents,
               &line->value_max_cents) != 11)
        return false;
    line->conditions = (uint8_t)conditions;
    line->track = (uint8_t)track;
    line->binding = binding;
    line->cpv = 30213100;
    line->order_by = KG_DATE_NONE;
    strcpy(line->nuts.code, "BE");
    line->lo = kg_levels_fill(0);
    line->hi = kg_levels_fill(KG_LEVEL_ANY);
    return read_levels(in, criteria, &line->lo) && read_levels(in, criteria, &line->hi);
}

bool medium_read(FILE *in, sample *s, medium_bounds *b)
{
    sample_recipe recipe = {.days = 1, .value_high = 1};
    random_source random = {0};
    int from, to;
    if (fscanf(in,
               "bounds %" SCNd64 " %" SCNd64 " %" SCNd64 " held %" SCNd64 " %" SCNd64
               " closed %u\n",
               &b->binding, &b->bodies, &b->ambition, &b->held_binding, &b->held_bodies,
               &b->closed) != 6 ||
        fscanf(in, "round %d %d %d %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %d %d\n", &from,
               &to, &recipe.days_min, &recipe.bodies_min, &recipe.quantity_min, &recipe.value_min,
               &recipe.value_max, &recipe.criteria, &recipe.levels) != 9)
        return false;
    size_t count;
    if (fscanf(in, "lines %zu\n", &count) != 1)
        return false;
    sample_init(s, &recipe, &random);
    s->round.delivery_from = from;
    s->round.delivery_to = to;
    free(s->lines);
    s->lines = kg_alloc(count + 1, sizeof *s->lines);
    s->lines_count = count;
    for (size_t i = 0; i < count; i++)
        if (!read_line(in, recipe.criteria, &s->lines[i]))
            return false;
    return true;
}

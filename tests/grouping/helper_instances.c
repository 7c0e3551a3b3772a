/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_instances.h"

#include <stdlib.h>

uint64_t random_next(random_source *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

int64_t random_between(random_source *random, int64_t low, int64_t high)
{
    return low + (int64_t)(random_next(random) % (uint64_t)(high - low + 1));
}

bool random_chance(random_source *random, int percent)
{
    return random_between(random, 0, 99) < percent;
}

sample_recipe sample_recipe_random(random_source *random, size_t lines)
{
    int tight = (int)random_between(random, 0, 3);
    sample_recipe r = {.lines = lines};
    r.bodies = (size_t)random_between(random, 1, lines ? (int64_t)lines : 1);
    r.criteria = (int)random_between(random, 0, 9);
    r.levels = (int)random_between(random, 2, 5);
    r.lo_share = (int)random_between(random, 0, 60);
    r.hi_share = (int)random_between(random, 0, tight ? 15 : 60);
    r.profile_share = (int)random_between(random, 0, 80);
    r.kopgroep_share = (int)random_between(random, 0, 60);
    r.binding_share = (int)random_between(random, 0, 50);
    r.refurbished_share = (int)random_between(random, 0, 25);
    r.either_share = (int)random_between(random, 0, 50);
    r.languages = (int)random_between(random, 1, 4);
    r.language_more = (int)random_between(random, 20, 90);
    r.days = 120;
    r.window_min = (int)random_between(random, 5, 60);
    r.window_max = (int)random_between(random, r.window_min, 140);
    r.days_min = (int)random_between(random, 1, tight == 1 ? 40 : 10);
    r.bodies_min = random_between(random, 0, 3);
    r.value_low = 1;
    r.value_high = random_chance(random, 30) ? 3 : 1000;
    r.even_values = random_chance(random, 25);
    if (random_chance(random, 30))
        r.quantity_min = random_between(random, 1, 40);
    if (random_chance(random, 30))
        r.value_min = random_between(random, 1, 3 * r.value_high);
    if (random_chance(random, 40))
        r.value_max = random_between(random, r.value_high, 5 * r.value_high);
    return r;
}

static void init_catalogue(sample *s, const sample_recipe *recipe)
{
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    static const char *const levels[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    for (int i = 0; i < recipe->criteria; i++) {
        s->criteria[i].id = ids[i];
        s->criteria[i].levels_count = recipe->levels;
        for (int l = 0; l < recipe->levels; l++)
            s->criteria[i].levels[l] = levels[l];
        s->category.criteria[i] = (uint16_t)i;
    }
    s->category.id = "laptop";
    s->category.cpv[0] = 30213100;
    s->category.cpv_count = 1;
    s->category.reference_price_cents = -1;
    s->category.criteria_count = recipe->criteria;
    s->catalogue.criteria = s->criteria;
    s->catalogue.criteria_count = (size_t)recipe->criteria;
    s->catalogue.categories = &s->category;
    s->catalogue.categories_count = 1;
}

static void init_round(sample *s, const sample_recipe *recipe)
{
    kg_round *round = &s->round;
    strcpy(round->id, "r");
    round->delivery_from = 20000;
    round->delivery_to = 20000 + recipe->days - 1;
    round->opens = round->closes = round->confirm_by = KG_DATE_NONE;
    round->reconfirm_by = KG_DATE_NONE;
    round->award_by = 19990;
    round->bodies_min = recipe->bodies_min;
    round->quantity_min = recipe->quantity_min;
    round->value_min_cents = recipe->value_min;
    round->value_max_cents = recipe->value_max;
    round->window_days_min = recipe->days_min;
}

static void init_levels(kg_demand *line, const sample_recipe *recipe, const kg_levels *profiles,
                        random_source *random)
{
    line->lo = kg_levels_fill(0);
    line->hi = kg_levels_fill(KG_LEVEL_ANY);
    if (random_chance(random, recipe->profile_share)) {
        line->lo = profiles[random_between(random, 0, 2)];
        return;
    }
    for (int i = 0; i < recipe->criteria; i++) {
        int64_t lo = 0;
        if (random_chance(random, recipe->lo_share))
            lo = random_between(random, 0, recipe->levels - 1);
        line->lo.rank[i] = (uint8_t)lo;
        if (random_chance(random, recipe->hi_share))
            line->hi.rank[i] = (uint8_t)random_between(random, lo, recipe->levels - 1);
    }
}

static void init_line(kg_demand *line, const sample_recipe *recipe, const kg_round *round,
                      const kg_levels *profiles, random_source *random)
{
    line->cpv = 30213100;
    line->conditions = random_chance(random, recipe->either_share) ? KG_CONDITION_EITHER
                       : random_chance(random, recipe->refurbished_share)
                           ? KG_CONDITION_REFURBISHED
                           : KG_CONDITION_NEW;
    line->track = random_chance(random, recipe->kopgroep_share) ? KG_TRACK_KOPGROEP
                                                                : KG_TRACK_PELOTON;
    line->binding = random_chance(random, recipe->binding_share);
    strcpy(line->nuts.code, "BE");
    int64_t length = random_between(random, recipe->window_min, recipe->window_max);
    line->from = round->delivery_from + (kg_date)random_between(random, -10, recipe->days - 1);
    line->to = line->from + (kg_date)length - 1;
    if (line->to < round->delivery_from)
        line->to = round->delivery_from;
    line->order_by = KG_DATE_NONE;
    line->languages = (kg_languages)1 << random_between(random, 0, recipe->languages - 1);
    if (random_chance(random, recipe->language_more))
        line->languages |= (kg_languages)1 << random_between(random, 0, recipe->languages - 1);
    line->quantity = random_between(random, 1, 20);
    line->quantity_min = 0;
    line->quantity_max = line->quantity + random_between(random, 0, 5);
    line->value_cents = recipe->even_values
                            ? recipe->value_high
                            : random_between(random, recipe->value_low, recipe->value_high);
    line->value_max_cents = line->value_cents + random_between(random, 0, line->value_cents / 4);
    init_levels(line, recipe, profiles, random);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;
    return *left < *right ? -1 : *left > *right;
}

void sample_init(sample *s, const sample_recipe *recipe, random_source *random)
{
    kg_levels profiles[3];
    memset(s, 0, sizeof *s);
    init_catalogue(s, recipe);
    init_round(s, recipe);
    for (int p = 0; p < 3; p++) {
        profiles[p] = kg_levels_fill(0);
        for (int i = 0; i < recipe->criteria; i++)
            profiles[p].rank[i] = (uint8_t)random_between(random, 0, recipe->levels - 1);
    }
    uint32_t *bodies = kg_alloc(recipe->lines + 1, sizeof *bodies);
    for (size_t i = 0; i < recipe->lines; i++)
        bodies[i] = (uint32_t)random_between(random, 0, (int64_t)recipe->bodies - 1);
    qsort(bodies, recipe->lines, sizeof *bodies, by_number);
    s->lines = kg_alloc(recipe->lines + 1, sizeof *s->lines);
    s->lines_count = recipe->lines;
    for (size_t i = 0; i < recipe->lines; i++) {
        init_line(&s->lines[i], recipe, &s->round, profiles, random);
        s->lines[i].organisation = bodies[i];
    }
    free(bodies);
}

void sample_fini(sample *s)
{
    for (size_t i = 0; i < s->fixed_count; i++)
        free(s->fixed_members[i]);
    free(s->fixed_members);
    free(s->fixed);
    free(s->lines);
    memset(s, 0, sizeof *s);
}

/* A random set of free lines that may be one lot; returns how many, 0 when none was found. */
static size_t random_lot(const sample *s, random_source *random, uint32_t *members,
                         sample_lot *lot)
{
    for (int attempt = 0; attempt < 60; attempt++) {
        size_t count = 0;
        int share = (int)random_between(random, 10, 60);
        for (uint32_t i = 0; i < s->lines_count; i++)
            if (sample_fixed_of(s, i) == KG_NO_LOT && random_chance(random, share))
                members[count++] = i;
        if (count && sample_rules_hold(s, members, count, NULL, lot))
            return count;
    }
    return 0;
}

void sample_fix_lots(sample *s, size_t count, random_source *random)
{
    s->fixed = kg_alloc(count + 1, sizeof *s->fixed);
    s->fixed_members = kg_alloc(count + 1, sizeof *s->fixed_members);
    for (size_t i = 0; i < count; i++) {
        uint32_t *members = kg_alloc(s->lines_count + 1, sizeof *members);
        sample_lot lot;
        size_t all = random_lot(s, random, members, &lot), kept = 0;
        for (size_t m = 0; m < all; m++)
            if (kept == 0 || random_chance(random, 75))
                members[kept++] = members[m];
        if (!all) {
            free(members);
            return;
        }
        s->fixed_members[i] = members;
        s->fixed[i] = (kg_fixed_lot){.category = 0,
                                     .condition = lot.condition,
                                     .track = lot.track,
                                     .language = lot.language,
                                     .x = lot.x,
                                     .members = members,
                                     .members_count = kept};
        strcpy(s->fixed[i].nuts.code, "BE");
        s->fixed_count = i + 1;
    }
}

kg_grouping_input sample_input(const sample *s)
{
    return (kg_grouping_input){.catalogue = &s->catalogue,
                               .round = &s->round,
                               .lines = s->lines,
                               .lines_count = s->lines_count,
                               .fixed = s->fixed,
                               .fixed_count = s->fixed_count};
}

uint32_t sample_fixed_of(const sample *s, uint32_t line)
{
    for (size_t i = 0; i < s->fixed_count; i++)
        for (size_t m = 0; m < s->fixed[i].members_count; m++)
            if (s->fixed[i].members[m] == line)
                return (uint32_t)i;
    return KG_NO_LOT;
}

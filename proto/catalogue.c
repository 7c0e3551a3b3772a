/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/catalogue.h"

#include <stdlib.h>
#include <string.h>

static const char *const languages[KG_NAMES] = {"nl", "fr", "de", "en"};
static const char *const types[] = {"selection", "technical", "award", "clause"};

const char *kg_name_language(int name)
{
    return languages[name];
}

int kg_name_language_find(const char *language)
{
    int i = 0;
    while (i < KG_NAMES && strcmp(languages[i], language) != 0)
        i++;
    return i;
}

const char *kg_criterion_type_name(kg_criterion_type type)
{
    return types[type];
}

int kg_criterion_type_find(const char *name)
{
    for (int i = 0; i <= KG_CRITERION_CLAUSE; i++)
        if (strcmp(types[i], name) == 0)
            return i;
    return -1;
}

#define CPV_DIGITS 8

kg_catalogue *kg_catalogue_new(void)
{
    kg_catalogue *catalogue = kg_alloc(1, sizeof *catalogue);
    kg_arena_init(&catalogue->arena);
    return catalogue;
}

void kg_catalogue_destroy(kg_catalogue **catalogue)
{
    if (!*catalogue)
        return;
    kg_arena_fini(&(*catalogue)->arena);
    free(*catalogue);
    *catalogue = NULL;
}

/* Every kind of entry begins with its id, so one search serves all. */
static int find(const void *entries, size_t count, size_t size, const char *id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *const *entry = (const void *)((const char *)entries + middle * size);
        int order = strcmp(*entry, id);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

_Static_assert(offsetof(kg_criterion, id) == 0 && offsetof(kg_category_entry, id) == 0 &&
                   offsetof(kg_profile, id) == 0,
               "find() reads the id at the entry's beginning");

int kg_catalogue_category(const kg_catalogue *catalogue, const char *id)
{
    return find(catalogue->categories, catalogue->categories_count, sizeof *catalogue->categories,
                id);
}

int kg_catalogue_criterion(const kg_catalogue *catalogue, const char *id)
{
    return find(catalogue->criteria, catalogue->criteria_count, sizeof *catalogue->criteria, id);
}

int kg_catalogue_profile(const kg_catalogue *catalogue, const char *id)
{
    return find(catalogue->profiles, catalogue->profiles_count, sizeof *catalogue->profiles, id);
}

int kg_criterion_rank(const kg_criterion *criterion, const char *level)
{
    for (int i = 0; i < criterion->levels_count; i++) {
        if (strcmp(criterion->levels[i], level) == 0)
            return i;
    }
    return -1;
}

bool kg_catalogue_cpv_parse(const char *text, uint32_t *out)
{
    uint32_t cpv = 0;
    for (int i = 0; i < CPV_DIGITS; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        cpv = cpv * 10 + (uint32_t)(text[i] - '0');
    }
    const char *rest = text + CPV_DIGITS;
    if (*rest && !(rest[0] == '-' && rest[1] >= '0' && rest[1] <= '9' && !rest[2]))
        return false;
    *out = cpv;
    return true;
}

uint32_t kg_catalogue_cpv_last(uint32_t cpv)
{
    uint32_t width = 1;
    for (int cut = 0; cut < CPV_DIGITS - 2 && cpv / width % 10 == 0; cut++)
        width *= 10;
    return cpv + width - 1;
}

typedef struct span {
    uint32_t first, last;
    kg_category category;
} span;

/* By first code; of those that begin together the wider first, so that a narrower one comes
 * after all that contain it. */
static int span_order(const void *a, const void *b)
{
    const span *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->last < y->last) - (x->last > y->last);
}

static void range_add(kg_catalogue *catalogue, uint32_t from, kg_category category)
{
    size_t count = catalogue->cpv_ranges_count;
    if (count > 0 && catalogue->cpv_ranges[count - 1].from == from)
        count--; /* nothing lay in it */
    catalogue->cpv_ranges[count] = (kg_cpv_range){from, category};
    catalogue->cpv_ranges_count = count + 1;
}

/* Prefixes are nested or apart, never crossing: `open` holds those that contain the place that
 * has been reached, the innermost, which wins, last. */
static void cut_ranges(kg_catalogue *catalogue, const span *spans, size_t count)
{
    span open[CPV_DIGITS];
    size_t depth = 0;
    for (size_t i = 0; i <= count; i++) {
        while (depth > 0 && (i == count || open[depth - 1].last < spans[i].first)) {
            uint32_t after = open[--depth].last + 1;
            range_add(catalogue, after, depth > 0 ? open[depth - 1].category : KG_CATEGORY_NONE);
        }
        if (i < count) {
            range_add(catalogue, spans[i].first, spans[i].category);
            open[depth++] = spans[i];
        }
    }
}

void kg_catalogue_index(kg_catalogue *catalogue)
{
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < catalogue->categories_count; i++)
        capacity += (size_t)catalogue->categories[i].cpv_count;
    span *spans = kg_alloc(capacity + 1, sizeof *spans);
    for (size_t i = 0; i < catalogue->categories_count; i++) {
        const kg_category_entry *entry = &catalogue->categories[i];
        for (int k = 0; k < entry->cpv_count; k++)
            spans[count++] =
                (span){entry->cpv[k], kg_catalogue_cpv_last(entry->cpv[k]), (kg_category)i};
    }
    qsort(spans, count, sizeof *spans, span_order);
    catalogue->cpv_ranges =
        kg_arena_alloc(&catalogue->arena, (2 * count + 1) * sizeof *catalogue->cpv_ranges);
    range_add(catalogue, 0, KG_CATEGORY_NONE);
    cut_ranges(catalogue, spans, count);
    free(spans);
}

kg_category kg_catalogue_by_cpv(const kg_catalogue *catalogue, uint32_t cpv)
{
    const kg_cpv_range *ranges = catalogue->cpv_ranges;
    size_t count = catalogue->cpv_ranges_count;
    while (count > 1) { /* the range wanted is one of `count` from `ranges` on */
        size_t half = count / 2;
        if (ranges[half].from <= cpv)
            ranges += half;
        count -= half;
    }
    if (ranges->category != KG_CATEGORY_NONE)
        return ranges->category;
    return (kg_category)(KG_CATEGORY_CPV + cpv / 10000);
}

static bool is_cpv(kg_category category)
{
    return category >= KG_CATEGORY_CPV;
}

void kg_category_name(const kg_catalogue *catalogue, kg_category category,
                      char out[static KG_CATEGORY_NAME_BYTES])
{
    if (is_cpv(category))
        kg_text_format(out, KG_CATEGORY_NAME_BYTES, "cpv:%04u",
                       (unsigned)category - KG_CATEGORY_CPV);
    else
        kg_text_format(out, KG_CATEGORY_NAME_BYTES, "%s", catalogue->categories[category].id);
}

kg_category kg_category_find(const kg_catalogue *catalogue, const char *name)
{
    int64_t digits;
    if (strncmp(name, "cpv:", 4) == 0)
        return strlen(name) == 8 && kg_integer_parse(name + 4, 0, 9999, &digits)
                   ? (kg_category)(KG_CATEGORY_CPV + digits)
                   : KG_CATEGORY_NONE;
    int index = kg_catalogue_category(catalogue, name);
    return index < 0 ? KG_CATEGORY_NONE : (kg_category)index;
}

const kg_category_entry *kg_category_entry_of(const kg_catalogue *catalogue, kg_category category)
{
    return is_cpv(category) ? NULL : &catalogue->categories[category];
}

int kg_category_criteria(const kg_catalogue *catalogue, kg_category category)
{
    return is_cpv(category) ? 0 : catalogue->categories[category].criteria_count;
}

const kg_criterion *kg_category_criterion(const kg_catalogue *catalogue, kg_category category,
                                          int place)
{
    return &catalogue->criteria[catalogue->categories[category].criteria[place]];
}

int kg_category_place(const kg_catalogue *catalogue, kg_category category, int criterion)
{
    const kg_category_entry *entry = kg_category_entry_of(catalogue, category);
    for (int i = 0; entry && i < entry->criteria_count; i++) {
        if (entry->criteria[i] == criterion)
            return i;
    }
    return -1;
}

/* "supplies-central" or, to tell periods apart by name too, "supplies-central-2028". */
static bool named(const char *id, const char *name)
{
    size_t bytes = strlen(name);
    return strncmp(id, name, bytes) == 0 && (id[bytes] == '\0' || id[bytes] == '-');
}

static bool threshold_holds(const kg_threshold *threshold, int central, kg_date day)
{
    bool mine = (central != 0 && named(threshold->id, "supplies-central")) ||
                (central != 1 && named(threshold->id, "supplies-sub-central"));
    return mine && threshold->from <= day &&
           (threshold->to == KG_DATE_NONE || day <= threshold->to);
}

int64_t kg_catalogue_threshold(const kg_catalogue *catalogue, int central, kg_date day)
{
    int64_t lowest = -1;
    for (size_t i = 0; i < catalogue->thresholds_count && day != KG_DATE_NONE; i++) {
        const kg_threshold *threshold = &catalogue->thresholds[i];
        if (threshold_holds(threshold, central, day) &&
            (lowest < 0 || threshold->value_cents < lowest))
            lowest = threshold->value_cents;
    }
    return lowest;
}

static void criterion_write(const kg_criterion *criterion, kg_sink sink)
{
    kg_sink_text(sink, criterion->id);
    kg_sink_u8(sink, (uint8_t)criterion->type);
    kg_sink_u32(sink, (uint32_t)criterion->levels_count);
    for (int i = 0; i < criterion->levels_count; i++)
        kg_sink_text(sink, criterion->levels[i]);
}

static int number_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void category_write(const kg_catalogue *catalogue, const kg_category_entry *entry,
                           kg_sink sink)
{
    uint32_t cpv[KG_CATEGORY_CPV_MAX];
    memcpy(cpv, entry->cpv, sizeof cpv);
    if (entry->cpv_count > 1)
        qsort(cpv + 1, (size_t)entry->cpv_count - 1, sizeof *cpv, number_order);
    kg_sink_text(sink, entry->id);
    kg_sink_i64(sink, entry->reference_price_cents);
    kg_sink_u32(sink, (uint32_t)entry->cpv_count);
    for (int i = 0; i < entry->cpv_count; i++)
        kg_sink_u32(sink, cpv[i]);
    kg_sink_u32(sink, (uint32_t)entry->criteria_count);
    for (int i = 0; i < entry->criteria_count; i++)
        kg_sink_text(sink, catalogue->criteria[entry->criteria[i]].id);
}

void kg_catalogue_write(const kg_catalogue *catalogue, kg_sink sink)
{
    kg_sink_text(sink, "kopgroep catalogue 1");
    kg_sink_u32(sink, (uint32_t)catalogue->criteria_count);
    for (size_t i = 0; i < catalogue->criteria_count; i++)
        criterion_write(&catalogue->criteria[i], sink);
    kg_sink_u32(sink, (uint32_t)catalogue->categories_count);
    for (size_t i = 0; i < catalogue->categories_count; i++)
        category_write(catalogue, &catalogue->categories[i], sink);
    kg_sink_u32(sink, (uint32_t)catalogue->thresholds_count);
    for (size_t i = 0; i < catalogue->thresholds_count; i++) {
        const kg_threshold *threshold = &catalogue->thresholds[i];
        kg_sink_text(sink, threshold->id);
        kg_sink_i64(sink, threshold->value_cents);
        kg_sink_i64(sink, threshold->from);
        kg_sink_i64(sink, threshold->to);
    }
}

const kg_life_cycle *kg_catalogue_life_cycle(const kg_catalogue *catalogue, kg_category category)
{
    for (size_t i = 0; i < catalogue->life_cycles_count; i++)
        if (catalogue->life_cycles[i].category == category)
            return &catalogue->life_cycles[i];
    return NULL;
}

const kg_label *kg_catalogue_label(const kg_catalogue *catalogue, const char *name)
{
    for (size_t i = 0; i < catalogue->labels_count; i++)
        if (strcmp(catalogue->labels[i].id, name) == 0)
            return &catalogue->labels[i];
    return NULL;
}

bool kg_label_proves(const kg_label *label, kg_category category, int criterion, uint8_t rank)
{
    for (int i = 0; i < label->proves_count; i++) {
        const kg_level_ref *proof = &label->proves[i];
        if (proof->category == category && proof->criterion == criterion && proof->rank >= rank)
            return true;
    }
    return false;
}

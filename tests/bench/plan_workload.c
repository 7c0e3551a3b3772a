/* SPDX-License-Identifier: EUPL-1.2 */
#include "plan_workload.h"

#include <stdio.h>
#include <stdlib.h>

#define CRITERIA 12
#define PERIOD_FROM 20819 /* 2027-01-01 */
#define PERIOD_DAYS 547   /* 18 months */

/* Ids ascend, so that a place in a level vector is a place in a category's list. */
static const char *const criteria[CRITERIA] = {
    "battery-cycles",   "conflict-minerals", "energy-class",   "halogen-free",
    "living-wage",      "noise-db",          "packaging-back", "recycled-plastic",
    "repair-index",     "spare-parts-years", "update-years",   "warranty-years"};
static const int levels_of[CRITERIA] = {5, 3, 6, 2, 3, 4, 2, 5, 6, 5, 6, 6};

static const struct {
    const char *id;
    uint32_t cpv;
    int64_t price_cents;
    int criteria[CRITERIA]; /* ends with -1 */
} categories[WORKLOAD_CATEGORIES] = {
    {"desktop", 30213300, 70000, {1, 2, 4, 5, 7, 8, 9, 11, -1}},
    {"laptop", 30213100, 90000, {0, 1, 4, 7, 8, 9, 10, 11, -1}},
    {"monitor", 30231300, 20000, {1, 2, 3, 7, 9, 11, -1}},
    {"network", 32420000, 150000, {1, 2, 4, 9, 10, 11, -1}},
    {"peripheral", 30237000, 5000, {1, 6, 7, 11, -1}},
    {"printer", 30232110, 40000, {2, 3, 5, 7, 9, 11, -1}},
    {"projector", 38652100, 80000, {2, 5, 6, 9, 11, -1}},
    {"server", 48820000, 900000, {1, 2, 4, 9, 10, 11, -1}},
    {"smartphone", 32250000, 50000, {0, 1, 4, 7, 8, 9, 10, 11, -1}},
    {"storage", 30233000, 400000, {1, 2, 9, 11, -1}},
    {"tablet", 30213200, 45000, {0, 1, 4, 7, 8, 10, 11, -1}},
    {"thin-client", 30231100, 35000, {2, 5, 7, 10, 11, -1}},
    {"workstation", 30214000, 180000, {1, 2, 4, 7, 8, 9, 11, -1}},
};

static const struct {
    const char *code;
    uint8_t languages[2]; /* bit numbers of nl fr de en, then of further ones from 4 on */
} countries[] = {{"AT", {2, 2}},  {"BE", {0, 1}},   {"BG", {4, 4}},   {"CY", {5, 3}},
                 {"CZ", {6, 6}},  {"DE", {2, 3}},   {"DK", {7, 3}},   {"EE", {8, 8}},
                 {"EL", {5, 5}},  {"ES", {9, 9}},   {"FI", {10, 11}}, {"FR", {1, 1}},
                 {"HR", {12, 12}}, {"HU", {13, 13}}, {"IE", {3, 3}},   {"IT", {14, 14}},
                 {"LT", {15, 15}}, {"LU", {1, 2}},   {"LV", {16, 16}}, {"MT", {3, 17}},
                 {"NL", {0, 3}},  {"PL", {18, 18}}, {"PT", {19, 19}}, {"RO", {20, 20}},
                 {"SE", {11, 3}}, {"SI", {21, 21}}, {"SK", {22, 6}}};
#define COUNTRIES (sizeof countries / sizeof *countries)
static const char *const further_languages[] = {"bg", "el", "cs", "da", "et", "es", "fi",
                                                "sv", "hr", "hu", "it", "lt", "lv", "mt",
                                                "pl", "pt", "ro", "sl", "sk"};

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = mix(*state);
    return (uint64_t)(((kg_int128)(*state >> 1) * (kg_int128)below) >> 63);
}

const char *workload_category(int category)
{
    return categories[category].id;
}

static int places(int category)
{
    int count = 0;
    while (categories[category].criteria[count] >= 0)
        count++;
    return count;
}

const char *workload_criterion(int category, int place)
{
    return place < places(category) ? criteria[categories[category].criteria[place]] : NULL;
}

char *workload_catalogue_text(void)
{
    kg_buffer out;
    kg_buffer_init(&out);
    for (int c = 0; c < CRITERIA; c++) {
        kg_buffer_format(&out, "criterion \"%s\" { scale = {", criteria[c]);
        for (int l = 0; l < levels_of[c]; l++)
            kg_buffer_format(&out, "%s\"%d\"", l ? "," : "", l);
        kg_buffer_format(&out, "}  type = \"technical\" }\n");
    }
    for (int c = 0; c < WORKLOAD_CATEGORIES; c++) {
        int64_t price = categories[c].price_cents;
        kg_buffer_format(&out, "category \"%s\" { cpv = {\"%08u\"}  reference_price = \"%ld.00\"",
                         categories[c].id, categories[c].cpv, (long)(price / 100));
        kg_buffer_format(&out, "  criteria = {");
        for (int p = 0; p < places(c); p++)
            kg_buffer_format(&out, "%s\"%s\"", p ? "," : "", workload_criterion(c, p));
        kg_buffer_format(&out, "} }\n");
    }
    return out.bytes;
}

const char *workload_round_text(void)
{
    return "round \"workload\" {\n"
           "  nuts_level = 1\n"
           "  delivery_from = \"2027-01-01\"  delivery_to = \"2028-06-30\"\n"
           "  opens = \"2026-06-01\"  closes = \"2026-09-01\"  confirm_by = \"2026-10-01\"\n"
           "  award_by = \"2026-12-01\"\n"
           "  bodies_min = 3  window_days_min = 14\n"
           "}\n";
}

static bool counts_code(const char *code)
{
    for (size_t i = 0; i < COUNTRIES; i++)
        if (strlen(code) == 5 && memcmp(code, countries[i].code, 2) == 0 &&
            memcmp(code + 2, "ZZZ", 3) != 0)
            return true;
    return false;
}

void workload_init(workload *w, const char *nuts_path, uint64_t seed)
{
    char row[1024];
    size_t capacity = 0;
    FILE *file = fopen(nuts_path, "r");
    if (!file) {
        perror(nuts_path);
        exit(4);
    }
    memset(w, 0, sizeof *w);
    w->seed = seed;
    while (fgets(row, sizeof row, file)) {
        row[strcspn(row, ",")] = 0;
        if (!counts_code(row))
            continue;
        w->nuts = kg_grow(w->nuts, w->nuts_count, &capacity, sizeof *w->nuts);
        memcpy(w->nuts[w->nuts_count++].code, row, sizeof w->nuts->code);
    }
    fclose(file);
}

void workload_fini(workload *w)
{
    free(w->nuts);
    memset(w, 0, sizeof *w);
}

static kg_languages languages_of(const kg_nuts *nuts, uint64_t *state)
{
    for (size_t i = 0; i < COUNTRIES; i++) {
        if (memcmp(nuts->code, countries[i].code, 2) != 0)
            continue;
        kg_languages out = 0;
        int both = draw(state, 100) < 50, first = (int)draw(state, 2);
        for (int k = 0; k < 2; k++) {
            int bit = countries[i].languages[k];
            if (bit >= 4)
                bit = kg_language_find(further_languages[bit - 4]);
            if (both || k == first)
                out |= (kg_languages)1 << bit;
        }
        return out;
    }
    return 1;
}

static void levels(kg_demand *line, uint64_t *state)
{
    line->lo = kg_levels_fill(0);
    line->hi = kg_levels_fill(KG_LEVEL_ANY);
    if (draw(state, 100) < 40) {
        uint64_t profile = mix(77 + draw(state, WORKLOAD_PROFILES));
        for (int p = 0; p < places(line->category); p++) {
            int count = levels_of[categories[line->category].criteria[p]];
            profile = mix(profile);
            line->lo.rank[p] = (uint8_t)(profile % 3 ? profile / 3 % (uint64_t)(count - 1) : 0);
        }
        return;
    }
    for (int p = 0; p < places(line->category); p++) {
        uint64_t count = (uint64_t)levels_of[categories[line->category].criteria[p]], lo = 0;
        if (draw(state, 100) < 20)
            lo = 1 + draw(state, count - 1);
        line->lo.rank[p] = (uint8_t)lo;
        if (draw(state, 100) < 15 && lo < count - 1)
            line->hi.rank[p] = (uint8_t)(lo + draw(state, count - 1 - lo));
    }
}

kg_demand workload_line(const workload *w, uint64_t index)
{
    kg_demand line = {.order_by = KG_DATE_NONE};
    uint64_t state = mix(w->seed ^ mix(index + 1));
    uint64_t u = draw(&state, 1000000), share;
    line.organisation = (uint32_t)(u * u / 1000000 * WORKLOAD_ORGANISATIONS / 1000000);
    uint64_t body = mix(w->seed + line.organisation);
    line.nuts = w->nuts[draw(&body, w->nuts_count)];
    line.category = (kg_category)draw(&state, WORKLOAD_CATEGORIES);
    line.cpv = categories[line.category].cpv;
    share = draw(&state, 100);
    line.conditions = share < 75   ? KG_CONDITION_NEW
                      : share < 90 ? KG_CONDITION_EITHER
                                   : KG_CONDITION_REFURBISHED;
    line.track = draw(&state, 100) < 15 ? KG_TRACK_KOPGROEP : KG_TRACK_PELOTON;
    line.binding = draw(&state, 100) < 10;
    uint64_t length = 30 + draw(&state, 171);
    line.from = PERIOD_FROM + (kg_date)draw(&state, PERIOD_DAYS - length + 1);
    line.to = line.from + (kg_date)length - 1;
    line.languages = languages_of(&line.nuts, &state);
    int64_t octave = (int64_t)1 << draw(&state, 10);
    line.quantity = octave + (int64_t)draw(&state, (uint64_t)octave);
    line.quantity = line.quantity > 1000 ? 1000 : line.quantity;
    line.quantity_max = line.quantity;
    line.value_cents = line.quantity * categories[line.category].price_cents;
    line.value_max_cents = line.value_cents;
    levels(&line, &state);
    return line;
}

kg_demand *workload_lines(const workload *w, size_t count)
{
    kg_demand *lines = kg_realloc(NULL, count + 1, sizeof *lines);
    size_t *first = kg_alloc(WORKLOAD_ORGANISATIONS + 1, sizeof *first);
    for (size_t i = 0; i < count; i++)
        first[workload_line(w, i).organisation + 1]++;
    for (size_t i = 0; i < WORKLOAD_ORGANISATIONS; i++)
        first[i + 1] += first[i];
    for (size_t i = 0; i < count; i++) {
        kg_demand line = workload_line(w, i);
        lines[first[line.organisation]++] = line;
    }
    free(first);
    return lines;
}

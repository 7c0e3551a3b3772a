/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue file's sections on the cost over the whole life. */
#include <string.h>

#include "proto/catalogue_parts_file.h"

#define YEARS_MAX 30
#define DISCOUNT_MAX 2500          /* hundredths of a per cent */
#define ELECTRICITY_MAX 1000000    /* hundredths of a cent: 100 EUR a kWh */
#define GRAMS_MAX 10000
#define CARBON_MAX 10000000 /* cents: 100,000 EUR a tonne */

enum {
    CYCLE_YEARS_MAX,
    DISCOUNT_PERCENT,
    ELECTRICITY_CENTS_KWH,
    EMISSION_GRAMS_KWH,
    CARBON_PRICE,
    SOURCE,
    VERIFIED
};
const kg_key kg_life_cycle_keys[] = {
    {"years_max", false},
    {"discount_percent", false},
    {"electricity_cents_kwh", false},
    {"emission_grams_kwh", false},
    {"carbon_price", false},
    {"source", false},
    {"verified", false},
    {NULL, false},
};

/* With two decimals: kept in hundredths. */
static void read_hundredths(const kg_section *section, int key, int64_t most, int64_t *out,
                            kg_problems *problems)
{
    if (kg_section_require(section, key, problems) &&
        kg_section_money(section, key, out, problems) && *out > most)
        kg_section_problem(section, key, kg_section_get(section, key), KG_STATUS_INVALID, problems,
                           "At most %lld.00.", (long long)(most / 100));
}

static void read_whole(const kg_section *section, int key, int64_t least, int64_t most,
                       int64_t *out, kg_problems *problems)
{
    if (kg_section_require(section, key, problems))
        (void)kg_section_integer(section, key, least, most, out, problems);
}

void kg_life_cycle_read(kg_catalogue *catalogue, const kg_section *section, void *entry,
                        kg_problems *problems)
{
    kg_life_cycle *out = entry;
    int category = kg_catalogue_category(catalogue, section->title);
    const char *source = kg_section_text(section, SOURCE);
    if (category < 0)
        kg_section_problem(section, -1, NULL, KG_STATUS_UNKNOWN_CATEGORY, problems,
                           "It is titled by a category of the catalogue.");
    out->category = (uint16_t)category;
    read_whole(section, CYCLE_YEARS_MAX, 1, YEARS_MAX, &out->years_max, problems);
    read_hundredths(section, DISCOUNT_PERCENT, DISCOUNT_MAX, &out->discount_hundredths, problems);
    read_hundredths(section, ELECTRICITY_CENTS_KWH, ELECTRICITY_MAX, &out->electricity_hundredths,
                    problems);
    read_whole(section, EMISSION_GRAMS_KWH, 0, GRAMS_MAX, &out->emission_grams, problems);
    read_hundredths(section, CARBON_PRICE, CARBON_MAX, &out->carbon_cents, problems);
    out->source = source ? kg_arena_text(&catalogue->arena, source, strlen(source)) : NULL;
    (void)kg_section_bool(section, VERIFIED, &out->verified, problems);
}

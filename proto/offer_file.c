/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/offer_section.h"

#include <stdlib.h>
#include <string.h>

const kg_key kg_offer_keys[KG_OFFER_KEYS + 1] = {
    [KG_OFFER_UNIT_PRICE] = {"unit_price", false},
    [KG_OFFER_INSTALLATION] = {"installation", false},
    [KG_OFFER_ENERGY_KWH_YEAR] = {"energy_kwh_year", false},
    [KG_OFFER_SERVICE_YEAR] = {"service_year", false},
    [KG_OFFER_LIFETIME_YEARS] = {"lifetime_years", false},
    [KG_OFFER_RESIDUAL_VALUE] = {"residual_value", false},
    [KG_OFFER_TAKE_BACK] = {"take_back", false},
    [KG_OFFER_LEVELS] = {"levels", true},
    [KG_OFFER_LABELS] = {"labels", true},
};

static const kg_section_kind kinds[] = {{"offer", kg_offer_keys}, {NULL, NULL}};

static const char *keep(kg_arena *arena, const char *text)
{
    return kg_arena_text(arena, text, strlen(text));
}

/* Amounts have two decimals, as energy has. */
static void read_amount(const kg_section *section, int key, int64_t most, int64_t *out,
                        kg_problems *problems)
{
    if (kg_section_money(section, key, out, problems) && *out > most)
        kg_section_problem(section, key, kg_section_get(section, key), KG_STATUS_INVALID, problems,
                           "At most %lld.00.", (long long)(most / 100));
}

static void read_level(const kg_section *section, const kg_setting *setting, kg_arena *arena,
                       kg_offer *out, kg_problems *problems)
{
    const char *equals = strchr(setting->text, '=');
    if (!equals || equals == setting->text || !equals[1] ||
        !kg_text_valid(setting->text, SIZE_MAX)) {
        kg_section_problem(section, KG_OFFER_LEVELS, setting, KG_STATUS_INVALID, problems,
                           "A level is written criterion=level.");
        return;
    }
    out->levels[out->levels_count++] =
        (kg_level_text){kg_arena_text(arena, setting->text, (size_t)(equals - setting->text)),
                        keep(arena, equals + 1)};
}

static void read_label(const kg_section *section, const kg_setting *setting, kg_arena *arena,
                       kg_offer *out, kg_problems *problems)
{
    if (!kg_text_valid(setting->text, KG_TITLE_BYTES_MAX))
        kg_section_problem(section, KG_OFFER_LABELS, setting, KG_STATUS_INVALID, problems,
                           "A label's name is 1 to %d bytes, without control characters.",
                           KG_TITLE_BYTES_MAX);
    out->labels.items[out->labels.count++] = keep(arena, setting->text);
}

static void read_lists(const kg_section *section, kg_arena *arena, kg_offer *out,
                       kg_problems *problems)
{
    const kg_setting_list *levels = &section->keys[KG_OFFER_LEVELS],
                          *labels = &section->keys[KG_OFFER_LABELS];
    if (levels->count > KG_CATEGORY_CRITERIA_MAX || labels->count > KG_OFFER_LABELS_MAX) {
        kg_section_problem(section, -1, NULL, KG_STATUS_INVALID, problems,
                           "At most %d levels and %d labels.", KG_CATEGORY_CRITERIA_MAX,
                           KG_OFFER_LABELS_MAX);
        return;
    }
    out->levels = kg_arena_alloc(arena, (levels->count + 1) * sizeof *out->levels);
    for (size_t i = 0; i < levels->count; i++)
        read_level(section, &levels->items[i], arena, out, problems);
    out->labels.items = kg_arena_alloc(arena, (labels->count + 1) * sizeof *out->labels.items);
    for (size_t i = 0; i < labels->count; i++)
        read_label(section, &labels->items[i], arena, out, problems);
}

void kg_offer_take(const kg_section *section, kg_arena *arena, kg_offer *out, kg_problems *problems)
{
    out->supplier = keep(arena, section->title);
    if (!kg_text_valid(section->title, KG_TITLE_BYTES_MAX))
        kg_section_problem(section, -1, NULL, KG_STATUS_INVALID, problems,
                           "A supplier's name is 1 to %d bytes, without control characters.",
                           KG_TITLE_BYTES_MAX);
    (void)kg_section_require(section, KG_OFFER_UNIT_PRICE, problems);
    (void)kg_section_require(section, KG_OFFER_LIFETIME_YEARS, problems);
    read_amount(section, KG_OFFER_UNIT_PRICE, KG_OFFER_CENTS_MAX, &out->unit_price_cents, problems);
    read_amount(section, KG_OFFER_INSTALLATION, KG_OFFER_CENTS_MAX, &out->installation_cents,
                problems);
    read_amount(section, KG_OFFER_ENERGY_KWH_YEAR, KG_OFFER_ENERGY_MAX, &out->energy_hundredths,
                problems);
    read_amount(section, KG_OFFER_SERVICE_YEAR, KG_OFFER_CENTS_MAX, &out->service_cents, problems);
    (void)kg_section_integer(section, KG_OFFER_LIFETIME_YEARS, 1, KG_OFFER_YEARS_MAX,
                             &out->lifetime_years, problems);
    read_amount(section, KG_OFFER_RESIDUAL_VALUE, KG_OFFER_CENTS_MAX, &out->residual_cents,
                problems);
    read_amount(section, KG_OFFER_TAKE_BACK, KG_OFFER_CENTS_MAX, &out->take_back_cents, problems);
    read_lists(section, arena, out, problems);
}

void kg_offers_check_count(size_t count, kg_problems *problems)
{
    if (count == 0 || count > KG_OFFERS_MAX)
        kg_problems_add(problems, KG_STATUS_OFFERS, 0, NULL, NULL, NULL);
}

static kg_offer *read_sections(const kg_settings *settings, kg_arena *arena, size_t *count,
                               kg_problems *problems)
{
    kg_offer *offers = kg_arena_alloc(arena, (settings->count + 1) * sizeof *offers);
    for (size_t i = 0; i < settings->count; i++)
        if (settings->sections[i].kind == &kinds[0])
            kg_offer_take(&settings->sections[i], arena, &offers[(*count)++], problems);
    kg_offers_check_count(*count, problems);
    return offers;
}

kg_offer *kg_offers_read(const char *path, kg_arena *arena, size_t *count, kg_problems *problems)
{
    const size_t before = problems->count;
    kg_settings settings;
    *count = 0;
    char *text = kg_settings_load(path, problems);
    if (!text)
        return NULL;
    bool whole = kg_settings_read(text, kinds, &settings, problems);
    kg_offer *offers = whole ? read_sections(&settings, arena, count, problems) : NULL;
    kg_settings_sort_problems(problems, before);
    kg_settings_fini(&settings);
    free(text);
    return problems->count == before ? offers : NULL;
}

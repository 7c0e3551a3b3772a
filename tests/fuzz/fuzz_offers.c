/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as suppliers' offers, as a settings file, a CSV and a workbook: refused with problems,
 * or offers that keep every rule. */
#include <stdlib.h>
#include <string.h>

#include "client/workbook/offer_workbook.h"
#include "client/workbook/plan_workbook.h"
#include "tests/fuzz/fuzz.h"

static void need_amount(int64_t cents, int64_t most)
{
    fuzz_need(cents >= 0 && cents <= most);
}

static void need_offer_right(const kg_offer *offer)
{
    fuzz_need(kg_text_valid(offer->supplier, KG_TITLE_BYTES_MAX));
    need_amount(offer->unit_price_cents, KG_OFFER_CENTS_MAX);
    need_amount(offer->installation_cents, KG_OFFER_CENTS_MAX);
    need_amount(offer->energy_hundredths, KG_OFFER_ENERGY_MAX);
    need_amount(offer->service_cents, KG_OFFER_CENTS_MAX);
    need_amount(offer->residual_cents, KG_OFFER_CENTS_MAX);
    need_amount(offer->take_back_cents, KG_OFFER_CENTS_MAX);
    fuzz_need(offer->lifetime_years >= 1 && offer->lifetime_years <= KG_OFFER_YEARS_MAX);
    fuzz_need(offer->labels.count <= KG_OFFER_LABELS_MAX);
    fuzz_need(offer->levels_count <= KG_CATEGORY_CRITERIA_MAX);
    for (size_t i = 0; i < offer->levels_count; i++)
        fuzz_need(kg_text_valid(offer->levels[i].criterion, SIZE_MAX) &&
                  kg_text_valid(offer->levels[i].level, SIZE_MAX));
    for (size_t i = 0; i < offer->labels.count; i++)
        fuzz_need(kg_text_valid(offer->labels.items[i], SIZE_MAX));
}

typedef kg_offer *reader(const char *path, kg_arena *arena, size_t *count, kg_problems *problems);

static void try(reader *read, const char *path)
{
    size_t count = 0;
    kg_arena arena;
    kg_problems problems;
    kg_arena_init(&arena);
    kg_problems_init(&problems, "offers");
    kg_offer *offers = read(path, &arena, &count, &problems);
    fuzz_need((offers != NULL) == (problems.count == 0));
    fuzz_need(!offers || (count > 0 && count <= KG_OFFERS_MAX));
    for (size_t i = 0; offers && i < count; i++)
        need_offer_right(&offers[i]);
    for (size_t i = 0; i < problems.count; i++) {
        char *text = kg_problem_write(&problems.items[i]);
        fuzz_need(kg_text_valid(text, SIZE_MAX));
        free(text);
    }
    kg_problems_fini(&problems);
    kg_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_path(data, size);
    try(kg_offers_read, path);
    try(kg_offers_read_csv, path);
    if (kg_workbook_is(path))
        try(kg_offer_workbook_read, path);
    return 0;
}

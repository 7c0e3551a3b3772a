/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a plan file: refused with problems, or lines that keep every rule. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_file.h"
#include "proto/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\",\"3\",\"5\"}\n"
    "  type = \"technical\" }\n"
    "criterion \"take-back\" { scale = {\"no\",\"yes\"} type = \"clause\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"800.00\"\n"
    "  criteria = {\"warranty-years\",\"take-back\"} }\n"
    "category \"monitor\" { cpv = {\"30231000\"} criteria = {\"warranty-years\"} }\n"
    "profile \"core\" { levels = {\"warranty-years=2\"} }\n";

static void need(bool condition)
{
    if (!condition)
        abort();
}

/* Read once: it is the files that are tried here. */
static const kg_catalogue *small_catalogue(void)
{
    static kg_catalogue *catalogue;
    if (!catalogue) {
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        catalogue = kg_catalogue_read_text(catalogue_text, "catalogue", &problems);
        need(catalogue != NULL);
        kg_problems_fini(&problems);
    }
    return catalogue;
}

static void need_problems_well_formed(const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        char *text = kg_problem_write(&problems->items[i]);
        need(kg_text_valid(text, SIZE_MAX));
        free(text);
    }
}

static void need_line_right(const kg_plan_line *line, bool offline)
{
    need(line->line && kg_text_valid(line->line, KG_LINE_KEY_BYTES_MAX));
    need(!offline == !line->organisation);
    need(!offline || kg_id_valid(line->organisation));
    need(!*line->title || kg_text_valid(line->title, KG_TITLE_BYTES_MAX));
    need(line->category != KG_CATEGORY_NONE);
    need(line->conditions >= KG_CONDITION_NEW && line->conditions <= KG_CONDITION_EITHER);
    need(line->quantity_min <= line->quantity && line->quantity <= line->quantity_max);
    need(line->quantity_max <= KG_QUANTITY_MAX && line->has_quantity == (line->quantity > 0));
    need(line->value_cents >= 0 && line->value_cents <= line->value_max_cents);
    need(line->value_max_cents <= KG_VALUE_CENTS_MAX);
    need(line->delivery_from <= line->delivery_to);
    need(kg_nuts_listed(line->nuts.code) && line->languages != 0);
    need(kg_levels_within(&line->lo, &line->hi));
}

static void need_keys_apart(kg_plan *plan)
{
    kg_plan_sort(plan);
    for (size_t i = 1; i < plan->count; i++)
        need(kg_plan_line_compare(&plan->lines[i - 1], &plan->lines[i]) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kg_plan plan;
    kg_problems problems;
    bool offline = memmem(data, size, "organisation", 12) != NULL;
    kg_plan_reading reading = {
        .catalogue = small_catalogue(), .languages = 1, .organisation_column = offline};
    kg_plan_init(&plan);
    kg_problems_init(&problems, "plan.csv");
    bool right =
        kg_plan_read_bytes((const char *)data, size, &reading, &plan, &problems);
    need(right == (problems.count == 0));
    need_problems_well_formed(&problems);
    if (right) {
        need(plan.count > 0 && plan.count == reading.rows);
        for (size_t i = 0; i < plan.count; i++)
            need_line_right(&plan.lines[i], offline);
        need_keys_apart(&plan);
    }
    kg_problems_fini(&problems);
    kg_plan_fini(&plan);
    return 0;
}

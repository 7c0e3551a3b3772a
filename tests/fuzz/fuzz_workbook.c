/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a workbook: refused with problems, or lines that were all read. Its seeds are the
 * books of tests/workbook. */
#include <stdlib.h>

#include "client/workbook/plan_workbook.h"
#include "proto/catalogue_file.h"
#include "tests/fuzz/fuzz.h"

static const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\",\"3\",\"5\"}\n"
    "  type = \"technical\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"800.00\"\n"
    "  criteria = {\"warranty-years\"} }\n";

/* Read once: it is the workbooks that are tried here. */
static const kg_catalogue *small_catalogue(void)
{
    static kg_catalogue *catalogue;
    if (!catalogue) {
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        catalogue = kg_catalogue_read_text(catalogue_text, "catalogue", &problems);
        fuzz_need(catalogue != NULL);
        kg_problems_fini(&problems);
    }
    return catalogue;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kg_plan plan;
    kg_problems problems;
    kg_plan_reading reading = {.catalogue = small_catalogue(), .languages = 1};
    kg_plan_init(&plan);
    kg_problems_init(&problems, "plan.xlsx");
    bool right = kg_workbook_read(fuzz_path(data, size), &reading, &plan, &problems);
    fuzz_need(right == (problems.count == 0));
    fuzz_need(!right || (plan.count > 0 && plan.count == reading.rows));
    for (size_t i = 0; i < problems.count; i++) {
        char *text = kg_problem_write(&problems.items[i]);
        fuzz_need(kg_text_valid(text, SIZE_MAX));
        free(text);
    }
    kg_problems_fini(&problems);
    kg_plan_fini(&plan);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_plan.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "proto/catalogue_file.h"

static const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\",\"3\",\"5\",\"7\"}\n"
    "  type = \"technical\" }\n"
    "criterion \"battery-cycles\" { scale = {\"0\",\"500\",\"800\",\"1000\"}\n"
    "  type = \"technical\" }\n"
    "criterion \"take-back\" { scale = {\"no\",\"yes\"} type = \"clause\" }\n"
    "criterion \"rack-depth\" { scale = {\"any\",\"short\"} type = \"technical\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"800.00\"\n"
    "  criteria = {\"warranty-years\",\"battery-cycles\",\"take-back\"} }\n"
    "category \"monitor\" { cpv = {\"30231000\"} criteria = {\"warranty-years\"} }\n"
    "profile \"core\" { levels = {\"warranty-years=2\",\"battery-cycles=500\"} }\n"
    "profile \"high\" { levels = {\"warranty-years=5\",\"battery-cycles=1000\"} }\n";

kg_catalogue *small_catalogue(void)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(catalogue_text, "catalogue", &problems);
    need_problems(&problems, 0);
    assert_non_null(catalogue);
    kg_problems_fini(&problems);
    return catalogue;
}

static void show(const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        char *text = kg_problem_write(&problems->items[i]);
        print_error("problem: %s\n", text);
        free(text);
    }
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

const kg_problem *need_problem(const kg_problems *problems, kg_status status, long row,
                               const char *column)
{
    for (size_t i = 0; i < problems->count; i++) {
        const kg_problem *item = &problems->items[i];
        if (item->status == status && item->row == row && same(item->column, column))
            return item;
    }
    show(problems);
    fail_msg("no %s in row %ld, column %s", kg_status_name(status), row, column ? column : "-");
    return NULL;
}

void need_problems(const kg_problems *problems, size_t count)
{
    if (problems->count == count)
        return;
    show(problems);
    fail_msg("%zu problems, not %zu", problems->count, count);
}

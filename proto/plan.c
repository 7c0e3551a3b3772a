/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan.h"

#include <stdlib.h>

void kg_plan_init(kg_plan *plan)
{
    *plan = (kg_plan){0};
    kg_arena_init(&plan->arena);
}

void kg_plan_fini(kg_plan *plan)
{
    free(plan->lines);
    kg_arena_fini(&plan->arena);
    *plan = (kg_plan){0};
}

static int compare(const void *a, const void *b)
{
    return kg_plan_line_compare(a, b);
}

void kg_plan_sort(kg_plan *plan)
{
    qsort(plan->lines, plan->count, sizeof plan->lines[0], compare);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_line.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

int line_set_up(void **state)
{
    struct line_scene *s = kg_alloc(1, sizeof *s);
    s->catalogue = small_catalogue();
    kg_arena_init(&s->arena);
    kg_problems_init(&s->problems, NULL);
    *state = s;
    return 0;
}

int line_tear_down(void **state)
{
    struct line_scene *s = *state;
    kg_catalogue_destroy(&s->catalogue);
    kg_arena_fini(&s->arena);
    kg_problems_fini(&s->problems);
    free(s);
    return 0;
}

void line_start(struct line_scene *s)
{
    s->draft = (kg_line_draft){0};
    s->draft.text[KG_COLUMN_LINE] = "l1";
    s->draft.text[KG_COLUMN_CATEGORY] = "laptop";
    s->draft.text[KG_COLUMN_QUANTITY] = "10";
    s->draft.text[KG_COLUMN_DELIVERY_FROM] = "2027-01-01";
    s->draft.text[KG_COLUMN_DELIVERY_TO] = "2027-06-30";
    s->draft.text[KG_COLUMN_NUTS] = "BE211";
    kg_problems_fini(&s->problems);
    kg_problems_init(&s->problems, NULL);
}

bool line_check(struct line_scene *s)
{
    return kg_plan_line_check(&s->draft, s->catalogue, TEST_NL, TEST_ROW, &s->arena, &s->line,
                              &s->problems);
}

void line_start_with(struct line_scene *s, const struct line_change *change)
{
    line_start(s);
    s->draft.text[change->column] = change->text;
    if (change->other)
        s->draft.text[change->other_column] = change->other;
}

void line_need_right(struct line_scene *s)
{
    bool right = line_check(s);
    need_problems(&s->problems, 0);
    assert_true(right);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A line that is right, to be changed and checked. */
#ifndef KG_TEST_HELPER_LINE_H
#define KG_TEST_HELPER_LINE_H

#include "helper_plan.h"

#define TEST_NL ((kg_languages)1 << KG_LANGUAGE_NL) /* what the lines get that name no language */
#define TEST_FR ((kg_languages)1 << KG_LANGUAGE_FR)
#define TEST_ROW 7

/* One column of a line that is otherwise right, or two. */
struct line_change {
    kg_column column;
    const char *text;
    kg_column other_column;
    const char *other;
};

struct line_scene {
    kg_catalogue *catalogue; /* small_catalogue() */
    kg_arena arena;
    kg_problems problems;
    kg_plan_line line; /* as last checked */
    kg_line_draft draft;
};

/* For cmocka: *state is a scene. */
int line_set_up(void **state);
int line_tear_down(void **state);

/* The right line (ten laptops for BE211), and no problems. */
void line_start(struct line_scene *scene);
void line_start_with(struct line_scene *scene, const struct line_change *change);
bool line_check(struct line_scene *scene);
/* Fails the test when anything is wrong with the line. */
void line_need_right(struct line_scene *scene);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of kg_plan_line_check() share; nobody else includes this. */
#ifndef KG_PLAN_LINE_CHECK_H
#define KG_PLAN_LINE_CHECK_H

#include "proto/plan_line.h"

typedef struct kg_line_check {
    const kg_line_draft *draft;
    const kg_catalogue *catalogue;
    kg_arena *arena;
    kg_plan_line *out;
    kg_problems *problems;
    long row;
    uint32_t wrong; /* set of columns in which a problem was found, or told before */
} kg_line_check;

/* The text of a column; NULL where it is absent, or told to be wrong before. */
const char *kg_line_given(const kg_line_check *check, kg_column column);
bool kg_line_wrong(const kg_line_check *check, kg_column column);
/* Adds a problem of a column; `format` NULL takes the status's own text. */
__attribute__((format(printf, 5, 6))) void kg_line_refuse(kg_line_check *check, kg_status status,
                                                          kg_column column, const char *value,
                                                          const char *format, ...);
/* The next word of a list with spaces, line breaks, commas or semicolons between, copied into
 * `word` (cut); moves `at` behind it; false at the end. */
bool kg_line_word(const char **at, char *word, size_t size);
/* Names with spaces between, for messages; in the check's arena. */
const char *kg_line_list(kg_line_check *check, const char *const *names, size_t count);
/* "Did you mean laptop? " or "". */
const char *kg_line_suggest(kg_line_check *check, const char *word, const char *const *names,
                            size_t count);

/* quantity, quantity_min, quantity_max, unit_price_max, value, currency, and the values derived. */
void kg_line_check_values(kg_line_check *check);
/* criteria, accepts and profile, once the category is known (or KG_CATEGORY_NONE, when only what
 * no category could have is refused). */
void kg_line_check_levels(kg_line_check *check);

#endif

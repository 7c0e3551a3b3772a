/* SPDX-License-Identifier: EUPL-1.2 */
/* A small catalogue and what tests of lines and plans ask of problems. */
#ifndef KG_TEST_HELPER_PLAN_H
#define KG_TEST_HELPER_PLAN_H

#include "proto/plan.h"

/* laptop (with a reference price of 800.00 and three criteria), monitor (without a price, one
 * criterion); profiles core and high. Returns owned. */
kg_catalogue *small_catalogue(void);
/* Fails the test unless there is a problem of this status, row and column (NULL: of the row). */
const kg_problem *need_problem(const kg_problems *problems, kg_status status, long row,
                               const char *column);
/* Fails the test, saying what they are, unless there are `count` problems. */
void need_problems(const kg_problems *problems, size_t count);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What an attacker reckons with: unknown amounts, none below zero, and sums of them between two
 * limits; GLPK finds what some of them can be together at least and at most. Columns are counted
 * from 0. */
#ifndef LINEAR_PROGRAMME_H
#define LINEAR_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glpk.h>

#define NO_LIMIT 1e300

typedef struct linear_programme {
    glp_prob *lp;
    glp_smcp options;
    int columns;
    size_t solved;
} linear_programme;

void programme_init(linear_programme *p, size_t columns);
void programme_fini(linear_programme *p);
/* A row: least <= sum of times[i] x columns[i] <= most; NO_LIMIT as `most` is none. */
void programme_add(linear_programme *p, const uint32_t *columns, const double *times, size_t count,
                   double least, double most);
/* Known from here on, or not any more. */
void programme_know(linear_programme *p, size_t column, double amount);
void programme_forget(linear_programme *p, size_t column);
/* How often a column counts in what is sought; 0 before. */
void programme_seek(linear_programme *p, size_t column, double times);
/* The bound in one direction: GLP_MIN, or GLP_MAX, of which NO_LIMIT may come. The test fails where
 * nothing is feasible: the truth must be. */
double programme_bound(linear_programme *p, int direction);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Is a history of operations on one plan line linearisable: can each be given a moment between its
 * call and its return, so that in the order of those moments each returns what it did? A line is a
 * register: it holds a quantity, or it is withdrawn, or it never was. Wing and Gong's search, with
 * Lowe's memory of what was tried: an operation is taken next only if it was called before every
 * other one that is left returned. */
#ifndef LINEAR_H
#define LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINEAR_OPERATIONS_MAX 64
#define LINE_ABSENT 0
#define LINE_WITHDRAWN (-1)
#define RETURN_NEVER INT64_MAX

typedef enum line_action {
    LINE_SUBMIT,   /* afterwards the line holds `value`, a quantity from 1 on */
    LINE_WITHDRAW, /* of a line that holds a quantity; it is withdrawn afterwards */
    LINE_REFUSED,  /* a withdrawal that was refused: there was nothing to withdraw */
    LINE_READ      /* saw `value` */
} line_action;

/* One whose outcome is not known returns never: it may have happened at any time after its call, or
 * not at all. */
typedef struct line_operation {
    line_action action;
    int64_t value;
    int64_t called, returned;
} line_operation;

/* What the operation makes of a line that holds `value`; false: it could not have returned so. One
 * that never returned may have been refused. */
bool linear_step(const line_operation *operation, int64_t *value);
bool linear_check(const line_operation *operations, size_t count);

#endif

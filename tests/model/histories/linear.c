/* SPDX-License-Identifier: EUPL-1.2 */
#include "linear.h"

#include <stdlib.h>
#include <uthash.h>

#include "proto/memory.h"

/* Which operations have been given a moment, and what the line holds then. */
typedef struct place {
    uint64_t taken;
    int64_t value;
} place;

typedef struct tried {
    place at;
    UT_hash_handle hh;
} tried;

typedef struct search {
    const line_operation *operations;
    size_t count;
    tried *tried; /* owned; from these places there is no way on */
} search;

bool linear_step(const line_operation *operation, int64_t *value)
{
    bool holds = *value > 0, unknown = operation->returned == RETURN_NEVER;
    switch (operation->action) {
    case LINE_SUBMIT:
        *value = operation->value;
        return true;
    case LINE_WITHDRAW:
        *value = holds ? LINE_WITHDRAWN : *value;
        return holds || unknown;
    case LINE_REFUSED:
        return !holds;
    case LINE_READ:
        return *value == operation->value || unknown;
    }
    return false;
}

static bool is_taken(uint64_t taken, size_t at)
{
    return taken >> at & 1;
}

/* The first return of those that are left; RETURN_NEVER: the others need not have happened. */
static int64_t first_return(const search *s, uint64_t taken)
{
    int64_t first = RETURN_NEVER;
    for (size_t i = 0; i < s->count; i++)
        if (!is_taken(taken, i) && s->operations[i].returned < first)
            first = s->operations[i].returned;
    return first;
}

static bool was_tried(search *s, const place *at)
{
    tried *found;
    HASH_FIND(hh, s->tried, at, sizeof *at, found);
    if (found)
        return true;
    found = kg_alloc(1, sizeof *found);
    found->at = *at;
    HASH_ADD(hh, s->tried, at, sizeof found->at, found);
    return false;
}

static bool find_order(search *s, place from)
{
    int64_t first = first_return(s, from.taken);
    if (first == RETURN_NEVER)
        return true;
    if (was_tried(s, &from))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        place to = {from.taken | UINT64_C(1) << i, from.value};
        if (!is_taken(from.taken, i) && s->operations[i].called <= first &&
            linear_step(&s->operations[i], &to.value) && find_order(s, to))
            return true;
    }
    return false;
}

bool linear_check(const line_operation *operations, size_t count)
{
    search s = {operations, count, NULL};
    tried *one, *next;
    if (count > LINEAR_OPERATIONS_MAX)
        abort();
    bool found = find_order(&s, (place){0, LINE_ABSENT});
    HASH_ITER(hh, s.tried, one, next)
    {
        HASH_DEL(s.tried, one);
        free(one);
    }
    return found;
}

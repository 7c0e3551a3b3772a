/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines that come are put into the finest cells in which they pass together. */
#include <stdlib.h>

#include "broker/query/disclosure_private.h"

typedef struct kg_arrival {
    kg_cell_key key;
    uint32_t line;
} kg_arrival;

static int compare_arrivals(const void *a, const void *b)
{
    const kg_arrival *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static kg_arrival *sort_arrivals(const kg_next_version *next)
{
    kg_arrival *arrivals = kg_alloc(next->coming_count, sizeof *arrivals);
    for (size_t i = 0; i < next->coming_count; i++) {
        kg_counted_line line;
        next->source->read(next->source->context, next->coming[i], &line);
        arrivals[i] = (kg_arrival){line.key, next->coming[i]};
    }
    qsort(arrivals, next->coming_count, sizeof *arrivals, compare_arrivals);
    return arrivals;
}

static bool together_safe(kg_next_version *next, const kg_arrival *arrivals, size_t count)
{
    kg_contributors_clear(&next->group);
    for (size_t i = 0; i < count; i++) {
        kg_counted_line line;
        next->source->read(next->source->context, arrivals[i].line, &line);
        kg_contributors_add(&next->group, line.holding, line.value_cents, line.quantity);
    }
    return kg_contributors_safe(&next->group, next->rules);
}

static void put_in(kg_next_version *next, const kg_arrival *arrivals, size_t count, int level)
{
    kg_disclosure_history *history = next->history;
    uint32_t class = kg_history_class_new(
        history, kg_history_cell_at(history, kg_cell_key_at(arrivals[0].key, level), level));
    for (size_t i = 0; i < count; i++) {
        kg_counted_line line;
        next->source->read(next->source->context, arrivals[i].line, &line);
        kg_history_put(history, class, arrivals[i].line, &line);
    }
}

static bool is_published(const kg_disclosure_history *history, kg_cell_key at, int level)
{
    uint32_t cell = kg_history_find_cell(history, at, level);
    return cell != UINT32_MAX && history->cells[cell].lines > 0;
}

/* One level's cells: puts in what passes; what neither passes nor waits is moved to the front.
 * Returns how many those are. */
static size_t settle(kg_next_version *next, kg_arrival *arrivals, size_t count, int level)
{
    size_t kept = 0;
    for (size_t from = 0, to; from < count; from = to) {
        kg_cell_key at = kg_cell_key_at(arrivals[from].key, level);
        for (to = from; to < count && kg_cell_key_at(arrivals[to].key, level) == at;)
            to++;
        if (together_safe(next, arrivals + from, to - from))
            put_in(next, arrivals + from, to - from, level);
        else if (!is_published(next->history, at, level))
            for (size_t i = from; i < to; i++)
                arrivals[kept++] = arrivals[i];
    }
    return kept;
}

void kg_next_version_come(kg_next_version *next)
{
    if (next->coming_count == 0)
        return;
    kg_arrival *arrivals = sort_arrivals(next);
    size_t count = next->coming_count;
    for (int level = 0; level < KG_CELL_LEVELS && count > 0; level++)
        count = settle(next, arrivals, count, level);
    free(arrivals);
}

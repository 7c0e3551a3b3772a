/* SPDX-License-Identifier: EUPL-1.2 */
/* Finding a history's cells, and its lines by class and cell. */
#include <stdlib.h>
#include <string.h>

#include "broker/query/disclosure_private.h"

static size_t slot_of(const kg_disclosure_history *history, kg_cell_key at, int level)
{
    uint64_t mixed = (uint64_t)(at >> 64) * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)at;
    mixed = (mixed ^ (uint64_t)level << 59) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed ^= mixed >> 32;
    size_t slot = mixed & (history->slots_count - 1);
    while (history->slots[slot] != 0) {
        const kg_version_cell *cell = &history->cells[history->slots[slot] - 1].sums;
        if (cell->at == at && cell->level == level)
            break;
        slot = (slot + 1) & (history->slots_count - 1);
    }
    return slot;
}

uint32_t kg_history_find_cell(const kg_disclosure_history *history, kg_cell_key at, int level)
{
    if (history->slots_count == 0)
        return UINT32_MAX;
    return history->slots[slot_of(history, at, level)] - 1;
}

static void widen(kg_disclosure_history *history)
{
    if (history->cells_count * 2 < history->slots_count)
        return;
    free(history->slots);
    history->slots_count = history->slots_count ? history->slots_count * 2 : 64;
    history->slots = kg_alloc(history->slots_count, sizeof *history->slots);
    for (size_t i = 0; i < history->cells_count; i++) {
        const kg_version_cell *cell = &history->cells[i].sums;
        history->slots[slot_of(history, cell->at, cell->level)] = (uint32_t)i + 1;
    }
}

uint32_t kg_history_cell_at(kg_disclosure_history *history, kg_cell_key at, int level)
{
    widen(history);
    size_t slot = slot_of(history, at, level);
    if (history->slots[slot] != 0)
        return history->slots[slot] - 1;
    history->cells = kg_grow(history->cells, history->cells_count, &history->cells_capacity,
                             sizeof *history->cells);
    history->cells[history->cells_count++] =
        (kg_history_cell){.sums = {.at = at, .level = level}};
    history->slots[slot] = (uint32_t)history->cells_count;
    return (uint32_t)history->cells_count - 1;
}

uint32_t kg_history_class_new(kg_disclosure_history *history, uint32_t cell)
{
    history->classes = kg_grow(history->classes, history->classes_count,
                               &history->classes_capacity, sizeof *history->classes);
    history->classes[history->classes_count++] = (kg_history_class){cell};
    return (uint32_t)history->classes_count - 1;
}

void kg_history_put(kg_disclosure_history *history, uint32_t class, size_t line,
                    const kg_counted_line *now)
{
    kg_history_cell *cell = &history->cells[history->classes[class].cell];
    history->images[line] = (kg_history_image){now->value_cents, (uint32_t)now->quantity, class};
    cell->sums.value_cents += now->value_cents;
    cell->sums.quantity += now->quantity;
    cell->lines++;
    cell->touched = true;
}

void kg_history_take(kg_disclosure_history *history, size_t line)
{
    kg_history_image *image = &history->images[line];
    kg_history_cell *cell = &history->cells[history->classes[image->class].cell];
    cell->sums.value_cents -= image->value_cents;
    cell->sums.quantity -= image->quantity;
    cell->lines--;
    cell->touched = true;
    image->class = 0;
}

bool kg_history_same_value(const kg_history_image *image, const kg_counted_line *now)
{
    return image->value_cents > 0 && image->value_cents == now->value_cents;
}

bool kg_history_same_quantity(const kg_history_image *image, const kg_counted_line *now)
{
    return image->quantity > 0 && image->quantity == now->quantity;
}

/* The group of a counted line, or UINT32_MAX: none that is wanted. */
static uint32_t group_of(const kg_disclosure_history *history, const bool *wanted, size_t line)
{
    uint32_t class = history->images[line].class;
    if (class == 0)
        return UINT32_MAX;
    if (wanted)
        return wanted[class] ? class : UINT32_MAX;
    uint32_t cell = history->classes[class].cell;
    return history->cells[cell].touched ? cell : UINT32_MAX;
}

/* Counted, then put in their places. */
static void make_groups(const kg_disclosure_history *history, const bool *wanted, size_t groups,
                        kg_line_groups *out)
{
    out->first = kg_alloc(groups + 2, sizeof *out->first);
    for (size_t i = 0; i < history->images_count; i++) {
        uint32_t group = group_of(history, wanted, i);
        if (group != UINT32_MAX)
            out->first[group + 2]++;
    }
    for (size_t i = 2; i < groups + 2; i++)
        out->first[i] += out->first[i - 1];
    size_t all = out->first[groups + 1];
    out->lines = kg_alloc(all ? all : 1, sizeof *out->lines);
    for (size_t i = 0; i < history->images_count; i++) {
        uint32_t group = group_of(history, wanted, i);
        if (group != UINT32_MAX)
            out->lines[out->first[group + 1]++] = (uint32_t)i;
    }
}

void kg_line_groups_by_class(const kg_disclosure_history *history, const bool *wanted,
                             kg_line_groups *out)
{
    make_groups(history, wanted, history->classes_count, out);
}

void kg_line_groups_by_cell(const kg_disclosure_history *history, kg_line_groups *out)
{
    make_groups(history, NULL, history->cells_count, out);
}

void kg_line_groups_fini(kg_line_groups *groups)
{
    free(groups->lines);
    free(groups->first);
    *groups = (kg_line_groups){0};
}

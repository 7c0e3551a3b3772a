/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_counters.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define MORE_MIN 64

kg_counters *kg_counters_new(void)
{
    return kg_alloc(1, sizeof(kg_counters));
}

void kg_counters_destroy(kg_counters **counters)
{
    if (!*counters)
        return;
    for (size_t cell = 0; cell < KG_CELLS; cell++) {
        kg_counters_cell *at = &(*counters)->cells[cell];
        for (size_t page = 0; page < at->pages_count; page++)
            free(at->pages[page]);
        free(at->pages);
    }
    free((*counters)->more);
    free(*counters);
    *counters = NULL;
}

static uint8_t *byte_of(kg_counters_cell *cell, uint32_t member)
{
    uint32_t page = member / KG_COUNTERS_PAGE;
    if (page >= cell->pages_count) {
        cell->pages = kg_realloc(cell->pages, page + 1u, sizeof *cell->pages);
        memset(cell->pages + cell->pages_count, 0,
               (page + 1u - cell->pages_count) * sizeof *cell->pages);
        cell->pages_count = page + 1;
    }
    if (!cell->pages[page])
        cell->pages[page] = kg_alloc(KG_COUNTERS_PAGE, 1);
    return &cell->pages[page][member % KG_COUNTERS_PAGE];
}

static kg_counters_more *find_more(const kg_counters *counters, uint64_t key)
{
    size_t at = (key * UINT64_C(0x9e3779b97f4a7c15) >> 24) & counters->more_mask;
    while (counters->more[at].key != 0 && counters->more[at].key != key)
        at = (at + 1) & counters->more_mask;
    return &counters->more[at];
}

/* Those whose count is nought again are left out. */
static void grow_more(kg_counters *counters)
{
    kg_counters_more *old = counters->more;
    size_t slots = old ? counters->more_mask + 1 : 0, live = 0;
    for (size_t i = 0; i < slots; i++)
        live += old[i].count > 0;
    size_t next = MORE_MIN;
    while (next < live * 4)
        next *= 2;
    counters->more = kg_alloc(next, sizeof *counters->more);
    counters->more_mask = next - 1;
    counters->more_used = live;
    for (size_t i = 0; i < slots; i++)
        if (old[i].count > 0)
            *find_more(counters, old[i].key) = old[i];
    free(old);
}

static uint64_t key_of(unsigned cell, uint32_t member)
{
    return ((uint64_t)cell << 32 | member) + 1;
}

static void add_more(kg_counters *counters, unsigned cell, uint32_t member)
{
    if (!counters->more || counters->more_used * 2 > counters->more_mask)
        grow_more(counters);
    uint64_t key = key_of(cell, member);
    kg_counters_more *more = find_more(counters, key);
    counters->more_used += more->key == 0;
    more->key = key;
    more->count++;
}

bool kg_counters_add(kg_counters *counters, unsigned cell, uint32_t member)
{
    uint8_t *byte = byte_of(&counters->cells[cell], member);
    if (*byte == UINT8_MAX) {
        add_more(counters, cell, member);
        return false;
    }
    counters->cells[cell].members += *byte == 0;
    return (*byte)++ == 0;
}

bool kg_counters_remove(kg_counters *counters, unsigned cell, uint32_t member)
{
    uint8_t *byte = byte_of(&counters->cells[cell], member);
    if (*byte == UINT8_MAX && counters->more) {
        kg_counters_more *more = find_more(counters, key_of(cell, member));
        if (more->count > 0) {
            more->count--;
            return false;
        }
    }
    (*byte)--;
    counters->cells[cell].members -= *byte == 0;
    return *byte == 0;
}

size_t kg_counters_bytes(const kg_counters *counters)
{
    size_t bytes = sizeof *counters;
    for (size_t cell = 0; cell < KG_CELLS; cell++) {
        const kg_counters_cell *at = &counters->cells[cell];
        bytes += at->pages_count * sizeof *at->pages;
        for (size_t page = 0; page < at->pages_count; page++)
            bytes += at->pages[page] ? KG_COUNTERS_PAGE : 0;
    }
    return bytes + (counters->more ? (counters->more_mask + 1) * sizeof *counters->more : 0);
}

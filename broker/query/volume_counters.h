/* SPDX-License-Identifier: EUPL-1.2 */
/* How many lines of a member a cell has, for the cells of a month and a track: exact numbers of
 * organisations that follow what comes and goes. A byte each in pages made when first touched;
 * what a byte cannot hold stands aside. */
#ifndef KG_VOLUME_COUNTERS_H
#define KG_VOLUME_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A cell: month since 2000-01, twice, plus the track. The last month is left free. */
#define KG_CELL_MONTHS 511
#define KG_CELLS 1024

#define KG_COUNTERS_PAGE 4096

typedef struct kg_counters_cell {
    uint8_t **pages; /* owned, each; NULL: none of its members */
    uint32_t pages_count;
    uint32_t members; /* that have a line */
} kg_counters_cell;

typedef struct kg_counters_more {
    uint64_t key; /* (cell, member) + 1; 0: empty */
    uint32_t count;
} kg_counters_more;

typedef struct kg_counters {
    kg_counters_cell cells[KG_CELLS];
    kg_counters_more *more; /* owned; beyond a byte */
    size_t more_used, more_mask;
} kg_counters;

kg_counters *kg_counters_new(void);
void kg_counters_destroy(kg_counters **counters);
/* True when it is the member's first line there. */
bool kg_counters_add(kg_counters *counters, unsigned cell, uint32_t member);
/* True when it was the last. */
bool kg_counters_remove(kg_counters *counters, unsigned cell, uint32_t member);

static inline bool kg_counters_has(const kg_counters *counters, unsigned cell, uint32_t member)
{
    const kg_counters_cell *at = &counters->cells[cell];
    uint32_t page = member / KG_COUNTERS_PAGE;
    return page < at->pages_count && at->pages[page] &&
           at->pages[page][member % KG_COUNTERS_PAGE] > 0;
}

static inline void kg_counters_prefetch(const kg_counters *counters, unsigned cell,
                                        uint32_t member)
{
    const kg_counters_cell *at = &counters->cells[cell];
    uint32_t page = member / KG_COUNTERS_PAGE;
    if (page < at->pages_count && at->pages[page])
        __builtin_prefetch(&at->pages[page][member % KG_COUNTERS_PAGE], 1);
}

size_t kg_counters_bytes(const kg_counters *counters);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Adds lines up in cells. Cells are numbered as they come; kg_tally_finish() puts them in order. */
#ifndef KG_VOLUME_TALLY_H
#define KG_VOLUME_TALLY_H

#include "broker/query/volume.h"
#include "broker/query/volume_distinct.h"
#include "broker/query/volume_filter.h"
#include "broker/query/volume_pool.h"

typedef struct kg_tally_cell {
    uint64_t place;    /* CPV code, NUTS number, month, track: as its number by hash */
    uint16_t category; /* KG_CATEGORY_NONE where it is no dimension */
    uint32_t lines;
    uint64_t quantity_min, quantity, quantity_max;
    uint32_t organisations;
    kg_int128 value;
} kg_tally_cell;

typedef struct kg_tally {
    const kg_volume_pool *pool;
    unsigned by;          /* set of 1 << kg_dimension */
    kg_tally_cell *cells; /* owned */
    size_t count, capacity;
    /* From what a line is to its cell: by number where the dimensions are small, else by hash. */
    uint32_t *dense; /* owned; by number, cell + 1; NULL: none */
    uint32_t regions, months; /* how many there are of them */
    uint16_t nuts_first;
    uint32_t *hash; /* owned; cell + 1 */
    size_t hash_mask;
    kg_distinct bodies;
    kg_nuts *strange; /* owned; NUTS codes that are not on the list */
    size_t strange_count, strange_capacity;
} kg_tally;

/* Borrows pool. */
void kg_tally_init(kg_tally *tally, const kg_volume_pool *pool, const kg_query *query,
                   const kg_volume_filter *filter);
/* About how many lines will come: before all of them, once. */
void kg_tally_expect(kg_tally *tally, size_t lines);
/* After that, where no organisation was told: of about how many lines they will be told instead,
 * and in the cells that there are. */
void kg_tally_expect_bodies(kg_tally *tally, size_t lines);
void kg_tally_fini(kg_tally *tally);
/* At most KG_VOLUME_BLOCK lines; with their organisations, or without: then the caller tells of
 * them. */
void kg_tally_lines(kg_tally *tally, const uint32_t *lines, size_t count, bool bodies);
/* A line that the columns do not tell right: its sums. Returns its cell. */
uint32_t kg_tally_odd(kg_tally *tally, const kg_catalogue *catalogue, const kg_plan_line *plan);
/* The cell of a month (since 2000-01) and a track, where no other dimension is asked for. */
uint32_t kg_tally_cell_of(kg_tally *tally, int month, unsigned track);
/* Counts a member in a cell, unless it was. */
void kg_tally_body(kg_tally *tally, uint32_t cell, uint32_t member);
/* The same of many. */
void kg_tally_bodies(kg_tally *tally, const uint32_t *cells, const uint32_t *members,
                     size_t count);
/* The last call before kg_tally_fini(). Cells by category name, CPV, NUTS, month, track. */
void kg_tally_finish(kg_tally *tally, const kg_catalogue *catalogue, kg_volume *out);

#endif

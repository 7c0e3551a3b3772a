/* SPDX-License-Identifier: EUPL-1.2 */
/* Which lines of the pool count. A few that the columns do not tell right stand apart. */
#ifndef KG_VOLUME_SET_H
#define KG_VOLUME_SET_H

#include "broker/query/volume_cube.h"

typedef struct kg_volume_set {
    uint64_t *bits; /* owned; by line, without the odd ones */
    size_t words;
    size_t count;  /* with the odd ones */
    kg_bucket odd; /* entries with a line only */
    kg_cube *cube; /* owned; NULL: not kept */
    size_t announced, cubed; /* lines below these were announced to the cube; are in it */
    size_t coded; /* once all are in it: those from here on only in its wide nodes */
} kg_volume_set;

void kg_volume_set_init(kg_volume_set *set);
void kg_volume_set_fini(kg_volume_set *set);
/* Makes room for lines below `lines`. */
void kg_volume_set_grow(kg_volume_set *set, size_t lines);
bool kg_volume_set_has(const kg_volume_set *set, uint32_t line);
/* Lines as the columns have them. They must not be in, and be below what there is room for. */
void kg_volume_set_add(kg_volume_set *set, const kg_volume_pool *pool, const uint32_t *lines,
                       size_t count);
/* It must be in, and `row` what it was added with. */
void kg_volume_set_remove(kg_volume_set *set, const kg_volume_pool *pool,
                          const kg_pool_row *row);
/* Makes the set's cube, at most so many lines at a time, which are taken off *lines; true once it
 * is there whole. What comes and goes meanwhile is followed. */
bool kg_volume_set_cube(kg_volume_set *set, const kg_volume_pool *pool, size_t *lines);
/* Does a line wait to be put into more than the cube's wide nodes? */
bool kg_volume_set_late(const kg_volume_set *set, const kg_volume_pool *pool);
/* Puts them there, at most so many lines at a time, as above. The cube must be there whole. */
bool kg_volume_set_code(kg_volume_set *set, const kg_volume_pool *pool, size_t *lines);
size_t kg_volume_set_bytes(const kg_volume_set *set);

#endif

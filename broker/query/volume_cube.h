/* SPDX-License-Identifier: EUPL-1.2 */
/* A set of lines, kept so that volume by month and track is found and not counted: the lines of
 * each CPV code in each country together, and nodes for all lines, each country, each CPV division,
 * each CPV group in each country, and those codes in a country that many lines name. Follows what
 * comes and goes. The first three kinds are wide: they are few, and a line is soon in their sums;
 * the rest, its code's entries among it, may come later. */
#ifndef KG_VOLUME_CUBE_H
#define KG_VOLUME_CUBE_H

#include "broker/query/volume_codes.h"
#include "broker/query/volume_node.h"

#define KG_GROUP_CODES 100000u /* codes of a CPV group */
#define KG_DIVISION_CODES 1000000u

typedef struct kg_cube {
    kg_codes codes;
    kg_node *nodes; /* owned; all, by country, by division, then as they came */
    size_t nodes_count, nodes_capacity;
    uint32_t *groups; /* owned; by CPV group and country: number of a node + 1 */
} kg_cube;

enum {
    KG_NODE_ALL = 0,
    KG_NODE_COUNTRY = 0, /* + its number, from 1 */
    KG_NODE_DIVISION = KG_COUNTRIES_MAX + 1,
    KG_NODE_FIRST_GROUP = KG_NODE_DIVISION + KG_CPV_DIVISIONS /* those before it are wide */
};

/* Can a cube hold it? Its window must begin before 2042-08. */
bool kg_cube_fits(const kg_volume_pool *pool, const kg_pool_row *row);
void kg_cube_init(kg_cube *cube);
void kg_cube_fini(kg_cube *cube);
/* Lines as the columns have them. */
void kg_cube_add(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines, size_t count);
/* The same in two steps: into the wide nodes, and into the rest. */
void kg_cube_add_wide(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines,
                      size_t count);
void kg_cube_add_rest(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines,
                      size_t count);
/* No line waits for its second step: wide nodes begin to count organisations where that is worth
 * its memory. */
void kg_cube_settle(kg_cube *cube, const kg_volume_pool *pool);
/* A line with what it was added with. The columns may tell otherwise of lines that are not in the
 * cube, never of those that stay. */
void kg_cube_remove(kg_cube *cube, const kg_volume_pool *pool, const kg_pool_row *row);
/* One that waits for its second step. */
void kg_cube_remove_wide(kg_cube *cube, const kg_volume_pool *pool, const kg_pool_row *row);
/* These lines will be added to an empty cube, and more may be told of; then room is made, and nodes
 * begin at once what they will come to. It may come otherwise. */
void kg_cube_announce(kg_cube *cube, const kg_volume_pool *pool, const uint32_t *lines,
                      size_t count);
void kg_cube_make_room(kg_cube *cube, const kg_volume_pool *pool);
size_t kg_cube_bytes(const kg_cube *cube);

#endif

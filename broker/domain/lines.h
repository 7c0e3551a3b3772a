/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines by column: what checked plan lines say, packed. A value that its column cannot hold stands
 * aside, whole. */
#ifndef KG_LINES_H
#define KG_LINES_H

#include "broker/domain/dictionary.h"
#include "broker/domain/pool.h"

typedef struct kg_lines_odd kg_lines_odd;

typedef struct kg_lines {
    size_t count, capacity;
    uint32_t *member, *cpv, *key, *title, *levels; /* owned, as all columns: see pool.h; texts by
                                                      number of the dictionary */
    uint32_t *quantity_min, *quantity, *quantity_max, *money;
    uint16_t *nuts, *from, *to, *order_by, *category, *flags, *languages;
    uint8_t *lifetime_years, *sieve;
    /* Beside the columns, for the few that need it: */
    int64_t *large; /* owned; amounts that are too large for `money`, which has their place */
    size_t large_count, large_capacity;
    kg_lines_odd *odd; /* owned */
    size_t odd_count, odd_capacity;
    kg_slots odd_index;
    int64_t *prices; /* owned; unit_price_max beside a value */
    size_t prices_count, prices_capacity;
    kg_slots prices_index;
} kg_lines;

void kg_lines_init(kg_lines *lines);
void kg_lines_fini(kg_lines *lines);

/* Makes room for a line, which is put next. Returns its number. */
uint32_t kg_lines_add(kg_lines *lines);
/* Puts a line in the place of what was there. `key` is the number of its text. Withdrawn and held
 * it is not. */
void kg_lines_put(kg_lines *lines, kg_dictionary *dictionary, const kg_catalogue *catalogue,
                  uint32_t at, uint32_t member, uint32_t key, const kg_plan_line *line);
/* Memory of the lines, without the room for more. */
size_t kg_lines_bytes(const kg_lines *lines);
/* Another catalogue: the line's category and levels in it. */
void kg_lines_recategorise(kg_lines *lines, kg_dictionary *dictionary,
                           const kg_catalogue *catalogue, uint32_t at, const kg_plan_line *line);
/* The line as it was put; organisation NULL, texts of the dictionary. */
void kg_lines_get(const kg_lines *lines, const kg_dictionary *dictionary, uint32_t at,
                  kg_plan_line *out);

void kg_lines_archive(kg_lines *lines, const kg_archive *archive);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Suppliers' offers for a lot, all of one piece: what is paid at once, each year, and at the end of
 * its use; what levels are offered, and by which labels they are proven. Without VAT. */
#ifndef KG_OFFER_H
#define KG_OFFER_H

#include "proto/command.h"
#include "proto/memory.h"
#include "proto/problem.h"

#define KG_OFFERS_MAX 50          /* of a lot */
#define KG_OFFER_LABELS_MAX 32
#define KG_OFFER_CENTS_MAX INT64_C(100000000000)
#define KG_OFFER_ENERGY_MAX 100000000 /* hundredths of a kWh a year */
#define KG_OFFER_YEARS_MAX 30

/* Reads a settings file of sections offer "SUPPLIER" { ... }; texts and the array are in `arena`.
 * NULL with problems when anything is wrong with it. */
kg_offer *kg_offers_read(const char *path, kg_arena *arena, size_t *count, kg_problems *problems);

/* The same of a CSV file: a row an offer, columns in any order: supplier, and the keys of such a
 * section. Levels stand in one cell, with blanks between; so do labels, with semicolons. */
kg_offer *kg_offers_read_csv(const char *path, kg_arena *arena, size_t *count,
                             kg_problems *problems);

/* The same of rows that were taken out of another form of file: the first one has the names. */
typedef struct kg_offer_table kg_offer_table;
kg_offer_table *kg_offer_table_new(kg_problems *problems);
/* Begins a row, which has this number in the file; then its fields from left to right. */
void kg_offer_table_begin(kg_offer_table *table, long row);
void kg_offer_table_field(kg_offer_table *table, const char *bytes, size_t count);
void kg_offer_table_end(kg_offer_table *table);
/* Frees the table. */
kg_offer *kg_offer_table_finish(kg_offer_table **table, kg_arena *arena, size_t *count);

#endif

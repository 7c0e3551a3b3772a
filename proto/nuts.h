/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of NUTS 2024 codes and the UK's of NUTS 2021, levels 0 to 3, compiled in from
 * config/reference/nuts.csv and nuts_uk_2021.csv (sources there). */
#ifndef KG_NUTS_H
#define KG_NUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/limits.h"

typedef struct kg_nuts {
    char code[KG_NUTS_CHARS_MAX + 1];
} kg_nuts;

/* Is it on the list? */
bool kg_nuts_listed(const char *code);
/* Its place on the list, which is in the order of the codes, so that those that begin alike stand
 * together; -1 when it is not on it. Another version's list gives other numbers: they are for
 * memory, never for what is kept. */
int kg_nuts_number(const char *code);
/* The code at a place of the list. */
const char *kg_nuts_code(int number);
int kg_nuts_count(void);
/* The places of the codes that begin with prefix: from *first up to, without, *end. */
void kg_nuts_range(const char *prefix, int *first, int *end);
/* English label, static, or NULL. */
const char *kg_nuts_label(const char *code);
/* Level 0-3 of a code: its length less two. */
int kg_nuts_level(const char *code);
/* What is listed where `code` was sought, for messages: the codes one level below the longest
 * listed code that it begins with ("BE1 BE2 BE3 BEZ" for "BE9"), or the countries. Cut to size. */
void kg_nuts_near(const char *code, char *out, size_t size);
/* Does code begin with prefix? */
bool kg_nuts_within(const char *code, const char *prefix);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Names: finds the index of a thing by its name or key (members, keys, rounds, lots, tenders). */
#ifndef KG_NAMES_H
#define KG_NAMES_H

#include <stddef.h>
#include <stdint.h>

typedef struct kg_name kg_name; /* NULL = none yet */

/* Copies the key, which must not be there yet. */
void kg_names_add(kg_name **names, const void *key, size_t bytes, uint32_t index);
/* UINT32_MAX when there is none. */
uint32_t kg_names_find(const kg_name *names, const void *key, size_t bytes);
void kg_names_fini(kg_name **names);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* An array of byteas in PostgreSQL's binary form, built one element after another. */
#ifndef KG_POSTGRES_ARRAY_H
#define KG_POSTGRES_ARRAY_H

#include <stddef.h>
#include <stdint.h>

typedef struct kg_array {
    uint8_t *bytes; /* owned: free() */
    size_t count, room;
    uint32_t elements;
} kg_array;

/* Makes it empty; keeps its memory. */
void kg_array_begin(kg_array *array);
/* Adds an element of so many bytes, to be filled in at once: the next one moves it. */
uint8_t *kg_array_add(kg_array *array, size_t count);
void kg_array_add_null(kg_array *array);
/* Completes the head. */
void kg_array_end(kg_array *array);

#endif

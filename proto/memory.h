/* SPDX-License-Identifier: EUPL-1.2 */
/* Memory. Running out of it is a failure, not a verdict: the process says so on stderr and ends
 * (abort) before anyone is told something untrue. So no caller checks for NULL. */
#ifndef KG_MEMORY_H
#define KG_MEMORY_H

#include <stddef.h>

/* There is no more, or nothing that is made of it, as a thread: says so and ends the process. */
_Noreturn void kg_memory_end(void);
/* Zeroed memory of count * size bytes; owned by the caller, freed with free(). Never NULL; a
 * product that overflows ends the process. */
void *kg_alloc(size_t count, size_t size);
/* Grows or shrinks; new bytes are not zeroed. */
void *kg_realloc(void *memory, size_t count, size_t size);
/* Copy of a text; owned by the caller. NULL gives NULL. */
char *kg_strdup(const char *text);
/* Makes room for one more element in a growing array: returns the array, doubled when full. */
void *kg_grow(void *array, size_t count, size_t *capacity, size_t size);

/* An arena: many small pieces freed at once. */
typedef struct kg_arena {
    struct kg_arena_block *blocks;
} kg_arena;

void kg_arena_init(kg_arena *arena);
void kg_arena_fini(kg_arena *arena);
/* Zeroed, aligned for any type; lives as long as the arena. */
void *kg_arena_alloc(kg_arena *arena, size_t size);
/* Copies bytes and adds a NUL. */
char *kg_arena_text(kg_arena *arena, const char *text, size_t bytes);

#endif

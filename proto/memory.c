/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK_BYTES_MIN 4096
#define BLOCK_BYTES_MAX 1048576
#define LARGE_BYTES ((size_t)4 << 20)
#define PAGE_BYTES ((uintptr_t)4096)

struct kg_arena_block {
    struct kg_arena_block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

void kg_memory_end(void)
{
    static const char message[] = "kopgroep: out of memory\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written; /* there is nobody left to tell */
    abort();
}

/* Asks for large pages below a large piece that is made whole: a walk through it then meets few
 * faults and misses. Not for arrays that grow, whose tail would be paid for and moved in large
 * pages too. A wish: where the system refuses it, nothing changes. */
static void *wish_large_pages(void *memory, size_t bytes)
{
    if (bytes < LARGE_BYTES)
        return memory;
    uintptr_t at = (uintptr_t)memory, first = (at + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    madvise((void *)first, at + bytes - first, MADV_HUGEPAGE);
    return memory;
}

void *kg_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        kg_memory_end();
    return wish_large_pages(memory, count * size);
}

void *kg_realloc(void *memory, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        kg_memory_end();
    void *grown = realloc(memory, bytes ? bytes : 1);
    if (!grown)
        kg_memory_end();
    return memory ? grown : wish_large_pages(grown, bytes);
}

char *kg_strdup(const char *text)
{
    if (!text)
        return NULL;
    size_t bytes = strlen(text) + 1;
    return memcpy(kg_alloc(bytes, 1), text, bytes);
}

void *kg_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    if (*capacity > SIZE_MAX / 2)
        kg_memory_end();
    *capacity = *capacity ? *capacity * 2 : 8;
    return kg_realloc(array, *capacity, size);
}

void kg_arena_init(kg_arena *arena)
{
    arena->blocks = NULL;
}

void kg_arena_fini(kg_arena *arena)
{
    while (arena->blocks) {
        struct kg_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
}

/* Blocks double, so that a small arena is cheap and a large one takes few calls. */
static struct kg_arena_block *add_block(kg_arena *arena, size_t size)
{
    size_t bytes = arena->blocks ? arena->blocks->size * 2 : BLOCK_BYTES_MIN;
    if (bytes > BLOCK_BYTES_MAX)
        bytes = BLOCK_BYTES_MAX;
    if (bytes < size)
        bytes = size;
    if (bytes > SIZE_MAX - sizeof(struct kg_arena_block))
        kg_memory_end();
    struct kg_arena_block *block = kg_alloc(1, sizeof *block + bytes);
    block->size = bytes;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

static void *take(kg_arena *arena, size_t size, size_t alignment)
{
    struct kg_arena_block *block = arena->blocks;
    size_t at = block ? (block->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!block || at > block->size || size > block->size - at) {
        block = add_block(arena, size);
        at = 0;
    }
    block->used = at + size;
    return block->bytes + at;
}

void *kg_arena_alloc(kg_arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

char *kg_arena_text(kg_arena *arena, const char *text, size_t bytes)
{
    if (bytes == SIZE_MAX)
        kg_memory_end();
    char *copy = take(arena, bytes + 1, 1);
    if (bytes > 0)
        memcpy(copy, text, bytes);
    return copy;
}

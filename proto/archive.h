/* SPDX-License-Identifier: EUPL-1.2 */
/* An archive: memory as this program holds it, written by a walk over it, and read back by the
 * same walk. It is for the program that wrote it and nobody else: whoever reads must know
 * beforehand that the bytes are what was written. */
#ifndef KG_ARCHIVE_H
#define KG_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/memory.h"

typedef struct kg_archive {
    void (*move)(void *context, void *bytes, size_t count); /* takes them, or fills them */
    void *context;
    bool reading;
} kg_archive;

void kg_archive_bytes(const kg_archive *archive, void *bytes, size_t count);
#define KG_ARCHIVE(archive, value) kg_archive_bytes(archive, &(value), sizeof(value))
/* Elements of an owned array. Reading gives a new one, zeroed, with room for `capacity` (NULL for
 * none), whatever `array` is; writing gives `array`. */
void *kg_archive_array(const kg_archive *archive, void *array, size_t count, size_t capacity,
                       size_t width);
/* A text of its own, or NULL. Reading gives a new one, owned. */
char *kg_archive_text(const kg_archive *archive, const char *text);
/* The same, read into an arena. */
const char *kg_archive_text_in(const kg_archive *archive, const char *text, kg_arena *arena);

#endif

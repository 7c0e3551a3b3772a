/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/archive.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NO_TEXT UINT32_MAX /* as a length */

void kg_archive_bytes(const kg_archive *archive, void *bytes, size_t count)
{
    if (count > 0)
        archive->move(archive->context, bytes, count);
}

void *kg_archive_array(const kg_archive *archive, void *array, size_t count, size_t capacity,
                       size_t width)
{
    if (archive->reading)
        array = capacity > 0 ? kg_alloc(capacity, width) : NULL;
    kg_archive_bytes(archive, array, count * width);
    return array;
}

/* The bytes that follow, or NO_TEXT. */
static uint32_t move_length(const kg_archive *archive, const char *text)
{
    uint32_t bytes = !archive->reading && text ? (uint32_t)strlen(text) : NO_TEXT;
    KG_ARCHIVE(archive, bytes);
    return bytes;
}

/* A text that is borrowed is only read when it is written. */
static void move_text(const kg_archive *archive, const char *text, uint32_t bytes)
{
    kg_archive_bytes(archive, (char *)(uintptr_t)text, bytes);
}

char *kg_archive_text(const kg_archive *archive, const char *text)
{
    uint32_t bytes = move_length(archive, text);
    if (bytes == NO_TEXT)
        return NULL;
    char *own = archive->reading ? kg_alloc((size_t)bytes + 1, 1) : (char *)(uintptr_t)text;
    move_text(archive, own, bytes);
    return own;
}

const char *kg_archive_text_in(const kg_archive *archive, const char *text, kg_arena *arena)
{
    uint32_t bytes = move_length(archive, text);
    if (bytes == NO_TEXT)
        return NULL;
    if (archive->reading)
        text = kg_arena_alloc(arena, (size_t)bytes + 1);
    move_text(archive, text, bytes);
    return text;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void put(void *context, void *bytes, size_t count)
{
    memory_archive *memory = context;
    kg_buffer_add(&memory->bytes, bytes, count);
}

static void get(void *context, void *bytes, size_t count)
{
    memory_archive *memory = context;
    assert_true(count <= memory->bytes.count - memory->read);
    memcpy(bytes, memory->bytes.bytes + memory->read, count);
    memory->read += count;
}

kg_archive memory_archive_write(memory_archive *memory)
{
    *memory = (memory_archive){0};
    kg_buffer_init(&memory->bytes);
    return (kg_archive){put, memory, false};
}

kg_archive memory_archive_read(memory_archive *memory)
{
    memory->read = 0;
    return (kg_archive){get, memory, true};
}

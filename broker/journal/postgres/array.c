/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/postgres/array.h"

#include "broker/journal/journal_record.h"
#include "proto/memory.h"

#define HEAD_BYTES 20
#define BYTEA 17u /* its number among types */

static uint8_t *take(kg_array *array, size_t count)
{
    if (array->room - array->count < count) {
        array->room = (array->count + count) * 2;
        array->bytes = kg_realloc(array->bytes, array->room, 1);
    }
    array->count += count;
    return array->bytes + array->count - count;
}

void kg_array_begin(kg_array *array)
{
    array->count = 0;
    array->elements = 0;
    take(array, HEAD_BYTES);
}

uint8_t *kg_array_add(kg_array *array, size_t count)
{
    uint8_t *at = take(array, 4 + count);

    kg_record_put_u32(at, (uint32_t)count);
    array->elements++;
    return at + 4;
}

void kg_array_add_null(kg_array *array)
{
    kg_record_put_u32(take(array, 4), UINT32_MAX);
    array->elements++;
}

void kg_array_end(kg_array *array)
{
    kg_record_put_u32(array->bytes, 1);     /* dimensions */
    kg_record_put_u32(array->bytes + 4, 1); /* there may be nulls */
    kg_record_put_u32(array->bytes + 8, BYTEA);
    kg_record_put_u32(array->bytes + 12, array->elements);
    kg_record_put_u32(array->bytes + 16, 1); /* the first one's number */
}

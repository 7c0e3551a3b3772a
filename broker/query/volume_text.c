/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_text.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "proto/memory.h"

#define DIGITS_MAX 20

static void add(kg_buffer *out, const char *text)
{
    kg_buffer_add(out, text, strlen(text));
}

static void add_number(kg_buffer *out, uint64_t value, size_t digits_min)
{
    char digits[DIGITS_MAX];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || sizeof digits - at < digits_min);
    kg_buffer_add(out, digits + at, sizeof digits - at);
}

/* Of letters and digits only: nothing of it has to be escaped. */
static void add_code(kg_buffer *out, const char *code)
{
    add(out, "\"");
    add(out, code);
    add(out, "\"");
}

static void add_category(kg_buffer *out, const kg_catalogue *catalogue, kg_category category)
{
    char name[KG_CATEGORY_NAME_BYTES];
    kg_category_name(catalogue, category, name);
    json_t *text = json_string(name);
    char *written = json_dumps(text, JSON_ENCODE_ANY);
    if (!written)
        kg_memory_end();
    add(out, written);
    free(written);
    json_decref(text);
}

static void add_cpv(kg_buffer *out, uint32_t cpv)
{
    if (cpv == 0) {
        add(out, "null");
        return;
    }
    add(out, "\"");
    add_number(out, cpv, 8);
    add(out, "\"");
}

static void add_month(kg_buffer *out, int month)
{
    add(out, "\"");
    add_number(out, (uint64_t)month / 12, 4);
    add(out, "-");
    add_number(out, (uint64_t)month % 12 + 1, 2);
    add(out, "\"");
}

static void add_dimension(kg_buffer *out, const kg_catalogue *catalogue,
                          const kg_volume_cell *cell, kg_dimension dimension)
{
    switch (dimension) {
    case KG_BY_CATEGORY:
        add_category(out, catalogue, cell->category);
        return;
    case KG_BY_CPV:
        add_cpv(out, cell->cpv);
        return;
    case KG_BY_NUTS:
        add_code(out, cell->nuts.code);
        return;
    case KG_BY_MONTH:
        add_month(out, cell->month);
        return;
    case KG_BY_TRACK:
        add_code(out, kg_track_name(cell->track));
        return;
    }
}

static void add_value(kg_buffer *out, kg_int128 cents)
{
    char text[KG_MONEY_BYTES];
    kg_money_write(cents, text);
    add_code(out, text);
}

static void add_sums(kg_buffer *out, const kg_volume_cell *cell)
{
    add(out, "\"lines\":");
    add_number(out, cell->lines, 1);
    add(out, ",\"quantity_min\":");
    add_number(out, (uint64_t)cell->quantity_min, 1);
    add(out, ",\"quantity\":");
    add_number(out, (uint64_t)cell->quantity, 1);
    add(out, ",\"quantity_max\":");
    add_number(out, (uint64_t)cell->quantity_max, 1);
    add(out, ",\"value\":");
    add_value(out, cell->value_cents);
    add(out, ",\"organisations\":");
    add_number(out, cell->organisations, 1);
}

void kg_volume_write(const kg_catalogue *catalogue, const kg_volume *volume,
                     const kg_dimension *by, size_t by_count, kg_buffer *out)
{
    add(out, "[");
    for (size_t i = 0; i < volume->count; i++) {
        add(out, i > 0 ? ",{" : "{");
        for (size_t d = 0; d < by_count; d++) {
            add_code(out, kg_dimension_name(by[d]));
            add(out, ":");
            add_dimension(out, catalogue, &volume->cells[i], by[d]);
            add(out, ",");
        }
        add_sums(out, &volume->cells[i]);
        add(out, "}");
    }
    add(out, "]");
}

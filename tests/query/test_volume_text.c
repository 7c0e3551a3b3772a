/* SPDX-License-Identifier: EUPL-1.2 */
/* Cells as JSON text: byte for byte what the JSON library writes of the same values, from the
 * smallest to the largest, whichever dimensions are asked for. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "broker/query/volume_text.h"
#include "../domain/helper_world.h"

#define CELLS 64

static uint64_t random_number(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 1 >> (*seed >> 58);
}

static kg_volume_cell draw_cell(uint64_t *seed)
{
    static const char *const regions[] = {"BE", "BE2", "BE211", "NLZZZ"};
    kg_volume_cell cell = {0};
    cell.category = (kg_category)(random_number(seed) % 3);
    cell.cpv = random_number(seed) % 4 == 0 ? 0 : (uint32_t)(random_number(seed) % 100000000);
    strcpy(cell.nuts.code, regions[random_number(seed) % 4]);
    cell.month = 1970 * 12 + (int)(random_number(seed) % 1200);
    cell.track = (int)(random_number(seed) % 2);
    cell.lines = random_number(seed);
    cell.quantity_min = (int64_t)random_number(seed);
    cell.quantity = (int64_t)random_number(seed);
    cell.quantity_max = (int64_t)random_number(seed);
    cell.value_cents = (kg_int128)random_number(seed) * (kg_int128)random_number(seed);
    cell.organisations = (uint32_t)random_number(seed);
    return cell;
}

static json_t *by_library(const kg_catalogue *catalogue, const kg_volume_cell *cell,
                          kg_dimension dimension)
{
    char name[KG_CATEGORY_NAME_BYTES];
    switch (dimension) {
    case KG_BY_CATEGORY:
        kg_category_name(catalogue, cell->category, name);
        return json_string(name);
    case KG_BY_CPV:
        return cell->cpv == 0 ? json_null() : json_sprintf("%08u", cell->cpv);
    case KG_BY_NUTS:
        return json_string(cell->nuts.code);
    case KG_BY_MONTH:
        return json_sprintf("%04d-%02d", cell->month / 12, cell->month % 12 + 1);
    case KG_BY_TRACK:
        return json_string(kg_track_name(cell->track));
    }
    return NULL;
}

static json_t *cell_by_library(const kg_catalogue *catalogue, const kg_volume_cell *cell,
                               const kg_dimension *by, size_t by_count)
{
    char value[KG_MONEY_BYTES];
    json_t *out = json_object();
    for (size_t i = 0; i < by_count; i++)
        json_object_set_new(out, kg_dimension_name(by[i]), by_library(catalogue, cell, by[i]));
    json_object_set_new(out, "lines", json_integer((json_int_t)cell->lines));
    json_object_set_new(out, "quantity_min", json_integer(cell->quantity_min));
    json_object_set_new(out, "quantity", json_integer(cell->quantity));
    json_object_set_new(out, "quantity_max", json_integer(cell->quantity_max));
    kg_money_write(cell->value_cents, value);
    json_object_set_new(out, "value", json_string(value));
    json_object_set_new(out, "organisations", json_integer(cell->organisations));
    return out;
}

static void check(const kg_catalogue *catalogue, const kg_volume *volume, unsigned dimensions)
{
    kg_dimension by[KG_VOLUME_DIMENSIONS];
    size_t by_count = 0;
    kg_buffer out;
    json_t *cells = json_array();
    for (int i = 0; i < KG_VOLUME_DIMENSIONS; i++)
        if (dimensions >> i & 1)
            by[by_count++] = (kg_dimension)i;
    for (size_t i = 0; i < volume->count; i++)
        json_array_append_new(cells, cell_by_library(catalogue, &volume->cells[i], by, by_count));
    char *wanted = json_dumps(cells, JSON_COMPACT);
    kg_buffer_init(&out);
    kg_volume_write(catalogue, volume, by, by_count, &out);
    assert_string_equal(out.bytes, wanted);
    kg_buffer_fini(&out);
    free(wanted);
    json_decref(cells);
}

static void cells_are_written_as_the_library_writes_them(void **state)
{
    (void)state;
    kg_volume_cell cells[CELLS];
    uint64_t seed = 1;
    world w;
    world_init(&w);
    for (unsigned turn = 0; turn < 64; turn++) {
        const kg_volume volume = {cells, turn % (CELLS + 1)};
        for (size_t i = 0; i < CELLS; i++)
            cells[i] = draw_cell(&seed);
        check(kg_state_catalogue(w.state), &volume, turn % (1u << KG_VOLUME_DIMENSIONS));
    }
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_written_as_the_library_writes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

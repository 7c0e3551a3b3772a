/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume against a recount that knows nothing of sorting: every cell, every filter. */
#include <stdlib.h>
#include <string.h>

#include "../domain/helper_world.h"
#include "broker/query/volume.h"

#define BODIES 12
#define ROUNDS 60

static uint64_t next(uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *random >> 33;
}

static void fill(world *w, uint64_t *random)
{
    static const char *const nuts[] = {"BE211", "BE212", "BE310", "BE100"};
    static const char *const tracks[] = {"peloton", "kopgroep"};
    for (int body = 0; body < BODIES; body++) {
        char id[16], lines[4000] = "", line[200];
        kg_text_format(id, sizeof id, "B%02d", body);
        world_register(w, id, "nl", false);
        for (int i = 0; i < 6; i++) {
            int month = 1 + (int)(next(random) % 4);
            kg_text_format(line, sizeof line,
                           "%sline=l%d|quantity=%d|nuts=%s|track=%s|delivery_from=2027-%02d-01|"
                           "delivery_to=2027-%02d-15",
                           i ? "\n" : "", i, 1 + (int)(next(random) % 50),
                           nuts[next(random) % 4], tracks[next(random) % 2], month, month + 2);
            strncat(lines, line, sizeof lines - strlen(lines) - 1);
        }
        world_plan(w, id, lines);
    }
}

static int month_of(kg_date date)
{
    int year, month;
    kg_date_month(date, &year, &month);
    return year * 12 + month - 1;
}

static bool has(const kg_query *query, kg_dimension dimension)
{
    bool found = false;
    for (size_t i = 0; i < query->by_count; i++)
        found |= query->by[i] == dimension;
    return found;
}

static bool matches(const kg_query *query, const kg_plan_line *line)
{
    return (!query->nuts || strncmp(line->nuts.code, query->nuts, strlen(query->nuts)) == 0) &&
           (query->track < 0 || query->track == line->track) &&
           (query->from == KG_DATE_NONE || line->delivery_to >= query->from) &&
           (query->to == KG_DATE_NONE || line->delivery_from <= query->to);
}

static bool in_cell(const kg_query *query, const kg_volume_cell *cell, const kg_plan_line *line)
{
    return (!has(query, KG_BY_CATEGORY) || cell->category == line->category) &&
           (!has(query, KG_BY_NUTS) || strcmp(cell->nuts.code, line->nuts.code) == 0) &&
           (!has(query, KG_BY_MONTH) || cell->month == month_of(line->delivery_from)) &&
           (!has(query, KG_BY_TRACK) || cell->track == line->track);
}

static void recount(const world *w, const kg_query *query, const kg_volume_cell *cell)
{
    uint64_t lines = 0, organisations = 0;
    int64_t quantity = 0;
    kg_int128 value = 0;
    bool seen[BODIES + 8] = {false};
    for (uint32_t i = 0; i < kg_state_lines(w->state); i++) {
        kg_pool_line line = kg_pool_get(w->state, i);
        if (!matches(query, &line.line) || !in_cell(query, cell, &line.line))
            continue;
        lines++;
        quantity += line.line.quantity;
        value += line.line.value_cents;
        organisations += !seen[line.member];
        seen[line.member] = true;
    }
    assert_int_equal(cell->lines, lines);
    assert_int_equal(cell->quantity, quantity);
    assert_true(cell->value_cents == value);
    assert_int_equal(cell->organisations, organisations);
    assert_int_equal(cell->holdings, organisations);
}

static void draw_query(kg_query *query, uint64_t *random)
{
    static const kg_dimension dimensions[] = {KG_BY_CATEGORY, KG_BY_NUTS, KG_BY_MONTH,
                                              KG_BY_TRACK};
    static const char *const prefixes[] = {NULL, "BE", "BE2", "BE211"};
    uint64_t set = next(random) % 16;
    for (int i = 0; i < 4; i++)
        if (set >> i & 1)
            query->by[query->by_count++] = dimensions[i];
    query->nuts = prefixes[next(random) % 4];
    query->track = (int)(next(random) % 3) - 1;
    if (next(random) % 2)
        query->from = day("2027-04-16");
    if (next(random) % 2)
        query->to = day("2027-02-10");
}

static void cells_are_what_a_recount_gives(void **state)
{
    world w;
    uint64_t random = 7;
    uint32_t lines[BODIES * 6];
    (void)state;
    world_init(&w);
    fill(&w, &random);
    for (uint32_t i = 0; i < BODIES * 6; i++)
        lines[i] = i;
    for (int round = 0; round < ROUNDS; round++) {
        kg_query query;
        kg_volume volume;
        uint64_t counted = 0, matching = 0;
        kg_query_init(&query, KG_VIEW_VOLUME);
        draw_query(&query, &random);
        kg_volume_count(w.state, &query, lines, BODIES * 6, &volume);
        for (size_t i = 0; i < volume.count; i++) {
            recount(&w, &query, &volume.cells[i]);
            counted += volume.cells[i].lines;
        }
        for (uint32_t i = 0; i < BODIES * 6; i++) {
            kg_pool_line line = kg_pool_get(w.state, i);
            matching += matches(&query, &line.line);
        }
        assert_int_equal(counted, matching);
        kg_volume_fini(&volume);
        kg_query_fini(&query);
    }
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_are_what_a_recount_gives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

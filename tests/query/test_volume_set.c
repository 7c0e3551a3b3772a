/* SPDX-License-Identifier: EUPL-1.2 */
/* A set with so many lines that its cube keeps sums and counters, while lines come, change and go:
 * by month and track against a plain count of the columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "broker/query/volume.h"

#define LINES 90000
#define MEMBERS 5000
#define MONTHS 24
#define MONTH_FIRST (27 * 12)
#define CELLS ((MONTH_FIRST + MONTHS) * 2)
#define CODES 40

typedef struct pool {
    uint32_t member[LINES], cpv[LINES], quantity_min[LINES], quantity[LINES], quantity_max[LINES];
    uint16_t nuts[LINES], from[LINES], to[LINES], category[LINES], flags[LINES];
    uint32_t money[LINES];
    bool in[LINES];
    kg_volume_tables tables;
    kg_volume_set set;
    kg_volume_pool pool;
    uint64_t random;
} pool;

static uint64_t draw(pool *p, uint64_t below)
{
    p->random = p->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (p->random >> 33) % below;
}

/* Some members have very many lines. */
static void draw_line(pool *p, uint32_t line)
{
    uint32_t code = (uint32_t)(draw(p, CODES) * draw(p, CODES) / CODES);
    p->member[line] = (uint32_t)(draw(p, 4) == 0 ? draw(p, 2) : draw(p, MEMBERS));
    p->cpv[line] = (30 + code % 3) * 1000000 + (code / 3) * 10000;
    p->quantity_min[line] = (uint32_t)draw(p, 9);
    p->quantity[line] = p->quantity_min[line] + (uint32_t)draw(p, 90);
    p->quantity_max[line] = p->quantity[line] + (uint32_t)draw(p, 9);
    p->nuts[line] = (uint16_t)draw(p, 300);
    p->from[line] = (uint16_t)(27 * 365 + 7 + draw(p, MONTHS * 30));
    p->to[line] = (uint16_t)(p->from[line] + draw(p, 90));
    p->category[line] = (uint16_t)(KG_CATEGORY_CPV + code);
    p->flags[line] = (uint16_t)(KG_POOL_COUNTED | KG_POOL_BY_PIECE |
                                (draw(p, 8) == 0 ? KG_POOL_KOPGROEP : 0));
    p->money[line] = 100 + (uint32_t)draw(p, 100000);
}

static pool *pool_new(void)
{
    pool *p = calloc(1, sizeof *p);
    p->random = 11;
    kg_volume_tables_init(&p->tables);
    p->pool = (kg_volume_pool){
        .columns = {LINES, p->member, p->cpv, p->nuts, p->from, p->to, p->category, p->flags,
                    NULL, p->quantity_min, p->quantity, p->quantity_max, p->money, NULL},
        .members = MEMBERS,
        .month = p->tables.month,
        .countries = p->tables.country,
        .month_first = MONTH_FIRST,
        .month_last = MONTH_FIRST + MONTHS - 1};
    for (uint32_t i = 0; i < LINES; i++)
        draw_line(p, i);
    kg_volume_set_init(&p->set);
    kg_volume_set_grow(&p->set, LINES);
    return p;
}

static void pool_free(pool *p)
{
    kg_volume_set_fini(&p->set);
    free(p);
}

/* ---- the plain count ---- */

static kg_volume_cell plain[CELLS];
static bool seen[CELLS][MEMBERS];

static bool matches(const pool *p, const kg_query *query, uint32_t i)
{
    char cpv[16];
    kg_text_format(cpv, sizeof cpv, "%08u", p->cpv[i]);
    return p->in[i] && (!query->cpv || strncmp(cpv, query->cpv, strlen(query->cpv)) == 0) &&
           (!query->nuts || kg_nuts_within(kg_nuts_code(p->nuts[i]), query->nuts)) &&
           (query->track < 0 || (query->track == KG_TRACK_KOPGROEP) == (p->flags[i] & 1)) &&
           (query->to == KG_DATE_NONE || p->from[i] + KG_POOL_EPOCH <= query->to) &&
           (query->from == KG_DATE_NONE || p->to[i] + KG_POOL_EPOCH >= query->from);
}

static size_t count_plain(const pool *p, const kg_query *query)
{
    size_t cells = 0;
    memset(plain, 0, sizeof plain);
    memset(seen, 0, sizeof seen);
    for (uint32_t i = 0; i < LINES; i++) {
        if (!matches(p, query, i))
            continue;
        size_t at = p->tables.month[p->from[i]] * 2u + (p->flags[i] & 1);
        kg_volume_cell *cell = &plain[at];
        cells += cell->lines++ == 0;
        cell->quantity_min += p->quantity_min[i];
        cell->quantity += p->quantity[i];
        cell->quantity_max += p->quantity_max[i];
        cell->value_cents += (kg_int128)p->money[i] * p->quantity[i];
        cell->organisations += !seen[at][p->member[i]];
        seen[at][p->member[i]] = true;
    }
    return cells;
}

static void ask(const pool *p, const char *cpv, const char *nuts, int track, kg_date from,
                kg_date to)
{
    kg_query query;
    kg_volume volume;
    kg_query_init(&query, KG_VIEW_VOLUME);
    query.cpv = cpv;
    query.nuts = nuts;
    query.track = track;
    query.from = from;
    query.to = to;
    query.by[query.by_count++] = KG_BY_MONTH;
    query.by[query.by_count++] = KG_BY_TRACK;
    kg_volume_count(&p->set, &p->pool, &query, &volume);
    assert_int_equal(count_plain(p, &query), volume.count);
    for (size_t i = 0; i < volume.count; i++) {
        const kg_volume_cell *got = &volume.cells[i];
        const kg_volume_cell *wanted =
            &plain[(got->month - 2000 * 12) * 2 + (got->track == KG_TRACK_KOPGROEP)];
        assert_int_equal(got->lines, wanted->lines);
        assert_int_equal(got->quantity_min, wanted->quantity_min);
        assert_int_equal(got->quantity, wanted->quantity);
        assert_int_equal(got->quantity_max, wanted->quantity_max);
        assert_true(got->value_cents == wanted->value_cents);
        assert_int_equal(got->organisations, wanted->organisations);
    }
    kg_volume_fini(&volume);
    kg_query_fini(&query);
}

static void ask_all(const pool *p)
{
    static const char *const codes[] = {NULL, "3", "30", "31", "300", "3002", "30020000"};
    static const char *const regions[] = {NULL, "AT", "BE", "BE2"};
    const kg_date some_day = KG_POOL_EPOCH + 27 * 365 + 7 + 200;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (size_t j = 0; j < sizeof regions / sizeof *regions; j++)
            ask(p, codes[i], regions[j], (int)((i + j) % 3) - 1,
                (i + j) % 4 == 1 ? some_day : KG_DATE_NONE,
                (i + j) % 4 == 2 ? some_day : KG_DATE_NONE);
    ask(p, NULL, NULL, -1, KG_DATE_NONE, KG_DATE_NONE);
    ask(p, "30", NULL, -1, KG_DATE_NONE, KG_DATE_NONE);
}

/* ---- what happens to lines ---- */

static void come(pool *p, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (!p->in[i]) {
            p->in[i] = true;
            kg_volume_set_add(&p->set, &p->pool, &i, 1);
        }
}

static void go(pool *p, uint32_t line)
{
    const kg_pool_row row = kg_pool_row_of(&p->pool.columns, line);
    if (!p->in[line])
        return;
    p->in[line] = false;
    kg_volume_set_remove(&p->set, &p->pool, &row);
}

static void change_some(pool *p, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t line = (uint32_t)draw(p, LINES);
        go(p, line);
        if (draw(p, 3) == 0)
            continue;
        draw_line(p, line);
        come(p, line, line + 1);
    }
}

static void make_cube(pool *p)
{
    size_t lines = SIZE_MAX;
    assert_true(kg_volume_set_cube(&p->set, &p->pool, &lines));
}

static void a_cube_follows(void **state)
{
    (void)state;
    pool *p = pool_new();
    come(p, 0, LINES / 8);
    make_cube(p);
    ask_all(p);
    come(p, LINES / 8, LINES); /* sums begin on the way */
    ask_all(p);
    change_some(p, LINES / 8);
    kg_cube_settle(p->set.cube, &p->pool); /* and counters */
    ask_all(p);
    change_some(p, LINES / 2);
    ask_all(p);
    for (uint32_t i = 0; i < LINES; i++) /* and end */
        if (i % 16)
            go(p, i);
    ask_all(p);
    come(p, 0, LINES);
    ask_all(p);
    pool_free(p);
}

static void a_cube_is_made_of_many(void **state)
{
    (void)state;
    pool *p = pool_new();
    come(p, 0, LINES);
    ask_all(p); /* without one */
    make_cube(p);
    ask_all(p);
    change_some(p, LINES / 8);
    ask_all(p);
    assert_true(kg_volume_set_bytes(&p->set) < (size_t)60 * LINES);
    pool_free(p);
}

/* Some lines at a time, and others come, go and change meanwhile, on both sides of where it is. */
static void a_cube_is_made_while_lines_change(void **state)
{
    (void)state;
    pool *p = pool_new();
    size_t times = 0;
    for (bool whole = false; !whole; times++) {
        size_t lines = 1 + draw(p, 3 * 256);
        if (times == 0)
            come(p, 0, LINES / 2);
        whole = kg_volume_set_cube(&p->set, &p->pool, &lines);
        assert_true(whole || lines == 0);
        change_some(p, 60);
        if (times % 16 == 0)
            ask(p, NULL, NULL, -1, KG_DATE_NONE, KG_DATE_NONE);
    }
    assert_in_range(times, 20, LINES);
    ask_all(p);
    change_some(p, LINES / 8);
    ask_all(p);
    pool_free(p);
}

/* Lines that are new to the pool are only in the wide nodes, till they are asked into the rest. */
static void new_lines_may_wait(void **state)
{
    (void)state;
    pool *p = pool_new();
    const uint32_t known = LINES / 8 * 7;
    size_t times = 0;
    p->pool.columns.count = known;
    come(p, 0, known);
    make_cube(p);
    assert_false(kg_volume_set_late(&p->set, &p->pool));
    assert_non_null(p->set.cube->nodes[KG_NODE_ALL].bodies);
    p->pool.columns.count = LINES;
    assert_true(kg_volume_set_late(&p->set, &p->pool));
    come(p, known, LINES);
    ask_all(p);
    change_some(p, LINES / 4);
    ask_all(p);
    for (bool done = false; !done; times++) {
        size_t lines = 1 + draw(p, 8 * 256);
        done = kg_volume_set_code(&p->set, &p->pool, &lines);
        assert_true(done || lines == 0);
        change_some(p, 60);
        if (times % 32 == 0)
            ask(p, times % 64 ? "30" : NULL, NULL, -1, KG_DATE_NONE, KG_DATE_NONE);
    }
    assert_in_range(times, 4, LINES);
    assert_false(kg_volume_set_late(&p->set, &p->pool));
    ask_all(p);
    change_some(p, LINES / 8);
    ask_all(p);
    pool_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_cube_follows),
                                       cmocka_unit_test(a_cube_is_made_of_many),
                                       cmocka_unit_test(a_cube_is_made_while_lines_change),
                                       cmocka_unit_test(new_lines_may_wait)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

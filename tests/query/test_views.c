/* SPDX-License-Identifier: EUPL-1.2 */
/* Who sees what of a round in which A B C and D E F stand in two lots. */
#include <stdlib.h>
#include <string.h>

#include "../domain/helper_world.h"
#include "broker/query/query.h"

static const kg_query_context context = {.version = "test",
                                         .deployment = "00",
                                         .chain = "00",
                                         .disclosure_organisations_min = 5,
                                         .disclosure_largest_percent = 60,
                                         .disclosure_two_percent = 80,
                                         .disclosure_p_percent = 15};

/* The answer's text; returns owned, "" when it was refused. */
static char *ask(const world *w, const char *organisation, uint32_t roles, kg_query *query,
                 kg_status expected)
{
    char detail[600] = "";
    kg_asker asker = {organisation, roles};
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_add(&out, "", 0);
    assert_status(expected, kg_query_answer(w->state, &asker, query, &context, &out, detail));
    kg_query_fini(query);
    return out.bytes;
}

static kg_query of(kg_view view, const char *lot, const char *line)
{
    kg_query query;
    kg_query_init(&query, view);
    query.lot = lot;
    query.line = line;
    return query;
}

static void lines_are_ones_own(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast_but(&w, "B", "unit_price_max=777.77");
    world_round(&w, 'p');
    kg_query query = of(KG_VIEW_LINES, NULL, NULL);
    char *text = ask(&w, "B", KG_ROLE_ORGANISATION, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"b1\""));
    assert_null(strstr(text, "\"a1\""));
    assert_null(strstr(text, "777.77"));
    free(text);
    query = of(KG_VIEW_EXPLAIN, NULL, "b1");
    free(ask(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_UNKNOWN_LINE));
    query = of(KG_VIEW_EXPLAIN, NULL, "b1");
    text = ask(&w, "B", KG_ROLE_ORGANISATION, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"placed\""));
    assert_null(strstr(text, "777.77"));
    free(text);
    query = of(KG_VIEW_LOT, LOT1, NULL);
    text = ask(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"b1\""));
    assert_null(strstr(text, "777.77")); /* a price ceiling never leaves the broker */
    free(text);
    world_fini(&w);
}

static void a_lot_is_for_its_members_and_coordinator(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = of(KG_VIEW_LOT, LOT1, NULL);
    free(ask(&w, "F", KG_ROLE_ORGANISATION, &query, KG_STATUS_NOT_A_MEMBER));
    query = of(KG_VIEW_LOT, "R1/laptop/BE/9", NULL);
    free(ask(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_UNKNOWN_LOT));
    query = of(KG_VIEW_LOT, LOT1, NULL);
    char *text = ask(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_OK);
    assert_null(strstr(text, "\"B\"")); /* names from the confirmation on */
    assert_null(strstr(text, "\"b1\""));
    assert_non_null(strstr(text, "\"exact\":false")); /* three bodies: in bands */
    free(text);
    query = of(KG_VIEW_LOT, LOT1, NULL);
    text = ask(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"b1\""));
    assert_non_null(strstr(text, "\"exact\":true"));
    free(text);
    world_fini(&w);
}

static void names_come_with_the_confirmation_lines_never(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    kg_query query = of(KG_VIEW_LOT, LOT1, NULL);
    char *text = ask(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"B\""));
    assert_null(strstr(text, "\"b1\""));
    free(text);
    world_fini(&w);
}

static void readers_see_no_small_cell(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    kg_query query = of(KG_VIEW_VOLUME, NULL, NULL);
    query.by[query.by_count++] = KG_BY_CATEGORY;
    char *text = ask(&w, "A", KG_ROLE_READER, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"organisations\":6"));
    free(text);
    world_withdraw(&w, "E", "e1");
    world_withdraw(&w, "F", "f1");
    query = of(KG_VIEW_VOLUME, NULL, NULL);
    query.by[query.by_count++] = KG_BY_CATEGORY;
    text = ask(&w, "A", KG_ROLE_READER, &query, KG_STATUS_OK);
    assert_string_equal(text, "[]");
    free(text);
    world_fini(&w);
}

static void lots_are_seen_together_before_they_are_a_tender(void **state)
{
    world w;
    const char *lots[] = {LOT1, LOT2};
    (void)state;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'p');
    kg_query query = of(KG_VIEW_TENDER, NULL, NULL);
    query.lots = (kg_texts){lots, 2};
    char *text = ask(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_OK);
    assert_non_null(strstr(text, "\"regime\""));
    free(text);
    query = of(KG_VIEW_TENDER, NULL, NULL);
    query.lots = (kg_texts){lots, 1};
    free(ask(&w, "A", KG_ROLE_ORGANISATION, &query, KG_STATUS_NOT_YOUR_ROUND));
    lots[1] = LOT1;
    query = of(KG_VIEW_TENDER, NULL, NULL);
    query.lots = (kg_texts){lots, 2};
    free(ask(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, KG_STATUS_INVALID));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_ones_own),
        cmocka_unit_test(a_lot_is_for_its_members_and_coordinator),
        cmocka_unit_test(names_come_with_the_confirmation_lines_never),
        cmocka_unit_test(readers_see_no_small_cell),
        cmocka_unit_test(lots_are_seen_together_before_they_are_a_tender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches and clauses as they are found, and what a lot needs of them. */
#include <stdlib.h>
#include <string.h>

#include "helper_asking.h"

#include "proto/memory.h"

static void publish(world *w, const char *who, const char *key, bool clause)
{
    kg_command command = practice_command(key, clause);
    world_must(w, who, &command);
}

static json_t *list(const world *w, const char *category, const char *criterion,
                    const char *organisation)
{
    kg_query query = query_of(KG_VIEW_PRACTICES, NULL, NULL, NULL);
    query.category = category;
    query.criterion = criterion;
    query.organisation = organisation;
    return asked(w, "B", KG_ROLE_READER, &query);
}

static void need_count(const world *w, const char *category, const char *criterion,
                       const char *organisation, size_t count)
{
    json_t *seen = list(w, category, criterion, organisation);
    assert_int_equal(json_array_size(seen), count);
    json_decref(seen);
}

static void they_are_found(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    publish(&w, "A", "warranty", true);
    publish(&w, "A", "how", false);
    publish(&w, "B", "how", false);
    kg_command gone = retire_command("how");
    need_count(&w, NULL, NULL, NULL, 3);
    need_count(&w, "laptop", NULL, NULL, 3);
    need_count(&w, "monitor", NULL, NULL, 0);
    need_count(&w, NULL, "warranty-years", "A", 2);
    need_count(&w, NULL, "warranty", NULL, 0);
    world_must(&w, "B", &gone);
    need_count(&w, NULL, NULL, NULL, 2);
    json_t *seen = list(&w, NULL, NULL, NULL);
    json_t *first = json_array_get(seen, 0);
    assert_string_equal(text(first, "organisation"), "A");
    assert_string_equal(text(first, "kind"), "clause");
    assert_string_equal(text(first, "type"), "clause");
    assert_string_equal(text(entry(first, "title"), "nl"), "Vijf jaar waarborg");
    json_decref(seen);
    world_fini(&w);
}

static void one_is_shown_whole(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast(&w);
    publish(&w, "A", "how", false);
    kg_query query = query_of(KG_VIEW_PRACTICE, NULL, NULL, NULL);
    query.practice = "how";
    refused(&w, "B", KG_ROLE_ORGANISATION, &query, KG_STATUS_UNKNOWN_PRACTICE);
    query.organisation = "A";
    json_t *seen = asked(&w, "B", KG_ROLE_ORGANISATION, &query);
    json_t *dutch = entry(entry(seen, "texts"), "nl");
    assert_string_equal(text(dutch, "approach"), "Een zin.");
    assert_string_equal(text(dutch, "lesson"), "Een zin.");
    assert_null(json_object_get(entry(seen, "texts"), "fr"));
    json_decref(seen);
    query.organisation = "NOBODY";
    refused(&w, "B", KG_ROLE_ORGANISATION, &query, KG_STATUS_UNKNOWN_PRACTICE);
    world_fini(&w);
}

/* A level above the lowest needs a clause, and it is said where there is none. */
static void a_lot_lists_what_its_levels_need(void **state)
{
    world w;
    (void)state;
    world_init(&w);
    world_cast_but(&w, "A", "track=kopgroep|criteria=warranty-years=3 battery-cycles=500");
    world_round(&w, 'p');
    publish(&w, "B", "warranty", true);
    publish(&w, "B", "how", false); /* a fiche is no clause */
    kg_query query = query_of(KG_VIEW_LOT, NULL, LOT1, NULL);
    json_t *seen = asked(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query);
    json_t *needs = entry(seen, "clauses");
    assert_int_equal(json_array_size(needs), 2);
    for (size_t i = 0; i < 2; i++) {
        json_t *need = json_array_get(needs, i), *clauses = entry(need, "clauses");
        bool warranty = strcmp(text(need, "criterion"), "warranty-years") == 0;
        assert_string_equal(text(need, "level"), warranty ? "3" : "500");
        assert_int_equal(json_array_size(clauses), warranty ? 1 : 0);
        if (warranty)
            assert_string_equal(text(json_array_get(clauses, 0), "key"), "warranty");
    }
    json_decref(seen);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_found),
        cmocka_unit_test(one_is_shown_whole),
        cmocka_unit_test(a_lot_lists_what_its_levels_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

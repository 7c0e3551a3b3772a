/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/event.h"

static const kg_kind kinds[] = {
    KG_KIND_SUBMIT,        KG_KIND_WITHDRAW,      KG_KIND_LOT_CONFIRM,    KG_KIND_LOT_DECLINE,
    KG_KIND_LOT_CALL_OFF,  KG_KIND_ROUND_OPEN,    KG_KIND_ROUND_CLOSE,    KG_KIND_ROUND_EXTEND,
    KG_KIND_ROUND_PROPOSE, KG_KIND_ROUND_CONFIRM, KG_KIND_ROUND_CONCLUDE, KG_KIND_ROUND_CANCEL,
    KG_KIND_LOT_OFFERS,    KG_KIND_PRACTICE_PUBLISH, KG_KIND_PRACTICE_RETIRE,
    KG_KIND_LOT_AWARD,     KG_KIND_LOT_FAIL,      KG_KIND_TENDER_LAUNCH,  KG_KIND_REGISTER,
    KG_KIND_CATALOGUE,     KG_KIND_ROUND_START,   KG_KIND_LOTS_EXPIRE,    KG_KIND_QUERY,
    KG_KIND_PAGE,          KG_KIND_VOLUME_PUBLISH, KG_KIND_KEY_ADD,       KG_KIND_KEY_REVOKE,
    KG_KIND_COSIGN,
    KG_KIND_LINES_READ,
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void every_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        assert_non_null(kg_kind_name(kinds[i]));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kg_kind_name(kinds[i]), kg_kind_name(kinds[j]));
    }
    assert_string_equal(kg_kind_name(KG_KIND_ROUND_OPEN), "round-open");
}

static void other_numbers_have_no_name(void **state)
{
    (void)state;
    size_t named = 0;
    for (unsigned kind = 0; kind < 1000; kind++)
        named += kg_kind_name((kg_kind)kind) != NULL;
    assert_int_equal(named, KINDS);
    assert_null(kg_kind_name((kg_kind)UINT32_MAX));
}

static void a_fresh_command_says_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        kg_command command;
        kg_command_init(&command, kinds[i]);
        assert_int_equal(command.kind, kinds[i]);
        assert_null(command.round);
        assert_int_equal(command.submit.count, 0);
        assert_int_equal(command.submit.part, 1);
        assert_int_equal(command.submit.parts, 1);
        assert_int_equal(command.dates.closes, KG_DATE_NONE);
        assert_int_equal(command.dates.award_by, KG_DATE_NONE);
        assert_int_equal(command.award.unit_price_cents, -1);
        assert_int_equal(command.quantity, -1);
        assert_int_equal(command.value_cents, -1);
        assert_int_equal(command.round_rules.window_days_min, 1);
        assert_false(command.has_key);
        kg_command_fini(&command);
        kg_command_fini(&command); /* harmless */
    }
}

static void a_fresh_record_has_texts(void **state)
{
    (void)state;
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    assert_string_equal(command.record.name, "");
    assert_string_equal(command.record.country, "");
    kg_command_fini(&command);
}

static void a_fresh_query_asks_for_all(void **state)
{
    (void)state;
    kg_query query;
    kg_query_init(&query, KG_VIEW_VOLUME);
    assert_int_equal(query.view, KG_VIEW_VOLUME);
    assert_int_equal(query.from, KG_DATE_NONE);
    assert_int_equal(query.to, KG_DATE_NONE);
    assert_int_equal(query.track, -1);
    assert_int_equal(query.by_count, 0);
    assert_null(query.category);
    kg_query_fini(&query);
}

static void dimensions_are_found_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"category", "cpv", "nuts", "month", "track"};
    for (int i = 0; i < KG_VOLUME_DIMENSIONS; i++) {
        assert_int_equal(kg_dimension_find(names[i]), i);
        assert_string_equal(kg_dimension_name((kg_dimension)i), names[i]);
    }
    assert_int_equal(kg_dimension_find("months"), -1);
    assert_int_equal(kg_dimension_find(""), -1);
}

static void an_event_owns_what_is_in_it(void **state)
{
    (void)state;
    kg_event *event = kg_event_new(KG_KIND_REGISTER);
    assert_int_equal(event->command.kind, KG_KIND_REGISTER);
    assert_int_equal(event->today, KG_DATE_NONE);
    assert_string_equal(event->actor, "");
    event->lines = kg_alloc(3, sizeof *event->lines);
    event->outcome = kg_alloc(1, sizeof *event->outcome);
    event->outcome->lots = kg_alloc(2, sizeof *event->outcome->lots);
    event->command.round = kg_arena_text(&event->command.arena, "r", 1);
    kg_event_destroy(&event); /* a leak would be told by the sanitizer */
    assert_null(event);
    kg_event_destroy(&event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_name_of_its_own),
        cmocka_unit_test(other_numbers_have_no_name),
        cmocka_unit_test(a_fresh_command_says_nothing),
        cmocka_unit_test(a_fresh_record_has_texts),
        cmocka_unit_test(a_fresh_query_asks_for_all),
        cmocka_unit_test(dimensions_are_found_by_name),
        cmocka_unit_test(an_event_owns_what_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

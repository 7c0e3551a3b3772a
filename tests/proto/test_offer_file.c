/* SPDX-License-Identifier: EUPL-1.2 */
/* Suppliers' offers as a coordinator writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/offer.h"

typedef struct reading {
    kg_arena arena;
    kg_problems problems;
    kg_offer *offers;
    size_t count;
} reading;

static void read_text(reading *r, const char *text)
{
    char path[] = "/tmp/kopgroep-offers-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    kg_arena_init(&r->arena);
    kg_problems_init(&r->problems, "offers.conf");
    r->offers = kg_offers_read(path, &r->arena, &r->count, &r->problems);
    unlink(path);
}

static void done(reading *r)
{
    kg_problems_fini(&r->problems);
    kg_arena_fini(&r->arena);
}

static void a_whole_offer_is_read(void **state)
{
    reading r;
    (void)state;
    read_text(&r, "offer \"Computers NV\" {\n  unit_price = \"812.50\"  installation = \"20\"\n"
                  "  energy_kwh_year = \"35.25\"  service_year = \"15.00\"\n"
                  "  lifetime_years = \"6\"  residual_value = \"60\"  take_back = \"5.10\"\n"
                  "  levels = {\"warranty-years=5\", \"battery-cycles=800\"}\n"
                  "  labels = {\"TCO Certified 10\"}\n}\n"
                  "offer \"Second BV\" { unit_price = \"700\"  lifetime_years = \"4\" }\n");
    assert_int_equal(r.problems.count, 0);
    assert_int_equal(r.count, 2);
    const kg_offer *offer = &r.offers[0];
    assert_string_equal(offer->supplier, "Computers NV");
    assert_int_equal(offer->unit_price_cents, 81250);
    assert_int_equal(offer->installation_cents, 2000);
    assert_int_equal(offer->energy_hundredths, 3525);
    assert_int_equal(offer->service_cents, 1500);
    assert_int_equal(offer->lifetime_years, 6);
    assert_int_equal(offer->residual_cents, 6000);
    assert_int_equal(offer->take_back_cents, 510);
    assert_int_equal(offer->levels_count, 2);
    assert_string_equal(offer->levels[1].criterion, "battery-cycles");
    assert_string_equal(offer->levels[1].level, "800");
    assert_int_equal(offer->labels.count, 1);
    assert_string_equal(offer->labels.items[0], "TCO Certified 10");
    assert_int_equal(r.offers[1].residual_cents, 0);
    done(&r);
}

static void need_problem(const char *text, const char *column, kg_status status)
{
    reading r;
    read_text(&r, text);
    assert_null(r.offers);
    assert_true(r.problems.count > 0);
    const kg_problem *problem = &r.problems.items[0];
    assert_int_equal(problem->status, status);
    if (column)
        assert_string_equal(problem->column, column);
    done(&r);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    need_problem("", NULL, KG_STATUS_OFFERS);
    need_problem("offer \"A\" { lifetime_years = \"4\" }", "unit_price", KG_STATUS_MISSING);
    need_problem("offer \"A\" { unit_price = \"1\" }", "lifetime_years", KG_STATUS_MISSING);
    need_problem("offer \"A\" { unit_price = \"x\" lifetime_years = \"4\" }", "unit_price",
                 KG_STATUS_VALUE);
    need_problem("offer \"A\" { unit_price = \"2000000000\" lifetime_years = \"4\" }", "unit_price",
                 KG_STATUS_INVALID);
    need_problem("offer \"A\" { unit_price = \"1\" lifetime_years = \"4\" levels = {\"x\"} }",
                 "levels", KG_STATUS_INVALID);
    need_problem("offer \"\" { unit_price = \"1\" lifetime_years = \"4\" }", NULL,
                 KG_STATUS_INVALID);
}

static void all_mistakes_at_once(void **state)
{
    reading r;
    (void)state;
    read_text(&r, "offer \"A\" { unit_price = \"x\" }\noffer \"B\" { lifetime_years = \"40\" }\n");
    assert_null(r.offers);
    assert_int_equal(r.problems.count, 4);
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_offer_is_read),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(all_mistakes_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

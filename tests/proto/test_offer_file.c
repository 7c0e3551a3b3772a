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

static void read_table(reading *r, const char *text)
{
    char path[] = "/tmp/kopgroep-offers-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    kg_arena_init(&r->arena);
    kg_problems_init(&r->problems, "offers.csv");
    r->offers = kg_offers_read_csv(path, &r->arena, &r->count, &r->problems);
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

/* ---- tables ---- */

static void a_table_is_read(void **state)
{
    reading r;
    (void)state;
    read_table(&r, "\xef\xbb\xbf"
                   "lifetime_years;Supplier;unit_price;energy_kwh_year;levels;labels;\r\n"
                   ";;;;;;\r\n"
                   "6;Computers NV;812,50;35.25; warranty-years=5  battery-cycles=800;"
                   "\"TCO Certified 10; EPEAT\";\r\n"
                   "4;Second BV;700;;;;\r\n");
    assert_int_equal(r.problems.count, 0);
    assert_int_equal(r.count, 2);
    const kg_offer *offer = &r.offers[0];
    assert_string_equal(offer->supplier, "Computers NV");
    assert_int_equal(offer->unit_price_cents, 81250);
    assert_int_equal(offer->energy_hundredths, 3525);
    assert_int_equal(offer->lifetime_years, 6);
    assert_int_equal(offer->installation_cents, 0);
    assert_int_equal(offer->levels_count, 2);
    assert_string_equal(offer->levels[1].criterion, "battery-cycles");
    assert_int_equal(offer->labels.count, 2);
    assert_string_equal(offer->labels.items[0], "TCO Certified 10");
    assert_string_equal(offer->labels.items[1], "EPEAT");
    assert_int_equal(r.offers[1].levels_count, 0);
    done(&r);
}

static void need_told(const reading *r, size_t i, long row, const char *column, kg_status status)
{
    assert_in_range(i, 0, r->problems.count - 1);
    assert_int_equal(r->problems.items[i].row, row);
    assert_int_equal(r->problems.items[i].status, status);
    if (column)
        assert_string_equal(r->problems.items[i].column, column);
}

static void all_of_a_table_is_told_at_once(void **state)
{
    reading r;
    (void)state;
    read_table(&r, "supplier,unit_price,lifetime_years,levels\n"
                   "A,x,4,warranty\n"
                   "B,,40,\n"
                   ",1,4,,more\n"
                   "\xff,1,4,\n");
    assert_null(r.offers);
    need_told(&r, 0, 2, "unit_price", KG_STATUS_VALUE);
    need_told(&r, 1, 2, "levels", KG_STATUS_INVALID);
    need_told(&r, 2, 3, "unit_price", KG_STATUS_MISSING);
    need_told(&r, 3, 3, "lifetime_years", KG_STATUS_INVALID);
    need_told(&r, 4, 4, NULL, KG_STATUS_FIELD_COUNT);
    need_told(&r, 5, 4, "supplier", KG_STATUS_INVALID);
    need_told(&r, 6, 5, "supplier", KG_STATUS_ENCODING);
    done(&r);
}

static void control_characters_of_a_table_are_told(void **state)
{
    reading r;
    (void)state;
    read_table(&r, "supplier,unit_price,lifetime_years,levels,labels\n"
                   "A\x0f,1,4,,\n"
                   "B,1,4,warranty-years=\x0f,\n"
                   "C,1,4,,TCO\x0f\n");
    assert_null(r.offers);
    need_told(&r, 0, 2, "supplier", KG_STATUS_INVALID);
    need_told(&r, 1, 3, "levels", KG_STATUS_INVALID);
    need_told(&r, 2, 4, "labels", KG_STATUS_INVALID);
    done(&r);
}

static void a_header_is_told_of_once(void **state)
{
    reading r;
    (void)state;
    read_table(&r, "supplier,unitprice,levels,levels\nA,1,a=1,b=2\nB,1,,\n");
    assert_null(r.offers);
    assert_int_equal(r.problems.count, 4);
    need_told(&r, 0, 1, NULL, KG_STATUS_UNKNOWN_COLUMN);
    assert_non_null(strstr(r.problems.items[0].allowed, "Did you mean unit_price?"));
    need_told(&r, 1, 1, "levels", KG_STATUS_DUPLICATE_COLUMN);
    need_told(&r, 2, 1, "unit_price", KG_STATUS_MISSING);
    need_told(&r, 3, 1, "lifetime_years", KG_STATUS_MISSING);
    done(&r);
}

static void what_is_no_table_is_refused(void **state)
{
    static const char *const texts[] = {"", "supplier,unit_price,lifetime_years\n", "a\tb\n",
                                        "supplier,unit_price,lifetime_years\n\"A,1,2\n",
                                        "\"supplier\"x,unit_price\nA,1\n"};
    reading r;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_table(&r, texts[i]);
        assert_null(r.offers);
        assert_true(r.problems.count > 0);
        done(&r);
    }
    kg_arena_init(&r.arena);
    kg_problems_init(&r.problems, "none.csv");
    assert_null(kg_offers_read_csv("/nowhere/none.csv", &r.arena, &r.count, &r.problems));
    assert_int_equal(r.problems.count, 1);
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_offer_is_read),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(all_mistakes_at_once),
        cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(all_of_a_table_is_told_at_once),
        cmocka_unit_test(control_characters_of_a_table_are_told),
        cmocka_unit_test(a_header_is_told_of_once),
        cmocka_unit_test(what_is_no_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

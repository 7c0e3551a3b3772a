/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "proto/limits.h"
#include "proto/sink.h"

static void dates_are_read(void **state)
{
    static const struct {
        const char *text;
        kg_date date;
    } cases[] = {
        {"1970-01-01", 0},      {"1970-01-02", 1},      {"1969-12-31", -1},
        {"2000-02-29", 11016},  {"2000-03-01", 11017},  {"2027-01-31", 20849},
        {"2028-02-29", 21243},  {"1900-01-01", -25567}, {"2999-12-31", 376199},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_date date;
        char text[KG_DATE_BYTES];
        assert_true(kg_date_parse(cases[i].text, &date));
        assert_int_equal(date, cases[i].date);
        kg_date_write(date, text);
        assert_string_equal(text, cases[i].text);
    }
    (void)state;
}

static void dates_are_refused(void **state)
{
    static const char *const cases[] = {
        "",           "2027-1-31",  "31/01/2027",  "2027-02-29", "2027-13-01", "2027-00-10",
        "2027-01-00", "2027-04-31", "1900-02-29",  "1899-12-31", "3000-01-01", "2027-01-31 ",
        "2027 01 31", " 2027-01-31", "+027-01-31", "2027-01-3x", "2027/01/31",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_date date;
        if (kg_date_parse(cases[i], &date))
            fail_msg("taken: %s", cases[i]);
    }
    (void)state;
}

/* Every day of eleven centuries: the next day's number is one more, and reads back. */
static void dates_are_consecutive(void **state)
{
    kg_date first, last;
    char before[KG_DATE_BYTES] = "", text[KG_DATE_BYTES];
    assert_true(kg_date_parse("1900-01-01", &first));
    assert_true(kg_date_parse("2999-12-31", &last));
    for (kg_date date = first; date <= last; date++) {
        kg_date again;
        kg_date_write(date, text);
        assert_true(kg_date_parse(text, &again));
        assert_int_equal(again, date);
        assert_true(strcmp(before, text) < 0);
        memcpy(before, text, sizeof before);
    }
    (void)state;
}

static void dates_have_months_and_none_is_empty(void **state)
{
    int year, month;
    kg_date date;
    char text[KG_DATE_BYTES];
    assert_true(kg_date_parse("2026-12-31", &date));
    kg_date_month(date, &year, &month);
    assert_int_equal(year, 2026);
    assert_int_equal(month, 12);
    kg_date_month(date + 1, &year, &month);
    assert_int_equal(year, 2027);
    assert_int_equal(month, 1);
    kg_date_write(KG_DATE_NONE, text);
    assert_string_equal(text, "");
    (void)state;
}

static void times_are_written(void **state)
{
    char text[KG_TIME_BYTES];
    kg_time_write(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    kg_time_write(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    kg_time_write(1801396799007, text);
    assert_string_equal(text, "2027-01-31T11:59:59.007Z");
    (void)state;
}

static void money_is_read(void **state)
{
    static const struct {
        const char *text;
        int64_t cents;
        const char *written;
    } cases[] = {
        {"800", 80000, "800.00"},     {"800.5", 80050, "800.50"}, {"800.05", 80005, "800.05"},
        {"800,00", 80000, "800.00"},  {"0", 0, "0.00"},           {"0,01", 1, "0.01"},
        {"0012.10", 1210, "12.10"},   {"10000000000", KG_VALUE_CENTS_MAX, "10000000000.00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t cents;
        char text[KG_MONEY_BYTES];
        assert_true(kg_money_parse(cases[i].text, &cents));
        assert_int_equal(cents, cases[i].cents);
        kg_money_write(cents, text);
        assert_string_equal(text, cases[i].written);
    }
    (void)state;
}

static void money_is_refused(void **state)
{
    static const char *const cases[] = {
        "", ".", ",5", "5.", "5.123", "-5", "+5", "1 250", "1.250,00", "1,250.00", "5e3", "EUR 5",
        "10000000000.01", "99999999999999999999999", "5 ", "0x10",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t cents;
        if (kg_money_parse(cases[i], &cents))
            fail_msg("taken: %s", cases[i]);
    }
    (void)state;
}

static void large_sums_are_written(void **state)
{
    char text[KG_MONEY_BYTES];
    kg_int128 most = (kg_int128)(~(unsigned __int128)0 >> 1);
    kg_money_write(most, text);
    assert_string_equal(text, "1701411834604692317316873037158841057.27");
    kg_money_write(-most - 1, text);
    assert_string_equal(text, "-1701411834604692317316873037158841057.28");
    kg_money_write(-5, text);
    assert_string_equal(text, "-0.05");
    (void)state;
}

static void integers_are_bounded(void **state)
{
    int64_t value;
    assert_true(kg_integer_parse("0", 0, 9, &value));
    assert_true(kg_integer_parse("9223372036854775807", 0, INT64_MAX, &value));
    assert_true(value == INT64_MAX);
    assert_true(kg_integer_parse("007", 1, 9, &value));
    assert_int_equal(value, 7);
    assert_false(kg_integer_parse("9223372036854775808", 0, INT64_MAX, &value));
    assert_false(kg_integer_parse("92233720368547758070", 0, INT64_MAX, &value));
    assert_false(kg_integer_parse("10", 0, 9, &value));
    assert_false(kg_integer_parse("0", 1, 9, &value));
    assert_false(kg_integer_parse("", 0, 9, &value));
    assert_false(kg_integer_parse("-1", -5, 9, &value));
    assert_false(kg_integer_parse("1.0", 0, 9, &value));
    assert_false(kg_integer_parse(" 1", 0, 9, &value));
    (void)state;
}

static void ids_are_checked(void **state)
{
    char id[KG_ID_BYTES_MAX + 2];
    memset(id, 'a', sizeof id);
    id[KG_ID_BYTES_MAX + 1] = '\0';
    assert_false(kg_id_valid(id));
    id[KG_ID_BYTES_MAX] = '\0';
    assert_true(kg_id_valid(id));
    assert_true(kg_id_valid("BE-0316380940"));
    assert_true(kg_id_valid("a:b.c_d-9"));
    assert_false(kg_id_valid(""));
    assert_false(kg_id_valid("a b"));
    assert_false(kg_id_valid("a/b"));
    assert_false(kg_id_valid("\xc3\xa9"));
    (void)state;
}

static void texts_are_checked(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"", false},
        {"caf\xc3\xa9", true},
        {"\xe2\x82\xac", true},
        {"\xf0\x9f\x96\xa5", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xc0\xaf", false},         /* overlong */
        {"\xe0\x80\xaf", false},     /* overlong */
        {"\xed\xa0\x80", false},     /* surrogate */
        {"\xe2\x82", false},         /* cut */
        {"caf\xe9", false},          /* Latin-1 */
        {"\x80", false},
        {"a\nb", false},
        {"a\tb", false},
        {"a\x7f", false},
        {"a\xc2\x85", false}, /* C1 */
        {"a\xc2\xa0", true},  /* a no-break space */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (kg_text_valid(cases[i].text, 100) != cases[i].valid)
            fail_msg("case %zu", i);
    }
    assert_true(kg_text_valid("abc", 3));
    assert_false(kg_text_valid("abcd", 3));
    (void)state;
}

static void formats_are_cut(void **state)
{
    char text[6];
    kg_text_format(text, sizeof text, "%s-%d", "abc", 1234);
    assert_string_equal(text, "abc-1");
    (void)state;
}

static void near_names_are_found(void **state)
{
    static const char *const names[] = {"laptop", "monitor", "smartphone", "nl", "new"};
    static const struct {
        const char *text, *near;
    } cases[] = {
        {"latop", "laptop"},   {"LAPTOP", "laptop"},   {"lpatop", "laptop"}, {"laptops", "laptop"},
        {"monitr", "monitor"}, {"smartphon", "smartphone"}, {"NL", "nl"},    {"n", NULL},
        {"nw", NULL},          {"neww", "new"},        {"server", NULL},     {"", NULL},
        {"lap", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *near = kg_text_nearest(cases[i].text, names, 5);
        if (!near || !cases[i].near)
            assert_ptr_equal(near, cases[i].near);
        else
            assert_string_equal(near, cases[i].near);
    }
    (void)state;
}

static void hexadecimal_goes_both_ways(void **state)
{
    const uint8_t bytes[] = {0x00, 0x9a, 0xff};
    uint8_t again[3];
    char text[7];
    kg_hex_write(bytes, sizeof bytes, text);
    assert_string_equal(text, "009aff");
    assert_true(kg_hex_parse("009AfF", again, sizeof again));
    assert_memory_equal(again, bytes, sizeof bytes);
    assert_false(kg_hex_parse("009af", again, sizeof again));
    assert_false(kg_hex_parse("009aff0", again, sizeof again));
    assert_false(kg_hex_parse("009afg", again, sizeof again));
    (void)state;
}

static void sinks_write_fixed_forms(void **state)
{
    static const char expected[] = "\x07\x01\x02\x03\x04\xff\xff\xff\xff\xff\xff\xff\xfe"
                                   "\0\0\0\0\0\0\1\0\0\0\0\2ab\xff\xff\xff\xff";
    kg_buffer buffer;
    kg_buffer_init(&buffer);
    kg_sink sink = kg_buffer_sink(&buffer);
    kg_sink_u8(sink, 7);
    kg_sink_u32(sink, 0x01020304);
    kg_sink_i64(sink, -2);
    kg_sink_u64(sink, 256);
    kg_sink_text(sink, "ab");
    kg_sink_text(sink, NULL);
    assert_int_equal(buffer.count, sizeof expected - 1);
    assert_memory_equal(buffer.bytes, expected, sizeof expected);
    kg_buffer_fini(&buffer);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read),
        cmocka_unit_test(dates_are_refused),
        cmocka_unit_test(dates_are_consecutive),
        cmocka_unit_test(dates_have_months_and_none_is_empty),
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(money_is_read),
        cmocka_unit_test(money_is_refused),
        cmocka_unit_test(large_sums_are_written),
        cmocka_unit_test(integers_are_bounded),
        cmocka_unit_test(ids_are_checked),
        cmocka_unit_test(texts_are_checked),
        cmocka_unit_test(formats_are_cut),
        cmocka_unit_test(near_names_are_found),
        cmocka_unit_test(hexadecimal_goes_both_ways),
        cmocka_unit_test(sinks_write_fixed_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

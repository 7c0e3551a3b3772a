/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/exposition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void decimals_are_exact(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        int decimals;
        const char *text;
    } cases[] = {
        {0, 0, "0"},
        {0, 6, "0"},
        {100, 6, "0.0001"},
        {2500, 6, "0.0025"},
        {1000000, 6, "1"},
        {1000001, 6, "1.000001"},
        {5000000, 6, "5"},
        {10, 0, "10"},
        {123456, 3, "123.456"},
        {UINT64_MAX, 0, "18446744073709551615"},
        {UINT64_MAX, 6, "18446744073709.551615"},
    };
    char text[32];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_decimal_write(cases[i].value, cases[i].decimals, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void labels_are_escaped(void **state)
{
    (void)state;
    kg_buffer out;
    const kg_sample_label labels[] = {{"a", "plain"}, {"b", "\"quoted\" \\ \n end"}};
    kg_buffer_init(&out);
    kg_exposition_family(&out, "x_total", "counter", "Help.");
    kg_exposition_sample(&out, "x_total", labels, 2, 3, 0);
    kg_exposition_sample(&out, "x_total", NULL, 0, 25, 1);
    assert_string_equal(out.bytes, "# HELP x_total Help.\n# TYPE x_total counter\n"
                                   "x_total{a=\"plain\",b=\"\\\"quoted\\\" \\\\ \\n end\"} 3\n"
                                   "x_total 2.5\n");
    kg_buffer_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(labels_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

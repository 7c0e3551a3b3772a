/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void addresses_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *again;
        bool loopback;
    } cases[] = {
        {"127.0.0.1:9464", "127.0.0.1:9464", true}, {"127.9.9.9:*", "127.9.9.9:0", true},
        {"0.0.0.0:80", "0.0.0.0:80", false},        {"[::1]:9464", "[::1]:9464", true},
        {"[::]:9464", "[::]:9464", false},          {"10.0.0.1:65535", "10.0.0.1:65535", false},
        {"128.0.0.1:1", "128.0.0.1:1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kg_address address;
        char text[64];
        assert_true(kg_address_parse(cases[i].text, &address));
        assert_int_equal(kg_address_is_loopback(&address), cases[i].loopback);
        kg_address_write(&address, text);
        assert_string_equal(text, cases[i].again);
    }
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        ":",
        "127.0.0.1",
        "127.0.0.1:",
        ":9464",
        "127.0.0.1:x",
        "127.0.0.1:-1",
        "127.0.0.1:65536",
        "127.0.0.1:99999999999",
        "localhost:9464",
        "::1:9464",
        "[::1]",
        "[127.0.0.1:80",
        "tcp://127.0.0.1:80",
        "127.0.0.1 :80",
        "127.0.0.1:8 0",
        "*:80",
        "256.0.0.1:80",
        "[]:80",
        "1111111111111111111111111111111111111111111111111111111111111111111111111111:80",
    };
    kg_address address;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (kg_address_parse(wrong[i], &address))
            fail_msg("taken for an address: %s", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written),
        cmocka_unit_test(what_is_no_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

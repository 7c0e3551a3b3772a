/* SPDX-License-Identifier: EUPL-1.2 */
/* Only the user's own page may ask, and what changes something must come from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "client/web/visit.h"

#define PORT 4711
#define SECRET "0123456789abcdef0123456789abcdef"
#define COOKIE "kopgroep-4711=" SECRET

static bool may(const char *host, const char *origin, const char *cookie, bool changes)
{
    const web_visit visit = {host, origin, cookie, changes};
    return !web_visit_refused(&visit, PORT, SECRET);
}

static void own_page(void **state)
{
    (void)state;
    assert_true(may("127.0.0.1:4711", NULL, COOKIE, false));
    assert_true(may("localhost:4711", NULL, COOKIE, false));
    assert_true(may("127.0.0.1:4711", "http://127.0.0.1:4711", COOKIE, true));
    assert_true(may("localhost:4711", "http://localhost:4711", COOKIE, true));
    assert_true(may("localhost:4711", NULL, "a=b; " COOKIE "; c=d", false));
}

static void other_hosts(void **state)
{
    static const char *const hosts[] = {"evil.example:4711",       "127.0.0.1",
                                        "127.0.0.1:47110",         "127.0.0.1:471",
                                        "127.0.0.1.evil.org:4711", "",
                                        "localhost",               "127.0.0.2:4711"};
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_false(may(hosts[i], NULL, COOKIE, false));
    assert_false(may(NULL, NULL, COOKIE, false));
}

/* Each character of the secret counts; so do its length and the cookie's name. */
static void other_secrets(void **state)
{
    char cookie[] = COOKIE;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof cookie; i++) {
        cookie[i] ^= 1;
        assert_false(may("localhost:4711", NULL, cookie, false));
        cookie[i] ^= 1;
    }
    assert_true(may("localhost:4711", NULL, cookie, false));
    assert_false(may("localhost:4711", NULL, NULL, false));
    assert_false(may("localhost:4711", NULL, "", false));
    assert_false(may("localhost:4711", NULL, COOKIE "0", false));
    assert_false(may("localhost:4711", NULL, "kopgroep-4712=" SECRET, false));
    assert_false(may("localhost:4711", NULL, "kopgroep-4711=", false));
    cookie[sizeof cookie - 2] = '\0';
    assert_false(may("localhost:4711", NULL, cookie, false));
}

static void other_origins(void **state)
{
    static const char *const origins[] = {
        "http://evil.example", "null", "https://127.0.0.1:4711", "http://127.0.0.1:4712",
        "http://127.0.0.1",    "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        assert_false(may("127.0.0.1:4711", origins[i], COOKIE, true));
    assert_false(may("127.0.0.1:4711", NULL, COOKIE, true));
}

static void secrets(void **state)
{
    (void)state;
    assert_true(web_secret_is(SECRET, SECRET));
    assert_false(web_secret_is(NULL, SECRET));
    assert_false(web_secret_is("", SECRET));
    assert_false(web_secret_is(SECRET "0", SECRET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_page),      cmocka_unit_test(other_hosts),
        cmocka_unit_test(other_secrets), cmocka_unit_test(other_origins),
        cmocka_unit_test(secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

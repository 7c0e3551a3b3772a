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
#define BEARER "Bearer " SECRET

static bool may(const char *host, const char *origin, const char *authorization, bool changes)
{
    const web_visit visit = {host, origin, authorization, true, changes};
    return !web_visit_refused(&visit, PORT, SECRET);
}

static void own_page(void **state)
{
    (void)state;
    assert_true(may("127.0.0.1:4711", NULL, BEARER, false));
    assert_true(may("localhost:4711", NULL, BEARER, false));
    assert_true(may("127.0.0.1:4711", "http://127.0.0.1:4711", BEARER, true));
    assert_true(may("localhost:4711", "http://localhost:4711", BEARER, true));
}

static void other_hosts(void **state)
{
    static const char *const hosts[] = {"evil.example:4711",       "127.0.0.1",
                                        "127.0.0.1:47110",         "127.0.0.1:471",
                                        "127.0.0.1.evil.org:4711", "",
                                        "localhost",               "127.0.0.2:4711"};
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_false(may(hosts[i], NULL, BEARER, false));
    assert_false(may(NULL, NULL, BEARER, false));
}

/* Each character of the secret counts; so do its length and the scheme. */
static void other_secrets(void **state)
{
    char given[] = BEARER;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof given; i++) {
        given[i] ^= 1;
        assert_false(may("localhost:4711", NULL, given, false));
        given[i] ^= 1;
    }
    assert_true(may("localhost:4711", NULL, given, false));
    assert_false(may("localhost:4711", NULL, NULL, false));
    assert_false(may("localhost:4711", NULL, "", false));
    assert_false(may("localhost:4711", NULL, "Bearer", false));
    assert_false(may("localhost:4711", NULL, "Bearer ", false));
    assert_false(may("localhost:4711", NULL, BEARER "0", false));
    given[sizeof given - 2] = '\0';
    assert_false(may("localhost:4711", NULL, given, false));
}

/* The page's own files are for who asks this host by its name. */
static void files(void **state)
{
    const web_visit own = {.host = "127.0.0.1:4711"}, other = {.host = "evil.example:4711"};
    (void)state;
    assert_null(web_visit_refused(&own, PORT, SECRET));
    assert_non_null(web_visit_refused(&other, PORT, SECRET));
}

static void other_origins(void **state)
{
    static const char *const origins[] = {
        "http://evil.example", "null", "https://127.0.0.1:4711", "http://127.0.0.1:4712",
        "http://127.0.0.1",    "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        assert_false(may("127.0.0.1:4711", origins[i], BEARER, true));
    assert_false(may("127.0.0.1:4711", NULL, BEARER, true));
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
        cmocka_unit_test(secrets),       cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/admitted.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void make_key(uint8_t key[KG_KEY_BYTES], unsigned number)
{
    memset(key, 0, KG_KEY_BYTES);
    memcpy(key, &number, sizeof number);
    key[KG_KEY_BYTES - 1] = 0xff;
}

static void keys_are_found_with_their_organisation(void **state)
{
    (void)state;
    uint8_t key[KG_KEY_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1], expected[KG_ID_BYTES_MAX + 1];
    kg_admitted *admitted = kg_admitted_new();
    for (unsigned i = 0; i < 1000; i++) {
        make_key(key, i);
        kg_text_format(expected, sizeof expected, "BE-%u", i);
        kg_admitted_add(admitted, key, expected);
    }
    for (unsigned i = 0; i < 1000; i++) {
        make_key(key, i);
        kg_text_format(expected, sizeof expected, "BE-%u", i);
        assert_true(kg_admitted_find(admitted, key, organisation));
        assert_string_equal(organisation, expected);
        key[KG_KEY_BYTES - 1] ^= 1;
        assert_false(kg_admitted_find(admitted, key, organisation));
    }
    kg_admitted_destroy(&admitted);
    assert_null(admitted);
    kg_admitted_destroy(&admitted);
}

static void longest_id_is_kept_whole(void **state)
{
    (void)state;
    uint8_t key[KG_KEY_BYTES];
    char id[KG_ID_BYTES_MAX + 1], organisation[KG_ID_BYTES_MAX + 1];
    kg_admitted *admitted = kg_admitted_new();
    memset(id, 'x', KG_ID_BYTES_MAX);
    id[KG_ID_BYTES_MAX] = '\0';
    make_key(key, 1);
    kg_admitted_add(admitted, key, id);
    assert_true(kg_admitted_find(admitted, key, organisation));
    assert_string_equal(organisation, id);
    kg_admitted_destroy(&admitted);
}

static void added_again_changes_and_removed_is_gone(void **state)
{
    (void)state;
    uint8_t key[KG_KEY_BYTES], other[KG_KEY_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_admitted *admitted = kg_admitted_new();
    make_key(key, 1);
    make_key(other, 2);
    kg_admitted_remove(admitted, key); /* was never there */
    kg_admitted_add(admitted, key, "BE-FIRST");
    kg_admitted_add(admitted, other, "BE-OTHER");
    kg_admitted_add(admitted, key, "BE-SECOND");
    assert_true(kg_admitted_find(admitted, key, organisation));
    assert_string_equal(organisation, "BE-SECOND");
    kg_admitted_remove(admitted, key);
    assert_false(kg_admitted_find(admitted, key, organisation));
    assert_true(kg_admitted_find(admitted, other, organisation));
    assert_string_equal(organisation, "BE-OTHER");
    kg_admitted_destroy(&admitted);
}

static void *add_and_remove(void *argument)
{
    uint8_t key[KG_KEY_BYTES];
    for (unsigned i = 0; i < 5000; i++) {
        make_key(key, i % 10);
        if (i % 3 == 2)
            kg_admitted_remove(argument, key);
        else
            kg_admitted_add(argument, key, i % 2 ? "BE-ODD" : "BE-EVEN");
    }
    return NULL;
}

static void any_thread_may_ask(void **state)
{
    (void)state;
    uint8_t key[KG_KEY_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1];
    pthread_t thread;
    kg_admitted *admitted = kg_admitted_new();
    assert_int_equal(pthread_create(&thread, NULL, add_and_remove, admitted), 0);
    for (unsigned i = 0; i < 5000; i++) {
        make_key(key, i % 10);
        if (kg_admitted_find(admitted, key, organisation))
            assert_true(strcmp(organisation, "BE-ODD") == 0 ||
                        strcmp(organisation, "BE-EVEN") == 0);
    }
    pthread_join(thread, NULL);
    kg_admitted_destroy(&admitted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_with_their_organisation),
        cmocka_unit_test(longest_id_is_kept_whole),
        cmocka_unit_test(added_again_changes_and_removed_is_gone),
        cmocka_unit_test(any_thread_may_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

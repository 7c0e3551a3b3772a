/* SPDX-License-Identifier: EUPL-1.2 */
/* Slots find what was added by its hash, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "broker/domain/slots.h"

#define NAMES 5000

static const char *name(uint32_t number, char out[static 64])
{
    snprintf(out, 64, "%0*u", (int)(number % 40 + 4), number);
    return out;
}

/* UINT32_MAX: none. Names are compared, as hashes may be the same. */
static uint32_t find(const kg_slots *slots, uint32_t number)
{
    char sought[64], other[64];
    size_t at;
    uint32_t hash = kg_slots_hash(name(number, sought));
    uint32_t found = kg_slots_first(slots, hash, &at);
    while (found != UINT32_MAX && strcmp(name(found, other), sought) != 0)
        found = kg_slots_next(slots, hash, &at);
    return found;
}

static void what_was_added_is_found(void **state)
{
    (void)state;
    for (size_t beforehand = 0; beforehand <= 2 * NAMES; beforehand += NAMES / 4) {
        kg_slots slots;
        char text[64];
        kg_slots_init(&slots);
        if (beforehand > 0)
            kg_slots_reserve(&slots, beforehand);
        const size_t capacity = slots.capacity;
        for (uint32_t i = 0; i < NAMES; i++) {
            kg_slots_prefetch(&slots, kg_slots_hash(name(i, text)));
            assert_int_equal(UINT32_MAX, find(&slots, i));
            kg_slots_add(&slots, kg_slots_hash(name(i, text)), i);
            if (i < beforehand)
                assert_int_equal(capacity, slots.capacity);
        }
        kg_slots_reserve(&slots, NAMES);
        for (uint32_t i = 0; i < 2 * NAMES; i++)
            assert_int_equal(i < NAMES ? i : UINT32_MAX, find(&slots, i));
        assert_int_equal(NAMES, slots.count);
        kg_slots_fini(&slots);
    }
}

/* By its bytes alone, wherever it lies, and by all of them. */
static void a_hash_is_of_all_bytes_of_a_name(void **state)
{
    (void)state;
    for (size_t bytes = 1; bytes <= 40; bytes++) {
        char text[64] = {0}, moved[64];
        memset(text, 'a', bytes);
        memset(moved, 'z', sizeof moved);
        strcpy(moved + 3, text);
        assert_int_equal(kg_slots_hash(text), kg_slots_hash(moved + 3));
        for (size_t i = 0; i < bytes; i++) {
            moved[3 + i] = 'b';
            assert_int_not_equal(kg_slots_hash(text), kg_slots_hash(moved + 3));
            moved[3 + i] = 'a';
        }
        text[bytes] = 'a';
        assert_int_not_equal(kg_slots_hash(text), kg_slots_hash(moved + 3));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found),
        cmocka_unit_test(a_hash_is_of_all_bytes_of_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

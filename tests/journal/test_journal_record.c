/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_record.h"
#include "proto/memory.h"
#include "proto/text.h"

static const uint8_t zero[KG_CHAIN_BYTES];
static kg_sha256 *hash;

static kg_journal_record sample(void)
{
    kg_journal_record record = {.sequence = 1,
                                .time_ms = 0x0102030405060708,
                                .command = (const uint8_t *)"command",
                                .command_bytes = 7,
                                .event = (const uint8_t *)"event",
                                .event_bytes = 5};

    for (uint8_t i = 0; i < KG_SALT_BYTES; i++)
        record.salt[i] = i;
    for (uint8_t i = 0; i < KG_REQUEST_KEY_BYTES; i++)
        record.request_key[i] = (uint8_t)(100 + i);
    return record;
}

static uint8_t *encode(kg_journal_record *record, const uint8_t before[KG_CHAIN_BYTES],
                       size_t *size)
{
    uint8_t *bytes;

    *size = kg_record_size(record);
    bytes = kg_alloc(*size, 1);
    kg_record_encode(hash, record, before, bytes);
    return bytes;
}

static bool chained(const uint8_t *bytes, size_t size, const uint8_t before[KG_CHAIN_BYTES])
{
    kg_journal_record record;

    return kg_record_decode(bytes, size, 1, &record) && kg_record_chained(hash, &record, before);
}

/* The values were computed with another SHA-256, from the layout in the header. */
static void chain_is_the_documented_one(void **state)
{
    kg_journal_record first = sample(), second = {.sequence = 2, .time_ms = -1};
    char hex[2 * KG_CHAIN_BYTES + 1];
    uint8_t *bytes;
    size_t size;

    (void)state;
    bytes = encode(&first, zero, &size);
    assert_int_equal(size, 152);
    kg_hex_write(first.leaf, KG_LEAF_BYTES, hex);
    assert_string_equal(hex, "7cad7659118f7a958cdb6131ff6d914cc3295bf2f1f5a84397e602bc9c967e2a");
    kg_hex_write(first.chain, KG_CHAIN_BYTES, hex);
    assert_string_equal(hex, "e60d61c6d743796812ff5539ad957848f3115beaf9525fe408540b6a6c8e1bd1");
    free(bytes);
    bytes = encode(&second, first.chain, &size);
    kg_hex_write(second.chain, KG_CHAIN_BYTES, hex);
    assert_string_equal(hex, "65e9cdf002ca7e937f2e700fa3334ee2b7404ec43967c578d36cb57ef68d5934");
    free(bytes);
}

static void what_was_written_is_read(void **state)
{
    kg_journal_record written = sample(), read;
    size_t size;
    uint8_t *bytes = encode(&written, zero, &size);

    (void)state;
    assert_true(kg_record_decode(bytes, size, 1, &read));
    assert_int_equal(read.sequence, 1);
    assert_int_equal(read.time_ms, written.time_ms);
    assert_memory_equal(read.salt, written.salt, KG_SALT_BYTES);
    assert_memory_equal(read.request_key, written.request_key, KG_REQUEST_KEY_BYTES);
    assert_int_equal(read.command_bytes, 7);
    assert_memory_equal(read.command, "command", 7);
    assert_int_equal(read.event_bytes, 5);
    assert_memory_equal(read.event, "event", 5);
    assert_memory_equal(read.leaf, written.leaf, KG_LEAF_BYTES);
    assert_memory_equal(read.chain, written.chain, KG_CHAIN_BYTES);
    assert_true(chained(bytes, size, zero));
    assert_false(chained(bytes, size, written.chain));
    free(bytes);
}

static void each_flipped_bit_is_noticed(void **state)
{
    kg_journal_record written = sample();
    size_t size;
    uint8_t *bytes = encode(&written, zero, &size);

    (void)state;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(chained(bytes, size, zero));
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(bytes);
}

static void each_other_length_is_refused(void **state)
{
    kg_journal_record written = sample(), read;
    size_t size;
    uint8_t *bytes = encode(&written, zero, &size);

    (void)state;
    bytes = kg_realloc(bytes, size + 1, 1);
    bytes[size] = 0;
    for (size_t count = 0; count <= size + 1; count++) {
        uint8_t *exact = kg_alloc(count + 1, 1); /* so that reading beyond is seen */

        memcpy(exact, bytes, count);
        assert_int_equal(kg_record_decode(exact, count, 1, &read), count == size);
        free(exact);
    }
    free(bytes);
}

static void damage_names_the_sequence(void **state)
{
    kg_journal_record written = sample(), read;
    size_t size;
    uint8_t *bytes = encode(&written, zero, &size);

    (void)state;
    assert_false(kg_record_decode(bytes, size, 4711, &read));
    assert_non_null(strstr(kg_journal_error(), "4711"));
    bytes[3] = 1;
    assert_false(kg_record_decode(bytes, size, 1, &read));
    assert_non_null(strstr(kg_journal_error(), "format"));
    free(bytes);
}

static void empty_and_too_long(void **state)
{
    kg_journal_record empty = {.sequence = 1}, read;
    kg_journal_record huge = {.command_bytes = SIZE_MAX, .event_bytes = 1};
    size_t size;
    uint8_t *bytes = encode(&empty, zero, &size);

    (void)state;
    assert_int_equal(size, 140);
    assert_true(kg_record_decode(bytes, size, 1, &read));
    assert_int_equal(read.command_bytes + read.event_bytes, 0);
    assert_false(kg_record_has_request(&read));
    free(bytes);
    assert_int_equal(kg_record_size(&huge), 0);
    huge.command_bytes = UINT32_MAX / 2;
    huge.event_bytes = UINT32_MAX / 2 + 1;
    assert_int_equal(kg_record_size(&huge), 0);
    huge.event_bytes = 0;
    assert_int_equal(kg_record_size(&huge), 140 + (size_t)(UINT32_MAX / 2));
}

static int make_hash(void **state)
{
    (void)state;
    hash = kg_sha256_new();
    return 0;
}

static int destroy_hash(void **state)
{
    (void)state;
    kg_sha256_destroy(&hash);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_is_the_documented_one),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(each_flipped_bit_is_noticed),
        cmocka_unit_test(each_other_length_is_refused),
        cmocka_unit_test(damage_names_the_sequence),
        cmocka_unit_test(empty_and_too_long),
    };

    return cmocka_run_group_tests(tests, make_hash, destroy_hash);
}

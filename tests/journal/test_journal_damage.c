/* SPDX-License-Identifier: EUPL-1.2 */
/* What is damaged on the disk is noticed, and never ends the process that asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_facts.h"
#include "broker/journal/journal_record.h"
#include "proto/identity.h"
#include "proto/memory.h"
#include "tests/journal/helper_journal.h"

#define PAGE_BYTES 4096
#define SHORT_RECORDS 30 /* the 31st is the first long one */

static const kg_journal_options reading = {.read_only = true};

/* A journal of `batches` batches of `count` records, closed; returns its folder, owned. */
static char *filled(size_t batches, size_t count)
{
    char *folder = helper_journal_new();
    kg_journal *journal = kg_journal_open(folder, NULL);

    assert_non_null(journal);
    for (size_t i = 0; i < batches; i++)
        assert_int_equal(helper_append(journal, count, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    return folder;
}

/* Where `bytes` stand in the file, exactly once. */
static off_t place_of(const uint8_t *file, size_t file_bytes, const uint8_t *bytes, size_t count)
{
    const uint8_t *at = memmem(file, file_bytes, bytes, count);

    assert_non_null(at);
    assert_null(memmem(at + 1, file_bytes - (size_t)(at + 1 - file), bytes, count));
    return at - file;
}

static void flip(int descriptor, off_t at, uint8_t bits)
{
    uint8_t byte;

    assert_int_equal(pread(descriptor, &byte, 1, at), 1);
    byte ^= bits;
    assert_int_equal(pwrite(descriptor, &byte, 1, at), 1);
}

/* The map shows what is written to the file, so that the journal may stay open. */
static void each_byte_of_each_record(void **state)
{
    char *folder = filled(1, SHORT_RECORDS), *path = helper_path(folder, "data.mdb");
    kg_journal_record *records = helper_records(1, SHORT_RECORDS);
    uint8_t before[KG_CHAIN_BYTES] = {0}, stored[2048];
    size_t file_bytes, flips = 0;
    uint8_t *file = helper_file_read(path, &file_bytes);
    int descriptor = open(path, O_RDWR);
    kg_journal *journal = kg_journal_open(folder, &reading);
    kg_sha256 *hash = kg_sha256_new();

    (void)state;
    assert_non_null(journal);
    for (size_t i = 0; i < SHORT_RECORDS; i++) {
        size_t count = kg_record_size(&records[i]);
        off_t at;

        assert_in_range(count, 1, sizeof(stored));
        kg_record_encode(hash, &records[i], before, stored);
        memcpy(before, records[i].chain, KG_CHAIN_BYTES);
        at = place_of(file, file_bytes, stored, count);
        for (size_t byte = 0; byte < count; byte++, flips++) {
            const uint8_t bits = (uint8_t)(1 + (byte * 37 + i) % 255);

            flip(descriptor, at + (off_t)byte, bits);
            assert_false(kg_journal_follow(journal, 1, true, NULL, NULL));
            flip(descriptor, at + (off_t)byte, bits);
        }
    }
    assert_in_range(flips, 5000, 20000);
    assert_int_equal(helper_verify(journal), SHORT_RECORDS);
    kg_sha256_destroy(&hash);
    kg_journal_close(&journal);
    close(descriptor);
    helper_records_free(&records, SHORT_RECORDS);
    free(file);
    free(path);
    helper_folder_remove(&folder);
}

/* A key that changed in the index would let its request in a second time. */
static void each_byte_of_a_request_key(void **state)
{
    char *folder = filled(1, SHORT_RECORDS), *path = helper_path(folder, "data.mdb");
    uint8_t entry[KG_REQUEST_KEY_BYTES + 8];
    const uint64_t number = 20;
    size_t file_bytes;
    uint8_t *file = helper_file_read(path, &file_bytes);
    int descriptor = open(path, O_RDWR);
    kg_journal *journal = kg_journal_open(folder, &reading);
    off_t at;

    (void)state;
    assert_non_null(journal);
    kg_sha256_once(&number, sizeof(number), entry);
    kg_record_put_u64(entry + KG_REQUEST_KEY_BYTES, number);
    at = place_of(file, file_bytes, entry, sizeof(entry));
    for (size_t byte = 0; byte < sizeof(entry); byte++) {
        flip(descriptor, at + (off_t)byte, 0x10);
        assert_false(kg_journal_follow(journal, 1, true, NULL, NULL));
        flip(descriptor, at + (off_t)byte, 0x10);
    }
    assert_int_equal(helper_verify(journal), SHORT_RECORDS);
    kg_journal_close(&journal);
    close(descriptor);
    free(file);
    free(path);
    helper_folder_remove(&folder);
}

enum {
    SOUND,   /* all records as they were */
    REFUSED, /* with a sentence */
    WRONG,   /* passed for sound, and is not */
    MUTE     /* refused without a sentence */
};

struct trial {
    const char *folder;
    int64_t records;
};

static int try_all(void *context)
{
    const struct trial *trial = context;
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    kg_journal *journal = kg_journal_open(trial->folder, &reading);
    bool verified;

    alarm(60);
    if (!journal)
        return strstr(kg_journal_error(), trial->folder) ? REFUSED : MUTE;
    verified = kg_journal_follow(journal, 1, true, NULL, NULL);
    if (!verified)
        return strstr(kg_journal_error(), trial->folder) ? REFUSED : MUTE;
    kg_journal_deployment(journal, deployment);
    if (kg_journal_head(journal) != (uint64_t)trial->records ||
        memcmp(deployment, helper_deployment, sizeof(deployment)) != 0)
        return WRONG;
    return helper_verify(journal) == trial->records ? SOUND : WRONG;
}

static int try_open(void *context)
{
    const struct trial *trial = context;
    kg_journal *journal = kg_journal_open(trial->folder, &reading);

    alarm(60);
    if (journal)
        return SOUND;
    return strstr(kg_journal_error(), trial->folder) ? REFUSED : MUTE;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Anywhere in each page: in records, keys, the pages' own headers and pointers, LMDB's two heads,
 * and free space. Whatever passes for sound must be what it was. */
static void a_byte_in_every_page(void **state)
{
    char *folder = filled(4, 40), *path = helper_path(folder, "data.mdb");
    struct trial trial = {.folder = folder, .records = 160};
    int descriptor = open(path, O_RDWR), refused = 0, ended = 0, tried = 0;
    uint32_t seed = 20270101;
    struct stat info;

    (void)state;
    assert_int_equal(fstat(descriptor, &info), 0);
    assert_int_equal(helper_in_child(try_all, &trial), SOUND);
    for (off_t page = 0; page < info.st_size; page += PAGE_BYTES) {
        /* the beginning holds header and pointers, the end the nodes */
        const off_t places[] = {next_random(&seed) % 40, next_random(&seed) % 256,
                                next_random(&seed) % PAGE_BYTES,
                                PAGE_BYTES - 1 - next_random(&seed) % 512};

        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++, tried++) {
            const uint8_t bits = (uint8_t)(1u << next_random(&seed) % 8);
            int outcome;

            flip(descriptor, page + places[i], bits);
            outcome = helper_in_child(try_all, &trial);
            flip(descriptor, page + places[i], bits);
            if (outcome == WRONG || outcome == MUTE)
                fail_msg("page %ld, byte %ld, bits %02x: %d", (long)(page / PAGE_BYTES),
                         (long)places[i], bits, outcome);
            refused += outcome == REFUSED;
            ended += outcome < 0;
        }
    }
    assert_in_range(tried, 100, 2000);
    assert_in_range(refused, tried / 10, tried);
    print_message("%d flips: %d refused, %d ended the process that read\n", tried, refused, ended);
    assert_int_equal(helper_in_child(try_all, &trial), SOUND);
    close(descriptor);
    free(path);
    helper_folder_remove(&folder);
}

/* Every length: opening says so, in this process, and never crashes. */
static void truncated_file(void **state)
{
    char *folder = filled(4, 25), *path = helper_path(folder, "data.mdb");
    struct trial trial = {.folder = folder, .records = 100};
    size_t file_bytes, refused = 0, tried = 0;
    uint8_t *file = helper_file_read(path, &file_bytes);

    (void)state;
    for (size_t count = 0; count < file_bytes; count += count % PAGE_BYTES ? 3095 : 1001, tried++) {
        int outcome;

        helper_file_write(path, file, count);
        outcome = helper_in_child(try_open, &trial);
        if (outcome != REFUSED)
            assert_int_equal(helper_in_child(try_all, &trial), SOUND);
        refused += outcome == REFUSED;
    }
    assert_in_range(refused, tried * 9 / 10, tried);
    helper_file_write(path, file, file_bytes);
    assert_int_equal(helper_in_child(try_all, &trial), SOUND);
    free(file);
    free(path);
    helper_folder_remove(&folder);
}

static void no_journal_at_all(void **state)
{
    char *folder = helper_folder_new(), *path = helper_path(folder, "data.mdb");
    struct trial trial = {.folder = folder};
    uint8_t *bytes = kg_alloc(65536, 1);

    (void)state;
    helper_file_write(path, bytes, 65536);
    assert_int_equal(helper_in_child(try_open, &trial), REFUSED);
    memset(bytes, 0xff, 65536);
    helper_file_write(path, bytes, 65536);
    assert_int_equal(helper_in_child(try_open, &trial), REFUSED);
    free(bytes);
    free(path);
    helper_folder_remove(&folder);
}

/* The whole file of yesterday is consistent in itself. */
static void an_older_state_put_back(void **state)
{
    char *folder = filled(1, 10), *path = helper_path(folder, "data.mdb");
    char *anchor = helper_path(folder, "journal.head");
    size_t file_bytes;
    uint8_t *file = helper_file_read(path, &file_bytes);
    kg_journal *journal = kg_journal_open(folder, NULL);

    (void)state;
    assert_int_equal(helper_append(journal, 2, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    helper_file_write(path, file, file_bytes);
    assert_null(kg_journal_open(folder, NULL));
    assert_non_null(strstr(kg_journal_error(), "record 12"));
    assert_null(kg_journal_open(folder, &reading));
    assert_int_equal(unlink(anchor), 0);
    journal = kg_journal_open(folder, NULL);
    assert_non_null(journal);
    assert_int_equal(helper_verify(journal), 10);
    kg_journal_close(&journal);
    free(file);
    free(anchor);
    free(path);
    helper_folder_remove(&folder);
}

/* What a power cut may leave of the anchor is no reason to refuse a journal. */
static void a_cut_anchor_says_nothing(void **state)
{
    char *folder = filled(1, 10), *anchor = helper_path(folder, "journal.head");
    size_t count;
    uint8_t *bytes = helper_file_read(anchor, &count);
    kg_journal *journal;

    (void)state;
    for (size_t cut = 0; cut < count; cut += 7) {
        helper_file_write(anchor, bytes, cut);
        journal = kg_journal_open(folder, NULL);
        assert_non_null(journal);
        kg_journal_close(&journal);
    }
    memset(bytes, 0, count);
    helper_file_write(anchor, bytes, count);
    journal = kg_journal_open(folder, NULL);
    assert_non_null(journal);
    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    journal = kg_journal_open(folder, NULL);
    assert_int_equal(kg_journal_head(journal), 11);
    kg_journal_close(&journal);
    free(bytes);
    free(anchor);
    helper_folder_remove(&folder);
}

/* Else a disk that does not give it back would let an older state pass. */
static void an_anchor_that_cannot_be_read_is_not_absent(void **state)
{
    char *folder = filled(1, 10), *anchor = helper_path(folder, "journal.head");

    (void)state;
    assert_int_equal(unlink(anchor), 0);
    assert_int_equal(mkdir(anchor, 0700), 0); /* opens, and cannot be read */
    assert_null(kg_journal_open(folder, &reading));
    assert_non_null(strstr(kg_journal_error(), "journal.head cannot be read"));
    assert_int_equal(rmdir(anchor), 0);
    helper_folder_remove(&folder);
    free(anchor);
}

/* Puts other facts into the file in place of its own. */
static void replace_facts(const char *path, const uint8_t *from, const uint8_t *to)
{
    size_t file_bytes;
    uint8_t *file = helper_file_read(path, &file_bytes);
    off_t at = place_of(file, file_bytes, from, KG_FACTS_BYTES);

    memcpy(file + at, to, KG_FACTS_BYTES);
    helper_file_write(path, file, file_bytes);
    free(file);
}

static void other_format_and_damaged_facts(void **state)
{
    char *folder = filled(1, 3), *path = helper_path(folder, "data.mdb");
    uint8_t own[KG_FACTS_BYTES], other[KG_FACTS_BYTES];
    kg_facts facts = {.epoch = 1};

    (void)state;
    memcpy(facts.deployment, helper_deployment, KG_DEPLOYMENT_ID_BYTES);
    kg_facts_encode(&facts, own);
    memcpy(other, own, sizeof(own));
    for (uint8_t format = KG_FACTS_FORMAT - 1; format <= KG_FACTS_FORMAT + 1; format += 2) {
        const char *said = format < KG_FACTS_FORMAT ? "has format 1" : "has format 3";

        other[3] = format;
        replace_facts(path, own, other);
        assert_null(kg_journal_open(folder, NULL));
        assert_non_null(strstr(kg_journal_error(), said));
        assert_non_null(strstr(kg_journal_error(), folder));
        replace_facts(path, other, own);
    }
    for (size_t byte = 0; byte < KG_FACTS_BYTES; byte++) {
        memcpy(other, own, sizeof(own));
        other[byte] ^= 0x40;
        replace_facts(path, own, other);
        assert_null(kg_journal_open(folder, &reading));
        replace_facts(path, other, own);
    }
    free(path);
    helper_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_of_each_record),
        cmocka_unit_test(each_byte_of_a_request_key),
        cmocka_unit_test(a_byte_in_every_page),
        cmocka_unit_test(truncated_file),
        cmocka_unit_test(no_journal_at_all),
        cmocka_unit_test(an_older_state_put_back),
        cmocka_unit_test(a_cut_anchor_says_nothing),
        cmocka_unit_test(an_anchor_that_cannot_be_read_is_not_absent),
        cmocka_unit_test(other_format_and_damaged_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes notices for valid.sh.
 *   gen_notices random DIR SEED COUNT   eForms of all subtypes in turn, and release packages
 *   gen_notices one FACTS FILE SUBTYPE OUT   one of a stored answer and notice file (SUBTYPE 0:
 *                                       OCDS), always with the same identifier and time */
#include "helper_notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/notice/eforms.h"
#include "client/notice/need.h"
#include "client/notice/ocds.h"
#include "proto/settings_file.h"

#define FIXED_SEED 1

static char **arguments;

static void write_to(const char *path, const kg_buffer *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text->bytes, 1, text->count, file), text->count);
    assert_int_equal(fclose(file), 0);
}

static void write_notice(const kg_notice *notice, const char *path)
{
    kg_buffer out;
    kg_needs needs;
    kg_buffer_init(&out);
    kg_needs_init(&needs);
    if (notice->subtype > 0)
        kg_notice_needs(notice, &needs);
    if (needs.count > 0)
        fail_msg("%s", needs.text.bytes);
    if (notice->subtype > 0)
        kg_eforms_write(notice, &out);
    else
        kg_ocds_write(notice, &out);
    write_to(path, &out);
    kg_needs_fini(&needs);
    kg_buffer_fini(&out);
}

static void write_random(uint64_t seed, int subtype)
{
    kg_notice notice;
    char path[400];
    json_t *facts = random_facts(seed);
    char *file = whole_file(facts, seed, subtype);
    notice_make(&notice, facts, file, subtype, seed);
    kg_text_format(path, sizeof path, "%s/%llu-%d.%s", arguments[2], (unsigned long long)seed,
                   subtype, subtype ? "xml" : "json");
    write_notice(&notice, path);
    kg_notice_fini(&notice);
    free(file);
}

static void random_ones(void **state)
{
    uint64_t seed = strtoull(arguments[3], NULL, 10), count = strtoull(arguments[4], NULL, 10);
    (void)state;
    for (uint64_t i = 0; i < count; i++) {
        write_random(seed + i, 4 + (int)(i % 6));
        write_random(seed + i, 0);
    }
}

static void one(void **state)
{
    kg_notice notice;
    kg_problems problems;
    (void)state;
    kg_problems_init(&problems, NULL);
    json_t *facts = json_load_file(arguments[2], 0, NULL);
    char *file = kg_settings_load(arguments[3], &problems);
    assert_non_null(facts);
    assert_non_null(file);
    notice_make(&notice, facts, file, atoi(arguments[4]), FIXED_SEED);
    write_notice(&notice, arguments[5]);
    kg_notice_fini(&notice);
    free(file);
    kg_problems_fini(&problems);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest randoms[] = {cmocka_unit_test(random_ones)};
    const struct CMUnitTest ones[] = {cmocka_unit_test(one)};
    arguments = argv;
    bool random = argc == 5 && strcmp(argv[1], "random") == 0;
    if (!random && argc != 6)
        return 2;
    return random ? cmocka_run_group_tests(randoms, NULL, NULL)
                  : cmocka_run_group_tests(ones, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "broker/export/result.h"
#include "broker/grouping/grouping.h"
#include "proto/catalogue_file.h"
#include "proto/identity.h"
#include "proto/plan.h"

#define FOLDER KG_SOURCE_DIR "/tests/export/"
#define ROWS_MAX 64

/* The sample files, grouped. */
typedef struct stage {
    kg_catalogue *catalogue;
    kg_round round;
    kg_plan plan;
    kg_demand demands[ROWS_MAX];
    const char *organisations[ROWS_MAX], *lines[ROWS_MAX], *bodies[ROWS_MAX];
    uint8_t tracks[ROWS_MAX];
    int64_t quantities[ROWS_MAX];
    kg_outcome *outcome;
    kg_result result;
} stage;

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = kg_alloc(1, 65536);
    size_t count = fread(text, 1, 65535, file);
    assert_in_range(count, 1, 65534);
    fclose(file);
    return text;
}

static void read_lines(stage *s, const char *csv)
{
    kg_problems problems;
    kg_plan_reading reading = {.catalogue = s->catalogue,
                               .languages = 1u << KG_LANGUAGE_NL,
                               .organisation_column = true};
    kg_problems_init(&problems, "lines.csv");
    kg_plan_init(&s->plan);
    assert_true(kg_plan_read_bytes(csv, strlen(csv), &reading, &s->plan, &problems));
    kg_problems_fini(&problems);
    kg_plan_sort(&s->plan);
    assert_in_range(s->plan.count, 1, ROWS_MAX);
    uint32_t body = 0;
    for (size_t i = 0; i < s->plan.count; i++) {
        const kg_plan_line *line = &s->plan.lines[i];
        body += i > 0 && strcmp(line->organisation, line[-1].organisation) != 0;
        s->demands[i] = kg_demand_of(line, s->catalogue, body);
        s->organisations[i] = s->bodies[body] = line->organisation;
        s->lines[i] = line->line;
        s->tracks[i] = line->track;
        s->quantities[i] = line->quantity;
    }
}

static void stage_init(stage *s, const char *csv)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    s->catalogue = kg_catalogue_read(FOLDER "catalogue.conf", &problems);
    assert_non_null(s->catalogue);
    assert_true(kg_round_read(FOLDER "round.conf", s->catalogue, &s->round, &problems));
    kg_problems_fini(&problems);
    read_lines(s, csv);
    kg_grouping_input input = {.catalogue = s->catalogue, .round = &s->round,
                               .lines = s->demands, .lines_count = s->plan.count};
    s->outcome = kg_grouping_run(&input);
    s->result = (kg_result){.round = s->round.id, .ruleset = "", .input_digest = "",
                            .catalogue = s->catalogue, .outcome = s->outcome,
                            .organisations = s->organisations, .lines = s->lines,
                            .bodies = s->bodies, .tracks = s->tracks,
                            .quantities = s->quantities};
}

static void stage_fini(stage *s)
{
    kg_outcome_destroy(&s->outcome);
    kg_plan_fini(&s->plan);
    kg_round_fini(&s->round);
    kg_catalogue_destroy(&s->catalogue);
}

/* The sample's result; returns owned. */
static char *result_of(const char *csv, bool digested)
{
    stage s;
    kg_buffer out;
    stage_init(&s, csv);
    kg_buffer_init(&out);
    if (digested)
        kg_result_write_digested(&s.result, kg_buffer_sink(&out));
    else
        kg_result_write(&s.result, "", kg_buffer_sink(&out));
    stage_fini(&s);
    return out.bytes;
}

static void test_the_sample_gives_these_bytes(void **state)
{
    (void)state;
    char *csv = read_text(FOLDER "lines.csv"), *expected = read_text(FOLDER "result.json");
    char *got = result_of(csv, false);
    expected[strcspn(expected, "\n")] = '\0';
    assert_string_equal(got, expected);
    free(csv);
    free(expected);
    free(got);
}

static void assert_keys(const json_t *object, const char *keys)
{
    char got[512] = "";
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        strcat(got, key);
        strcat(got, " ");
    }
    assert_string_equal(got, keys);
}

static void assert_change_keys(const json_t *change)
{
    if (!json_is_null(change))
        assert_keys(change, "field criterion to ");
}

static void test_keys_stand_in_the_order_of_the_form(void **state)
{
    (void)state;
    char *csv = read_text(FOLDER "lines.csv"), *text = result_of(csv, true);
    json_t *result = json_loads(text, 0, NULL), *entry;
    size_t i;
    assert_keys(result, "round ruleset input_digest result_digest lots unplaced score ");
    json_array_foreach(json_object_get(result, "lots"), i, entry)
    {
        assert_keys(entry, "lot category condition nuts language track criteria steps window lead "
                           "bodies quantity_min quantity quantity_max value value_max regime "
                           "headroom members ");
        assert_keys(json_object_get(entry, "window"), "from to ");
        assert_keys(json_array_get(json_object_get(entry, "members"), 0),
                    "organisation line track quantity ");
    }
    json_array_foreach(json_object_get(result, "unplaced"), i, entry)
    {
        assert_keys(entry, "organisation line reason blocking nearest_lot change ");
        assert_change_keys(json_object_get(entry, "change"));
    }
    assert_keys(json_object_get(result, "score"),
                "lines placed binding bodies ambition_value value lots ");
    json_decref(result);
    free(csv);
    free(text);
}

static void test_every_row_stands_once(void **state)
{
    (void)state;
    stage s;
    int seen[ROWS_MAX] = {0};
    char *csv = read_text(FOLDER "lines.csv");
    stage_init(&s, csv);
    for (size_t i = 0; i < s.outcome->members_count; i++)
        seen[s.outcome->members[i]]++;
    for (size_t i = 0; i < s.outcome->unplaced_count; i++)
        seen[s.outcome->unplaced[i].line]++;
    for (size_t i = 0; i < s.plan.count; i++)
        assert_int_equal(seen[i], 1);
    stage_fini(&s);
    free(csv);
}

/* The digest is over the bytes with its own field empty. */
static void test_the_digest_verifies(void **state)
{
    (void)state;
    static const char field[] = "\"result_digest\":\"";
    uint8_t digest[KG_SHA256_BYTES];
    char hex[2 * KG_SHA256_BYTES + 1];
    char *csv = read_text(FOLDER "lines.csv"), *text = result_of(csv, true);
    char *at = strstr(text, field) + strlen(field);
    char told[sizeof hex];
    memcpy(told, at, sizeof hex - 1);
    told[sizeof hex - 1] = '\0';
    assert_int_equal(at[sizeof hex - 1], '"');
    memmove(at, at + sizeof hex - 1, strlen(at + sizeof hex - 1) + 1);
    kg_sha256_once(text, strlen(text), digest);
    kg_hex_write(digest, sizeof digest, hex);
    assert_string_equal(told, hex);
    free(csv);
    free(text);
}

/* Puts the rows below the header in another order, and ends them with CRLF. */
static char *shuffled(const char *csv, uint32_t seed)
{
    const char *rows[ROWS_MAX];
    size_t count = 0;
    for (const char *row = strchr(csv, '\n') + 1; *row; row = strchr(row, '\n') + 1)
        rows[count++] = row;
    for (size_t i = count - 1; i > 0; i--) {
        seed = seed * 1664525u + 1013904223u;
        size_t other = (seed >> 8) % (i + 1);
        const char *row = rows[i];
        rows[i] = rows[other];
        rows[other] = row;
    }
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%.*s\r\n", (int)strcspn(csv, "\n"), csv);
    for (size_t i = 0; i < count; i++)
        kg_buffer_format(&out, "%.*s\r\n", (int)strcspn(rows[i], "\n"), rows[i]);
    return out.bytes;
}

static void test_the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    char *csv = read_text(FOLDER "lines.csv"), *expected = result_of(csv, true);
    for (uint32_t seed = 1; seed <= 20; seed++) {
        char *other = shuffled(csv, seed), *got = result_of(other, true);
        assert_string_not_equal(other, csv);
        assert_string_equal(got, expected);
        free(other);
        free(got);
    }
    free(csv);
    free(expected);
}

static void assert_written(const stage *s, const char *piece)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_result_write(&s->result, "", kg_buffer_sink(&out));
    if (!strstr(out.bytes, piece))
        fail_msg("%s is not in %s", piece, out.bytes);
    kg_buffer_fini(&out);
}

static void test_lead_and_regime(void **state)
{
    (void)state;
    stage s;
    char *csv = read_text(FOLDER "lines.csv");
    stage_init(&s, csv);
    assert_written(&s, "\"lead\":null,\"bodies\":3,");
    assert_written(&s, "\"regime\":\"eu\",");
    assert_written(&s, "\"regime\":\"national\",");
    s.outcome->lots[0].lead = s.demands[s.outcome->members[0]].organisation;
    s.outcome->lots[0].regime = KG_REGIME_UNKNOWN;
    assert_written(&s, "\"lead\":\"A\",\"bodies\":3,");
    assert_written(&s, "\"regime\":null,");
    stage_fini(&s);
    free(csv);
}

static void test_nothing_placed(void **state)
{
    (void)state;
    stage s;
    stage_init(&s, "organisation,line,category,quantity,delivery_from,delivery_to,nuts\n"
                   "A,1,laptop,5,2027-05-01,2027-06-30,BE2\n");
    assert_written(&s, "\"lots\":[],\"unplaced\":[{\"organisation\":\"A\",\"line\":\"1\","
                       "\"reason\":\"ALONE\",\"blocking\":[\"ALONE\"],\"nearest_lot\":null,"
                       "\"change\":null}],\"score\":{\"lines\":1,\"placed\":0,\"binding\":0,"
                       "\"bodies\":0,\"ambition_value\":\"0.00\",\"value\":\"0.00\",\"lots\":0}}");
    stage_fini(&s);
}

static void test_lot_id(void **state)
{
    (void)state;
    stage s;
    char id[KG_LOT_ID_BYTES];
    char *csv = read_text(FOLDER "lines.csv");
    stage_init(&s, csv);
    kg_lot_id_write("2027-laptops", s.catalogue, 0, "BE", 12, id);
    assert_string_equal(id, "2027-laptops/laptop/BE/12");
    kg_lot_id_write("2027-laptops", s.catalogue, KG_CATEGORY_CPV + 7200, "BE1", 1, id);
    assert_string_equal(id, "2027-laptops/cpv:7200/BE1/1");
    stage_fini(&s);
    free(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sample_gives_these_bytes),
        cmocka_unit_test(test_keys_stand_in_the_order_of_the_form),
        cmocka_unit_test(test_every_row_stands_once),
        cmocka_unit_test(test_the_digest_verifies),
        cmocka_unit_test(test_the_order_of_rows_does_not_matter),
        cmocka_unit_test(test_lead_and_regime),
        cmocka_unit_test(test_nothing_placed),
        cmocka_unit_test(test_lot_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

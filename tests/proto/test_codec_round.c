/* SPDX-License-Identifier: EUPL-1.2 */
/* Rounds and organisations through the codec. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_codec.h"
#include "proto/catalogue_file.h"

static const char full_round[] =
    "round \"2027-laptops\" {\n"
    "  title_nl = \"Laptops\"  title_fr = \"Ordinateurs portables\"\n"
    "  title_de = \"Laptops\"  title_en = \"Laptops\"\n"
    "  categories = {\"monitor\", \"laptop\"}\n"
    "  nuts = {\"NL\", \"BE\"}  nuts_level = 1\n"
    "  delivery_from = \"2027-01-01\"  delivery_to = \"2027-12-31\"\n"
    "  opens = \"2026-11-01\"  closes = \"2027-01-15\"  confirm_by = \"2027-02-01\"\n"
    "  reconfirm_by = \"2027-02-15\"  award_by = \"2027-03-01\"\n"
    "  bodies_min = 3  quantity_min = 10  value_min = 1000  value_max = \"2500000.50\"\n"
    "  window_days_min = 14\n"
    "}\n";

static const char round_of_cpv[] = "round \"r\" {\n"
                                   "  cpv = {\"48\", \"302\"}\n"
                                   "  delivery_from = \"2027-01-01\"\n"
                                   "  delivery_to = \"2027-12-31\"\n"
                                   "}\n";

static void read_round(struct codec_scene *scene, const char *text)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    codec_start(scene, KG_KIND_ROUND_OPEN);
    kg_round_fini(&scene->sent.round_rules);
    assert_true(
        kg_round_read_text(text, "round", scene->catalogue, &scene->sent.round_rules, &problems));
    kg_problems_fini(&problems);
}

static void need_rules(const kg_round *got, const kg_round *sent, const kg_catalogue *catalogue)
{
    kg_buffer a, b;
    kg_buffer_init(&a);
    kg_buffer_init(&b);
    kg_round_write(got, catalogue, kg_buffer_sink(&a));
    kg_round_write(sent, catalogue, kg_buffer_sink(&b));
    assert_int_equal(a.count, b.count);
    assert_memory_equal(a.bytes, b.bytes, a.count);
    for (int i = 0; i < KG_NAMES; i++)
        codec_need_text(got->titles[i], sent->titles[i]);
    assert_int_equal(got->opens, sent->opens);
    assert_int_equal(got->closes, sent->closes);
    assert_int_equal(got->confirm_by, sent->confirm_by);
    assert_int_equal(got->reconfirm_by, sent->reconfirm_by);
    kg_buffer_fini(&a);
    kg_buffer_fini(&b);
}

static void need_round(const kg_round *got, const kg_round *sent, const kg_catalogue *catalogue)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    assert_true(kg_round_check(got, catalogue, 0, &problems));
    kg_problems_fini(&problems);
    need_rules(got, sent, catalogue);
}

static void full_rounds_come_through(void **state)
{
    struct codec_scene *scene = *state;
    const kg_round *got = &scene->got.round_rules;
    read_round(scene, full_round);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    need_round(got, &scene->sent.round_rules, scene->catalogue);
    assert_int_equal(got->categories_count, 2);
    assert_int_equal(got->nuts_count, 2);
    assert_string_equal(got->titles[KG_NAME_FR], "Ordinateurs portables");
    assert_int_equal(got->value_max_cents, 250000050);
    assert_int_equal(got->window_days_min, 14);
    assert_int_equal(got->bodies_min, 3);
}

static void rounds_of_cpv_codes_come_through(void **state)
{
    struct codec_scene *scene = *state;
    read_round(scene, round_of_cpv);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    need_round(&scene->got.round_rules, &scene->sent.round_rules, scene->catalogue);
    assert_int_equal(scene->got.round_rules.cpv_count, 2);
    assert_string_equal(scene->got.round_rules.cpv[0].digits, "302");
}

/* An id alone: all else is as kg_round_init() says. */
static void absent_rules_have_their_defaults(void **state)
{
    struct codec_scene *scene = *state;
    kg_round fresh;
    kg_round_init(&fresh);
    wire_text(&scene->bytes, 1, "r");
    assert_int_equal(codec_take(scene, KG_KIND_ROUND_OPEN), KG_STATUS_OK);
    strcpy(fresh.id, "r");
    need_rules(&scene->got.round_rules, &fresh, scene->catalogue);
    assert_int_equal(scene->got.round_rules.bodies_min, fresh.bodies_min);
    kg_round_fini(&fresh);
}

static void scopes_are_sorted_and_name_each_once(void **state)
{
    struct codec_scene *scene = *state;
    static const struct {
        unsigned field;
        const char *first, *second, *name;
    } cases[] = {
        {6, "monitor", "laptop", "categories"}, {7, "48", "30", "cpv"}, {8, "NL", "BE", "nuts"}};
    for (size_t i = 0; i < 3; i++) {
        scene->bytes.count = 0;
        wire_text(&scene->bytes, 1, "r");
        wire_text(&scene->bytes, cases[i].field, cases[i].first);
        wire_text(&scene->bytes, cases[i].field, cases[i].second);
        assert_int_equal(codec_take(scene, KG_KIND_ROUND_OPEN), KG_STATUS_OK);
        const kg_round *round = &scene->got.round_rules;
        if (i == 0)
            assert_true(round->categories[0] < round->categories[1]);
        else
            assert_string_equal(i == 1 ? round->cpv[0].digits : round->nuts[0].code,
                                cases[i].second);
        wire_text(&scene->bytes, cases[i].field, cases[i].first);
        codec_need(scene, KG_KIND_ROUND_OPEN, KG_STATUS_INVALID, cases[i].name);
    }
}

static void names_in_scopes_must_be_known(void **state)
{
    struct codec_scene *scene = *state;
    wire_text(&scene->bytes, 1, "r");
    size_t before = scene->bytes.count;
    wire_text(&scene->bytes, 6, "toaster");
    codec_need(scene, KG_KIND_ROUND_OPEN, KG_STATUS_UNKNOWN_CATEGORY, "categories: toaster");
    scene->bytes.count = before;
    wire_text(&scene->bytes, 7, "3");
    codec_need(scene, KG_KIND_ROUND_OPEN, KG_STATUS_CPV, "cpv");
    scene->bytes.count = before;
    for (int i = 0; i <= KG_ROUND_SCOPE_MAX; i++)
        wire_text(&scene->bytes, 8, "BE");
    codec_need(scene, KG_KIND_ROUND_OPEN, KG_STATUS_OVERSIZE, "nuts");
}

static void categories_need_a_catalogue(void **state)
{
    struct codec_scene *scene = *state;
    kg_command got;
    wire_text(&scene->bytes, 1, "r");
    wire_text(&scene->bytes, 6, "laptop");
    assert_int_equal(kg_codec_command_decode(KG_KIND_ROUND_OPEN,
                                             (const uint8_t *)scene->bytes.bytes,
                                             scene->bytes.count, NULL, &got, scene->detail),
                     KG_STATUS_UNKNOWN_CATEGORY);
    kg_command_fini(&got);
}

static void set(char **text, const char *to)
{
    free(*text);
    *text = kg_strdup(to);
}

static void start_record(struct codec_scene *scene)
{
    codec_start(scene, KG_KIND_REGISTER);
    strcpy(scene->sent.record.id, "BE-0316380940");
}

static void need_record(const kg_organisation *got, const kg_organisation *sent)
{
    kg_buffer a, b;
    kg_buffer_init(&a);
    kg_buffer_init(&b);
    kg_organisation_write(got, kg_buffer_sink(&a));
    kg_organisation_write(sent, kg_buffer_sink(&b));
    assert_int_equal(a.count, b.count);
    assert_memory_equal(a.bytes, b.bytes, a.count);
    kg_buffer_fini(&a);
    kg_buffer_fini(&b);
}

static void full_records_come_through(void **state)
{
    struct codec_scene *scene = *state;
    kg_organisation *record = &scene->sent.record;
    char bad[16];
    start_record(scene);
    set(&record->name, "Stad Gent");
    set(&record->legal_type, "la");
    record->central = true;
    record->can_lead = true;
    strcpy(record->nuts.code, "BE234");
    strcpy(record->parent, "BE-0000000001");
    assert_true(kg_languages_parse("nl fr lv", &record->languages, bad));
    set(&record->contact_name, "Aankoop");
    set(&record->contact_email, "aankoop@example.org");
    set(&record->contact_telephone, "+32 9 000 00 00");
    set(&record->street, "Botermarkt 1");
    set(&record->city, "Gent");
    set(&record->postcode, "9000");
    set(&record->country, "BEL");
    scene->sent.has_key = true;
    memset(scene->sent.key.sign, 0xab, KG_KEY_BYTES);
    memset(scene->sent.key.transport, 0x00, KG_KEY_BYTES);
    scene->sent.key.roles = KG_ROLE_ORGANISATION | KG_ROLE_ADMINISTRATOR;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    need_record(&scene->got.record, record);
    assert_string_equal(scene->got.record.contact_email, "aankoop@example.org");
    assert_string_equal(scene->got.record.country, "BEL");
    assert_true(scene->got.record.central && scene->got.record.can_lead);
    assert_true(scene->got.has_key);
    assert_memory_equal(&scene->got.key, &scene->sent.key, sizeof scene->got.key);
}

static void bare_records_come_through(void **state)
{
    struct codec_scene *scene = *state;
    start_record(scene);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    need_record(&scene->got.record, &scene->sent.record);
    assert_string_equal(scene->got.record.name, "");
    assert_int_equal(scene->got.record.languages, 0);
    assert_false(scene->got.record.central || scene->got.record.can_lead);
    assert_false(scene->got.has_key);
}

/* A record with one more field. */
static void put_record(struct codec_scene *scene, unsigned field, const char *text)
{
    kg_buffer record;
    kg_buffer_init(&record);
    wire_text(&record, 1, "BE-1");
    wire_text(&record, field, text);
    scene->bytes.count = 0;
    wire_part(&scene->bytes, 1, &record);
    kg_buffer_fini(&record);
}

static void wrong_records_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    char long_text[KG_TITLE_BYTES_MAX + 2] = "";
    memset(long_text, 'a', KG_TITLE_BYTES_MAX + 1);
    put_record(scene, 6, "nl xx");
    codec_need(scene, KG_KIND_REGISTER, KG_STATUS_LANGUAGE, "languages: xx");
    put_record(scene, 5, "BE2345");
    codec_need(scene, KG_KIND_REGISTER, KG_STATUS_TOO_LONG, "nuts");
    put_record(scene, 16, "x");
    codec_need(scene, KG_KIND_REGISTER, KG_STATUS_UNKNOWN_FIELD, "Organisation: Field 16");
    static const unsigned texts[] = {2, 3, 9, 10, 11, 12, 13, 14, 15};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put_record(scene, texts[i], long_text);
        codec_need(scene, KG_KIND_REGISTER, KG_STATUS_TOO_LONG, "");
        put_record(scene, texts[i], "\x80");
        codec_need(scene, KG_KIND_REGISTER, KG_STATUS_ENCODING, "");
    }
}

static void wrong_keys_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    static const uint8_t bytes[KG_KEY_BYTES];
    static const struct {
        size_t sign, transport;
        uint64_t roles;
        kg_status status;
    } cases[] = {
        {32, 32, 1, KG_STATUS_OK},        {32, 32, 31, KG_STATUS_OK},
        {31, 32, 1, KG_STATUS_MALFORMED}, {32, 33, 1, KG_STATUS_MALFORMED},
        {32, 32, 0, KG_STATUS_INVALID},   {32, 32, 32, KG_STATUS_INVALID},
        {0, 32, 1, KG_STATUS_MISSING},    {32, 0, 1, KG_STATUS_MISSING},
        {32, 32, 99, KG_STATUS_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t longer[KG_KEY_BYTES + 1] = {0};
        kg_buffer key;
        kg_buffer_init(&key);
        put_record(scene, 2, "Name");
        if (cases[i].sign)
            wire_bytes(&key, 1, bytes, cases[i].sign);
        if (cases[i].transport)
            wire_bytes(&key, 2, longer, cases[i].transport);
        wire_number(&key, 3, cases[i].roles);
        wire_part(&scene->bytes, 2, &key);
        assert_int_equal(codec_take(scene, KG_KIND_REGISTER), cases[i].status);
        kg_buffer_fini(&key);
    }
    put_record(scene, 2, "Name");
    kg_buffer key;
    kg_buffer_init(&key);
    wire_bytes(&key, 1, bytes, KG_KEY_BYTES);
    wire_bytes(&key, 2, bytes, KG_KEY_BYTES);
    wire_part(&scene->bytes, 2, &key);
    codec_need(scene, KG_KIND_REGISTER, KG_STATUS_MISSING, "roles");
    kg_buffer_fini(&key);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, codec_set_up, codec_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(full_rounds_come_through),         CASE(rounds_of_cpv_codes_come_through),
        CASE(absent_rules_have_their_defaults), CASE(scopes_are_sorted_and_name_each_once),
        CASE(names_in_scopes_must_be_known),    CASE(categories_need_a_catalogue),
        CASE(full_records_come_through),        CASE(bare_records_come_through),
        CASE(wrong_records_are_refused),        CASE(wrong_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

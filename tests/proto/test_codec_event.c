/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_event.h"

#define LOT "2027-laptops/laptop/BE/1"

/* Events that are their command, and what the command says. */
static const kg_kind kinds[] = {
    KG_KIND_WITHDRAW,       KG_KIND_LOT_CONFIRM,  KG_KIND_LOT_DECLINE,  KG_KIND_LOT_CALL_OFF,
    KG_KIND_ROUND_OPEN,     KG_KIND_ROUND_CLOSE,  KG_KIND_ROUND_EXTEND, KG_KIND_ROUND_CONFIRM,
    KG_KIND_ROUND_CONCLUDE, KG_KIND_ROUND_CANCEL, KG_KIND_LOT_AWARD,    KG_KIND_LOT_FAIL,
    KG_KIND_TENDER_LAUNCH,  KG_KIND_REGISTER,     KG_KIND_CATALOGUE,    KG_KIND_ROUND_START,
    KG_KIND_LOTS_EXPIRE,    KG_KIND_VOLUME_PUBLISH, KG_KIND_KEY_ADD,    KG_KIND_KEY_REVOKE,
    KG_KIND_LINES_READ,     KG_KIND_LOT_OFFERS,   KG_KIND_PRACTICE_PUBLISH,
    KG_KIND_PRACTICE_RETIRE,
};

static const char *keys[] = {"a", "b"};
static const char *lots[] = {LOT};
static kg_level_text levels[] = {{"warranty-years", "5"}};
static kg_offer offers[] = {{.supplier = "Computers NV",
                             .unit_price_cents = 81250,
                             .energy_hundredths = 3500,
                             .lifetime_years = 6,
                             .levels = levels,
                             .levels_count = 1,
                             .labels = {keys, 2}}};

static void fill(kg_command *command)
{
    command->round = "2027-laptops";
    command->lot = LOT;
    command->tender = "tender-1";
    command->title = "Title";
    command->lead = "BE-0123456789";
    command->organisation = "BE-0123456789";
    command->reason = "Reason";
    command->catalogue = "category \"laptop\" {}\n# regel twee\n";
    command->keys = (kg_texts){keys, 2};
    command->lots = (kg_texts){lots, 1};
    command->dates.closes = 20833;
    command->award.supplier = "Computers NV";
    command->offers = offers;
    command->offers_count = 1;
    command->quantity = 5;
    command->publication = (kg_publication){5, 60, 80, 15};
    command->practice = (kg_practice){.key = "spare-parts",
                                      .category = "laptop",
                                      .criteria = {keys, 2},
                                      .lot = LOT,
                                      .texts[KG_NAME_FR] = {"Titre", {"a", "b", "c"}}};
    strcpy(command->round_rules.id, "2027-laptops");
    command->round_rules.categories = kg_alloc(1, sizeof(kg_category));
    command->round_rules.categories_count = 1;
    strcpy(command->record.id, "BE-0123456789");
    command->has_key = true;
    command->key.roles = KG_ROLE_READER;
}

/* Same bytes as a body: that bodies come through is tested with the commands. */
static void need_command(struct event_scene *scene)
{
    kg_buffer sent, got;
    kg_buffer_init(&sent);
    kg_buffer_init(&got);
    kg_codec_command_encode(&scene->sent->command, scene->catalogue, &sent);
    kg_codec_command_encode(&scene->got->command, scene->catalogue, &got);
    assert_true(sent.count > 0);
    assert_int_equal(got.count, sent.count);
    assert_memory_equal(got.bytes, sent.bytes, sent.count);
    kg_buffer_fini(&sent);
    kg_buffer_fini(&got);
}

static void every_kind_comes_through(void **state)
{
    struct event_scene *scene = *state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        event_start(scene, kinds[i]);
        fill(&scene->sent->command);
        event_send(scene);
        need_command(scene);
        assert_int_equal(scene->got->lines_count, 0);
        assert_null(scene->got->outcome);
    }
}

static void texts_live_as_long_as_the_event(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_CATALOGUE);
    scene->sent->command.catalogue = "criterion \"é\" {\n}\n";
    event_send(scene);
    memset(scene->bytes.bytes, 'x', scene->bytes.count);
    assert_string_equal(scene->got->command.catalogue, "criterion \"é\" {\n}\n");
}

static void the_brokers_own_events_have_no_actor(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_ROUND_START);
    scene->sent->actor[0] = '\0';
    scene->sent->command.round = "2027-laptops";
    event_send(scene);
    assert_string_equal(scene->got->actor, "");
}

static void events_before_the_first_catalogue_come_through(void **state)
{
    struct event_scene *scene = *state;
    kg_catalogue *catalogue = scene->catalogue;
    scene->catalogue = NULL;
    event_start(scene, KG_KIND_REGISTER);
    fill(&scene->sent->command);
    event_send(scene);
    event_start(scene, KG_KIND_CATALOGUE);
    scene->sent->command.catalogue = "text";
    event_send(scene);
    scene->catalogue = catalogue;
}

/* A catalogue may be larger than a message. */
static void events_may_be_larger_than_messages(void **state)
{
    struct event_scene *scene = *state;
    size_t count = 3 * 1024 * 1024;
    char *text = kg_alloc(count + 1, 1);
    memset(text, 'c', count);
    event_start(scene, KG_KIND_CATALOGUE);
    scene->sent->command.catalogue = text;
    event_send(scene);
    assert_string_equal(scene->got->command.catalogue, text);
    free(text);
}

static void digests_come_through(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_ROUND_PROPOSE);
    scene->sent->command.round = "r";
    memset(scene->sent->ruleset, 'a', 64);
    memset(scene->sent->input_digest, '9', 64);
    event_send(scene);
    assert_int_equal(strlen(scene->got->input_digest), 64);
}

static void same_events_are_same_bytes(void **state)
{
    struct event_scene *scene = *state;
    kg_buffer again;
    kg_buffer_init(&again);
    event_start(scene, KG_KIND_TENDER_LAUNCH);
    fill(&scene->sent->command);
    event_send(scene);
    kg_codec_event_encode(scene->got, scene->catalogue, &again);
    assert_int_equal(again.count, scene->bytes.count);
    assert_memory_equal(again.bytes, scene->bytes.bytes, again.count);
    kg_buffer_fini(&again);
}

static void need_damage(struct event_scene *scene, const char *words)
{
    if (event_take(scene) || !strstr(scene->error, words))
        fail_msg("\"%s\" and not \"%s\"", scene->error, words);
    assert_null(kg_codec_event_decode((const uint8_t *)scene->bytes.bytes, scene->bytes.count, NULL,
                                      scene->error));
}

/* Time and kind, and a body for it. */
static void start(struct event_scene *scene, uint64_t kind)
{
    scene->bytes.count = 0;
    wire_number(&scene->bytes, 2, 1);
    wire_number(&scene->bytes, 4, kind);
    wire_bytes(&scene->bytes, 5, "\x0a\x01r", 3);
}

static void damage_is_told(void **state)
{
    struct event_scene *scene = *state;
    need_damage(scene, "0 is not a command");
    start(scene, KG_KIND_ROUND_CLOSE);
    assert_true(event_take(scene));
    start(scene, KG_KIND_QUERY);
    need_damage(scene, "80 is not a command");
    start(scene, KG_KIND_REGISTER);
    need_damage(scene, "Register: The bytes");
    start(scene, KG_KIND_WITHDRAW + 100);
    need_damage(scene, "102 is not a command");
    start(scene, KG_KIND_ROUND_CLOSE);
    wire_number(&scene->bytes, 11, 1);
    need_damage(scene, "Event: Field 11");
    start(scene, KG_KIND_ROUND_CLOSE);
    wire_text(&scene->bytes, 9,
              "01234567890123456789012345678901234567890123456789012345678901234");
    need_damage(scene, "ruleset");
    scene->bytes.count = 0;
    wire_number(&scene->bytes, 4, KG_KIND_ROUND_CLOSE);
    wire_bytes(&scene->bytes, 5, "\x0a\x01r", 3);
    need_damage(scene, "no time");
    scene->bytes.bytes[0] = 7;
    need_damage(scene, "Event: The bytes");
}

static void every_cut_is_read_within_its_bounds(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_TENDER_LAUNCH);
    fill(&scene->sent->command);
    event_send(scene);
    for (size_t count = 0; count < scene->bytes.count; count++) {
        uint8_t *cut = kg_alloc(count, 1);
        memcpy(cut, scene->bytes.bytes, count);
        kg_event *event = kg_codec_event_decode(cut, count, scene->catalogue, scene->error);
        assert_int_equal(event == NULL, scene->error[0] != '\0');
        kg_event_destroy(&event);
        free(kg_codec_event_json(cut, count));
        free(cut);
    }
}

static void need_json(struct event_scene *scene, const char *rest)
{
    char expected[600];
    scene->bytes.count = 0;
    kg_codec_event_encode(scene->sent, scene->catalogue, &scene->bytes);
    char *json = kg_codec_event_json((const uint8_t *)scene->bytes.bytes, scene->bytes.count);
    kg_text_format(expected, sizeof expected,
                   "{\"kind\":\"%s\",\"actor\":\"BE-0316380940\","
                   "\"time\":\"2027-01-01T00:00:00.123Z\",\"today\":\"2027-01-01\"%s}",
                   kg_kind_name(scene->sent->command.kind), rest);
    assert_string_equal(json, expected);
    free(json);
}

static void the_dump_names_things_and_counts(void **state)
{
    struct event_scene *scene = *state;
    static const struct {
        kg_kind kind;
        const char *rest;
    } cases[] = {
        {KG_KIND_WITHDRAW, ",\"lines\":2"},
        {KG_KIND_LOT_CONFIRM, ",\"lot\":\"" LOT "\",\"lines\":2"},
        {KG_KIND_LOT_DECLINE, ",\"lot\":\"" LOT "\",\"lines\":2"},
        {KG_KIND_LOT_CALL_OFF, ",\"lot\":\"" LOT "\",\"organisation\":\"BE-0123456789\""},
        {KG_KIND_ROUND_OPEN, ",\"round\":\"2027-laptops\""},
        {KG_KIND_ROUND_CLOSE, ",\"round\":\"2027-laptops\""},
        {KG_KIND_ROUND_EXTEND, ",\"round\":\"2027-laptops\""},
        {KG_KIND_ROUND_PROPOSE, ",\"round\":\"2027-laptops\""},
        {KG_KIND_ROUND_CANCEL, ",\"round\":\"2027-laptops\""},
        {KG_KIND_LOTS_EXPIRE, ",\"round\":\"2027-laptops\""},
        {KG_KIND_LOT_AWARD, ",\"lot\":\"" LOT "\""},
        {KG_KIND_LOT_OFFERS, ",\"lot\":\"" LOT "\",\"offers\":1"},
        {KG_KIND_LOT_FAIL, ",\"lot\":\"" LOT "\""},
        {KG_KIND_PRACTICE_PUBLISH,
         ",\"practice\":\"spare-parts\",\"lot\":\"" LOT "\",\"languages\":1"},
        {KG_KIND_PRACTICE_RETIRE, ",\"practice\":\"spare-parts\""},
        {KG_KIND_TENDER_LAUNCH, ",\"tender\":\"tender-1\",\"lead\":\"BE-0123456789\",\"lots\":1"},
        {KG_KIND_REGISTER, ",\"organisation\":\"BE-0123456789\",\"keys\":1"},
        {KG_KIND_LINES_READ, ",\"round\":\"2027-laptops\",\"lot\":\"" LOT "\""},
        {KG_KIND_KEY_ADD, ",\"keys\":1"},
        {KG_KIND_KEY_REVOKE, ",\"organisation\":\"BE-0123456789\""},
        {KG_KIND_CATALOGUE, ",\"bytes\":34"},
        {KG_KIND_VOLUME_PUBLISH, ",\"organisations_min\":5"},
        {KG_KIND_SUBMIT, ",\"lines\":0,\"part\":1,\"parts\":1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        event_start(scene, cases[i].kind);
        fill(&scene->sent->command);
        need_json(scene, cases[i].rest);
    }
}

static void the_dump_escapes_and_marks_damage(void **state)
{
    struct event_scene *scene = *state;
    event_start(scene, KG_KIND_ROUND_CLOSE);
    scene->sent->command.round = "a\"b\\c\x01 é\x80";
    need_json(scene, ",\"round\":\"a\\u0022b\\u005cc\\u0001 \\u00c3\\u00a9\\u0080\"");
    scene->sent->command.round = "é";
    need_json(scene, ",\"round\":\"é\"");
    assert_null(kg_codec_event_json((const uint8_t *)"\xff", 1));
    assert_null(kg_codec_event_json((const uint8_t *)"", 0));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, event_set_up, event_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_kind_comes_through),
        CASE(texts_live_as_long_as_the_event),
        CASE(the_brokers_own_events_have_no_actor),
        CASE(events_before_the_first_catalogue_come_through),
        CASE(events_may_be_larger_than_messages),
        CASE(digests_come_through),
        CASE(same_events_are_same_bytes),
        CASE(damage_is_told),
        CASE(every_cut_is_read_within_its_bounds),
        CASE(the_dump_names_things_and_counts),
        CASE(the_dump_escapes_and_marks_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

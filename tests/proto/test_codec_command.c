/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_codec.h"

#define LOT "2027-laptops/laptop/BE/1"
#define MORE_THAN_ALL 1000000000000000001 /* above every sum */

static const kg_kind steps[] = {KG_KIND_ROUND_CLOSE, KG_KIND_ROUND_PROPOSE, KG_KIND_ROUND_CONFIRM,
                                KG_KIND_ROUND_CONCLUDE, KG_KIND_ROUND_CANCEL};

/* Every kind that is accepted from outside, with a field that it cannot do without. */
static const struct {
    kg_kind kind;
    const char *needs;
} kinds[] = {
    {KG_KIND_SUBMIT, "lines"},         {KG_KIND_WITHDRAW, "lines"},
    {KG_KIND_LOT_CONFIRM, "lot"},      {KG_KIND_LOT_DECLINE, "lot"},
    {KG_KIND_LOT_CALL_OFF, "lot"},     {KG_KIND_ROUND_OPEN, "id"},
    {KG_KIND_ROUND_CLOSE, "round"},    {KG_KIND_ROUND_EXTEND, "round"},
    {KG_KIND_ROUND_PROPOSE, "round"},  {KG_KIND_ROUND_CONFIRM, "round"},
    {KG_KIND_ROUND_CONCLUDE, "round"}, {KG_KIND_ROUND_CANCEL, "round"},
    {KG_KIND_LOT_AWARD, "lot"},        {KG_KIND_LOT_FAIL, "lot"},
    {KG_KIND_LOT_OFFERS, "lot"},       {KG_KIND_PRACTICE_PUBLISH, "key"},
    {KG_KIND_PRACTICE_RETIRE, "key"},
    {KG_KIND_TENDER_LAUNCH, "tender"}, {KG_KIND_REGISTER, "record"},
    {KG_KIND_KEY_ADD, "key"},          {KG_KIND_KEY_REVOKE, "sign"},
};

#define KINDS (sizeof kinds / sizeof *kinds)

static void an_empty_body_says_what_is_missing(void **state)
{
    struct codec_scene *scene = *state;
    for (size_t i = 0; i < KINDS; i++) {
        kg_status status = i < 2 ? KG_STATUS_EMPTY : KG_STATUS_MISSING;
        codec_need(scene, kinds[i].kind, status, kinds[i].needs);
        assert_int_equal(scene->got.kind, kinds[i].kind);
    }
}

static void unknown_fields_are_refused_in_every_kind(void **state)
{
    struct codec_scene *scene = *state;
    wire_number(&scene->bytes, 99, 1);
    for (size_t i = 0; i < KINDS; i++) {
        codec_need(scene, kinds[i].kind, KG_STATUS_UNKNOWN_FIELD, "");
        assert_non_null(strstr(scene->detail, "Field 99"));
    }
}

static void what_is_no_message_is_malformed_in_every_kind(void **state)
{
    struct codec_scene *scene = *state;
    wire_varint(&scene->bytes, 1 << 3 | 2);
    wire_varint(&scene->bytes, 5);
    kg_buffer_add(&scene->bytes, "abc", 3);
    for (size_t i = 0; i < KINDS; i++)
        codec_need(scene, kinds[i].kind, KG_STATUS_MALFORMED, "");
}

static void large_bodies_are_refused_in_every_kind(void **state)
{
    struct codec_scene *scene = *state;
    char *text = kg_alloc(KG_BODY_BYTES_MAX, 1);
    wire_bytes(&scene->bytes, 1, text, KG_BODY_BYTES_MAX);
    for (size_t i = 0; i < KINDS; i++)
        codec_need(scene, kinds[i].kind, KG_STATUS_OVERSIZE, "body");
    free(text);
}

static void only_commands_from_outside_are_known(void **state)
{
    struct codec_scene *scene = *state;
    size_t known = 0;
    wire_text(&scene->bytes, 1, "2027-laptops");
    for (uint32_t kind = 0; kind < 300; kind++)
        known += codec_take(scene, kind) != KG_STATUS_UNKNOWN_KIND;
    assert_int_equal(known, KINDS);
    codec_need(scene, KG_KIND_CATALOGUE, KG_STATUS_UNKNOWN_KIND, "kind");
    codec_need(scene, KG_KIND_ROUND_START, KG_STATUS_UNKNOWN_KIND, "kind");
    codec_need(scene, KG_KIND_LOTS_EXPIRE, KG_STATUS_UNKNOWN_KIND, "kind");
    codec_need(scene, KG_KIND_VOLUME_PUBLISH, KG_STATUS_UNKNOWN_KIND, "kind");
    codec_need(scene, KG_KIND_LINES_READ, KG_STATUS_UNKNOWN_KIND, "kind");
    codec_need(scene, KG_KIND_QUERY, KG_STATUS_UNKNOWN_KIND, "kind");
    codec_need(scene, UINT32_MAX, KG_STATUS_UNKNOWN_KIND, "kind");
}

static void keys_come_through(void **state)
{
    struct codec_scene *scene = *state;
    codec_start(scene, KG_KIND_KEY_ADD);
    memset(scene->sent.key.sign, 7, KG_KEY_BYTES);
    memset(scene->sent.key.transport, 8, KG_KEY_BYTES);
    scene->sent.key.roles = KG_ROLE_COORDINATOR | KG_ROLE_READER;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_memory_equal(&scene->got.key, &scene->sent.key, sizeof scene->got.key);
    codec_start(scene, KG_KIND_KEY_REVOKE);
    memset(scene->sent.key.sign, 9, KG_KEY_BYTES);
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_memory_equal(scene->got.key.sign, scene->sent.key.sign, KG_KEY_BYTES);
    assert_null(scene->got.organisation);
    assert_null(scene->got.reason);
    scene->sent.organisation = "BE-A";
    scene->sent.reason = "The laptop was stolen.";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_text(scene->got.organisation, "BE-A");
    codec_need_text(scene->got.reason, "The laptop was stolen.");
}

static void answers_of_members_come_through(void **state)
{
    struct codec_scene *scene = *state;
    const char *keys[] = {"a", "b"};
    for (kg_kind kind = KG_KIND_LOT_CONFIRM; kind <= KG_KIND_LOT_DECLINE; kind++) {
        codec_start(scene, kind);
        scene->sent.lot = LOT;
        assert_int_equal(codec_send(scene), KG_STATUS_OK);
        assert_int_equal(scene->got.keys.count, 0);
        assert_null(scene->got.reason);
        scene->sent.keys = (kg_texts){keys, 2};
        scene->sent.reason = "Het budget is geschrapt.";
        assert_int_equal(codec_send(scene), KG_STATUS_OK);
        codec_need_text(scene->got.lot, LOT);
        codec_need_texts(&scene->got.keys, &scene->sent.keys);
        codec_need_text(scene->got.reason, scene->sent.reason);
    }
}

static void call_offs_come_through(void **state)
{
    struct codec_scene *scene = *state;
    codec_start(scene, KG_KIND_LOT_CALL_OFF);
    scene->sent.lot = LOT;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_null(scene->got.organisation);
    assert_int_equal(scene->got.quantity, -1);
    assert_int_equal(scene->got.value_cents, -1);
    scene->sent.organisation = "BE-0123456789";
    scene->sent.quantity = 0;
    scene->sent.value_cents = 1234567;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_text(scene->got.lot, LOT);
    codec_need_text(scene->got.organisation, "BE-0123456789");
    assert_int_equal(scene->got.quantity, 0);
    assert_int_equal(scene->got.value_cents, 1234567);
}

static void steps_of_rounds_come_through(void **state)
{
    struct codec_scene *scene = *state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        codec_start(scene, steps[i]);
        scene->sent.round = "2027-laptops";
        assert_int_equal(codec_send(scene), KG_STATUS_OK);
        codec_need_text(scene->got.round, "2027-laptops");
        assert_null(scene->got.reason);
    }
    scene->sent.reason = "Te weinig vraag.";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_text(scene->got.reason, "Te weinig vraag.");
}

static void later_dates_come_through(void **state)
{
    struct codec_scene *scene = *state;
    codec_start(scene, KG_KIND_ROUND_EXTEND);
    scene->sent.round = "2027-laptops";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_int_equal(scene->got.dates.closes, KG_DATE_NONE);
    assert_int_equal(scene->got.dates.confirm_by, KG_DATE_NONE);
    assert_int_equal(scene->got.dates.reconfirm_by, KG_DATE_NONE);
    assert_int_equal(scene->got.dates.award_by, KG_DATE_NONE);
    scene->sent.dates = (kg_round_dates){20833, 20850, 0, -5000};
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_int_equal(scene->got.dates.closes, 20833);
    assert_int_equal(scene->got.dates.confirm_by, 20850);
    assert_int_equal(scene->got.dates.reconfirm_by, 0);
    assert_int_equal(scene->got.dates.award_by, -5000);
}

static void awards_come_through(void **state)
{
    struct codec_scene *scene = *state;
    kg_level_text levels[] = {{"warranty-years", "5"}, {"take-back", "yes"}};
    codec_start(scene, KG_KIND_LOT_AWARD);
    scene->sent.lot = LOT;
    scene->sent.award.supplier = "Computers NV";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_int_equal(scene->got.award.unit_price_cents, -1);
    assert_int_equal(scene->got.award.levels_count, 0);
    assert_null(scene->got.award.evidence);
    scene->sent.award.unit_price_cents = 79900;
    scene->sent.award.levels = levels;
    scene->sent.award.levels_count = 2;
    scene->sent.award.evidence = "Label, certificaat 12.";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_text(scene->got.lot, LOT);
    codec_need_text(scene->got.award.supplier, "Computers NV");
    codec_need_text(scene->got.award.evidence, "Label, certificaat 12.");
    assert_int_equal(scene->got.award.unit_price_cents, 79900);
    assert_int_equal(scene->got.award.levels_count, 2);
    for (int i = 0; i < 2; i++) {
        codec_need_text(scene->got.award.levels[i].criterion, levels[i].criterion);
        codec_need_text(scene->got.award.levels[i].level, levels[i].level);
    }
}

static void awards_name_a_supplier(void **state)
{
    struct codec_scene *scene = *state;
    codec_start(scene, KG_KIND_LOT_AWARD);
    scene->sent.lot = LOT;
    codec_send(scene);
    codec_need(scene, KG_KIND_LOT_AWARD, KG_STATUS_MISSING, "supplier");
    for (int i = 0; i <= KG_CATEGORY_CRITERIA_MAX; i++)
        wire_bytes(&scene->bytes, 4, "", 0);
    wire_text(&scene->bytes, 2, "Computers NV");
    codec_need(scene, KG_KIND_LOT_AWARD, KG_STATUS_OVERSIZE, "levels");
}

static void levels_of_awards_have_both_their_names(void **state)
{
    struct codec_scene *scene = *state;
    codec_start(scene, KG_KIND_LOT_AWARD);
    scene->sent.lot = LOT;
    scene->sent.award.supplier = "Computers NV";
    codec_send(scene);
    wire_bytes(&scene->bytes, 4, "", 0);
    codec_need(scene, KG_KIND_LOT_AWARD, KG_STATUS_MISSING, "criterion");
}

static void failures_come_through(void **state)
{
    struct codec_scene *scene = *state;
    codec_start(scene, KG_KIND_LOT_FAIL);
    scene->sent.lot = LOT;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_null(scene->got.reason);
    scene->sent.reason = "Geen geldige offerte.";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_text(scene->got.lot, LOT);
    codec_need_text(scene->got.reason, "Geen geldige offerte.");
}

static void tenders_come_through(void **state)
{
    struct codec_scene *scene = *state;
    const char *lots[] = {LOT, "2027-laptops/laptop/BE/2"};
    codec_start(scene, KG_KIND_TENDER_LAUNCH);
    scene->sent.tender = "tender-1";
    scene->sent.lead = "BE-0123456789";
    scene->sent.lots = (kg_texts){lots, 2};
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_null(scene->got.title);
    scene->sent.title = "Duurzame laptops";
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    codec_need_text(scene->got.tender, "tender-1");
    codec_need_text(scene->got.title, "Duurzame laptops");
    codec_need_text(scene->got.lead, "BE-0123456789");
    codec_need_texts(&scene->got.lots, &scene->sent.lots);
}

static void wrong_tenders_are_refused(void **state)
{
    struct codec_scene *scene = *state;
    const char *lots[] = {LOT};
    codec_start(scene, KG_KIND_TENDER_LAUNCH);
    scene->sent.tender = "tender 1";
    scene->sent.lead = "BE-0123456789";
    scene->sent.lots = (kg_texts){lots, 1};
    codec_send(scene);
    codec_need(scene, KG_KIND_TENDER_LAUNCH, KG_STATUS_INVALID, "tender");
    scene->sent.tender = "tender-1";
    scene->sent.lots.count = 0;
    codec_send(scene);
    codec_need(scene, KG_KIND_TENDER_LAUNCH, KG_STATUS_MISSING, "lots");
    for (int i = 0; i <= KG_TENDER_LOTS_MAX; i++)
        wire_text(&scene->bytes, 4, LOT);
    codec_need(scene, KG_KIND_TENDER_LAUNCH, KG_STATUS_OVERSIZE, "lots");
}

/* A field of bytes of this kind, given this text, is refused so. */
static void texts_are_bounded(void **state)
{
    struct codec_scene *scene = *state;
    static const struct {
        kg_kind kind;
        unsigned field;
        size_t max;
        const char *name;
    } cases[] = {
        {KG_KIND_LOT_DECLINE, 1, 160, "lot"},
        {KG_KIND_LOT_DECLINE, 3, 2000, "reason"},
        {KG_KIND_LOT_CALL_OFF, 2, 64, "organisation"},
        {KG_KIND_ROUND_OPEN, 1, 64, "id"},
        {KG_KIND_ROUND_OPEN, 2, 300, "title_nl"},
        {KG_KIND_ROUND_OPEN, 5, 300, "title_en"},
        {KG_KIND_ROUND_OPEN, 8, 5, "nuts"},
        {KG_KIND_ROUND_CANCEL, 1, 64, "round"},
        {KG_KIND_ROUND_CANCEL, 2, 2000, "reason"},
        {KG_KIND_ROUND_EXTEND, 1, 64, "round"},
        {KG_KIND_LOT_AWARD, 2, 300, "supplier"},
        {KG_KIND_LOT_AWARD, 5, 2000, "evidence"},
        {KG_KIND_LOT_FAIL, 2, 2000, "reason"},
        {KG_KIND_TENDER_LAUNCH, 1, 64, "tender"},
        {KG_KIND_TENDER_LAUNCH, 2, 300, "title"},
        {KG_KIND_TENDER_LAUNCH, 3, 64, "lead"},
        {KG_KIND_TENDER_LAUNCH, 4, 160, "lots"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2001];
        bool first = cases[i].field == 1;
        memset(text, 'a', sizeof text);
        scene->bytes.count = 0;
        if (!first)
            wire_text(&scene->bytes, 1, "x");
        if (cases[i].kind == KG_KIND_LOT_AWARD && cases[i].field != 2)
            wire_text(&scene->bytes, 2, "x");
        if (cases[i].kind == KG_KIND_TENDER_LAUNCH && cases[i].field != 3)
            wire_text(&scene->bytes, 3, "x");
        size_t before = scene->bytes.count;
        wire_bytes(&scene->bytes, cases[i].field, text, cases[i].max + 1);
        codec_need(scene, cases[i].kind, KG_STATUS_TOO_LONG, cases[i].name);
        scene->bytes.count = before;
        wire_bytes(&scene->bytes, cases[i].field, text, cases[i].max);
        assert_int_not_equal(codec_take(scene, cases[i].kind), KG_STATUS_TOO_LONG);
        scene->bytes.count = before;
        wire_bytes(&scene->bytes, cases[i].field, "a\0b", 3);
        codec_need(scene, cases[i].kind, KG_STATUS_ENCODING, cases[i].name);
        scene->bytes.count = before;
        wire_text(&scene->bytes, cases[i].field, "\x1b[2J");
        codec_need(scene, cases[i].kind, KG_STATUS_ENCODING, cases[i].name);
        scene->bytes.count = before;
        wire_text(&scene->bytes, cases[i].field, "\xff");
        codec_need(scene, cases[i].kind, KG_STATUS_ENCODING, cases[i].name);
    }
}

static void numbers_are_bounded(void **state)
{
    struct codec_scene *scene = *state;
    static const struct {
        kg_kind kind;
        unsigned field;
        uint64_t number;
        kg_status status;
        const char *name;
    } cases[] = {
        {KG_KIND_LOT_CALL_OFF, 3, MORE_THAN_ALL, KG_STATUS_INVALID, "quantity"},
        {KG_KIND_LOT_CALL_OFF, 3, UINT64_MAX, KG_STATUS_INVALID, "quantity"},
        {KG_KIND_LOT_CALL_OFF, 4, MORE_THAN_ALL, KG_STATUS_INVALID, "value_cents"},
        {KG_KIND_LOT_AWARD, 3, KG_VALUE_CENTS_MAX + 1, KG_STATUS_INVALID, "unit_price_cents"},
        {KG_KIND_ROUND_OPEN, 9, 4, KG_STATUS_INVALID, "nuts_level"},
        {KG_KIND_ROUND_OPEN, 17, KG_ROUND_BODIES_MAX + 1, KG_STATUS_INVALID, "bodies_min"},
        {KG_KIND_ROUND_OPEN, 18, KG_ROUND_QUANTITY_MAX + 1, KG_STATUS_INVALID, "quantity_min"},
        {KG_KIND_ROUND_OPEN, 19, KG_VALUE_CENTS_MAX + 1, KG_STATUS_INVALID, "value_min_cents"},
        {KG_KIND_ROUND_OPEN, 20, KG_VALUE_CENTS_MAX + 1, KG_STATUS_INVALID, "value_max_cents"},
        {KG_KIND_ROUND_OPEN, 21, 0, KG_STATUS_INVALID, "window_days_min"},
        {KG_KIND_ROUND_OPEN, 21, KG_ROUND_WINDOW_DAYS_MAX + 1, KG_STATUS_INVALID,
         "window_days_min"},
        /* 3000-01-01 and 1899-12-31 as sint32 */
        {KG_KIND_ROUND_EXTEND, 2, 376200 * 2, KG_STATUS_DATE, "closes_days"},
        {KG_KIND_ROUND_EXTEND, 5, 25568 * 2 - 1, KG_STATUS_DATE, "award_by_days"},
        {KG_KIND_ROUND_OPEN, 10, UINT32_MAX, KG_STATUS_DATE, "delivery_from_days"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene->bytes.count = 0;
        wire_text(&scene->bytes, 1, "x");
        if (cases[i].kind == KG_KIND_LOT_AWARD)
            wire_text(&scene->bytes, 2, "x");
        wire_number(&scene->bytes, cases[i].field, cases[i].number);
        codec_need(scene, cases[i].kind, cases[i].status, cases[i].name);
    }
}

/* The first and the last day that a text can name. */
static void the_range_of_dates_is_that_of_texts(void **state)
{
    struct codec_scene *scene = *state;
    kg_date first, last;
    assert_true(kg_date_parse("1900-01-01", &first));
    assert_true(kg_date_parse("2999-12-31", &last));
    codec_start(scene, KG_KIND_ROUND_EXTEND);
    scene->sent.round = "r";
    scene->sent.dates.closes = first;
    scene->sent.dates.award_by = last;
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    assert_int_equal(scene->got.dates.closes, first);
    scene->sent.dates.closes = first - 1;
    assert_int_equal(codec_send(scene), KG_STATUS_DATE);
    scene->sent.dates.closes = last + 1;
    assert_int_equal(codec_send(scene), KG_STATUS_DATE);
}

/* Every cut of a body is refused or is a shorter command; none is read beyond its end. */
static void cut_bodies_are_read_within_their_bounds(void **state)
{
    struct codec_scene *scene = *state;
    const char *lots[] = {LOT, LOT};
    codec_start(scene, KG_KIND_TENDER_LAUNCH);
    scene->sent.tender = "tender-1";
    scene->sent.lead = "BE-0123456789";
    scene->sent.lots = (kg_texts){lots, 2};
    assert_int_equal(codec_send(scene), KG_STATUS_OK);
    size_t good = 0;
    for (size_t count = 0; count < scene->bytes.count; count++) {
        kg_command got;
        uint8_t *cut = kg_alloc(count, 1);
        memcpy(cut, scene->bytes.bytes, count);
        good += kg_codec_command_decode(KG_KIND_TENDER_LAUNCH, cut, count, scene->catalogue, &got,
                                        scene->detail) == KG_STATUS_OK;
        kg_command_fini(&got);
        free(cut);
    }
    assert_int_equal(good, 1); /* the whole of it but the second lot */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, codec_set_up, codec_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_empty_body_says_what_is_missing),
        CASE(unknown_fields_are_refused_in_every_kind),
        CASE(what_is_no_message_is_malformed_in_every_kind),
        CASE(large_bodies_are_refused_in_every_kind),
        CASE(only_commands_from_outside_are_known),
        CASE(keys_come_through),
        CASE(answers_of_members_come_through),
        CASE(call_offs_come_through),
        CASE(steps_of_rounds_come_through),
        CASE(later_dates_come_through),
        CASE(awards_come_through),
        CASE(awards_name_a_supplier),
        CASE(levels_of_awards_have_both_their_names),
        CASE(failures_come_through),
        CASE(tenders_come_through),
        CASE(wrong_tenders_are_refused),
        CASE(texts_are_bounded),
        CASE(numbers_are_bounded),
        CASE(the_range_of_dates_is_that_of_texts),
        CASE(cut_bodies_are_read_within_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

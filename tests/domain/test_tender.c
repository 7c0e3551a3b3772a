/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_world.h"

/* Lots 1 (A B C, nl) and 2 (D E F, fr) of R1 are confirmed. */
static void world_confirmed(world *w)
{
    static const char *const of[2] = {"ABC", "DEF"};
    static const char *const lots[2] = {LOT1, LOT2};
    world_round(w, 'g');
    for (size_t i = 0; i < 2; i++)
        for (const char *at = of[i]; *at; at++)
            assert_status(KG_STATUS_OK, world_answer(w, (const char[]){*at, '\0'},
                                                     KG_KIND_LOT_CONFIRM, lots[i], ""));
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CONCLUDE, "R1"));
}

static kg_status launch(world *w, const char *tender, const char *lots, const char *lead)
{
    kg_command command = launch_command(tender, lots, lead);
    return world_do(w, COORDINATOR, &command);
}

static void lots_are_launched_together(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_confirmed(&w);
    assert_status(KG_STATUS_OK, launch(&w, "T1", LOT1 " " LOT2, "C"));
    const kg_tender *tender = kg_state_tender(w.state, kg_state_find_tender(w.state, "T1"));
    assert_string_equal("C", tender->lead);
    assert_string_equal("Laptops", tender->title);
    assert_int_equal(2, tender->lots_count);
    assert_int_equal(day("2026-11-24"), tender->launched);
    assert_int_equal(KG_LOT_LAUNCHED, lot_of(&w, LOT1)->state);
    assert_int_equal(0, lot_of(&w, LOT2)->tender);
    assert_string_equal("T1", feed_last(&w, "F", KG_FEED_TENDER_LAUNCHED)->tender);
    assert_string_equal("C", feed_last(&w, "F", KG_FEED_TENDER_LAUNCHED)->detail);
    world_fini(&w);
}

static void refusals_of_a_launch(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_confirmed(&w);
    static const struct {
        const char *tender, *lots, *lead;
        kg_status status;
    } cases[] = {
        {"", LOT1, "A", KG_STATUS_MISSING},
        {"T 1", LOT1, "A", KG_STATUS_INVALID},
        {"T1", "", "A", KG_STATUS_MISSING},
        {"T1", LOT1 " " LOT1, "A", KG_STATUS_INVALID},
        {"T1", LOT3, "A", KG_STATUS_UNKNOWN_LOT},
        {"T1", LOT1, "", KG_STATUS_MISSING},
        {"T1", LOT1, "NOBODY", KG_STATUS_UNKNOWN_ORGANISATION},
        {"T1", LOT1, "B", KG_STATUS_LEAD},          /* cannot lead */
        {"T1", LOT1, "D", KG_STATUS_LEAD},          /* no member */
        {"T1", LOT1 " " LOT2, "A", KG_STATUS_LEAD}, /* does not work in fr */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_status status = launch(&w, cases[i].tender, cases[i].lots, cases[i].lead);
        if (status != cases[i].status)
            fail_msg("case %zu: %s %s", i, kg_status_name(status), world_detail(&w));
    }
    kg_command stranger = launch_command("T1", LOT1, "A");
    assert_status(KG_STATUS_NOT_YOUR_ROUND, world_do(&w, "A", &stranger));
    kg_command many = launch_command("T1", LOT1, "A");
    many.lots.count = KG_TENDER_LOTS_MAX + 1;
    assert_status(KG_STATUS_INVALID, world_do(&w, COORDINATOR, &many));
    assert_status(KG_STATUS_OK, launch(&w, "T1", LOT1, "A"));
    assert_status(KG_STATUS_TENDER_EXISTS, launch(&w, "T1", LOT2, "D"));
    assert_status(KG_STATUS_LOT_STATE, launch(&w, "T2", LOT2 " " LOT1, "D"));
    world_day(&w, "2027-03-02");
    assert_status(KG_STATUS_TOO_LATE, launch(&w, "T2", LOT2, "D"));
    world_fini(&w);
}

static void lots_of_one_round(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_confirmed(&w);
    for (char id = 'A'; id <= 'C'; id++)
        world_plan(&w, (const char[]){id, '\0'}, "line=second");
    kg_command second = round_command("R2");
    world_must(&w, COORDINATOR, &second);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R2"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R2"));
    assert_status(KG_STATUS_LOTS_MIXED, launch(&w, "T1", LOT1 " R2/laptop/BE/1", "A"));
    world_fini(&w);
}

/* The threshold is that of the day and of the lowest type; the maxima of all lots are summed. */
static void the_regime_of_a_tender(void **state)
{
    (void)state;
    static const struct {
        const char *quantity, *lots;
        bool central;
        kg_regime alone, together;
    } cases[] = {
        {"10", LOT1, false, KG_REGIME_NATIONAL, KG_REGIME_NATIONAL},
        /* 2 x 8,000 + 200,000 reach the sub-central threshold of 216,000 */
        {"250", LOT1, false, KG_REGIME_EU, KG_REGIME_EU},
        /* 184,000 alone, 208,000 together: below 216,000, above 140,000 */
        {"210", LOT1 " " LOT2, false, KG_REGIME_NATIONAL, KG_REGIME_NATIONAL},
        {"210", LOT1 " " LOT2, true, KG_REGIME_EU, KG_REGIME_EU},
        /* 200,000 alone, 224,000 together */
        {"230", LOT1 " " LOT2, false, KG_REGIME_NATIONAL, KG_REGIME_EU},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world w;
        char columns[50] = "quantity=";
        world_init(&w);
        world_cast_but(&w, "A", strcat(columns, cases[i].quantity));
        kg_command central;
        kg_command_init(&central, KG_KIND_REGISTER);
        kg_organisation_fini(&central.record);
        record_init(&central.record, "C", "nl fr");
        central.record.can_lead = true;
        central.record.central = cases[i].central;
        world_must(&w, COORDINATOR, &central);
        world_confirmed(&w);
        assert_int_equal(cases[i].alone, lot_of(&w, LOT1)->shape.regime);
        assert_status(KG_STATUS_OK, launch(&w, "T1", cases[i].lots, "C"));
        assert_int_equal(cases[i].together, lot_of(&w, LOT1)->shape.regime);
        world_fini(&w);
    }
}

static void a_lot_is_awarded(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast_but(&w, "A", "track=kopgroep|criteria=warranty-years=3");
    world_confirmed(&w);
    assert_status(KG_STATUS_OK, launch(&w, "T1", LOT1, "A"));
    kg_command award = award_command(LOT1);
    kg_level_text levels[] = {{"warranty-years", "5"}};
    award.award.levels = levels;
    award.award.levels_count = 1;
    world_must(&w, COORDINATOR, &award);
    const kg_lot *lot = lot_of(&w, LOT1);
    assert_int_equal(KG_LOT_AWARDED, lot->state);
    assert_true(lot->awarded);
    assert_string_equal("Supplier NV", lot->award.supplier);
    assert_string_equal("certificate", lot->award.evidence);
    assert_int_equal(70000, lot->award.unit_price_cents);
    assert_int_equal(3, lot->shape.x.rank[1]);
    assert_int_equal(4, lot->award.delivered.rank[1]);
    assert_int_equal(0, lot->award.delivered.rank[0]);
    assert_string_equal("Supplier NV, 700.00 EUR a piece",
                        feed_last(&w, "B", KG_FEED_LOT_AWARDED)->detail);
    world_fini(&w);
}

/* Orders end at the maximum value, also where pieces are left. */
static void a_price_above_what_was_planned_is_told(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_confirmed(&w);
    assert_status(KG_STATUS_OK, launch(&w, "T1", LOT1, "A"));
    kg_command award = award_command(LOT1);
    const kg_lot *lot = lot_of(&w, LOT1);
    int64_t planned = lot->shape.value_max_cents / lot->shape.quantity_max;
    award.award.unit_price_cents = planned * 2;
    world_must(&w, COORDINATOR, &award);
    assert_non_null(strstr(w.effects.result, "is awarded to Supplier NV. The price is above what"));
    world_fini(&w);
}

static void refusals_of_an_award(void **state)
{
    (void)state;
    static kg_level_text below[] = {{"warranty-years", "2"}};
    static kg_level_text unknown[] = {{"repair", "parts"}};
    static kg_level_text nowhere[] = {{"colour", "grey"}};
    static kg_level_text off[] = {{"warranty-years", "4"}};
    static kg_level_text twice[] = {{"warranty-years", "3"}, {"warranty-years", "5"}};
    static const struct {
        kg_level_text *levels;
        size_t count;
        kg_status status;
    } cases[] = {
        {below, 1, KG_STATUS_LEVELS_BELOW},        {unknown, 1, KG_STATUS_UNKNOWN_CRITERION},
        {nowhere, 1, KG_STATUS_UNKNOWN_CRITERION}, {off, 1, KG_STATUS_UNKNOWN_LEVEL},
        {twice, 2, KG_STATUS_PROFILE_CRITERIA},
    };
    world w;
    world_init(&w);
    world_cast_but(&w, "A", "track=kopgroep|criteria=warranty-years=3");
    world_confirmed(&w);
    assert_status(KG_STATUS_OK, launch(&w, "T1", LOT1, "A"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_command award = award_command(LOT1);
        award.award.levels = cases[i].levels;
        award.award.levels_count = cases[i].count;
        assert_status(cases[i].status, world_do(&w, COORDINATOR, &award));
    }
    kg_command award = award_command(LOT1);
    award.award.supplier = NULL;
    assert_status(KG_STATUS_MISSING, world_do(&w, COORDINATOR, &award));
    award = award_command(LOT1);
    award.award.unit_price_cents = -1;
    assert_status(KG_STATUS_MISSING, world_do(&w, COORDINATOR, &award));
    award = award_command(LOT1);
    assert_status(KG_STATUS_NOT_YOUR_ROUND, world_do(&w, "A", &award));
    award = award_command(LOT3);
    assert_status(KG_STATUS_UNKNOWN_LOT, world_do(&w, COORDINATOR, &award));
    award = award_command(LOT2);
    assert_status(KG_STATUS_LOT_STATE, world_do(&w, COORDINATOR, &award));
    world_day(&w, "2027-03-02");
    award = award_command(LOT1);
    assert_status(KG_STATUS_TOO_LATE, world_do(&w, COORDINATOR, &award));
    world_day(&w, "2027-03-01");
    award = award_command(LOT1);
    world_must(&w, COORDINATOR, &award);
    award = award_command(LOT1);
    assert_status(KG_STATUS_LOT_STATE, world_do(&w, COORDINATOR, &award));
    kg_command fail = lot_command(KG_KIND_LOT_FAIL, LOT1, "");
    assert_status(KG_STATUS_LOT_STATE, world_do(&w, COORDINATOR, &fail));
    world_fini(&w);
}

static void a_launched_lot_may_fail(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_confirmed(&w);
    assert_status(KG_STATUS_OK, launch(&w, "T1", LOT1, "A"));
    kg_command fail = lot_command(KG_KIND_LOT_FAIL, LOT1, "");
    world_must(&w, COORDINATOR, &fail);
    assert_int_equal(KG_NONE, line_of(&w, "A", "a1").round);
    assert_int_equal(1, campaign_of(&w, "R1")->lots_live);
    world_plan(&w, "A", "line=a1|quantity=3");
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lots_are_launched_together), cmocka_unit_test(refusals_of_a_launch),
        cmocka_unit_test(lots_of_one_round),          cmocka_unit_test(the_regime_of_a_tender),
        cmocka_unit_test(a_lot_is_awarded),           cmocka_unit_test(refusals_of_an_award),
        cmocka_unit_test(a_launched_lot_may_fail),
        cmocka_unit_test(a_price_above_what_was_planned_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

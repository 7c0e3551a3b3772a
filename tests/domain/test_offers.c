/* SPDX-License-Identifier: EUPL-1.2 */
/* Suppliers' offers for a launched lot: recorded as a whole, replaced as a whole. */
#include <string.h>

#include "helper_world.h"

static void launched(world *w)
{
    world_init(w);
    world_cast(w);
    world_round(w, 'g');
    for (const char *who = "ABC"; *who; who++)
        assert_status(KG_STATUS_OK, world_answer(w, (const char[]){*who, '\0'},
                                                 KG_KIND_LOT_CONFIRM, LOT1, ""));
    world_day(w, "2027-02-02");
    world_due(w);
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(w, COORDINATOR, &launch);
}

static void offers_are_kept_and_told(void **state)
{
    (void)state;
    world w;
    launched(&w);
    kg_command offers = offers_command(LOT1);
    world_must(&w, COORDINATOR, &offers);
    const kg_lot *lot = lot_of(&w, LOT1);
    assert_int_equal(lot->offers_count, 2);
    assert_string_equal(lot->offers[1].supplier, "Lasting NV");
    assert_string_equal(lot->offers[1].levels, "warranty-years=5");
    assert_string_equal(lot->offers[0].labels, "");
    assert_int_equal(lot->offers[1].offer.unit_price_cents, 90000);
    assert_string_equal(feed_last(&w, "B", KG_FEED_LOT_OFFERS)->detail, "2 offers");
    world_fini(&w);
}

static void the_last_ones_count(void **state)
{
    (void)state;
    world w;
    launched(&w);
    kg_command first = offers_command(LOT1), second = offers_command(LOT1);
    second.offers_count = 1;
    world_must(&w, COORDINATOR, &first);
    world_must(&w, COORDINATOR, &second);
    assert_int_equal(lot_of(&w, LOT1)->offers_count, 1);
    assert_string_equal(lot_of(&w, LOT1)->offers[0].supplier, "Cheap NV");
    world_fini(&w);
}

static void need_refusal(world *w, kg_command *offers, kg_status status)
{
    assert_status(status, world_do(w, COORDINATOR, offers));
    assert_int_equal(lot_of(w, LOT1)->offers_count, 0);
}

static void refusals(void **state)
{
    (void)state;
    world w;
    launched(&w);
    kg_level_text unknown[] = {{"colour", "red"}}, wrong[] = {{"warranty-years", "6"}};
    kg_level_text twice[] = {{"warranty-years", "5"}, {"warranty-years", "7"}};
    const char *labels[] = {"No Such Label"};
    kg_command offers = offers_command(LOT1);
    offers.offers_count = 0;
    need_refusal(&w, &offers, KG_STATUS_OFFERS);
    offers = offers_command(LOT1);
    offers.offers[1].supplier = offers.offers[0].supplier;
    need_refusal(&w, &offers, KG_STATUS_OFFERS);
    offers = offers_command(LOT1);
    offers.offers[0].unit_price_cents = -1;
    need_refusal(&w, &offers, KG_STATUS_OFFERS);
    offers = offers_command(LOT1);
    offers.offers[0].lifetime_years = 0;
    need_refusal(&w, &offers, KG_STATUS_OFFERS);
    offers = offers_command(LOT1);
    offers.offers[0].levels = unknown;
    offers.offers[0].levels_count = 1;
    need_refusal(&w, &offers, KG_STATUS_UNKNOWN_CRITERION);
    offers = offers_command(LOT1);
    offers.offers[0].levels = wrong;
    offers.offers[0].levels_count = 1;
    need_refusal(&w, &offers, KG_STATUS_UNKNOWN_LEVEL);
    offers = offers_command(LOT1);
    offers.offers[0].levels = twice;
    offers.offers[0].levels_count = 2;
    need_refusal(&w, &offers, KG_STATUS_PROFILE_CRITERIA);
    offers = offers_command(LOT1);
    offers.offers[0].labels = (kg_texts){labels, 1};
    need_refusal(&w, &offers, KG_STATUS_UNKNOWN_LABEL);
    offers = offers_command("R1/laptop/BE/9");
    need_refusal(&w, &offers, KG_STATUS_UNKNOWN_LOT);
    offers = offers_command(LOT1);
    assert_status(KG_STATUS_NOT_YOUR_ROUND, world_do(&w, "A", &offers));
    world_day(&w, "2027-03-02");
    offers = offers_command(LOT1);
    need_refusal(&w, &offers, KG_STATUS_TOO_LATE);
    world_fini(&w);
}

static void only_between_launch_and_award(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'g');
    kg_command offers = offers_command(LOT1);
    need_refusal(&w, &offers, KG_STATUS_LOT_STATE);
    world_fini(&w);
    launched(&w);
    kg_command award = award_command(LOT1);
    world_must(&w, COORDINATOR, &award);
    offers = offers_command(LOT1);
    need_refusal(&w, &offers, KG_STATUS_LOT_STATE);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_are_kept_and_told),
        cmocka_unit_test(the_last_ones_count),
        cmocka_unit_test(refusals),
        cmocka_unit_test(only_between_launch_and_award),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

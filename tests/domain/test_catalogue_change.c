/* SPDX-License-Identifier: EUPL-1.2 */
/* A new catalogue over a state that stands on the old one. */
#include <stdio.h>
#include <stdlib.h>

#include "helper_world.h"

/* Earlier names in every list, further levels in every scale: every index and rank differs. */
static const char wider[] =
    "criterion \"a-first\" { scale = {\"no\",\"yes\"} type = \"clause\" }\n"
    "criterion \"warranty-years\" { scale = {\"none\",\"0\",\"1\",\"2\",\"2.5\",\"3\",\"4\",\"5\","
    "\"7\",\"9\"} type = \"technical\" }\n"
    "criterion \"battery-cycles\" { scale = {\"none\",\"300\",\"500\",\"800\",\"1000\"}"
    " type = \"technical\" }\n"
    "category \"accessory\" { cpv = {\"30237200\"} reference_price = \"10.00\""
    " criteria = {\"a-first\"} }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"800.00\""
    " criteria = {\"a-first\",\"warranty-years\",\"battery-cycles\"} }\n"
    "category \"monitor\" { cpv = {\"30231300\"} criteria = {\"warranty-years\"} }\n";

static void lines_keep_their_names(void **state)
{
    (void)state;
    static const char lines[] =
        "line=a1|criteria=warranty-years=3 battery-cycles=500|accepts=warranty-years=5\n"
        "line=a2|category=monitor|value=100|criteria=warranty-years=0|accepts=warranty-years=0\n"
        "line=a3|cpv=72000000|category=|value=100\nline=a4\n"
        "line=a5|criteria=warranty-years=7";
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", lines);
    assert_status(KG_STATUS_OK, world_catalogue(&w, wider));
    assert_string_equal("The catalogue has 3 categories and 3 criteria.", w.effects.result);
    assert_string_equal(wider, kg_state_catalogue_text(w.state));
    const kg_catalogue *catalogue = kg_state_catalogue(w.state);
    kg_plan_line found = line_of(&w, "A", "a1").line, *line = &found;
    char *lo = kg_levels_text(catalogue, line->category, &line->lo, 0);
    char *hi = kg_levels_text(catalogue, line->category, &line->hi, KG_LEVEL_ANY);
    assert_string_equal("battery-cycles=500 warranty-years=3", lo);
    assert_string_equal("warranty-years=5", hi);
    free(lo);
    free(hi);
    found = line_of(&w, "A", "a2").line;
    assert_int_equal(kg_catalogue_category(catalogue, "monitor"), line->category);
    /* What asked nothing asks nothing, below a new lowest level too; what accepted only the
     * lowest accepts that level. */
    assert_int_equal(0, line->lo.rank[0]);
    assert_int_equal(1, line->hi.rank[0]);
    assert_int_equal(KG_LEVEL_ANY, line->hi.rank[1]);
    assert_int_equal(KG_CATEGORY_CPV + 7200, line_of(&w, "A", "a3").line.category);
    assert_int_equal(8, line_of(&w, "A", "a5").line.lo.rank[2]);
    /* Sent again, nothing changes. */
    world_plan(&w, "A", lines);
    assert_string_equal("0 new, 1 amended, 4 unchanged.", w.effects.result);
    world_fini(&w);
}

/* The laptop lot of A B C with x warranty-years=3, awarded with 5; and a line left out. */
static void world_awarded(world *w)
{
    world_init(w);
    world_cast_but(w, "A", "track=kopgroep|criteria=warranty-years=3");
    world_register(w, "G", "nl", false);
    world_plan(w, "G", "line=g1|accepts=warranty-years=2");
    world_round(w, 'g');
    for (const char *at = "ABCDEF"; *at; at++)
        assert_status(KG_STATUS_OK, world_answer(w, (const char[]){*at, '\0'}, KG_KIND_LOT_CONFIRM,
                                                 *at < 'D' ? LOT1 : LOT2, ""));
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CONCLUDE, "R1"));
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(w, COORDINATOR, &launch);
    kg_command award = award_command(LOT1);
    kg_level_text levels[] = {{"warranty-years", "5"}};
    award.award.levels = levels;
    award.award.levels_count = 1;
    world_must(w, COORDINATOR, &award);
}

static void assert_levels(const kg_catalogue *catalogue, kg_category category,
                          const kg_levels *levels, const char *expected)
{
    char *text = kg_levels_text(catalogue, category, levels, 0);
    assert_string_equal(expected, text);
    free(text);
}

static void rounds_and_lots_keep_their_names(void **state)
{
    (void)state;
    world w;
    world_awarded(&w);
    const kg_lot *lot = lot_of(&w, LOT1);
    const kg_campaign *campaign = campaign_of(&w, "R1");
    assert_int_equal(KG_CHANGE_ACCEPTS, claim_of(&w, "G", "g1")->why.change.field);
    assert_int_equal(3, lot->shape.steps);
    assert_status(KG_STATUS_OK, world_catalogue(&w, wider));
    const kg_catalogue *catalogue = kg_state_catalogue(w.state);
    kg_category laptop = (kg_category)kg_catalogue_category(catalogue, "laptop");
    assert_int_equal(laptop, lot->shape.category);
    assert_levels(catalogue, laptop, &lot->shape.x, "warranty-years=3");
    assert_levels(catalogue, laptop, &lot->shape.headroom, "battery-cycles=1000 warranty-years=7");
    assert_levels(catalogue, laptop, &lot->award.delivered, "warranty-years=5");
    assert_int_equal(5, lot->shape.steps);
    assert_int_equal(-1, lot->curve[0].place);
    assert_int_equal(2, lot->curve[1].place);
    assert_int_equal(laptop, campaign->rules.categories[0]);
    assert_int_equal(laptop, campaign->claims[0].line.category);
    assert_levels(catalogue, laptop, &campaign->claims[0].line.lo, "warranty-years=3");
    assert_levels(catalogue, laptop, &campaign->proposed->lots[0].x, "warranty-years=3");
    const kg_change *change = &claim_of(&w, "G", "g1")->why.change;
    assert_int_equal(KG_CHANGE_ACCEPTS, change->field);
    assert_int_equal(2, change->place);
    assert_string_equal("3", kg_category_criterion(catalogue, laptop, 2)->levels[change->rank]);
    /* And life goes on. */
    kg_command call_off = lot_command(KG_KIND_LOT_CALL_OFF, LOT1, "");
    call_off.quantity = 1;
    world_must(&w, "A", &call_off);
    world_fini(&w);
}

#define CRITERION(id, scale) "criterion \"" id "\" { scale = {" scale "} type = \"technical\" }\n"
#define WARRANTY(scale) CRITERION("warranty-years", scale)
#define BATTERY CRITERION("battery-cycles", "\"none\",\"500\"")
#define CATEGORY(id, criteria)                                                                     \
    "category \"" id "\" { cpv = {\"30213100\"} criteria = {\"" criteria "\"} }\n"

static void what_is_in_use_must_stay(void **state)
{
    (void)state;
    static const struct {
        const char *text, *detail; /* "" = taken */
    } cases[] = {
        {WARRANTY("\"0\",\"2\",\"3\",\"5\"") CATEGORY("laptop", "warranty-years"), ""},
        {WARRANTY("\"0\",\"2\",\"3\",\"5\"") BATTERY CATEGORY("laptop", "battery-cycles"),
         "Category laptop no longer has the criterion warranty-years, which is in use."},
        {WARRANTY("\"0\",\"2\",\"5\"") CATEGORY("laptop", "warranty-years"),
         "Criterion warranty-years no longer has the level 3, which is in use."},
        {WARRANTY("\"0\",\"5\",\"3\",\"2\"") CATEGORY("laptop", "warranty-years"),
         "Criterion warranty-years has the level 3 in another order."},
        {WARRANTY("\"0\",\"2\",\"3\",\"5\"") CATEGORY("notebook", "warranty-years"),
         "Category laptop is in use."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world w;
        world_awarded(&w);
        kg_status status = world_catalogue(&w, cases[i].text);
        assert_status(cases[i].detail[0] ? KG_STATUS_CATALOGUE_IN_USE : KG_STATUS_OK, status);
        assert_string_equal(cases[i].detail, w.decision.detail);
        world_fini(&w);
    }
}

static void what_only_withdrawn_lines_use_may_go(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1|category=service|value=100|criteria=repair=parts");
    assert_status(KG_STATUS_CATALOGUE_IN_USE, world_catalogue(&w, wider));
    assert_string_equal("Category service is in use.", world_detail(&w));
    assert_status(KG_STATUS_OK, world_withdraw(&w, "A", "a1"));
    assert_status(KG_STATUS_OK, world_catalogue(&w, wider));
    assert_true(line_of(&w, "A", "a1").withdrawn);
    world_plan(&w, "A", "line=a1|quantity=3");
    assert_int_equal(kg_catalogue_category(kg_state_catalogue(w.state), "laptop"),
                     line_of(&w, "A", "a1").line.category);
    world_fini(&w);
}

/* A round that names a category in its scope holds it, though no line is in it. */
static void a_scope_is_a_use(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    kg_command open = round_command("R1");
    open.round_rules.categories[0] =
        (kg_category)kg_catalogue_category(kg_state_catalogue(w.state), "service");
    world_must(&w, COORDINATOR, &open);
    assert_status(KG_STATUS_CATALOGUE_IN_USE, world_catalogue(&w, wider));
    world_fini(&w);
}

static void parts_are_to_be_sent_again(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    kg_command part = submit_command("line=a1");
    part.submit.parts = 2;
    world_must(&w, "A", &part);
    assert_status(KG_STATUS_OK, world_catalogue(&w, wider));
    part = submit_command("line=a2");
    part.submit.part = part.submit.parts = 2;
    assert_status(KG_STATUS_PLAN_PART, world_do(&w, "A", &part));
    world_fini(&w);
}

/* A grouping that was begun on the old catalogue may read it to its end, and is not taken. */
static void a_job_keeps_the_catalogue_it_began_with(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_round(&w, 'c');
    const kg_actor who = {COORDINATOR, KG_ROLE_COORDINATOR};
    kg_command propose = step_command(KG_KIND_ROUND_PROPOSE, "R1");
    kg_decision first, second;
    char none[65] = "";
    kg_decision_init(&first);
    kg_decision_init(&second);
    kg_state_check(w.state, &who, &propose, w.now, &first);
    assert_status(KG_STATUS_OK, world_catalogue(&w, wider));
    kg_outcome *outcome = kg_grouping_run(kg_job_input(first.job));
    kg_state_decide(w.state, &who, &propose, w.now, first.job, &outcome, none, none, &second);
    assert_status(KG_STATUS_ROUND_BUSY, second.status);
    kg_outcome_destroy(&outcome);
    kg_decision_fini(&first);
    kg_decision_fini(&second);
    kg_command_fini(&propose);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    world_fini(&w);
}

static void another_kind_is_no_catalogue(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    kg_command command = step_command(KG_KIND_ROUND_CLOSE, "R1");
    kg_catalogue *nothing = NULL;
    kg_decision decision;
    kg_decision_init(&decision);
    kg_state_check_catalogue(w.state, &command, &nothing, w.now, &decision);
    assert_status(KG_STATUS_UNKNOWN_KIND, decision.status);
    kg_decision_fini(&decision);
    kg_command_fini(&command);
    /* Nor does it come in the way of other commands, from anybody. */
    kg_command_init(&command, KG_KIND_CATALOGUE);
    assert_status(KG_STATUS_UNKNOWN_KIND, world_do(&w, COORDINATOR, &command));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_keep_their_names),
        cmocka_unit_test(rounds_and_lots_keep_their_names),
        cmocka_unit_test(what_is_in_use_must_stay),
        cmocka_unit_test(what_only_withdrawn_lines_use_may_go),
        cmocka_unit_test(a_scope_is_a_use),
        cmocka_unit_test(parts_are_to_be_sent_again),
        cmocka_unit_test(a_job_keeps_the_catalogue_it_began_with),
        cmocka_unit_test(another_kind_is_no_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

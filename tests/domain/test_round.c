/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_world.h"

/* How far a round has come. */
typedef enum stage {
    DRAFT,
    OPEN,
    CLOSED,
    PROPOSED,
    CONFIRMING,
    RECONFIRMING,
    CONCLUDED,
    LAUNCHED,
    CANCELLED,
    STAGES
} stage;

static const char *const stage_names[STAGES] = {"draft",     "open",       "closed",
                                                "proposed",  "confirming", "reconfirming",
                                                "concluded", "launched",   "cancelled"};

static void answer(world *w, const char *organisations, kg_kind kind, const char *lot)
{
    for (; *organisations; organisations++) {
        const char id[2] = {*organisations, '\0'};
        assert_status(KG_STATUS_OK, world_answer(w, id, kind, lot, ""));
    }
}

static void launch(world *w)
{
    kg_command command = launch_command("T1", LOT1, "A");
    world_must(w, COORDINATOR, &command);
}

static void enter(world *w, stage to)
{
    static const char until[STAGES] = {'o', 'o', 'c', 'p', 'g', 'g', 'g', 'g', 'g'};
    world_init(w);
    world_cast(w);
    if (to == DRAFT) {
        kg_command open = round_command("R1");
        open.round_rules.opens = day("2026-12-01");
        world_must(w, COORDINATOR, &open);
        world_day(w, "2026-12-01");
        return;
    }
    world_round(w, until[to]);
    if (to < RECONFIRMING)
        return;
    answer(w, "ABC", KG_KIND_LOT_CONFIRM, LOT1);
    answer(w, "DE", KG_KIND_LOT_CONFIRM, LOT2);
    answer(w, "F", to == RECONFIRMING ? KG_KIND_LOT_DECLINE : KG_KIND_LOT_CONFIRM, LOT2);
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CONCLUDE, "R1"));
    if (to == LAUNCHED)
        launch(w);
    if (to == CANCELLED)
        assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CANCEL, "R1"));
}

static kg_command extend_command(kg_round_dates dates)
{
    kg_command command = step_command(KG_KIND_ROUND_EXTEND, "R1");
    command.dates = dates;
    return command;
}

#define NO_DATE KG_DATE_NONE

static kg_command command_of(const char *name)
{
    kg_command command;
    if (strcmp(name, "open") == 0)
        return round_command("R1");
    if (strcmp(name, "extend closes") == 0)
        return extend_command((kg_round_dates){day("2027-01-20"), NO_DATE, NO_DATE, NO_DATE});
    if (strcmp(name, "extend confirm_by") == 0)
        return extend_command((kg_round_dates){NO_DATE, day("2027-02-10"), NO_DATE, NO_DATE});
    if (strcmp(name, "extend reconfirm_by") == 0)
        return extend_command((kg_round_dates){NO_DATE, NO_DATE, day("2027-02-20"), NO_DATE});
    if (strcmp(name, "extend award_by") == 0)
        return extend_command((kg_round_dates){NO_DATE, NO_DATE, NO_DATE, day("2027-03-10")});
    if (strcmp(name, "confirm lot") == 0)
        return lot_command(KG_KIND_LOT_CONFIRM, LOT1, "");
    if (strcmp(name, "decline lot") == 0)
        return lot_command(KG_KIND_LOT_DECLINE, LOT1, "");
    if (strcmp(name, "call off") == 0) {
        command = lot_command(KG_KIND_LOT_CALL_OFF, LOT1, "");
        command.quantity = 1;
        return command;
    }
    if (strcmp(name, "award lot") == 0)
        return award_command(LOT1);
    if (strcmp(name, "fail lot") == 0)
        return lot_command(KG_KIND_LOT_FAIL, LOT1, "");
    if (strcmp(name, "launch") == 0)
        return launch_command("T2", LOT1, "A");
    if (strcmp(name, "submit") == 0)
        return submit_command("line=a1|quantity=7");
    assert_string_equal("withdraw", name);
    kg_command_init(&command, KG_KIND_WITHDRAW);
    command.keys = words(&command, "a1");
    return command;
}

/* "." stands for OK. */
typedef struct row {
    const char *command;
    kg_kind step; /* a step of the round; KG_KIND_NONE: command_of() */
    const char *actor;
    const char *expected[STAGES];
} row;

#define STATE "ROUND_STATE"
#define LOT "LOT_STATE"
#define NO_LOT "UNKNOWN_LOT"
#define HELD "LINE_CLAIMED"
#define EXISTS "ROUND_EXISTS"

static const row rows[] = {
    {"open",
     KG_KIND_NONE,
     COORDINATOR,
     {EXISTS, EXISTS, EXISTS, EXISTS, EXISTS, EXISTS, EXISTS, EXISTS, EXISTS}},
    {"start",
     KG_KIND_ROUND_START,
     "",
     {".", STATE, STATE, STATE, STATE, STATE, STATE, STATE, STATE}},
    {"close",
     KG_KIND_ROUND_CLOSE,
     COORDINATOR,
     {STATE, ".", STATE, STATE, STATE, STATE, STATE, STATE, STATE}},
    {"close by the broker, too early",
     KG_KIND_ROUND_CLOSE,
     "",
     {STATE, STATE, STATE, STATE, STATE, STATE, STATE, STATE, STATE}},
    {"extend closes",
     KG_KIND_NONE,
     COORDINATOR,
     {".", ".", STATE, STATE, STATE, STATE, STATE, STATE, STATE}},
    {"extend confirm_by",
     KG_KIND_NONE,
     COORDINATOR,
     {".", ".", ".", ".", ".", STATE, STATE, STATE, STATE}},
    {"extend reconfirm_by",
     KG_KIND_NONE,
     COORDINATOR,
     {".", ".", ".", ".", ".", ".", STATE, STATE, STATE}},
    {"extend award_by", KG_KIND_NONE, COORDINATOR, {".", ".", ".", ".", ".", ".", ".", ".", STATE}},
    {"propose",
     KG_KIND_ROUND_PROPOSE,
     COORDINATOR,
     {STATE, STATE, ".", STATE, STATE, STATE, STATE, STATE, STATE}},
    {"confirm",
     KG_KIND_ROUND_CONFIRM,
     COORDINATOR,
     {STATE, STATE, STATE, ".", STATE, STATE, STATE, STATE, STATE}},
    {"conclude",
     KG_KIND_ROUND_CONCLUDE,
     COORDINATOR,
     {STATE, STATE, STATE, STATE, "NOT_ANSWERED", "NOT_ANSWERED", STATE, STATE, STATE}},
    {"cancel",
     KG_KIND_ROUND_CANCEL,
     COORDINATOR,
     {".", ".", ".", ".", ".", ".", ".", STATE, STATE}},
    {"expire, too early",
     KG_KIND_LOTS_EXPIRE,
     "",
     {STATE, STATE, STATE, STATE, STATE, STATE, STATE, STATE, STATE}},
    {"confirm lot",
     KG_KIND_NONE,
     "A",
     {NO_LOT, NO_LOT, NO_LOT, LOT, ".", "ALREADY_ANSWERED", LOT, LOT, LOT}},
    {"decline lot",
     KG_KIND_NONE,
     "A",
     {NO_LOT, NO_LOT, NO_LOT, LOT, ".", "ALREADY_ANSWERED", LOT, LOT, LOT}},
    {"launch", KG_KIND_NONE, COORDINATOR, {NO_LOT, NO_LOT, NO_LOT, LOT, LOT, LOT, ".", LOT, LOT}},
    {"award lot",
     KG_KIND_NONE,
     COORDINATOR,
     {NO_LOT, NO_LOT, NO_LOT, LOT, LOT, LOT, LOT, ".", LOT}},
    {"call off", KG_KIND_NONE, "A", {NO_LOT, NO_LOT, NO_LOT, LOT, LOT, LOT, LOT, LOT, LOT}},
    {"fail lot", KG_KIND_NONE, COORDINATOR, {NO_LOT, NO_LOT, NO_LOT, ".", ".", ".", ".", ".", LOT}},
    {"submit", KG_KIND_NONE, "A", {".", ".", HELD, HELD, HELD, HELD, HELD, HELD, "."}},
    {"withdraw", KG_KIND_NONE, "A", {".", ".", HELD, HELD, HELD, HELD, HELD, HELD, "."}},
};

static void every_command_in_every_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int at = 0; at < STAGES; at++) {
            world w;
            enter(&w, (stage)at);
            kg_command command =
                rows[i].step ? step_command(rows[i].step, "R1") : command_of(rows[i].command);
            const char *expected = rows[i].expected[at];
            const char *status = kg_status_name(world_do(&w, rows[i].actor, &command));
            if (strcmp(expected[0] == '.' ? "OK" : expected, status) != 0)
                fail_msg("%s in %s: %s, not %s (%s)", rows[i].command, stage_names[at], status,
                         expected, world_detail(&w));
            world_fini(&w);
        }
    }
}

static void who_may(void **state)
{
    (void)state;
    static const kg_kind steps[] = {KG_KIND_ROUND_CLOSE,    KG_KIND_ROUND_EXTEND,
                                    KG_KIND_ROUND_PROPOSE,  KG_KIND_ROUND_CONFIRM,
                                    KG_KIND_ROUND_CONCLUDE, KG_KIND_ROUND_CANCEL};
    world w;
    enter(&w, CONFIRMING);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        kg_command command = step_command(steps[i], "R1");
        assert_status(KG_STATUS_NOT_YOUR_ROUND, world_do(&w, "A", &command));
        command = step_command(steps[i], "R2");
        assert_status(KG_STATUS_UNKNOWN_ROUND, world_do(&w, COORDINATOR, &command));
        kg_command_init(&command, steps[i]);
        assert_status(KG_STATUS_MISSING, world_do(&w, COORDINATOR, &command));
    }
    kg_command fail = lot_command(KG_KIND_LOT_FAIL, LOT1, "");
    assert_status(KG_STATUS_NOT_YOUR_ROUND, world_do(&w, "A", &fail));
    /* What only the broker decides, and what it does not. */
    kg_command start = step_command(KG_KIND_ROUND_START, "R1");
    assert_status(KG_STATUS_ROLE, world_do(&w, COORDINATOR, &start));
    kg_command expire = step_command(KG_KIND_LOTS_EXPIRE, "R1");
    assert_status(KG_STATUS_ROLE, world_do(&w, COORDINATOR, &expire));
    kg_command propose = step_command(KG_KIND_ROUND_PROPOSE, "R1");
    assert_status(KG_STATUS_NOT_YOUR_ROUND, world_do(&w, "", &propose));
    world_fini(&w);
}

typedef void (*spoil)(kg_round *rules);

static void no_opens(kg_round *rules)
{
    rules->opens = KG_DATE_NONE;
}
static void no_closes(kg_round *rules)
{
    rules->closes = KG_DATE_NONE;
}
static void no_confirm(kg_round *rules)
{
    rules->confirm_by = KG_DATE_NONE;
}
static void no_reconfirm(kg_round *rules)
{
    rules->reconfirm_by = KG_DATE_NONE;
}
static void no_award(kg_round *rules)
{
    rules->award_by = KG_DATE_NONE;
}
static void late_closes(kg_round *rules)
{
    rules->closes = rules->confirm_by + 1;
}
static void early_award(kg_round *rules)
{
    rules->award_by = rules->reconfirm_by - 1;
}
static void past_closes(kg_round *rules)
{
    rules->closes = day("2026-11-23");
}
static void two_bodies(kg_round *rules)
{
    rules->bodies_min = 2;
}
static void no_delivery(kg_round *rules)
{
    rules->delivery_to = KG_DATE_NONE;
}
static void back_delivery(kg_round *rules)
{
    rules->delivery_to = rules->delivery_from - 1;
}
static void bad_id(kg_round *rules)
{
    strcpy(rules->id, "a/b");
}
static void bad_nuts(kg_round *rules)
{
    strcpy(rules->nuts[0].code, "QQ");
}
static void bad_level(kg_round *rules)
{
    rules->nuts_level = 4;
}
static void bad_window(kg_round *rules)
{
    rules->window_days_min = 0;
}

static void two_scopes(kg_round *rules)
{
    rules->cpv = kg_alloc(1, sizeof *rules->cpv);
    rules->cpv_count = 1;
    strcpy(rules->cpv[0].digits, "30");
}

static void rules_of_a_round(void **state)
{
    (void)state;
    static const struct {
        spoil spoil;
        kg_status status;
    } cases[] = {
        {no_opens, KG_STATUS_ROUND_DATES},
        {no_closes, KG_STATUS_ROUND_DATES},
        {no_confirm, KG_STATUS_ROUND_DATES},
        {no_reconfirm, KG_STATUS_ROUND_DATES},
        {no_award, KG_STATUS_ROUND_DATES},
        {late_closes, KG_STATUS_ROUND_DATES},
        {early_award, KG_STATUS_ROUND_DATES},
        {past_closes, KG_STATUS_ROUND_DATES},
        {two_bodies, KG_STATUS_BODIES_MIN},
        {no_delivery, KG_STATUS_MISSING},
        {back_delivery, KG_STATUS_DATE_ORDER},
        {bad_id, KG_STATUS_INVALID},
        {bad_nuts, KG_STATUS_NUTS},
        {bad_level, KG_STATUS_INVALID},
        {bad_window, KG_STATUS_INVALID},
        {two_scopes, KG_STATUS_SCOPE},
    };
    world w;
    world_init(&w);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kg_command command = round_command("R1");
        cases[i].spoil(&command.round_rules);
        kg_status status = world_do(&w, COORDINATOR, &command);
        if (status != cases[i].status)
            fail_msg("case %zu: %s %s", i, kg_status_name(status), world_detail(&w));
    }
    kg_command stranger = round_command("R1");
    assert_status(KG_STATUS_UNKNOWN_ORGANISATION, world_do(&w, "NOBODY", &stranger));
    assert_int_equal(0, kg_state_campaigns(w.state));
    world_fini(&w);
}

static void closing_claims_what_is_in_scope(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "B", "nl", false);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "B",
               "line=z\nline=b|category=monitor|value=100\nline=c|nuts=FR101\n"
               "line=d|delivery_from=2026-01-01|delivery_to=2026-12-31\nline=a\n"
               "line=e|order_by=2027-01-31");
    world_plan(&w, "A", "line=m\nline=k");
    world_round(&w, 'c');
    const kg_campaign *campaign = campaign_of(&w, "R1");
    static const char *const expected[] = {"A k", "A m", "B a", "B e", "B z"};
    assert_int_equal(5, campaign->claims_count);
    for (size_t i = 0; i < 5; i++) {
        const kg_plan_line *line = &campaign->claims[i].line;
        assert_true(line->organisation[0] == expected[i][0]);
        assert_string_equal(expected[i] + 2, line->line);
    }
    assert_string_equal("R1 is closed: 5 lines of 2 organisations claimed.", w.effects.result);
    assert_string_equal("3 lines", feed_last(&w, "B", KG_FEED_LINES_CLAIMED)->detail);
    /* In scope, but to be ordered before the award: claimed, then not placed. */
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    assert_int_equal(KG_REASON_PROCEDURE_DATE, claim_of(&w, "B", "e")->why.reason);
    assert_int_equal(KG_REASON_BELOW_MIN_BODIES, claim_of(&w, "A", "k")->why.reason);
    world_fini(&w);
}

static void a_line_is_in_one_running_round(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_register(&w, "G", "de", false);
    world_plan(&w, "G", "line=g1");
    world_round(&w, 'c');
    kg_command second = round_command("R2");
    world_must(&w, COORDINATOR, &second);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R2"));
    assert_int_equal(0, campaign_of(&w, "R2")->claims_count);
    /* The proposal frees what it leaves out; a third round may have it. */
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    kg_command third = round_command("R3");
    world_must(&w, COORDINATOR, &third);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R3"));
    assert_int_equal(1, campaign_of(&w, "R3")->claims_count);
    assert_string_equal("G", campaign_of(&w, "R3")->claims[0].line.organisation);
    assert_int_equal(kg_state_find_campaign(w.state, "R3"), line_of(&w, "G", "g1").round);
    /* A round that ends without the line does not take it from the one that has it. */
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CANCEL, "R1"));
    assert_int_equal(kg_state_find_campaign(w.state, "R3"), line_of(&w, "G", "g1").round);
    assert_int_equal(KG_NONE, line_of(&w, "A", "a1").round);
    world_fini(&w);
}

static void a_proposal_places_and_explains(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast(&w);
    world_register(&w, "G", "de", false);
    world_plan(&w, "G", "line=g1");
    world_round(&w, 'p');
    assert_true(w.job_ran);
    assert_string_equal("R1: 2 lots proposed, 6 lines placed, 1 not.", w.effects.result);
    const kg_lot *lot = lot_of(&w, LOT1);
    assert_int_equal(3, lot->shape.bodies);
    assert_int_equal(KG_LOT_PROPOSED, lot->state);
    assert_int_equal(30, lot->shape.quantity_max);
    assert_int_equal(2400000, lot->shape.value_cents);
    assert_int_equal(KG_REGIME_NATIONAL, lot->shape.regime);
    assert_string_equal("A", kg_state_member(w.state, lot->shape.lead)->record.id);
    assert_string_equal("D", kg_state_member(w.state, lot_of(&w, LOT2)->shape.lead)->record.id);
    assert_int_equal(KG_REASON_LANGUAGE, claim_of(&w, "G", "g1")->why.reason);
    assert_string_equal(LOT1, kg_state_lot(w.state, claim_of(&w, "G", "g1")->why.nearest_lot)->id);
    assert_int_equal(KG_NONE, line_of(&w, "G", "g1").round);
    assert_int_equal(64, strlen(campaign_of(&w, "R1")->ruleset));
    assert_int_equal(2, campaign_of(&w, "R1")->proposed->lots_count);
    assert_int_equal(lot->shape.lead, campaign_of(&w, "R1")->proposed->lots[0].lead);
    world_fini(&w);
}

static void dates_only_become_later(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_cast_but(&w, "A", "order_by=2027-03-05");
    world_round(&w, 'o');
    const kg_round_dates none = {NO_DATE, NO_DATE, NO_DATE, NO_DATE};
    kg_command command = extend_command(none);
    assert_status(KG_STATUS_MISSING, world_do(&w, COORDINATOR, &command));
    command = extend_command((kg_round_dates){day("2027-01-15"), NO_DATE, NO_DATE, NO_DATE});
    assert_status(KG_STATUS_ROUND_DATES, world_do(&w, COORDINATOR, &command));
    command = extend_command((kg_round_dates){day("2027-02-02"), NO_DATE, NO_DATE, NO_DATE});
    assert_status(KG_STATUS_ROUND_DATES, world_do(&w, COORDINATOR, &command));
    command =
        extend_command((kg_round_dates){day("2027-02-02"), day("2027-02-03"), NO_DATE, NO_DATE});
    assert_status(KG_STATUS_OK, world_do(&w, COORDINATOR, &command));
    assert_int_equal(day("2027-02-02"), campaign_of(&w, "R1")->rules.closes);
    assert_int_equal(1, feed_count(&w, "F", KG_FEED_ROUND_EXTENDED));
    world_day(&w, "2027-02-03");
    assert_status(
        KG_STATUS_TOO_LATE,
        (command = extend_command((kg_round_dates){day("2027-02-03"), NO_DATE, NO_DATE, NO_DATE}),
         world_do(&w, COORDINATOR, &command)));
    assert_int_equal(1, world_due(&w));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    /* confirm_by has passed before anybody was asked: it can still be put later. */
    world_day(&w, "2027-02-05");
    assert_status(KG_STATUS_TOO_LATE, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
    command = extend_command((kg_round_dates){NO_DATE, day("2027-02-04"), NO_DATE, NO_DATE});
    assert_status(KG_STATUS_ROUND_DATES, world_do(&w, COORDINATOR, &command));
    command = extend_command((kg_round_dates){NO_DATE, day("2027-02-10"), NO_DATE, NO_DATE});
    assert_status(KG_STATUS_OK, world_do(&w, COORDINATOR, &command));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CONFIRM, "R1"));
    /* A line in a lot must be ordered by 2027-03-05. */
    command = extend_command((kg_round_dates){NO_DATE, NO_DATE, NO_DATE, day("2027-03-06")});
    assert_status(KG_STATUS_ROUND_DATES, world_do(&w, COORDINATOR, &command));
    command = extend_command((kg_round_dates){NO_DATE, NO_DATE, NO_DATE, day("2027-03-05")});
    assert_status(KG_STATUS_OK, world_do(&w, COORDINATOR, &command));
    /* Once answers are late they are late. */
    world_day(&w, "2027-02-11");
    command = extend_command((kg_round_dates){NO_DATE, day("2027-02-12"), NO_DATE, NO_DATE});
    assert_status(KG_STATUS_TOO_LATE, world_do(&w, COORDINATOR, &command));
    world_fini(&w);
}

static void a_cancelled_round_frees_its_lines(void **state)
{
    (void)state;
    static const char until[] = {'o', 'c', 'p', 'g'};
    for (size_t i = 0; i < sizeof until; i++) {
        world w;
        world_init(&w);
        world_cast(&w);
        world_round(&w, until[i]);
        kg_command silent;
        kg_command_init(&silent, KG_KIND_ROUND_CANCEL);
        silent.round = "R1";
        assert_status(KG_STATUS_MISSING, world_do(&w, COORDINATOR, &silent));
        assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CANCEL, "R1"));
        assert_string_equal("for a test", campaign_of(&w, "R1")->reason);
        assert_int_equal(KG_NONE, line_of(&w, "A", "a1").round);
        assert_string_equal("for a test", feed_last(&w, "A", KG_FEED_ROUND_CANCELLED)->detail);
        if (until[i] == 'p' || until[i] == 'g') {
            assert_int_equal(KG_LOT_FAILED, lot_of(&w, LOT1)->state);
            assert_string_equal("for a test", lot_of(&w, LOT1)->reason);
            assert_int_equal(KG_REASON_LOT_FAILED, claim_of(&w, "A", "a1")->why.reason);
        }
        world_plan(&w, "A", "line=a1|quantity=99");
        world_fini(&w);
    }
}

static void a_lot_may_fail_by_hand(void **state)
{
    (void)state;
    world w;
    enter(&w, CONCLUDED);
    kg_command silent;
    kg_command_init(&silent, KG_KIND_LOT_FAIL);
    silent.lot = LOT2;
    assert_status(KG_STATUS_MISSING, world_do(&w, COORDINATOR, &silent));
    kg_command unknown = lot_command(KG_KIND_LOT_FAIL, "R1/laptop/BE/9", "");
    assert_status(KG_STATUS_UNKNOWN_LOT, world_do(&w, COORDINATOR, &unknown));
    kg_command fail = lot_command(KG_KIND_LOT_FAIL, LOT2, "");
    world_must(&w, COORDINATOR, &fail);
    assert_int_equal(KG_LOT_FAILED, lot_of(&w, LOT2)->state);
    assert_int_equal(KG_LOT_CONFIRMED, lot_of(&w, LOT1)->state);
    assert_int_equal(KG_NONE, line_of(&w, "E", "e1").round);
    assert_string_equal("for a test", feed_last(&w, "E", KG_FEED_LOT_FAILED)->detail);
    assert_string_equal("LOT_FAILED", feed_last(&w, "E", KG_FEED_LINE_UNPLACED)->detail);
    assert_int_equal(0, feed_count(&w, "A", KG_FEED_LOT_FAILED));
    world_fini(&w);
}

/* While a round is grouped, what it stands on may change: then the outcome is not taken. */
static void an_outcome_that_came_too_late(void **state)
{
    (void)state;
    world w;
    enter(&w, CLOSED);
    const kg_actor who = {COORDINATOR, KG_ROLE_COORDINATOR};
    kg_command propose = step_command(KG_KIND_ROUND_PROPOSE, "R1");
    kg_decision first, second;
    char none[65] = "";
    kg_decision_init(&first);
    kg_decision_init(&second);
    kg_state_check(w.state, &who, &propose, w.now, &first);
    assert_non_null(first.job);
    assert_int_equal(6, kg_job_lines(first.job));
    /* What it reads does not change: an organisation that is registered again, say. */
    world_register(&w, "A", "de", false);
    kg_outcome *outcome = kg_grouping_run(kg_job_input(first.job));
    assert_int_equal(2, outcome->lots_count);
    kg_command later =
        extend_command((kg_round_dates){NO_DATE, day("2027-02-10"), NO_DATE, NO_DATE});
    world_must(&w, COORDINATOR, &later);
    kg_state_decide(w.state, &who, &propose, w.now, first.job, &outcome, none, none, &second);
    assert_status(KG_STATUS_ROUND_BUSY, second.status);
    assert_null(second.event);
    assert_non_null(outcome);
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CANCEL, "R1"));
    kg_state_decide(w.state, &who, &propose, w.now, first.job, &outcome, none, none, &second);
    assert_status(KG_STATUS_ROUND_STATE, second.status);
    kg_outcome_destroy(&outcome);
    kg_decision_fini(&first);
    kg_decision_fini(&second);
    kg_command_fini(&propose);
    world_fini(&w);
}

static void rounds_by_command(void **state)
{
    (void)state;
    char out[KG_ID_BYTES_MAX + 1];
    kg_command command = step_command(KG_KIND_ROUND_CLOSE, "R1");
    assert_string_equal("R1", kg_command_round(&command, out));
    kg_command_fini(&command);
    command = award_command("R2/laptop/BE/1");
    assert_string_equal("R2", kg_command_round(&command, out));
    kg_command_fini(&command);
    command = launch_command("T1", "R3/cpv:7200/BE/1", "A");
    assert_string_equal("R3", kg_command_round(&command, out));
    kg_command_fini(&command);
    command = submit_command("line=a1");
    assert_null(kg_command_round(&command, out));
    kg_command_fini(&command);
    command = round_command("R1");
    assert_null(kg_command_round(&command, out));
    kg_command_fini(&command);
    command = lot_command(KG_KIND_LOT_FAIL, "", "");
    assert_null(kg_command_round(&command, out));
    kg_command_fini(&command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_in_every_state),
        cmocka_unit_test(who_may),
        cmocka_unit_test(rules_of_a_round),
        cmocka_unit_test(closing_claims_what_is_in_scope),
        cmocka_unit_test(a_line_is_in_one_running_round),
        cmocka_unit_test(a_proposal_places_and_explains),
        cmocka_unit_test(dates_only_become_later),
        cmocka_unit_test(a_cancelled_round_frees_its_lines),
        cmocka_unit_test(a_lot_may_fail_by_hand),
        cmocka_unit_test(an_outcome_that_came_too_late),
        cmocka_unit_test(rounds_by_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

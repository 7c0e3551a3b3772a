/* SPDX-License-Identifier: EUPL-1.2 */
/* The demos in config/demo tell the story that their READMEs promise. */
#include "tests/demo_files.h"

#include "broker/grouping/grouping.h"
#include "proto/catalogue_file.h"
#include "proto/plan.h"

#define TODAY 20781 /* 2026-11-24; any day before September 2027 does */

/* A demo's round and all its lines, grouped. */
typedef struct story {
    kg_catalogue *catalogue;
    kg_round round;
    kg_organisation *organisations;
    size_t organisations_count;
    demo_folder *folder;
    kg_plan plans[DEMO_FILES_MAX];
    kg_plan_line lines[DEMO_FILES_MAX * 32]; /* sorted; texts live in the plans */
    size_t count;
    kg_demand demands[DEMO_FILES_MAX * 32];
    const char *ids[DEMO_FILES_MAX]; /* by organisation index */
    kg_body bodies[DEMO_FILES_MAX];
    kg_grouping_input input;
    kg_outcome *outcome;
} story;

static const kg_organisation *organisation_of(const story *s, const char *id)
{
    for (size_t i = 0; i < s->organisations_count; i++) {
        if (strcmp(s->organisations[i].id, id) == 0)
            return &s->organisations[i];
    }
    fail_msg("no organisation %s", id);
    return NULL;
}

static void read_plan(story *s, size_t file, kg_problems *problems)
{
    const char *id = s->folder->ids[file];
    char *text = demo_filled(s->folder->paths[file], TODAY);
    kg_plan *plan = &s->plans[file];
    kg_plan_reading how = {.catalogue = s->catalogue,
                           .languages = organisation_of(s, id)->languages};
    kg_plan_init(plan);
    assert_true(kg_plan_read_bytes(text, strlen(text), &how, plan, problems));
    for (size_t i = 0; i < plan->count; i++) {
        plan->lines[i].organisation = id;
        assert_true(s->count < sizeof s->lines / sizeof *s->lines);
        s->lines[s->count++] = plan->lines[i];
    }
    free(text);
}

static void read_files(story *s, const char *demo, const char *plans)
{
    char part[256], path[DEMO_PATH_BYTES], round[DEMO_PATH_BYTES];
    kg_problems problems;
    kg_problems_init(&problems, demo);
    demo_path("catalogue.conf", path);
    s->catalogue = kg_catalogue_read(path, &problems);
    assert_non_null(s->catalogue);
    kg_text_format(part, sizeof part, "demo/%s/round.conf.in", demo);
    demo_path(part, path);
    demo_filled_file(path, TODAY, "test_demo_round.conf", round);
    assert_true(kg_round_read(round, s->catalogue, &s->round, &problems));
    kg_text_format(part, sizeof part, "demo/%s/organisations.conf", demo);
    demo_path(part, path);
    s->organisations = kg_organisations_read(path, &s->organisations_count, &problems);
    assert_non_null(s->organisations);
    kg_text_format(part, sizeof part, "demo/%s/%s", demo, plans);
    s->folder = demo_folder_read(part);
    for (size_t i = 0; i < s->folder->count; i++)
        read_plan(s, i, &problems);
    kg_problems_fini(&problems);
}

static int line_order(const void *a, const void *b)
{
    return kg_plan_line_compare(a, b);
}

static story *story_new(const char *demo, const char *plans)
{
    story *s = kg_alloc(1, sizeof *s);
    read_files(s, demo, plans);
    qsort(s->lines, s->count, sizeof *s->lines, line_order);
    uint32_t index = 0;
    for (size_t i = 0; i < s->count; i++) {
        const char *id = s->lines[i].organisation;
        index += i > 0 && strcmp(id, s->lines[i - 1].organisation) != 0;
        const kg_organisation *organisation = organisation_of(s, id);
        s->ids[index] = id;
        s->bodies[index] = (kg_body){.can_lead = organisation->can_lead,
                                     .languages = organisation->languages,
                                     .central = organisation->central};
        s->demands[i] = kg_demand_of(&s->lines[i], s->catalogue, index);
    }
    s->input = (kg_grouping_input){.catalogue = s->catalogue, .round = &s->round,
                                   .lines = s->demands, .lines_count = s->count,
                                   .bodies = s->bodies};
    s->outcome = kg_grouping_run(&s->input);
    return s;
}

static void story_free(story *s)
{
    kg_outcome_destroy(&s->outcome);
    for (size_t i = 0; i < s->folder->count; i++)
        kg_plan_fini(&s->plans[i]);
    for (size_t i = 0; i < s->organisations_count; i++)
        kg_organisation_fini(&s->organisations[i]);
    free(s->organisations);
    free(s->folder);
    kg_round_fini(&s->round);
    kg_catalogue_destroy(&s->catalogue);
    free(s);
}

/* The lot of this name, as in "laptop/BE2/1". */
static const kg_grouped_lot *lot(const story *s, const char *name)
{
    for (size_t i = 0; i < s->outcome->lots_count; i++) {
        const kg_grouped_lot *out = &s->outcome->lots[i];
        char category[KG_CATEGORY_NAME_BYTES], own[256];
        kg_category_name(s->catalogue, out->category, category);
        kg_text_format(own, sizeof own, "%s/%s/%u", category, out->nuts.code, out->number);
        if (strcmp(own, name) == 0)
            return out;
    }
    fail_msg("no lot %s", name);
    return NULL;
}

static uint32_t line_of(const story *s, const char *organisation, const char *key)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (strcmp(s->lines[i].organisation, organisation) == 0 &&
            strcmp(s->lines[i].line, key) == 0)
            return i;
    }
    fail_msg("no line %s %s", organisation, key);
    return 0;
}

static bool holds(const kg_outcome *outcome, const kg_grouped_lot *in, uint32_t line)
{
    for (uint32_t i = 0; i < in->members_count; i++) {
        if (outcome->members[in->members_first + i] == line)
            return true;
    }
    return false;
}

static const kg_unplaced *unplaced(const story *s, const char *organisation, const char *key)
{
    uint32_t line = line_of(s, organisation, key);
    for (size_t i = 0; i < s->outcome->unplaced_count; i++) {
        if (s->outcome->unplaced[i].line == line)
            return &s->outcome->unplaced[i];
    }
    fail_msg("%s %s is placed", organisation, key);
    return NULL;
}

static int open_example(void **state)
{
    *state = story_new("buyer-group", "plans");
    return 0;
}

static int close_story(void **state)
{
    story_free(*state);
    return 0;
}

/* ---- the example buyer group ---- */

static void test_lots(void **state)
{
    const story *s = *state;
    static const struct {
        const char *name, *lead;
        kg_track track;
        int condition, language;
        uint32_t bodies;
    } cases[] = {
        {"laptop/BE2/1", "EX-STAD-01", KG_TRACK_KOPGROEP, KG_CONDITION_NEW, KG_LANGUAGE_NL, 6},
        {"laptop/BE3/1", "EX-ECOLE-01", KG_TRACK_KOPGROEP, KG_CONDITION_REFURBISHED,
         KG_LANGUAGE_FR, 4},
        {"monitor/BE2/1", "EX-STAD-01", KG_TRACK_PELOTON, KG_CONDITION_NEW, KG_LANGUAGE_NL, 9},
        {"monitor/BE3/1", "EX-PROV-02", KG_TRACK_KOPGROEP, KG_CONDITION_NEW, KG_LANGUAGE_FR, 5},
        {"monitor/BE3/2", "EX-DG-03", KG_TRACK_PELOTON, KG_CONDITION_NEW, KG_LANGUAGE_DE, 3},
        {"smartphone/DEA/1", "EX-DE-01", KG_TRACK_KOPGROEP, KG_CONDITION_NEW, KG_LANGUAGE_DE, 3},
    };
    assert_int_equal(s->outcome->lots_count, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const kg_grouped_lot *out = lot(s, cases[i].name);
        assert_int_equal(out->track, cases[i].track);
        assert_int_equal(out->condition, cases[i].condition);
        assert_int_equal(out->language, cases[i].language);
        assert_int_equal(out->bodies, cases[i].bodies);
        assert_string_equal(s->ids[out->lead], cases[i].lead);
    }
    assert_int_equal(s->outcome->score.lines, 40);
    assert_int_equal(s->outcome->score.placed, 30);
}

/* Kopgroep and peloton in one lot. */
static void test_peloton_joins(void **state)
{
    const story *s = *state;
    const kg_grouped_lot *laptops = lot(s, "laptop/BE2/1");
    uint32_t leader = line_of(s, "EX-STAD-01", "2027-LAP-01");
    uint32_t joiner = line_of(s, "EX-GEM-02", "BEV-01");
    assert_true(holds(s->outcome, laptops, leader) && holds(s->outcome, laptops, joiner));
    assert_int_equal(s->demands[leader].track, KG_TRACK_KOPGROEP);
    assert_int_equal(s->demands[joiner].track, KG_TRACK_PELOTON);
}

static void test_one_criterion(void **state)
{
    const story *s = *state;
    const kg_unplaced *out = unplaced(s, "EX-GEM-01", "1");
    kg_category laptop = s->demands[out->line].category;
    assert_int_equal(out->reason, KG_REASON_CRITERION);
    assert_int_equal(out->blocking, 1u << KG_REASON_CRITERION);
    assert_ptr_equal(&s->outcome->lots[out->nearest_lot], lot(s, "laptop/BE2/1"));
    assert_int_equal(out->change.field, KG_CHANGE_ACCEPTS);
    const kg_criterion *criterion =
        kg_category_criterion(s->catalogue, laptop, out->change.place);
    assert_string_equal(criterion->id, "battery-cycles");
    assert_string_equal(criterion->levels[out->change.rank], "800");
}

static void test_other_reasons(void **state)
{
    const story *s = *state;
    static const struct {
        const char *organisation, *line;
        kg_reason reason;
        kg_change_field change;
    } cases[] = {
        {"EX-UNIV-01", "ICT/2027/030", KG_REASON_NOT_IN_SCOPE, KG_CHANGE_NONE},
        {"EX-GEM-03", "KAT-1", KG_REASON_PROCEDURE_DATE, KG_CHANGE_NONE},
        {"EX-FED-01", "FED-ALL-1", KG_REASON_AREA, KG_CHANGE_NONE},
        {"EX-GEM-03", "KAT-3", KG_REASON_ALONE, KG_CHANGE_NONE},
        {"EX-AGB-01", "HG-1", KG_REASON_CONDITION, KG_CHANGE_CONDITION},
        {"EX-FED-01", "FED-FR-1", KG_REASON_CONDITION, KG_CHANGE_NONE},
        {"EX-DE-04", "SB-1", KG_REASON_WINDOW, KG_CHANGE_DELIVERY_TO},
        {"EX-DE-03", "HR-MO", KG_REASON_BELOW_MIN_BODIES, KG_CHANGE_NONE},
        {"EX-DE-04", "SB-2", KG_REASON_BELOW_MIN_BODIES, KG_CHANGE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const kg_unplaced *out = unplaced(s, cases[i].organisation, cases[i].line);
        assert_int_equal(out->reason, cases[i].reason);
        assert_int_equal(out->change.field, cases[i].change);
    }
    kg_date window = unplaced(s, "EX-DE-04", "SB-1")->change.date;
    assert_int_equal(window, TODAY + 269);
}

/* What one organisation brings to two lots, at its maximum. */
static int64_t alone(const story *s, uint32_t organisation, const kg_grouped_lot *const lots[2])
{
    int64_t sum = 0;
    for (int l = 0; l < 2; l++) {
        for (uint32_t i = 0; i < lots[l]->members_count; i++) {
            const kg_demand *line =
                &s->demands[s->outcome->members[lots[l]->members_first + i]];
            sum += line->organisation == organisation ? line->value_max_cents : 0;
        }
    }
    return sum;
}

/* Each member below its own threshold, the tender of two lots above the lowest. */
static void test_threshold(void **state)
{
    const story *s = *state;
    const kg_grouped_lot *const lots[2] = {lot(s, "laptop/BE2/1"), lot(s, "monitor/BE2/1")};
    kg_date day = s->round.award_by;
    int64_t together = lots[0]->value_max_cents + lots[1]->value_max_cents;
    int64_t most = 0;
    for (uint32_t o = 0; s->ids[o]; o++) {
        int64_t value = alone(s, o, lots);
        most = value > most ? value : most;
        assert_true(value < kg_catalogue_threshold(s->catalogue, s->bodies[o].central, day));
    }
    assert_int_equal(most, 14780000);
    assert_true(together > kg_catalogue_threshold(s->catalogue, 0, day));
    assert_int_equal(together, 41227500);
    assert_int_equal(lots[1]->regime, KG_REGIME_NATIONAL);
}

/* EX-DG-03 declines: the lot in German is left with two bodies, and fails. EX-DG-02 works in
 * French too and can move to the other lot; EX-DG-01 cannot. */
static void test_decline_breaks_a_lot(void **state)
{
    const story *s = *state;
    const kg_grouped_lot *healthy = lot(s, "monitor/BE3/1");
    const kg_demand *first = &s->demands[s->outcome->members[healthy->members_first]];
    uint32_t stays = line_of(s, "EX-DG-01", "E-27-1"), moves = line_of(s, "EX-DG-02", "SH-1");
    kg_demand lines[16];
    uint32_t members[16], count = 0, own_stays = 0, own_moves = 0, standing = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        bool member = holds(s->outcome, healthy, i);
        if (!member && i != stays && i != moves)
            continue;
        if (member)
            members[standing++] = count;
        own_stays = i == stays ? count : own_stays;
        own_moves = i == moves ? count : own_moves;
        lines[count++] = s->demands[i];
    }
    kg_fixed_lot fixed = {.category = first->category, .nuts = healthy->nuts,
                          .condition = healthy->condition, .track = healthy->track,
                          .language = healthy->language, .x = healthy->x,
                          .members = members, .members_count = standing};
    kg_grouping_input input = s->input;
    input.lines = lines;
    input.lines_count = count;
    input.fixed = &fixed;
    input.fixed_count = 1;
    kg_outcome *rerun = kg_grouping_run(&input);
    assert_int_equal(rerun->lots_count, 1);
    assert_true(holds(rerun, &rerun->lots[0], own_moves));
    assert_int_equal(rerun->lots[0].members_count, standing + 1);
    assert_int_equal(rerun->unplaced_count, 1);
    assert_int_equal(rerun->unplaced[0].line, own_stays);
    assert_int_equal(rerun->unplaced[0].reason, KG_REASON_LANGUAGE);
    kg_outcome_destroy(&rerun);
}

/* EX-GEM-03's decline leaves its lot well above the minima. */
static void test_decline_that_breaks_nothing(void **state)
{
    const story *s = *state;
    const kg_grouped_lot *monitors = lot(s, "monitor/BE2/1");
    const kg_demand *leaves = &s->demands[line_of(s, "EX-GEM-03", "KAT-2")];
    assert_true(monitors->bodies - 1 >= s->round.bodies_min);
    assert_true(monitors->quantity - leaves->quantity >= s->round.quantity_min);
}

/* ---- the real plans ---- */

static void test_real_lots(void **state)
{
    (void)state;
    story *s = story_new("real", "corrected");
    assert_int_equal(s->outcome->score.lines, 49);
    assert_int_equal(s->outcome->score.placed, 12);
    assert_int_equal(s->outcome->lots_count, 3);
    assert_int_equal(lot(s, "cpv:7200/UK/1")->bodies, 3);
    assert_int_equal(lot(s, "cpv:7200/UK/2")->bodies, 4);
    assert_int_equal(lot(s, "network-service/UK/1")->bodies, 3);
    story_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lots, open_example, close_story),
        cmocka_unit_test_setup_teardown(test_peloton_joins, open_example, close_story),
        cmocka_unit_test_setup_teardown(test_one_criterion, open_example, close_story),
        cmocka_unit_test_setup_teardown(test_other_reasons, open_example, close_story),
        cmocka_unit_test_setup_teardown(test_threshold, open_example, close_story),
        cmocka_unit_test_setup_teardown(test_decline_breaks_a_lot, open_example, close_story),
        cmocka_unit_test_setup_teardown(test_decline_that_breaks_nothing, open_example,
                                        close_story),
        cmocka_unit_test(test_real_lots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

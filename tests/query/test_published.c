/* SPDX-License-Identifier: EUPL-1.2 */
/* What readers are told: a published version's cells, whatever they ask and whatever happens
 * meanwhile. That nothing can be learnt by combining is tests/model/test_reader_attack's. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../domain/helper_world.h"
#include "broker/query/disclosure_pool.h"
#include "broker/query/query.h"

static const kg_disclosure_rules rules = {5, 60, 80, 15};

typedef struct publisher {
    world w;
    kg_disclosure_history *history;
    kg_version *version;
    uint64_t random;
} publisher;

static void begin(publisher *p)
{
    *p = (publisher){.history = kg_disclosure_history_new(), .random = 5};
    world_init(&p->w);
}

static void end(publisher *p)
{
    kg_disclosure_history_destroy(&p->history);
    kg_version_destroy(&p->version);
    world_fini(&p->w);
}

static void publish(publisher *p)
{
    kg_version_destroy(&p->version);
    p->version = kg_disclosure_pool_next(p->history, p->w.state, &rules, p->w.now.today);
}

static uint64_t next(publisher *p)
{
    p->random = p->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return p->random >> 33;
}

/* The answer's text, owned; fini()s the query. */
static char *ask(const publisher *p, uint32_t roles, kg_query *query)
{
    const kg_query_context context = {.version = "test",
                                      .deployment = "00",
                                      .chain = "00",
                                      .published = p->version,
                                      .disclosure_organisations_min = 5};
    const kg_asker asker = {COORDINATOR, roles};
    char detail[600] = "";
    kg_buffer out;
    kg_buffer_init(&out);
    assert_status(KG_STATUS_OK,
                  kg_query_answer(p->w.state, &asker, query, &context, &out, detail));
    kg_query_fini(query);
    return out.bytes;
}

static json_t *ask_cells(const publisher *p, kg_query *query)
{
    json_error_t error;
    char *text = ask(p, KG_ROLE_READER, query);
    json_t *answer = json_loads(text, 0, &error);
    assert_non_null(answer);
    json_t *cells = json_incref(json_object_get(answer, "cells"));
    assert_true(json_is_array(cells));
    json_decref(answer);
    free(text);
    return cells;
}

static kg_query by(const char *dimensions)
{
    kg_query query;
    char names[100], *rest = NULL;
    kg_query_init(&query, KG_VIEW_VOLUME);
    kg_text_format(names, sizeof names, "%s", dimensions);
    for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
        query.by[query.by_count++] = (kg_dimension)kg_dimension_find(name);
    return query;
}

#define ALL "category,cpv,nuts,month,track"

/* Bodies from..to each submit the line. */
static void plan(publisher *p, int from, int to, const char *line)
{
    for (int body = from; body <= to; body++) {
        char id[16];
        kg_text_format(id, sizeof id, "B%02d", body);
        if (kg_state_find_member(p->w.state, id) == KG_NONE)
            world_register(&p->w, id, "nl", false);
        world_plan(&p->w, id, line);
    }
}

static void need_cells(const publisher *p, const char *dimensions, const char *expected)
{
    kg_query query = by(dimensions);
    char *text = ask(p, KG_ROLE_READER, &query);
    if (!strstr(text, expected))
        fail_msg("%s\nhas no\n%s", text, expected);
    free(text);
}

static void before_the_first_version_there_is_nothing(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 9, "line=a");
    need_cells(&p, "category", "{\"version\":0,\"date\":null,\"cells\":[]}");
    publish(&p);
    need_cells(&p, "category", "{\"version\":1,\"date\":\"2026-11-24\",\"cells\":[{\"category\":");
    end(&p);
}

static void small_cells_are_in_their_parents(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 6, "line=a|nuts=BE211|quantity=10");
    plan(&p, 7, 9, "line=a|nuts=BE212|quantity=10");
    plan(&p, 10, 11, "line=a|nuts=BE213|quantity=10");
    plan(&p, 12, 13, "line=a|nuts=BE100|quantity=10");
    publish(&p);
    /* Five of BE212 and BE213 together; the two of BE100 nowhere. */
    need_cells(&p, "nuts",
               "\"cells\":[{\"nuts\":\"BE21\",\"quantity\":50,\"value\":\"40000.00\","
               "\"organisations_at_least\":5,\"wider\":false},{\"nuts\":\"BE211\","
               "\"quantity\":60,\"value\":\"48000.00\",\"organisations_at_least\":6,"
               "\"wider\":false}]");
    need_cells(&p, "", "\"cells\":[{\"quantity\":110,\"value\":\"88000.00\","
                       "\"organisations_at_least\":6,\"wider\":false}]");
    end(&p);
}

static void who_contributes_much_is_not_shown(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 6, "line=a|quantity=10");
    plan(&p, 1, 1, "line=a|quantity=100");
    publish(&p);
    need_cells(&p, "", "\"cells\":[]");
    end(&p);
}

static void bodies_of_one_holding_are_one(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 5, "line=a");
    for (int i = 2; i <= 3; i++) {
        kg_command command;
        char id[16];
        kg_text_format(id, sizeof id, "B%02d", i);
        kg_command_init(&command, KG_KIND_REGISTER);
        kg_organisation_fini(&command.record);
        record_init(&command.record, id, "nl");
        kg_text_format(command.record.parent, sizeof command.record.parent, "B01");
        world_must(&p.w, COORDINATOR, &command);
    }
    publish(&p);
    need_cells(&p, "", "\"cells\":[]");
    plan(&p, 6, 7, "line=a");
    publish(&p);
    need_cells(&p, "", "\"organisations_at_least\":7");
    end(&p);
}

static void a_change_waits_for_others(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 12, "line=a|quantity=10");
    publish(&p);
    need_cells(&p, "", "\"quantity\":120,");
    plan(&p, 13, 16, "line=a|quantity=10"); /* four come */
    publish(&p);
    need_cells(&p, "", "\"version\":2,");
    need_cells(&p, "", "\"quantity\":120,");
    plan(&p, 17, 17, "line=a|quantity=10");
    publish(&p);
    need_cells(&p, "", "\"quantity\":170,");
    plan(&p, 1, 4, "line=a|quantity=1"); /* four change, value and quantity */
    publish(&p);
    need_cells(&p, "", "\"quantity\":170,");
    plan(&p, 5, 5, "line=a|quantity=1");
    publish(&p);
    need_cells(&p, "", "\"quantity\":125,");
    for (int i = 6; i <= 12; i++) { /* all that were there in the first version, and stayed */
        char id[16];
        kg_text_format(id, sizeof id, "B%02d", i);
        world_withdraw(&p.w, id, "a");
    }
    publish(&p);
    need_cells(&p, "", "\"quantity\":55,");
    end(&p);
}

static void a_line_that_moves_is_not_told_from_its_class(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 12, "line=a|nuts=BE211");
    plan(&p, 20, 30, "line=a|nuts=BE100");
    publish(&p);
    need_cells(&p, "nuts", "{\"nuts\":\"BE100\",\"quantity\":110,");
    need_cells(&p, "nuts", "{\"nuts\":\"BE211\",\"quantity\":120,");
    plan(&p, 1, 4, "line=a|nuts=BE100"); /* four: they stay where they were */
    publish(&p);
    need_cells(&p, "nuts", "{\"nuts\":\"BE211\",\"quantity\":120,");
    plan(&p, 5, 5, "line=a|nuts=BE100");
    publish(&p);
    need_cells(&p, "nuts", "{\"nuts\":\"BE100\",\"quantity\":160,");
    need_cells(&p, "nuts", "{\"nuts\":\"BE211\",\"quantity\":70,");
    end(&p);
}

/* Everything that a reader may ask, but for the journal's head. */
static char *all_answers(const publisher *p)
{
    static const kg_view views[] = {KG_VIEW_STATUS, KG_VIEW_VOLUME, KG_VIEW_ROUNDS, KG_VIEW_ROUND,
                                    KG_VIEW_CATALOGUE};
    static const char *const dimensions[] = {"", "category", ALL};
    kg_buffer out;
    kg_buffer_init(&out);
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        for (size_t k = 0; k < 3; k++) {
            kg_query query = by(dimensions[k]);
            query.view = views[i];
            query.round = views[i] == KG_VIEW_ROUND ? "R1" : NULL;
            char *text = ask(p, KG_ROLE_READER, &query);
            kg_buffer_add(&out, text, strlen(text));
            free(text);
        }
    return out.bytes;
}

static void between_versions_nothing_that_readers_see_moves(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    for (int body = 1; body <= 9; body++)
        plan(&p, body, body, "line=a|quantity=10");
    world_round(&p.w, 'o');
    publish(&p);
    char *before = all_answers(&p);
    plan(&p, 1, 8, "line=b|quantity=70");
    plan(&p, 1, 2, "line=a|quantity=11");
    world_withdraw(&p.w, "B03", "a");
    char *after = all_answers(&p);
    assert_string_equal(before, after);
    free(after);
    /* The round goes on, which its state tells; how many lines and lots it has is not told. */
    assert_status(KG_STATUS_OK, world_step(&p.w, KG_KIND_ROUND_CLOSE, "R1"));
    after = all_answers(&p);
    assert_non_null(strstr(after, "\"lines\":null,\"lots\":null"));
    assert_null(strstr(after, "\"lines\":1"));
    free(before);
    free(after);
    end(&p);
}

/* --- every query is made of the cells --- */

static void fill(publisher *p)
{
    static const char *const nuts[] = {"BE211", "BE212", "BE213", "BE223", "BE100", "BE310"};
    for (int body = 1; body <= 60; body++)
        for (int i = 0; i < 5; i++) {
            char line[300];
            int month = 1 + (int)(next(p) % 14);
            kg_text_format(line, sizeof line,
                           "line=l%d|category=%s|quantity=%d|nuts=%s|track=%s|"
                           "delivery_from=20%02d-%02d-01|delivery_to=2028-12-31",
                           i, next(p) % 4 ? "laptop" : "monitor", 5 + (int)(next(p) % 10),
                           nuts[next(p) % 6], next(p) % 3 ? "peloton" : "kopgroep",
                           27 + (month > 12), (month - 1) % 12 + 1);
            strncat(line, "|value=9000", sizeof line - strlen(line) - 1);
            plan(p, body, body, line);
        }
    publish(p);
}

static const char *text_of(const json_t *cell, const char *name)
{
    const json_t *value = json_object_get(cell, name);
    return json_is_string(value) ? json_string_value(value) : NULL;
}

/* As the help says it: of the answer's own words, without the module's numbers. */
typedef enum fit { OUTSIDE, PARTLY, INSIDE } fit;

static fit fit_text(const char *told, const char *asked)
{
    return !asked ? INSIDE : !told ? PARTLY : strcmp(told, asked) == 0 ? INSIDE : OUTSIDE;
}

/* No line here states less than a whole code: a shorter one stands for all that begin so. */
static fit fit_nuts(const char *told, const char *asked)
{
    if (!asked)
        return INSIDE;
    if (!told)
        return PARTLY;
    if (strncmp(told, asked, strlen(asked)) == 0)
        return INSIDE;
    return strncmp(told, asked, strlen(told)) == 0 ? PARTLY : OUTSIDE;
}

static fit fit_of(const json_t *cell, const kg_query *query)
{
    fit fits[] = {fit_text(text_of(cell, "category"), query->category),
                  fit_text(text_of(cell, "track"),
                           query->track < 0 ? NULL : kg_track_name(query->track)),
                  fit_nuts(text_of(cell, "nuts"), query->nuts)};
    fit worst = INSIDE;
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
        worst = fits[i] < worst ? fits[i] : worst;
    return worst;
}

static bool same_dimension(const json_t *row, const json_t *cell, const char *name)
{
    const char *a = text_of(row, name), *b = text_of(cell, name);
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void recount(const json_t *row, const json_t *cells, const kg_query *query)
{
    json_int_t quantity = 0, organisations = 0;
    bool wider = json_is_true(json_object_get(row, "wider"));
    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *cell = json_array_get(cells, i);
        bool in = fit_of(cell, query) == (wider ? PARTLY : INSIDE);
        for (size_t k = 0; k < query->by_count; k++)
            in &= same_dimension(row, cell, kg_dimension_name(query->by[k]));
        if (!in)
            continue;
        json_int_t most = json_integer_value(json_object_get(cell, "organisations_at_least"));
        quantity += json_integer_value(json_object_get(cell, "quantity"));
        organisations = most > organisations ? most : organisations;
    }
    assert_int_equal(quantity, json_integer_value(json_object_get(row, "quantity")));
    assert_int_equal(organisations,
                     json_integer_value(json_object_get(row, "organisations_at_least")));
}

static size_t count_fitting(const json_t *cells, const kg_query *query)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(cells); i++)
        count += fit_of(json_array_get(cells, i), query) != OUTSIDE;
    return count;
}

static void every_answer_is_made_of_the_cells(void **state)
{
    static const char *const dimensions[] = {"", "category", "nuts", "month,track",
                                             "category,nuts", ALL};
    static const char *const prefixes[] = {NULL, "BE", "BE2", "BE21", "BE211", "BE1", "FR"};
    static const char *const categories[] = {NULL, "laptop", "monitor", "service"};
    publisher p;
    (void)state;
    begin(&p);
    fill(&p);
    kg_query query = by(ALL);
    json_t *cells = ask_cells(&p, &query);
    assert_true(json_array_size(cells) > 10);
    for (size_t i = 0; i < 6 * 7 * 4 * 3; i++) {
        kg_query asked = by(dimensions[i % 6]);
        asked.nuts = prefixes[i / 6 % 7];
        asked.category = categories[i / 42 % 4];
        asked.track = (int)(i / 168) - 1;
        kg_query same = asked;
        json_t *rows = ask_cells(&p, &same);
        for (size_t k = 0; k < json_array_size(rows); k++)
            recount(json_array_get(rows, k), cells, &asked);
        assert_int_equal(json_array_size(rows) > 0, count_fitting(cells, &asked) > 0);
        json_decref(rows);
    }
    json_decref(cells);
    end(&p);
}

static void dates_and_codes_choose_cells(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 6, "line=a|quantity=10|delivery_from=2027-02-10|delivery_to=2027-12-31");
    plan(&p, 7, 9, "line=a|quantity=1|delivery_from=2027-05-10|delivery_to=2027-12-31");
    plan(&p, 10, 12, "line=a|quantity=1|delivery_from=2027-06-10|delivery_to=2027-12-31");
    publish(&p);
    static const struct {
        const char *from, *to, *cpv;
        json_int_t inside, wider;
    } cases[] = {
        {"2027-02-01", "2027-02-28", NULL, 60, 0}, {"2027-02-02", NULL, NULL, 6, 60},
        {"2027-03-01", NULL, NULL, 6, 0},          {NULL, "2027-05-31", NULL, 60, 6},
        {"2027-05-01", "2027-05-31", NULL, 0, 6},  {NULL, "2027-03-31", NULL, 60, 0},
        {NULL, NULL, "30", 66, 0},                 {NULL, NULL, "302131", 66, 0},
        {NULL, NULL, "30213100", 60, 6},           {NULL, NULL, "30213105", 0, 6},
        {NULL, NULL, "3023", 0, 0},                {"2028-01-01", NULL, NULL, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_int_t sums[2] = {0};
        kg_query query = by("");
        query.from = cases[i].from ? day(cases[i].from) : KG_DATE_NONE;
        query.to = cases[i].to ? day(cases[i].to) : KG_DATE_NONE;
        query.cpv = cases[i].cpv;
        json_t *rows = ask_cells(&p, &query);
        for (size_t k = 0; k < json_array_size(rows); k++) {
            const json_t *row = json_array_get(rows, k);
            sums[json_is_true(json_object_get(row, "wider"))] +=
                json_integer_value(json_object_get(row, "quantity"));
        }
        json_decref(rows);
        if (sums[0] != cases[i].inside || sums[1] != cases[i].wider)
            fail_msg("case %zu: %lld inside, %lld wider", i, (long long)sums[0],
                     (long long)sums[1]);
    }
    end(&p);
}

/* A line that states "BE2" is for BE2 as a whole, so no answer on BE21 has it. */
static void a_coarse_code_is_not_in_a_finer_one(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    plan(&p, 1, 6, "line=a|quantity=10|nuts=BE2");
    publish(&p);
    kg_query query = by("nuts");
    query.nuts = "BE21";
    json_t *rows = ask_cells(&p, &query);
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    need_cells(&p, "nuts", "{\"nuts\":\"BE2\",\"quantity\":60,");
    end(&p);
}

static void a_round_chooses_cells_by_its_scope(void **state)
{
    publisher p;
    (void)state;
    begin(&p);
    world_round(&p.w, 'o'); /* laptops in BE */
    plan(&p, 1, 6, "line=a|quantity=10|nuts=BE211");
    plan(&p, 1, 6, "line=b|quantity=3|nuts=FR101");
    plan(&p, 1, 6, "line=c|quantity=7|category=monitor|nuts=BE211|value=900");
    publish(&p);
    kg_query query = by("");
    query.round = "R1";
    char *text = ask(&p, KG_ROLE_READER, &query);
    assert_non_null(strstr(text, "\"cells\":[{\"quantity\":60,"));
    free(text);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_first_version_there_is_nothing),
        cmocka_unit_test(small_cells_are_in_their_parents),
        cmocka_unit_test(who_contributes_much_is_not_shown),
        cmocka_unit_test(bodies_of_one_holding_are_one),
        cmocka_unit_test(a_change_waits_for_others),
        cmocka_unit_test(a_line_that_moves_is_not_told_from_its_class),
        cmocka_unit_test(between_versions_nothing_that_readers_see_moves),
        cmocka_unit_test(every_answer_is_made_of_the_cells),
        cmocka_unit_test(dates_and_codes_choose_cells),
        cmocka_unit_test(a_coarse_code_is_not_in_a_finer_one),
        cmocka_unit_test(a_round_chooses_cells_by_its_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

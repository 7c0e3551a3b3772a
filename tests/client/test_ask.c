/* SPDX-License-Identifier: EUPL-1.2 */
/* Questions: they arrive as asked, and the answer is whole, however many pages it took. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"

static void ask_lots(fake_broker *broker, kopgroep_answer *answer)
{
    const kopgroep_question question = {.view = KOPGROEP_VIEW_LOTS, .round = "2027"};
    kopgroep_ask(broker->session, &question, answer);
}

static void expect_document(const fake_broker *broker, kopgroep_answer *answer)
{
    assert_int_equal(answer->outcome, KOPGROEP_DONE);
    assert_int_equal(answer->document_bytes, broker->document.count);
    assert_memory_equal(answer->document, broker->document.bytes, broker->document.count);
    assert_int_equal(answer->document[answer->document_bytes], '\0');
    assert_int_equal(answer->head, FAKE_SEQUENCE);
    kopgroep_answer_fini(answer);
}

static void small_answer_is_one_page(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    ask_lots(broker, &answer);
    expect_document(broker, &answer);
    assert_int_equal(fake_came(broker, 0), 1);
}

static void full_page_needs_no_second(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_fill_document(broker, KG_PAGE_BYTES_MAX);
    ask_lots(broker, &answer);
    expect_document(broker, &answer);
    assert_int_equal(fake_came(broker, 0), 1);
}

static void large_answer_is_whole(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_fill_document(broker, 3000000);
    ask_lots(broker, &answer);
    expect_document(broker, &answer);
    assert_int_equal(fake_came(broker, KG_KIND_QUERY), 1);
    assert_int_equal(fake_came(broker, KG_KIND_PAGE),
                     (broker->document.count - 1) / KG_PAGE_BYTES_MAX);
}

static void question_arrives_as_asked(void **state)
{
    static const kopgroep_question question = {
        .view = KOPGROEP_VIEW_VOLUME, .round = "r", .lot = "l", .tender = "t", .line = "k",
        .category = "laptop", .cpv = "3021", .nuts = "BE2", .from = "2027-01-01",
        .to = "2027-12-31", .track = "kopgroep", .by = "month,category", .since = 9, .limit = 3,
    };
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_query query;
    char detail[600], day[KG_DATE_BYTES];
    kopgroep_ask(broker->session, &question, &answer);
    kopgroep_answer_fini(&answer);
    fake_message message = fake_nth(broker, KG_KIND_QUERY, 0);
    kg_envelope envelope = fake_envelope(&message);
    assert_int_equal(
        kg_codec_query_decode(envelope.body, envelope.body_bytes, &query, detail), KG_STATUS_OK);
    assert_int_equal(query.view, KG_VIEW_VOLUME);
    assert_string_equal(query.round, "r");
    assert_string_equal(query.lot, "l");
    assert_string_equal(query.tender, "t");
    assert_string_equal(query.line, "k");
    assert_string_equal(query.category, "laptop");
    assert_string_equal(query.cpv, "3021");
    assert_string_equal(query.nuts, "BE2");
    kg_date_write(query.from, day);
    assert_string_equal(day, "2027-01-01");
    kg_date_write(query.to, day);
    assert_string_equal(day, "2027-12-31");
    assert_int_equal(query.track, KG_TRACK_KOPGROEP);
    assert_int_equal(query.by_count, 2);
    assert_int_equal(query.by[0], KG_BY_MONTH);
    assert_int_equal(query.by[1], KG_BY_CATEGORY);
    assert_int_equal(query.since, 9);
    assert_int_equal(query.limit, 3);
    kg_query_fini(&query);
}

static void wrong_questions_are_usage_errors(void **state)
{
    static const struct {
        const char *name;
        kopgroep_question question;
        const char *words;
    } cases[] = {
        {"day", {.view = KOPGROEP_VIEW_VOLUME, .from = "2027-02-30"}, "2027-02-30"},
        {"other day", {.view = KOPGROEP_VIEW_VOLUME, .to = "soon"}, "soon"},
        {"track", {.view = KOPGROEP_VIEW_VOLUME, .track = "fast"}, "fast"},
        {"dimension", {.view = KOPGROEP_VIEW_VOLUME, .by = "month,colour"}, "colour"},
        {"twice", {.view = KOPGROEP_VIEW_VOLUME, .by = "month,month"}, "month"},
    };
    fake_broker *broker = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kopgroep_answer answer;
        kopgroep_ask(broker->session, &cases[i].question, &answer);
        if (answer.outcome != KOPGROEP_USAGE || !strstr(answer.detail, cases[i].words))
            fail_msg("%s: outcome %d, \"%s\"", cases[i].name, answer.outcome, answer.detail);
        kopgroep_answer_fini(&answer);
    }
    assert_int_equal(fake_came(broker, 0), 0);
}

/* ---- answers that are gone ---- */

/* Forgets the answer between its pages, as often as `state` says. */
static bool forget(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind == KG_KIND_PAGE && atomic_load(&broker->state) > 0) {
        atomic_fetch_sub(&broker->state, 1);
        reply->status = KG_STATUS_DOCUMENT_GONE;
        return true;
    }
    return fake_serve(broker, request, reply);
}

static void forgotten_answer_is_asked_for_again(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, forget);
    atomic_store(&broker->state, 1);
    fake_fill_document(broker, 200000);
    ask_lots(broker, &answer);
    expect_document(broker, &answer);
    assert_int_equal(fake_came(broker, KG_KIND_QUERY), 2);
}

static void answer_forgotten_for_ever_is_refused(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, forget);
    atomic_store(&broker->state, 1000000);
    fake_fill_document(broker, 200000);
    ask_lots(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_REFUSED);
    assert_null(answer.document);
    assert_string_equal(answer.detail, kg_status_text(KG_STATUS_DOCUMENT_GONE));
    assert_in_range(fake_came(broker, KG_KIND_QUERY), 2, 10);
    kopgroep_answer_fini(&answer);
}

static bool refuse_pages(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind != KG_KIND_PAGE)
        return fake_serve(broker, request, reply);
    reply->status = KG_STATUS_ROLE;
    return true;
}

static void refused_page_is_a_refusal(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, refuse_pages);
    fake_fill_document(broker, 200000);
    ask_lots(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_REFUSED);
    assert_int_equal(answer.code, KG_STATUS_ROLE);
    assert_string_equal(answer.detail, kg_status_text(KG_STATUS_ROLE));
    assert_null(answer.document);
    kopgroep_answer_fini(&answer);
}

static bool refuse_questions(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    reply->status = KG_STATUS_UNKNOWN_ROUND;
    return true;
}

static void refused_question_is_a_refusal(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, refuse_questions);
    ask_lots(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_REFUSED);
    assert_string_equal(answer.code_name, "UNKNOWN_ROUND");
    assert_null(answer.document);
    assert_int_equal(fake_came(broker, 0), 1);
    kopgroep_answer_fini(&answer);
}

/* ---- pages that do not fit ---- */

enum { NO_PAGE, WRONG_OFFSET, EMPTY_PAGE };

static bool page_wrongly(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    int how = atomic_load(&broker->state);
    if (how == NO_PAGE)
        return true;
    fake_serve(broker, request, reply);
    if (request->envelope.kind != KG_KIND_PAGE)
        return true;
    if (how == WRONG_OFFSET)
        reply->offset = 1;
    if (how == EMPTY_PAGE)
        reply->page_bytes = 0;
    return true;
}

/* No half answer is taken for a whole one, and nobody waits for ever. */
static void wrong_pages_are_not_taken(void **state)
{
    fake_broker *broker = *state;
    fake_handle(broker, page_wrongly);
    for (int how = NO_PAGE; how <= EMPTY_PAGE; how++) {
        kopgroep_answer answer;
        atomic_store(&broker->state, how);
        fake_fill_document(broker, 200000);
        ask_lots(broker, &answer);
        if (answer.outcome != KOPGROEP_REFUSED || answer.document || !answer.detail[0])
            fail_msg("case %d: outcome %d, \"%s\"", how, answer.outcome, answer.detail);
        kopgroep_answer_fini(&answer);
    }
}

static bool say_nothing(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    (void)broker;
    (void)request;
    (void)reply;
    return false;
}

static void unanswered_question_is_not_reached(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    fake_handle(broker, say_nothing);
    fake_open(broker, 300);
    ask_lots(broker, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_NOT_REACHED);
    assert_non_null(strstr(answer.detail, broker->access.requests));
    assert_null(answer.document);
    kopgroep_answer_fini(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
#define TEST_OPEN(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OPEN(small_answer_is_one_page),
        TEST_OPEN(full_page_needs_no_second),
        TEST_OPEN(large_answer_is_whole),
        TEST_OPEN(question_arrives_as_asked),
        TEST_OPEN(wrong_questions_are_usage_errors),
        TEST_OPEN(forgotten_answer_is_asked_for_again),
        TEST_OPEN(answer_forgotten_for_ever_is_refused),
        TEST_OPEN(refused_page_is_a_refusal),
        TEST_OPEN(refused_question_is_a_refusal),
        TEST_OPEN(wrong_pages_are_not_taken),
        TEST(unanswered_question_is_not_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

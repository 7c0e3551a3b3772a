/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_live KOPGROEPD FOLDER LINES [REPEATS]: a broker that holds LINES lines of the comparison
 * workload of 50,000 organisations. Its journal is written beforehand; then it starts, and a
 * coordinator asks through libkopgroep. Prints "NAME=VALUE" pairs, a row each:
 *   start_journal_s and start_s (from the call until it serves, from the whole journal and from a
 *   checkpoint), memory_bytes/line (once the questions were asked),
 *   journal_bytes/line; first_ms (the first question, which makes the index); q1_ms to q4_ms, the
 *   medians of REPEATS (25) questions each, one after the other, with what they answered, to be
 *   held against the peers: "Q1 LINES|QUANTITY_MIN|QUANTITY|VALUE_CENTS|ORGANISATIONS"; and
 *   what_if_ms, what a member is told that one of its lines would join. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/kopgroep.h"
#include "compare_workload.h"
#include "live_journal.h"
#include "proto/memory.h"
#include "submit_broker.h"

#define COORDINATOR "HUB"
#define REPEATS_MAX 1000

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench_live: %s\n", what);
    exit(4);
}

/* Returns seconds; the answer is the caller's. */
static double ask(kopgroep_session *session, const kopgroep_question *question,
                  kopgroep_answer *answer)
{
    *answer = (kopgroep_answer){0};
    double begun = now_s();
    kopgroep_ask(session, question, answer);
    if (answer->outcome != KOPGROEP_DONE)
        give_up(answer->detail);
    return now_s() - begun;
}

/* Windows that begin in the months: "to" cuts them at the end; the beginning is asked for by the
 * end of windows, so that Q1, of one month, asks for that month and drops what began before. */
static kopgroep_question question_of(const compare_question *asked, char from[static 32],
                                     char to[static 32])
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    kopgroep_question question = {.view = KOPGROEP_VIEW_VOLUME,
                                  .round = LIVE_ROUND,
                                  .cpv = asked->cpv[0] ? asked->cpv : NULL,
                                  .nuts = asked->nuts[0] ? asked->nuts : NULL,
                                  .by = "month,track"};
    uint32_t first = asked->month_first, last = asked->month_last;
    if (asked->track >= 0)
        question.track = kg_track_name((kg_track)asked->track);
    snprintf(from, 32, "%04u-%02u-01", 2027 + first / 12, first % 12 + 1);
    snprintf(to, 32, "%04u-%02u-%02d", 2027 + last / 12, last % 12 + 1, days[last % 12]);
    if (first > 0)
        question.from = from;
    if (last + 1 < COMPARE_MONTHS)
        question.to = to;
    return question;
}

static int64_t integer(const json_t *cell, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(cell, key));
}

/* "12.50" */
static double cents(const json_t *cell)
{
    return strtod(json_string_value(json_object_get(cell, "value")), NULL) * 100;
}

static bool is_of_months(const json_t *cell, const char *from)
{
    return !from || strncmp(json_string_value(json_object_get(cell, "month")), from, 7) >= 0;
}

static void print_totals(const compare_question *asked, const kopgroep_question *question,
                         const char *document)
{
    json_t *cells = json_loads(document, 0, NULL), *cell;
    int64_t lines = 0, quantity_min = 0, quantity = 0, organisations = 0;
    long double value = 0;
    size_t i;
    json_array_foreach(cells, i, cell)
    {
        if (!is_of_months(cell, question->from))
            continue;
        lines += integer(cell, "lines");
        quantity_min += integer(cell, "quantity_min");
        quantity += integer(cell, "quantity");
        value += cents(cell);
        organisations += integer(cell, "organisations");
    }
    printf("%s %lld|%lld|%lld|%.0Lf|%lld\n", asked->name, (long long)lines,
           (long long)quantity_min, (long long)quantity, value, (long long)organisations);
    json_decref(cells);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void ask_all(kopgroep_session *session, size_t repeats)
{
    double times[REPEATS_MAX];
    kopgroep_answer answer;
    char from[32], to[32];
    kopgroep_question question = question_of(&compare_questions[3], from, to);
    printf("first_ms=%.1f\n", ask(session, &question, &answer) * 1e3);
    kopgroep_answer_fini(&answer);
    for (size_t q = 0; q < COMPARE_QUESTIONS; q++) {
        const compare_question *asked = &compare_questions[q];
        question = question_of(asked, from, to);
        for (size_t i = 0; i < repeats; i++) {
            times[i] = ask(session, &question, &answer) * 1e3;
            if (i + 1 == repeats)
                print_totals(asked, &question, answer.document);
            kopgroep_answer_fini(&answer);
        }
        qsort(times, repeats, sizeof *times, by_value);
        printf("q%zu_ms=%.4f\n", q + 1, times[repeats / 2]);
    }
}

static void ask_what_if(kopgroep_session *session, const char *line, size_t repeats)
{
    double times[REPEATS_MAX];
    const kopgroep_question question = {.view = KOPGROEP_VIEW_WHAT_IF, .line = line};
    for (size_t i = 0; i < repeats; i++) {
        kopgroep_answer answer;
        times[i] = ask(session, &question, &answer) * 1e3;
        kopgroep_answer_fini(&answer);
    }
    qsort(times, repeats, sizeof *times, by_value);
    printf("what_if_ms=%.4f\n", times[repeats / 2]);
}

static kopgroep_session *open_as(const submit_broker *broker, const char *key)
{
    kopgroep_answer answer = {0};
    char access[4200];
    snprintf(access, sizeof access, "%s/broker/broker.access", broker->folder);
    const kopgroep_options options = {.broker = access, .identity = key, .timeout_ms = 60000};
    kopgroep_session *session = kopgroep_open(&options, &answer);
    if (!session)
        give_up(answer.detail);
    kopgroep_answer_fini(&answer);
    return session;
}

/* Who asks, by key file. */
typedef struct asker {
    char key[4200];
    kg_identity *identity; /* owned */
} asker;

static void asker_init(asker *a, const submit_broker *broker, const char *id)
{
    snprintf(a->key, sizeof a->key, "%s/%s.key", broker->folder, id);
    a->identity = kg_identity_generate(id);
    if (!kg_identity_write(a->identity, a->key, NULL))
        give_up(kg_identity_error());
}

static void measure(submit_broker *broker, const char *kopgroepd, const asker *hub,
                    const asker *member, const char *line, size_t lines, size_t repeats)
{
    double begun = now_s();
    submit_broker_serve(broker, kopgroepd);
    printf("start_journal_s=%.3f\n", now_s() - begun);
    printf("journal_bytes/line=%.1f\n", submit_broker_journal(broker) / (double)lines);
    submit_broker_stop(broker, true);
    submit_broker_checkpoint(broker, kopgroepd);
    begun = now_s();
    submit_broker_serve(broker, kopgroepd);
    printf("start_s=%.3f\n", now_s() - begun);
    printf("start_bytes/line=%.1f\n", submit_broker_memory(broker) * 1048576 / (double)lines);
    kopgroep_session *session = open_as(broker, hub->key);
    ask_all(session, repeats);
    kopgroep_close(&session);
    session = open_as(broker, member->key);
    ask_what_if(session, line, repeats);
    kopgroep_close(&session);
    printf("memory_bytes/line=%.1f\n", submit_broker_memory(broker) * 1048576 / (double)lines);
}

int main(int argc, char **argv)
{
    submit_broker broker;
    asker hub, member;
    char folder[4200], line[LIVE_LINE_BYTES];
    size_t lines = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    size_t repeats = argc > 4 ? strtoull(argv[4], NULL, 10) : 25;
    if (lines == 0 || repeats == 0 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: bench_live KOPGROEPD FOLDER LINES [REPEATS]\n");
        return 2;
    }
    submit_broker_found(&broker, argv[1], argv[2]);
    snprintf(folder, sizeof folder, "%s/broker", broker.folder);
    asker_init(&hub, &broker, COORDINATOR);
    asker_init(&member, &broker, LIVE_MEMBER);
    live_journal_fill(folder, lines, hub.identity, member.identity, line);
    measure(&broker, argv[1], &hub, &member, line, lines, repeats);
    kg_identity_destroy(&hub.identity);
    kg_identity_destroy(&member.identity);
    submit_broker_stop(&broker, false);
    return 0;
}

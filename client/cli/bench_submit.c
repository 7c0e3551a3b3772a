/* SPDX-License-Identifier: EUPL-1.2 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cli/bench.h"
#include "client/cli/cli.h"

#define DELIVERY_IN_DAYS 200
#define DELIVERY_DAYS 120

/* One organisation with a plan file of its own, which it writes anew each time. */
typedef struct submitter {
    const bench_broker *broker;
    char identity[BENCH_PATH_BYTES + 64], plan[BENCH_PATH_BYTES + 64];
    char from[11], to[11]; /* when delivery may begin and end, for all lines */
    kopgroep_session *session; /* owned */
    kopgroep_answer answer;    /* the last, when it went wrong */
    size_t lines, sent;
    double until_s;
    bench_times times;
} submitter;

static bool went_well(const kopgroep_answer *answer)
{
    if (answer->outcome != KOPGROEP_DONE)
        cli_complain(answer);
    return answer->outcome == KOPGROEP_DONE;
}

static void write_day(int in_days, char out[static 11])
{
    struct tm day;
    time_t then = time(NULL) + (time_t)in_days * 86400;
    gmtime_r(&then, &day);
    strftime(out, 11, "%Y-%m-%d", &day);
}

/* ---- before: an organisation a client ---- */

static bool write_records(const char *path, size_t clients)
{
    FILE *file = fopen(path, "we");
    for (size_t i = 0; file && i < clients; i++)
        fprintf(file,
                "organisation \"BENCH-%zu\" {\n  name = \"Bench %zu\"\n  legal_type = \"la\"\n"
                "  central = false\n  nuts = \"BE211\"\n  languages = {\"nl\"}\n"
                "  can_lead = false\n}\n", i, i);
    if (file && fclose(file) == 0)
        return true;
    perror(path);
    return false;
}

static bool enrol(kopgroep_session *administrator, submitter *s, size_t number, const char *records)
{
    char id[32], key[BENCH_PATH_BYTES + 80];
    kopgroep_answer answer = {0};
    snprintf(id, sizeof id, "BENCH-%zu", number);
    snprintf(s->identity, sizeof s->identity, "%s/%zu.key", s->broker->folder, number);
    snprintf(s->plan, sizeof s->plan, "%s/%zu.csv", s->broker->folder, number);
    snprintf(key, sizeof key, "%s.pub", s->identity);
    remove(s->identity); /* of the measurement before */
    remove(key);
    kopgroep_keygen(s->identity, id, NULL, &answer);
    bool good = went_well(&answer);
    kopgroep_answer_fini(&answer);
    if (!good)
        return false;
    answer = (kopgroep_answer){0};
    kopgroep_register(administrator, records, id, key, "organisation", &answer);
    good = went_well(&answer);
    kopgroep_answer_fini(&answer);
    const kopgroep_options options = {.broker = s->broker->access, .identity = s->identity};
    s->session = good ? kopgroep_open(&options, &s->answer) : NULL;
    return s->session || (good && went_well(&s->answer));
}

static bool enrol_all(submitter *submitters, size_t clients)
{
    char records[BENCH_PATH_BYTES + 64];
    kopgroep_answer answer = {0};
    const bench_broker *broker = submitters->broker;
    const kopgroep_options options = {.broker = broker->access, .identity = broker->administrator};
    snprintf(records, sizeof records, "%s/organisations.conf", broker->folder);
    kopgroep_session *session = kopgroep_open(&options, &answer);
    bool good = session ? write_records(records, clients) : went_well(&answer);
    for (size_t i = 0; good && i < clients; i++)
        good = enrol(session, &submitters[i], i, records);
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
    return good;
}

/* ---- while the clock runs ---- */

static bool write_plan(submitter *s)
{
    FILE *file = fopen(s->plan, "we");
    if (!file)
        return false;
    fputs("line,cpv,quantity,unit_price_max,delivery_from,delivery_to,nuts,track,commitment\n",
          file);
    for (size_t i = 0; i < s->lines; i++, s->sent++)
        fprintf(file, "bench-%zu,30213100,%zu,800.00,%s,%s,BE211,peloton,intended\n", s->sent,
                10 + s->sent % 90, s->from, s->to);
    return fclose(file) == 0;
}

static void *run(void *context)
{
    submitter *s = context;
    while (s->answer.outcome == KOPGROEP_DONE && bench_now_s() < s->until_s &&
           !bench_interrupted()) {
        if (!write_plan(s)) {
            perror(s->plan);
            break;
        }
        double begun = bench_now_s();
        kopgroep_answer_fini(&s->answer);
        s->answer = (kopgroep_answer){0};
        kopgroep_submit(s->session, s->plan, &(kopgroep_submit_options){0}, &s->answer);
        bench_times_add(&s->times, (bench_now_s() - begun) * 1e3);
    }
    return NULL;
}

/* All at once; the seconds that it took, or less than 0. */
static double run_all(submitter *submitters, size_t clients, double seconds)
{
    pthread_t threads[BENCH_CLIENTS_MAX];
    size_t started = 0;
    double begun = bench_now_s();
    for (; started < clients; started++) {
        submitters[started].until_s = begun + seconds;
        if (pthread_create(&threads[started], NULL, run, &submitters[started]) != 0)
            break;
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    double took = bench_now_s() - begun;
    bool good = started == clients;
    for (size_t i = 0; good && i < clients; i++)
        good = went_well(&submitters[i].answer);
    return good ? took : -1;
}

json_t *bench_submit(const bench_broker *broker, size_t clients, size_t lines, double seconds)
{
    submitter *submitters = calloc(clients, sizeof *submitters);
    bench_times all = {0};
    json_t *row = NULL;
    char work[64];
    for (size_t i = 0; i < clients; i++) {
        submitters[i].broker = broker;
        submitters[i].lines = lines;
        write_day(DELIVERY_IN_DAYS, submitters[i].from);
        write_day(DELIVERY_IN_DAYS + DELIVERY_DAYS, submitters[i].to);
    }
    double took = enrol_all(submitters, clients) ? run_all(submitters, clients, seconds) : -1;
    for (size_t i = 0; i < clients; i++) {
        bench_times_join(&all, &submitters[i].times);
        kopgroep_answer_fini(&submitters[i].answer);
        kopgroep_close(&submitters[i].session);
    }
    snprintf(work, sizeof work, "submit a plan of %zu line%s", lines, lines == 1 ? "" : "s");
    if (took > 0)
        row = bench_times_row(&all, work, clients, lines, "lines", took);
    bench_times_fini(&all);
    free(submitters);
    return row;
}

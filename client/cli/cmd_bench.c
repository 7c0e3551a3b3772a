/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/bench.h"
#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

#define SECONDS_MAX 60
#define BLOCK_BYTES 4096

static const cli_column head_columns[] = {
    {N_("broker version"), "version", false},
    {N_("runs on"), "machine", false},
    {N_("durability"), "durability", false},
    {N_("lines"), "lines", false},
    {0},
};

static const cli_column columns[] = {
    {N_("work"), "work", false},
    {N_("clients"), "clients", true},
    {N_("a second"), "per_second", true},
    {"", "unit", false},
    {N_("p50 ms"), "p50_ms", true},
    {N_("p99 ms"), "p99_ms", true},
    {0},
};

/* ---- questions to the broker that serves; nothing in it changes ---- */

/* Adds a row; gives the exit status. */
static int ask_often(kopgroep_session *session, const kopgroep_question *question,
                     const char *work, double seconds, json_t *rows)
{
    bench_times times = {0};
    double begun = bench_now_s(), before = begun;
    while (before - begun < seconds && !bench_interrupted()) {
        kopgroep_answer answer = {0};
        kopgroep_ask(session, question, &answer);
        int status = (int)answer.outcome;
        if (status != KOPGROEP_DONE) {
            cli_tell("%s: not measured.\n", work);
            cli_complain(&answer);
        }
        kopgroep_answer_fini(&answer);
        if (status != KOPGROEP_DONE) {
            bench_times_fini(&times);
            return status;
        }
        double after = bench_now_s();
        bench_times_add(&times, (after - before) * 1e3);
        before = after;
    }
    json_array_append_new(rows, bench_times_row(&times, work, 1, 1, "answers", before - begun));
    bench_times_fini(&times);
    return 0;
}

/* ---- the disk: what a sync costs there, the least that one durable command can take ---- */

static json_t *sync_often(const bench_broker *broker, double seconds)
{
    static const char block[BLOCK_BYTES];
    char path[BENCH_PATH_BYTES + 64];
    bench_times times = {0};
    snprintf(path, sizeof path, "%s/sync", broker->folder);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    double begun = bench_now_s(), before = begun;
    while (file >= 0 && before - begun < seconds && !bench_interrupted()) {
        if (write(file, block, sizeof block) != sizeof block || fdatasync(file) != 0)
            break;
        double after = bench_now_s();
        bench_times_add(&times, (after - before) * 1e3);
        before = after;
    }
    bool good = file >= 0 && (before - begun >= seconds || bench_interrupted());
    if (!good)
        perror(path);
    if (file >= 0)
        close(file);
    json_t *row = good ? bench_times_row(&times, "write 4 KiB and sync", 1, 1, "syncs",
                                         before - begun)
                       : NULL;
    bench_times_fini(&times);
    return row;
}

/* ---- the whole ---- */

static int measure_questions(kopgroep_session *session, double seconds, json_t *rows)
{
    static const kopgroep_question status_question = {.view = KOPGROEP_VIEW_STATUS};
    static const kopgroep_question volume_question = {.view = KOPGROEP_VIEW_VOLUME};
    int status = ask_often(session, &status_question, "ask for the status", seconds, rows);
    if (status != 0)
        return status;
    status = ask_often(session, &volume_question, "ask for volume by category", seconds, rows);
    return status == KOPGROEP_REFUSED ? 0 : status; /* not for this role: the rest goes on */
}

static int measure_submissions(kopgroep_session *session, const char *parent, double seconds,
                               json_t *rows)
{
    static const struct {
        size_t clients, lines;
    } loads[] = {{1, 1}, {16, 1}, {1, 100}, {16, 100}};
    static const kopgroep_question catalogue_question = {.view = KOPGROEP_VIEW_CATALOGUE};
    bench_broker broker;
    kopgroep_answer answer = {0};
    kopgroep_ask(session, &catalogue_question, &answer);
    int status = (int)answer.outcome;
    if (status != KOPGROEP_DONE)
        cli_complain(&answer);
    else if (!bench_broker_start(&broker, parent, answer.document))
        status = KOPGROEP_LOCAL;
    kopgroep_answer_fini(&answer);
    if (status != KOPGROEP_DONE)
        return status;
    json_t *row = sync_often(&broker, seconds);
    for (size_t i = 0; row && i < sizeof loads / sizeof *loads && !bench_interrupted(); i++) {
        json_array_append_new(rows, row);
        row = bench_submit(&broker, loads[i].clients, loads[i].lines, seconds);
    }
    if (row)
        json_array_append_new(rows, row);
    bench_broker_stop(&broker);
    return row ? 0 : KOPGROEP_LOCAL;
}

static json_t *describe(kopgroep_session *session, int *status)
{
    static const kopgroep_question question = {.view = KOPGROEP_VIEW_STATUS};
    kopgroep_answer answer = {0};
    json_t *out = NULL;
    kopgroep_ask(session, &question, &answer);
    *status = (int)answer.outcome;
    if (answer.outcome == KOPGROEP_DONE)
        out = json_loads(answer.document, 0, NULL);
    else
        cli_complain(&answer);
    kopgroep_answer_fini(&answer);
    return out;
}

static void print(const cli_arguments *arguments, const json_t *head, json_t *rows)
{
    if (arguments->output == CLI_TABLE) {
        cli_show_fields(head, head_columns);
        printf("\n");
        cli_show_table(rows, columns, "Nothing was measured.");
    } else if (arguments->output == CLI_CSV) {
        cli_show_csv(rows, columns);
    } else {
        json_t *all = json_pack("{s:o?,s:o?,s:o?,s:o?,s:O}", "version",
                                json_incref(cli_at(head, "version")), "machine",
                                json_incref(cli_at(head, "machine")), "durability",
                                json_incref(cli_at(head, "durability")), "lines",
                                json_incref(cli_at(head, "lines")), "measured", rows);
        json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(5));
        printf("\n");
        json_decref(all);
    }
}

static int measure(kopgroep_session *session, const cli_arguments *arguments, double seconds)
{
    int status;
    const char *fresh = cli_option(arguments, 'f', NULL);
    json_t *rows = json_array();
    json_t *head = describe(session, &status);
    if (status == 0)
        status = measure_questions(session, seconds, rows);
    if (status == 0 && fresh)
        status = measure_submissions(session, fresh, seconds, rows);
    if (head && json_array_size(rows) > 0)
        print(arguments, head, rows);
    json_decref(head);
    json_decref(rows);
    return status;
}

static int run(const cli_arguments *arguments)
{
    int status;
    char *end;
    const char *text = cli_option(arguments, 's', "2");
    cli_no_workbook(arguments);
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds >= 0.1 && seconds <= SECONDS_MAX)) {
        cli_tell("kopgroep: --seconds is from 0.1 to %d, not '%s'.\n", SECONDS_MAX, text);
        return KOPGROEP_USAGE;
    }
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    bench_catch_signals();
    status = measure(session, arguments, seconds);
    if (bench_interrupted())
        cli_tell("kopgroep: interrupted; what was measured is shown.\n");
    kopgroep_close(&session);
    return status;
}

static const struct argp_option options[] = {
    {"seconds", 's', "SECONDS", 0, N_("how long each work is measured (2)"), 0},
    {"fresh", 'f', "FOLDER", 0,
     N_("also durable submissions, through a broker of its own in FOLDER: take one on the disk of "
        "the "
        "broker's journal, on the broker's machine"),
     0},
    {0},
};

const cli_command cli_bench[] = {
    {"bench", NULL, 0, 0, N_("Measure a broker: how fast it answers, and how fast it keeps"),
     "  kopgroep bench\n"
     "  kopgroep bench --fresh /var/lib/kopgroep\n",
     N_("The broker that serves is only asked; nothing in it changes. Submissions are measured "
        "through a second broker, which gets the catalogue of the first, starts empty in a folder "
        "of "
        "its own and goes with it. Each client waits for its receipt before it sends the next "
        "plan."),
     options, run, false},
    {0},
};

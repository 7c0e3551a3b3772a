/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/show.h"
#include "client/cli/target.h"
#include "client/cli/tell.h"

/* From the environment, else asked for once on a terminal. */
static const char *ask_passphrase(const char *identity)
{
    char prompt[300];
    const char *passphrase = getenv("KOPGROEP_PASSPHRASE");
    if (passphrase || !isatty(STDIN_FILENO))
        return passphrase;
    snprintf(prompt, sizeof prompt, _("Passphrase of %s: "), identity);
    return getpass(prompt);
}

static bool needs_passphrase(const kopgroep_answer *answer)
{
    return answer->outcome == KOPGROEP_LOCAL && answer->needs_passphrase;
}

/* Asks for a passphrase where the key needs one. */
static kopgroep_session *open_with(kopgroep_options *options, kopgroep_answer *answer)
{
    kopgroep_session *session = kopgroep_open(options, answer);
    if (session || options->passphrase || !needs_passphrase(answer))
        return session;
    options->passphrase = ask_passphrase(options->identity);
    if (!options->passphrase)
        return NULL;
    kopgroep_answer_fini(answer);
    *answer = (kopgroep_answer){0};
    return kopgroep_open(options, answer);
}

static kopgroep_session *open_target(const cli_arguments *arguments, const cli_target *target,
                                     int *status)
{
    kopgroep_answer answer = {0};
    kopgroep_options options = {
        .broker = target->broker,
        .identity = target->identity,
        .passphrase = getenv("KOPGROEP_PASSPHRASE"),
        .timeout_ms = arguments->timeout_s * 1000,
        .keep_heads = true,
        .keep_receipts = arguments->receipt != NULL,
    };
    if (target->context && !arguments->quiet)
        cli_tell("kopgroep: context %s\n", target->context);
    kopgroep_session *session = open_with(&options, &answer);
    if (!session)
        cli_complain(&answer);
    *status = session ? KOPGROEP_DONE : (int)answer.outcome;
    kopgroep_answer_fini(&answer);
    return session;
}

kopgroep_session *cli_open(const cli_arguments *arguments, int *status)
{
    cli_target target;
    kopgroep_session *session = NULL;
    bool found = cli_target_find(arguments, &target, status);
    if (found && target.broker && target.identity) {
        session = open_target(arguments, &target, status);
    } else if (found) {
        cli_target_say_missing(&target);
        *status = KOPGROEP_USAGE;
    }
    cli_target_fini(&target);
    return session;
}

static void print_problem(const kopgroep_problem *problem)
{
    if (problem->file)
        fprintf(stderr, "%s:", problem->file);
    if (problem->row > 0)
        fprintf(stderr, "%ld:", problem->row);
    if (problem->column)
        fprintf(stderr, "%s%s:", problem->file || problem->row ? " " : "", problem->column);
    if (problem->value)
        fprintf(stderr, " \"%s\":", problem->value);
    fprintf(stderr, "%s%s [%s]\n", problem->file || problem->row || problem->column ? " " : "",
            problem->allowed, problem->code);
}

void cli_complain(const kopgroep_answer *answer)
{
    for (size_t i = 0; i < answer->problems_count; i++)
        print_problem(&answer->problems[i]);
    if (answer->problems_total > answer->problems_count)
        cli_tell("... and %llu more\n",
                 (unsigned long long)(answer->problems_total - answer->problems_count));
    if (answer->detail[0] || answer->problems_count == 0)
        fprintf(stderr, "kopgroep: %s%s%s%s\n", answer->detail, answer->code_name ? " [" : "",
                answer->code_name ? answer->code_name : "", answer->code_name ? "]" : "");
}

static const cli_column receipt_columns[] = {
    {N_("record"), "sequence", true},
    {N_("time"), "time", false},
    {N_("chain"), "chain", false},
    {0},
};

static void print_receipt(const cli_arguments *arguments, const kopgroep_answer *answer)
{
    if (arguments->output == CLI_JSON)
        printf("{\"sequence\":%llu,\"time\":\"%s\",\"chain\":\"%s\"}\n",
               (unsigned long long)answer->sequence, answer->time, answer->chain);
    else if (arguments->output == CLI_CSV)
        printf("sequence,time,chain\r\n%llu,%s,%s\r\n", (unsigned long long)answer->sequence,
               answer->time, answer->chain);
    else if (arguments->output == CLI_XLSX)
        cli_show_own(arguments,
                     json_pack("[{s:I,s:s,s:s}]", "sequence", (json_int_t)answer->sequence, "time",
                               answer->time, "chain", answer->chain),
                     receipt_columns, NULL);
    else
        printf(_("Receipt %llu, %s, %.16s\n"), (unsigned long long)answer->sequence, answer->time,
               answer->chain);
}

int cli_finish(const cli_arguments *arguments, kopgroep_answer *answer)
{
    int status = (int)answer->outcome;
    if (status != KOPGROEP_DONE) {
        cli_complain(answer);
    } else {
        if (answer->result[0] && !arguments->quiet)
            fprintf(stderr, "%s\n", answer->result);
        if (answer->has_receipt && !arguments->quiet)
            print_receipt(arguments, answer);
        if (answer->detail[0])
            fprintf(stderr, "kopgroep: %s\n", answer->detail);
    }
    kopgroep_answer_fini(answer);
    return status;
}

/* Before anything is sent: a receipt that has no place is found out too late. */
static bool has_place(const char *path)
{
    if (!path || access(path, F_OK) != 0)
        return true;
    cli_tell("kopgroep: %s is there already; nothing was sent. Name a new file.\n", path);
    return false;
}

static int write_receipt(kopgroep_session *session, const char *path)
{
    kopgroep_answer answer;
    kopgroep_receipt_write(session, path, &answer);
    int status = (int)answer.outcome;
    if (status != KOPGROEP_DONE)
        cli_complain(&answer);
    kopgroep_answer_fini(&answer);
    return status;
}

int cli_do(const cli_arguments *arguments, cli_act *act)
{
    int status;
    kopgroep_answer answer = {0};
    if (!has_place(arguments->receipt))
        return KOPGROEP_LOCAL;
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    act(session, arguments, &answer);
    bool receipt = arguments->receipt && answer.has_receipt;
    status = cli_finish(arguments, &answer);
    if (receipt) {
        int written = write_receipt(session, arguments->receipt);
        status = status == KOPGROEP_DONE ? written : status;
    }
    kopgroep_close(&session);
    return status;
}

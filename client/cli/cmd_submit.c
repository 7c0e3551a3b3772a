/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <unistd.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"

/* One line on stderr, drawn over itself; only on a terminal. */
static void show_progress(void *context, size_t sent, size_t lines)
{
    enum { BAR = 30 };
    int full = lines ? (int)(sent * BAR / lines) : BAR;
    (void)context;
    fprintf(stderr, "\r[");
    for (int i = 0; i < BAR; i++)
        fputc(i < full ? '#' : '.', stderr);
    cli_tell("] %zu of %zu lines%s", sent, lines, sent == lines ? "\n" : "");
}

static void act(kopgroep_session *session, const cli_arguments *arguments,
                kopgroep_answer *answer)
{
    const kopgroep_submit_options options = {
        .dry_run = arguments->option['n'] != NULL,
        .mark = true,
        .progress = isatty(STDERR_FILENO) && !arguments->quiet ? show_progress : NULL,
    };
    kopgroep_submit(session, arguments->rest[0], &options, answer);
}

static int run(const cli_arguments *arguments)
{
    return cli_do(arguments, act);
}

static const struct argp_option options[] = {
    {"dry-run", 'n', NULL, 0, N_("check everything, send nothing"), 0},
    {0},
};

const cli_command cli_submit[] = {
    {"submit", "PLAN", 1, 1, N_("Submit or amend your plan lines from a CSV file or a workbook"),
     "  kopgroep submit plan.csv --dry-run\n"
     "  kopgroep submit plan.csv\n"
     "  kopgroep submit plan.xlsx\n",
     N_("A file with a mistake is refused whole, with all its mistakes. Lines that were sent "
        "before "
        "and are the same stay as they are; changed ones are amended; lines that the file does not "
        "name stay too: kopgroep withdraw takes lines back.\n\n"
        "A workbook (xlsx) is one that kopgroep template made, or one with the columns of a plan. "
        "Where it is refused, PLAN.problems.xlsx beside it shows what is wrong in each row; mend "
        "it "
        "there and submit that."),
     options, run, true},
    {0},
};

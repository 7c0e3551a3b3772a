/* SPDX-License-Identifier: EUPL-1.2 */
#include <jansson.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/table.h"
#include "client/cli/tell.h"

typedef struct cli_watching {
    cli_output output;
    long left; /* entries still to show; -1: no end */
} cli_watching;

/* What a signal handler may touch. */
static _Atomic(kopgroep_session *) watched;

static void on_signal(int number)
{
    (void)number;
    kopgroep_session *session = atomic_load(&watched);
    if (session)
        kopgroep_interrupt(session);
}

/* And two blanks; a width below 0 is of text at the left. */
static void print_padded(const char *text, int width)
{
    int missing = abs(width) - cli_text_width(text);
    int pad = missing > 0 ? missing : 0;
    printf("%*s%s%*s  ", width > 0 ? pad : 0, "", text, width > 0 ? 0 : pad, "");
}

/* What is not said of an entry takes no room, so that only the first columns are aligned. */
static void print_heading(void)
{
    print_padded(_("number"), 6);
    print_padded(_("time"), -24);
    print_padded(_("event"), -15);
    puts(_("of what, and details"));
    fflush(stdout);
}

static void print_entry(const char *json)
{
    static const struct {
        const char *path;
        int width;
    } parts[] = {{"number", 6},  {"time", -24},  {"kind", -15}, {"round", 0},
                 {"lot", 0},     {"tender", 0}, {"line", 0},   {"detail", 0}};
    json_t *entry = json_loads(json, 0, NULL);
    int behind = 0; /* blanks that a column still wants, where another follows */
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *text = cli_shown_value(entry, parts[i].path);
        int missing = abs(parts[i].width) - cli_text_width(text);
        int pad = missing > 0 ? missing : 0;
        bool right = parts[i].width > 0;
        if (text[0])
            printf("%*s%*s%s", i > 0 ? behind + 2 : 0, "", right ? pad : 0, "", text);
        if (text[0])
            behind = right ? 0 : pad;
        free(text);
    }
    printf("\n");
    json_decref(entry);
}

static bool show(void *context, uint64_t number, const char *json)
{
    cli_watching *watching = context;
    (void)number;
    if (watching->output == CLI_TABLE)
        print_entry(json);
    else
        printf("%s\n", json);
    bool written = fflush(stdout) == 0;
    if (watching->left > 0)
        watching->left--;
    return written && watching->left != 0;
}

static bool number_of(const cli_arguments *arguments, int key, long otherwise, long *out)
{
    char *end = NULL;
    *out = arguments->option[key] ? strtol(arguments->option[key], &end, 10) : otherwise;
    return !end || (*end == '\0' && *out >= 0);
}

static int once(const cli_arguments *arguments, long since)
{
    static const cli_column columns[] = {
        {N_("number"), "number", true},
        {N_("time"), "time", false},
        {N_("event"), "kind", false},
        {N_("round"), "round", false},
        {N_("lot"), "lot", false},
        {N_("tender"), "tender", false},
        {N_("line"), "line", false},
        {N_("detail"), "detail", false},
        {0},
    };
    kopgroep_question question = {.view = KOPGROEP_VIEW_FEED, .since = (uint64_t)since};
    return cli_ask(arguments, &question, columns, NULL);
}

static int follow(const cli_arguments *arguments, long since, long most)
{
    int status;
    kopgroep_answer answer = {0};
    struct sigaction action = {.sa_handler = on_signal};
    cli_watching watching = {arguments->output, most > 0 ? most : -1};
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    if (watching.output == CLI_TABLE)
        print_heading();
    atomic_store(&watched, session);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    kopgroep_watch(session, (uint64_t)since, show, &watching, &answer);
    atomic_store(&watched, NULL);
    status = cli_finish(arguments, &answer);
    kopgroep_close(&session);
    return status;
}

static int run(const cli_arguments *arguments)
{
    long since, most;
    if (!number_of(arguments, 's', 0, &since) || !number_of(arguments, 'n', 0, &most)) {
        cli_tell("kopgroep watch: --since and --count are whole numbers.\n");
        return KOPGROEP_USAGE;
    }
    if (!arguments->option['o'])
        cli_no_workbook(arguments);
    return arguments->option['o'] ? once(arguments, since) : follow(arguments, since, most);
}

static const struct argp_option options[] = {
    {"since", 's', "N", 0, N_("entries after number N (0: from the first)"), 0},
    {"once", 'o', NULL, 0, N_("show what is there and end"), 0},
    {"count", 'n', "N", 0, N_("end after N entries"), 0},
    {0},
};

const cli_command cli_watch[] = {
    {"watch", NULL, 0, 0, N_("Your feed: what happened to your lines, live"),
     "  kopgroep watch\n"
     "  kopgroep watch --since 41 --output json >> feed.jsonl\n"
     "  kopgroep watch --once\n",
     N_("Nothing is lost: entries are numbered, and --since goes on where you stopped, also after "
        "a "
        "restart of either side."),
     options, run, false},
    {0},
};

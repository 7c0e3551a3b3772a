/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/contexts.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"
#include "proto/sink.h"
#include "proto/memory.h"
#include "proto/text.h"

static const cli_column columns[] = {
    {N_("context"), "context", false},
    {N_("current"), "current", false},
    {N_("broker"), "broker", false},
    {N_("identity"), "identity", false},
    {0},
};

static json_t *list(const cli_contexts *contexts)
{
    json_t *out = json_array();
    for (size_t i = 0; i < contexts->count; i++) {
        const cli_named_context *one = &contexts->items[i];
        const bool current = contexts->current && strcmp(contexts->current, one->name) == 0;
        json_array_append_new(out, json_pack("{s:s,s:s,s:s,s:s}", "context", one->name, "current",
                                             current ? "yes" : "", "broker", one->broker,
                                             "identity", one->identity));
    }
    return out;
}

static void show_contexts(const json_t *contexts)
{
    cli_show_table(contexts, columns, "No contexts: kopgroep context add makes one.");
}

static int run_list(const cli_arguments *arguments)
{
    cli_contexts contexts;
    int status = cli_contexts_read(&contexts) ? KOPGROEP_DONE : KOPGROEP_LOCAL;
    if (status == KOPGROEP_DONE)
        status = cli_show_own(arguments, list(&contexts), columns, show_contexts);
    cli_contexts_fini(&contexts);
    return status;
}

/* The whole path of a file that is there; NULL after saying why not. Owned. */
static char *whole_path(const char *option, const char *path)
{
    char *whole = realpath(path, NULL);
    if (!whole) {
        fprintf(stderr, "kopgroep: --%s %s: %s.\n", option, path,
                kg_said_as("fact", strerror(errno)));
    } else if (strpbrk(whole, "\"\\\n\r\t")) {
        cli_tell("kopgroep: --%s %s: a path in a context has no quotation marks, "
                 "backslashes or control characters.\n",
                 option, path);
        free(whole);
        whole = NULL;
    }
    return whole;
}

/* Of a list "ONE,OTHER,..." each. */
static char *whole_paths(const char *option, const char *paths)
{
    kg_buffer whole;
    char *rest = kg_strdup(paths), *name;
    char *list = rest;
    bool good = true;
    kg_buffer_init(&whole);
    while (good && (name = strsep(&rest, ","))) {
        char *path = whole_path(option, name);
        good = path != NULL;
        kg_buffer_format(&whole, "%s%s", whole.count > 0 ? "," : "", path ? path : "");
        free(path);
    }
    free(list);
    char *out = good ? kg_strdup(whole.bytes) : NULL;
    kg_buffer_fini(&whole);
    return out;
}

static int change(const cli_arguments *arguments, bool (*edit)(cli_contexts *, const char *))
{
    cli_contexts contexts;
    const char *name = arguments->rest[0];
    int status = KOPGROEP_LOCAL;
    if (cli_contexts_read(&contexts)) {
        if (!cli_contexts_find(&contexts, name)) {
            cli_contexts_say_unknown(&contexts, name);
            status = KOPGROEP_USAGE;
        } else if (edit(&contexts, name) && cli_contexts_write(&contexts)) {
            status = KOPGROEP_DONE;
        }
    }
    cli_contexts_fini(&contexts);
    return status;
}

static bool use(cli_contexts *contexts, const char *name)
{
    cli_contexts_use(contexts, name);
    return true;
}

static bool forget(cli_contexts *contexts, const char *name)
{
    if (contexts->current && strcmp(contexts->current, name) == 0)
        cli_contexts_use(contexts, NULL);
    return cli_contexts_remove(contexts, name);
}

static int run_use(const cli_arguments *arguments)
{
    return change(arguments, use);
}

static int run_remove(const cli_arguments *arguments)
{
    return change(arguments, forget);
}

/* The first one is in use at once. */
static int put(const char *name, const char *broker, const char *identity)
{
    cli_contexts contexts;
    int status = KOPGROEP_LOCAL;
    if (cli_contexts_read(&contexts)) {
        cli_contexts_put(&contexts, name, broker, identity);
        if (contexts.count == 1)
            cli_contexts_use(&contexts, name);
        status = cli_contexts_write(&contexts) ? KOPGROEP_DONE : KOPGROEP_LOCAL;
    }
    cli_contexts_fini(&contexts);
    return status;
}

static int run_add(const cli_arguments *arguments)
{
    const char *name = arguments->rest[0];
    const char *broker = cli_option(arguments, 'B', getenv("KOPGROEP_BROKER"));
    const char *identity = cli_option(arguments, 'I', getenv("KOPGROEP_IDENTITY"));
    if (!kg_id_valid(name)) {
        cli_tell("kopgroep: the name of a context is 1 to 64 of A-Z a-z 0-9 . _ : -.\n");
        return KOPGROEP_USAGE;
    }
    if (!broker || !identity) {
        cli_tell("kopgroep context add: --broker FILE and --identity FILE are needed.\n");
        return KOPGROEP_USAGE;
    }
    char *whole_broker = whole_paths("broker", broker);
    char *whole_identity = whole_path("identity", identity);
    int status =
        whole_broker && whole_identity ? put(name, whole_broker, whole_identity) : KOPGROEP_LOCAL;
    free(whole_broker);
    free(whole_identity);
    return status;
}

/* Of several commands. */
static const char order[] =
    N_("A command takes its broker and identity from --broker and --identity, else from "
       "--context, else from KOPGROEP_BROKER and KOPGROEP_IDENTITY, else from "
       "KOPGROEP_CONTEXT, else from the context in use.");

const cli_command cli_context[] = {
    {"context add", "NAME", 1, 1, N_("Name a broker's access file and your identity there"),
     "  kopgroep context add pilot --broker pilot.access --identity BE-0316380940.key\n"
     "  kopgroep context add national --broker first.access,second.access --identity my.key\n",
     order, NULL, run_add, false},
    {"context use", "NAME", 1, 1, N_("Work in this context from now on"),
     "  kopgroep context use pilot\n", order, NULL, run_use, false},
    {"context list", NULL, 0, 0, N_("Your contexts"), "  kopgroep context list\n", NULL, NULL,
     run_list, false},
    {"context remove", "NAME", 1, 1, N_("Forget a context; the files it names stay"),
     "  kopgroep context remove pilot\n", NULL, NULL, run_remove, false},
    {0},
};

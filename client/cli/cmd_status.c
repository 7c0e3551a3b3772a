/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/show.h"

static const cli_column columns[] = {
    {"organisation", "organisation", false}, {"broker version", "version", false},
    {"deployment", "deployment", false},     {"started", "started", false},
    {"journal head", "head", false},         {"chain", "chain", false},
    {"today", "today", false},               {"organisations", "organisations", false},
    {"lines", "lines", false},               {"rounds", "rounds", false},
    {"lots", "lots", false},                 {"tenders", "tenders", false},
    {"durability", "durability", false},     {"runs on", "machine", false},
    {0},
};

static const cli_column organisation_columns[] = {
    {"organisation", "organisation", false}, {"name", "name", false},
    {"type", "legal_type", false},           {"central", "central", false},
    {"nuts", "nuts", false},                 {"languages", "languages", false},
    {"can lead", "can_lead", false},         {"parent", "parent", false},
    {0},
};

static void show(const json_t *object)
{
    cli_show_fields(object, columns);
}

static int run(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_STATUS};
    if (!arguments->option['a'])
        return cli_ask(arguments, &question, columns, show);
    question.view = KOPGROEP_VIEW_ORGANISATIONS;
    return cli_ask(arguments, &question, organisation_columns, NULL);
}

static const struct argp_option options[] = {
    {"organisations", 'a', NULL, 0, "list the registered organisations (administrators)", 0},
    {0},
};

const cli_command cli_status[] = {
    {"status", NULL, 0, 0, "Is the broker there, who am I to it, what does it hold",
     "  kopgroep status\n  kopgroep status --organisations\n", NULL, options, run, false},
    {0},
};

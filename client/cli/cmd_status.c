/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column columns[] = {
    {N_("organisation"), "organisation", false},
    {N_("broker version"), "version", false},
    {N_("deployment"), "deployment", false},
    {N_("started"), "started", false},
    {N_("journal head"), "head", false},
    {N_("chain"), "chain", false},
    {N_("today"), "today", false},
    {N_("organisations"), "organisations", false},
    {N_("lines"), "lines", false},
    {N_("rounds"), "rounds", false},
    {N_("lots"), "lots", false},
    {N_("tenders"), "tenders", false},
    {N_("role"), "role", false},
    {N_("leader's epoch"), "epoch", false},
    {N_("durability"), "durability", false},
    {N_("takes"), "takes", false},
    {N_("short of"), "short_of", false},
    {N_("runs on"), "machine", false},
    {0},
};

static const cli_column organisation_columns[] = {
    {N_("organisation"), "organisation", false},
    {N_("name"), "name", false},
    {N_("type"), "legal_type", false},
    {N_("central"), "central", false},
    {N_("nuts"), "nuts", false},
    {N_("languages"), "languages", false},
    {N_("can lead"), "can_lead", false},
    {N_("parent"), "parent", false},
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
    {"organisations", 'a', NULL, 0, N_("list the registered organisations (administrators)"), 0},
    {0},
};

const cli_command cli_status[] = {
    {"status", NULL, 0, 0, N_("Is the broker there, who am I to it, what does it hold"),
     "  kopgroep status\n  kopgroep status --organisations\n", NULL, options, run, false},
    {0},
};

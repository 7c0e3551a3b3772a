/* SPDX-License-Identifier: EUPL-1.2 */
/* fiche and clause: what members teach each other. */
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/practice_show.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column fiche_columns[] = {
    {N_("name"), "name", false},         {N_("title"), "shown_title", false},
    {N_("category"), "category", false}, {N_("criteria"), "criteria", false},
    {N_("lot"), "lot", false},           {N_("languages"), "shown_languages", false},
    {N_("published"), "time", false},    {0},
};

static const cli_column clause_columns[] = {
    {N_("name"), "name", false},         {N_("title"), "shown_title", false},
    {N_("type"), "type", false},         {N_("category"), "category", false},
    {N_("criteria"), "criteria", false}, {N_("languages"), "shown_languages", false},
    {N_("published"), "time", false},    {0},
};

static bool is_clause(const cli_arguments *arguments)
{
    return strncmp(arguments->command, "clause", 6) == 0;
}

static void publish(kopgroep_session *session, const cli_arguments *arguments,
                    kopgroep_answer *answer)
{
    kopgroep_practice_publish(session, arguments->rest[0], is_clause(arguments), answer);
}

static int run_publish(const cli_arguments *arguments)
{
    return cli_do(arguments, publish);
}

static void retire(kopgroep_session *session, const cli_arguments *arguments,
                   kopgroep_answer *answer)
{
    kopgroep_practice_retire(session, arguments->rest[0], answer);
}

static int run_retire(const cli_arguments *arguments)
{
    return cli_do(arguments, retire);
}

/* ---- lists ---- */

static void show_fiches(const json_t *rows)
{
    cli_show_table(rows, fiche_columns, "No fiche is published for this.");
}

static void show_clauses(const json_t *rows)
{
    cli_show_table(rows, clause_columns, "No clause is published for this.");
}

/* Those of one kind, with what is shown of them. */
static json_t *choose(const char *document, bool clauses)
{
    size_t i;
    json_t *one, *all = json_loads(document, 0, NULL), *out = json_array();
    json_array_foreach(all, i, one)
    {
        const char *kind = json_string_value(cli_at(one, "kind"));
        if (!kind || (strcmp(kind, "clause") == 0) != clauses)
            continue;
        cli_practice_name(one);
        json_array_append(out, one);
    }
    json_decref(all);
    return out;
}

static int run_list(const cli_arguments *arguments)
{
    int status;
    const bool clauses = is_clause(arguments);
    kopgroep_answer answer = {0};
    const kopgroep_question question = {
        .view = KOPGROEP_VIEW_PRACTICES,
        .category = arguments->option['c'],
        .criterion = arguments->option['r'],
        .lot = arguments->option['l'],
        .organisation = arguments->option['o'],
    };
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    kopgroep_ask(session, &question, &answer);
    status = (int)answer.outcome;
    if (status == KOPGROEP_DONE)
        status = cli_show_own(arguments, choose(answer.document, clauses),
                              clauses ? clause_columns : fiche_columns,
                              clauses ? show_clauses : show_fiches);
    else
        cli_complain(&answer);
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
    return status;
}

/* "ORGANISATION/NAME", or the NAME of an own one. */
static int run_show(const cli_arguments *arguments)
{
    char organisation[65] = "";
    const char *name = arguments->rest[0], *slash = strchr(name, '/');
    kopgroep_question question = {.view = KOPGROEP_VIEW_PRACTICE, .practice = name};
    if (slash && (size_t)(slash - name) < sizeof organisation) {
        memcpy(organisation, name, (size_t)(slash - name));
        question.organisation = organisation;
        question.practice = slash + 1;
    }
    return cli_ask(arguments, &question, is_clause(arguments) ? clause_columns : fiche_columns,
                   cli_practice_show);
}

static const struct argp_option options[] = {
    {"category", 'c', "CATEGORY", 0, N_("only for this category"), 0},
    {"criterion", 'r', "CRITERION", 0, N_("only for this criterion"), 0},
    {"organisation", 'o', "ORGANISATION", 0, N_("only those that it published"), 0},
    {0},
};

static const struct argp_option fiche_options[] = {
    {"category", 'c', "CATEGORY", 0, N_("only for this category"), 0},
    {"criterion", 'r', "CRITERION", 0, N_("only for this criterion"), 0},
    {"lot", 'l', "LOT", 0, N_("only those that tell of this lot"), 0},
    {"organisation", 'o', "ORGANISATION", 0, N_("only those that it published"), 0},
    {0},
};

/* Of both kinds. */
static const char everybody[] = N_("Everybody who has a key here can read it.");

const cli_command cli_practice[] = {
    {"fiche publish", "FILE", 1, 1, N_("Publish a fiche of good practice, or replace an own one"),
     "  kopgroep fiche publish repairable-laptops.conf\n", everybody, NULL, run_publish, true},
    {"fiche list", NULL, 0, 0, N_("Fiches: how others bought, what came of it, what they learned"),
     "  kopgroep fiche list --category laptop\n"
     "  kopgroep fiche list --criterion warranty-years --output json\n",
     NULL, fiche_options, run_list, false},
    {"fiche show", "[ORGANISATION/]NAME", 1, 1,
     N_("One fiche, whole, in your language if it has it"),
     "  kopgroep fiche show BE-HUB/repairable-laptops\n", NULL, NULL, run_show, false},
    {"fiche retire", "NAME", 1, 1, N_("An own fiche is no longer shown"),
     "  kopgroep fiche retire repairable-laptops\n", NULL, NULL, run_retire, true},
    {"clause publish", "FILE", 1, 1, N_("Publish a clause for reuse, or replace an own one"),
     "  kopgroep clause publish spare-parts.conf\n", everybody, NULL, run_publish, true},
    {"clause list", NULL, 0, 0, N_("Clauses, by category and criterion"),
     "  kopgroep clause list --category laptop --criterion spare-parts-years\n", NULL, options,
     run_list, false},
    {"clause show", "[ORGANISATION/]NAME", 1, 1,
     N_("One clause, whole, in your language if it has it"),
     "  kopgroep clause show BE-HUB/spare-parts\n"
     "  kopgroep clause show BE-HUB/spare-parts --output json\n",
     NULL, NULL, run_show, false},
    {"clause retire", "NAME", 1, 1, N_("An own clause is no longer shown"),
     "  kopgroep clause retire spare-parts\n", NULL, NULL, run_retire, true},
    {0},
};

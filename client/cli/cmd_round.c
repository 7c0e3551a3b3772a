/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static void open_round(kopgroep_session *session, const cli_arguments *arguments,
                       kopgroep_answer *answer)
{
    kopgroep_round_open(session, arguments->rest[0], answer);
}

static void close_round(kopgroep_session *session, const cli_arguments *arguments,
                        kopgroep_answer *answer)
{
    kopgroep_round_take(session, KOPGROEP_ROUND_CLOSE, arguments->rest[0], answer);
}

static void propose(kopgroep_session *session, const cli_arguments *arguments,
                    kopgroep_answer *answer)
{
    kopgroep_round_take(session, KOPGROEP_ROUND_PROPOSE, arguments->rest[0], answer);
}

static void confirm(kopgroep_session *session, const cli_arguments *arguments,
                    kopgroep_answer *answer)
{
    kopgroep_round_take(session, KOPGROEP_ROUND_CONFIRM, arguments->rest[0], answer);
}

static void conclude(kopgroep_session *session, const cli_arguments *arguments,
                     kopgroep_answer *answer)
{
    kopgroep_round_take(session, KOPGROEP_ROUND_CONCLUDE, arguments->rest[0], answer);
}

static void extend(kopgroep_session *session, const cli_arguments *arguments,
                   kopgroep_answer *answer)
{
    kopgroep_round_extend(session, arguments->rest[0], arguments->option['c'],
                          arguments->option['y'], arguments->option['r'],
                          arguments->option['a'], answer);
}

static void cancel(kopgroep_session *session, const cli_arguments *arguments,
                   kopgroep_answer *answer)
{
    kopgroep_round_cancel(session, arguments->rest[0], cli_option(arguments, 'm', ""), answer);
}

#define DO(name, act)                                  \
    static int name(const cli_arguments *arguments)    \
    {                                                  \
        return cli_do(arguments, act);                 \
    }
DO(run_open, open_round)
DO(run_close, close_round)
DO(run_extend, extend)
DO(run_propose, propose)
DO(run_confirm, confirm)
DO(run_conclude, conclude)

static int run_cancel(const cli_arguments *arguments)
{
    if (!arguments->option['m']) {
        cli_tell("kopgroep %s: --reason TEXT is needed: the members see it.\n", arguments->command);
        return KOPGROEP_USAGE;
    }
    return cli_do(arguments, cancel);
}

static const cli_column list_columns[] = {
    {N_("round"), "round", false},
    {N_("state"), "state", false},
    {N_("nuts"), "nuts", false},
    {N_("closes"), "closes", false},
    {N_("confirm by"), "confirm_by", false},
    {N_("award by"), "award_by", false},
    {N_("lines"), "lines", true},
    {N_("lots"), "lots", true},
    {N_("coordinator"), "coordinator", false},
    {0},
};

static const cli_column fields[] = {
    {N_("round"), "round", false},
    {N_("state"), "state", false},
    {N_("coordinator"), "coordinator", false},
    {N_("title"), "shown_title", false},
    {N_("categories"), "categories", false},
    {N_("cpv"), "cpv", false},
    {N_("nuts"), "nuts", false},
    {N_("nuts level"), "nuts_level", false},
    {N_("delivery from"), "delivery_from", false},
    {N_("delivery to"), "delivery_to", false},
    {N_("opens"), "opens", false},
    {N_("closes"), "closes", false},
    {N_("confirm by"), "confirm_by", false},
    {N_("reconfirm by"), "reconfirm_by", false},
    {N_("award by"), "award_by", false},
    {N_("bodies, least"), "bodies_min", false},
    {N_("quantity, least"), "quantity_min", false},
    {N_("value, least"), "value_min", false},
    {N_("value, most"), "value_max", false},
    {N_("common days"), "window_days_min", false},
    {N_("lines claimed"), "lines", false},
    {N_("lots"), "lots", false},
    {N_("lines placed"), "placed", false},
    {N_("value placed"), "value", false},
    {N_("kopgroep value %"), "value_kopgroep_percent", false},
    {N_("level vectors"), "level_vectors", false},
    {N_("small bodies"), "small_bodies", false},
    {N_("  of them placed %"), "small_bodies_placed_percent", false},
    {N_("left out"), "unplaced", false},
    {N_("answers open"), "answers_open", false},
    {N_("reason"), "reason", false},
    {0},
};

/* In the user's language, else in English, else in the first that it has. */
static void choose_title(json_t *round)
{
    json_t *titles = json_object_get(round, "title"), *title;
    void *first = json_object_iter(titles);
    title = json_object_get(titles, kg_language());
    if (!title)
        title = json_object_get(titles, "en");
    if (!title && first)
        title = json_object_iter_value(first);
    if (title)
        json_object_set(round, "shown_title", title);
}

/* 0 is no limit: it is not shown as one. */
static void show_round(const json_t *object)
{
    static const char *const limits[] = {"quantity_min", "value_min", "value_max"};
    json_t *shown = json_copy((json_t *)(uintptr_t)object);
    choose_title(shown);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char *text = cli_value(shown, limits[i]);
        if (strcmp(text, "0") == 0 || strcmp(text, "0.00") == 0)
            json_object_set_new(shown, limits[i], json_string(_("no limit")));
        free(text);
    }
    cli_show_fields(shown, fields);
    json_decref(shown);
}

static int run_list(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_ROUNDS};
    return cli_ask(arguments, &question, list_columns, NULL);
}

static int run_show(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_ROUND, .round = arguments->rest[0]};
    return cli_ask(arguments, &question, fields, show_round);
}

static const struct argp_option extend_options[] = {
    {"closes", 'c', "DATE", 0, N_("last day on which lines are taken"), 0},
    {"confirm-by", 'y', "DATE", 0, N_("last day for members to confirm"), 0},
    {"reconfirm-by", 'r', "DATE", 0, N_("last day to confirm after the re-run"), 0},
    {"award-by", 'a', "DATE", 0, N_("last day to award"), 0},
    {0},
};

static const struct argp_option reason_options[] = {
    {"reason", 'm', "TEXT", 0, N_("what the members are told"), 0},
    {0},
};

const cli_command cli_round[] = {
    {"round open", "FILE", 1, 1, N_("Open a round (coordinators)"),
     "  kopgroep round open round.conf\n", N_("config/README.md shows what FILE holds."), NULL,
     run_open, true},
    {"round close", "ROUND", 1, 1, N_("Close a round: its lines are claimed"),
     "  kopgroep round close 2027-laptops\n", NULL, NULL, run_close, true},
    {"round extend", "ROUND", 1, 1, N_("Move a round's dates, only to later"),
     "  kopgroep round extend 2027-laptops --closes 2027-02-01\n", NULL, extend_options, run_extend,
     true},
    {"round propose", "ROUND", 1, 1, N_("Group the claimed lines into lots"),
     "  kopgroep round propose 2027-laptops\n",
     N_("What is proposed stands: a repeat gives the same lots."), NULL, run_propose, true},
    {"round confirm", "ROUND", 1, 1, N_("Ask the members to confirm or decline"),
     "  kopgroep round confirm 2027-laptops\n", NULL, NULL, run_confirm, true},
    {"round conclude", "ROUND", 1, 1, N_("End the confirmation once all have answered"),
     "  kopgroep round conclude 2027-laptops\n",
     N_("Lots that fell under their minima go into one re-run; lines that it moves need a fresh "
        "confirmation, and then this command again."),
     NULL, run_conclude, true},
    {"round cancel", "ROUND", 1, 1, N_("Cancel a round and free its lines"),
     "  kopgroep round cancel 2027-laptops --reason \"budget withdrawn\"\n", NULL, reason_options,
     run_cancel, true},
    {"round list", NULL, 0, 0, N_("All rounds"),
     "  kopgroep round list\n  kopgroep round list --output json\n", NULL, NULL, run_list, false},
    {"round show", "ROUND", 1, 1, N_("A round: its rules, dates and figures"),
     "  kopgroep round show 2027-laptops\n",
     N_("level vectors: how many different sets of criteria a category's lots have; the fewer, the "
        "clearer the signal to the market."),
     NULL, run_show, false},
    {0},
};

/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"

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
DO(run_cancel, cancel)

static const cli_column list_columns[] = {
    {"round", "round", false},       {"state", "state", false},
    {"nuts", "nuts", false},         {"closes", "closes", false},
    {"confirm by", "confirm_by", false}, {"award by", "award_by", false},
    {"lines", "lines", true},        {"lots", "lots", true},
    {"coordinator", "coordinator", false},
    {0},
};

static const cli_column fields[] = {
    {"round", "round", false},
    {"state", "state", false},
    {"coordinator", "coordinator", false},
    {"title", "shown_title", false},
    {"categories", "categories", false},
    {"cpv", "cpv", false},
    {"nuts", "nuts", false},
    {"nuts level", "nuts_level", false},
    {"delivery from", "delivery_from", false},
    {"delivery to", "delivery_to", false},
    {"opens", "opens", false},
    {"closes", "closes", false},
    {"confirm by", "confirm_by", false},
    {"reconfirm by", "reconfirm_by", false},
    {"award by", "award_by", false},
    {"bodies, least", "bodies_min", false},
    {"quantity, least", "quantity_min", false},
    {"value, least", "value_min", false},
    {"value, most", "value_max", false},
    {"common days", "window_days_min", false},
    {"lines claimed", "lines", false},
    {"lots", "lots", false},
    {"lines placed", "placed", false},
    {"value placed", "value", false},
    {"kopgroep value %", "value_kopgroep_percent", false},
    {"level vectors", "level_vectors", false},
    {"small bodies", "small_bodies", false},
    {"  of them placed %", "small_bodies_placed_percent", false},
    {"left out", "unplaced", false},
    {"answers open", "answers_open", false},
    {"reason", "reason", false},
    {0},
};

/* In English, else in the first language that it has. */
static void choose_title(json_t *round)
{
    json_t *titles = json_object_get(round, "title"), *title = json_object_get(titles, "en");
    void *first = json_object_iter(titles);
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
            json_object_set_new(shown, limits[i], json_string("no limit"));
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
    {"closes", 'c', "DATE", 0, "last day on which lines are taken", 0},
    {"confirm-by", 'y', "DATE", 0, "last day for members to confirm", 0},
    {"reconfirm-by", 'r', "DATE", 0, "last day to confirm after the re-run", 0},
    {"award-by", 'a', "DATE", 0, "last day to award", 0},
    {0},
};

static const struct argp_option reason_options[] = {
    {"reason", 'm', "TEXT", 0, "what the members are told", 0},
    {0},
};

const cli_command cli_round[] = {
    {"round open", "FILE", 1, 1, "Open a round (coordinators)",
     "  kopgroep round open round.conf\n", "config/README.md shows what FILE holds.", NULL,
     run_open, true},
    {"round close", "ROUND", 1, 1, "Close a round: its lines are claimed",
     "  kopgroep round close 2027-laptops\n", NULL, NULL, run_close, true},
    {"round extend", "ROUND", 1, 1, "Move a round's dates, only to later",
     "  kopgroep round extend 2027-laptops --closes 2027-02-01\n", NULL, extend_options,
     run_extend, true},
    {"round propose", "ROUND", 1, 1, "Group the claimed lines into lots",
     "  kopgroep round propose 2027-laptops\n",
     "What is proposed stands: a repeat gives the same lots.", NULL, run_propose, true},
    {"round confirm", "ROUND", 1, 1, "Ask the members to confirm or decline",
     "  kopgroep round confirm 2027-laptops\n", NULL, NULL, run_confirm, true},
    {"round conclude", "ROUND", 1, 1, "End the confirmation once all have answered",
     "  kopgroep round conclude 2027-laptops\n",
     "Lots that fell under their minima go into one re-run; lines that it moves need a fresh "
     "confirmation, and then this command again.",
     NULL, run_conclude, true},
    {"round cancel", "ROUND", 1, 1, "Cancel a round and free its lines",
     "  kopgroep round cancel 2027-laptops --reason \"budget withdrawn\"\n", NULL,
     reason_options, run_cancel, true},
    {"round list", NULL, 0, 0, "All rounds",
     "  kopgroep round list\n  kopgroep round list --output json\n", NULL, NULL, run_list, false},
    {"round show", "ROUND", 1, 1, "A round: its rules, dates and figures",
     "  kopgroep round show 2027-laptops\n",
     "level vectors: how many different sets of criteria a category's lots have; the fewer, the "
     "clearer the signal to the market.",
     NULL, run_show, false},
    {0},
};

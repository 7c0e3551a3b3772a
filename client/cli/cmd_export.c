/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"

static const cli_column member_columns[] = {
    {"lot", "lot", false},           {"category", "category", false},
    {"condition", "condition", false}, {"nuts", "nuts", false},
    {"language", "language", false}, {"lot track", "lot_track", false},
    {"criteria", "criteria", false}, {"from", "from", false},
    {"to", "to", false},             {"organisation", "organisation", false},
    {"line", "line", false},         {"track", "track", false},
    {"quantity", "quantity", true},  {"reason", "reason", false},
    {"nearest lot", "nearest_lot", false}, {0},
};

static json_t *placed_row(const json_t *lot, const json_t *member)
{
    return json_pack("{s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O}", "lot",
                     cli_at(lot, "lot"), "category", cli_at(lot, "category"), "condition",
                     cli_at(lot, "condition"), "nuts", cli_at(lot, "nuts"), "language",
                     cli_at(lot, "language"), "lot_track", cli_at(lot, "track"), "criteria",
                     cli_at(lot, "criteria"), "from", cli_at(lot, "window.from"), "to",
                     cli_at(lot, "window.to"), "organisation", cli_at(member, "organisation"),
                     "line", cli_at(member, "line"), "track", cli_at(member, "track"),
                     "quantity", cli_at(member, "quantity"));
}

/* One row a line: those in lots, then those left out. */
static json_t *flatten(const json_t *result)
{
    size_t i, j;
    json_t *rows = json_array(), *lot, *row;
    json_array_foreach(json_object_get(result, "lots"), i, lot)
        json_array_foreach(json_object_get(lot, "members"), j, row)
            json_array_append_new(rows, placed_row(lot, row));
    json_array_foreach(json_object_get(result, "unplaced"), i, row)
        json_array_append(rows, row);
    return rows;
}

static int show(const char *document, bool csv)
{
    if (!csv) {
        printf("%s\n", document);
        return 0;
    }
    json_t *result = json_loads(document, 0, NULL), *rows = flatten(result);
    cli_show_csv(rows, member_columns);
    json_decref(rows);
    json_decref(result);
    return 0;
}

static int run(const cli_arguments *arguments)
{
    int status;
    kopgroep_answer answer = {0};
    const char *format = cli_option(arguments, 'F', "json");
    kopgroep_question question = {.view = KOPGROEP_VIEW_RESULT,
                                  .round = arguments->rest[0],
                                  .proposed = arguments->option['P'] != NULL};
    if (strcmp(format, "json") != 0 && strcmp(format, "csv") != 0) {
        fprintf(stderr, "kopgroep export: --format is json or csv, not '%s'.\n", format);
        return KOPGROEP_USAGE;
    }
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    kopgroep_ask(session, &question, &answer);
    if (answer.outcome == KOPGROEP_DONE)
        show(answer.document, strcmp(format, "csv") == 0);
    else
        cli_complain(&answer);
    status = (int)answer.outcome;
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
    return status;
}

static const struct argp_option options[] = {
    {"format", 'F', "FORMAT", 0, "json (the result form) or csv (a row a line)", 0},
    {"proposed", 'P', NULL, 0, "as it was proposed, not as it stands", 0},
    {0},
};

const cli_command cli_export[] = {
    {"export", "ROUND", 1, 1, "A round's result as a file (coordinators)",
     "  kopgroep export 2027-laptops > 2027-laptops.lots.json\n"
     "  kopgroep export 2027-laptops --format csv > 2027-laptops.csv\n",
     NULL, options, run, false},
    {0},
};

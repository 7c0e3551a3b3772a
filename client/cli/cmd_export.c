/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "client/cli/book.h"
#include "client/cli/commands.h"
#include "client/cli/export_notice.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

/* clang-format off */
#define OF_A_PLACED_LINE                                                                           \
    {N_("lot"), "lot", false},                                                                     \
    {N_("category"), "category", false},                                                           \
    {N_("condition"), "condition", false},                                                         \
    {N_("nuts"), "nuts", false},                                                                   \
    {N_("language"), "language", false},                                                           \
    {N_("lot track"), "lot_track", false},                                                         \
    {N_("criteria"), "criteria", false},                                                           \
    {N_("from"), "from", false},                                                                   \
    {N_("to"), "to", false},                                                                       \
    {N_("organisation"), "organisation", false},                                                   \
    {N_("line"), "line", false},                                                                   \
    {N_("track"), "track", false},                                                                 \
    {N_("quantity"), "quantity", true}
/* clang-format on */

static const cli_column member_columns[] = {OF_A_PLACED_LINE,
                                            {N_("reason"), "reason", false},
                                            {N_("nearest lot"), "nearest_lot", false},
                                            {0}};

static const cli_column placed_columns[] = {OF_A_PLACED_LINE, {0}};

/* The sheets of a round's workbook. */
static const cli_column result_lots[] = {
    {N_("lot"), "lot", false},
    {N_("category"), "category", false},
    {N_("condition"), "condition", false},
    {N_("nuts"), "nuts", false},
    {N_("language"), "language", false},
    {N_("track"), "track", false},
    {N_("criteria"), "criteria", false},
    {N_("steps"), "steps", true},
    {N_("from"), "window.from", false},
    {N_("to"), "window.to", false},
    {N_("lead"), "lead", false},
    {N_("bodies"), "bodies", true},
    {N_("quantity, least"), "quantity_min", true},
    {N_("quantity"), "quantity", true},
    {N_("quantity, most"), "quantity_max", true},
    {N_("value"), "value", true},
    {N_("value, most"), "value_max", true},
    {N_("threshold together"), "regime", false},
    {N_("headroom"), "headroom", false},
    {0},
};

static const cli_column criteria_columns[] = {
    {N_("lot"), "lot", false},
    {N_("criterion"), "criterion", false},
    {N_("level"), "level", false},
    {N_("free ambition"), "headroom", false},
    {0},
};

static const cli_column unplaced_columns[] = {
    {N_("organisation"), "organisation", false},
    {N_("line"), "line", false},
    {N_("reason"), "reason", false},
    {N_("all that blocks"), "blocking", false},
    {N_("nearest lot"), "nearest_lot", false},
    {N_("change: field"), "change.field", false},
    {N_("change: criterion"), "change.criterion", false},
    {N_("change: to"), "change.to", false},
    {0},
};

static const cli_column figures[] = {
    {N_("lines"), "lines", true},
    {N_("placed"), "placed", true},
    {N_("organisations with a binding line placed"), "binding", true},
    {N_("organisations with a line placed"), "bodies", true},
    {N_("value times steps"), "ambition_value", true},
    {N_("value"), "value", true},
    {N_("lots"), "lots", true},
    {0},
};

static const cli_column lot_columns[] = {
    {N_("lot"), "lot", false},
    {N_("state"), "state", false},
    {N_("category"), "category", false},
    {N_("condition"), "condition", false},
    {N_("area"), "area", false},
    {N_("language"), "language", false},
    {N_("track"), "track", false},
    {N_("cpv"), "cpv", false},
    {N_("from"), "window.from", false},
    {N_("to"), "window.to", false},
    {N_("bodies"), "bodies", true},
    {N_("quantity"), "quantity", true},
    {N_("quantity, most"), "quantity_max", true},
    {N_("value"), "value", true},
    {N_("value, most"), "value_max", true},
    {N_("lead"), "lead", false},
    {N_("organisation"), "organisation", false},
    {N_("name"), "name", false},
    {N_("nuts"), "nuts", false},
    {0},
};

static json_t *placed_row(const json_t *lot, const json_t *member)
{
    return json_pack("{s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:O}", "lot",
                     cli_at(lot, "lot"), "category", cli_at(lot, "category"), "condition",
                     cli_at(lot, "condition"), "nuts", cli_at(lot, "nuts"), "language",
                     cli_at(lot, "language"), "lot_track", cli_at(lot, "track"), "criteria",
                     cli_at(lot, "criteria"), "from", cli_at(lot, "window.from"), "to",
                     cli_at(lot, "window.to"), "organisation", cli_at(member, "organisation"),
                     "line", cli_at(member, "line"), "track", cli_at(member, "track"), "quantity",
                     cli_at(member, "quantity"));
}

static json_t *flatten_placed(const json_t *result)
{
    size_t i, j;
    json_t *rows = json_array(), *lot, *row;
    json_array_foreach(json_object_get(result, "lots"), i, lot)
        json_array_foreach(json_object_get(lot, "members"), j, row)
            json_array_append_new(rows, placed_row(lot, row));
    return rows;
}

static json_t *criterion_row(const json_t *lot, const char *criterion)
{
    return json_pack("{s:O,s:s,s:O?,s:O?}", "lot", cli_at(lot, "lot"), "criterion", criterion,
                     "level", json_object_get(cli_at(lot, "criteria"), criterion), "headroom",
                     json_object_get(cli_at(lot, "headroom"), criterion));
}

/* A row a criterion of each lot: what it asks, and how much more all members accept. */
static json_t *flatten_criteria(const json_t *result)
{
    size_t i;
    const char *criterion;
    json_t *rows = json_array(), *lot, *level;
    json_array_foreach(json_object_get(result, "lots"), i, lot)
    {
        json_object_foreach(json_object_get(lot, "criteria"), criterion, level)
            json_array_append_new(rows, criterion_row(lot, criterion));
        json_object_foreach(json_object_get(lot, "headroom"), criterion, level)
            if (!json_object_get(cli_at(lot, "criteria"), criterion))
                json_array_append_new(rows, criterion_row(lot, criterion));
    }
    return rows;
}

/* One row a line: those in lots, then those left out. */
static json_t *flatten(const json_t *result)
{
    json_t *rows = flatten_placed(result);
    json_array_extend(rows, json_object_get(result, "unplaced"));
    return rows;
}

/* A row a member of each lot. */
static json_t *flatten_lots(const json_t *facts)
{
    size_t i, j, k;
    json_t *rows = json_array(), *lot, *member, *record;
    json_array_foreach(json_object_get(facts, "lots"), i, lot)
        json_array_foreach(json_object_get(lot, "members"), j, member)
    {
        json_t *row = json_copy(lot);
        json_array_foreach(json_object_get(facts, "organisations"), k,
                           record) if (json_equal(json_object_get(record, "organisation"), member))
            json_object_update(row, record);
        json_object_set(row, "area", json_object_get(lot, "nuts"));
        json_array_append_new(rows, row);
    }
    return rows;
}

static int show_csv(const char *document, bool lots, bool excel)
{
    json_t *answer = json_loads(document, 0, NULL);
    json_t *rows = lots ? flatten_lots(answer) : flatten(answer);
    cli_show_csv_as(rows, lots ? lot_columns : member_columns, excel);
    json_decref(rows);
    json_decref(answer);
    return KOPGROEP_DONE;
}

/* A sheet each for lots, their criteria, the lines in them and those left out, and the figures of
 * the whole. */
static void show_result_sheets(const json_t *result)
{
    json_t *placed = flatten_placed(result), *criteria = flatten_criteria(result);
    cli_show_table(json_object_get(result, "lots"), result_lots, "Nothing to show.");
    cli_show_title(_("Criteria"));
    cli_show_table(criteria, criteria_columns, "Nothing to show.");
    cli_show_title(_("Lines in lots"));
    cli_show_table(placed, placed_columns, "Nothing to show.");
    cli_show_title(_("Lines left out"));
    cli_show_table(json_object_get(result, "unplaced"), unplaced_columns, "Nothing to show.");
    cli_show_title(_("Figures"));
    cli_show_fields(json_object_get(result, "score"), figures);
    json_decref(criteria);
    json_decref(placed);
}

static int show_workbook(const cli_arguments *arguments, const char *document, bool lots)
{
    json_t *answer = json_loads(document, 0, NULL);
    if (!cli_book_begin(arguments, _("Lots"))) {
        json_decref(answer);
        return KOPGROEP_LOCAL;
    }
    if (lots) {
        json_t *rows = flatten_lots(answer);
        cli_show_table(rows, lot_columns, "Nothing to show.");
        json_decref(rows);
    } else {
        show_result_sheets(answer);
    }
    json_decref(answer);
    return cli_book_end();
}

typedef struct export_wish {
    const char *format, *with;
    int subtype; /* 0: none */
    bool lot;    /* the operand is a lot's id, else a round's */
} export_wish;

static bool is(const export_wish *wish, const char *format)
{
    return strcmp(wish->format, format) == 0;
}

/* What --format says, else --output; a table of it there is not. */
static const char *format_of(const cli_arguments *arguments)
{
    const char *otherwise = arguments->output == CLI_XLSX  ? "xlsx"
                            : arguments->output == CLI_CSV ? "csv"
                                                           : "json";
    return cli_option(arguments, 'F', otherwise);
}

static bool choose(const cli_arguments *arguments, export_wish *out)
{
    const char *subtype = cli_option(arguments, 'S', NULL);
    *out = (export_wish){.format = format_of(arguments),
                         .with = cli_option(arguments, 'W', NULL),
                         .lot = strchr(arguments->rest[0], '/') != NULL};
    if (subtype && subtype[0] >= '4' && subtype[0] <= '9' && !subtype[1])
        out->subtype = subtype[0] - '0';
    if (!is(out, "json") && !is(out, "csv") && !is(out, "xlsx") && !is(out, "ocds") &&
        !is(out, "eforms"))
        cli_tell("kopgroep export: --format is json, csv, xlsx, ocds or eforms, not '%s'.\n",
                 out->format);
    else if (arguments->out && !is(out, "xlsx"))
        cli_tell("kopgroep export: --out goes with --format xlsx.\n");
    else if (is(out, "eforms") != (subtype != NULL) || (subtype && out->subtype == 0))
        cli_tell("kopgroep export: --format eforms goes with --subtype 4 to 9.\n");
    else if (arguments->option['E'] && !is(out, "csv"))
        cli_tell("kopgroep export: --excel goes with --format csv.\n");
    else if (out->with && !is(out, "ocds") && !is(out, "eforms"))
        cli_tell("kopgroep export: --with goes with --format eforms or ocds.\n");
    else
        return !is(out, "xlsx") || cli_book_has_place(arguments);
    return false;
}

static int show(const cli_arguments *arguments, const export_wish *wish, const char *document)
{
    if (is(wish, "ocds") || is(wish, "eforms"))
        return cli_export_notice(document, wish->with, wish->subtype);
    if (is(wish, "csv"))
        return show_csv(document, wish->lot, arguments->option['E'] != NULL);
    if (is(wish, "xlsx"))
        return show_workbook(arguments, document, wish->lot);
    printf("%s\n", document);
    return KOPGROEP_DONE;
}

static int run(const cli_arguments *arguments)
{
    int status;
    export_wish wish;
    kopgroep_answer answer = {0};
    kopgroep_question question = {.proposed = arguments->option['P'] != NULL};
    if (!choose(arguments, &wish))
        return KOPGROEP_USAGE;
    *(wish.lot ? &question.lot : &question.round) = arguments->rest[0];
    question.view = wish.lot || is(&wish, "ocds") || is(&wish, "eforms") ? KOPGROEP_VIEW_NOTICE
                                                                         : KOPGROEP_VIEW_RESULT;
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    kopgroep_ask(session, &question, &answer);
    status = (int)answer.outcome;
    if (answer.outcome == KOPGROEP_DONE)
        status = show(arguments, &wish, answer.document);
    else
        cli_complain(&answer);
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
    return status;
}

static const struct argp_option options[] = {
    {"format", 'F', "FORMAT", 0,
     N_("json (a round's result form; what a notice tells of a lot), csv (a row a line; of a lot a "
        "row a member), xlsx (sheets of lots, criteria, lines in lots and lines left out), ocds or "
        "eforms"),
     0},
    {"subtype", 'S', "4..9", 0, N_("eforms: the notice's subtype"), 0},
    {"with", 'W', "FILE", 0, N_("ocds, eforms: what the records lack"), 0},
    {"excel", 'E', NULL, 0, N_("csv: as Excel expects it where a comma is the decimal sign"), 0},
    {"proposed", 'P', NULL, 0, N_("as it was proposed, not as it stands"), 0},
    {0},
};

const cli_command cli_export[] = {
    {"export", "LOT|ROUND", 1, 1,
     N_("A lot or a round as a file or a notice (coordinators, lead buyers)"),
     "  kopgroep export 2027-laptops > 2027-laptops.lots.json\n"
     "  kopgroep export 2027-laptops --format xlsx --out 2027-laptops.xlsx\n"
     "  kopgroep export 2027-laptops --format csv --excel > 2027-laptops.csv\n"
     "  kopgroep export 2027-laptops/laptop/BE/1 --format eforms --subtype 4 --with notice.conf\n"
     "  kopgroep export 2027-laptops --format ocds --with notice.conf > release-package.json\n",
     N_("What a notice needs and nobody has told is asked for by its number and name, all at once, "
        "and nothing is written. It is given in the file of --with: planned, lead, languages, what "
        "an "
        "organisation's record lacks, the review organisation. Its keys are in client/README.md."),
     options, run, false},
    {0},
};

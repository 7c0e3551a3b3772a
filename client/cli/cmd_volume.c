/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

#define DIMENSIONS_MAX 5

/* The dimensions that were asked for are the first columns. */
static size_t dimension_columns(char *by, cli_column *columns)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *name = strtok_r(by, ",", &rest); name && count < DIMENSIONS_MAX;
         name = strtok_r(NULL, ",", &rest))
        columns[count++] = (cli_column){name, name, false};
    return count;
}

static const cli_column sums[] = {
    {N_("lines"), "lines", true},
    {N_("min"), "quantity_min", true},
    {N_("quantity"), "quantity", true},
    {N_("max"), "quantity_max", true},
    {N_("value"), "value", true},
    {N_("organisations"), "organisations", true},
    {0},
};

/* Readers get a published version; it does not tell the others. */
static const cli_column published_sums[] = {
    {N_("quantity"), "quantity", true},
    {N_("value"), "value", true},
    {N_("organisations, least"), "organisations_at_least", true},
    {N_("wider"), "wider", false},
    {0},
};

#define COLUMNS_MAX (DIMENSIONS_MAX + sizeof sums / sizeof *sums)

/* Of the answer that is asked for: its form is known only once it is here. */
static cli_column published_columns[COLUMNS_MAX];
static bool published_as_csv;

static void show_published(const json_t *answer)
{
    const json_t *cells = json_object_get(answer, "cells");
    char *date = cli_value(answer, "date"), *version = cli_value(answer, "version");
    if (date[0])
        cli_tell("Version %s, published %s. Cells that are too small to be told are added up in "
                 "wider ones, or left out: what is not shown may still be there.\n",
                 version, date);
    else
        cli_tell("No version was published yet.\n");
    free(date);
    free(version);
    if (published_as_csv)
        cli_show_csv(cells, published_columns);
    else
        cli_show_table(cells, published_columns, "Nothing to show.");
}

static int run(const cli_arguments *arguments)
{
    cli_column columns[COLUMNS_MAX] = {0};
    char by[200];
    kopgroep_question question = {
        .view = KOPGROEP_VIEW_VOLUME,
        .round = arguments->option['r'],
        .category = arguments->option['c'],
        .cpv = arguments->option['p'],
        .nuts = arguments->option['n'],
        .from = arguments->option['f'],
        .to = arguments->option['t'],
        .track = arguments->option['k'],
        .by = cli_option(arguments, 'b', "category"),
    };
    snprintf(by, sizeof by, "%s", question.by);
    size_t count = dimension_columns(by, columns);
    published_as_csv = arguments->output == CLI_CSV;
    memcpy(published_columns, columns, sizeof columns);
    memcpy(&columns[count], sums, sizeof sums);
    memcpy(&published_columns[count], published_sums, sizeof published_sums);
    return cli_ask(arguments, &question, columns, show_published);
}

static const struct argp_option options[] = {
    {"round", 'r', "ROUND", 0, N_("only lines of this round"), 0},
    {"category", 'c', "CATEGORY", 0, N_("only this category"), 0},
    {"cpv", 'p', "DIGITS", 0, N_("only CPV codes that begin so"), 0},
    {"nuts", 'n', "CODE", 0, N_("only regions that begin so"), 0},
    {"from", 'f', "DATE", 0, N_("only delivery windows that end on or after this day"), 0},
    {"to", 't', "DATE", 0, N_("only delivery windows that begin on or before this day"), 0},
    {"track", 'k', "TRACK", 0, N_("only kopgroep or only peloton lines"), 0},
    {"by", 'b', "DIM,...", 0, N_("add up by any of category, cpv, nuts, month, track (category)"),
     0},
    {0},
};

const cli_command cli_volume[] = {
    {"volume", NULL, 0, 0,
     N_("Aggregated volume (coordinators: their rounds, exactly; readers: as published)"),
     "  kopgroep volume\n"
     "  kopgroep volume --by category,month --nuts BE2\n"
     "  kopgroep volume --cpv 302 --by cpv --output csv > volume.csv\n",
     N_("A line counts in the month in which its delivery window begins. Coordinators see their "
        "rounds as they are now.\n"
        "Readers see the last published version. Its cells do not overlap, and each is told only "
        "where that tells nothing of one organisation; smaller ones are added up in their parents: "
        "a "
        "month in its quarter and year, a region in the one above it, then a category in all. "
        "\"-\" "
        "is a cell of several. Rows marked wider reach beyond what was asked for, and may hold "
        "some "
        "of it. Where nothing is shown there is nothing, or too little to tell: which of the two "
        "is "
        "not told. The "
        "organisations are at least so many. --from, --to and --round choose by the day on which "
        "delivery begins."),
     options, run, false},
    {0},
};

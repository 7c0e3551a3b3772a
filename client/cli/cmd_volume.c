/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"

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

static int run(const cli_arguments *arguments)
{
    static const cli_column sums[] = {
        {"lines", "lines", true},
        {"min", "quantity_min", true},
        {"quantity", "quantity", true},
        {"max", "quantity_max", true},
        {"value", "value", true},
        {"organisations", "organisations", true},
        {0},
    };
    cli_column columns[DIMENSIONS_MAX + sizeof sums / sizeof *sums] = {0};
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
    memcpy(&columns[count], sums, sizeof sums);
    return cli_ask(arguments, &question, columns, NULL);
}

static const struct argp_option options[] = {
    {"round", 'r', "ROUND", 0, "only lines of this round", 0},
    {"category", 'c', "CATEGORY", 0, "only this category", 0},
    {"cpv", 'p', "DIGITS", 0, "only CPV codes that begin so", 0},
    {"nuts", 'n', "CODE", 0, "only regions that begin so", 0},
    {"from", 'f', "DATE", 0, "only delivery windows that end on or after this day", 0},
    {"to", 't', "DATE", 0, "only delivery windows that begin on or before this day", 0},
    {"track", 'k', "TRACK", 0, "only kopgroep or only peloton lines", 0},
    {"by", 'b', "DIM,...", 0, "add up by any of category, cpv, nuts, month, track (category)", 0},
    {0},
};

const cli_command cli_volume[] = {
    {"volume", NULL, 0, 0, "Aggregated volume (coordinators: their rounds, exactly; readers)",
     "  kopgroep volume\n"
     "  kopgroep volume --by category,month --nuts BE2\n"
     "  kopgroep volume --cpv 302 --by cpv --output csv > volume.csv\n",
     "A line counts in the month in which its delivery window begins. Readers see no cell with "
     "fewer organisations than the broker's limit.",
     options, run},
    {0},
};

/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/market.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/show.h"

static const cli_column demands[] = {
    {"criterion", "criterion", false},
    {"level", "level", false},
    {"law asks as much", "by_law", false},
    {"proved by", "proved_by", false},
    {0},
};

static const cli_column labels[] = {
    {"label", "label", false},          {"proves", "proves", false},
    {"does not prove", "lacks", false}, {"models known", "models", true},
    {"as of", "as_of", false},          {0},
};

static void show_part(const json_t *market, const char *key, const char *title,
                      const cli_column *columns)
{
    const json_t *rows = cli_at(market, key);
    if (json_array_size(rows) == 0)
        return;
    printf("\n%s\n", title);
    cli_show_table(rows, columns, "");
}

void cli_market_show(const json_t *market)
{
    show_part(market, "demands", "Demands, and the labels that prove them", demands);
    show_part(market, "labels", "Labels, those that prove most first", labels);
}

void cli_market_warn(const char *lot, const json_t *market)
{
    if (json_array_size(cli_at(market, "unproved")) == 0)
        return;
    char *criteria = cli_value(market, "unproved");
    fprintf(stderr,
            "kopgroep: warning: %s: no label in the catalogue proves %s at this level. Ask the "
            "market what would, or say in the documents which other evidence counts.\n",
            lot, criteria);
    free(criteria);
}

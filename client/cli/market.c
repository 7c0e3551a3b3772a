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

void cli_market_show(const json_t *market)
{
    cli_show_part(cli_at(market, "demands"), "Demands, and the labels that prove them", demands);
    cli_show_part(cli_at(market, "labels"), "Labels, those that prove most first", labels);
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

/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/market.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column demands[] = {
    {N_("criterion"), "criterion", false},
    {N_("level"), "level", false},
    {N_("law asks as much"), "by_law", false},
    {N_("proved by"), "proved_by", false},
    {0},
};

static const cli_column labels[] = {
    {N_("label"), "label", false},          {N_("proves"), "proves", false},
    {N_("does not prove"), "lacks", false}, {N_("models known"), "models", true},
    {N_("as of"), "as_of", false},          {0},
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
    cli_tell("kopgroep: warning: %s: no label in the catalogue proves %s at this level. Ask the "
             "market what would, or say in the documents which other evidence counts.\n",
             lot, criteria);
    free(criteria);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What the catalogue knows of the market for a lot's demands, for people. */
#ifndef KOPGROEP_CLI_MARKET_H
#define KOPGROEP_CLI_MARKET_H

#include <jansson.h>

/* Tables of demands and labels on stdout; nothing for a lot without demands. */
void cli_market_show(const json_t *market);
/* Says on stderr what nothing on the market is known to prove. */
void cli_market_warn(const char *lot, const json_t *market);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Offers for a lot, ranked by what they cost a year of use. */
#ifndef KOPGROEP_CLI_LOT_OFFERS_H
#define KOPGROEP_CLI_LOT_OFFERS_H

#include "client/cli/cli.h"

/* `lot offers LOT`: shows them; with a file records it first. Gives the exit status. */
int cli_lot_offers(const cli_arguments *arguments);

#endif

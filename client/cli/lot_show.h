/* SPDX-License-Identifier: EUPL-1.2 */
/* One lot, for a person. */
#ifndef KOPGROEP_CLI_LOT_SHOW_H
#define KOPGROEP_CLI_LOT_SHOW_H

#include <jansson.h>

void cli_show_lot(const json_t *lot);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue in force is journalled: a file that differs from it at start is a change, decided
 * like any command. */
#ifndef KG_CATALOGUE_CHANGE_H
#define KG_CATALOGUE_CHANGE_H

#include "broker/core.h"

/* Journals the text if it differs, and takes what was parsed from it. False after logging why not
 * (in use, or no commit). */
bool kg_catalogue_change(kg_core *core, const char *text, kg_catalogue **catalogue);

#endif

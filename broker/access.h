/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may send what: one table of roles by kind of command and by view. Ownership of the things
 * concerned is asked by the domain and by query. */
#ifndef KG_ACCESS_H
#define KG_ACCESS_H

#include <stdbool.h>

#include "proto/command.h"

/* May a key with these roles (set of KG_ROLE_*) send a command of this kind? */
bool kg_access_command(uint32_t roles, kg_kind kind);
/* May it ask this view? */
bool kg_access_view(uint32_t roles, kg_view view);
/* Roles that may, for the message to who may not; "coordinator or administrator". */
void kg_access_allowed_command(kg_kind kind, char out[static 100]);
void kg_access_allowed_view(kg_view view, char out[static 100]);

#endif

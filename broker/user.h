/* SPDX-License-Identifier: EUPL-1.2 */
/* As whom the process runs. */
#ifndef KG_USER_H
#define KG_USER_H

#include <stdbool.h>

/* Becomes a user, with its groups and for good; one that the process is already is nothing to do.
 * False with a sentence in `error`. While there is one thread. */
bool kg_user_become(const char *name, char error[static 200]);

#endif

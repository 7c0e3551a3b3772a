/* SPDX-License-Identifier: EUPL-1.2 */
/* What must hold of a journal after a fault, whatever the fault was. */
#ifndef AFTERMATH_H
#define AFTERMATH_H

#include <stdint.h>

/* Opens it, and makes it where it was not made yet; it holds all that was acknowledged and no more
 * than was sent, is undamaged, and takes another record. NULL, or what is wrong (static). */
const char *aftermath_look(const char *folder, uint64_t acknowledged, uint64_t sent);

#endif

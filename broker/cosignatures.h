/* SPDX-License-Identifier: EUPL-1.2 */
/* Cosignatures kept through a restart, in a file of the broker's folder: text, a line each. It is
 * written anew as a whole, a second after a witness came, and nothing rests on it: each is checked
 * again when it is read, and what is damaged, of another deployment or another history, or of a
 * key that is gone, is left out. */
#ifndef KG_COSIGNATURES_H
#define KG_COSIGNATURES_H

#include "broker/core.h"

/* Takes what the file has, once the journal has been read. */
void kg_cosignatures_load(kg_core *core);
/* Writes the file, if something is new and it is time, or `at_once`. */
void kg_cosignatures_keep(kg_core *core, bool at_once);

#endif

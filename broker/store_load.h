/* SPDX-License-Identifier: EUPL-1.2 */
/* Making a store what a checkpoint holds. */
#ifndef KG_STORE_LOAD_H
#define KG_STORE_LOAD_H

#include "broker/store.h"

/* A store whose journal is open, and which is empty otherwise. Where the checkpoint of its folder
 * is not used it stays empty, and half a sentence in `note` says why; "" where there is none. */
void kg_store_load(kg_store *store, const char *folder, char note[static 200]);

#endif

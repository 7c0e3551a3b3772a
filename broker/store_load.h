/* SPDX-License-Identifier: EUPL-1.2 */
/* Making a store what a checkpoint holds. */
#ifndef KG_STORE_LOAD_H
#define KG_STORE_LOAD_H

#include "broker/store.h"

/* A store whose journal is open, and which is empty otherwise. Where the checkpoint of its folder
 * is not used it stays empty, and half a sentence in `note` says why; "" where there is none. False
 * with a sentence in `error`: the store is not what the checkpoint holds, and must not be used. */
bool kg_store_load(kg_store *store, const char *folder, char note[static 200],
                   char error[static 300]);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The allow-list: which transport keys may connect, and whose they are. Any thread. */
#ifndef KG_ADMITTED_H
#define KG_ADMITTED_H

#include <stdbool.h>

#include "proto/organisation.h"

typedef struct kg_admitted kg_admitted;

kg_admitted *kg_admitted_new(void);
void kg_admitted_destroy(kg_admitted **admitted);
void kg_admitted_add(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES],
                     const char *organisation);
void kg_admitted_remove(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES]);
/* Counts a handshake of a key: false when it has had `most` in the same second already (0: no
 * limit). */
bool kg_admitted_pace(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES], int64_t now_ms,
                      unsigned most);
/* False when the key is not on the list. */
bool kg_admitted_find(kg_admitted *admitted, const uint8_t key[KG_KEY_BYTES],
                      char organisation[static KG_ID_BYTES_MAX + 1]);
/* Calls `each` with every key and whose it is; it is to call nothing here. */
void kg_admitted_each(kg_admitted *admitted,
                      void (*each)(void *context, const uint8_t key[KG_KEY_BYTES],
                                   const char *organisation),
                      void *context);

#endif

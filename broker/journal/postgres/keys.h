/* SPDX-License-Identifier: EUPL-1.2 */
/* Which request keys a journal may have, 8 bytes of each in memory: the core asks for every
 * request, and a question to the server would cost more than the request. "No" is certain; "maybe"
 * is for the server to answer. Any thread may ask while another adds. */
#ifndef KG_POSTGRES_KEYS_H
#define KG_POSTGRES_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/journal/journal.h"

typedef struct kg_known_keys kg_known_keys;

kg_known_keys *kg_known_keys_new(void); /* owned */
void kg_known_keys_destroy(kg_known_keys **keys);
void kg_known_keys_add(kg_known_keys *keys, const uint8_t key[KG_REQUEST_KEY_BYTES]);
bool kg_known_keys_may_have(kg_known_keys *keys, const uint8_t key[KG_REQUEST_KEY_BYTES]);

#endif

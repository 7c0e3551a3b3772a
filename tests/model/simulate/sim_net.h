/* SPDX-License-Identifier: EUPL-1.2 */
/* A simulated network behind net.h: messages take their time, are lost, come twice or garbled, and
 * overtake those of other connections; connections end, and what was on them is gone. */
#ifndef SIM_NET_H
#define SIM_NET_H

#include "broker/net/net.h"

void sim_net_begin(void);
void sim_net_end(void);
/* A connection of a client with this key; whether it is let in shows when something arrives. */
uint32_t sim_connect(const uint8_t transport[KG_KEY_BYTES]);
void sim_disconnect(uint32_t connection);
void sim_send(uint32_t connection, const uint8_t *bytes, size_t count);

/* What the network asks of the rest: a reply leaves the broker; it reaches its client; a hint. */
void sim_broker_says(const uint8_t *bytes, size_t count);
void sim_client_hears(const uint8_t *bytes, size_t count);
void sim_broker_hints(const char *organisation, uint64_t number);

#endif

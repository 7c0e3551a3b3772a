/* SPDX-License-Identifier: EUPL-1.2 */
/* The entrance: who may come in when the broker begins to serve, and what the gate does with
 * everything that comes. */
#ifndef KG_ENTRANCE_H
#define KG_ENTRANCE_H

#include "broker/core.h"

/* Lets in, at the gate and in the network, every member that the state of `core` (a kg_core) knows.
 * For kg_net_options.admit: before the sockets are bound. */
void kg_entrance_open(void *core, kg_net *net);
/* Reading at the gate, by so many threads. */
kg_net_preparing kg_entrance_preparing(kg_gate *gate, int threads);

#endif

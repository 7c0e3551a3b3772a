/* SPDX-License-Identifier: EUPL-1.2 */
/* THE path of a request, one function a step, read top to bottom: past the gate (gate.h: envelope,
 * who signs, decoded), what its key may do, seen before, not expired, allowed, decided, staged.
 * What does not pass a step is answered there with that step's status. */
#ifndef KG_REQUEST_H
#define KG_REQUEST_H

#include "broker/core.h"

/* Handles one message that the gate has read, and frees what it holds. */
void kg_request_handle(kg_core *core, kg_net_message *message);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/waiting.h"

#include <stdlib.h>

#include "broker/gate.h"
#include "broker/request.h"
#include "proto/memory.h"

void kg_waiting_put(kg_waiting *waiting, kg_net_message *message)
{
    waiting->messages = kg_grow(waiting->messages, waiting->count, &waiting->capacity,
                                sizeof *waiting->messages);
    waiting->messages[waiting->count++] = *message;
    message->bytes = NULL;
    message->prepared = NULL;
}

void kg_waiting_handle(kg_waiting *waiting, struct kg_core *core)
{
    kg_waiting taken = *waiting;
    *waiting = (kg_waiting){0};
    for (size_t i = 0; i < taken.count; i++)
        kg_request_handle(core, &taken.messages[i]);
    free(taken.messages);
}

void kg_waiting_drop(kg_waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++) {
        kg_arrival *arrival = waiting->messages[i].prepared;
        kg_arrival_destroy(&arrival);
        free(waiting->messages[i].bytes);
    }
    free(waiting->messages);
    *waiting = (kg_waiting){0};
}

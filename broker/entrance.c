/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/entrance.h"

void kg_entrance_open(void *context, kg_net *net)
{
    kg_core *core = context;
    const kg_state *state = core->store.state;
    kg_gate_set_catalogue(core->gate, kg_state_catalogue(state));
    for (size_t i = 0; i < kg_state_members(state); i++) {
        const kg_member *member = kg_state_member(state, (uint32_t)i);
        kg_gate_admit(core->gate, member->record.id, NULL, member->record.languages);
        for (size_t j = 0; j < member->keys_count; j++) {
            kg_gate_admit(core->gate, member->record.id, member->keys[j].sign,
                          member->record.languages);
            kg_net_admit(net, member->keys[j].transport, member->record.id);
        }
        for (size_t j = 0; j < member->revoked_count; j++)
            kg_gate_admit(core->gate, member->record.id, member->revoked[j].key.sign,
                          member->record.languages);
    }
}

static void read_at_gate(void *gate, kg_net_message *message)
{
    message->prepared = kg_gate_read(gate, message);
}

static void discard(void *gate, void *prepared)
{
    kg_arrival *arrival = prepared;
    (void)gate;
    kg_arrival_destroy(&arrival);
}

kg_net_preparing kg_entrance_preparing(kg_gate *gate, int threads)
{
    return (kg_net_preparing){read_at_gate, discard, gate, threads};
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The gate: all of a message that can be done without the state, on any thread: it is taken apart,
 * its signature or tag is checked, its body read. The gate knows of members only whose keys are
 * durable, and the catalogue in force; what was read by an earlier one is read again. It forgets no
 * key: one that was revoked is refused by the state, by a status that only who can sign with it is
 * told. */
#ifndef KG_GATE_H
#define KG_GATE_H

#include "broker/net/net.h"
#include "proto/codec.h"
#include "proto/envelope.h"

/* A message that has passed the gate, or the reason why not. */
typedef struct kg_arrival {
    kg_envelope envelope; /* borrows from the message's bytes */
    kg_status status;     /* OK: it is from whom it says, and new enough to be read */
    uint8_t request_key[KG_SHA256_BYTES];
    uint8_t sign[KG_KEY_BYTES]; /* with OK: the key that signed, or shares what tagged */
    const kg_catalogue *catalogue; /* by which it was read */
    int64_t until_ms; /* monotonic: how long it waits for what its asker has seen; 0: it does not */
    kg_status read; /* with OK: of the body; UNKNOWN_KIND: it is none that can be asked for */
    char detail[600];
    kg_command command; /* owned; one of these four */
    kg_query query;     /* owned */
    kg_page page;
    kg_tree_head cosigned;
} kg_arrival;

typedef struct kg_gate kg_gate;

/* Borrows the broker's identity, with which tags are checked. */
kg_gate *kg_gate_new(const char *deployment, const kg_identity *identity);
void kg_gate_destroy(kg_gate **gate);
/* The catalogue by which bodies are read; borrowed for as long as the gate lives. Any thread. */
void kg_gate_set_catalogue(kg_gate *gate, const kg_catalogue *catalogue);
/* Reads the body again where it was read by an earlier catalogue. */
void kg_gate_read_anew(kg_gate *gate, kg_arrival *arrival);
/* A member whose messages may come in; adds the key unless it is there already (NULL: none). */
void kg_gate_admit(kg_gate *gate, const char *organisation, const uint8_t *sign,
                   kg_languages languages);
/* Reads a message. Any thread. Returns owned. */
kg_arrival *kg_gate_read(kg_gate *gate, const kg_net_message *message);
void kg_arrival_destroy(kg_arrival **arrival);
/* A command, which is journalled when it is accepted? */
bool kg_arrival_commands(const kg_arrival *arrival);

#endif

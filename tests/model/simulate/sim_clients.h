/* SPDX-License-Identifier: EUPL-1.2 */
/* Clients of all roles: they do what a random life does (random_life.h), ask questions, wait for
 * replies, and send again under the same request id what was not answered. They know no more than
 * what they were told; only what they do next is picked by looking at a state. */
#ifndef SIM_CLIENTS_H
#define SIM_CLIENTS_H

#include <stdbool.h>

#include "broker/config.h"
#include "broker/domain/state.h"

#define SIM_COORDINATOR_ROLES (KG_ROLE_ORGANISATION | KG_ROLE_COORDINATOR | KG_ROLE_ADMINISTRATOR)

void sim_clients_begin(unsigned steps, const kg_config *config);
void sim_clients_end(void);
/* The state by which they pick; NULL: of the shadow. */
void sim_clients_look_at(const kg_state *state);
/* All was done, and nobody waits for anything any more. */
bool sim_clients_done(void);
/* Every receipt that was given is of a record that is there. */
void sim_clients_check(void);
/* The catalogue of the moment, in the broker's file. */
const char *sim_clients_catalogue(void);
/* The broker does not begin with it: the file is put back as it was. */
void sim_clients_put_back_catalogue(void);

#endif

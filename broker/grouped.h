/* SPDX-License-Identifier: EUPL-1.2 */
/* Commands that need a grouping first: they wait here while the worker runs it and the core goes
 * on; then they are decided and journalled like any other. */
#ifndef KG_GROUPED_H
#define KG_GROUPED_H

#include "broker/core.h"

/* Gives the job to the worker. Takes job, command (left empty) and message (NULL: none). */
void kg_grouped_begin(kg_core *core, const kg_caller *caller, kg_command *command, kg_job **job,
                      uint8_t *message, size_t message_bytes,
                      const uint8_t request_key[KG_REQUEST_KEY_BYTES]);
/* Is this round being grouped? */
bool kg_grouped_busy(const kg_core *core, const char *round);
/* The waiting command with this request key, or NULL. */
kg_pending *kg_grouped_find(kg_core *core, const uint8_t request_key[KG_REQUEST_KEY_BYTES]);
/* Decides the commands whose groupings have ended. */
void kg_grouped_finish(kg_core *core);
/* Forgets those still waiting: they were never accepted. */
void kg_grouped_drop(kg_core *core);

#endif

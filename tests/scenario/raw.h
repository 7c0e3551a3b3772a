/* SPDX-License-Identifier: EUPL-1.2 */
/* Messages below libkopgroep, which would not send what a test needs. */
#ifndef SCENARIO_RAW_H
#define SCENARIO_RAW_H

#include "client/transport.h"
#include "proto/codec.h"
#include "proto/envelope.h"

#define RAW_MINUTE_MS 60000
#define RAW_ANSWER_MS 20000

int64_t raw_wall_ms(void);
/* What an honest client would send, under a fresh request id; borrows the body. */
kg_envelope raw_envelope(const kg_broker_access *access, const kg_identity *signer, kg_kind kind,
                         const kg_buffer *body);
/* A submission of one line of this key; the body is the caller's to end. */
void raw_submit_body(const char *line, kg_buffer *body);
/* Sends a message and waits for its answer; kg_reply_fini() in either case. */
bool raw_ask(kg_client_transport *transport, const kg_buffer *message, kg_reply *reply);

#endif

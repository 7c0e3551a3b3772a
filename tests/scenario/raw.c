/* SPDX-License-Identifier: EUPL-1.2 */
#include "raw.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t raw_wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

kg_envelope raw_envelope(const kg_broker_access *access, const kg_identity *signer, kg_kind kind,
                         const kg_buffer *body)
{
    kg_public_key key;
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = kind,
                            .expires_ms = raw_wall_ms() + RAW_MINUTE_MS,
                            .body = (const uint8_t *)body->bytes,
                            .body_bytes = body->count};
    memcpy(envelope.deployment, access->deployment, sizeof envelope.deployment);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s",
                   kg_identity_organisation(signer));
    kg_identity_public(signer, &key);
    kg_key_id(key.sign, envelope.key_id);
    kg_random(envelope.request_id, sizeof envelope.request_id);
    return envelope;
}

void raw_submit_body(const char *line, kg_buffer *body)
{
    kg_line_draft draft = {0};
    kg_command command;
    draft.text[KG_COLUMN_LINE] = line;
    draft.text[KG_COLUMN_CATEGORY] = "laptop";
    draft.text[KG_COLUMN_QUANTITY] = "10";
    draft.text[KG_COLUMN_DELIVERY_FROM] = "2027-03-01";
    draft.text[KG_COLUMN_DELIVERY_TO] = "2027-06-30";
    draft.text[KG_COLUMN_NUTS] = "BE211";
    kg_command_init(&command, KG_KIND_SUBMIT);
    command.submit = (kg_submit){.part = 1, .parts = 1, .drafts = &draft, .count = 1};
    kg_buffer_init(body);
    kg_codec_command_encode(&command, NULL, body);
    kg_command_fini(&command);
}

bool raw_ask(kg_client_transport *transport, const kg_buffer *message, kg_reply *reply)
{
    uint8_t *bytes = NULL;
    size_t count = 0;
    kg_reply_init(reply);
    bool good = kg_client_transport_send(transport, message->bytes, message->count) &&
                kg_client_transport_receive(transport, kg_client_now_ms() + RAW_ANSWER_MS, &bytes,
                                            &count) == KG_CLIENT_FRAME &&
                kg_codec_reply_decode(bytes, count, reply);
    free(bytes);
    return good;
}

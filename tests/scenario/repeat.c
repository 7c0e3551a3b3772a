/* SPDX-License-Identifier: EUPL-1.2 */
/* repeat ACCESS IDENTITY FILE TIMES: one and the same submission, so many times over eight
 * connections at once. It is the message in FILE; where that is empty or not there, a new one of
 * line R-1, which is kept in it. Prints, for each answer that is other than those before it, how
 * many there were, the status, and the receipt. Exit 0 when each was answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raw.h"

#define CONNECTIONS 8
#define ANSWERS_MAX 16

typedef struct answer {
    char text[300];
    int count;
} answer;

typedef struct repeat {
    kg_broker_access access;
    kg_identity *identity;
    kg_client_transport *transports[CONNECTIONS];
    kg_buffer message;
    answer answers[ANSWERS_MAX];
} repeat;

static bool read_message(repeat *r, const char *path)
{
    char bytes[65536];
    FILE *file = fopen(path, "rb");
    const size_t count = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    kg_buffer_add(&r->message, bytes, count);
    return count > 0;
}

static bool make_message(repeat *r, const char *path)
{
    kg_buffer body;
    FILE *file = fopen(path, "wb");
    raw_submit_body("R-1", &body);
    const kg_envelope envelope = raw_envelope(&r->access, r->identity, KG_KIND_SUBMIT, &body);
    kg_envelope_seal(&envelope, r->identity, &r->message);
    kg_buffer_fini(&body);
    const size_t written = file ? fwrite(r->message.bytes, 1, r->message.count, file) : 0;
    return file && fclose(file) == 0 && written == r->message.count;
}

static bool connect_all(repeat *r)
{
    char detail[KG_CLIENT_DETAIL_BYTES];
    for (int i = 0; i < CONNECTIONS; i++) {
        r->transports[i] = kg_client_transport_new(&r->access, r->identity);
        if (kg_client_transport_connect(r->transports[i], false,
                                        kg_client_now_ms() + RAW_ANSWER_MS,
                                        detail) != KG_CLIENT_LET_IN) {
            printf("not let in: %s\n", detail);
            return false;
        }
    }
    return true;
}

static bool note_answer(repeat *r, const kg_reply *reply)
{
    char chain[65] = "", digest[65] = "", text[300];
    if (reply->has_receipt) {
        kg_hex_write(reply->chain, sizeof reply->chain, chain);
        kg_hex_write(reply->event_digest, sizeof reply->event_digest, digest);
    }
    kg_text_format(text, sizeof text, "%s %llu %s %s", kg_status_name(reply->status),
                   (unsigned long long)reply->sequence, chain, digest);
    for (int i = 0; i < ANSWERS_MAX; i++)
        if (r->answers[i].count == 0 || strcmp(r->answers[i].text, text) == 0) {
            memcpy(r->answers[i].text, text, sizeof text);
            r->answers[i].count++;
            return true;
        }
    return false;
}

static bool receive(repeat *r, kg_client_transport *transport)
{
    uint8_t *bytes = NULL;
    size_t count = 0;
    kg_reply reply;
    kg_reply_init(&reply);
    bool good = kg_client_transport_receive(transport, kg_client_now_ms() + RAW_ANSWER_MS, &bytes,
                                            &count) == KG_CLIENT_FRAME &&
                kg_codec_reply_decode(bytes, count, &reply) && note_answer(r, &reply);
    kg_reply_fini(&reply);
    free(bytes);
    return good;
}

static bool send_all(repeat *r, int times)
{
    bool good = true;
    for (int i = 0; good && i < times; i++)
        good = kg_client_transport_send(r->transports[i % CONNECTIONS], r->message.bytes,
                                        r->message.count);
    for (int i = 0; good && i < times; i++)
        good = receive(r, r->transports[i % CONNECTIONS]);
    if (!good)
        printf("not all were answered\n");
    for (int i = 0; i < ANSWERS_MAX && r->answers[i].count > 0; i++)
        printf("%d %s\n", r->answers[i].count, r->answers[i].text);
    return good;
}

int main(int argc, char **argv)
{
    repeat r = {0};
    kg_problems problems;
    bool needs;
    kg_problems_init(&problems, "access");
    if (argc != 5 || !kg_broker_access_read(argv[1], &r.access, &problems))
        return 2;
    kg_buffer_init(&r.message);
    r.identity = kg_identity_read(argv[2], NULL, &needs);
    bool good = r.identity && (read_message(&r, argv[3]) || make_message(&r, argv[3])) &&
                connect_all(&r) && send_all(&r, atoi(argv[4]));
    for (int i = 0; i < CONNECTIONS; i++)
        kg_client_transport_destroy(&r.transports[i]);
    kg_buffer_fini(&r.message);
    kg_problems_fini(&problems);
    kg_identity_destroy(&r.identity);
    return good ? 0 : 1;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* forge ACCESS IDENTITY OTHER SECOND: sends messages that no honest client sends, over an admitted
 * connection, and holds the broker to the status of each. OTHER is another organisation's
 * registered identity, SECOND another one of the same organisation, which may do no more and is
 * revoked at the end. Exit 0 when every answer was right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raw.h"

typedef struct forge {
    kg_broker_access access;
    kg_identity *identity, *other, *second;
    kg_client_transport *transport;
    int failures;
} forge;

/* What an honest client would send. */
static kg_envelope honest(const forge *f, kg_kind kind, const kg_buffer *body)
{
    return raw_envelope(&f->access, f->identity, kind, body);
}

static bool ask(forge *f, const kg_buffer *message, kg_reply *reply)
{
    return raw_ask(f->transport, message, reply);
}

static void expect(forge *f, const char *what, const kg_buffer *message, kg_status status)
{
    kg_reply reply;
    bool answered = ask(f, message, &reply);
    if (!answered || reply.status != status) {
        printf("%s: %s, not %s\n", what, answered ? kg_status_name(reply.status) : "no answer",
               kg_status_name(status));
        f->failures++;
    }
    kg_reply_fini(&reply);
}

static void try(forge *f, const char *what, const kg_envelope *envelope,
                const kg_identity *signer, kg_status status)
{
    kg_buffer message;
    kg_buffer_init(&message);
    kg_envelope_seal(envelope, signer, &message);
    expect(f, what, &message, status);
    kg_buffer_fini(&message);
}

static void forge_envelopes(forge *f, const kg_buffer *body)
{
    kg_envelope e = honest(f, KG_KIND_SUBMIT, body);
    e.version = 99;
    try(f, "another version", &e, f->identity, KG_STATUS_VERSION);
    e = honest(f, KG_KIND_SUBMIT, body);
    e.deployment[0] ^= 1;
    try(f, "another deployment", &e, f->identity, KG_STATUS_DEPLOYMENT);
    e = honest(f, KG_KIND_SUBMIT, body);
    e.expires_ms = raw_wall_ms() - RAW_MINUTE_MS;
    try(f, "expired", &e, f->identity, KG_STATUS_EXPIRED);
    e = honest(f, KG_KIND_SUBMIT, body);
    e.expires_ms = raw_wall_ms() + 48 * 60 * (int64_t)RAW_MINUTE_MS;
    try(f, "an expiry far ahead", &e, f->identity, KG_STATUS_EXPIRED);
    e = honest(f, KG_KIND_SUBMIT, body);
    e.key_id[0] ^= 1;
    try(f, "a key that is not registered", &e, f->identity, KG_STATUS_UNKNOWN_KEY);
    e = honest(f, KG_KIND_SUBMIT, body);
    try(f, "another's signature", &e, f->other, KG_STATUS_SIGNATURE);
    kg_text_format(e.organisation, sizeof e.organisation, "%s",
                   kg_identity_organisation(f->other));
    try(f, "in another's name", &e, f->other, KG_STATUS_WRONG_ORGANISATION);
    e = honest(f, (kg_kind)999, body);
    try(f, "an unknown kind", &e, f->identity, KG_STATUS_UNKNOWN_KIND);
    e = honest(f, KG_KIND_CATALOGUE, body);
    try(f, "a kind of the broker's own", &e, f->identity, KG_STATUS_ROLE);
}

static void try_tagged(forge *f, const char *what, kg_kind kind, const kg_buffer *body,
                       const uint8_t shared[KG_SHARED_BYTES], kg_status status)
{
    kg_envelope e = honest(f, kind, body);
    kg_buffer message;
    kg_buffer_init(&message);
    kg_envelope_tag(&e, shared, &message);
    expect(f, what, &message, status);
    kg_buffer_fini(&message);
}

static void encode_query(kg_view view, const char *round, const char *lot, kg_buffer *body)
{
    kg_query query;
    kg_query_init(&query, view);
    query.round = round;
    query.lot = lot;
    kg_buffer_init(body);
    kg_codec_query_encode(&query, body);
    kg_query_fini(&query);
}

/* A tag is enough for a question, but not for one that may be kept, and for no command. */
static void forge_tags(forge *f, const kg_buffer *submission)
{
    uint8_t shared[KG_SHARED_BYTES], others[KG_SHARED_BYTES];
    kg_buffer status, result, lines, lot;
    encode_query(KG_VIEW_STATUS, NULL, NULL, &status);
    encode_query(KG_VIEW_RESULT, "R", NULL, &result);
    encode_query(KG_VIEW_LINES, "R", NULL, &lines);
    encode_query(KG_VIEW_LOT, NULL, "L", &lot);
    kg_identity_share(f->identity, true, f->access.sign, shared);
    kg_identity_share(f->other, true, f->access.sign, others);
    try_tagged(f, "a tagged question", KG_KIND_QUERY, &status, shared, KG_STATUS_OK);
    try_tagged(f, "another's tag", KG_KIND_QUERY, &status, others, KG_STATUS_SIGNATURE);
    try_tagged(f, "a tagged command", KG_KIND_SUBMIT, submission, shared, KG_STATUS_SIGNATURE);
    try_tagged(f, "a tagged cosignature", KG_KIND_COSIGN, &status, shared, KG_STATUS_SIGNATURE);
    try_tagged(f, "a result, tagged", KG_KIND_QUERY, &result, shared, KG_STATUS_SIGNATURE);
    try_tagged(f, "a round's lines, tagged", KG_KIND_QUERY, &lines, shared, KG_STATUS_SIGNATURE);
    try_tagged(f, "a lot, tagged", KG_KIND_QUERY, &lot, shared, KG_STATUS_SIGNATURE);
    shared[0] ^= 1;
    try_tagged(f, "a wrong tag", KG_KIND_QUERY, &status, shared, KG_STATUS_SIGNATURE);
    kg_buffer_fini(&status);
    kg_buffer_fini(&result);
    kg_buffer_fini(&lines);
    kg_buffer_fini(&lot);
}

static void forge_bodies(forge *f, const kg_buffer *body)
{
    static const uint8_t unknown[] = {0xfa, 0x01, 0x01, 'x'}; /* field 31 */
    kg_buffer wrong;
    kg_buffer_init(&wrong);
    kg_buffer_add(&wrong, body->bytes, body->count);
    kg_buffer_add(&wrong, unknown, sizeof unknown);
    kg_envelope e = honest(f, KG_KIND_SUBMIT, &wrong);
    try(f, "an unknown field", &e, f->identity, KG_STATUS_UNKNOWN_FIELD);
    wrong.count = 3;
    memcpy(wrong.bytes, "\xff\xff\xff", 3);
    e = honest(f, KG_KIND_SUBMIT, &wrong);
    try(f, "no protobuf", &e, f->identity, KG_STATUS_MALFORMED);
    wrong.count = 7;
    memcpy(wrong.bytes, "rubbish", 7);
    expect(f, "no envelope", &wrong, KG_STATUS_MALFORMED);
    wrong.count = 0;
    const kg_page page = {12345, 0};
    kg_codec_page_encode(&page, &wrong);
    e = honest(f, KG_KIND_PAGE, &wrong);
    try(f, "a page of nobody's answer", &e, f->identity, KG_STATUS_DOCUMENT_GONE);
    kg_buffer_fini(&wrong);
}

/* Sent again: the same receipt. The same id with other content: refused. */
static void send_again(forge *f, const kg_buffer *body)
{
    kg_buffer message, other;
    kg_reply first, second;
    kg_envelope e = honest(f, KG_KIND_SUBMIT, body);
    kg_buffer_init(&message);
    kg_envelope_seal(&e, f->identity, &message);
    bool answered = ask(f, &message, &first);
    answered = ask(f, &message, &second) && answered;
    if (!answered || first.status != KG_STATUS_OK || !second.has_receipt ||
        first.sequence != second.sequence || memcmp(first.chain, second.chain, 32) != 0) {
        printf("sent again: another receipt\n");
        f->failures++;
    }
    raw_submit_body("F-2", &other);
    e.body = (const uint8_t *)other.bytes;
    e.body_bytes = other.count;
    try(f, "the same id with other content", &e, f->identity, KG_STATUS_REQUEST_ID_REUSED);
    kg_reply_fini(&first);
    kg_reply_fini(&second);
    kg_buffer_fini(&message);
    kg_buffer_fini(&other);
}

static uint64_t ask_status(forge *f)
{
    kg_buffer body, message;
    kg_query query;
    kg_reply reply;
    kg_buffer_init(&body);
    kg_buffer_init(&message);
    kg_query_init(&query, KG_VIEW_STATUS);
    kg_codec_query_encode(&query, &body);
    kg_envelope e = honest(f, KG_KIND_QUERY, &body);
    kg_envelope_seal(&e, f->identity, &message);
    uint64_t document = ask(f, &message, &reply) && reply.has_page ? reply.document : 0;
    kg_reply_fini(&reply);
    kg_buffer_fini(&message);
    kg_buffer_fini(&body);
    return document;
}

/* An answer is for the key that asked: another key of the organisation has other roles. */
static void read_anothers_answer(forge *f)
{
    kg_buffer body;
    const kg_page page = {ask_status(f), 0};
    kg_buffer_init(&body);
    kg_codec_page_encode(&page, &body);
    kg_envelope e = raw_envelope(&f->access, f->second, KG_KIND_PAGE, &body);
    try(f, "a page of another key's answer", &e, f->second, KG_STATUS_DOCUMENT_GONE);
    e = honest(f, KG_KIND_PAGE, &body);
    try(f, "a page of the own answer", &e, f->identity, KG_STATUS_OK);
    kg_buffer_fini(&body);
}

static void send_query(forge *f, const kg_identity *signer, uint8_t id[KG_REQUEST_ID_BYTES])
{
    kg_buffer body, message;
    kg_query query;
    kg_buffer_init(&body);
    kg_buffer_init(&message);
    kg_query_init(&query, KG_VIEW_STATUS);
    kg_codec_query_encode(&query, &body);
    kg_envelope e = raw_envelope(&f->access, signer, KG_KIND_QUERY, &body);
    memcpy(id, e.request_id, KG_REQUEST_ID_BYTES);
    kg_envelope_seal(&e, signer, &message);
    kg_client_transport_send(f->transport, message.bytes, message.count);
    kg_buffer_fini(&message);
    kg_buffer_fini(&body);
}

static void send_revocation(forge *f, uint8_t id[KG_REQUEST_ID_BYTES])
{
    kg_buffer body, message;
    kg_command command;
    kg_buffer_init(&body);
    kg_buffer_init(&message);
    kg_command_init(&command, KG_KIND_KEY_REVOKE);
    kg_identity_public(f->second, &command.key);
    kg_codec_command_encode(&command, NULL, &body);
    kg_envelope e = honest(f, KG_KIND_KEY_REVOKE, &body);
    memcpy(id, e.request_id, KG_REQUEST_ID_BYTES);
    kg_envelope_seal(&e, f->identity, &message);
    kg_client_transport_send(f->transport, message.bytes, message.count);
    kg_command_fini(&command);
    kg_buffer_fini(&message);
    kg_buffer_fini(&body);
}

/* Before, the revocation itself, and behind it in the same queue: not one more is served. */
static void revoke_the_second(forge *f)
{
    static const kg_status expected[] = {KG_STATUS_OK, KG_STATUS_OK, KG_STATUS_KEY_REVOKED,
                                         KG_STATUS_KEY_REVOKED};
    uint8_t ids[4][KG_REQUEST_ID_BYTES];
    int64_t deadline = kg_client_now_ms() + RAW_ANSWER_MS;
    size_t right = 0;
    send_query(f, f->second, ids[0]);
    send_revocation(f, ids[1]);
    send_query(f, f->second, ids[2]);
    send_query(f, f->second, ids[3]);
    for (size_t n = 0; n < 4; n++) {
        kg_reply reply;
        uint8_t *bytes = NULL;
        size_t count = 0;
        kg_reply_init(&reply);
        bool got = kg_client_transport_receive(f->transport, deadline, &bytes, &count) ==
                       KG_CLIENT_FRAME &&
                   kg_codec_reply_decode(bytes, count, &reply);
        for (size_t i = 0; got && i < 4; i++)
            right += memcmp(reply.request_id, ids[i], sizeof ids[i]) == 0 &&
                     reply.status == expected[i];
        kg_reply_fini(&reply);
        free(bytes);
    }
    if (right != 4) {
        printf("revoked while it speaks: %zu of 4 answers are right\n", right);
        f->failures++;
    }
}

int main(int argc, char **argv)
{
    forge f = {0};
    char detail[KG_CLIENT_DETAIL_BYTES];
    kg_buffer body;
    kg_problems problems;
    bool needs;
    kg_problems_init(&problems, "access");
    if (argc != 5 || !kg_broker_access_read(argv[1], &f.access, &problems))
        return 2;
    f.identity = kg_identity_read(argv[2], NULL, &needs);
    f.other = kg_identity_read(argv[3], NULL, &needs);
    f.second = kg_identity_read(argv[4], NULL, &needs);
    f.transport = kg_client_transport_new(&f.access, f.identity);
    if (kg_client_transport_connect(f.transport, false, kg_client_now_ms() + RAW_ANSWER_MS,
                                    detail) != KG_CLIENT_LET_IN) {
        printf("not let in: %s\n", detail);
        return 3;
    }
    raw_submit_body("F-1", &body);
    forge_envelopes(&f, &body);
    forge_tags(&f, &body);
    forge_bodies(&f, &body);
    send_again(&f, &body);
    read_anothers_answer(&f);
    revoke_the_second(&f);
    kg_buffer_fini(&body);
    kg_problems_fini(&problems);
    kg_client_transport_destroy(&f.transport);
    kg_identity_destroy(&f.identity);
    kg_identity_destroy(&f.other);
    kg_identity_destroy(&f.second);
    return f.failures ? 1 : 0;
}

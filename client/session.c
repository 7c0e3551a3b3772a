/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ENTRY_MS 5000
#define TIMEOUT_MS 30000
#define EXPIRY_MS 600000

/* ---- opening ---- */

static bool read_access(kopgroep_session *session, const char *path, kopgroep_answer *answer)
{
    kg_problems problems;
    kg_problems_init(&problems, path);
    bool good = kg_broker_access_read(path, &session->access, &problems);
    if (!good) {
        kg_client_take_problems(answer, &problems);
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s is not a broker's access file. The administrator has it: broker.access "
                      "in the broker's folder.",
                      path);
    }
    kg_problems_fini(&problems);
    return good;
}

static bool read_identity(kopgroep_session *session, const kopgroep_options *options,
                          kopgroep_answer *answer)
{
    bool needs_passphrase = false;
    session->identity =
        kg_identity_read(options->identity, options->passphrase, &needs_passphrase);
    if (!session->identity)
        kg_client_say(answer, KOPGROEP_LOCAL, "%s%s", kg_identity_error(),
                      needs_passphrase ? " It needs its passphrase." : "");
    return session->identity != NULL;
}

static void say_entry(const kopgroep_session *session, const char *identity, kg_entry entry,
                      kopgroep_answer *answer)
{
    const char *endpoint = session->access.requests;
    switch (entry) {
    case KG_ENTRY_GRANTED:
        return;
    case KG_ENTRY_NOT_REACHED:
        kg_client_say(answer, KOPGROEP_NOT_REACHED,
                      "Nobody answers at %s. Is the broker running, and does a firewall let you "
                      "through?",
                      endpoint);
        return;
    case KG_ENTRY_REFUSED:
        kg_client_say(answer, KOPGROEP_NOT_REACHED,
                      "The broker at %s does not know the key of %s. Give %s.pub to the "
                      "administrator, who registers it.",
                      endpoint, identity, identity);
        return;
    case KG_ENTRY_BROKEN:
        kg_client_say(answer, KOPGROEP_NOT_REACHED,
                      "Something listens at %s, but it is not the broker of your access file, or "
                      "not a Kopgroep broker, or it does not know your key. Ask the "
                      "administrator for a new access file.",
                      endpoint);
        return;
    case KG_ENTRY_FAILED:
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "No socket can be made for %s: is the endpoint well written, and are "
                      "descriptors left?",
                      endpoint);
    }
}

kopgroep_session *kopgroep_open(const kopgroep_options *options, kopgroep_answer *answer)
{
    kopgroep_session *session = kg_alloc(1, sizeof *session);
    *answer = (kopgroep_answer){0};
    session->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS;
    kg_buffer_init(&session->last);
    if (read_access(session, options->broker, answer) &&
        read_identity(session, options, answer)) {
        session->transport = kg_transport_new(&session->access, session->identity);
        kg_entry entry = kg_transport_connect(session->transport, ENTRY_MS);
        if (entry == KG_ENTRY_GRANTED)
            return session;
        say_entry(session, options->identity, entry, answer);
    }
    kopgroep_close(&session);
    return NULL;
}

void kopgroep_close(kopgroep_session **session)
{
    if (!*session)
        return;
    kg_transport_destroy(&(*session)->transport);
    kg_identity_destroy(&(*session)->identity);
    kg_catalogue_destroy(&(*session)->catalogue);
    kg_buffer_fini(&(*session)->last);
    free(*session);
    *session = NULL;
}

const char *kopgroep_organisation(const kopgroep_session *session)
{
    return kg_identity_organisation(session->identity);
}

/* ---- a request and its reply ---- */

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void seal(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                 uint8_t request_id[KG_REQUEST_ID_BYTES], kg_buffer *out)
{
    kg_public_key key;
    kg_envelope envelope = {
        .version = KG_PROTOCOL_VERSION,
        .kind = kind,
        .expires_ms = clock_ms(CLOCK_REALTIME) + EXPIRY_MS,
        .body = (const uint8_t *)body->bytes,
        .body_bytes = body->count,
    };
    kg_identity_public(session->identity, &key);
    memcpy(envelope.deployment, session->access.deployment, sizeof envelope.deployment);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s",
                   kg_identity_organisation(session->identity));
    kg_key_id(key.sign, envelope.key_id);
    kg_random(request_id, KG_REQUEST_ID_BYTES);
    memcpy(envelope.request_id, request_id, KG_REQUEST_ID_BYTES);
    kg_envelope_seal(&envelope, session->identity, out);
}

/* Waits for the reply to a request; others (late ones) are passed over. */
static bool wait_for_reply(kopgroep_session *session, const uint8_t *request_id,
                           kg_reply *reply)
{
    int64_t deadline = clock_ms(CLOCK_MONOTONIC) + session->timeout_ms;
    int64_t left;
    while ((left = deadline - clock_ms(CLOCK_MONOTONIC)) > 0) {
        size_t count = 0;
        uint8_t *bytes = kg_transport_receive(session->transport, (int)left, &count);
        bool ours = bytes && kg_codec_reply_decode(bytes, count, reply) &&
                    memcmp(reply->request_id, request_id, KG_REQUEST_ID_BYTES) == 0;
        free(bytes);
        if (ours)
            return true;
        kg_reply_fini(reply);
        kg_reply_init(reply);
    }
    return false;
}

static bool send_and_wait(kopgroep_session *session, const kg_buffer *message,
                          const uint8_t *request_id, kg_reply *reply)
{
    return kg_transport_send(session->transport, message->bytes, message->count) &&
           wait_for_reply(session, request_id, reply);
}

/* Over a fresh connection: the old one may be dead without anybody having noticed. */
static bool send_again(kopgroep_session *session, const kg_buffer *message,
                       const uint8_t *request_id, kg_reply *reply)
{
    return kg_transport_connect(session->transport, ENTRY_MS) == KG_ENTRY_GRANTED &&
           send_and_wait(session, message, request_id, reply);
}

static bool is_question(kg_kind kind)
{
    return kind == KG_KIND_QUERY || kind == KG_KIND_PAGE;
}

static void say_silence(kopgroep_session *session, kg_kind kind, kopgroep_answer *answer)
{
    if (is_question(kind))
        kg_client_say(answer, KOPGROEP_NOT_REACHED, "No answer came from %s within %d s.",
                      session->access.requests, session->timeout_ms / 1000);
    else
        kg_client_say(answer, KOPGROEP_UNKNOWN,
                      "It was sent to %s, but no receipt came back within %d s. Sending it again "
                      "is safe: the broker does it at most once.",
                      session->access.requests, session->timeout_ms / 1000);
}

bool kg_client_request(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                       kg_reply *reply, kopgroep_answer *answer)
{
    uint8_t request_id[KG_REQUEST_ID_BYTES];
    kg_buffer message;
    kg_reply_init(reply);
    kg_buffer_init(&message);
    seal(session, kind, body, request_id, &message);
    bool answered = send_and_wait(session, &message, request_id, reply) ||
                    send_again(session, &message, request_id, reply);
    if (!answered)
        say_silence(session, kind, answer);
    if (is_question(kind)) {
        kg_buffer_fini(&message);
    } else {
        kg_buffer_fini(&session->last);
        session->last = message;
        memcpy(session->last_request, request_id, sizeof request_id);
    }
    return answered;
}

void kopgroep_resend(kopgroep_session *session, kopgroep_answer *answer)
{
    kg_reply reply;
    *answer = (kopgroep_answer){0};
    kg_reply_init(&reply);
    if (session->last.count == 0)
        kg_client_say(answer, KOPGROEP_USAGE, "Nothing was sent yet.");
    else if (send_again(session, &session->last, session->last_request, &reply))
        kg_client_take_reply(answer, &reply, NULL, NULL, 0);
    else
        say_silence(session, KG_KIND_SUBMIT, answer);
    kg_reply_fini(&reply);
}

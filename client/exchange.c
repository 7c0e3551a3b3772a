/* SPDX-License-Identifier: EUPL-1.2 */
/* How messages go out and replies come in. All is made so that sending twice does no harm: a
 * message keeps its request id and its bytes, and the broker gives its first receipt again. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/language/language.h"
#include "client/history.h"
#include "client/receipt.h"
#include "proto/limits.h"
#include "proto/memory.h"

#define EXPIRY_MS 600000
#define LOSSES_MAX 3 /* broken connections; after one more our message is likely to break them */
#define SILENCES 3   /* of several brokers each is waited for so much shorter */
#define PAUSE_MS 100 /* between two tries to connect */
#define ELSEWHERE_MS 200 /* after each broker of the list said that it cannot do it now */

int64_t kg_client_wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- a flight of messages ---- */

static void add(kopgroep_session *session, kg_client_flight *flight, kg_kind kind,
                const kg_buffer *body, bool tagged)
{
    kg_client_message *message = &flight->messages[flight->count++];
    kg_envelope envelope = {
        .version = KG_PROTOCOL_VERSION,
        .kind = kind,
        .expires_ms = kg_client_wall_ms() + EXPIRY_MS,
        .body = (const uint8_t *)body->bytes,
        .body_bytes = body->count,
    };
    *message = (kg_client_message){0};
    kg_random(message->request_id, sizeof message->request_id);
    memcpy(envelope.request_id, message->request_id, sizeof envelope.request_id);
    memcpy(envelope.deployment, kg_client_access(session)->deployment, sizeof envelope.deployment);
    memcpy(envelope.key_id, session->key_id, sizeof envelope.key_id);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s",
                   kg_identity_organisation(session->identity));
    kg_buffer_init(&message->bytes);
    if (tagged)
        kg_envelope_tag(&envelope, session->shared, &message->bytes);
    else
        kg_envelope_seal(&envelope, session->identity, &message->bytes);
}

void kg_client_flight_add(kopgroep_session *session, kg_client_flight *flight, kg_kind kind,
                          const kg_buffer *body, size_t mark)
{
    add(session, flight, kind, body, false);
    flight->messages[flight->count - 1].mark = mark;
}

void kg_client_flight_prune(kg_client_flight *flight)
{
    size_t kept = 0, sent = 0;
    for (size_t i = 0; i < flight->count; i++) {
        if (flight->messages[i].answered) {
            kg_buffer_fini(&flight->messages[i].bytes);
            continue;
        }
        sent += i < flight->sent;
        flight->messages[kept++] = flight->messages[i];
    }
    flight->count = kept;
    flight->sent = sent;
}

void kg_client_flight_fini(kg_client_flight *flight)
{
    for (size_t i = 0; i < flight->count; i++)
        kg_buffer_fini(&flight->messages[i].bytes);
    *flight = (kg_client_flight){0};
}

static bool has_left(const kg_client_flight *flight)
{
    for (size_t i = 0; i < flight->count; i++)
        if (flight->messages[i].left > 0 && !flight->messages[i].answered)
            return true;
    return false;
}

/* ---- out ---- */

static kg_client_standing connect_anew(kopgroep_session *session, kg_client_flight *flight,
                                       int64_t deadline_ms, char *cause)
{
    kg_client_standing standing;
    flight->sent = 0;
    for (;;) {
        standing =
            kg_client_brokers_reach(&session->brokers, session->transport, deadline_ms, cause);
        if (standing != KG_CLIENT_NOT_REACHED || kg_client_now_ms() + PAUSE_MS >= deadline_ms)
            return standing;
        if (kg_client_transport_pause(session->transport, kg_client_now_ms() + PAUSE_MS) ==
            KG_CLIENT_STOPPED)
            return KG_CLIENT_INTERRUPTED;
    }
}

/* What cannot be queued now is taken for a loss: receiving will say so. */
static void send_rest(kopgroep_session *session, kg_client_flight *flight)
{
    for (; flight->sent < flight->count; flight->sent++) {
        kg_client_message *message = &flight->messages[flight->sent];
        if (message->answered)
            continue;
        if (!kg_client_transport_send(session->transport, message->bytes.bytes,
                                      message->bytes.count))
            return;
        message->left++;
    }
}

/* ---- in ---- */

/* Whose reply it is. A request id of zeros says that the broker could not read one: that is an
 * answer to the oldest message. */
static bool find_message(const kg_client_flight *flight, const kg_reply *reply, size_t *which)
{
    static const uint8_t none[KG_REQUEST_ID_BYTES];
    bool unread =
        reply->status != KG_STATUS_OK && memcmp(reply->request_id, none, sizeof none) == 0;
    for (*which = 0; *which < flight->count; (*which)++) {
        const kg_client_message *message = &flight->messages[*which];
        if (!message->answered &&
            (unread || memcmp(message->request_id, reply->request_id, sizeof none) == 0))
            return true;
    }
    return false;
}

/* Replies that are nobody's (late ones, second ones) are passed over. */
static kg_client_event take_reply(kopgroep_session *session, const kg_client_flight *flight,
                                  int64_t deadline_ms, kg_reply *reply, size_t *which)
{
    for (;;) {
        uint8_t *bytes;
        size_t count;
        kg_client_event event =
            kg_client_transport_receive(session->transport, deadline_ms, &bytes, &count);
        if (event != KG_CLIENT_FRAME)
            return event;
        bool good =
            kg_codec_reply_decode(bytes, count, reply) && find_message(flight, reply, which);
        free(bytes);
        if (good)
            return KG_CLIENT_FRAME;
        kg_reply_fini(reply);
        kg_reply_init(reply);
    }
}

/* ---- what is said when no reply came ---- */

void kg_client_say_standing(const kopgroep_session *session, kg_client_standing standing,
                            const char *detail, kopgroep_answer *answer)
{
    if (standing != KG_CLIENT_NOT_LET_IN) {
        kg_client_say(answer,
                      standing == KG_CLIENT_UNUSABLE ? KOPGROEP_LOCAL : KOPGROEP_NOT_REACHED, "%s",
                      detail);
        if (standing == KG_CLIENT_CROWDED) {
            answer->code = KG_STATUS_TOO_MANY_CONNECTIONS;
            answer->code_name = kg_status_name(KG_STATUS_TOO_MANY_CONNECTIONS);
        }
        return;
    }
    kg_client_say(answer, KOPGROEP_NOT_REACHED,
                  "The broker at %s does not know the key of %s. Give %s.pub to the "
                  "administrator, who registers it; if that was done, it was revoked since, or the "
                  "access file is another broker's.",
                  kg_client_access(session)->requests, session->identity_path,
                  session->identity_path);
    answer->code = KG_STATUS_NOT_ADMITTED;
    answer->code_name = kg_status_name(KG_STATUS_NOT_ADMITTED);
}

static void say_silence(const kopgroep_session *session, bool question, const char *cause,
                        kopgroep_answer *answer)
{
    const char *endpoint = kg_client_access(session)->requests, *gap = cause[0] ? " " : "";
    double seconds = session->timeout_ms / 1000.0;
    if (question)
        kg_client_say(answer, KOPGROEP_NOT_REACHED, "No answer came from %s within %g s.%s%s",
                      endpoint, seconds, gap, cause);
    else
        kg_client_say(answer, KOPGROEP_UNKNOWN,
                      "It was sent to %s, but no receipt came back within %g s.%s%s Sending it "
                      "again is safe: the broker does it at most once.",
                      endpoint, seconds, gap, cause);
}

static kg_client_end end_without(const kopgroep_session *session, const kg_client_flight *flight,
                                 bool question, kg_client_standing standing, const char *cause,
                                 kopgroep_answer *answer)
{
    bool left = has_left(flight);
    if (standing == KG_CLIENT_INTERRUPTED) {
        kg_client_say(answer, KOPGROEP_NOT_REACHED, "Interrupted.");
        return KG_CLIENT_BROKEN_OFF;
    }
    if (standing != KG_CLIENT_LET_IN && (!left || question))
        kg_client_say_standing(session, standing, cause, answer);
    else if (left)
        say_silence(session, question, cause, answer);
    else
        kg_client_say(answer, KOPGROEP_NOT_REACHED, "Nothing could be sent to %s.",
                      kg_client_access(session)->requests);
    return left ? KG_CLIENT_UNANSWERED : KG_CLIENT_NOT_SENT;
}

/* ---- brokers that leave it to others ---- */

/* Tries that ended so. */
typedef struct kg_turning {
    size_t count;
    kg_status last; /* OK: none did */
} kg_turning;

/* Is another one of the list to be asked? Then this one did nothing of it. */
static bool goes_elsewhere(const kopgroep_session *session, const kg_reply *reply)
{
    return session->brokers.count > 1 &&
           (reply->status == KG_STATUS_NOT_LEADER || reply->status == KG_STATUS_BEHIND);
}

/* To the one that leads, as far as is known. Once round, a moment passes: when a leader is lost,
 * nobody leads for some seconds. False: there is no time left, or it was interrupted. */
static bool go_elsewhere(kopgroep_session *session, kg_client_message *message, kg_reply *reply,
                         kg_turning *turning, int64_t deadline_ms, kg_client_standing *standing)
{
    const int64_t pause_ms = kg_client_now_ms() + ELSEWHERE_MS;
    message->left -= message->left > 0;
    turning->last = reply->status;
    if (!kg_client_brokers_turn_to(&session->brokers, session->transport, reply->leader))
        kg_client_brokers_turn(&session->brokers, session->transport);
    kg_client_transport_drop(session->transport);
    kg_reply_fini(reply);
    kg_reply_init(reply);
    if (++turning->count % session->brokers.count != 0)
        return true;
    if (pause_ms >= deadline_ms)
        return false;
    if (kg_client_transport_pause(session->transport, pause_ms) != KG_CLIENT_STOPPED)
        return true;
    *standing = KG_CLIENT_INTERRUPTED;
    return false;
}

/* Nobody did anything of it. */
static kg_client_end end_elsewhere(const kopgroep_session *session, const kg_turning *turning,
                                   kopgroep_answer *answer)
{
    if (turning->last == KG_STATUS_NOT_LEADER)
        kg_client_say(answer, KOPGROEP_NOT_REACHED,
                      "None of the %zu brokers of your list leads just now. Nothing was done: try "
                      "again in a moment.",
                      session->brokers.count);
    else
        kg_client_say(answer, KOPGROEP_NOT_REACHED,
                      "None of the %zu brokers of your list has read yet what you have seen. Try "
                      "again in a moment.",
                      session->brokers.count);
    answer->code = (int)turning->last;
    answer->code_name = kg_status_name(turning->last);
    return KG_CLIENT_NOT_SENT;
}

/* ---- both ---- */

/* Until when an answer is waited for; of several brokers another one is asked sooner. */
static int64_t silent_at(const kopgroep_session *session, int64_t deadline_ms)
{
    const int64_t sooner = kg_client_now_ms() + session->timeout_ms / SILENCES;
    return session->brokers.count > 1 && sooner < deadline_ms ? sooner : deadline_ms;
}

static int count_silences(const kopgroep_session *session, const kg_client_flight *flight)
{
    return (flight->last_try ? 1 : 2) * (session->brokers.count > 1 ? SILENCES : 1);
}

static void take_answer(kopgroep_session *session, kg_client_message *message,
                        const kg_reply *reply)
{
    message->answered = true;
    kg_client_receipts_note(session, &message->bytes, reply);
    if (reply->head > session->seen)
        session->seen = reply->head;
    if (reply->has_receipt && reply->sequence > session->seen)
        session->seen = reply->sequence;
}

kg_client_end kg_client_await(kopgroep_session *session, kg_client_flight *flight, bool question,
                              kg_reply *reply, size_t *which, kopgroep_answer *answer)
{
    char cause[KG_CLIENT_DETAIL_BYTES] = "";
    int64_t deadline = kg_client_now_ms() + session->timeout_ms;
    kg_client_standing standing = KG_CLIENT_LET_IN;
    int silences = count_silences(session, flight);
    int losses = LOSSES_MAX + (int)session->brokers.count;
    kg_turning turning = {.last = KG_STATUS_OK};
    kg_reply_init(reply);
    while (losses > 0) {
        if (!kg_client_transport_connected(session->transport))
            standing = connect_anew(session, flight, deadline, cause);
        if (standing != KG_CLIENT_LET_IN)
            break;
        cause[0] = '\0';
        send_rest(session, flight);
        kg_client_event event =
            take_reply(session, flight, silent_at(session, deadline), reply, which);
        if (event == KG_CLIENT_FRAME && goes_elsewhere(session, reply)) {
            if (go_elsewhere(session, &flight->messages[*which], reply, &turning, deadline,
                             &standing))
                continue;
            break;
        }
        if (event == KG_CLIENT_FRAME) {
            take_answer(session, &flight->messages[*which], reply);
            return KG_CLIENT_ANSWERED;
        }
        if (event == KG_CLIENT_STOPPED)
            standing = KG_CLIENT_INTERRUPTED;
        if (event == KG_CLIENT_STOPPED || (event == KG_CLIENT_SILENT && --silences == 0))
            break;
        if (event == KG_CLIENT_SILENT) {
            kg_client_brokers_turn(&session->brokers, session->transport);
            deadline = kg_client_now_ms() + session->timeout_ms;
        } else if (--losses == 0) {
            kg_text_format(cause, sizeof cause, _("The connection broke %d times."),
                           LOSSES_MAX + (int)session->brokers.count);
        }
        kg_client_transport_drop(session->transport);
    }
    if (turning.last != KG_STATUS_OK && standing == KG_CLIENT_LET_IN && !has_left(flight))
        return end_elsewhere(session, &turning, answer);
    return end_without(session, flight, question, standing, cause, answer);
}

static bool is_question(kg_kind kind)
{
    return kind == KG_KIND_QUERY || kind == KG_KIND_PAGE || kind == KG_KIND_COSIGN;
}

/* Sends the one message of a flight. */
static bool request(kopgroep_session *session, kg_client_flight *flight, bool question,
                    kg_reply *reply, kopgroep_answer *answer)
{
    size_t which;
    return kg_client_await(session, flight, question, reply, &which, answer) == KG_CLIENT_ANSWERED;
}

bool kg_client_request(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                       kg_reply *reply, kopgroep_answer *answer)
{
    kg_client_flight asked = {0};
    bool question = is_question(kind);
    kg_client_flight *flight = question ? &asked : &session->flight;
    kg_client_flight_fini(flight);
    add(session, flight, kind, body, false);
    bool answered = request(session, flight, question, reply, answer);
    kg_client_flight_fini(&asked);
    return answered;
}

bool kg_client_request_tagged(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                              kg_reply *reply, kopgroep_answer *answer)
{
    kg_client_flight asked = {0};
    add(session, &asked, kind, body, true);
    bool answered = request(session, &asked, true, reply, answer);
    kg_client_flight_fini(&asked);
    return answered;
}

void kg_client_begin(kopgroep_session *session, kopgroep_answer *answer)
{
    *answer = (kopgroep_answer){0};
    kg_client_flight_fini(&session->flight);
    kg_client_plan_destroy(&session->plan);
    kg_client_receipts_fini(&session->receipts);
}

/* After an answer, it is the last message that is sent again: its receipt is that of the whole. */
void kopgroep_resend(kopgroep_session *session, kopgroep_answer *answer)
{
    kg_client_flight *flight = &session->flight;
    kg_reply reply;
    size_t which;
    *answer = (kopgroep_answer){0};
    kg_client_transport_drop(session->transport);
    if (session->plan) {
        kg_client_plan_go_on(session, answer);
        return;
    }
    if (flight->count == 0) {
        kg_client_say(answer, KOPGROEP_USAGE, "No command was sent in this session yet.");
        return;
    }
    flight->messages[flight->count - 1].answered = false;
    flight->last_try = true;
    if (kg_client_await(session, flight, false, &reply, &which, answer) == KG_CLIENT_ANSWERED) {
        kg_client_take_reply(answer, &reply, NULL);
        kg_client_history_take(session, &reply, answer);
    }
    kg_reply_fini(&reply);
}

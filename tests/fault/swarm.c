/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fault/swarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "broker/journal/journal.h"
#include "client/kopgroep.h"

enum { RESEND_S = 2, WAIT_MS = 60000, DRAIN_MS = 50, SOCKETS_SPARE = 64 };
/* The broker holds 100 replies for a peer, and learns by the fifty that they are gone: one more is
 * dropped, and would have to be asked for again. */
enum { IN_FLIGHT = 32 };
/* A socket has one of its own, and its connection; the rest is for everything else. */
enum { DESCRIPTORS_EACH = 3, DESCRIPTORS_SPARE = 300, IO_THREADS = 2 };

double swarm_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void swarm_must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(4);
}

/* ---- messages ---- */

static void next_message(struct swarm *swarm, swarm_member *member)
{
    if (member->load.count > 0) {
        free(member->load.frames[0].bytes);
        free(member->load.frames);
        member->load.count = 0;
    }
    member->lines = swarm->lines ? swarm->lines : 1;
    submit_member_prepare(&swarm->load, &member->load, 1, member->lines, false);
    member->asked = false;
}

/* False when nothing came. */
static bool take_receipt(void *socket, const submit_frame *frame, swarm_receipt *receipt)
{
    char bytes[KG_FRAME_BYTES_MAX];
    const int got = zmq_recv(socket, bytes, sizeof(bytes), ZMQ_DONTWAIT);
    kg_reply reply;
    bool good;

    if (got < 0)
        return false;
    good = kg_codec_reply_decode((const uint8_t *)bytes, (size_t)got, &reply);
    if (!good || reply.status != KG_STATUS_OK || !reply.has_receipt) {
        fprintf(stderr, "not accepted: %s %s%s\n", good ? kg_status_name(reply.status) : "no reply",
                reply.detail, reply.problems_count ? reply.problems[0].allowed : "");
        exit(1);
    }
    receipt->sequence = reply.sequence;
    receipt->at = swarm_now();
    memcpy(receipt->chain, reply.chain, SWARM_CHAIN_BYTES);
    /* The answer to a message that was sent again may come twice. */
    good = !frame || memcmp(reply.request_id, frame->request_id, sizeof(frame->request_id)) == 0;
    kg_reply_fini(&reply);
    return good;
}

static void await_receipts(struct swarm *swarm, void *socket, size_t count)
{
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    swarm_receipt receipt;

    while (count > 0) {
        swarm_must(zmq_poll(&item, 1, WAIT_MS) == 1, "no answer came");
        if (take_receipt(socket, NULL, &receipt)) {
            kg_buffer_add(&swarm->receipts, &receipt, sizeof(receipt));
            count--;
        }
    }
}

/* ---- the beginning ---- */

static void allow_descriptors(size_t count)
{
    struct rlimit limit;

    swarm_must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
    if (limit.rlim_cur >= count)
        return;
    limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
    swarm_must(limit.rlim_cur == count && setrlimit(RLIMIT_NOFILE, &limit) == 0,
               "not enough descriptors are allowed");
}

static void enrol(struct swarm *swarm)
{
    void *socket = swarm_socket(swarm, swarm->broker.administrator, ZMQ_DEALER);

    swarm_must(zmq_connect(socket, swarm->broker.access.requests) == 0, "zmq_connect");
    for (size_t i = 0; i < swarm->count; i++) {
        submit_frame frame = submit_register_frame(&swarm->load, &swarm->members[i].load,
                                                   swarm->broker.administrator);

        swarm_must(zmq_send(socket, frame.bytes, frame.count, 0) >= 0, "zmq_send");
        free(frame.bytes);
        if (i >= IN_FLIGHT)
            await_receipts(swarm, socket, 1);
    }
    await_receipts(swarm, socket, swarm->count < IN_FLIGHT ? swarm->count : IN_FLIGHT);
    zmq_close(socket);
}

void swarm_start(struct swarm *swarm, const char *kopgroepd, size_t members)
{
    const char *parent = getenv("TMPDIR");

    *swarm = (struct swarm){.kopgroepd = kopgroepd, .count = members};
    allow_descriptors(members * DESCRIPTORS_EACH + DESCRIPTORS_SPARE);
    submit_broker_start(&swarm->broker, kopgroepd, parent ? parent : "/tmp");
    submit_load_init(&swarm->load, &swarm->broker.access);
    swarm->context = zmq_ctx_new();
    swarm_must(swarm->context && zmq_ctx_set(swarm->context, ZMQ_IO_THREADS, IO_THREADS) == 0 &&
                   zmq_ctx_set(swarm->context, ZMQ_MAX_SOCKETS, (int)members + SOCKETS_SPARE) == 0,
               "zmq_ctx_set");
    swarm->members = kg_alloc(members, sizeof(*swarm->members));
    swarm->items = kg_alloc(members, sizeof(*swarm->items));
    kg_buffer_init(&swarm->receipts);
    kg_buffer_init(&swarm->waits);
    for (size_t i = 0; i < members; i++)
        submit_member_init(&swarm->members[i].load, "member", i);
    enrol(swarm);
}

/* As a client of the project has it: it tries again after 0.1 s, then ever more rarely. */
void *swarm_socket(const struct swarm *swarm, const kg_identity *identity, int type)
{
    const int none = 0, first_ms = 100, most_ms = 30000;
    kg_public_key key;
    void *socket = zmq_socket(swarm->context, type);

    kg_identity_public(identity, &key);
    swarm_must(socket && zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof(none)) == 0 &&
                   zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &first_ms, sizeof(first_ms)) == 0 &&
                   zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &most_ms, sizeof(most_ms)) == 0 &&
                   zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, swarm->broker.access.key, 32) == 0 &&
                   zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key.transport, 32) == 0 &&
                   zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY,
                                  kg_identity_transport_secret(identity), 32) == 0,
               "a socket cannot be made");
    return socket;
}

void swarm_connect(struct swarm *swarm)
{
    for (size_t i = 0; i < swarm->count; i++) {
        swarm_member *member = &swarm->members[i];

        member->socket = swarm_socket(swarm, member->load.identity, ZMQ_DEALER);
        swarm->items[i] = (zmq_pollitem_t){member->socket, 0, ZMQ_POLLIN, 0};
        swarm_must(zmq_connect(member->socket, swarm->broker.access.requests) == 0, "zmq_connect");
        next_message(swarm, member);
    }
}

/* ---- at work ---- */

static void send_due(struct swarm *swarm, swarm_member *member, double now)
{
    const submit_frame *frame = &member->load.frames[0];

    if (member->asked ? now - member->sent_at < RESEND_S : now - member->since < swarm->pause_s)
        return;
    /* A queue that is full holds the same message already. */
    if (zmq_send(member->socket, frame->bytes, frame->count, ZMQ_DONTWAIT) < 0)
        swarm_must(zmq_errno() == EAGAIN, "zmq_send");
    member->sent_at = now;
    if (!member->asked)
        member->since = now;
    member->asked = true;
}

static void take_due(struct swarm *swarm, swarm_member *member)
{
    swarm_receipt receipt;
    float waited;

    if (!take_receipt(member->socket, &member->load.frames[0], &receipt))
        return;
    waited = (float)(swarm_now() - member->since);
    kg_buffer_add(&swarm->receipts, &receipt, sizeof(receipt));
    kg_buffer_add(&swarm->waits, &waited, sizeof(waited));
    member->receipts++;
    swarm->lines_taken += member->lines;
    member->since = swarm_now();
    next_message(swarm, member);
}

size_t swarm_work(struct swarm *swarm, size_t most, int wait_ms)
{
    const double now = swarm_now();
    size_t done = 0;

    for (size_t i = 0; i < swarm->count; i++)
        if (swarm->members[i].receipts < most)
            send_due(swarm, &swarm->members[i], now);
    zmq_poll(swarm->items, (int)swarm->count, wait_ms);
    for (size_t i = 0; i < swarm->count; i++) {
        if (swarm->items[i].revents)
            take_due(swarm, &swarm->members[i]);
        done += swarm->members[i].receipts >= most;
    }
    return done;
}

static int by_size(const void *a, const void *b)
{
    const float *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

void swarm_fill(struct swarm *swarm, size_t lines, size_t of)
{
    const size_t messages = lines / of / swarm->count + 1;

    swarm->lines = of;
    swarm_connect(swarm);
    while (swarm_work(swarm, messages, 100) < swarm->count)
        continue;
    swarm->lines = 1;
}

double swarm_waited(struct swarm *swarm, double of_hundred)
{
    float *waits = (float *)(void *)swarm->waits.bytes;
    const size_t count = swarm->waits.count / sizeof(*waits);
    double waited;

    swarm_must(count > 0, "nobody was answered");
    qsort(waits, count, sizeof(*waits), by_size);
    waited = waits[(size_t)((double)(count - 1) * of_hundred / 100)];
    swarm->waits.count = 0;
    return waited * 1000;
}

void swarm_serve_again(struct swarm *swarm)
{
    submit_broker_serve(&swarm->broker, swarm->kopgroepd);
}

void swarm_drain(struct swarm *swarm)
{
    size_t before;

    do {
        before = swarm->receipts.count;
        swarm_work(swarm, 0, DRAIN_MS);
    } while (swarm->receipts.count > before);
}

void swarm_hurry(struct swarm *swarm)
{
    for (size_t i = 0; i < swarm->count; i++)
        swarm->members[i].sent_at = 0;
}

/* ---- how it stands ---- */

/* A number of the answer's document; -1 when it is not there. */
static long long number_in(const char *document, const char *name)
{
    const char *at = document ? strstr(document, name) : NULL;
    long long number = -1;

    if (at)
        sscanf(at + strlen(name), "%*[ :]%lld", &number);
    return number;
}

static const char *compare(const struct swarm *swarm, const kopgroep_answer *answer)
{
    const swarm_receipt *receipts = (const swarm_receipt *)(const void *)swarm->receipts.bytes;
    const long long lines = number_in(answer->document, "\"lines\"");
    long long waiting = 0;
    uint64_t last = 0;

    for (size_t i = 0; i < swarm->receipts.count / sizeof(*receipts); i++)
        last = receipts[i].sequence > last ? receipts[i].sequence : last;
    for (size_t i = 0; i < swarm->count; i++)
        waiting += swarm->members[i].asked ? (long long)swarm->members[i].lines : 0;
    if (answer->head < last)
        return "a record that has a receipt is gone";
    if (lines < (long long)swarm->lines_taken)
        return "a line that has a receipt is gone";
    return lines > (long long)swarm->lines_taken + waiting ? "more lines than were sent" : NULL;
}

const char *swarm_look(struct swarm *swarm)
{
    char access[4200], identity[4200];
    kopgroep_answer answer = {0};
    kopgroep_question question = {.view = KOPGROEP_VIEW_STATUS};
    const kopgroep_options options = {
        .broker = access, .identity = identity, .timeout_ms = WAIT_MS};
    kopgroep_session *session;
    const char *wrong;

    snprintf(access, sizeof(access), "%s/broker/broker.access", swarm->broker.folder);
    snprintf(identity, sizeof(identity), "%s/broker/administrator.key", swarm->broker.folder);
    session = kopgroep_open(&options, &answer);
    swarm_must(session != NULL, "no session");
    kopgroep_answer_fini(&answer);
    answer = (kopgroep_answer){0};
    kopgroep_ask(session, &question, &answer);
    swarm_must(answer.outcome == KOPGROEP_DONE, "no answer came");
    wrong = compare(swarm, &answer);
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
    return wrong;
}

/* ---- the end ---- */

struct check {
    const swarm_receipt *receipts; /* sorted */
    size_t count, found;
    uint64_t messages; /* of members and the administrator */
    const char *wrong;
};

static int by_sequence(const void *a, const void *b)
{
    const swarm_receipt *x = a, *y = b;

    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static bool check_record(void *context, const kg_journal_record *record)
{
    static const uint8_t none[KG_REQUEST_KEY_BYTES];
    struct check *c = context;

    c->messages += memcmp(record->request_key, none, sizeof(none)) != 0;
    if (c->found == c->count || c->receipts[c->found].sequence != record->sequence)
        return true;
    if (memcmp(c->receipts[c->found].chain, record->chain, SWARM_CHAIN_BYTES) != 0)
        c->wrong = "a receipt tells of another record";
    c->found++;
    if (c->found < c->count && c->receipts[c->found].sequence == record->sequence)
        c->wrong = "two messages got one receipt";
    return !c->wrong;
}

/* All that were sent are answered by then: else one more message may be in the journal. */
static const char *check_journal(struct swarm *swarm)
{
    const kg_journal_options reading = {.read_only = true};
    char folder[4200];
    kg_journal *journal;
    struct check c = {.receipts = (const swarm_receipt *)(const void *)swarm->receipts.bytes,
                      .count = swarm->receipts.count / sizeof(swarm_receipt)};
    size_t waiting = 0;

    for (size_t i = 0; i < swarm->count; i++)
        waiting += swarm->members[i].asked;
    qsort(swarm->receipts.bytes, c.count, sizeof(swarm_receipt), by_sequence);
    snprintf(folder, sizeof(folder), "%s/broker/journal", swarm->broker.folder);
    journal = kg_journal_open(folder, &reading);
    if (!journal || !kg_journal_follow(journal, 1, true, check_record, &c))
        c.wrong = kg_journal_error();
    else if (!c.wrong && c.found < c.count)
        c.wrong = "the journal lacks what has a receipt";
    else if (!c.wrong && c.messages > c.count + waiting)
        c.wrong = "a message is there twice";
    kg_journal_close(&journal);
    return c.wrong;
}

const char *swarm_finish(struct swarm *swarm)
{
    const char *wrong;

    submit_broker_stop(&swarm->broker, true);
    for (size_t i = 0; i < swarm->count; i++)
        zmq_close(swarm->members[i].socket);
    zmq_ctx_term(swarm->context); /* no thread is left, as a journal's reader asks for */
    wrong = check_journal(swarm);
    if (!wrong)
        submit_broker_remove(&swarm->broker);
    for (size_t i = 0; i < swarm->count; i++)
        submit_member_fini(&swarm->members[i].load);
    free(swarm->members);
    free(swarm->items);
    submit_load_fini(&swarm->load);
    kg_buffer_fini(&swarm->receipts);
    kg_buffer_fini(&swarm->waits);
    return wrong;
}

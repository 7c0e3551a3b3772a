/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_feeds KOPGROEPD FOLDER [CLIENTS [REPEATS]]: how soon CLIENTS connected members (1,000) hear
 * of what happens to a lot in which all of them are, and have pulled it. Each is an organisation
 * with keys of its own, a CURVE connection for requests and one for hints; pulling is a signed
 * question. A coordinator opens, closes, proposes, confirms and cancels a round, REPEATS times
 * (3); then all again, while one more member has asked for much and reads nothing.
 * Prints "EVENT WITH TOLD PULLED": WITH is "alone" or "stalled", TOLD and PULLED the seconds from
 * the coordinator's command until the last had its hint and its entries; then "memory ALONE
 * STALLED", the broker's MiB. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "proto/codec.h"
#include "proto/envelope.h"
#include "submit_broker.h"

#define WAIT_S 60
#define STALLED_QUESTIONS 3000
#define EXPIRES_MS 600000
#define IN_FLIGHT 64
#define CONNECTING 50 /* at once: a handshake must end within seconds, on a busy machine too */

typedef struct client {
    kg_identity *identity; /* owned */
    void *requests, *hints;
    uint64_t hinted, pulled; /* numbers in its feed */
    double told_at, pulled_at;
    bool asking;
} client;

typedef struct bench {
    submit_broker broker;
    void *context;
    client *clients;
    size_t count;
    client coordinator, stalled;
    int epoll; /* data.u64 = client * 2, + 1 for its hints */
} bench;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench_feeds: %s\n", what);
    exit(4);
}

/* ---- messages ---- */

static void send_signed(const bench *b, void *socket, const kg_identity *identity, kg_kind kind,
                        const kg_buffer *body)
{
    kg_public_key key;
    kg_buffer bytes;
    struct timespec wall;
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = kind,
                            .body = (const uint8_t *)body->bytes,
                            .body_bytes = body->count};
    clock_gettime(CLOCK_REALTIME, &wall);
    envelope.expires_ms = wall.tv_sec * 1000LL + EXPIRES_MS;
    kg_identity_public(identity, &key);
    kg_key_id(key.sign, envelope.key_id);
    memcpy(envelope.deployment, b->broker.access.deployment, sizeof envelope.deployment);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s",
                   kg_identity_organisation(identity));
    kg_random(envelope.request_id, sizeof envelope.request_id);
    kg_buffer_init(&bytes);
    kg_envelope_seal(&envelope, identity, &bytes);
    must(zmq_send(socket, bytes.bytes, bytes.count, 0) == (int)bytes.count, "nothing can be sent");
    kg_buffer_fini(&bytes);
}

static void send_command(const bench *b, const client *c, const kg_command *command)
{
    kg_buffer body;
    kg_buffer_init(&body);
    kg_codec_command_encode(command, NULL, &body);
    send_signed(b, c->requests, c->identity, command->kind, &body);
    kg_buffer_fini(&body);
}

/* False when nothing came. What came must be an acceptance or an answer. */
static bool take_reply(void *socket, kg_reply *reply)
{
    char bytes[KG_FRAME_BYTES_MAX];
    int got = zmq_recv(socket, bytes, sizeof bytes, ZMQ_DONTWAIT);
    if (got < 0)
        return false;
    must(kg_codec_reply_decode((const uint8_t *)bytes, (size_t)got, reply), "no reply");
    if (reply->status != KG_STATUS_OK) {
        fprintf(stderr, "bench_feeds: refused: %s %s\n", kg_status_name(reply->status),
                reply->detail[0] ? reply->detail
                : reply->problems_count ? reply->problems[0].allowed : "");
        exit(1);
    }
    return true;
}

static void await_reply(void *socket)
{
    kg_reply reply;
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    must(zmq_poll(&item, 1, WAIT_S * 1000) == 1 && take_reply(socket, &reply), "no reply came");
    kg_reply_fini(&reply);
}

/* ---- connections ---- */

static void set(void *socket, int option, int value)
{
    must(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "zmq_setsockopt");
}

static void *open_socket(const bench *b, const kg_identity *identity, int type)
{
    kg_public_key key;
    void *socket = zmq_socket(b->context, type);
    must(socket, "no socket");
    kg_identity_public(identity, &key);
    set(socket, ZMQ_LINGER, 0);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, b->broker.access.key, 32);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key.transport, 32);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, kg_identity_transport_secret(identity), 32);
    return socket;
}

static void connect_requests(const bench *b, client *c)
{
    c->requests = open_socket(b, c->identity, ZMQ_DEALER);
    must(zmq_connect(c->requests, b->broker.access.requests) == 0, "zmq_connect");
}

static void connect_hints(const bench *b, client *c)
{
    const char *id = kg_identity_organisation(c->identity);
    c->hints = open_socket(b, c->identity, ZMQ_SUB);
    zmq_setsockopt(c->hints, ZMQ_SUBSCRIBE, id, strlen(id));
    must(zmq_connect(c->hints, b->broker.access.feeds) == 0, "zmq_connect");
}

static void watch(const bench *b, void *socket, uint64_t number)
{
    int descriptor;
    size_t size = sizeof descriptor;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = number};
    must(zmq_getsockopt(socket, ZMQ_FD, &descriptor, &size) == 0 &&
             epoll_ctl(b->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll");
}

/* ---- members ---- */

static void send_register(const bench *b, void *socket, const client *c, uint32_t roles)
{
    kg_command command;
    kg_buffer body;
    kg_buffer_init(&body);
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_text_format(command.record.id, sizeof command.record.id, "%s",
                   kg_identity_organisation(c->identity));
    free(command.record.name);
    command.record.name = kg_strdup("Example body");
    memcpy(command.record.nuts.code, "BE211", 6);
    command.record.languages = 1u << KG_LANGUAGE_EN;
    kg_identity_public(c->identity, &command.key);
    command.key.roles = roles;
    command.has_key = true;
    kg_codec_command_encode(&command, NULL, &body);
    send_signed(b, socket, b->broker.administrator, KG_KIND_REGISTER, &body);
    kg_buffer_fini(&body);
    kg_command_fini(&command);
}

static void enrol(bench *b)
{
    char id[KG_ID_BYTES_MAX + 1];
    void *socket = open_socket(b, b->broker.administrator, ZMQ_DEALER);
    size_t answered = 0;
    must(zmq_connect(socket, b->broker.access.requests) == 0, "zmq_connect");
    b->coordinator.identity = kg_identity_generate("coordinator");
    b->stalled.identity = kg_identity_generate("stalled");
    send_register(b, socket, &b->coordinator, KG_ROLE_COORDINATOR);
    await_reply(socket);
    send_register(b, socket, &b->stalled, KG_ROLE_ORGANISATION);
    await_reply(socket);
    for (size_t i = 0; i < b->count; i++) {
        snprintf(id, sizeof id, "member-%05zu", i);
        b->clients[i].identity = kg_identity_generate(id);
        send_register(b, socket, &b->clients[i], KG_ROLE_ORGANISATION);
        for (; i + 1 - answered >= IN_FLIGHT; answered++)
            await_reply(socket);
    }
    for (; answered < b->count; answered++)
        await_reply(socket);
    zmq_close(socket);
}

static void submit(const bench *b, const client *c, int number)
{
    char key[16];
    kg_line_draft draft = {0};
    kg_command command;
    snprintf(key, sizeof key, "l%d", number);
    draft.text[KG_COLUMN_LINE] = key;
    draft.text[KG_COLUMN_CATEGORY] = "laptop";
    draft.text[KG_COLUMN_QUANTITY] = "10";
    draft.text[KG_COLUMN_DELIVERY_FROM] = "2027-03-01";
    draft.text[KG_COLUMN_DELIVERY_TO] = "2027-06-30";
    draft.text[KG_COLUMN_NUTS] = "BE211";
    draft.text[KG_COLUMN_LANGUAGES] = "en";
    kg_command_init(&command, KG_KIND_SUBMIT);
    command.submit = (kg_submit){.part = 1, .parts = 1, .drafts = &draft, .count = 1};
    send_command(b, c, &command);
    kg_command_fini(&command);
}

/* ---- hearing ---- */

static void ask(const bench *b, client *c)
{
    kg_query query;
    kg_buffer body;
    kg_buffer_init(&body);
    kg_query_init(&query, KG_VIEW_FEED);
    query.since = c->pulled;
    kg_codec_query_encode(&query, &body);
    send_signed(b, c->requests, c->identity, KG_KIND_QUERY, &body);
    kg_query_fini(&query);
    kg_buffer_fini(&body);
    c->asking = true;
}

static void read_hints(const bench *b, client *c)
{
    char frame[256];
    uint8_t number[8];
    while (zmq_recv(c->hints, frame, sizeof frame, ZMQ_DONTWAIT) >= 0) {
        must(zmq_recv(c->hints, number, sizeof number, 0) == sizeof number, "no hint");
        c->hinted = 0;
        for (int i = 0; i < 8; i++)
            c->hinted = c->hinted << 8 | number[i];
        c->told_at = now();
    }
    if (!c->asking && c->hinted > c->pulled)
        ask(b, c);
}

static void read_entries(client *c, const kg_reply *reply)
{
    json_t *entries = json_loadb((const char *)reply->page, reply->page_bytes, 0, NULL);
    size_t count = json_array_size(entries);
    must(json_is_array(entries), "the answer is no feed");
    if (count > 0) {
        json_t *last = json_array_get(entries, count - 1);
        c->pulled = (uint64_t)json_integer_value(json_object_get(last, "number"));
        c->pulled_at = now();
    }
    json_decref(entries);
}

static void read_replies(const bench *b, client *c)
{
    kg_reply reply;
    while (take_reply(c->requests, &reply)) {
        if (reply.has_page) {
            c->asking = false;
            read_entries(c, &reply);
        }
        kg_reply_fini(&reply);
        if (!c->asking && c->hinted > c->pulled)
            ask(b, c);
    }
}

/* A socket's descriptor tells of a change only: after every call it must be looked at again. */
static void serve(const bench *b, uint64_t number)
{
    client *c = &b->clients[number / 2];
    int events;
    size_t size = sizeof events;
    do {
        read_hints(b, c);
        read_replies(b, c);
        zmq_getsockopt(c->requests, ZMQ_EVENTS, &events, &size);
    } while (events & ZMQ_POLLIN);
}

/* Until the first `count` have pulled something newer than `start`, and all that they were told
 * of. False when that took too long. */
static bool hear(const bench *b, size_t count, double start, double seconds)
{
    struct epoll_event events[256];
    for (;;) {
        size_t heard = 0;
        for (size_t i = 0; i < count; i++)
            heard += b->clients[i].pulled_at > start && !b->clients[i].asking &&
                     b->clients[i].pulled >= b->clients[i].hinted;
        if (heard == count)
            return true;
        if (now() - start > seconds)
            return false;
        int ready = epoll_wait(b->epoll, events, 256, 100);
        for (int i = 0; i < ready; i++)
            serve(b, events[i].data.u64);
    }
}

/* Submits until a hint came: a subscription may come after the first. */
static void begin_to_hear(const bench *b, size_t first, size_t last)
{
    for (int tries = 0; tries < WAIT_S; tries++) {
        for (size_t i = first; i < last; i++)
            if (b->clients[i].told_at == 0) {
                submit(b, &b->clients[i], tries);
                serve(b, i * 2);
            }
        if (hear(b, last, 0, now() + 1))
            return;
    }
    must(false, "not all members were told of their own plan");
}

/* Connected, subscribed, with a line in the pool each. */
static void gather(const bench *b)
{
    for (size_t first = 0, last; first < b->count; first = last) {
        last = first + CONNECTING < b->count ? first + CONNECTING : b->count;
        for (size_t i = first; i < last; i++) {
            connect_hints(b, &b->clients[i]);
            connect_requests(b, &b->clients[i]);
            watch(b, b->clients[i].requests, i * 2);
            watch(b, b->clients[i].hints, i * 2 + 1);
        }
        begin_to_hear(b, first, last);
    }
}

/* ---- a round ---- */

static void open_round(const bench *b, const char *id)
{
    kg_command command;
    kg_round *rules = &command.round_rules;
    time_t today = time(NULL);
    kg_command_init(&command, KG_KIND_ROUND_OPEN);
    kg_text_format(rules->id, sizeof rules->id, "%s", id);
    rules->nuts_level = 1;
    rules->bodies_min = 3;
    kg_date_parse("2027-01-01", &rules->delivery_from);
    kg_date_parse("2027-12-31", &rules->delivery_to);
    rules->opens = (kg_date)(today / 86400);
    rules->closes = rules->opens + 10;
    rules->confirm_by = rules->opens + 20;
    rules->reconfirm_by = rules->opens + 30;
    rules->award_by = rules->opens + 40;
    send_command(b, &b->coordinator, &command);
    kg_command_fini(&command);
}

static void step(const bench *b, kg_kind kind, const char *id)
{
    kg_command command;
    kg_command_init(&command, kind);
    command.round = id;
    command.reason = kind == KG_KIND_ROUND_CANCEL ? "measured" : NULL;
    send_command(b, &b->coordinator, &command);
    command.round = command.reason = NULL;
    kg_command_fini(&command);
}

static void report(const bench *b, const char *event, const char *with, double start)
{
    double told = start, pulled = start;
    must(hear(b, b->count, start, WAIT_S), "not all members were told");
    for (size_t i = 0; i < b->count; i++) {
        told = b->clients[i].told_at > told ? b->clients[i].told_at : told;
        pulled = b->clients[i].pulled_at > pulled ? b->clients[i].pulled_at : pulled;
    }
    await_reply(b->coordinator.requests);
    printf("%s %s %.3f %.3f\n", event, with, told - start, pulled - start);
    fflush(stdout);
}

static void run_round(const bench *b, const char *with, int number)
{
    static const struct {
        kg_kind kind;
        const char *name;
    } steps[] = {{KG_KIND_ROUND_OPEN, "open"},
                 {KG_KIND_ROUND_CLOSE, "close"},
                 {KG_KIND_ROUND_PROPOSE, "propose"},
                 {KG_KIND_ROUND_CONFIRM, "confirm"},
                 {KG_KIND_ROUND_CANCEL, "cancel"}};
    char id[32];
    snprintf(id, sizeof id, "%s-%d", with, number);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        double start = now();
        if (steps[i].kind == KG_KIND_ROUND_OPEN)
            open_round(b, id);
        else
            step(b, steps[i].kind, id);
        report(b, steps[i].name, with, start);
    }
}

/* ---- one that does not read ---- */

/* It hears of its feed and has asked for the catalogue many times; what it is sent fills every
 * buffer on the way. */
static void stall(bench *b)
{
    client *c = &b->stalled;
    kg_query query;
    kg_buffer body;
    c->hints = open_socket(b, c->identity, ZMQ_SUB);
    c->requests = open_socket(b, c->identity, ZMQ_DEALER);
    set(c->hints, ZMQ_RCVHWM, 1);
    set(c->hints, ZMQ_RCVBUF, 4096);
    set(c->requests, ZMQ_RCVHWM, 1);
    set(c->requests, ZMQ_RCVBUF, 4096);
    set(c->requests, ZMQ_SNDHWM, 0);
    zmq_setsockopt(c->hints, ZMQ_SUBSCRIBE, "", 0);
    must(zmq_connect(c->hints, b->broker.access.feeds) == 0 &&
             zmq_connect(c->requests, b->broker.access.requests) == 0, "zmq_connect");
    kg_buffer_init(&body);
    kg_query_init(&query, KG_VIEW_CATALOGUE);
    kg_codec_query_encode(&query, &body);
    for (int i = 0; i < STALLED_QUESTIONS; i++)
        send_signed(b, c->requests, c->identity, KG_KIND_QUERY, &body);
    kg_query_fini(&query);
    kg_buffer_fini(&body);
}

/* The coordinator's own question is answered after all that came before it. */
static void pass_through(const bench *b)
{
    kg_query query;
    kg_buffer body;
    for (int i = 0; i < 3; i++) {
        kg_buffer_init(&body);
        kg_query_init(&query, KG_VIEW_ROUNDS);
        kg_codec_query_encode(&query, &body);
        send_signed(b, b->coordinator.requests, b->coordinator.identity, KG_KIND_QUERY, &body);
        kg_query_fini(&query);
        kg_buffer_fini(&body);
        await_reply(b->coordinator.requests);
    }
}

int main(int argc, char **argv)
{
    bench b = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: bench_feeds KOPGROEPD FOLDER [CLIENTS [REPEATS]]\n");
        return 2;
    }
    b.count = argc > 3 ? strtoull(argv[3], NULL, 10) : 1000;
    int repeats = argc > 4 ? atoi(argv[4]) : 3;
    submit_broker_start(&b.broker, argv[1], argv[2]);
    b.context = zmq_ctx_new();
    zmq_ctx_set(b.context, ZMQ_MAX_SOCKETS, (int)b.count * 2 + 64);
    b.epoll = epoll_create1(EPOLL_CLOEXEC);
    b.clients = kg_alloc(b.count, sizeof *b.clients);
    enrol(&b);
    connect_requests(&b, &b.coordinator);
    double start = now();
    gather(&b);
    fprintf(stderr, "%zu members connected and subscribed in %.1f s\n", b.count, now() - start);
    for (int i = 0; i < repeats; i++)
        run_round(&b, "alone", i);
    double alone = submit_broker_memory(&b.broker);
    stall(&b);
    pass_through(&b);
    for (int i = 0; i < repeats; i++)
        run_round(&b, "stalled", i);
    printf("memory %.1f %.1f\n", alone, submit_broker_memory(&b.broker));
    fflush(stdout);
    submit_broker_stop(&b.broker, false);
    _exit(0); /* thousands of sockets end with the process */
}

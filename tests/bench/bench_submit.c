/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_submit: durable submissions through the whole broker, as bench/limit_broker measures its
 * ceiling: CURVE connections over loopback, one client thread, every message made and signed
 * before the clock starts, each client sends the next one when a receipt has come. Here every
 * client is an organisation with keys of its own, and every line and request id is fresh.
 * Replies are kept, and read after the clock: each must be an acceptance. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "submit_asker.h"
#include "submit_broker.h"
#include "submit_load.h"

typedef struct options {
    size_t clients, in_flight, lines, plan_lines;
    double seconds;
    size_t rate; /* submissions a second that are prepared for */
    int ask_ms;  /* between two questions of a coordinator; 0: none asks */
    const char *kopgroepd, *folder;
    const char *journal; /* NULL: the broker's own */
    bool keep, compare;
} options;

/* One connection. */
typedef struct client {
    submit_member member;
    void *socket;
    size_t sent, received;
    double *sent_at;  /* by frame */
    float *latency;   /* by frame, seconds */
    kg_buffer replies; /* each after its length, 4 bytes */
} client;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(4);
}

static void *connect_as(void *context, const kg_identity *identity, const kg_broker_access *access)
{
    kg_public_key key;
    int none = 0;
    void *socket = zmq_socket(context, ZMQ_DEALER);
    kg_identity_public(identity, &key);
    check(socket && zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none) == 0 &&
              zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none) == 0 &&
              zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none) == 0 &&
              zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, access->key, 32) == 0 &&
              zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key.transport, 32) == 0 &&
              zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY,
                             kg_identity_transport_secret(identity), 32) == 0 &&
              zmq_connect(socket, access->requests) == 0,
          "connect");
    return socket;
}

static void check_reply(const char *bytes, size_t count, const submit_frame *frame)
{
    kg_reply reply;
    bool read = kg_codec_reply_decode((const uint8_t *)bytes, count, &reply);
    if (!read || reply.status != KG_STATUS_OK || !reply.has_receipt ||
        memcmp(reply.request_id, frame->request_id, sizeof reply.request_id) != 0) {
        fprintf(stderr, "not accepted: %s %s%s\n",
                read ? kg_status_name(reply.status) : "no reply", reply.detail,
                reply.problems_count ? reply.problems[0].allowed : "");
        exit(1);
    }
    kg_reply_fini(&reply);
}

static void enrol(void *context, const submit_broker *broker, const submit_load *load,
                  client *clients, size_t count)
{
    char reply[KG_FRAME_BYTES_MAX];
    void *socket = connect_as(context, broker->administrator, &broker->access);
    for (size_t i = 0; i < count; i++) {
        submit_frame frame =
            submit_register_frame(load, &clients[i].member, broker->administrator);
        zmq_send(socket, frame.bytes, frame.count, 0);
        int got = zmq_recv(socket, reply, sizeof reply, 0);
        check(got > 0, "register");
        check_reply(reply, (size_t)got, &frame);
        free(frame.bytes);
    }
    zmq_close(socket);
}

static void send_next(client *c)
{
    c->sent_at[c->sent] = now_s();
    zmq_send(c->socket, c->member.frames[c->sent].bytes, c->member.frames[c->sent].count, 0);
    c->sent++;
}

static void keep_reply(client *c, const char *reply, size_t count)
{
    uint32_t size = (uint32_t)count;
    c->latency[c->received] = (float)(now_s() - c->sent_at[c->received]);
    c->received++;
    kg_buffer_add(&c->replies, &size, sizeof size);
    kg_buffer_add(&c->replies, reply, count);
}

/* Each client sends one and waits for its receipt: connections stand, pages are touched. */
static void warm_up(client *clients, size_t count)
{
    char reply[KG_FRAME_BYTES_MAX];
    for (size_t i = 0; i < count; i++) {
        send_next(&clients[i]);
        int got = zmq_recv(clients[i].socket, reply, sizeof reply, 0);
        check(got > 0, "warm up");
        keep_reply(&clients[i], reply, (size_t)got);
    }
}

/* Until the time is over or a client has nothing left; returns the seconds that it took. */
static double drive(client *clients, const options *o, size_t last)
{
    char reply[KG_FRAME_BYTES_MAX];
    zmq_pollitem_t *items = kg_alloc(o->clients, sizeof *items);
    bool dry = false;
    double begun = now_s();
    for (size_t i = 0; i < o->clients; i++)
        items[i] = (zmq_pollitem_t){clients[i].socket, 0, ZMQ_POLLIN, 0};
    for (size_t f = 0; f < o->in_flight; f++)
        for (size_t i = 0; i < o->clients; i++)
            if (clients[i].sent < last)
                send_next(&clients[i]);
    while (!dry && (o->plan_lines || now_s() - begun < o->seconds)) {
        zmq_poll(items, (int)o->clients, 1000);
        for (size_t i = 0; i < o->clients; i++) {
            client *c = &clients[i];
            int got;
            while (items[i].revents &&
                   (got = zmq_recv(c->socket, reply, sizeof reply, ZMQ_DONTWAIT)) >= 0) {
                keep_reply(c, reply, (size_t)got);
                if (c->sent < last)
                    send_next(c);
                dry = dry || c->received == last;
            }
        }
    }
    free(items);
    return now_s() - begun;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void check_replies(const client *c)
{
    const char *at = c->replies.bytes;
    for (size_t i = 0; i < c->received; i++) {
        uint32_t size;
        memcpy(&size, at, sizeof size);
        check_reply(at + sizeof size, size, &c->member.frames[i]);
        at += sizeof size + size;
    }
}

static void report(const options *o, client *clients, const submit_broker *broker, double took,
                   double cpu, size_t warm)
{
    size_t count = 0;
    float *all = NULL;
    for (size_t i = 0; i < o->clients; i++) {
        size_t own = clients[i].received - warm;
        check_replies(&clients[i]);
        all = kg_realloc(all, count + own + 1, sizeof *all);
        memcpy(all + count, clients[i].latency + warm, own * sizeof *all);
        count += own;
    }
    double lines = (double)count * (double)o->lines;
    qsort(all, count, sizeof *all, compare);
    printf("kopgroep clients=%zu in_flight=%zu lines=%zu bytes=%zu submits/s=%.0f lines/s=%.0f "
           "p50_us=%.0f p99_us=%.0f server_cpu_us/line=%.2f server_cpu_us/submit=%.1f seconds=%.2f "
           "rss_mib=%.0f journal_bytes/line=%.0f\n",
           o->clients, o->in_flight, o->lines, clients[0].member.frames[0].count,
           (double)count / took, lines / took, (double)all[count / 2] * 1e6,
           (double)all[(size_t)((double)count * .99)] * 1e6, cpu / lines * 1e6,
           cpu / (double)count * 1e6, took, submit_broker_memory(broker),
           submit_broker_journal(broker) / (lines + (double)(warm * o->clients * o->lines)));
    free(all);
}

static void measure(const options *o, const submit_broker *broker)
{
    static compare_workload compared;
    submit_load load;
    void *context = zmq_ctx_new();
    client *clients = kg_alloc(o->clients, sizeof *clients);
    size_t warm = o->plan_lines ? 0 : 1;
    size_t each = o->plan_lines ? o->plan_lines / o->lines
                                : (size_t)(o->seconds * (double)o->rate) / o->clients + 16;
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 4096);
    submit_load_init(&load, &broker->access);
    if (o->compare) {
        compare_workload_init(&compared, KG_SOURCE_DIR "/config/reference/nuts.csv");
        load.compare = &compared;
    }
    for (size_t i = 0; i < o->clients; i++) {
        submit_member_init(&clients[i].member, "load", i);
        submit_member_prepare(&load, &clients[i].member, each, o->lines, o->plan_lines > 0);
        clients[i].sent_at = kg_alloc(each, sizeof *clients[i].sent_at);
        clients[i].latency = kg_alloc(each, sizeof *clients[i].latency);
        kg_buffer_init(&clients[i].replies);
    }
    enrol(context, broker, &load, clients, o->clients);
    for (size_t i = 0; i < o->clients; i++)
        clients[i].socket = connect_as(context, clients[i].member.identity, &broker->access);
    if (warm)
        warm_up(clients, o->clients);
    submit_asker *asker = o->ask_ms ? submit_asker_start(broker, o->ask_ms) : NULL;
    double cpu = submit_broker_cpu(broker);
    double took = drive(clients, o, each);
    cpu = submit_broker_cpu(broker) - cpu;
    if (asker)
        printf("answers=%zu ", submit_asker_stop(&asker));
    report(o, clients, broker, took, cpu, warm);
    for (size_t i = 0; i < o->clients; i++) {
        zmq_close(clients[i].socket);
        submit_member_fini(&clients[i].member);
        free(clients[i].sent_at);
        free(clients[i].latency);
        kg_buffer_fini(&clients[i].replies);
    }
    free(clients);
    submit_load_fini(&load);
    zmq_ctx_term(context);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    switch (key) {
    case 'c':
        o->clients = strtoull(argument, NULL, 10);
        break;
    case 'f':
        o->in_flight = strtoull(argument, NULL, 10);
        break;
    case 'l':
        o->lines = strtoull(argument, NULL, 10);
        break;
    case 's':
        o->seconds = strtod(argument, NULL);
        break;
    case 'r':
        o->rate = strtoull(argument, NULL, 10);
        break;
    case 'p':
        o->plan_lines = strtoull(argument, NULL, 10);
        break;
    case 'w':
        o->compare = true;
        break;
    case 'a':
        o->ask_ms = atoi(argument);
        break;
    case 'j':
        o->journal = argument;
        break;
    case 'k':
        o->keep = true;
        break;
    case ARGP_KEY_ARG:
        if (o->kopgroepd && o->folder)
            argp_usage(state);
        *(o->kopgroepd ? &o->folder : &o->kopgroepd) = argument;
        break;
    case ARGP_KEY_END:
        if (!o->folder || !o->clients || !o->in_flight || !o->lines)
            argp_usage(state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct argp_option table[] = {
        {"clients", 'c', "N", 0, "connections, each an organisation (64)", 0},
        {"in-flight", 'f', "N", 0, "submissions of each that wait for a receipt (4)", 0},
        {"lines", 'l', "N", 0, "lines a submission (100)", 0},
        {"seconds", 's', "S", 0, "how long (3)", 0},
        {"rate", 'r', "N", 0, "submissions a second to prepare for (20,000, or 600,000 lines)", 0},
        {"plan", 'p', "LINES", 0, "instead: each client loads one plan of so many lines", 0},
        {"compare", 'w', NULL, 0, "lines of the comparison workload, as the peers get them", 0},
        {"ask", 'a', "MS", 0, "meanwhile a coordinator asks for volume, every so often", 0},
        {"journal", 'j', "PLACE", 0, "the broker's journal is in PostgreSQL, there", 0},
        {"keep", 'k', NULL, 0, "leave the broker's folder", 0},
        {0}};
    const struct argp argp = {table, parse, "KOPGROEPD FOLDER",
                              "Starts KOPGROEPD on a fresh folder in FOLDER and measures durable "
                              "submissions. Prints one line.",
                              NULL, NULL, NULL};
    options o = {.clients = 64, .in_flight = 4, .lines = 100, .seconds = 3};
    submit_broker broker;
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    if (!o.rate)
        o.rate = 600000 / o.lines < 20000 ? 600000 / o.lines : 20000;
    submit_broker_found(&broker, o.kopgroepd, o.folder);
    if (o.journal)
        submit_broker_move(&broker, o.kopgroepd, o.journal);
    submit_broker_serve(&broker, o.kopgroepd);
    measure(&o, &broker);
    submit_broker_stop(&broker, o.keep);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* floor_submit FOLDER CONNECTIONS WINDOW LINES SECONDS: the least that a durable, signed,
 * encrypted submission can cost on this stack. A CURVE ROUTER, one thread that checks Ed25519
 * signatures and decodes, one that appends what has arrived to a log, syncs it once, adds it up
 * and lets the replies go. No errors, no rules, no request ids, no queries: a floor, not a broker.
 * Prints "submissions/s lines/s p50_us p99_us". */
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "compare_workload.h"
#include "floor.pb-c.h"
#include "proto/memory.h"

#define KEY_BYTES 32
#define SIGNATURE_BYTES 64
#define REQUEST_BYTES 16
#define CELLS (1u << 21)
#define READ_AT_ONCE 256

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
    perror(what);
    exit(4);
}

/* ---- requests, handed from thread to thread in lists ---- */

typedef struct request {
    struct request *next;
    zmq_msg_t peer, message;
    Floor__FloorSubmission *submission; /* owned */
    Floor__FloorPlan *plan;             /* owned */
} request;

typedef struct list {
    request *first, **end;
} list;

static void list_init(list *l)
{
    l->first = NULL;
    l->end = &l->first;
}

static void list_add(list *l, request *r)
{
    r->next = NULL;
    *l->end = r;
    l->end = &r->next;
}

typedef struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    list waiting;
} queue;

static void queue_init(queue *q)
{
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->filled, NULL);
    list_init(&q->waiting);
}

static void queue_put(queue *q, const list *l)
{
    if (!l->first)
        return;
    pthread_mutex_lock(&q->lock);
    bool empty = !q->waiting.first;
    *q->waiting.end = l->first;
    q->waiting.end = l->end;
    pthread_mutex_unlock(&q->lock);
    if (empty)
        pthread_cond_signal(&q->filled);
}

/* All that waits; with `wait`, at least one. */
static request *queue_take(queue *q, bool wait)
{
    pthread_mutex_lock(&q->lock);
    while (wait && !q->waiting.first)
        pthread_cond_wait(&q->filled, &q->lock);
    request *first = q->waiting.first;
    list_init(&q->waiting);
    pthread_mutex_unlock(&q->lock);
    return first;
}

/* ---- the broker ---- */

typedef struct cell {
    uint64_t key, lines, quantity_min, quantity, value;
} cell;

typedef struct broker {
    void *context, *socket;
    char endpoint[64], public_key[41], secret_key[41];
    queue to_verify, to_write, to_reply;
    int replies; /* eventfd: something waits in to_reply */
    int log;
    cell *cells;
} broker;

static void verify(EVP_MD_CTX *context, const Floor__FloorSubmission *s)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, s->key.data, KEY_BYTES);
    bool good = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, s->signature.data, SIGNATURE_BYTES, s->plan.data,
                                 s->plan.len) == 1;
    EVP_MD_CTX_reset(context);
    EVP_PKEY_free(key);
    must(good, "signature");
}

static void *verify_loop(void *argument)
{
    broker *b = argument;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    for (;;) {
        request *r = queue_take(&b->to_verify, true), *next;
        for (; r; r = next) {
            list one;
            next = r->next;
            r->submission = floor__floor_submission__unpack(
                NULL, zmq_msg_size(&r->message), zmq_msg_data(&r->message));
            must(r->submission, "message");
            r->plan = floor__floor_plan__unpack(NULL, r->submission->plan.len,
                                                r->submission->plan.data);
            must(r->plan, "plan");
            verify(context, r->submission);
            list_init(&one);
            list_add(&one, r);
            queue_put(&b->to_write, &one);
        }
    }
    return NULL;
}

static uint64_t cell_key(const Floor__FloorLine *line)
{
    uint64_t nuts = 0;
    memcpy(&nuts, line->nuts, strlen(line->nuts));
    uint64_t key = (nuts ^ (uint64_t)line->cpv << 36) * UINT64_C(0x9e3779b97f4a7c15);
    key ^= (uint64_t)(line->from_day / 30 * 2 + line->track) * UINT64_C(0xbf58476d1ce4e5b9);
    return (key ^ key >> 29) | 1;
}

static void add_up(cell *cells, const Floor__FloorPlan *plan)
{
    for (size_t i = 0; i < plan->n_lines; i++) {
        const Floor__FloorLine *line = plan->lines[i];
        uint64_t key = cell_key(line);
        size_t at = (key >> 20) % CELLS;
        while (cells[at].key && cells[at].key != key)
            at = (at + 1) % CELLS;
        cells[at].key = key;
        cells[at].lines++;
        cells[at].quantity_min += line->quantity_min;
        cells[at].quantity += line->quantity;
        cells[at].value += line->quantity * line->price_cents;
    }
}

/* One write and one sync for all that waits. */
static void *write_loop(void *argument)
{
    broker *b = argument;
    kg_buffer bytes;
    kg_buffer_init(&bytes);
    for (;;) {
        request *first = queue_take(&b->to_write, true);
        list done;
        list_init(&done);
        bytes.count = 0;
        for (request *r = first; r; r = r->next)
            kg_buffer_add(&bytes, zmq_msg_data(&r->message), zmq_msg_size(&r->message));
        must(write(b->log, bytes.bytes, bytes.count) == (ssize_t)bytes.count, "write");
        must(fdatasync(b->log) == 0, "fdatasync");
        for (request *r = first, *next; r; r = next) {
            next = r->next;
            add_up(b->cells, r->plan);
            floor__floor_plan__free_unpacked(r->plan, NULL);
            list_add(&done, r);
        }
        queue_put(&b->to_reply, &done);
        must(eventfd_write(b->replies, 1) == 0, "eventfd");
    }
    return NULL;
}

static void send_replies(broker *b)
{
    eventfd_t count;
    eventfd_read(b->replies, &count);
    for (request *r = queue_take(&b->to_reply, false), *next; r; r = next) {
        uint8_t reply[64] = {0};
        next = r->next;
        memcpy(reply, r->submission->request.data, REQUEST_BYTES);
        zmq_msg_send(&r->peer, b->socket, ZMQ_SNDMORE);
        zmq_send(b->socket, reply, sizeof reply, 0);
        floor__floor_submission__free_unpacked(r->submission, NULL);
        zmq_msg_close(&r->message);
        free(r);
    }
}

static void read_requests(broker *b)
{
    list arrived;
    list_init(&arrived);
    for (int i = 0; i < READ_AT_ONCE; i++) {
        request *r = kg_alloc(1, sizeof *r);
        zmq_msg_init(&r->peer);
        zmq_msg_init(&r->message);
        if (zmq_msg_recv(&r->peer, b->socket, ZMQ_DONTWAIT) < 0) {
            free(r);
            break;
        }
        zmq_msg_recv(&r->message, b->socket, 0);
        list_add(&arrived, r);
    }
    queue_put(&b->to_verify, &arrived);
}

static void *net_loop(void *argument)
{
    broker *b = argument;
    zmq_pollitem_t items[] = {{b->socket, 0, ZMQ_POLLIN, 0}, {NULL, b->replies, ZMQ_POLLIN, 0}};
    for (;;) {
        zmq_poll(items, 2, -1);
        if (items[1].revents)
            send_replies(b);
        if (items[0].revents)
            read_requests(b);
    }
    return NULL;
}

static void set(void *socket, int option, int value)
{
    must(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "zmq_setsockopt");
}

static void broker_start(broker *b, const char *folder)
{
    char path[4096];
    size_t size = sizeof b->endpoint;
    pthread_t thread;
    snprintf(path, sizeof path, "%s/floor.log", folder);
    b->log = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    must(b->log >= 0, path);
    must(unlink(path) == 0, path);
    b->replies = eventfd(0, EFD_NONBLOCK);
    b->cells = kg_alloc(CELLS, sizeof *b->cells);
    queue_init(&b->to_verify);
    queue_init(&b->to_write);
    queue_init(&b->to_reply);
    b->context = zmq_ctx_new();
    b->socket = zmq_socket(b->context, ZMQ_ROUTER);
    must(zmq_curve_keypair(b->public_key, b->secret_key) == 0, "zmq_curve_keypair");
    set(b->socket, ZMQ_SNDHWM, 0);
    set(b->socket, ZMQ_RCVHWM, 0);
    set(b->socket, ZMQ_CURVE_SERVER, 1);
    zmq_setsockopt(b->socket, ZMQ_CURVE_SECRETKEY, b->secret_key, 40);
    must(zmq_bind(b->socket, "tcp://127.0.0.1:*") == 0, "zmq_bind");
    zmq_getsockopt(b->socket, ZMQ_LAST_ENDPOINT, b->endpoint, &size);
    must(pthread_create(&thread, NULL, verify_loop, b) == 0, "thread");
    must(pthread_create(&thread, NULL, write_loop, b) == 0, "thread");
    must(pthread_create(&thread, NULL, net_loop, b) == 0, "thread");
}

/* ---- the load: messages made and signed beforehand ---- */

typedef struct load {
    kg_buffer *messages;
    size_t messages_count;
    void **sockets;
    zmq_pollitem_t *items;
    int connections;
    double *sent_at; /* by message */
    float *waits;
    size_t waits_count, waits_capacity, sent;
} load;

static void fill_line(Floor__FloorLine *out, const compare_line *line)
{
    floor__floor_line__init(out);
    out->organisation = line->organisation;
    out->cpv = line->cpv;
    out->nuts = (char *)line->nuts.code;
    out->quantity_min = line->quantity_min;
    out->quantity = line->quantity;
    out->price_cents = line->price_cents;
    out->from_day = (uint32_t)line->from;
    out->to_day = (uint32_t)line->to;
    out->track = line->track;
    out->language = (char *)line->language;
}

static void pack(kg_buffer *out, uint64_t number, uint8_t *plan, size_t plan_bytes,
                 EVP_PKEY *key, uint8_t *public_key)
{
    uint8_t request_id[REQUEST_BYTES] = {0}, signature[SIGNATURE_BYTES];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    Floor__FloorSubmission s = FLOOR__FLOOR_SUBMISSION__INIT;
    must(EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
             EVP_DigestSign(context, signature, &size, plan, plan_bytes) == 1, "sign");
    EVP_MD_CTX_free(context);
    memcpy(request_id, &number, sizeof number);
    s.request = (ProtobufCBinaryData){REQUEST_BYTES, request_id};
    s.key = (ProtobufCBinaryData){KEY_BYTES, public_key};
    s.signature = (ProtobufCBinaryData){SIGNATURE_BYTES, signature};
    s.plan = (ProtobufCBinaryData){plan_bytes, plan};
    uint8_t *bytes = kg_alloc(floor__floor_submission__get_packed_size(&s), 1);
    size_t count = floor__floor_submission__pack(&s, bytes);
    kg_buffer_init(out);
    kg_buffer_add(out, bytes, count);
    free(bytes);
}

static void make_messages(load *l, int lines)
{
    static compare_workload workload;
    uint8_t public_key[KEY_BYTES];
    size_t size = sizeof public_key;
    uint64_t id = 0;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    EVP_PKEY_get_raw_public_key(key, public_key, &size);
    compare_workload_init(&workload, KG_SOURCE_DIR "/config/reference/nuts.csv");
    Floor__FloorLine *rows = kg_alloc((size_t)lines, sizeof *rows), **pointers;
    compare_line *source = kg_alloc((size_t)lines, sizeof *source);
    pointers = kg_alloc((size_t)lines, sizeof *pointers);
    uint8_t *plan = kg_alloc((size_t)lines, 128);
    l->messages_count = lines == 1 ? 20000 : 2000;
    l->messages = kg_alloc(l->messages_count, sizeof *l->messages);
    for (size_t m = 0; m < l->messages_count; m++) {
        Floor__FloorPlan batch = FLOOR__FLOOR_PLAN__INIT;
        for (int i = 0; i < lines; i++) {
            source[i] = compare_workload_line(&workload, id++);
            fill_line(&rows[i], &source[i]);
            pointers[i] = &rows[i];
        }
        batch.n_lines = (size_t)lines;
        batch.lines = pointers;
        pack(&l->messages[m], m, plan, floor__floor_plan__pack(&batch, plan), key, public_key);
    }
    EVP_PKEY_free(key);
    free(rows);
    free(source);
    free(pointers);
    free(plan);
}

static void connect_all(load *l, const broker *b)
{
    char public_key[41], secret_key[41];
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, l->connections + 16);
    must(zmq_curve_keypair(public_key, secret_key) == 0, "zmq_curve_keypair");
    l->sockets = kg_alloc((size_t)l->connections, sizeof *l->sockets);
    l->items = kg_alloc((size_t)l->connections, sizeof *l->items);
    for (int i = 0; i < l->connections; i++) {
        void *socket = zmq_socket(context, ZMQ_DEALER);
        set(socket, ZMQ_SNDHWM, 0);
        set(socket, ZMQ_RCVHWM, 0);
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, b->public_key, 40);
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public_key, 40);
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret_key, 40);
        must(zmq_connect(socket, b->endpoint) == 0, "zmq_connect");
        l->sockets[i] = socket;
        l->items[i] = (zmq_pollitem_t){socket, 0, ZMQ_POLLIN, 0};
    }
}

static void send_next(load *l, void *socket)
{
    size_t number = l->sent++ % l->messages_count;
    l->sent_at[number] = now();
    zmq_send(socket, l->messages[number].bytes, l->messages[number].count, 0);
}

static void take_reply(load *l, void *socket)
{
    uint8_t reply[64];
    uint64_t number;
    while (zmq_recv(socket, reply, sizeof reply, ZMQ_DONTWAIT) >= 0) {
        memcpy(&number, reply, sizeof number);
        l->waits = kg_grow(l->waits, l->waits_count, &l->waits_capacity, sizeof *l->waits);
        l->waits[l->waits_count++] = (float)(now() - l->sent_at[number]);
        send_next(l, socket);
    }
}

static double run(load *l, int window, double seconds)
{
    uint8_t reply[64];
    for (int i = 0; i < l->connections; i++) { /* the handshakes */
        send_next(l, l->sockets[i]);
        must(zmq_recv(l->sockets[i], reply, sizeof reply, 0) >= 0, "first reply");
    }
    double start = now();
    for (int w = 0; w < window; w++)
        for (int i = 0; i < l->connections; i++)
            send_next(l, l->sockets[i]);
    while (now() - start < seconds) {
        zmq_poll(l->items, l->connections, 1000);
        for (int i = 0; i < l->connections; i++)
            if (l->items[i].revents)
                take_reply(l, l->sockets[i]);
    }
    return now() - start;
}

static int compare_waits(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    static broker b;
    load l = {0};
    if (argc < 6) {
        fprintf(stderr, "usage: floor_submit FOLDER CONNECTIONS WINDOW LINES SECONDS\n");
        return 2;
    }
    int lines = atoi(argv[4]);
    l.connections = atoi(argv[2]);
    broker_start(&b, argv[1]);
    make_messages(&l, lines);
    l.sent_at = kg_alloc(l.messages_count, sizeof *l.sent_at);
    connect_all(&l, &b);
    double seconds = run(&l, atoi(argv[3]), atof(argv[5]));
    must(l.waits_count > 0, "no reply came");
    qsort(l.waits, l.waits_count, sizeof *l.waits, compare_waits);
    double rate = (double)l.waits_count / seconds;
    printf("%.0f %.0f %.0f %.0f\n", rate, rate * lines, (double)l.waits[l.waits_count / 2] * 1e6,
           (double)l.waits[l.waits_count * 99 / 100] * 1e6);
    fflush(stdout);
    _exit(0); /* the broker's threads end with the process */
}

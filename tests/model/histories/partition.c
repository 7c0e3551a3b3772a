/* SPDX-License-Identifier: EUPL-1.2 */
#include "partition.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "proto/memory.h"

#define CONNECTIONS_MAX 64
#define FAULT_BYTES_MAX 30000 /* of a direction, between two faults; a submission has 700 */
#define STALL_MS 200
#define LONG_STALL_MS 1000 /* of one in eight */

typedef enum fault { RESET, CLOSE, HALVE, STALL, PART, FAULTS } fault;

/* What goes from one side to the other. */
typedef struct flow {
    int from, to;
    uint8_t bytes[4096];
    size_t at, count; /* read and not written yet */
    size_t left;      /* bytes until the fault */
    int64_t still_ms; /* until then it stands still; 0: it flows */
    bool ended, told; /* nothing more comes; the other side was told so */
    bool halved;      /* told so, though more comes: that is thrown away */
} flow;

typedef struct connection {
    flow flows[2];
    uint64_t random;
    bool there;
} connection;

struct partition {
    int listener, stop; /* descriptors */
    uint16_t port, target;
    uint64_t seed;
    int64_t parted_ms; /* until then nothing passes, and nobody is welcome; 0: all is well */
    connection connections[CONNECTIONS_MAX];
    partition_counts counts;
    pthread_t thread;
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "partition: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t between(uint64_t *random, uint64_t low, uint64_t high)
{
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return low + (z ^ z >> 31) % (high - low + 1);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* --- ends --- */

/* At once: what was sent and not read is lost. */
static void reset(connection *c)
{
    const struct linger none = {1, 0};
    const int sides[] = {c->flows[0].from, c->flows[0].to};
    for (int i = 0; i < 2; i++) {
        setsockopt(sides[i], SOL_SOCKET, SO_LINGER, &none, sizeof none);
        close(sides[i]);
    }
    c->there = false;
}

static void close_both(connection *c)
{
    close(c->flows[0].from);
    close(c->flows[0].to);
    c->there = false;
}

/* --- faults --- */

static void draw_fault(connection *c, flow *f)
{
    f->left = (size_t)between(&c->random, 1, FAULT_BYTES_MAX);
}

static int64_t draw_end(connection *c)
{
    const uint64_t most = between(&c->random, 1, 8) == 1 ? LONG_STALL_MS : STALL_MS;
    return now_ms() + (int64_t)between(&c->random, 1, most);
}

static void happen(partition *p, connection *c, flow *f)
{
    switch ((fault)between(&c->random, 0, FAULTS - 1)) {
    case RESET:
        p->counts.reset++;
        reset(c);
        break;
    case CLOSE:
        p->counts.closed++;
        close_both(c);
        break;
    case HALVE:
        p->counts.halved++;
        shutdown(f->to, SHUT_WR);
        f->halved = f->told = true;
        break;
    case STALL:
        p->counts.stalls++;
        f->still_ms = draw_end(c);
        draw_fault(c, f);
        break;
    default:
        p->counts.parted++;
        p->parted_ms = draw_end(c);
        draw_fault(c, f);
    }
}

/* --- passing on --- */

/* False: the connection is over. */
static bool put(connection *c, flow *f)
{
    while (f->at < f->count) {
        ssize_t some = send(f->to, f->bytes + f->at, f->count - f->at, MSG_NOSIGNAL);
        if (some < 0 && errno == EAGAIN)
            return true;
        if (some < 0)
            reset(c);
        if (some < 0)
            return false;
        f->at += (size_t)some;
    }
    f->at = f->count = 0;
    return true;
}

/* The fault happens once what came before it was written. */
static void pass_on(partition *p, connection *c, flow *f)
{
    if (!put(c, f) || f->count > 0 || f->halved)
        return;
    if (f->left == 0) {
        happen(p, c, f);
    } else if (f->ended && !f->told) {
        shutdown(f->to, SHUT_WR);
        f->told = true;
    }
}

static void take(partition *p, connection *c, flow *f)
{
    const size_t room = f->halved || f->left > sizeof f->bytes ? sizeof f->bytes : f->left;
    ssize_t some = recv(f->from, f->bytes, room, 0);
    if (some < 0 && errno == EAGAIN)
        return;
    if (some < 0) {
        reset(c);
        return;
    }
    f->ended = some == 0;
    if (f->halved)
        return;
    f->count = (size_t)some;
    f->left -= (size_t)some;
    pass_on(p, c, f);
}

/* --- connections --- */

static bool connect_on(partition *p, connection *c, int client)
{
    struct sockaddr_in to = loopback(p->target);
    int broker = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (broker < 0)
        give_up("socket");
    c->flows[0] = (flow){.from = client, .to = broker};
    c->flows[1] = (flow){.from = broker, .to = client};
    if (connect(broker, (struct sockaddr *)&to, sizeof to) != 0) {
        reset(c); /* nobody is there: the broker was killed */
        return false;
    }
    fcntl(client, F_SETFL, O_NONBLOCK);
    fcntl(broker, F_SETFL, O_NONBLOCK);
    return true;
}

static void welcome(partition *p)
{
    connection *c = p->connections;
    int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0)
        return;
    while (c->there)
        c++;
    if (!connect_on(p, c, client))
        return;
    c->random = p->seed + p->counts.connections++;
    c->there = true;
    draw_fault(c, &c->flows[0]);
    draw_fault(c, &c->flows[1]);
}

/* --- the thread --- */

static void wait_until(int64_t end_ms, int64_t now, int *wait_ms)
{
    if (end_ms > now && (*wait_ms < 0 || end_ms - now < *wait_ms))
        *wait_ms = (int)(end_ms - now);
}

/* Where more may be read, or what was read be written, and until when at most to wait. */
static void expect(const flow *f, struct pollfd wanted[2], int64_t now, int *wait_ms)
{
    if (f->still_ms <= now && f->count == 0 && !f->ended)
        wanted[0].fd = f->from;
    if (f->still_ms <= now && f->count > 0)
        wanted[1].fd = f->to;
    wait_until(f->still_ms, now, wait_ms);
}

static nfds_t expect_all(const partition *p, struct pollfd *wanted, int *wait_ms)
{
    const int64_t now = now_ms();
    const bool parted = p->parted_ms > now;
    bool room = false;
    nfds_t count = 2;
    wait_until(p->parted_ms, now, wait_ms);
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        const connection *c = &p->connections[i];
        room = room || !c->there;
        for (int way = 0; way < 2; way++, count += 2) {
            wanted[count] = (struct pollfd){.fd = -1, .events = POLLIN};
            wanted[count + 1] = (struct pollfd){.fd = -1, .events = POLLOUT};
            if (c->there && !parted)
                expect(&c->flows[way], &wanted[count], now, wait_ms);
        }
    }
    wanted[0] = (struct pollfd){.fd = p->stop, .events = POLLIN};
    wanted[1] = (struct pollfd){.fd = room && !parted ? p->listener : -1, .events = POLLIN};
    return count;
}

static void serve(partition *p, connection *c, const struct pollfd *ready)
{
    for (int way = 0; way < 2 && c->there; way++) {
        flow *f = &c->flows[way];
        if (ready[2 * way].fd >= 0 && ready[2 * way].revents)
            take(p, c, f);
        else if (ready[2 * way + 1].fd >= 0 && ready[2 * way + 1].revents)
            pass_on(p, c, f);
    }
    if (c->there && c->flows[0].ended && c->flows[1].ended && c->flows[0].told && c->flows[1].told)
        close_both(c);
}

static void *run(void *context)
{
    partition *p = context;
    struct pollfd ready[2 + 4 * CONNECTIONS_MAX];
    for (;;) {
        int wait_ms = -1;
        nfds_t count = expect_all(p, ready, &wait_ms);
        if (poll(ready, count, wait_ms) < 0 && errno != EINTR)
            give_up("poll");
        if (ready[0].revents)
            return NULL;
        for (int i = 0; i < CONNECTIONS_MAX; i++)
            if (p->connections[i].there)
                serve(p, &p->connections[i], &ready[2 + 4 * i]);
        if (ready[1].fd >= 0 && ready[1].revents)
            welcome(p);
    }
}

partition *partition_begin(uint16_t port, uint64_t seed)
{
    partition *p = kg_alloc(1, sizeof *p);
    struct sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    p->target = port;
    p->seed = seed;
    p->stop = eventfd(0, EFD_CLOEXEC);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (p->stop < 0 || p->listener < 0 ||
        bind(p->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(p->listener, CONNECTIONS_MAX) != 0 ||
        getsockname(p->listener, (struct sockaddr *)&at, &size) != 0)
        give_up("listening");
    p->port = ntohs(at.sin_port);
    if (pthread_create(&p->thread, NULL, run, p) != 0)
        abort();
    return p;
}

uint16_t partition_port(const partition *of)
{
    return of->port;
}

partition_counts partition_end(partition **of)
{
    partition *p = *of;
    partition_counts counts;
    if (write(p->stop, &(uint64_t){1}, sizeof(uint64_t)) < 0)
        give_up("stopping");
    pthread_join(p->thread, NULL);
    counts = p->counts;
    for (int i = 0; i < CONNECTIONS_MAX; i++)
        if (p->connections[i].there)
            reset(&p->connections[i]);
    close(p->listener);
    close(p->stop);
    free(p);
    *of = NULL;
    return counts;
}

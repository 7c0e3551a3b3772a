/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fault/strangers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proto/memory.h"
#include "tests/fault/chance.h"

enum { OPEN = 64, BYTES_MAX = 2000, LINGER_MS = 2, GREETING = 64, DESCRIPTORS_SPARE = 100 };

static volatile sig_atomic_t enough;

static void note_enough(int signal)
{
    (void)signal;
    enough = 1;
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint16_t port_of(const char *endpoint)
{
    return (uint16_t)atoi(strrchr(endpoint, ':') + 1);
}

/* From any address of the loopback network: one has not ports enough. -1: none could be made. */
static int connect_from(uint32_t host, uint16_t port)
{
    const struct sockaddr_in from = {.sin_family = AF_INET,
                                     .sin_addr = {htonl(0x7f000001 + (host & 0xffff))}};
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -1;
    if (bind(descriptor, (const struct sockaddr *)&from, sizeof(from)) == 0 &&
        connect(descriptor, (const struct sockaddr *)&to, sizeof(to)) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

/* ---- malformed ---- */

/* The greeting of ZMTP 3.1 for CURVE: signature, version, mechanism, as-server, filler. */
static void write_greeting(uint8_t out[GREETING])
{
    memset(out, 0, GREETING);
    out[0] = 0xff;
    out[9] = 0x7f;
    out[10] = 3;
    out[11] = 1;
    memcpy(out + 12, "CURVE", 5);
}

static size_t write_noise(uint64_t *seed, uint8_t *out, size_t most)
{
    const size_t count = 1 + chance_next(seed) % most;

    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)chance_next(seed);
    return count;
}

/* A right greeting, then what is no HELLO. */
static size_t write_after_greeting(uint64_t *seed, uint8_t *out)
{
    static const uint8_t heads[][9] = {
        {0x04, 200}, /* a command, shorter than it says */
        {0x06, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, /* a command beyond all bounds */
        {0x06, 0x80, 0, 0, 0, 0, 0, 0, 0},                      /* a negative length */
        {0x02, 0, 0, 0, 0, 0x10, 0, 0, 0},                      /* a message of 256 MiB */
        {0x00, 5},                                              /* a message before the handshake */
        {0xff, 0xff},                                           /* flags that there are not */
        {0x04, 0},                                              /* an empty command */
    };
    const size_t head = chance_next(seed) % (sizeof(heads) / sizeof(heads[0]));
    size_t count = GREETING + (heads[head][0] & 2 ? 9 : 2);

    write_greeting(out);
    memcpy(out + GREETING, heads[head], sizeof(heads[0]));
    return count + write_noise(seed, out + count, 300);
}

/* A HELLO of the right size, that nobody can open; another version, mechanism or role. */
static size_t write_nearly_right(uint64_t *seed, uint8_t *out)
{
    static const uint8_t hello[] = {0x04, 200, 5, 'H', 'E', 'L', 'L', 'O', 1, 0};
    size_t count = GREETING + sizeof(hello) + 192;

    write_greeting(out);
    memcpy(out + GREETING, hello, sizeof(hello));
    for (size_t i = GREETING + sizeof(hello); i < count; i++)
        out[i] = (uint8_t)chance_next(seed);
    switch (chance_next(seed) % 5) {
    case 0:
        out[10] = (uint8_t)chance_next(seed);
        break;
    case 1:
        memcpy(out + 12, "NULL\0", 5);
        break;
    case 2:
        memcpy(out + 12, "PLAIN", 5);
        break;
    case 3:
        out[32] = 1;
        break;
    default:
        break;
    }
    return count;
}

static size_t write_malformed(uint64_t *seed, uint8_t out[BYTES_MAX])
{
    static const char http[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    size_t count;

    switch (chance_next(seed) % 6) {
    case 0:
        count = write_noise(seed, out, 600);
        break;
    case 1:
        memcpy(out, http, sizeof(http) - 1);
        count = sizeof(http) - 1;
        break;
    case 2: /* a greeting that goes on as noise */
        write_greeting(out);
        count = 1 + chance_next(seed) % GREETING;
        count += write_noise(seed, out + count, 300);
        break;
    case 3:
        count = write_after_greeting(seed, out);
        break;
    case 4: /* that of an older version, which has no keys */
        memcpy(out, "\x01\x00\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x05", 14);
        count = 14;
        break;
    default:
        count = write_nearly_right(seed, out);
        break;
    }
    return chance_next(seed) % 4 == 0 ? 1 + chance_next(seed) % count : count;
}

/* Half are reset; the others wait a moment for the broker's end of it. */
static void hang_up(int descriptor, uint64_t *seed, strangers_count *count)
{
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    char bytes[256];

    if (descriptor < 0)
        return;
    if (chance_next(seed) % 2 == 0)
        while (poll(&wait, 1, LINGER_MS) > 0)
            if (recv(descriptor, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0) {
                count->closed++;
                break;
            }
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(descriptor);
}

static void flood(const kg_broker_access *access, uint64_t connections, uint64_t seed,
                  strangers_count *count)
{
    int open[OPEN];
    uint8_t bytes[BYTES_MAX];

    for (int i = 0; i < OPEN; i++)
        open[i] = -1;
    for (uint64_t i = 0; i < connections && !enough; i++) {
        const size_t size = write_malformed(&seed, bytes);
        int *place = &open[i % OPEN];

        hang_up(*place, &seed, count);
        *place =
            connect_from(chance_next(&seed), port_of(i % 2 ? access->feeds : access->requests));
        if (*place < 0) {
            count->failed++;
            continue;
        }
        count->connections++;
        send(*place, bytes, size, MSG_NOSIGNAL);
    }
    for (int i = 0; i < OPEN; i++)
        hang_up(open[i], &seed, count);
}

/* ---- slow ---- */

struct dawdler {
    double opened_at, sent_at;
    int sent;
};

static void open_again(const kg_broker_access *access, size_t i, struct dawdler *dawdler,
                       struct pollfd *item, strangers_count *count)
{
    const double now = now_s();

    *item = (struct pollfd){
        .fd = connect_from((uint32_t)i * 7, port_of(i % 4 < 2 ? access->requests : access->feeds)),
        .events = POLLIN};
    *dawdler = (struct dawdler){now, now, 0};
    count->connections += item->fd >= 0;
    count->failed += item->fd < 0;
}

/* Whether the broker has closed it. What it sends, its greeting, is read. */
static bool is_over(const struct pollfd *item)
{
    char bytes[256];
    const ssize_t got = item->revents ? recv(item->fd, bytes, sizeof(bytes), MSG_DONTWAIT) : 1;

    return got == 0 || (got < 0 && errno != EAGAIN);
}

static void send_slowly(size_t i, struct dawdler *dawdler, const struct pollfd *item)
{
    uint8_t greeting[GREETING];
    const double now = now_s();

    if (i % 2 == 0 || dawdler->sent == GREETING || now - dawdler->sent_at < 1)
        return;
    write_greeting(greeting);
    send(item->fd, greeting + dawdler->sent, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    dawdler->sent++;
    dawdler->sent_at = now;
}

static void dawdle(const kg_broker_access *access, size_t connections, strangers_count *count)
{
    struct dawdler *dawdlers = kg_alloc(connections, sizeof(*dawdlers));
    struct pollfd *items = kg_alloc(connections, sizeof(*items));

    for (size_t i = 0; i < connections; i++)
        open_again(access, i, &dawdlers[i], &items[i], count);
    while (!enough) {
        poll(items, connections, 50);
        for (size_t i = 0; i < connections && !enough; i++) {
            const double stood_s = now_s() - dawdlers[i].opened_at;

            if (items[i].fd >= 0 && !is_over(&items[i])) {
                send_slowly(i, &dawdlers[i], &items[i]);
                continue;
            }
            if (items[i].fd >= 0) {
                count->closed++;
                count->longest_s = stood_s > count->longest_s ? stood_s : count->longest_s;
                close(items[i].fd);
            }
            open_again(access, i, &dawdlers[i], &items[i], count);
        }
    }
    for (size_t i = 0; i < connections; i++) {
        const double stood_s = now_s() - dawdlers[i].opened_at;

        /* One that stands for too long is told of as well. */
        count->longest_s =
            items[i].fd >= 0 && stood_s > count->longest_s ? stood_s : count->longest_s;
        close(items[i].fd);
    }
    free(dawdlers);
    free(items);
}

/* ---- processes ---- */

static void allow_descriptors(size_t count)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < count) {
        limit.rlim_cur = count;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            perror("strangers: not enough descriptors are allowed");
            _exit(4);
        }
    }
}

/* Waits until it is told where to go; never returns. */
static _Noreturn void live(int in, int out, uint64_t connections, uint64_t seed, bool slow)
{
    const struct sigaction action = {.sa_handler = note_enough};
    kg_broker_access access;
    strangers_count count = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigaction(SIGTERM, &action, NULL);
    if (read(in, &access, sizeof(access)) != sizeof(access))
        _exit(4);
    if (slow) {
        allow_descriptors(connections + DESCRIPTORS_SPARE);
        dawdle(&access, connections, &count);
    } else {
        flood(&access, connections, seed, &count);
    }
    _exit(write(out, &count, sizeof(count)) == sizeof(count) ? 0 : 4);
}

static struct strangers begin(uint64_t connections, uint64_t seed, bool slow)
{
    int in[2], out[2];
    pid_t child;

    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || (child = fork()) < 0) {
        perror("strangers");
        exit(4);
    }
    if (child == 0) {
        close(in[1]);
        close(out[0]);
        live(in[0], out[1], connections, seed, slow);
    }
    close(in[0]);
    close(out[1]);
    return (struct strangers){child, in[1], out[0]};
}

struct strangers strangers_flood(uint64_t connections, uint64_t seed)
{
    return begin(connections, seed, false);
}

struct strangers strangers_dawdle(size_t connections)
{
    return begin(connections, 0, true);
}

void strangers_go(const struct strangers *strangers, const kg_broker_access *access)
{
    if (write(strangers->in, access, sizeof(*access)) != sizeof(*access)) {
        perror("strangers");
        exit(4);
    }
}

bool strangers_ended(const struct strangers *strangers)
{
    struct pollfd item = {.fd = strangers->out, .events = POLLIN};

    return poll(&item, 1, 0) > 0;
}

strangers_count strangers_end(struct strangers *strangers)
{
    strangers_count count;
    ssize_t got;

    kill(strangers->child, SIGTERM);
    got = read(strangers->out, &count, sizeof(count));
    waitpid(strangers->child, NULL, 0);
    close(strangers->in);
    close(strangers->out);
    if (got != sizeof(count)) {
        fprintf(stderr, "strangers: one ended before its time\n");
        exit(4);
    }
    return count;
}

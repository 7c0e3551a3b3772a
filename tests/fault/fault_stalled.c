/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_stalled KOPGROEPD [SECONDS]: for SECONDS (3) a process that subscribed to every feed, and
 * asked for much, is stopped and reads nothing, while members submit and one of them hears of its
 * own. Broker and door must not grow, the members be served, that one miss nothing; and who has
 * taken nothing for a minute is cut off by then (looked at when SECONDS is 60 or more). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault/stalled.h"
#include "tests/fault/swarm.h"

enum {
    SECONDS = 3,
    MEMBERS = 16,
    ENDLESS = 1 << 30,
    CUT_OFF_S = 60,
    HINT_MS = 10000,
    ESTABLISHED = 1
};

#define PAUSE_S 0.02
#define IDLE_S 0.5
#define GROWTH_MIB_MAX 32.0
#define WAIT_MS_MAX 2000.0

/* To the hints of the first member's feed; no other's name begins as its does. */
static void *subscribe(const struct swarm *swarm)
{
    const kg_identity *identity = swarm->members[0].load.identity;
    const char *id = kg_identity_organisation(identity);
    void *socket = swarm_socket(swarm, identity, ZMQ_SUB);

    swarm_must(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, id, strlen(id)) == 0 &&
                   zmq_connect(socket, swarm->broker.access.feeds) == 0,
               "subscribe");
    return socket;
}

/* At which number the feed is, as far as was told; `number` is what was known before. */
static uint64_t read_hints(void *socket, uint64_t number)
{
    char of[256];
    uint8_t bytes[8];

    while (zmq_recv(socket, of, sizeof(of), ZMQ_DONTWAIT) >= 0) {
        swarm_must(zmq_recv(socket, bytes, sizeof(bytes), 0) == sizeof(bytes), "no hint");
        number = 0;
        for (size_t i = 0; i < sizeof(bytes); i++)
            number = number << 8 | bytes[i];
    }
    return number;
}

struct hearer {
    void *socket;
    uint64_t number;
};

static void work_for(struct swarm *swarm, struct hearer *hearer, double seconds)
{
    for (const double until = swarm_now() + seconds; swarm_now() < until;) {
        swarm_work(swarm, ENDLESS, 5);
        hearer->number = read_hints(hearer->socket, hearer->number);
    }
}

/* Each receipt is an entry of the feed, after that of the registration: is the last one told of? */
static bool hears_all(const struct swarm *swarm, struct hearer *hearer)
{
    zmq_pollitem_t item = {hearer->socket, 0, ZMQ_POLLIN, 0};
    const uint64_t wanted = swarm->members[0].receipts;

    while (hearer->number < wanted && zmq_poll(&item, 1, HINT_MS) > 0)
        hearer->number = read_hints(hearer->socket, hearer->number);
    printf("the other subscriber: at %llu, after %llu receipts\n",
           (unsigned long long)hearer->number, (unsigned long long)wanted);
    return hearer->number >= wanted;
}

/* Connections that the broker has at an endpoint: the kernel may have ended one without its
 * client's knowing. */
static size_t standing(const char *endpoint)
{
    const unsigned port = (unsigned)atoi(strrchr(endpoint, ':') + 1);
    unsigned local, state;
    char row[300];
    size_t count = 0;
    FILE *file = fopen("/proc/net/tcp", "r");

    swarm_must(file != NULL, "/proc/net/tcp");
    while (fgets(row, sizeof(row), file))
        if (sscanf(row, " %*d: %*x:%x %*x:%*x %x", &local, &state) == 2)
            count += local == port && state == ESTABLISHED;
    fclose(file);
    return count;
}

/* All but the members' and the other subscriber's. */
static bool is_cut_off(const struct swarm *swarm)
{
    return standing(swarm->broker.access.feeds) == 1 &&
           standing(swarm->broker.access.requests) == swarm->count;
}

static bool hold(bool good, const char *what)
{
    if (!good)
        fprintf(stderr, "fault_stalled: %s\n", what);
    return good;
}

static bool run(struct swarm *swarm, struct stalled *stalled, double seconds)
{
    struct hearer hearer = {.socket = subscribe(swarm)};
    char folder[4200];
    double broker, door, longest;
    size_t receipts;
    bool good, cut_off;

    snprintf(folder, sizeof(folder), "%s/broker", swarm->broker.folder);
    work_for(swarm, &hearer, IDLE_S);
    broker = submit_broker_memory(&swarm->broker);
    door = submit_broker_door_memory(&swarm->broker);
    swarm->waits.count = 0;
    stalled_stop(stalled, folder);
    work_for(swarm, &hearer, seconds);
    receipts = swarm->waits.count / sizeof(float);
    longest = swarm_waited(swarm, 100);
    printf("%.0f s, %zu receipts, all within %.1f ms; MiB: broker %.1f, then %.1f; door %.1f, then "
           "%.1f\n",
           seconds, receipts, longest, broker, submit_broker_memory(&swarm->broker), door,
           submit_broker_door_memory(&swarm->broker));
    broker = submit_broker_memory(&swarm->broker) - broker;
    door = submit_broker_door_memory(&swarm->broker) - door;
    good = hold(hears_all(swarm, &hearer), "the other subscriber missed something");
    cut_off = is_cut_off(swarm);
    zmq_close(hearer.socket);
    stalled_end(stalled);
    printf("who stalled was %scut off\n", cut_off ? "" : "not ");
    good = hold(cut_off || seconds < CUT_OFF_S, "who stalled was not cut off") && good;
    good = hold(longest <= WAIT_MS_MAX * SWARM_PATIENCE, "a member waited too long") && good;
    /* With a sanitizer, which keeps what was freed, memory says nothing; lines take theirs. */
    return hold(SWARM_PATIENCE > 1 ||
                    (door < GROWTH_MIB_MAX &&
                     broker - (double)receipts * SWARM_RECEIPT_MIB < GROWTH_MIB_MAX),
                "memory grows") &&
           hold(submit_broker_told(&swarm->broker, "door-lost") == 0, "the door ended") && good;
}

int main(int argc, char **argv)
{
    const double seconds = argc > 2 ? atof(argv[2]) : SECONDS;
    const char *wrong;
    struct stalled stalled;
    struct swarm swarm;
    bool good;

    if (argc < 2)
        return 2;
    stalled = stalled_make();
    swarm_start(&swarm, argv[1], MEMBERS);
    swarm.pause_s = PAUSE_S;
    swarm_connect(&swarm);
    good = run(&swarm, &stalled, seconds);
    wrong = swarm_finish(&swarm);
    if (wrong)
        fprintf(stderr, "fault_stalled: %s; see %s\n", wrong, swarm.broker.folder);
    return wrong || !good ? 1 : 0;
}

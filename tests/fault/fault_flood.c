/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_flood KOPGROEPD [CONNECTIONS [SLOW [SEED]]]: members submit while strangers make
 * CONNECTIONS (20,000) malformed connections, and beside it SLOW (300) have ever open ones that say
 * nothing, or a byte a second. Neither broker nor door may end or grow, what is slow must be closed
 * in time, and no member may wait for long; how long they waited before, meanwhile and after is
 * told. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/fault/strangers.h"
#include "tests/fault/swarm.h"

enum { CONNECTIONS = 20000, SLOW = 300, MEMBERS = 16, RECEIPTS_MIN = 100, ENDLESS = 1 << 30 };

#define PAUSE_S 0.02       /* between a member's receipt and its next message */
#define SLOW_S_MAX 3.5     /* until the broker has closed what does not come to its point */
#define WAIT_MS_MAX 2000.0 /* of a member for its receipt, meanwhile */
#define GROWTH_MIB_MAX 10.0
#define SLOW_S_MIN 3.6 /* that the slow are watched: longer than they may last */

struct memory {
    double broker, door; /* MiB */
};

static struct memory memory_of(const struct swarm *swarm)
{
    return (struct memory){submit_broker_memory(&swarm->broker),
                           submit_broker_door_memory(&swarm->broker)};
}

/* And until there is something to tell of. */
static void work_for(struct swarm *swarm, double seconds)
{
    const double until = swarm_now() + seconds;

    swarm->waits.count = 0;
    while (swarm_now() < until || swarm->waits.count < RECEIPTS_MIN * sizeof(float))
        swarm_work(swarm, ENDLESS, 5);
}

/* Says how long the members waited; the longest wait, ms. */
static double report(struct swarm *swarm, const char *when)
{
    const size_t count = swarm->waits.count / sizeof(float);
    const kg_buffer kept = swarm->waits;
    double half, most, all;

    half = swarm_waited(swarm, 50);
    swarm->waits.count = kept.count;
    most = swarm_waited(swarm, 99);
    swarm->waits.count = kept.count;
    all = swarm_waited(swarm, 100);
    printf("%s: %zu receipts; half within %.1f ms, 99 of 100 within %.1f ms, all within %.1f ms\n",
           when, count, half, most, all);
    return all;
}

static bool hold(bool good, const char *what)
{
    if (!good)
        fprintf(stderr, "fault_flood: %s\n", what);
    return good;
}

static bool check_strangers(const strangers_count *flood, const strangers_count *slow)
{
    printf("%llu malformed connections, %llu could not be made; %llu slow ones, the longest lasted "
           "%.1f s\n",
           (unsigned long long)flood->connections, (unsigned long long)flood->failed,
           (unsigned long long)slow->closed, slow->longest_s);
    return hold(flood->failed * 100 <= flood->connections, "strangers could not connect") &&
           hold(slow->closed > 0 && slow->longest_s <= SLOW_S_MAX * SWARM_PATIENCE,
                "slow connections stood too long");
}

/* With a sanitizer, which keeps what was freed, memory says nothing. */
static bool check_memory(const struct memory *before, const struct memory *after, size_t receipts)
{
    const double lines = (double)receipts * SWARM_RECEIPT_MIB;

    printf("MiB: broker %.1f, then %.1f; door %.1f, then %.1f\n", before->broker, after->broker,
           before->door, after->door);
    return SWARM_PATIENCE > 1 || hold(after->broker - before->broker - lines < GROWTH_MIB_MAX &&
                                          after->door - before->door < GROWTH_MIB_MAX,
                                      "memory grows");
}

static bool run(struct swarm *swarm, struct strangers *flood, struct strangers *slow, double idle_s)
{
    strangers_count flooded, slowed;
    struct memory before, after;
    double begun, longest;
    bool good;

    work_for(swarm, 0); /* until all are let in */
    work_for(swarm, idle_s);
    report(swarm, "before");
    before = memory_of(swarm);
    begun = swarm_now();
    strangers_go(flood, &swarm->broker.access);
    strangers_go(slow, &swarm->broker.access);
    while (!strangers_ended(flood) || swarm_now() - begun < SLOW_S_MIN)
        swarm_work(swarm, ENDLESS, 5);
    printf("%.1f s of flood\n", swarm_now() - begun);
    longest = report(swarm, "meanwhile");
    flooded = strangers_end(flood);
    slowed = strangers_end(slow);
    work_for(swarm, idle_s);
    work_for(swarm, idle_s);
    report(swarm, "after");
    after = memory_of(swarm);
    good = check_strangers(&flooded, &slowed);
    good = check_memory(&before, &after, swarm->receipts.count / sizeof(swarm_receipt)) && good;
    good = hold(submit_broker_told(&swarm->broker, "door-lost") == 0, "the door ended") && good;
    return hold(longest <= WAIT_MS_MAX * SWARM_PATIENCE, "a member waited too long") && good;
}

int main(int argc, char **argv)
{
    const uint64_t connections = argc > 2 ? strtoull(argv[2], NULL, 10) : CONNECTIONS;
    const size_t slow = argc > 3 ? strtoul(argv[3], NULL, 10) : SLOW;
    const uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)time(NULL);
    struct strangers flooding, dawdling;
    const char *wrong;
    struct swarm swarm;
    bool good;

    if (argc < 2)
        return 2;
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    flooding = strangers_flood(connections, seed);
    dawdling = strangers_dawdle(slow);
    swarm_start(&swarm, argv[1], MEMBERS);
    swarm.pause_s = PAUSE_S;
    swarm_connect(&swarm);
    good = run(&swarm, &flooding, &dawdling, 0.2 + (double)connections / 200000);
    wrong = swarm_finish(&swarm);
    if (wrong)
        fprintf(stderr, "fault_flood: %s; see %s\n", wrong, swarm.broker.folder);
    return wrong || !good ? 1 : 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Each change of threads costs a lone message more than what is done with it. So while few messages
 * come, the core's thread carries them itself, and the keeper's sleeps; as soon as there are many,
 * or something is wrong, the keeper has the line again. */
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "broker/net/keeper.h"

#define FEW 4        /* messages at once: the core carries so many */
#define CALM 4        /* times in a row that few came, until it does */
#define SILENCE_MS 20 /* in which nothing came: so, too */
#define AWAKE_US 400 /* a client that asks one thing after another needs less for the next */

bool kg_keeper_is_lone(const kg_keeper *keeper)
{
    return atomic_load(&keeper->line) == CORE_HAS_LINE;
}

void kg_keeper_count_cpus(kg_keeper *keeper)
{
    cpu_set_t ours; /* too small for a very large machine, which has several */
    keeper->several_cpus = sched_getaffinity(0, sizeof ours, &ours) != 0 || CPU_COUNT(&ours) > 1;
}

/* ---- who has the line ---- */

static bool is_calm(const kg_keeper *keeper)
{
    return keeper->open && !keeper->stopping && keeper->came <= FEW &&
           kg_channel_owed(keeper->channel) == 0 &&
           kg_conveyor_waiting(keeper->net->inbound) <= FEW;
}

int64_t kg_keeper_offers_at_ms(const kg_keeper *keeper)
{
    return keeper->open && !keeper->stopping ? keeper->silent_ms : INT64_MAX;
}

/* Nothing came for a while, and the core does nothing but wait for what comes. */
static bool is_silent(kg_keeper *keeper, bool calm)
{
    const int64_t now = kg_keeper_now_ms();
    const bool over = now >= keeper->silent_ms;
    if (over || keeper->came > 0 || !calm)
        keeper->silent_ms = now + SILENCE_MS;
    return over && keeper->came == 0 && calm && kg_conveyor_awaited(keeper->net->inbound);
}

void kg_keeper_offer(kg_keeper *keeper)
{
    int mine = KEEPER_HAS_LINE;
    bool calm = is_calm(keeper);
    keeper->calm = calm ? keeper->calm + (keeper->came > 0) : 0;
    if (!is_silent(keeper, calm) && keeper->calm < CALM)
        return;
    keeper->calm = 0;
    keeper->awake = false;
    if (atomic_compare_exchange_strong(&keeper->line, &mine, CORE_HAS_LINE))
        kg_conveyor_wake(keeper->net->inbound);
}

static void wake_keeper(kg_keeper *keeper)
{
    uint64_t one = 1;
    ssize_t written = write(keeper->back, &one, sizeof one);
    (void)written; /* it is readable already */
}

static void give_back(kg_keeper *keeper)
{
    int mine = CORE_HAS_LINE;
    if (atomic_compare_exchange_strong(&keeper->line, &mine, KEEPER_HAS_LINE))
        wake_keeper(keeper);
}

void kg_keeper_hold(kg_keeper *keeper)
{
    if (atomic_exchange(&keeper->line, KEEPER_HOLDS_LINE) == CORE_HAS_LINE)
        wake_keeper(keeper);
}

/* ---- with the line, on the core's thread ---- */

/* False when the line is the keeper's again. What was found out about the door, it finds there. */
static bool carry(kg_keeper *keeper)
{
    kg_keeper_take_outbound(keeper);
    if (kg_keeper_talk(keeper, true) && is_calm(keeper))
        return true;
    give_back(keeper);
    return false;
}

/* Until the door says something, or something was queued; false when woken, or the time is over.
 * After a short wait the next is likely to be short: to sleep and be woken would take as long
 * again, so this looks awake, and whoever else has something to do on this processor goes first. */
static bool wait_for_door(kg_keeper *keeper, int timeout_ms)
{
    struct pollfd waiting[] = {
        {keeper->channel->descriptor, POLLIN, 0},
        {keeper->net->outbound.wake, POLLIN, 0},
        {kg_conveyor_descriptor(keeper->net->inbound), POLLIN, 0},
    };
    const int64_t begun = kg_net_now_us();
    int ready = poll(waiting, 3, 0);
    while (ready == 0 && keeper->awake && kg_net_now_us() - begun < AWAKE_US) {
        sched_yield();
        ready = poll(waiting, 3, 0);
    }
    if (ready == 0)
        ready = poll(waiting, 3, timeout_ms);
    keeper->awake = keeper->several_cpus && ready > 0 && kg_net_now_us() - begun < AWAKE_US;
    return ready > 0 && !waiting[2].revents;
}

bool kg_keeper_await(kg_keeper *keeper, int timeout_ms)
{
    while (kg_keeper_is_lone(keeper) && carry(keeper))
        if (kg_conveyor_ready(keeper->net->inbound) || timeout_ms == 0 ||
            !wait_for_door(keeper, timeout_ms))
            return true;
    return false;
}

/* What fails here fails again when the reply is sent. */
void kg_keeper_soon(kg_keeper *keeper)
{
    if (!kg_keeper_is_lone(keeper) || !keeper->several_cpus ||
        kg_channel_owed(keeper->channel) > 0)
        return;
    kg_channel_add(keeper->channel, &(kg_frame){.kind = KG_FRAME_SOON});
    kg_channel_send(keeper->channel);
}

void kg_keeper_flush(kg_keeper *keeper)
{
    if (!kg_keeper_is_lone(keeper))
        return;
    kg_keeper_take_outbound(keeper);
    if (!kg_channel_send(keeper->channel) || !is_calm(keeper))
        give_back(keeper);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Keeps a door, on a thread of its own: starts it, carries messages to and fro unless the core
 * does, and starts another one when it is lost. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "broker/net/keeper.h"
#include "broker/net/keeper_process.h"
#include "proto/memory.h"

#define STOP_MS 1500                /* what was sent leaves, on a slow line too */
#define LONG_LIFE_MS 2000           /* a door that lived as long is replaced at once */
#define PAUSE_MS 100                /* else after this, and twice as long each time, */
#define PAUSE_MS_MAX 1000           /* up to this: service is soon back */

int64_t kg_keeper_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void kg_keeper_tell(const kg_keeper *keeper, kg_net_news news, const char *text)
{
    if (keeper->tell)
        keeper->tell(keeper->context, news, text);
}

void kg_keeper_settle(kg_keeper *keeper, kg_keeper_state state, const char *error)
{
    pthread_mutex_lock(&keeper->mutex);
    keeper->state = state;
    kg_text_format(keeper->error, sizeof keeper->error, "%s", error);
    pthread_cond_signal(&keeper->settled);
    pthread_mutex_unlock(&keeper->mutex);
}

/* ---- one door after another ---- */

static void owe_admission(void *context, const uint8_t key[KG_KEY_BYTES], const char *organisation)
{
    kg_frame frame = {.kind = KG_FRAME_ADMIT, .bytes = key, .count = KG_KEY_BYTES};
    kg_text_format(frame.organisation, sizeof frame.organisation, "%s", organisation);
    kg_channel_add(context, &frame);
}

/* No door any more: the broker says why, or the first one's failure is the net's. */
static void note_loss(kg_keeper *keeper, const char *why)
{
    const int64_t now = kg_keeper_now_ms();
    int64_t pause = 0;
    if (keeper->state == KEEPER_BEGINS) { /* only this thread writes it */
        kg_keeper_settle(keeper, KEEPER_FAILED, why);
        return;
    }
    keeper->short_lives = now - keeper->began_ms < LONG_LIFE_MS ? keeper->short_lives + 1 : 0;
    if (keeper->short_lives > 0)
        pause = (int64_t)PAUSE_MS << (keeper->short_lives < 5 ? keeper->short_lives - 1 : 4);
    keeper->again_ms = now + (pause < PAUSE_MS_MAX ? pause : PAUSE_MS_MAX);
    atomic_fetch_add(&keeper->net->doors_lost, 1);
    kg_keeper_tell(keeper, KG_NET_DOOR_LOST, why);
}

static void lose(kg_keeper *keeper)
{
    char ended[100];
    kg_keeper_reap(keeper->pid, 0, ended);
    kg_channel_destroy(&keeper->channel);
    keeper->open = keeper->faulty = false;
    note_loss(keeper, keeper->fault ? keeper->fault : ended);
}

static void start_door(kg_keeper *keeper)
{
    char error[200];
    int end = -1;
    keeper->began_ms = keeper->moved_ms = kg_keeper_now_ms();
    keeper->pid = kg_keeper_spawn(&end, error);
    if (keeper->pid < 0) {
        note_loss(keeper, error);
        return;
    }
    keeper->door++;
    keeper->counted = (kg_frame_counts){0};
    atomic_store(&keeper->renew, false); /* the list is taken after this */
    keeper->channel = kg_channel_new(end, true);
    kg_channel_add(keeper->channel, &(kg_frame){.kind = KG_FRAME_BEGIN,
                                                .bytes = (const uint8_t *)&keeper->begin,
                                                .count = sizeof keeper->begin});
    kg_admitted_each(keeper->net->admitted, owe_admission, keeper->channel);
    kg_channel_add(keeper->channel, &(kg_frame){.kind = KG_FRAME_OPEN});
}

/* ---- the thread ---- */

static int time_left(const kg_keeper *keeper)
{
    int64_t until = INT64_MAX;
    if (!keeper->channel)
        until = keeper->again_ms;
    else if (!keeper->open)
        until = keeper->began_ms + KG_KEEPER_OPENING_MS + 1;
    else if (kg_channel_owed(keeper->channel) > 0)
        until = keeper->moved_ms + KG_KEEPER_DEAF_MS + 1;
    else
        until = kg_keeper_offers_at_ms(keeper);
    const int64_t left = until == INT64_MAX ? -1 : until - kg_keeper_now_ms();
    return until == INT64_MAX ? -1 : left > 0 ? (int)left : 0;
}

/* A descriptor of which nothing is wanted is not asked: its end would be told again and again.
 * While the line is the core's, nothing is wanted but to have it back. */
static bool wait_for_any(kg_keeper *keeper)
{
    struct pollfd waiting[3] = {
        {.fd = -1}, {.fd = -1, .events = POLLIN}, {keeper->back, POLLIN, 0}};
    bool lone = kg_keeper_is_lone(keeper);
    uint64_t count;
    if (!lone && keeper->channel) {
        short in = kg_conveyor_full(keeper->net->inbound) ? 0 : POLLIN;
        short out = kg_channel_owed(keeper->channel) > 0 ? POLLOUT : 0;
        waiting[0].events = (short)(in | out);
        waiting[0].fd = waiting[0].events ? keeper->channel->descriptor : -1;
    }
    if (!lone && kg_keeper_may_owe(keeper))
        waiting[1].fd = keeper->net->outbound.wake;
    poll(waiting, 3, lone ? -1 : time_left(keeper));
    bool back = read(keeper->back, &count, sizeof count) > 0;
    return back || (waiting[0].revents & ~POLLOUT);
}

/* What it was owed is sent, and it ends by itself, in time. */
static void stop_door(kg_keeper *keeper)
{
    const int64_t until = kg_keeper_now_ms() + STOP_MS;
    char ended[100];
    kg_channel_add(keeper->channel, &(kg_frame){.kind = KG_FRAME_STOP});
    for (int64_t now = kg_keeper_now_ms(); now < until; now = kg_keeper_now_ms()) {
        short out = kg_channel_owed(keeper->channel) > 0 ? POLLOUT : 0;
        struct pollfd waiting = {keeper->channel->descriptor, (short)(POLLIN | out), 0};
        kg_frame frame;
        poll(&waiting, 1, (int)(until - now));
        if (!kg_channel_send(keeper->channel) || !kg_channel_receive(keeper->channel))
            break;
        while (kg_channel_next(keeper->channel, &frame) == KG_FRAME_WHOLE)
            continue; /* too late */
    }
    const int64_t left = until - kg_keeper_now_ms();
    if (!kg_keeper_reap(keeper->pid, left > 0 ? (int)left : 0, ended))
        kg_keeper_tell(keeper, KG_NET_DOOR_LOST, ended);
    kg_channel_destroy(&keeper->channel);
}

/* With the line. */
static void carry(kg_keeper *keeper, bool readable)
{
    if (kg_keeper_may_owe(keeper))
        kg_keeper_take_outbound(keeper);
    if (!keeper->channel && !keeper->stopping && kg_keeper_now_ms() >= keeper->again_ms)
        start_door(keeper);
    else if (keeper->channel && !kg_keeper_talk(keeper, readable))
        lose(keeper);
    else if (keeper->channel)
        kg_keeper_offer(keeper);
}

static void *keep(void *argument)
{
    kg_net *net = argument;
    kg_keeper *keeper = net->keeper;
    start_door(keeper);
    while (kg_keeper_is_lone(keeper) ||
           (!keeper->stopping && keeper->state != KEEPER_FAILED)) {
        bool readable = wait_for_any(keeper);
        if (!kg_keeper_is_lone(keeper))
            carry(keeper, readable);
    }
    if (keeper->channel)
        stop_door(keeper);
    return NULL;
}

/* ---- life ---- */

bool kg_keeper_start(kg_net *net, const kg_net_options *options, char error[static 300])
{
    kg_keeper *keeper = net->keeper = kg_alloc(1, sizeof *keeper);
    keeper->net = net;
    keeper->tell = options->tell;
    keeper->context = options->context;
    kg_frame_begin *begin = &keeper->begin;
    kg_text_format(begin->requests, sizeof begin->requests, "%s", options->requests);
    kg_text_format(begin->feeds, sizeof begin->feeds, "%s", options->feeds);
    memcpy(begin->transport_public, options->transport_public, KG_KEY_BYTES);
    memcpy(begin->transport_secret, options->transport_secret, KG_KEY_BYTES);
    begin->connections_max = options->connections_max;
    begin->handshakes_max = options->handshakes_max;
    pthread_mutex_init(&keeper->mutex, NULL);
    pthread_cond_init(&keeper->settled, NULL);
    kg_keeper_count_cpus(keeper);
    keeper->back = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (keeper->back < 0) {
        kg_text_format(error, 300, "no descriptor left: raise the limit");
        return false;
    }
    if (!kg_net_run(net, keep, error))
        return false;
    pthread_mutex_lock(&keeper->mutex);
    while (keeper->state == KEEPER_BEGINS)
        pthread_cond_wait(&keeper->settled, &keeper->mutex);
    bool stands = keeper->state == KEEPER_STANDS;
    if (!stands)
        kg_text_format(error, 300, "%s", keeper->error);
    pthread_mutex_unlock(&keeper->mutex);
    return stands;
}

void kg_keeper_destroy(kg_keeper **keeper)
{
    if (!*keeper)
        return;
    explicit_bzero(&(*keeper)->begin, sizeof(*keeper)->begin);
    if ((*keeper)->back >= 0)
        close((*keeper)->back);
    pthread_cond_destroy(&(*keeper)->settled);
    pthread_mutex_destroy(&(*keeper)->mutex);
    free(*keeper);
    *keeper = NULL;
}

const char *kg_keeper_endpoint(const kg_keeper *keeper, kg_socket socket)
{
    return socket == KG_SOCKET_REQUESTS ? keeper->begin.requests : keeper->begin.feeds;
}

void kg_keeper_renew(kg_keeper *keeper)
{
    atomic_store(&keeper->renew, true);
    kg_queue_wake(&keeper->net->outbound);
}

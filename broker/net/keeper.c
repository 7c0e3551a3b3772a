/* SPDX-License-Identifier: EUPL-1.2 */
/* Keeps a door: starts it, carries messages to and fro on a thread of its own, and starts another
 * one when it is lost. The door is not trusted: what it sends is held against what a door may send,
 * and who signed a message is found out on this side. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "broker/net/keeper_process.h"
#include "broker/net/net_private.h"
#include "proto/memory.h"

#define OWED_BYTES_MAX (256u << 10) /* to the door; more waits in the queue */
#define OPENING_MS 20000            /* the door tries for its ports, and tries itself */
#define DEAF_MS 10000               /* so long it may take nothing of what it is owed */
#define STOP_MS 1500                /* what was sent leaves, on a slow line too */
#define CROWD_TOLD_MS 60000         /* between two lines of the log about it */
#define LONG_LIFE_MS 2000           /* a door that lived as long is replaced at once */
#define PAUSE_MS 100                /* else after this, and twice as long each time, */
#define PAUSE_MS_MAX 1000           /* up to this: service is soon back */

typedef enum kg_keeper_state { KEEPER_BEGINS, KEEPER_STANDS, KEEPER_FAILED } kg_keeper_state;

typedef struct kg_keeper {
    kg_net *net;
    kg_frame_begin begin; /* what a door is told; once one stands, with its ports */
    void (*tell)(void *context, kg_net_news news, const char *text);
    void *context;
    kg_channel *channel; /* owned; NULL: there is no door */
    pid_t pid;
    uint32_t door; /* its number */
    bool open;     /* it said so */
    bool stopping;
    atomic_bool renew;
    kg_frame_counts counted;              /* what this door said */
    int64_t began_ms, moved_ms, again_ms; /* monotonic: began, took something, next is due */
    int64_t crowd_told_ms;                /* again from then on */
    unsigned short_lives;
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t settled;
    kg_keeper_state state;
    char error[300];
} kg_keeper;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(const kg_keeper *keeper, kg_net_news news, const char *text)
{
    if (keeper->tell)
        keeper->tell(keeper->context, news, text);
}

static void settle(kg_keeper *keeper, kg_keeper_state state, const char *error)
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
    const int64_t now = now_ms();
    int64_t pause = 0;
    if (keeper->state == KEEPER_BEGINS) { /* only this thread writes it */
        settle(keeper, KEEPER_FAILED, why);
        return;
    }
    keeper->short_lives = now - keeper->began_ms < LONG_LIFE_MS ? keeper->short_lives + 1 : 0;
    if (keeper->short_lives > 0)
        pause = (int64_t)PAUSE_MS << (keeper->short_lives < 5 ? keeper->short_lives - 1 : 4);
    keeper->again_ms = now + (pause < PAUSE_MS_MAX ? pause : PAUSE_MS_MAX);
    atomic_fetch_add(&keeper->net->doors_lost, 1);
    tell(keeper, KG_NET_DOOR_LOST, why);
}

/* `why` NULL: it ended by itself, and says so by its status. */
static void lose(kg_keeper *keeper, const char *why)
{
    char ended[100];
    kg_keeper_reap(keeper->pid, 0, ended);
    kg_channel_destroy(&keeper->channel);
    keeper->open = false;
    note_loss(keeper, why ? why : ended);
}

static void start_door(kg_keeper *keeper)
{
    char error[200];
    int end = -1;
    keeper->began_ms = keeper->moved_ms = now_ms();
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

/* ---- from the core ---- */

static void owe_reply(kg_keeper *keeper, const kg_outbound *out)
{
    kg_net *net = keeper->net;
    if (!keeper->open || out->peer.door != keeper->door ||
        out->count > KG_FRAME_PAYLOAD_BYTES_MAX) {
        atomic_fetch_add(&net->dropped, 1);
        return;
    }
    atomic_fetch_add(&net->replied, 1);
    kg_channel_add(keeper->channel, &(kg_frame){.kind = KG_FRAME_REPLY,
                                                .peer = out->peer,
                                                .bytes = out->bytes,
                                                .count = out->count});
}

static void owe(kg_keeper *keeper, const kg_outbound *out)
{
    kg_frame frame = {.number = out->number, .bytes = out->bytes, .count = out->count};
    kg_text_format(frame.organisation, sizeof frame.organisation, "%s", out->organisation);
    if (out->kind == KG_OUTBOUND_STOP)
        keeper->stopping = true;
    if (out->kind == KG_OUTBOUND_REPLY)
        owe_reply(keeper, out);
    if (out->kind == KG_OUTBOUND_STOP || out->kind == KG_OUTBOUND_REPLY || !keeper->channel)
        return; /* without a door the list alone is kept, and told to the next one */
    frame.kind = out->kind == KG_OUTBOUND_HINT    ? KG_FRAME_HINT
                 : out->kind == KG_OUTBOUND_ADMIT ? KG_FRAME_ADMIT
                                                  : KG_FRAME_DISMISS;
    kg_channel_add(keeper->channel, &frame);
}

static bool may_owe(const kg_keeper *keeper)
{
    return !keeper->channel || kg_channel_owed(keeper->channel) < OWED_BYTES_MAX;
}

static void take_outbound(kg_keeper *keeper)
{
    kg_outbound out[64];
    size_t count = 1;
    kg_queue_quiet(&keeper->net->outbound);
    while (count > 0 && may_owe(keeper)) {
        count = kg_queue_take(&keeper->net->outbound, out, 64, NULL);
        for (size_t i = 0; i < count; i++) {
            owe(keeper, &out[i]);
            free(out[i].bytes);
        }
    }
}

/* ---- from the door; false when no door says so ---- */

static bool take_opened(kg_keeper *keeper, const kg_frame *frame)
{
    kg_frame_opened opened;
    char pid[40];
    if (keeper->open || !kg_frame_read_opened(frame, &opened))
        return false;
    if (keeper->state == KEEPER_STANDS && (strcmp(opened.requests, keeper->begin.requests) != 0 ||
                                           strcmp(opened.feeds, keeper->begin.feeds) != 0))
        return false;
    keeper->open = true;
    kg_text_format(pid, sizeof pid, "%d", (int)keeper->pid);
    tell(keeper, KG_NET_DOOR_OPENED, pid);
    if (opened.missing[0])
        tell(keeper, KG_NET_DOOR_LESS, opened.missing);
    if (keeper->state == KEEPER_BEGINS) {
        memcpy(keeper->begin.requests, opened.requests, sizeof opened.requests);
        memcpy(keeper->begin.feeds, opened.feeds, sizeof opened.feeds);
        settle(keeper, KEEPER_STANDS, "");
    }
    return true;
}

static bool count_on(atomic_uint_fast64_t *all, uint64_t before, uint64_t now)
{
    if (now < before)
        return false;
    atomic_fetch_add(all, now - before);
    return true;
}

/* Once a minute at most. */
static void tell_of_crowd(kg_keeper *keeper, uint64_t more)
{
    char text[80];
    const int64_t now = now_ms();
    if (more == 0 || now < keeper->crowd_told_ms)
        return;
    keeper->crowd_told_ms = now + CROWD_TOLD_MS;
    kg_text_format(text, sizeof text, "%llu of %llu",
                   (unsigned long long)atomic_load(&keeper->net->standing),
                   (unsigned long long)atomic_load(&keeper->net->standing_max));
    tell(keeper, KG_NET_DOOR_CROWDED, text);
}

static bool take_counts(kg_keeper *keeper, const kg_frame *frame)
{
    kg_net *net = keeper->net;
    kg_frame_counts now;
    const kg_frame_counts before = keeper->counted;
    memcpy(&now, frame->bytes, sizeof now);
    keeper->counted = now;
    atomic_store(&net->standing, now.standing);
    atomic_store(&net->standing_max, now.standing_max);
    tell_of_crowd(keeper, now.crowded - before.crowded + now.unaccepted - before.unaccepted);
    return count_on(&net->connections, before.connections, now.connections) &&
           count_on(&net->refused, before.refused, now.refused) &&
           count_on(&net->malformed, before.malformed, now.malformed) &&
           count_on(&net->limited, before.limited, now.limited) &&
           count_on(&net->crowded, before.crowded, now.crowded) &&
           count_on(&net->unaccepted, before.unaccepted, now.unaccepted) &&
           count_on(&net->dropped, before.dropped, now.dropped);
}

static bool take_request(kg_keeper *keeper, const kg_frame *frame)
{
    kg_net_message message = {.peer = frame->peer, .count = frame->count};
    if (!keeper->open)
        return false;
    message.peer.door = keeper->door;
    memcpy(message.organisation, frame->organisation, sizeof message.organisation);
    message.bytes = kg_realloc(NULL, message.count, 1); /* no need to zero it first */
    memcpy(message.bytes, frame->bytes, frame->count);
    atomic_fetch_add(&keeper->net->received, 1);
    if (!kg_conveyor_push(keeper->net->inbound, &message, message.count))
        free(message.bytes); /* cannot be: room was seen, and only this thread fills it */
    return true;
}

static bool take_frame(kg_keeper *keeper, const kg_frame *frame)
{
    switch (frame->kind) {
    case KG_FRAME_REQUEST:
        return take_request(keeper, frame);
    case KG_FRAME_OPENED:
        return take_opened(keeper, frame);
    case KG_FRAME_COUNTS:
        return take_counts(keeper, frame);
    default:
        return false;
    }
}

/* While there is room for them. KG_FRAME_PART: there is no more; WHOLE: there may be. */
static kg_frame_found take_frames(kg_keeper *keeper)
{
    kg_frame_found found = KG_FRAME_WHOLE;
    kg_frame frame;
    while (found == KG_FRAME_WHOLE && !kg_conveyor_full(keeper->net->inbound)) {
        found = kg_channel_next(keeper->channel, &frame);
        if (found == KG_FRAME_WHOLE && frame.kind == KG_FRAME_FAILED && !keeper->open) {
            char why[300];
            lose(keeper, kg_frame_read_failed(&frame, why) ? why : "it could not listen");
            return KG_FRAME_PART;
        }
        if (found == KG_FRAME_WHOLE && !take_frame(keeper, &frame))
            found = KG_FRAME_WRONG;
    }
    return found;
}

/* ---- the thread ---- */

static bool is_deaf(const kg_keeper *keeper)
{
    if (!keeper->open)
        return now_ms() - keeper->began_ms > OPENING_MS;
    return kg_channel_owed(keeper->channel) > 0 && now_ms() - keeper->moved_ms > DEAF_MS;
}

/* Sends what is owed; false when there is nobody. */
static bool send_owed(kg_keeper *keeper)
{
    const size_t owed = kg_channel_owed(keeper->channel);
    bool there = kg_channel_send(keeper->channel);
    if (owed == 0 || kg_channel_owed(keeper->channel) < owed)
        keeper->moved_ms = now_ms();
    return there;
}

static void talk(kg_keeper *keeper, bool readable)
{
    bool there = send_owed(keeper);
    if (readable && !kg_channel_receive(keeper->channel))
        there = false;
    kg_frame_found found = take_frames(keeper);
    if (!keeper->channel) /* it failed, and that is noted */
        return;
    if (found == KG_FRAME_WRONG)
        lose(keeper, "it sent what no door sends");
    else if (!there)
        lose(keeper, NULL);
    else if (is_deaf(keeper))
        lose(keeper, "it does not answer");
    else if (atomic_load(&keeper->renew))
        lose(keeper, "it could not be told who may come in");
}

static int time_left(const kg_keeper *keeper)
{
    int64_t until = INT64_MAX;
    if (!keeper->channel)
        until = keeper->again_ms;
    else if (!keeper->open)
        until = keeper->began_ms + OPENING_MS + 1;
    else if (kg_channel_owed(keeper->channel) > 0)
        until = keeper->moved_ms + DEAF_MS + 1;
    const int64_t left = until == INT64_MAX ? -1 : until - now_ms();
    return until == INT64_MAX ? -1 : left > 0 ? (int)left : 0;
}

/* A descriptor of which nothing is wanted is not asked: its end would be told again and again. */
static bool wait_for_any(const kg_keeper *keeper)
{
    struct pollfd waiting[2] = {{.fd = -1}, {.fd = -1, .events = POLLIN}};
    if (keeper->channel) {
        short in = kg_conveyor_full(keeper->net->inbound) ? 0 : POLLIN;
        short out = kg_channel_owed(keeper->channel) > 0 ? POLLOUT : 0;
        waiting[0].events = (short)(in | out);
        waiting[0].fd = waiting[0].events ? keeper->channel->descriptor : -1;
    }
    if (may_owe(keeper))
        waiting[1].fd = keeper->net->outbound.wake;
    poll(waiting, 2, time_left(keeper));
    return waiting[0].revents & ~POLLOUT;
}

/* What it was owed is sent, and it ends by itself, in time. */
static void stop_door(kg_keeper *keeper)
{
    const int64_t until = now_ms() + STOP_MS;
    char ended[100];
    kg_channel_add(keeper->channel, &(kg_frame){.kind = KG_FRAME_STOP});
    for (int64_t now = now_ms(); now < until; now = now_ms()) {
        short out = kg_channel_owed(keeper->channel) > 0 ? POLLOUT : 0;
        struct pollfd waiting = {keeper->channel->descriptor, (short)(POLLIN | out), 0};
        kg_frame frame;
        poll(&waiting, 1, (int)(until - now));
        if (!kg_channel_send(keeper->channel) || !kg_channel_receive(keeper->channel))
            break;
        while (kg_channel_next(keeper->channel, &frame) == KG_FRAME_WHOLE)
            continue; /* too late */
    }
    if (!kg_keeper_reap(keeper->pid, (int)(until > now_ms() ? until - now_ms() : 0), ended))
        tell(keeper, KG_NET_DOOR_LOST, ended);
    kg_channel_destroy(&keeper->channel);
}

static void *carry(void *argument)
{
    kg_net *net = argument;
    kg_keeper *keeper = net->keeper;
    start_door(keeper);
    while (!keeper->stopping && keeper->state != KEEPER_FAILED) {
        bool readable = wait_for_any(keeper);
        if (may_owe(keeper))
            take_outbound(keeper);
        if (keeper->channel)
            talk(keeper, readable);
        else if (!keeper->stopping && now_ms() >= keeper->again_ms)
            start_door(keeper);
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
    if (!kg_net_run(net, carry, error))
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

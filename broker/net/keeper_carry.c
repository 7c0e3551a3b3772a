/* SPDX-License-Identifier: EUPL-1.2 */
/* What is carried between the core and a door. The door is not trusted: what it sends is held
 * against what a door may send, and who signed a message is found out on this side. */
#include <stdlib.h>
#include <string.h>

#include "broker/net/keeper.h"
#include "proto/memory.h"

#define OWED_BYTES_MAX (256u << 10) /* to the door; more waits in the queue */
#define CROWD_TOLD_MS 60000         /* between two lines of the log about it */

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

bool kg_keeper_may_owe(const kg_keeper *keeper)
{
    return !keeper->channel || kg_channel_owed(keeper->channel) < OWED_BYTES_MAX;
}

void kg_keeper_take_outbound(kg_keeper *keeper)
{
    kg_outbound out[64];
    size_t count = 1;
    kg_queue_quiet(&keeper->net->outbound);
    while (count > 0 && kg_keeper_may_owe(keeper)) {
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
    kg_keeper_tell(keeper, KG_NET_DOOR_OPENED, pid);
    if (opened.missing[0])
        kg_keeper_tell(keeper, KG_NET_DOOR_LESS, opened.missing);
    if (keeper->state == KEEPER_BEGINS) {
        memcpy(keeper->begin.requests, opened.requests, sizeof opened.requests);
        memcpy(keeper->begin.feeds, opened.feeds, sizeof opened.feeds);
        kg_keeper_settle(keeper, KEEPER_STANDS, "");
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
    const int64_t now = kg_keeper_now_ms();
    if (more == 0 || now < keeper->crowd_told_ms)
        return;
    keeper->crowd_told_ms = now + CROWD_TOLD_MS;
    kg_text_format(text, sizeof text, "%llu of %llu",
                   (unsigned long long)atomic_load(&keeper->net->standing),
                   (unsigned long long)atomic_load(&keeper->net->standing_max));
    kg_keeper_tell(keeper, KG_NET_DOOR_CROWDED, text);
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

static bool push(kg_keeper *keeper, const kg_net_message *message)
{
    kg_conveyor *inbound = keeper->net->inbound;
    if (!kg_keeper_is_lone(keeper))
        return kg_conveyor_push(inbound, message, message->count);
    atomic_fetch_add(&keeper->net->lone, 1);
    return kg_conveyor_push_own(inbound, message, message->count);
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
    keeper->came++;
    if (!push(keeper, &message))
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

/* Why it is to be ended. Always false. */
static bool blame(kg_keeper *keeper, const char *fault)
{
    keeper->faulty = true;
    keeper->fault = fault;
    return false;
}

static bool take_failure(kg_keeper *keeper, const kg_frame *frame)
{
    bool said = kg_frame_read_failed(frame, keeper->failure);
    return blame(keeper, said ? keeper->failure : "it could not listen");
}

/* While there is room for them. False when the door is faulty. */
static bool take_frames(kg_keeper *keeper)
{
    kg_frame_found found = KG_FRAME_WHOLE;
    kg_frame frame;
    keeper->came = 0;
    while (found == KG_FRAME_WHOLE && !kg_conveyor_full(keeper->net->inbound)) {
        found = kg_channel_next(keeper->channel, &frame);
        if (found == KG_FRAME_WHOLE && frame.kind == KG_FRAME_FAILED && !keeper->open)
            return take_failure(keeper, &frame);
        if (found == KG_FRAME_WRONG || (found == KG_FRAME_WHOLE && !take_frame(keeper, &frame)))
            return blame(keeper, "it sent what no door sends");
    }
    return true;
}

/* ---- both ---- */

static bool is_deaf(const kg_keeper *keeper)
{
    if (!keeper->open)
        return kg_keeper_now_ms() - keeper->began_ms > KG_KEEPER_OPENING_MS;
    return kg_channel_owed(keeper->channel) > 0 &&
           kg_keeper_now_ms() - keeper->moved_ms > KG_KEEPER_DEAF_MS;
}

/* Sends what is owed; false when there is nobody. */
static bool send_owed(kg_keeper *keeper)
{
    const size_t owed = kg_channel_owed(keeper->channel);
    bool there = kg_channel_send(keeper->channel);
    if (owed == 0 || kg_channel_owed(keeper->channel) < owed)
        keeper->moved_ms = kg_keeper_now_ms();
    return there;
}

bool kg_keeper_talk(kg_keeper *keeper, bool readable)
{
    if (keeper->faulty)
        return false;
    bool there = send_owed(keeper);
    if (readable && !kg_channel_receive(keeper->channel))
        there = false;
    if (!take_frames(keeper))
        return false;
    if (!there)
        return blame(keeper, NULL);
    if (is_deaf(keeper))
        return blame(keeper, "it does not answer");
    if (atomic_load(&keeper->renew))
        return blame(keeper, "it could not be told who may come in");
    return true;
}

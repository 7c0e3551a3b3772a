/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/door.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker/net/net_private.h"
#include "broker/net/sandbox.h"
#include "proto/text.h"

#define OWED_BYTES_MAX (256u << 10) /* to the broker; more is left in the sockets */
#define AWAKE_US 400 /* more than a disk takes as a rule */
#define BIND_WAIT_MS 2000           /* for the ports of a door, or a broker, that just ended */

/* ---- at work, on the thread that has the sockets ---- */

bool kg_door_has_room(const kg_net *net)
{
    return kg_channel_owed(net->channel) < OWED_BYTES_MAX;
}

void kg_door_hand_on(kg_net *net, const kg_peer *peer, const kg_heard *heard)
{
    kg_frame frame = {.kind = KG_FRAME_REQUEST, .peer = *peer};
    kg_text_format(frame.organisation, sizeof frame.organisation, "%s", heard->user);
    frame.bytes = heard->bytes;
    frame.count = heard->count;
    kg_channel_add(net->channel, &frame);
}

static void dismiss(kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    kg_admitted_remove(net->admitted, key);
    kg_net_close_all(net, key);
}

/* False when it is to stop. */
static bool do_as_told(kg_net *net, const kg_frame *frame)
{
    switch (frame->kind) {
    case KG_FRAME_ADMIT:
        kg_admitted_add(net->admitted, frame->bytes, frame->organisation);
        return true;
    case KG_FRAME_DISMISS:
        dismiss(net, frame->bytes);
        return true;
    case KG_FRAME_REPLY:
        kg_net_send_reply(net, &frame->peer, frame->bytes, frame->count);
        return true;
    case KG_FRAME_HINT:
        kg_net_send_hint(net, frame->organisation, frame->number);
        return true;
    case KG_FRAME_SOON:
        net->soon = true;
        return true;
    default:
        return false;
    }
}

bool kg_door_obey(kg_net *net)
{
    kg_frame frame;
    kg_frame_found found;
    bool there = kg_channel_receive(net->channel);
    while ((found = kg_channel_next(net->channel, &frame)) == KG_FRAME_WHOLE)
        if (!do_as_told(net, &frame))
            return false;
    return there && found == KG_FRAME_PART;
}

void kg_door_look_awake(kg_net *net)
{
    struct pollfd line = {.fd = net->channel->descriptor, .events = POLLIN};
    const int64_t until = kg_net_now_us() + AWAKE_US;
    while (net->soon && poll(&line, 1, 0) == 0 && kg_net_now_us() < until)
        sched_yield();
    net->soon = false;
}

bool kg_door_send(kg_net *net)
{
    const kg_frame_counts now = {
        .connections = atomic_load(&net->connections),
        .refused = atomic_load(&net->refused),
        .malformed = atomic_load(&net->malformed),
        .limited = atomic_load(&net->limited),
        .dropped = atomic_load(&net->dropped),
        .crowded = atomic_load(&net->crowded),
        .unaccepted = atomic_load(&net->unaccepted),
        .standing = atomic_load(&net->standing),
        .standing_max = atomic_load(&net->standing_max),
    };
    if (memcmp(&now, &net->told, sizeof now) != 0) {
        net->told = now;
        kg_channel_add(net->channel, &(kg_frame){.kind = KG_FRAME_COUNTS,
                                                 .bytes = (const uint8_t *)&now,
                                                 .count = sizeof now});
    }
    return kg_channel_send(net->channel);
}

/* ---- life ---- */

static void await(const kg_channel *channel, short events)
{
    poll(&(struct pollfd){.fd = channel->descriptor, .events = events}, 1, -1);
}

/* The next frame, waited for. False when there comes none. */
static bool next(kg_channel *channel, kg_frame *frame)
{
    kg_frame_found found;
    while ((found = kg_channel_next(channel, frame)) == KG_FRAME_PART) {
        await(channel, POLLIN);
        if (!kg_channel_receive(channel))
            return false;
    }
    return found == KG_FRAME_WHOLE;
}

/* What the broker says first; with it a net that knows who is let in. */
static kg_net *learn(kg_channel *channel, kg_frame_begin *begin, char error[static 300])
{
    kg_frame frame;
    if (!next(channel, &frame) || frame.kind != KG_FRAME_BEGIN)
        return NULL;
    memcpy(begin, frame.bytes, sizeof *begin);
    kg_net_options options = {.connections_max = begin->connections_max,
                              .handshakes_max = begin->handshakes_max,
                              .outbound_max = 1};
    kg_net *net = kg_net_new(&options, error);
    while (net && next(channel, &frame)) {
        if (frame.kind == KG_FRAME_OPEN)
            return net;
        if (frame.kind != KG_FRAME_ADMIT || !do_as_told(net, &frame))
            break;
    }
    kg_net_stop(&net);
    return NULL;
}

/* Opens and tries the sockets on a thread that is gone afterwards. */
static bool open_sockets(kg_net *net, const kg_frame_begin *begin, char error[static 300])
{
    const kg_net_options options = {
        .requests = begin->requests,
        .feeds = begin->feeds,
        .transport_public = begin->transport_public,
        .transport_secret = begin->transport_secret,
        .bind_wait_ms = BIND_WAIT_MS,
    };
    bool good = kg_net_open(net, &options, error);
    kg_net_join(net);
    return good;
}

static void say(kg_channel *channel, kg_frame_kind kind, const void *bytes, size_t count)
{
    kg_channel_add(channel, &(kg_frame){.kind = kind, .bytes = bytes, .count = count});
    while (kg_channel_send(channel) && kg_channel_owed(channel) > 0)
        await(channel, POLLOUT);
}

static int serve(kg_channel *channel, kg_frame_opened *opened)
{
    char error[300] = "";
    kg_frame_begin begin;
    kg_net *net = learn(channel, &begin, error);
    bool good = net && open_sockets(net, &begin, error);
    explicit_bzero(&begin, sizeof begin);
    if (good) {
        kg_sandbox_shut(opened->missing);
        kg_text_format(opened->requests, sizeof opened->requests, "%s",
                       kg_sockets_endpoint(net->sockets, KG_SOCKET_REQUESTS));
        kg_text_format(opened->feeds, sizeof opened->feeds, "%s",
                       kg_sockets_endpoint(net->sockets, KG_SOCKET_FEEDS));
        say(channel, KG_FRAME_OPENED, opened, sizeof *opened);
        net->channel = channel;
        kg_net_serve(net);
    } else {
        if (error[0])
            say(channel, KG_FRAME_FAILED, error, strlen(error));
        kg_channel_destroy(&channel);
    }
    kg_net_stop(&net);
    return good ? 0 : 4;
}

/* Signals to all of a terminal's or a service's processes are the broker's matter, which then says
 * stop. It dies with the broker, however that ends; a change of user would take this back. */
static void follow_broker(char missing[static KG_SANDBOX_MISSING_BYTES])
{
    static const int not_for_us[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
    for (size_t i = 0; i < sizeof not_for_us / sizeof *not_for_us; i++)
        signal(not_for_us[i], SIG_IGN);
    kg_sandbox_leave_root(missing);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int kg_door_run(void)
{
    static const char who[] = "The door is started by kopgroepd run.\n";
    kg_frame_opened opened = {.requests = ""};
    int type;
    socklen_t size = sizeof type;
    if (getsockopt(KG_DOOR_DESCRIPTOR, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
        ssize_t written = write(STDERR_FILENO, who, sizeof who - 1);
        return written < 0 ? 4 : 2;
    }
    close_range(KG_DOOR_DESCRIPTOR + 1, ~0u, 0);
    follow_broker(opened.missing);
    kg_sandbox_enter(opened.missing);
    return serve(kg_channel_new(KG_DOOR_DESCRIPTOR, false), &opened);
}

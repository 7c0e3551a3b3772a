/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/net.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "broker/net/endpoint.h"
#include "broker/net/net_private.h"
#include "proto/memory.h"

#define INBOUND_BYTES_MAX (16u << 20)
/* Descriptors that no connection takes: one in so many of all, at most so many. */
#define SPARE_PART 4
#define SPARE_MAX 1024

static const char too_few[] = "no descriptor or thread left: raise the limits of both";

/* ---- the self-test ---- */

/* Refused means: the handler said no, and the handshake failed. Its message to the stranger can be
 * lost with the connection, so how it failed does not count. */
static bool refuses_stranger(kg_net *net, kg_socket socket, const kg_net_options *options,
                             char error[static 300])
{
    const uint64_t refused = atomic_load(&net->refused);
    char endpoint[256];
    kg_stranger found = kg_sockets_try_stranger(net->sockets, socket, options->transport_public);
    if (found == KG_STRANGER_REFUSED && atomic_load(&net->refused) > refused)
        return true;
    kg_endpoint_reachable(kg_sockets_endpoint(net->sockets, socket), endpoint);
    kg_text_format(error, 300, "the self-test failed: a stranger's key at %s was %s", endpoint,
                   found == KG_STRANGER_LET_IN ? "let in" : "not refused");
    return false;
}

static bool self_test(kg_net *net, const kg_net_options *options, char error[static 300])
{
    if (!refuses_stranger(net, KG_SOCKET_REQUESTS, options, error) ||
        !refuses_stranger(net, KG_SOCKET_FEEDS, options, error))
        return false;
    atomic_store(&net->refused, 0);
    return true;
}

/* ---- life ---- */

static void drop_message(void *context, void *item)
{
    const kg_net *net = context;
    kg_net_message *message = item;
    if (message->prepared)
        net->preparing.discard(net->preparing.context, message->prepared);
    free(message->bytes);
}

static void release(kg_net *net)
{
    kg_outbound out;
    kg_conveyor_destroy(&net->inbound, drop_message, net);
    while (kg_queue_take(&net->outbound, &out, 1, NULL) > 0)
        free(out.bytes);
    kg_sockets_close(&net->sockets);
    kg_channel_destroy(&net->channel);
    kg_keeper_destroy(&net->keeper);
    kg_queue_fini(&net->outbound);
    kg_admitted_destroy(&net->admitted);
    kg_connections_destroy(&net->connections_of);
    free(net);
}

static void prepare_message(void *context, void *item)
{
    const kg_net_preparing *preparing = context;
    preparing->prepare(preparing->context, item);
}

static bool open_inbound(kg_net *net, const kg_net_options *options)
{
    size_t bytes = options->inbound_bytes_max;
    net->preparing = options->preparing;
    kg_conveyor_options line = {
        .capacity = options->inbound_max ? options->inbound_max : 4096,
        .bytes_max = bytes ? bytes : INBOUND_BYTES_MAX,
        .item_bytes = sizeof(kg_net_message),
        .work = net->preparing.prepare ? prepare_message : NULL,
        .context = &net->preparing,
        .threads = net->preparing.threads,
    };
    net->inbound = kg_conveyor_new(&line);
    return net->inbound != NULL;
}

kg_net *kg_net_new(const kg_net_options *options, char error[static 300])
{
    kg_net *net = kg_alloc(1, sizeof *net);
    size_t outbound = options->outbound_max ? options->outbound_max : 16384;
    net->admitted = kg_admitted_new();
    net->connections_of = kg_connections_new(options->connections_max);
    net->handshakes_max = options->handshakes_max;
    if (kg_queue_init(&net->outbound, outbound, sizeof(kg_outbound)))
        return net;
    kg_text_format(error, 300, "%s", too_few);
    kg_net_stop(&net);
    return NULL;
}

bool kg_net_run(kg_net *net, void *(*loop)(void *net), char error[static 300])
{
    net->running = pthread_create(&net->thread, NULL, loop, net) == 0;
    if (!net->running)
        kg_text_format(error, 300, "no thread can be started");
    return net->running;
}

void kg_net_join(kg_net *net)
{
    const kg_outbound stop = {.kind = KG_OUTBOUND_STOP};
    if (!net->running)
        return;
    if (net->keeper)
        kg_keeper_hold(net->keeper);
    while (!kg_queue_push(&net->outbound, &stop))
        poll(NULL, 0, 1);
    pthread_join(net->thread, NULL);
    net->running = false;
}

/* How many descriptors connections may take: those above the lowest free one, but for a few that
 * are taken before the thread hears of it. */
static uint64_t room_for_connections(void)
{
    struct rlimit limit;
    int lowest = eventfd(0, EFD_CLOEXEC);
    if (lowest < 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1;
    close(lowest);
    const rlim_t most = limit.rlim_cur, part = most / SPARE_PART;
    const rlim_t kept = (rlim_t)lowest + (part < SPARE_MAX ? part : SPARE_MAX);
    return most > kept ? most - kept : 1;
}

bool kg_net_open(kg_net *net, const kg_net_options *options, char error[static 300])
{
    net->sockets = kg_sockets_open(options, error);
    atomic_store(&net->standing_max, room_for_connections());
    return net->sockets && kg_net_run(net, kg_net_serve, error) && self_test(net, options, error);
}

kg_net *kg_net_start(const kg_net_options *options, char error[static 300])
{
    kg_net *net = kg_net_new(options, error);
    if (!net)
        return NULL;
    bool good = open_inbound(net, options);
    if (!good)
        kg_text_format(error, 300, "%s", too_few);
    if (good && options->admit)
        options->admit(options->context, net);
    good = good && (options->apart ? kg_keeper_start(net, options, error)
                                   : kg_net_open(net, options, error));
    if (!good)
        kg_net_stop(&net);
    return net;
}

void kg_net_stop(kg_net **net)
{
    if (!*net)
        return;
    kg_net_join(*net);
    release(*net);
    *net = NULL;
}

int64_t kg_net_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

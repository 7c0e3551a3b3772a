/* SPDX-License-Identifier: EUPL-1.2 */
/* What the core calls: nothing here touches a socket. */
#include <stdlib.h>
#include <string.h>

#include "broker/net/net_private.h"
#include "proto/memory.h"

static const char *endpoint(const kg_net *net, kg_socket socket)
{
    return net->keeper ? kg_keeper_endpoint(net->keeper, socket)
                       : kg_sockets_endpoint(net->sockets, socket);
}

const char *kg_net_requests(const kg_net *net)
{
    return endpoint(net, KG_SOCKET_REQUESTS);
}

const char *kg_net_feeds(const kg_net *net)
{
    return endpoint(net, KG_SOCKET_FEEDS);
}

/* Where the core carries, nobody else makes place. */
static bool push(kg_net *net, const kg_outbound *out)
{
    if (kg_queue_push(&net->outbound, out))
        return true;
    kg_net_flush(net);
    return kg_queue_push(&net->outbound, out);
}

/* Full: of a thread, what they send is refused all the same; a door is told all anew. */
static void push_key(kg_net *net, kg_outbound_kind kind, const uint8_t key[KG_KEY_BYTES],
                     const char *organisation)
{
    kg_outbound out = {.kind = kind, .count = KG_KEY_BYTES};
    kg_text_format(out.organisation, sizeof out.organisation, "%s", organisation);
    out.bytes = kg_alloc(KG_KEY_BYTES, 1);
    memcpy(out.bytes, key, KG_KEY_BYTES);
    if (push(net, &out))
        return;
    free(out.bytes);
    if (net->keeper)
        kg_keeper_renew(net->keeper);
}

void kg_net_admit(kg_net *net, const uint8_t key[KG_KEY_BYTES], const char *organisation)
{
    kg_admitted_add(net->admitted, key, organisation);
    if (net->keeper) /* else, or before there is one, the list is all */
        push_key(net, KG_OUTBOUND_ADMIT, key, organisation);
}

void kg_net_dismiss(kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    kg_admitted_remove(net->admitted, key);
    push_key(net, KG_OUTBOUND_CLOSE, key, "");
}

size_t kg_net_receive(kg_net *net, kg_net_message *out, size_t max, int timeout_ms)
{
    bool was_full, waited = net->keeper && kg_keeper_await(net->keeper, timeout_ms);
    size_t count = kg_conveyor_take(net->inbound, out, max, waited ? 0 : timeout_ms, &was_full);
    if (was_full)
        kg_queue_wake(&net->outbound); /* the thread may read requests again */
    return count;
}

bool kg_net_quiet(kg_net *net)
{
    return kg_conveyor_empty(net->inbound);
}

void kg_net_wake(kg_net *net)
{
    kg_conveyor_wake(net->inbound);
}

void kg_net_reply(kg_net *net, const kg_peer *peer, uint8_t *bytes, size_t count)
{
    kg_outbound out = {.kind = KG_OUTBOUND_REPLY, .peer = *peer, .bytes = bytes, .count = count};
    if (!push(net, &out)) {
        atomic_fetch_add(&net->dropped, 1);
        free(bytes);
    }
}

void kg_net_soon(kg_net *net)
{
    if (net->keeper)
        kg_keeper_soon(net->keeper);
}

void kg_net_flush(kg_net *net)
{
    if (net->keeper)
        kg_keeper_flush(net->keeper);
}

void kg_net_hint(kg_net *net, const char *organisation, uint64_t number)
{
    kg_outbound out = {.kind = KG_OUTBOUND_HINT, .number = number};
    kg_text_format(out.organisation, sizeof out.organisation, "%s", organisation);
    push(net, &out); /* full: the hint is lost, the feed is not */
}

void kg_net_counts_read(const kg_net *net, kg_net_counts *counts)
{
    *counts = (kg_net_counts){
        .connections = atomic_load(&net->connections),
        .refused = atomic_load(&net->refused),
        .received = atomic_load(&net->received),
        .replied = atomic_load(&net->replied),
        .dropped = atomic_load(&net->dropped),
        .malformed = atomic_load(&net->malformed),
        .limited = atomic_load(&net->limited),
        .crowded = atomic_load(&net->crowded),
        .unaccepted = atomic_load(&net->unaccepted),
        .standing = atomic_load(&net->standing),
        .standing_max = atomic_load(&net->standing_max),
        .doors_lost = atomic_load(&net->doors_lost),
        .lone = atomic_load(&net->lone),
    };
}

void kg_net_waiting(kg_net *net, size_t *inbound, size_t *outbound)
{
    *inbound = kg_conveyor_waiting(net->inbound);
    *outbound = kg_queue_waiting(&net->outbound);
}

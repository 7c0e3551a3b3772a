/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_net.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"
#include "sim.h"
#include "sim_journal.h"
#include "sim_worker.h"

typedef struct door {
    uint8_t key[KG_KEY_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1];
    bool open;
} door;

struct kg_net {
    kg_net_preparing preparing;
    door *doors; /* owned */
    size_t doors_count, doors_capacity;
    kg_net_message *waiting; /* owned; for the core */
    size_t waiting_count, waiting_capacity;
    bool woken;
};

typedef struct connection {
    uint8_t key[KG_KEY_BYTES];
    bool open;
    int64_t in_us, out_us; /* the last message each way arrives then: no later one before it */
} connection;

/* Something on its way. */
typedef struct parcel {
    uint32_t connection;
    bool inwards;
    uint8_t *bytes; /* owned */
    size_t count;
} parcel;

static struct {
    connection *connections; /* owned */
    size_t count, capacity;
    parcel **parcels; /* owned; all that were sent, to be freed in the end */
    size_t parcels_count, parcels_capacity;
    kg_net *serving; /* NULL: no broker is up */
} wire;

void sim_net_begin(void)
{
    memset(&wire, 0, sizeof wire);
}

void sim_net_end(void)
{
    for (size_t i = 0; i < wire.parcels_count; i++) {
        free(wire.parcels[i]->bytes);
        free(wire.parcels[i]);
    }
    free(wire.parcels);
    free(wire.connections);
}

/* --- what is on its way --- */

static const door *find_door(const kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    for (size_t i = 0; i < net->doors_count; i++)
        if (memcmp(net->doors[i].key, key, KG_KEY_BYTES) == 0)
            return &net->doors[i];
    return NULL;
}

static void reach_broker(const parcel *from)
{
    kg_net *net = wire.serving;
    const connection *by = &wire.connections[from->connection];
    const door *in = net && !sim.dead ? find_door(net, by->key) : NULL;
    if (!in || !in->open || !by->open) {
        sim.counts.lost++;
        return;
    }
    net->waiting =
        kg_grow(net->waiting, net->waiting_count, &net->waiting_capacity, sizeof *net->waiting);
    kg_net_message *message = &net->waiting[net->waiting_count++];
    *message = (kg_net_message){.bytes = kg_alloc(from->count, 1), .count = from->count};
    memcpy(message->bytes, from->bytes, from->count);
    memcpy(message->organisation, in->organisation, sizeof message->organisation);
    memcpy(message->peer.bytes, &from->connection, sizeof from->connection);
    message->peer.count = sizeof from->connection;
    net->preparing.prepare(net->preparing.context, message);
}

static void arrive(void *subject)
{
    parcel *arrived = subject;
    if (arrived->inwards)
        reach_broker(arrived);
    else if (wire.connections[arrived->connection].open)
        sim_client_hears(arrived->bytes, arrived->count);
    free(arrived->bytes);
    arrived->bytes = NULL;
}

static void dispatch(uint32_t on, bool inwards, const uint8_t *bytes, size_t count)
{
    connection *by = &wire.connections[on];
    int64_t *last = inwards ? &by->in_us : &by->out_us;
    int64_t when = sim.now_us + (sim_chance(50) ? sim_between(0, 60000) : sim_between(0, 1500));
    parcel *sent = kg_alloc(1, sizeof *sent);
    wire.parcels =
        kg_grow(wire.parcels, wire.parcels_count, &wire.parcels_capacity, sizeof *wire.parcels);
    wire.parcels[wire.parcels_count++] = sent;
    *sent = (parcel){on, inwards, kg_alloc(count, 1), count};
    memcpy(sent->bytes, bytes, count);
    *last = when > *last ? when : *last;
    sim_at(*last, arrive, sent);
}

uint32_t sim_connect(const uint8_t transport[KG_KEY_BYTES])
{
    wire.connections =
        kg_grow(wire.connections, wire.count, &wire.capacity, sizeof *wire.connections);
    connection *made = &wire.connections[wire.count];
    memset(made, 0, sizeof *made);
    memcpy(made->key, transport, KG_KEY_BYTES);
    made->open = true;
    return (uint32_t)wire.count++;
}

void sim_disconnect(uint32_t on)
{
    wire.connections[on].open = false;
}

static void send_garbled(uint32_t on, const uint8_t *bytes, size_t count)
{
    uint8_t *copy = kg_alloc(count, 1);
    memcpy(copy, bytes, count);
    copy[sim_between(0, (int64_t)count - 1)] ^= (uint8_t)sim_between(1, 255);
    dispatch(on, true, copy, sim_chance(300) ? (size_t)sim_between(1, (int64_t)count) : count);
    free(copy);
    sim.counts.garbled++;
}

void sim_send(uint32_t on, const uint8_t *bytes, size_t count)
{
    sim.counts.sent++;
    if (!sim.calm && sim_chance(10))
        send_garbled(on, bytes, count);
    if (!sim.calm && sim_chance(30)) {
        sim.counts.lost++;
        return;
    }
    dispatch(on, true, bytes, count);
    if (sim.calm || !sim_chance(30))
        return;
    dispatch(on, true, bytes, count);
    sim.counts.twice++;
}

/* --- net.h --- */

kg_net *kg_net_start(const kg_net_options *options, char error[static 300])
{
    kg_net *net = kg_alloc(1, sizeof *net);
    error[0] = '\0';
    net->preparing = options->preparing;
    options->admit(options->context, net);
    wire.serving = net;
    return net;
}

void kg_net_stop(kg_net **net)
{
    kg_net *self = *net;
    if (!self)
        return;
    for (size_t i = 0; i < self->waiting_count; i++) {
        free(self->waiting[i].bytes);
        self->preparing.discard(self->preparing.context, self->waiting[i].prepared);
    }
    free(self->waiting);
    free(self->doors);
    free(self);
    wire.serving = *net = NULL;
}

static door *make_door(kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    door *found = (door *)find_door(net, key);
    if (found)
        return found;
    net->doors = kg_grow(net->doors, net->doors_count, &net->doors_capacity, sizeof *net->doors);
    found = &net->doors[net->doors_count++];
    memset(found, 0, sizeof *found);
    memcpy(found->key, key, KG_KEY_BYTES);
    return found;
}

void kg_net_admit(kg_net *net, const uint8_t key[KG_KEY_BYTES], const char *organisation)
{
    sim_call();
    door *opened = make_door(net, key);
    kg_text_format(opened->organisation, sizeof opened->organisation, "%s", organisation);
    opened->open = true;
}

void kg_net_dismiss(kg_net *net, const uint8_t key[KG_KEY_BYTES])
{
    sim_call();
    make_door(net, key)->open = false;
    for (size_t i = 0; i < wire.count; i++)
        if (memcmp(wire.connections[i].key, key, KG_KEY_BYTES) == 0)
            wire.connections[i].open = false;
}

static size_t take(kg_net *net, kg_net_message *out, size_t max)
{
    size_t count = net->waiting_count < max ? net->waiting_count : max;
    count = (size_t)sim_between(1, (int64_t)count);
    memcpy(out, net->waiting, count * sizeof *out);
    net->waiting_count -= count;
    memmove(net->waiting, net->waiting + count, net->waiting_count * sizeof *out);
    return count;
}

/* What the core does takes time as well: meanwhile more arrives. */
size_t kg_net_receive(kg_net *net, kg_net_message *out, size_t max, int timeout_ms)
{
    sim_call();
    sim_run_until(sim.now_us + sim_between(0, 200));
    int64_t until = sim.now_us + (int64_t)timeout_ms * 1000;
    while (!sim.dead && !atomic_load(&sim.stop)) {
        if (net->waiting_count > 0)
            return take(net, out, max);
        int64_t journal = sim_journal_ready_us(), worker = sim_worker_ready_us();
        int64_t other = journal < worker ? journal : worker, event = sim_next_us();
        if (other < event && other <= until && other > sim.now_us)
            sim.now_us = other;
        if (net->woken || other <= sim.now_us) {
            net->woken = false;
            return 0;
        }
        if (event > until) {
            sim.now_us = until;
            return 0;
        }
        sim_run_next();
    }
    return 0;
}

bool kg_net_quiet(kg_net *net)
{
    return net->waiting_count == 0;
}

void kg_net_wake(kg_net *net)
{
    net->woken = true;
}

void kg_net_reply(kg_net *net, const kg_peer *peer, uint8_t *bytes, size_t count)
{
    uint32_t on;
    (void)net;
    sim_call();
    memcpy(&on, peer->bytes, sizeof on);
    if (!sim.dead) {
        sim_plant_in_reply(bytes, count);
        sim_broker_says(bytes, count);
        if (wire.connections[on].open && (sim.calm || !sim_chance(20)))
            dispatch(on, false, bytes, count);
    }
    free(bytes);
}

void kg_net_flush(kg_net *net)
{
    (void)net; /* nothing is queued here */
}

void kg_net_soon(kg_net *net)
{
    (void)net; /* nobody has to wake */
}

void kg_net_hint(kg_net *net, const char *organisation, uint64_t number)
{
    (void)net;
    sim_call();
    if (!sim.dead)
        sim_broker_hints(organisation, number + (sim.plant == SIM_PLANT_EARLY_HINT));
}

void kg_net_counts_read(const kg_net *net, kg_net_counts *counts)
{
    (void)net;
    *counts = (kg_net_counts){0};
}

void kg_net_waiting(kg_net *net, size_t *inbound, size_t *outbound)
{
    *inbound = net->waiting_count;
    *outbound = 0;
}

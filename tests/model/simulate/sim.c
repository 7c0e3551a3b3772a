/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/clock.h"
#include "broker/cosignatures.h"
#include "broker/log.h"
#include "proto/memory.h"
#include "sim_journal.h"

#define BEGIN_MS INT64_C(1795521600000) /* 2026-11-24T12:00:00Z */

typedef struct sim_event {
    int64_t time_us;
    uint64_t number;
    sim_action action;
    void *subject;
} sim_event;

sim_world sim;

static struct {
    sim_event *heap; /* owned */
    size_t count, capacity;
    uint64_t number;
    const uint8_t *signer;
} events;

void sim_begin(uint64_t seed)
{
    bool loud = sim.loud;
    sim_plant plant = sim.plant;
    sim_counts counts = sim.counts;
    memset(&sim, 0, sizeof sim);
    sim.seed = sim.random = seed;
    sim.wall_ms = BEGIN_MS;
    sim.loud = loud;
    sim.plant = plant;
    sim.counts = counts;
    sim.trace = kg_sha256_new();
    events.count = 0;
    events.number = 0;
}

void sim_end(uint8_t trace[KG_SHA256_BYTES])
{
    kg_sha256_end(&sim.trace, trace);
    free(events.heap);
    memset(&events, 0, sizeof events);
}

/* --- chance --- */

static uint64_t next_random(void)
{
    uint64_t z = sim.random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

int64_t sim_between(int64_t low, int64_t high)
{
    return low + (int64_t)(next_random() % (uint64_t)(high - low + 1));
}

bool sim_chance(int in_thousand)
{
    return sim_between(1, 1000) <= in_thousand;
}

/* For kg_random(): see the options of the linker. */
void __wrap_kg_random(void *out, size_t count);
void __wrap_kg_random(void *out, size_t count)
{
    uint8_t *to = out;
    for (size_t i = 0; i < count; i++)
        to[i] = (uint8_t)next_random();
}

/* --- signatures: who knows a key can sign with it; forging is not what is tried here --- */

static void make_signature(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                           uint8_t out[KG_SIGNATURE_BYTES])
{
    kg_sha256 *hash = kg_sha256_new();
    kg_sha256_add(hash, key, KG_KEY_BYTES);
    kg_sha256_add(hash, bytes, count);
    kg_sha256_end(&hash, out);
    memcpy(out + KG_SHA256_BYTES, out, KG_SIGNATURE_BYTES - KG_SHA256_BYTES);
}

void sim_sign_as(const uint8_t *sign)
{
    events.signer = sign;
}

void __wrap_kg_identity_sign(const kg_identity *identity, const void *bytes, size_t count,
                             uint8_t out[KG_SIGNATURE_BYTES]);
void __wrap_kg_identity_sign(const kg_identity *identity, const void *bytes, size_t count,
                             uint8_t out[KG_SIGNATURE_BYTES])
{
    static const uint8_t broker[KG_KEY_BYTES] = "the broker";
    (void)identity;
    make_signature(events.signer ? events.signer : broker, bytes, count, out);
}

bool __wrap_kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                               const uint8_t signature[KG_SIGNATURE_BYTES]);
bool __wrap_kg_signature_check(const uint8_t key[KG_KEY_BYTES], const void *bytes, size_t count,
                               const uint8_t signature[KG_SIGNATURE_BYTES])
{
    uint8_t right[KG_SIGNATURE_BYTES];
    make_signature(key, bytes, count, right);
    return memcmp(right, signature, sizeof right) == 0;
}

/* --- what is told --- */

static void note(const char *format, va_list arguments)
{
    char text[1200], line[1300];
    vsnprintf(text, sizeof text, format, arguments);
    int count = snprintf(line, sizeof line, "%lld %s\n", (long long)sim.now_us, text);
    kg_sha256_add(sim.trace, line, (size_t)count);
    if (sim.loud)
        fputs(line, stderr);
}

void sim_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    note(format, arguments);
    va_end(arguments);
}

void kg_log(kg_log_level level, const char *event, const char *format, ...)
{
    va_list arguments;
    char text[1000];
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sim_note("log %d %s %s", (int)level, event, text);
}

/* They are no part of the journal, and nothing rests on their file. */
void kg_cosignatures_keep(kg_core *core, bool at_once)
{
    (void)core;
    (void)at_once;
}

void kg_log_flush(void)
{
}

void sim_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "seed %llu at %lld us: ", (unsigned long long)sim.seed, (long long)sim.now_us);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    _Exit(SIM_FOUND);
}

/* --- the clock --- */

void sim_call(void)
{
    if (sim.dead || sim.calls_left == 0 || --sim.calls_left > 0)
        return;
    sim.dead = true;
    atomic_store(&sim.stop, true);
    sim.counts.kills++;
    sim_note("killed");
    sim_journal_killed();
}

int64_t sim_wall_ms(void)
{
    return sim.wall_ms + sim.now_us / 1000;
}

kg_moment kg_clock_now(void)
{
    sim_call();
    int64_t now = sim_wall_ms();
    return (kg_moment){.time_ms = now, .today = (kg_date)(now / 86400000)};
}

int64_t kg_clock_monotonic_us(void)
{
    return sim.now_us;
}

int64_t kg_clock_monotonic_ms(void)
{
    return sim.now_us / 1000;
}

/* --- events --- */

static bool earlier(const sim_event *a, const sim_event *b)
{
    return a->time_us < b->time_us || (a->time_us == b->time_us && a->number < b->number);
}

static void swap(size_t a, size_t b)
{
    sim_event held = events.heap[a];
    events.heap[a] = events.heap[b];
    events.heap[b] = held;
}

void sim_at(int64_t time_us, sim_action action, void *subject)
{
    size_t at = events.count;
    events.heap = kg_grow(events.heap, at, &events.capacity, sizeof *events.heap);
    if (time_us < sim.now_us)
        time_us = sim.now_us;
    events.heap[events.count++] = (sim_event){time_us, events.number++, action, subject};
    for (; at > 0 && earlier(&events.heap[at], &events.heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(at, (at - 1) / 2);
}

int64_t sim_next_us(void)
{
    return events.count > 0 ? events.heap[0].time_us : INT64_MAX;
}

static sim_event take_next(void)
{
    sim_event first = events.heap[0];
    size_t at = 0, least = 0;
    events.heap[0] = events.heap[--events.count];
    do {
        at = least;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < events.count; child++)
            if (earlier(&events.heap[child], &events.heap[least]))
                least = child;
        swap(at, least);
    } while (least != at);
    return first;
}

void sim_run_next(void)
{
    sim_event event = take_next();
    if (event.time_us > sim.now_us)
        sim.now_us = event.time_us;
    event.action(event.subject);
}

void sim_run_until(int64_t time_us)
{
    while (sim_next_us() <= time_us)
        sim_run_next();
    if (time_us > sim.now_us)
        sim.now_us = time_us;
}

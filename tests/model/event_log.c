/* SPDX-License-Identifier: EUPL-1.2 */
#include "event_log.h"

#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_file.h"
#include "proto/codec.h"

static void append(void *context, const kg_event *event, const kg_catalogue *catalogue)
{
    event_log *to = context;
    to->events = kg_grow(to->events, to->count, &to->capacity, sizeof *to->events);
    kg_buffer_init(&to->events[to->count]);
    kg_codec_event_encode(event, catalogue, &to->events[to->count++]);
}

void event_log_begin(world *w, event_log *events)
{
    memset(w, 0, sizeof *w);
    w->state = kg_state_new();
    kg_effects_init(&w->effects);
    kg_decision_init(&w->decision);
    world_day(w, "2026-11-24");
    w->seen = append;
    w->context = events;
    w->look_every = 25;
    assert_status(KG_STATUS_OK, world_catalogue(w, catalogue_text));
    world_register(w, COORDINATOR, "nl fr", true);
}

void event_log_fini(event_log *events)
{
    for (size_t i = 0; i < events->count; i++)
        kg_buffer_fini(&events->events[i]);
    free(events->events);
}

static bool complete(kg_event *event)
{
    kg_problems problems;
    if (event->command.kind != KG_KIND_CATALOGUE)
        return true;
    if (!event->command.catalogue)
        return false;
    kg_problems_init(&problems, "catalogue");
    event->catalogue = kg_catalogue_read_text(event->command.catalogue, "catalogue", &problems);
    kg_problems_fini(&problems);
    return event->catalogue != NULL;
}

kg_event *event_log_decode(const uint8_t *bytes, size_t count, const kg_catalogue *catalogue,
                           uint64_t sequence)
{
    char error[200];
    kg_event *event = kg_codec_event_decode(bytes, count, catalogue, error);
    if (event && !complete(event))
        kg_event_destroy(&event);
    if (event)
        event->sequence = sequence;
    return event;
}

void event_log_apply(const event_log *from, size_t first, size_t end, kg_state *state)
{
    kg_effects effects;
    char why[200];
    kg_effects_init(&effects);
    for (size_t i = first; i < end; i++) {
        kg_event *event = event_log_decode((const uint8_t *)from->events[i].bytes,
                                           from->events[i].count, kg_state_catalogue(state), i + 1);
        if (!event)
            fail_msg("event %zu cannot be read", i + 1);
        if (!kg_state_accepts(state, event, why))
            fail_msg("event %zu is not accepted: %s", i + 1, why);
        kg_state_apply(state, event, &effects);
        kg_event_destroy(&event);
    }
    kg_effects_fini(&effects);
}

kg_state *event_log_replay(const event_log *from, size_t count)
{
    kg_state *state = kg_state_new();
    event_log_apply(from, 0, count, state);
    return state;
}

static void write_state(const kg_state *state, kg_buffer *out)
{
    kg_buffer_init(out);
    kg_state_write(state, kg_buffer_sink(out));
}

void assert_same_state(const kg_state *a, const kg_state *b, uint64_t seed)
{
    kg_buffer x, y;
    write_state(a, &x);
    write_state(b, &y);
    size_t at = 0, less = x.count < y.count ? x.count : y.count;
    while (at < less && x.bytes[at] == y.bytes[at])
        at++;
    if (at < less || x.count != y.count)
        fail_msg("seed %llu: byte %zu of %zu and %zu differs", (unsigned long long)seed, at,
                 x.count, y.count);
    kg_buffer_fini(&x);
    kg_buffer_fini(&y);
}

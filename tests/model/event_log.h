/* SPDX-License-Identifier: EUPL-1.2 */
/* A journal in memory: the events that a world took, encoded as they are journalled. */
#ifndef EVENT_LOG_H
#define EVENT_LOG_H

#include "helper_world.h"

typedef struct event_log {
    kg_buffer *events;
    size_t count, capacity;
} event_log;

/* As world_init(), with every event in the log. */
void event_log_begin(world *w, event_log *events);
void event_log_fini(event_log *events);
/* A fresh state from the first `count` events. */
kg_state *event_log_replay(const event_log *from, size_t count);
/* Applies the events from `first` up to `end` to a state that stands where those before left it. */
void event_log_apply(const event_log *from, size_t first, size_t end, kg_state *state);
/* Fails, with the first byte that differs, where the canonical bytes are not the same. */
void assert_same_state(const kg_state *a, const kg_state *b, uint64_t seed);
/* As a start-up reads it: decoded, and its catalogue parsed. NULL when it cannot be read. */
kg_event *event_log_decode(const uint8_t *bytes, size_t count, const kg_catalogue *catalogue,
                           uint64_t sequence);

#endif

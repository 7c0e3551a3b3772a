/* SPDX-License-Identifier: EUPL-1.2 */
/* An event on its way through the codec. */
#ifndef KG_TEST_HELPER_EVENT_H
#define KG_TEST_HELPER_EVENT_H

#include "helper_codec.h"

struct event_scene {
    kg_catalogue *catalogue; /* small_catalogue() */
    kg_event *sent, *got;
    kg_buffer bytes;
    char error[200];
};

/* For cmocka: *state is a scene. */
int event_set_up(void **state);
int event_tear_down(void **state);

/* `sent` afresh: of "BE-0316380940", at a time. */
void event_start(struct event_scene *scene, kg_kind kind);
/* Encodes `sent`, decodes it into `got`; fails the test unless that works and the head is the
 * same. */
void event_send(struct event_scene *scene);
/* Decodes `bytes` into `got`; is it whole? */
bool event_take(struct event_scene *scene);

#endif

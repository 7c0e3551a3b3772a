/* SPDX-License-Identifier: EUPL-1.2 */
/* One end of the line between the broker and its door: frames over a socket pair, many at a time.
 * Nothing here waits. One thread. */
#ifndef KG_CHANNEL_H
#define KG_CHANNEL_H

#include "broker/net/frame.h"

typedef struct kg_channel {
    int descriptor; /* owned */
    bool from_door; /* who is at the other end */
    uint8_t *in;    /* owned; what was read and not taken begins at in_first */
    size_t in_first, in_count;
    kg_buffer out; /* what was not sent yet begins at out_first */
    size_t out_first;
} kg_channel;

/* Two ends that are connected, each closed on exec. False when there is no descriptor left. */
bool kg_channel_pair(int ends[static 2]);
/* Takes the descriptor. `from_door`: what is read here is the door's. Returns owned. */
kg_channel *kg_channel_new(int descriptor, bool from_door);
void kg_channel_destroy(kg_channel **channel);

/* Keeps a frame to be sent. */
void kg_channel_add(kg_channel *channel, const kg_frame *frame);
/* Bytes that are kept. */
size_t kg_channel_owed(const kg_channel *channel);
/* Sends as much as goes now. False when there is nobody at the other end. */
bool kg_channel_send(kg_channel *channel);

/* Reads what there is, up to what fits. False when there is nobody at the other end any more. */
bool kg_channel_receive(kg_channel *channel);
/* The next frame of what was read; its bytes live until the next kg_channel_receive(). */
kg_frame_found kg_channel_next(kg_channel *channel, kg_frame *out);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What the broker and its door, the process with the sockets, say to each other: a head of fixed
 * size, whom it is about, and bytes. Both are one executable on one machine, so numbers are as the
 * machine has them; but what comes from the door is read as what a stranger sent. Pure. */
#ifndef KG_FRAME_H
#define KG_FRAME_H

#include "broker/net/net.h"
#include "broker/net/sandbox.h"
#include "proto/limits.h"
#include "proto/sink.h"

typedef enum kg_frame_kind {
    /* from the door */
    KG_FRAME_REQUEST, /* peer, organisation, the message */
    KG_FRAME_OPENED,  /* kg_frame_opened; once */
    KG_FRAME_FAILED,  /* a sentence: it could not listen */
    KG_FRAME_COUNTS,  /* kg_frame_counts, from its beginning */
    /* from the broker */
    KG_FRAME_BEGIN,   /* kg_frame_begin; first */
    KG_FRAME_ADMIT,   /* organisation, a transport key */
    KG_FRAME_DISMISS, /* a transport key */
    KG_FRAME_OPEN,    /* all that were admitted by now were told */
    KG_FRAME_REPLY,   /* peer, the message */
    KG_FRAME_HINT,    /* organisation, number */
    KG_FRAME_SOON,    /* a reply follows within a moment */
    KG_FRAME_STOP,
    KG_FRAME_KINDS
} kg_frame_kind;

typedef struct kg_frame {
    kg_frame_kind kind;
    kg_peer peer;                           /* count 0: none */
    char organisation[KG_ID_BYTES_MAX + 1]; /* "": none */
    uint64_t number;
    const uint8_t *bytes; /* borrowed */
    size_t count;
} kg_frame;

typedef struct kg_frame_begin {
    char requests[256], feeds[256]; /* endpoints */
    uint8_t transport_public[KG_KEY_BYTES], transport_secret[KG_KEY_BYTES];
    unsigned connections_max, handshakes_max;
} kg_frame_begin;

typedef struct kg_frame_opened {
    char requests[256], feeds[256]; /* endpoints, with their ports */
    char missing[KG_SANDBOX_MISSING_BYTES];
} kg_frame_opened;

typedef struct kg_frame_counts {
    uint64_t connections, refused, malformed, limited, dropped, crowded, unaccepted;
    uint64_t standing, standing_max; /* these two may fall */
} kg_frame_counts;

/* A reply may be larger than a message on the wire: peers are held to that, not the core. */
#define KG_FRAME_PAYLOAD_BYTES_MAX (4u * KG_FRAME_BYTES_MAX)
#define KG_FRAME_WHOLE_BYTES_MAX (16u + 32 + KG_ID_BYTES_MAX + KG_FRAME_PAYLOAD_BYTES_MAX)

/* Appends it. */
void kg_frame_write(const kg_frame *frame, kg_buffer *out);

typedef enum kg_frame_found {
    KG_FRAME_WHOLE,
    KG_FRAME_PART, /* more bytes are needed */
    KG_FRAME_WRONG /* no frame begins like this, or none of that side */
} kg_frame_found;

/* The frame that begins `bytes`, which its own then borrow; `taken`: how many bytes it has. */
kg_frame_found kg_frame_read(const uint8_t *bytes, size_t count, bool from_door, kg_frame *out,
                             size_t *taken);
/* Reads what an OPENED frame holds: texts that end, of one line. */
bool kg_frame_read_opened(const kg_frame *frame, kg_frame_opened *out);
/* Reads the sentence of a FAILED frame. */
bool kg_frame_read_failed(const kg_frame *frame, char out[static 300]);

#endif

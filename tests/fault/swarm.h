/* SPDX-License-Identifier: EUPL-1.2 */
/* A broker and many members at work beside it: each is an organisation with a CURVE connection of
 * its own that submits one line after another, and sends a message again, as it was, when no answer
 * came. What got a receipt is held against the journal at the end. Ends the program when something
 * cannot be done. One thread. */
#ifndef FAULT_SWARM_H
#define FAULT_SWARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "tests/bench/submit_broker.h"
#include "tests/bench/submit_load.h"

#define SWARM_CHAIN_BYTES 32
/* What a line and the entry of a feed take in the broker, at most. */
#define SWARM_RECEIPT_MIB 0.0005

/* A sanitizer, and other tests beside it, slow all down. */
#ifdef SWARM_SLOW
#define SWARM_PATIENCE 4
#else
#define SWARM_PATIENCE 1
#endif

typedef struct swarm_receipt {
    uint64_t sequence;
    uint8_t chain[SWARM_CHAIN_BYTES];
    double at; /* when it came */
} swarm_receipt;

typedef struct swarm_member {
    submit_member load; /* one frame: the message that is to be answered */
    void *socket;       /* owned */
    size_t receipts;
    size_t lines;   /* of its message */
    bool asked;     /* its message was sent */
    double sent_at; /* last */
    double since;   /* when it was sent first, or, when it is answered, when that was */
} swarm_member;

struct swarm {
    submit_broker broker;
    const char *kopgroepd; /* borrowed */
    submit_load load;
    void *context;
    swarm_member *members; /* owned */
    zmq_pollitem_t *items; /* owned; a member each */
    size_t count;
    double pause_s;     /* between a receipt and the next message */
    size_t lines;       /* of messages that are made from now on; 0: one */
    size_t lines_taken; /* that have receipts */
    kg_buffer receipts; /* of swarm_receipt */
    kg_buffer waits;    /* of float: seconds until each receipt; the caller may empty it */
};

double swarm_now(void);
/* Ends the program, with what was to be done and could not, unless good. */
void swarm_must(bool good, const char *what);

/* A broker in a folder below TMPDIR, members registered, nobody connected. */
void swarm_start(struct swarm *swarm, const char *kopgroepd, size_t members);
/* A socket of an identity that knows the broker's key, not connected; the caller's. */
void *swarm_socket(const struct swarm *swarm, const kg_identity *identity, int type);
/* All members at once. */
void swarm_connect(struct swarm *swarm);
/* Members with fewer than `most` receipts send, and what comes within `wait_ms` is taken; each
 * answer must be a receipt. Returns how many have `most`. */
size_t swarm_work(struct swarm *swarm, size_t most, int wait_ms);
/* Connects the members, and has so many lines taken, in plans of `of` lines; plans of one line come
 * after that. */
void swarm_fill(struct swarm *swarm, size_t lines, size_t of);
/* The wait of which so many of a hundred are below, milliseconds; empties `waits`. */
double swarm_waited(struct swarm *swarm, double of_hundred);
/* After a broker that was killed, or ended. */
void swarm_serve_again(struct swarm *swarm);
/* Takes what comes until nothing does, and sends nothing: after a broker that was killed. */
void swarm_drain(struct swarm *swarm);
/* What is not answered is sent again at once, not only after a while. */
void swarm_hurry(struct swarm *swarm);
/* Asks how the broker stands, as a client that was not there before, until it answers; what is
 * wrong with the answer, or NULL: all records and lines that have a receipt must be there, and no
 * more than those and what waits for an answer. */
const char *swarm_look(struct swarm *swarm);

/* Stops the broker, and says what is wrong in the journal, or NULL: each receipt must be there,
 * with its chain value, and no message twice. Frees all; sockets of one's own are closed before.
 * The folder is kept when something is wrong. */
const char *swarm_finish(struct swarm *swarm);

#endif

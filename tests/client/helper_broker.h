/* SPDX-License-Identifier: EUPL-1.2 */
/* A broker that stands in for the real one: the real network side in a thread, behind it a few
 * lines that answer as a test wants. And what a client needs on disk to reach it. */
#ifndef KG_HELPER_BROKER_H
#define KG_HELPER_BROKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "broker/net/net.h"
#include "client/kopgroep.h"
#include "proto/access_file.h"
#include "proto/codec.h"
#include "proto/envelope.h"

#define FAKE_MEMBER "BE-MEMBER"
#define FAKE_SEQUENCE 41 /* of every receipt */

typedef struct fake_request {
    kg_peer peer;
    kg_envelope envelope;
    const uint8_t *bytes; /* the whole message */
    size_t count;
} fake_request;

typedef struct fake_broker fake_broker;

/* Fills the reply, which says OK to this request already; false: no reply is sent. Runs in the
 * broker's thread. */
typedef bool (*fake_handler)(fake_broker *broker, const fake_request *request, kg_reply *reply);

typedef struct fake_message {
    uint32_t kind;
    char *bytes; /* owned: the whole message */
    size_t count;
} fake_message;

struct fake_broker {
    kg_net *net; /* NULL: stopped */
    pthread_t thread;
    atomic_bool stopping;
    kg_identity *keys, *member;  /* owned */
    const kg_identity *signer;   /* borrowed: signs heads; its keys, or the first broker's */
    kg_broker_access access;
    char folder[64];             /* removed with the broker */
    char access_path[128], identity_path[128], plan_path[128];
    kopgroep_session *session;   /* closed with the broker */
    bool keep_heads;             /* of sessions that are opened; and their receipts */
    atomic_int state;            /* the handler's own */
    kg_buffer catalogue;         /* text */
    atomic_uint_fast64_t feed;   /* entries 1 to this one are there */
    atomic_int wrong;            /* messages that no client of ours may send */
    pthread_mutex_t mutex;       /* of what follows; held while the handler runs */
    fake_handler handler;
    kg_buffer document;          /* what every question is answered with */
    fake_message *messages;      /* owned; all that came, in order */
    size_t messages_count, messages_capacity;
};

/* For cmocka: a running broker with fake_serve as its handler, files, no session. */
int fake_setup(void **state);
/* Likewise, with a session of which every wait for an answer takes 30 s at most. */
int fake_setup_open(void **state);
/* Fails when something wrong was sent. */
int fake_teardown(void **state);
void fake_stop(fake_broker *broker);
/* On the same ports. */
void fake_start(fake_broker *broker);
/* Makes a broker another one of the first's deployment, which it must not outlive: its transport
 * key is its own, its signing key the first's. */
void fake_join(fake_broker *broker, const fake_broker *first);

void fake_handle(fake_broker *broker, fake_handler handler);
/* A new document of so many bytes. */
void fake_fill_document(fake_broker *broker, size_t count);
/* Receipts for commands; the catalogue, the feed, the document for questions, in pages. */
bool fake_serve(fake_broker *broker, const fake_request *request, kg_reply *reply);
/* Answers with a whole document, or its first page. */
void fake_document(kg_reply *reply, const char *bytes, size_t count, uint64_t offset);

/* Opens the session; fails the test when it cannot. */
void fake_open(fake_broker *broker, int timeout_ms);
/* How many messages of a kind came; 0 = of any kind. */
size_t fake_came(fake_broker *broker, uint32_t kind);
/* Waits until so many came. */
void fake_await(fake_broker *broker, uint32_t kind, size_t count);
/* The n-th message of a kind, from 0; lives as long as the broker. */
fake_message fake_nth(fake_broker *broker, uint32_t kind, size_t n);
/* Its envelope, which borrows from the message. */
kg_envelope fake_envelope(const fake_message *message);
void fake_write_file(const char *path, const char *text, size_t count);

int64_t fake_now_ms(void);

#endif

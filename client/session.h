/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the library: a session, what a call fills its answer with, and how messages go out and
 * their replies come in. */
#ifndef KG_CLIENT_SESSION_H
#define KG_CLIENT_SESSION_H

#include "client/brokers.h"
#include "client/kopgroep.h"
#include "client/transport.h"
#include "proto/codec.h"
#include "proto/envelope.h"

#define KG_CLIENT_WINDOW 16 /* messages in flight at most */

/* A sealed message: the same bytes however often it is sent. */
typedef struct kg_client_message {
    uint8_t request_id[KG_REQUEST_ID_BYTES];
    kg_buffer bytes; /* owned */
    size_t mark;     /* the sender's own */
    unsigned left;   /* how often it was sent, but for brokers that said they do nothing of it */
    bool answered;
} kg_client_message;

/* Messages in the order in which they are sent, and sent again. */
typedef struct kg_client_flight {
    kg_client_message messages[KG_CLIENT_WINDOW];
    size_t count;
    size_t sent;   /* of them, over the present connection */
    bool last_try; /* silence is not followed by another one */
} kg_client_flight;

/* Of the last command. */
typedef struct kg_client_receipts {
    bool kept;
    struct kg_client_receipt *items; /* owned */
    size_t count, capacity;
} kg_client_receipts;

struct kopgroep_session {
    kg_client_brokers brokers;
    kg_identity *identity; /* owned */
    kg_public_key key;     /* of the identity */
    uint8_t key_id[KG_KEY_ID_BYTES];
    char *identity_path;            /* owned; for advice */
    char *heads_path;               /* owned; where the newest head is kept, or NULL */
    kg_client_receipts receipts;    /* owned */
    kg_client_transport *transport; /* owned */
    int timeout_ms;
    uint8_t shared[KG_SHARED_BYTES]; /* with the brokers: what tags questions */
    bool signs;    /* questions too: the broker knows no tags */
    uint64_t seen; /* record of the journal: no answer may show less */
    bool older;    /* the broker knows no such demand */
    kg_client_flight flight;     /* the last command's messages, for sending them again */
    struct kg_client_plan *plan; /* owned; the last command's, when it is not done; or NULL */
    kg_catalogue *catalogue;     /* owned; the broker's, once it was asked for */
};

/* ---- answers (answer.c) ---- */

/* Sets outcome and detail, in the language that was chosen. */
__attribute__((format(printf, 3, 4))) void
kg_client_say(kopgroep_answer *answer, kopgroep_outcome outcome, const char *format, ...);
/* The same with a finished English sentence. */
void kg_client_say_retold(kopgroep_answer *answer, kopgroep_outcome outcome, const char *sentence);
/* Outcome LOCAL: problems with their texts; the detail is the caller's to say. */
void kg_client_take_problems(kopgroep_answer *answer, const kg_problems *problems);
/* Where the problems of a reply lie in a file: `row` is a place in the message (from 1; 0 the
 * message as a whole). Returns a row of the file, 0 for the file as a whole. */
typedef struct kg_client_origin {
    const char *file;
    long (*row)(const void *context, const kg_problem *problem);
    const void *context;
} kg_client_origin;
/* What a reply says, into an empty answer. `origin` NULL: problems stay as they are. */
void kg_client_take_reply(kopgroep_answer *answer, const kg_reply *reply,
                          const kg_client_origin *origin);

/* The broker in use. Deployment and signing key are those of every broker of the session. */
const kg_broker_access *kg_client_access(const kopgroep_session *session);

/* Where the plan is a workbook and some of the answer's problems lie in its rows: writes
 * PLAN.problems.xlsx, a copy with them beside the rows, never over a file that is there, and says
 * so in the detail (marked.c). */
void kg_client_mark(kopgroep_session *session, const char *plan, kopgroep_answer *answer);

/* ---- messages (exchange.c) ---- */

/* Milliseconds since 1970. */
int64_t kg_client_wall_ms(void);

/* Signs a body under a fresh request id and adds it; there must be room. `mark` is the sender's. */
void kg_client_flight_add(kopgroep_session *session, kg_client_flight *flight, kg_kind kind,
                          const kg_buffer *body, size_t mark);
/* Forgets the messages that were answered. */
void kg_client_flight_prune(kg_client_flight *flight);
void kg_client_flight_fini(kg_client_flight *flight);

typedef enum kg_client_end {
    KG_CLIENT_ANSWERED,
    KG_CLIENT_NOT_SENT,   /* the broker could not be reached */
    KG_CLIENT_UNANSWERED, /* some of it was sent */
    KG_CLIENT_BROKEN_OFF  /* interrupted */
} kg_client_end;

/* Waits for the next reply to any of the messages; sends those that the present connection has not
 * carried yet. Where the connection breaks, all unanswered ones are sent again over a fresh one;
 * likewise, once, where the session's timeout passes in silence, and then waited for as long again.
 * Where the broker says that another one leads, or that it is behind, the same bytes go to the
 * leader that it names, or to the next of the list, until the session's timeout passes.
 * ANSWERED marks the message `*which`; for the other ends the answer is set: `question` decides
 * between NOT_REACHED and UNKNOWN. The reply is initialised in either case. */
kg_client_end kg_client_await(kopgroep_session *session, kg_client_flight *flight, bool question,
                              kg_reply *reply, size_t *which, kopgroep_answer *answer);
/* A command or question of one message; false with the answer set when there is no reply. */
bool kg_client_request(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                       kg_reply *reply, kopgroep_answer *answer);
/* The same of a QUERY or PAGE that is tagged, which costs both sides far less. */
bool kg_client_request_tagged(kopgroep_session *session, kg_kind kind, const kg_buffer *body,
                              kg_reply *reply, kopgroep_answer *answer);
/* What is said of a connection that was not made, into the answer. */
void kg_client_say_standing(const kopgroep_session *session, kg_client_standing standing,
                            const char *detail, kopgroep_answer *answer);

/* ---- keys (keys.c) ---- */

/* "organisation,reader" to a set of roles; false with the answer set. */
bool kg_client_read_roles(const char *roles, uint32_t *out, kopgroep_answer *answer);
/* A public file, which must be this organisation's; false with the answer set. */
bool kg_client_read_key(const char *file, const char *id, kg_public_key *key,
                        kopgroep_answer *answer);

/* ---- calls ---- */

/* The broker's catalogue; borrowed, or NULL with the answer set. */
const kg_catalogue *kg_client_catalogue(kopgroep_session *session, kopgroep_answer *answer);
/* Sends a command, takes its reply. */
void kg_client_command(kopgroep_session *session, const kg_command *command,
                       const kg_catalogue *catalogue, kopgroep_answer *answer);
/* Asks, all pages; the answer is emptied first. */
bool kg_client_ask(kopgroep_session *session, const kg_query *query, kopgroep_answer *answer);
/* A plan that is under way: goes on where it stands (submit.c). */
typedef struct kg_client_plan kg_client_plan;
void kg_client_plan_go_on(kopgroep_session *session, kopgroep_answer *answer);
void kg_client_plan_destroy(kg_client_plan **plan);
/* Begins a new command: forgets the last one. */
void kg_client_begin(kopgroep_session *session, kopgroep_answer *answer);

#endif

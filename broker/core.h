/* SPDX-License-Identifier: EUPL-1.2 */
/* The core: takes what has passed the gate, decides and applies it one by one, and gives it to the
 * journal batch by batch; while batches are on their way to the disk it decides the next. Answers
 * are made when their turn comes, but told only once all that had been decided by then is durable;
 * so are admissions and hints. One thread. A failed commit ends the process: nobody was told
 * anything yet. */
#ifndef KG_CORE_H
#define KG_CORE_H

#include <stdatomic.h>

#include "broker/batch.h"
#include "broker/config.h"
#include "broker/documents.h"
#include "broker/gate.h"
#include "broker/gathering.h"
#include "broker/machine.h"
#include "broker/metrics/vitals.h"
#include "broker/pursuit.h"
#include "broker/query/volume_live.h"
#include "broker/room.h"
#include "broker/salts.h"
#include "broker/store.h"
#include "broker/waiting.h"
#include "broker/worker.h"

/* Who asks, proven by the signature; outlives the message. */
typedef struct kg_caller {
    kg_peer peer; /* count 0: the broker itself, nobody waits for an answer */
    uint8_t request_id[KG_REQUEST_ID_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1]; /* "": the broker itself */
    uint8_t key_id[KG_KEY_ID_BYTES];        /* which of its keys signed */
    uint8_t sign[KG_KEY_BYTES];             /* the same, whole */
    uint32_t roles;                         /* of that key */
} kg_caller;

/* A command that waits for its grouping. */
typedef struct kg_pending {
    kg_caller caller;
    kg_command command; /* owned */
    uint8_t *message;   /* owned; the envelope as received */
    size_t message_bytes;
    uint8_t request_key[KG_REQUEST_KEY_BYTES];
    char round[KG_ID_BYTES_MAX + 1];
    struct kg_pending *next;
} kg_pending;

typedef struct kg_core {
    const kg_config *config; /* borrowed */
    kg_identity *identity;   /* owned; the broker's, from before anything is served */
    kg_store store;
    kg_net *net;       /* owned */
    kg_gate *gate;     /* owned */
    kg_worker *worker; /* owned */
    kg_pursuit *pursuit; /* owned; NULL: this broker leads. Else see follower.h, and the journal is
                            the pursuit's */
    kg_waiting behind;   /* questions that wait for what their askers have seen */
    const char *catalogue_text; /* borrowed: the file as it stands, */
    kg_catalogue **catalogue;   /* and what was read in it: taken when it is journalled */
    kg_vitals *vitals; /* borrowed; counts what is done here */
    kg_documents documents;
    kg_volume_live *volume; /* owned */
    kg_batch *open;    /* owned; what is being decided */
    kg_batch *on_way, *on_way_last; /* owned; given to the journal, in order */
    size_t on_way_count;
    kg_gathering gathering; /* of the open batch, where a commit waits for other machines */
    kg_batch *spare;     /* owned; emptied ones, to be used again */
    kg_effects effects;  /* of the open batch */
    kg_salts salts;      /* of records to come */
    kg_pending *pending; /* owned */
    kg_waiting aside;    /* see aside.h */
    kg_moment now;       /* of what is being decided; never before the last record's */
    int64_t clock_ms;    /* what the clock says, which may be before that: for messages' expiry */
    int64_t started_ms;
    char machine[KG_MACHINE_BYTES]; /* what it runs on */
    int64_t looked_ms;   /* monotonic: when the room was looked at */
    kg_tree_head tree_head; /* the one that was signed last; time 0: none was */
    struct kg_cosignature *cosignatures; /* owned; see tree_heads.h */
    size_t cosignatures_count, cosignatures_capacity;
    bool cosignatures_new;       /* some are not in their file yet, which is due */
    int64_t cosignatures_due_ms; /* monotonic, then */
    bool due_changed;    /* something may be due that was not before */
    kg_date due_today;   /* the day on which that was looked at */
    int64_t due_again_ms; /* monotonic: when what was refused is tried again; 0: nothing was */
    kg_room room;        /* what there is room for */
    bool failed;         /* the journal failed: nothing more is answered, the process ends */
} kg_core;

void kg_core_init(kg_core *core, const kg_config *config, kg_vitals *vitals);
/* All but identity, store, net, gate and worker. */
void kg_core_fini(kg_core *core);

/* Runs until `stop` is set (and kg_net_wake called). False when the journal failed. */
bool kg_core_run(kg_core *core, const atomic_bool *stop);

/* Sets `now`, never before the last record: the journal's time does not go back when the clock
 * does. */
void kg_core_read_clock(kg_core *core);

/* Sequence of the last record that was decided, or taken in. The journal's own head does not count
 * what it refuses, on which the next batch was decided all the same: that one must be refused as
 * well. */
uint64_t kg_core_head(const kg_core *core);

/* For request.c, grouped.c and due.c: stages an accepted event: encodes, applies, adds its record
 * to the open batch; fills the reply's result. Takes the event and the message (NULL: none; from
 * kg_alloc). Returns the record's place. The batch must not be full. */
size_t kg_core_stage(kg_core *core, kg_event **event, uint8_t *message, size_t message_bytes,
                     const uint8_t request_key[KG_REQUEST_KEY_BYTES], kg_reply *reply);
/* What follows from an event that was applied: what the effects have after `from` is its own. */
void kg_core_note(kg_core *core, const kg_event *event, kg_effects_mark from);
/* Of what a batch holds and is durable: lets in, shuts out. */
void kg_core_admit(kg_core *core, const kg_batch *batch);
/* And tells whose feeds go on. */
void kg_core_hint(kg_core *core, const kg_batch *batch);
/* Who asks how it is from outside is told whether it leads. */
void kg_core_observe_role(kg_core *core);
/* Gives the receipt of a batch's record to the caller, with the reply's result, once it is
 * durable. */
void kg_core_promise(const kg_caller *caller, const kg_reply *reply, kg_batch *batch,
                     size_t record);
/* Gives the reply once all that was decided before it is durable. */
void kg_core_answer(kg_core *core, const kg_caller *caller, const kg_reply *reply);

/* Gives the open batch to the journal, unless it is empty; `here`: as KG_APPEND_HERE. */
void kg_core_send_off(kg_core *core, bool here);
/* Tells what became durable, to all who wait for it; with `wait`, waits until there is something,
 * if any is on its way. False when the journal failed. */
bool kg_core_settle(kg_core *core, bool wait);
/* Makes all that was decided durable. False when the journal failed. */
bool kg_core_commit(kg_core *core);

#endif

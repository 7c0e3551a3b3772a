/* SPDX-License-Identifier: EUPL-1.2 */
/* The journal: what was commanded and decided, in order, durable, chained. Backends stand behind
 * this header, told apart by the place: a folder (a log that is taken over into LMDB), or a
 * connection string of PostgreSQL (postgresql://...), whose server replicates it. Nothing of them
 * leaks through. A journal writes on threads of its own, and completes on the caller's. One
 * caller's thread at a time, except kg_journal_follow(), kg_journal_snapshot() and
 * kg_journal_usage_read(), which any thread may call while another appends or leads. A process
 * opens a folder once. Every record is a leaf of a tree (proto/tree_leaf.h); its chain value is
 * SHA-256 over the chain value before it and its leaf's hash; the first follows 32 zero bytes. */
#ifndef KG_JOURNAL_H
#define KG_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KG_CHAIN_BYTES 32
#define KG_LEAF_BYTES 32
#define KG_SALT_BYTES 16
#define KG_REQUEST_KEY_BYTES 32 /* SHA-256 of (organisation, request id) */
#define KG_DEPLOYMENT_ID_BYTES 16

typedef struct kg_journal kg_journal;

typedef struct kg_journal_record {
    uint64_t sequence; /* from 1, no gaps */
    int64_t time_ms;
    uint8_t salt[KG_SALT_BYTES];
    uint8_t request_key[KG_REQUEST_KEY_BYTES]; /* zero for what the broker itself decided */
    const uint8_t *command; /* the signed envelope as received; empty for the broker's own */
    size_t command_bytes;
    const uint8_t *event; /* the decided event, encoded */
    size_t event_bytes;
    uint8_t leaf[KG_LEAF_BYTES];   /* filled by the journal, as the next: its hash in the tree */
    uint8_t chain[KG_CHAIN_BYTES];
    uint8_t event_digest[KG_LEAF_BYTES]; /* of salt and event; only where it is appended */
} kg_journal_record;

typedef enum kg_append_result {
    KG_APPEND_OK,
    KG_APPEND_LOST,  /* another epoch or head: someone else leads; end and start again */
    KG_APPEND_FULL,  /* nothing was written: no room left in the map or below the disk reserve */
    KG_APPEND_FAILED /* I/O: end the process; nothing may be acknowledged */
} kg_append_result;

typedef struct kg_journal_options {
    size_t map_bytes;            /* 0 = default, 64 GiB (sparse) */
    uint64_t disk_reserve_bytes; /* refuse appends below this much free disk; 0 = default, 1 GiB or
                                    10 % of the file system, whichever is less */
    bool read_only;
    /* Where several brokers may open one journal for writing: who this is, the same after a
     * restart (then it leads on at once); NULL = this process alone. */
    const char *holder;
    /* Where clients ask it, for other brokers to say so (kg_journal_leader()); NULL = not told.
     * Without spaces. */
    const char *address;
    int64_t lease_ms; /* how long it leads without being heard of; 0 = default, 10 s */
    bool alone;       /* a server without a standby is good enough */
    bool later;       /* opens for reading where another one leads, or may: kg_journal_lead() */
    /* Called from the journal's threads when there is something to reap, or another one leads;
     * NULL = not. */
    void (*wake)(void *context);
    void *wake_context;
} kg_journal_options;

/* A sentence for the administrator about the last failure on this thread; static. */
const char *kg_journal_error(void);

/* Is the place a folder of this machine? */
bool kg_journal_is_here(const char *place);
/* Is a commit there worth what is promised? A server is asked: is it synced, and, unless none is
 * wanted (`alone`), on a standby that is there. False with the sentence. A folder's always is. */
bool kg_journal_keeps(const char *place, bool alone);
/* Makes an empty journal in a folder or database that exists; false when it holds one already. */
bool kg_journal_create(const char *place, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES]);
/* Returns owned, or NULL (kg_journal_error). A second opener for writing is refused; readers in
 * other processes are not, and see what is appended by following. A folder's ends are looked at in
 * a child process first, so open it before there are threads. */
kg_journal *kg_journal_open(const char *place, const kg_journal_options *options);
/* Batches on their way are made durable first, but `done` is not called for them. False, with a
 * sentence, when a folder could not be tidied up after writing: nothing that was acknowledged is
 * lost by that, but what is in its log stays there. */
bool kg_journal_close(kg_journal **journal);

void kg_journal_deployment(const kg_journal *journal, uint8_t out[KG_DEPLOYMENT_ID_BYTES]);
/* Sequence of the last record appended, durable or not; 0 = none. For a reader, as it was at
 * opening. */
uint64_t kg_journal_head(const kg_journal *journal);
/* Sequence of the last record that is durable, as far as it was reaped; and its chain value, zero
 * when there is none. */
uint64_t kg_journal_durable(const kg_journal *journal);
void kg_journal_chain(const kg_journal *journal, uint8_t out[KG_CHAIN_BYTES]);
uint64_t kg_journal_epoch(const kg_journal *journal);
typedef enum kg_lead_result {
    KG_LEAD_YES,
    KG_LEAD_WAIT, /* another one leads, or the server is away: the sentence says which */
    KG_LEAD_FAILED
} kg_lead_result;
/* Tries to become the one that writes, for a journal that was opened with `later`; others do
 * already. Head and chain move on to where the journal ends now, in either case: follow what is
 * new. */
kg_lead_result kg_journal_lead(kg_journal *journal);
/* The address of who leads, as it was when kg_journal_lead() last failed; "": not known. */
const char *kg_journal_leader(const kg_journal *journal);
/* False, with the sentence, once another one leads, or may: end the process. What is appended fails
 * then, but who only asks would not learn of it. */
bool kg_journal_leads(kg_journal *journal);
/* Where it stands and when a batch counts as durable, for the administrator; static. */
const char *kg_journal_durability(const kg_journal *journal);
/* A batch waits for other machines, which costs as much for one record as for many. */
bool kg_journal_waits(const kg_journal *journal);

/* Called once the batch is durable, or was not: from kg_journal_reap(). Nobody may be told of the
 * batch earlier. `head` is the journal's last durable record then. */
typedef void (*kg_append_done)(void *context, kg_append_result result, uint64_t head);

/* How a batch is to be appended; bits. */
typedef enum kg_append_how {
    KG_APPEND_RESERVE = 1, /* withdrawals only: is let into what is kept for them */
    KG_APPEND_HERE = 2     /* by this thread, where nothing is on its way: it would only wait */
} kg_append_how;

/* Queues a batch to be made durable whole, if the journal's head is at (epoch, expected_head), and
 * moves the head on. Returns at once; several batches may be on their way, and are made durable in
 * order. Records are borrowed until `done` is called; their sequence must be expected_head + 1 ...
 * ; leaf and chain are filled in. One with KG_APPEND_RESERVE is let into the last tenth of the
 * map, and all but a tenth of the disk reserve. A request key that is there already, or twice in
 * the batch, fails it for good: look with kg_journal_find(), and in what is on its way, before. A
 * batch that is FULL or LOST leaves the head where it was; after one that FAILED all others do. */
void kg_journal_append(kg_journal *journal, uint64_t epoch, uint64_t expected_head,
                       kg_journal_record *records, size_t count, unsigned how, kg_append_done done,
                       void *context);

/* What the owner's thread can do while the disk writes a batch that it appends HERE: called by
 * kg_journal_append() then, at most once. The batch's records are filled in, but not durable:
 * nobody may be told. NULL: nothing, as at the beginning. */
void kg_journal_set_meanwhile(kg_journal *journal, void (*meanwhile)(void *context),
                              void *context);

/* Calls `done` for each batch that came back, in order; with `wait` it waits for one, if any is on
 * its way. kg_journal_error() is the batch's in `done`. Returns the number of batches. */
size_t kg_journal_reap(kg_journal *journal, bool wait);

/* Calls `each` for every record from `from` to the head, in order, until it returns false. The
 * record's bytes live during the call only. False on failure (damage, gap): kg_journal_error.
 * `verify` also recomputes every leaf and chain value, and looks up every request key that is in
 * the backend's index by then. Some damage ends the process that touches it: kg_journal_verify()
 * finds that out in a child. `each` may be NULL. */
typedef bool (*kg_journal_each)(void *context, const kg_journal_record *record);
bool kg_journal_follow(kg_journal *journal, uint64_t from, bool verify, kg_journal_each each,
                       void *context);
/* Every record after a point of it, verified, as far as it goes now; of a journal elsewhere, for
 * who follows the one that writes. False also where that point is not in it any more, which counts
 * as damage: a server that went down before its standby had a commit may have shown it. */
bool kg_journal_pursue(kg_journal *journal, uint64_t sequence, const uint8_t chain[KG_CHAIN_BYTES],
                       kg_journal_each each, void *context);
/* Where following failed: a record is damaged, or missing. False: the journal is elsewhere, could
 * not be reached, and may be again. Any thread. */
bool kg_journal_damaged(const kg_journal *journal);

typedef struct kg_journal_extent {
    uint64_t records;
    uint8_t chain[KG_CHAIN_BYTES]; /* of the last one */
} kg_journal_extent;

/* Follows and verifies all of a journal as a reader, a folder's in a child process; `each` (or
 * NULL) is called there. For before there are threads. False on any damage. */
bool kg_journal_verify(const char *place, kg_journal_each each, void *context,
                       kg_journal_extent *out);

/* The sequence of the record with this request key, or 0. Where that cannot be told, 0 and every
 * later append fails. */
uint64_t kg_journal_find(kg_journal *journal, const uint8_t request_key[KG_REQUEST_KEY_BYTES]);

/* A consistent copy in another (existing, empty) folder, while appends go on; durable and verified
 * before this returns true; nothing is left there when it returns false. */
bool kg_journal_snapshot(kg_journal *journal, const char *folder);

typedef struct kg_journal_usage {
    uint64_t map_bytes, used_bytes; /* used: without pages that are free again */
    uint64_t pending_bytes; /* what is to be taken over will use besides, at most */
    uint64_t disk_free_bytes, disk_bytes;
    uint64_t oldest_view; /* of the tables, in any process: so many of their transactions ago it was
                             taken. While it stands, pages that are free again are not used */
    bool elsewhere;   /* another machine keeps it, and watches over its room: all else is zero */
} kg_journal_usage;
/* Also gives free the places of readers that died. All zero when it cannot be told. */
void kg_journal_usage_read(kg_journal *journal, kg_journal_usage *usage);

/* The backend and its version, as it says itself; static. */
const char *kg_journal_backend(void);

#endif

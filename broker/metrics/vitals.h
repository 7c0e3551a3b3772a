/* SPDX-License-Identifier: EUPL-1.2 */
/* What the broker counts of its own work. The core writes, any thread reads, and neither waits for
 * the other: every number is an atomic, and what is read together may be of two moments. Work
 * only, nothing of plans: no organisation, quantity or value. */
#ifndef KG_VITALS_H
#define KG_VITALS_H

#include <stddef.h>
#include <stdint.h>

#include "proto/command.h"
#include "proto/status.h"

/* Where the broker stands in its life. */
typedef enum kg_phase {
    KG_PHASE_STARTING, /* reads the journal */
    KG_PHASE_SERVING,
    KG_PHASE_STOPPING
} kg_phase;

/* What stands for itself; report.c says what each means to who reads it. */
typedef enum kg_vital {
    KG_VITAL_PHASE,     /* a kg_phase */
    KG_VITAL_TURNED_MS, /* monotonic: when the core last went round */
    KG_VITAL_FOLLOWS,     /* another broker leads */
    KG_VITAL_FOLLOWED_MS, /* how long ago the journal was last read then */
    KG_VITAL_READ_ONLY,
    KG_VITAL_FULL, /* not even withdrawals are taken */
    KG_VITAL_SHORT_OF_DISK,
    KG_VITAL_SHORT_OF_MAP,
    KG_VITAL_RECORDS, /* durable */
    KG_VITAL_LINES,   /* that are not withdrawn */
    KG_VITAL_FEEDS,
    KG_VITAL_HINTS,
    KG_VITAL_CONNECTIONS,
    KG_VITAL_REFUSED,
    KG_VITAL_LIMITED,
    KG_VITAL_CROWDED,
    KG_VITAL_STANDING,
    KG_VITAL_STANDING_MAX,
    KG_VITAL_RECEIVED,
    KG_VITAL_MALFORMED,
    KG_VITAL_REPLIED,
    KG_VITAL_DROPPED,
    KG_VITAL_DOORS_LOST,
    KG_VITAL_WAITING_INBOUND, /* in queues: messages, replies and hints, */
    KG_VITAL_WAITING_OUTBOUND,
    KG_VITAL_WAITING_BATCHES, /* batches on their way to the disk, */
    KG_VITAL_WAITING_ASIDE,   /* questions that were put aside, */
    KG_VITAL_WAITING_GROUPINGS,
    KG_VITAL_MAP_BYTES, /* the journal's: used and at most */
    KG_VITAL_MAP_BYTES_MAX,
    KG_VITAL_PENDING_BYTES,
    KG_VITAL_OLDEST_VIEW,
    KG_VITAL_DISK_FREE_BYTES,
    KG_VITAL_DISK_BYTES,
    KG_VITAL_SCRUBBED_MS, /* wall clock: when the journal was last verified; 0: not yet */
    KG_VITALS
} kg_vital;

#define KG_VITALS_ROUND_STATES_MAX 16
#define KG_HISTOGRAM_BOUNDS_MAX 16

typedef enum kg_histogram_kind {
    KG_HISTOGRAM_BATCH_RECORDS,
    KG_HISTOGRAM_COMMIT_US,
    KG_HISTOGRAMS
} kg_histogram_kind;

typedef struct kg_vitals kg_vitals;

kg_vitals *kg_vitals_new(void);
void kg_vitals_destroy(kg_vitals **vitals);

void kg_vitals_set(kg_vitals *vitals, kg_vital vital, uint64_t value);
void kg_vitals_add(kg_vitals *vitals, kg_vital vital, uint64_t more);
uint64_t kg_vitals_get(const kg_vitals *vitals, kg_vital vital);

/* How many rounds are in a state; states are numbered by who counts. */
void kg_vitals_set_rounds(kg_vitals *vitals, size_t state, uint64_t count);
uint64_t kg_vitals_rounds(const kg_vitals *vitals, size_t state);

/* A request that got its verdict. A kind that is none counts as KG_KIND_NONE. */
void kg_vitals_request(kg_vitals *vitals, kg_kind kind, kg_status status);
/* Each pair that there was, by kind and then as status.def has them. */
void kg_vitals_each_request(const kg_vitals *vitals, void *context,
                            void (*each)(void *context, kg_kind kind, kg_status status,
                                         uint64_t count));

void kg_vitals_observe(kg_vitals *vitals, kg_histogram_kind kind, uint64_t value);

/* A histogram as it is read: `below[i]` values were at most bounds[i], `count` all of them. */
typedef struct kg_histogram {
    const uint64_t *bounds; /* static */
    size_t bounds_count;
    uint64_t below[KG_HISTOGRAM_BOUNDS_MAX];
    uint64_t count, sum;
} kg_histogram;
void kg_vitals_histogram(const kg_vitals *vitals, kg_histogram_kind kind, kg_histogram *out);

#endif

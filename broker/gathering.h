/* SPDX-License-Identifier: EUPL-1.2 */
/* How long a batch waits for more. A commit on other machines costs the same for one record as for
 * many: where processors are short, each commit would hold only what came during the one before,
 * and most of the work would be commits. So the batch waits until half of those who lately waited
 * at once are in it, but never longer than the last commit took. Knows no clock. */
#ifndef KG_GATHERING_H
#define KG_GATHERING_H

#include <stddef.h>
#include <stdint.h>

#define KG_GATHERING_US_MAX 10000
#define KG_GATHERING_FEW 8 /* fewer who wait at once need not wait for each other */
#define KG_GATHERING_BYTES (512u << 10) /* a batch that is worth a commit by itself */

typedef struct kg_gathering {
    size_t most, most_before; /* records that waited at once: since the last commit, before it */
    int64_t took_us;          /* the last commit */
    int64_t since_us; /* monotonic: when the open batch had its first record; 0: it is empty */
} kg_gathering;

/* Now the open batch has so many records, and `waiting` wait in all, on their way or in it. */
void kg_gathering_see(kg_gathering *gathering, size_t open, size_t waiting, int64_t now_us);
/* A batch was committed; it took so long from when it was given to the journal. */
void kg_gathering_note(kg_gathering *gathering, int64_t took_us);
/* How long the open batch, of so many records and bytes, is still to be held; 0: not at all. */
int64_t kg_gathering_left_us(const kg_gathering *gathering, size_t open, size_t bytes,
                             int64_t now_us);

#endif

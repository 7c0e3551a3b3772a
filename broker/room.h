/* SPDX-License-Identifier: EUPL-1.2 */
/* What there is room for, in the journal's map and on its disk. The core stops well before the
 * journal itself refuses: a batch that it refused was applied already, and would end the process.
 * What is in the journal's log and not in its tables is counted, at most. */
#ifndef KG_ROOM_H
#define KG_ROOM_H

#include "broker/journal/journal.h"

typedef enum kg_takes {
    KG_TAKES_ALL,
    KG_TAKES_WITHDRAWALS, /* and questions */
    KG_TAKES_QUESTIONS    /* only; nothing is written */
} kg_takes;

typedef struct kg_room {
    kg_takes takes;
    bool disk, map; /* which of them is short: at least one, unless all is taken */
} kg_room;

/* `reserve_bytes`: of the disk, as the journal was opened with. */
kg_room kg_room_of(const kg_journal_usage *usage, uint64_t reserve_bytes);
/* As far as the disk goes. */
kg_takes kg_room_of_disk(const kg_journal_usage *usage, uint64_t reserve_bytes);

/* Static words: "all", "withdrawals", "questions"; and "disk", "journal", "disk and journal", or
 * NULL where nothing is short. */
const char *kg_room_takes(const kg_room *room);
const char *kg_room_short_of(const kg_room *room);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Room: in the map, on the disk, and what is kept of both for withdrawals. What is taken must find
 * its place in the tables later, so it is asked before anything goes to the log. */
#include <inttypes.h>
#include <time.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_embedded.h"

#define DISK_RESERVE_MAX (1ull << 30)
#define SPACE_AGE_US 50000 /* asking the file system takes a tenth of what a lone batch may */

/* The last twentieth is for pages that a transaction needs before it gives others back. */
static uint64_t map_limit(uint64_t map_bytes, bool reserve)
{
    return map_bytes / 20 * (reserve ? 19 : 18);
}

static uint64_t needed(const kg_embedded *journal, uint64_t bytes)
{
    return bytes + journal->base.on_way_bytes + kg_pending_keys_cost(journal->pending);
}

/* What is pending is counted at most, and what is used with pages that are free again: so before
 * no is said, both are made exact. */
static kg_append_result map_room(kg_embedded *journal, uint64_t bytes, bool reserve)
{
    kg_tables_room room;
    uint64_t limit;

    if (!kg_tables_room_read(journal->tables, false, &room))
        return KG_APPEND_FAILED;
    limit = map_limit(room.map_bytes, reserve);
    if (room.used_bytes + needed(journal, bytes) < limit)
        return KG_APPEND_OK;
    if (journal->settler && !kg_settler_finish(journal->settler))
        return KG_APPEND_FAILED;
    if (!kg_tables_room_read(journal->tables, true, &room))
        return KG_APPEND_FAILED;
    if (room.used_bytes + needed(journal, bytes) < limit)
        return KG_APPEND_OK;
    kg_journal_fail("the journal in %s uses %" PRIu64 " of its map's %" PRIu64 " bytes, and %s; "
                    "give it a larger map in broker.conf",
                    journal->folder, room.used_bytes, room.map_bytes,
                    reserve ? "has no room for more" : "the last tenth is kept for withdrawals");
    return KG_APPEND_FULL;
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool read_space(kg_embedded *journal)
{
    journal->space_us = now_us();
    journal->space_taken = 0;
    return kg_folder_space_read(journal->folder, &journal->space);
}

static uint64_t kept_of(const kg_embedded *journal, bool reserve)
{
    const uint64_t tenth = journal->space.total_bytes / 10;
    uint64_t kept = journal->disk_reserve_bytes;

    if (kept == 0)
        kept = tenth < DISK_RESERVE_MAX ? tenth : DISK_RESERVE_MAX;
    return reserve ? kept / 10 : kept;
}

/* Everything is written twice, to the log and to the tables. */
static bool fits(const kg_embedded *journal, uint64_t bytes, uint64_t kept)
{
    const uint64_t free_bytes = journal->space.free_bytes;

    return free_bytes >= kept &&
           free_bytes - kept >= 2 * (needed(journal, bytes) + journal->space_taken);
}

/* What was read a moment ago will do for yes, never for no. */
static kg_append_result disk_room(kg_embedded *journal, uint64_t bytes, bool reserve)
{
    const bool recent = journal->space_us > 0 && now_us() - journal->space_us < SPACE_AGE_US;

    if (!recent || !fits(journal, bytes, kept_of(journal, reserve)))
        if (!read_space(journal))
            return KG_APPEND_FAILED;
    if (fits(journal, bytes, kept_of(journal, reserve))) {
        journal->space_taken += bytes;
        return KG_APPEND_OK;
    }
    kg_journal_fail("the disk under %s has %" PRIu64 " bytes free, of which %" PRIu64 " are kept "
                    "in reserve; free some space",
                    journal->folder, journal->space.free_bytes, kept_of(journal, reserve));
    return KG_APPEND_FULL;
}

kg_append_result kg_embedded_room(kg_journal *base, uint64_t bytes, bool reserve)
{
    kg_embedded *journal = (kg_embedded *)base;
    const kg_append_result room = map_room(journal, bytes, reserve);

    return room == KG_APPEND_OK ? disk_room(journal, bytes, reserve) : room;
}

void kg_embedded_usage(kg_journal *base, kg_journal_usage *usage)
{
    kg_embedded *journal = (kg_embedded *)base;
    kg_tables_room room = {0};
    kg_folder_space space = {0};

    kg_tables_room_read(journal->tables, true, &room);
    kg_folder_space_read(journal->folder, &space);
    *usage = (kg_journal_usage){.map_bytes = room.map_bytes,
                                .used_bytes = room.used_bytes,
                                .pending_bytes = kg_pending_keys_cost(journal->pending),
                                .disk_free_bytes = space.free_bytes,
                                .disk_bytes = space.total_bytes,
                                .oldest_view = room.oldest_view};
}

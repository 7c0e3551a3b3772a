/* SPDX-License-Identifier: EUPL-1.2 */
/* Room: in the map, on the disk, and what is kept of both for withdrawals. What is taken must find
 * its place in the tables later, so it is asked before anything goes to the log. */
#include <inttypes.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_embedded.h"

#define DISK_RESERVE_MAX (1ull << 30)

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

/* Everything is written twice, to the log and to the tables. */
static kg_append_result disk_room(kg_embedded *journal, uint64_t bytes, bool reserve)
{
    uint64_t kept = journal->disk_reserve_bytes;
    kg_folder_space space;

    if (!kg_folder_space_read(journal->folder, &space))
        return KG_APPEND_FAILED;
    if (kept == 0)
        kept =
            space.total_bytes / 10 < DISK_RESERVE_MAX ? space.total_bytes / 10 : DISK_RESERVE_MAX;
    if (reserve)
        kept /= 10;
    if (space.free_bytes >= kept && space.free_bytes - kept >= 2 * needed(journal, bytes))
        return KG_APPEND_OK;
    kg_journal_fail("the disk under %s has %" PRIu64 " bytes free, of which %" PRIu64 " are kept "
                    "in reserve; free some space",
                    journal->folder, space.free_bytes, kept);
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

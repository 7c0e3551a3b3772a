/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/room.h"

#include <stddef.h>

/* Of the map. The journal refuses at 90, and withdrawals at 95. */
#define USED_PERCENT_MAX 85
#define USED_AND_PENDING_PERCENT_MAX 88
#define WITHDRAWALS_PERCENT_MAX 93
/* Of the disk, beyond the reserve, and beyond the tenth of it that the journal keeps from
 * withdrawals: twice what a few batches, and the log, may hold. */
#define ROOM_BYTES (256u << 20)
#define WITHDRAWALS_ROOM_BYTES (64u << 20)

static kg_takes of_map(const kg_journal_usage *usage)
{
    uint64_t percent = usage->map_bytes / 100, all = usage->used_bytes + usage->pending_bytes;
    if (all > percent * WITHDRAWALS_PERCENT_MAX)
        return KG_TAKES_QUESTIONS;
    return usage->used_bytes > percent * USED_PERCENT_MAX ||
                   all > percent * USED_AND_PENDING_PERCENT_MAX
               ? KG_TAKES_WITHDRAWALS
               : KG_TAKES_ALL;
}

kg_takes kg_room_of_disk(const kg_journal_usage *usage, uint64_t reserve_bytes)
{
    if (usage->disk_free_bytes <
        reserve_bytes / 10 + WITHDRAWALS_ROOM_BYTES + 2 * usage->pending_bytes)
        return KG_TAKES_QUESTIONS;
    return usage->disk_free_bytes < reserve_bytes + ROOM_BYTES ? KG_TAKES_WITHDRAWALS
                                                               : KG_TAKES_ALL;
}

kg_room kg_room_of(const kg_journal_usage *usage, uint64_t reserve_bytes)
{
    if (usage->elsewhere)
        return (kg_room){KG_TAKES_ALL, false, false};
    kg_takes map = of_map(usage), disk = kg_room_of_disk(usage, reserve_bytes);
    return (kg_room){map > disk ? map : disk, disk > KG_TAKES_ALL, map > KG_TAKES_ALL};
}

const char *kg_room_takes(const kg_room *room)
{
    static const char *const words[] = {"all", "withdrawals", "questions"};
    return words[room->takes];
}

const char *kg_room_short_of(const kg_room *room)
{
    if (room->disk && room->map)
        return "disk and journal";
    return room->disk ? "disk" : room->map ? "journal" : NULL;
}

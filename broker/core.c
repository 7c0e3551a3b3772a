/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/core.h"

#include <stdlib.h>

#include "broker/aside.h"
#include "broker/clock.h"
#include "broker/cosignatures.h"
#include "broker/due.h"
#include "broker/follower.h"
#include "broker/grouped.h"
#include "broker/log.h"
#include "broker/observe.h"
#include "broker/request.h"

#define IDLE_MS 1000     /* how long the core sleeps at most: then it looks at the date */
#define LOOK_MS 25      /* how often it looks at the room on the disk */
#define ON_WAY_MAX 2     /* one is written, one waits; more would only be smaller */
#define WAITING_BYTES_MAX (32u << 20) /* of answers that wait; then nothing more is taken in */

void kg_core_read_clock(kg_core *core)
{
    core->now = kg_clock_now();
    core->clock_ms = core->now.time_ms;
    if (core->now.time_ms < core->store.last_time_ms) {
        core->now.time_ms = core->store.last_time_ms;
        core->now.today = (kg_date)(core->now.time_ms / 86400000);
    }
}

static void tell_of_room(const kg_room *room, const kg_journal_usage *usage)
{
    static const char *const events[] = {"read-write", "read-only", "full"};
    const char *lacking = kg_room_short_of(room);
    kg_log(room->takes == KG_TAKES_ALL ? KG_LOG_INFO : KG_LOG_WARNING, events[room->takes],
           "short_of=\"%s\" disk_free_mib=%llu map_used_mib=%llu map_mib=%llu",
           lacking ? lacking : "-", (unsigned long long)(usage->disk_free_bytes >> 20),
           (unsigned long long)(usage->used_bytes >> 20),
           (unsigned long long)(usage->map_bytes >> 20));
}

static void look_at_room(kg_core *core)
{
    kg_journal_usage usage;
    int64_t now_ms = kg_clock_monotonic_ms();
    if (core->looked_ms && now_ms - core->looked_ms < LOOK_MS)
        return;
    core->looked_ms = now_ms;
    kg_journal_usage_read(core->store.journal, &usage);
    kg_room room = kg_room_of(&usage, (uint64_t)core->config->disk_reserve_mib << 20);
    if (room.takes != core->room.takes)
        tell_of_room(&room, &usage);
    core->room = room;
    kg_observe(core, &usage);
}

/* Whoever only asks would otherwise be answered from a state that another broker has moved on. */
static void look_at_lead(kg_core *core)
{
    if (core->failed || core->pursuit || kg_journal_leads(core->store.journal))
        return;
    kg_log(KG_LOG_ERROR, "lead-lost", "error=\"%s\"", kg_journal_error());
    core->failed = true;
}

static void look_around(kg_core *core)
{
    look_at_lead(core);
    kg_core_read_clock(core);
    look_at_room(core);
    kg_core_observe_role(core);
    kg_vitals_set(core->vitals, KG_VITAL_TURNED_MS, (uint64_t)kg_clock_monotonic_ms());
}

void kg_core_observe_role(kg_core *core)
{
    int64_t silence_ms = core->pursuit ? kg_pursuit_silence_ms(core->pursuit) : 0;
    kg_vitals_set(core->vitals, KG_VITAL_FOLLOWS, core->pursuit != NULL);
    kg_vitals_set(core->vitals, KG_VITAL_FOLLOWED_MS, (uint64_t)silence_ms);
}

/* How long the open batch waits for more. */
static int64_t hold_us(kg_core *core)
{
    const int64_t now_us = kg_clock_monotonic_us();
    const size_t open = core->open->records_count;
    size_t waiting = open;
    for (const kg_batch *batch = core->on_way; batch; batch = batch->following)
        waiting += batch->records_count;
    kg_gathering_see(&core->gathering, open, waiting, now_us);
    return kg_gathering_left_us(&core->gathering, open, core->open->bytes, now_us);
}

/* What is open goes to the journal, unless enough is on its way or more is waited for: then for
 * how long, in milliseconds. */
static int send_off(kg_core *core)
{
    if (core->on_way_count >= ON_WAY_MAX || core->failed || core->open->records_count == 0)
        return 0;
    int64_t held_us = kg_journal_waits(core->store.journal) && !kg_batch_crowded(core->open)
                          ? hold_us(core)
                          : 0;
    if (held_us == 0)
        kg_core_send_off(core, false);
    return (int)((held_us + 999) / 1000);
}

static size_t waiting_bytes(const kg_core *core)
{
    size_t bytes = core->open->waiting_bytes;
    for (const kg_batch *batch = core->on_way; batch; batch = batch->following)
        bytes += batch->waiting_bytes;
    return bytes;
}

/* How many messages may be taken in: what each becomes has its place. None: the disk comes first,
 * and meanwhile the sockets hold the senders back. */
static size_t room(const kg_core *core)
{
    size_t records = KG_BATCH_RECORDS_MAX - core->open->records_count;
    if (kg_batch_full(core->open) || waiting_bytes(core) > WAITING_BYTES_MAX)
        return 0;
    return records < KG_BATCH_MESSAGES_MAX ? records : KG_BATCH_MESSAGES_MAX;
}

/* A lone command's batch is written here: to hand it to the journal's thread and to wait for it
 * takes longer, and there is nothing else to do meanwhile. */
static void handle(kg_core *core, kg_net_message *messages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kg_request_handle(core, &messages[i]);
        if (core->on_way_count > 0 || core->failed)
            continue;
        if (count == 1 && kg_net_quiet(core->net) && !kg_journal_waits(core->store.journal))
            kg_core_send_off(core, true);
        else /* the disk is idle */
            send_off(core);
    }
    if (count == 1 && !core->pursuit)
        kg_core_settle(core, false);
}

/* What is decided by who leads, and by nobody else. */
static void decide_own(kg_core *core)
{
    kg_grouped_finish(core);
    kg_due_decide(core);
}

bool kg_core_run(kg_core *core, const atomic_bool *stop)
{
    kg_net_message *messages = kg_alloc(KG_BATCH_MESSAGES_MAX, sizeof *messages);
    bool busy = false, more = false;
    int held_ms = 0;
    look_around(core); /* at once: till then nobody knows whether it is ready */
    while (!core->failed && !atomic_load(stop)) {
        size_t max = room(core);
        int idle_ms = busy || more ? 0 : kg_follower_idle_ms(core, held_ms ? held_ms : IDLE_MS);
        size_t count = max > 0 ? kg_net_receive(core->net, messages, max, idle_ms) : 0;
        if (!core->pursuit)
            kg_core_settle(core, max == 0);
        look_around(core);
        more = core->pursuit && kg_follower_turn(core);
        if (!core->pursuit)
            decide_own(core);
        handle(core, messages, count);
        kg_net_flush(core->net);
        busy = !core->failed && kg_aside_work(core);
        held_ms = send_off(core);
        kg_cosignatures_keep(core, false);
        kg_log_flush();
    }
    free(messages);
    kg_aside_drop(core);
    return kg_core_commit(core);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/follower.h"

#include <stdlib.h>
#include <string.h>

#include "broker/catalogue_change.h"
#include "broker/clock.h"
#include "broker/log.h"
#include "broker/replay.h"
#include "broker/request.h"

#define PATIENCE_MS 2000 /* how long a question waits for what its asker has seen */
#define WAITING_MAX 1024 /* questions; more are told at once that it is behind */
#define WAITING_LOOK_MS 50
#define AT_A_TIME 256    /* records between two looks at the network */

void kg_follower_begin(kg_core *core, void (*wake)(void *context), void *context)
{
    const kg_store *store = &core->store;
    core->pursuit = kg_pursuit_start(store->journal, kg_journal_tree_size(store->tree),
                                     store->chain, wake, context);
}

void kg_follower_end(kg_core *core)
{
    kg_pursuit_stop(&core->pursuit);
    kg_waiting_drop(&core->behind);
}

/* ---- taking in ---- */

static void fail(kg_core *core, const char *error)
{
    kg_log(KG_LOG_ERROR, "journal-failed", "error=\"%s\"", error);
    core->failed = true;
}

static kg_event *decode(const kg_core *core, const kg_pursued *record, char error[static 300])
{
    char why[200];
    kg_event *event = kg_codec_event_decode(record->event, record->event_bytes,
                                            kg_state_catalogue(core->store.state), why);
    if (!event)
        kg_text_format(error, 300, "record %llu: %s", (unsigned long long)record->sequence, why);
    else if (!kg_replay_complete_event(event, error))
        kg_event_destroy(&event);
    return event;
}

/* As if it had been decided here. */
static bool take_in(kg_core *core, const kg_pursued *record, char error[static 300])
{
    kg_store *store = &core->store;
    const kg_effects_mark from = kg_effects_now(&core->effects);
    kg_event *event = decode(core, record, error);
    if (!event)
        return false;
    event->sequence = record->sequence;
    bool good = kg_store_take(store, event, record->time_ms, &core->effects, error);
    if (good) {
        kg_journal_tree_add(store->tree, record->leaf);
        memcpy(store->chain, record->chain, sizeof store->chain);
        kg_core_note(core, event, from);
    }
    kg_event_destroy(&event);
    return good;
}

/* It is durable already. */
static void tell(kg_core *core)
{
    kg_batch_take_news(core->open, core->store.state, &core->effects);
    kg_effects_clear(&core->effects);
    kg_core_admit(core, core->open);
    kg_core_hint(core, core->open);
    kg_batch_clear(core->open);
}

/* Whether there may be more. */
static bool take_some(kg_core *core)
{
    char error[300] = "";
    kg_pursued *record = NULL;
    size_t count = 0;
    bool good = true;
    while (good && count < AT_A_TIME && (record = kg_pursuit_take(core->pursuit)) != NULL) {
        good = take_in(core, record, error);
        count++;
        free(record);
    }
    if (!good)
        fail(core, error);
    else if (count > 0)
        tell(core);
    return count == AT_A_TIME;
}

/* ---- what is not its own to do ---- */

void kg_follower_refuse(const kg_core *core, kg_reply *reply)
{
    reply->status = KG_STATUS_NOT_LEADER;
    kg_pursuit_leader(core->pursuit, reply->leader);
    if (reply->leader[0] != '\0')
        kg_text_format(reply->detail, sizeof reply->detail,
                       KG_SAY("This broker follows the one at %s, and passes nothing on. Name that "
                              "one's access file, too: --broker ONE,OTHER. Nothing was done."),
                       reply->leader);
}

/* ---- who waits ---- */

kg_recency kg_follower_recency(kg_core *core, kg_arrival *arrival, uint64_t seen)
{
    int64_t now_ms = kg_clock_monotonic_ms();
    if (!core->pursuit || seen <= kg_journal_tree_size(core->store.tree))
        return KG_RECENCY_GOOD;
    if (arrival->until_ms == 0 && core->behind.count < WAITING_MAX) {
        arrival->until_ms = now_ms + PATIENCE_MS;
        kg_pursuit_hurry(core->pursuit);
    }
    return now_ms < arrival->until_ms ? KG_RECENCY_WAIT : KG_RECENCY_BEHIND;
}

void kg_follower_put(kg_core *core, kg_net_message *message)
{
    kg_waiting_put(&core->behind, message);
}

int kg_follower_idle_ms(const kg_core *core, int most_ms)
{
    return core->behind.count > 0 ? WAITING_LOOK_MS : most_ms;
}

/* ---- leading ---- */

/* The door stays open. What this broker's own catalogue file says is a change, as at a start. */
static void lead(kg_core *core)
{
    kg_pursuit_stop(&core->pursuit);
    core->due_changed = true;
    kg_log(KG_LOG_INFO, "leading", "epoch=%llu head=%llu",
           (unsigned long long)kg_journal_epoch(core->store.journal),
           (unsigned long long)kg_journal_head(core->store.journal));
    if (!kg_catalogue_change(core, core->catalogue_text, core->catalogue))
        core->failed = true;
    kg_core_observe_role(core);
}

bool kg_follower_turn(kg_core *core)
{
    char error[300];
    bool more = take_some(core);
    kg_pursuit_standing standing = kg_pursuit_stands(core->pursuit, error);
    if (standing == KG_PURSUIT_FAILED && !core->failed)
        fail(core, error);
    if (standing == KG_PURSUIT_LEADS && !core->failed)
        lead(core);
    if (!core->failed && core->behind.count > 0)
        kg_waiting_handle(&core->behind, core);
    return more;
}

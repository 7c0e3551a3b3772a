/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/lead.h"

#include <poll.h>

#include "broker/clock.h"
#include "broker/log.h"

#define LOOK_MS 200 /* between two looks whether another broker still leads */
#define PATIENCE_MS 60000 /* with a journal whose end is known, but cannot be read */

static bool refuse(const char *error)
{
    kg_log(KG_LOG_ERROR, "journal-failed", "error=\"%s\"", error);
    return false;
}

/* Takes in what is new; `*read_ms` is set where that is all. False: the journal cannot be used. */
static bool keep_up(kg_core *core, kg_lead_result result, bool told, int64_t *read_ms)
{
    char error[300] = "";
    if (result == KG_LEAD_FAILED)
        return refuse(kg_journal_error());
    if (result == KG_LEAD_WAIT && !told)
        kg_log(KG_LOG_INFO, "waiting", "why=\"%s\"", kg_journal_error());
    kg_log_flush();
    const int64_t now_ms = kg_clock_monotonic_ms();
    if (kg_store_catch_up(&core->store, error))
        *read_ms = now_ms;
    else if (kg_journal_damaged(core->store.journal) || now_ms - *read_ms > PATIENCE_MS)
        return refuse(error);
    return true;
}

/* It has what to serve from, and its last record is the journal's, on a standby, too. */
static bool can_serve(kg_core *core)
{
    const uint64_t size = kg_journal_tree_size(core->store.tree);
    return kg_state_catalogue(core->store.state) &&
           kg_journal_follow(core->store.journal, size, true, NULL, NULL);
}

kg_lead_verdict kg_lead_find(kg_core *core, const atomic_bool *stop)
{
    int64_t read_ms = kg_clock_monotonic_ms();
    bool told = false;
    while (!atomic_load(stop)) {
        const int64_t now_ms = kg_clock_monotonic_ms();
        kg_lead_result result = kg_journal_lead(core->store.journal);
        if (!keep_up(core, result, told, &read_ms))
            return KG_LEAD_NONE;
        bool read = read_ms >= now_ms;
        if (result == KG_LEAD_YES && read)
            return KG_LEAD_OWN;
        if (result == KG_LEAD_WAIT && read && can_serve(core))
            return KG_LEAD_ANOTHER;
        told = true;
        kg_vitals_set(core->vitals, KG_VITAL_TURNED_MS, (uint64_t)kg_clock_monotonic_ms());
        poll(NULL, 0, LOOK_MS);
    }
    return KG_LEAD_STOPPED;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/view.h"

#define ENTRIES_MAX 1000 /* in one answer */

static json_t *entry_of(const kg_feed_entry *entry)
{
    return json_pack("{s:I,s:I,s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "number",
                     (json_int_t)entry->number, "sequence", (json_int_t)entry->sequence, "time",
                     kg_json_time(entry->time_ms), "kind", kg_feed_kind_name(entry->kind),
                     "round", kg_json_text(entry->round), "lot", kg_json_text(entry->lot),
                     "tender", kg_json_text(entry->tender), "line", kg_json_text(entry->line),
                     "detail", kg_json_text(entry->detail));
}

kg_status kg_view_feed(const kg_asking *asking, json_t **out)
{
    const kg_feed *feed = &kg_state_member(asking->state, asking->member)->feed;
    uint32_t limit = asking->query->limit;
    size_t most = limit > 0 && limit < ENTRIES_MAX ? limit : ENTRIES_MAX;
    *out = json_array();
    for (size_t i = asking->query->since; i < feed->count && json_array_size(*out) < most; i++)
        json_array_append_new(*out, entry_of(&feed->entries[i]));
    return KG_STATUS_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/archive_state.h"

/* --- members --- */

static void archive_record(const kg_archive *archive, kg_organisation *record)
{
    char **text;
    for (size_t i = 0; (text = kg_organisation_text(record, i)) != NULL; i++)
        *text = kg_archive_text(archive, *text);
}

static void archive_plan_line(const kg_archive *archive, kg_pending_plan *plan, kg_plan_line line)
{
    KG_ARCHIVE(archive, line);
    line.line = kg_archive_text_in(archive, line.line, &plan->texts);
    line.title = kg_archive_text_in(archive, line.title, &plan->texts);
    if (archive->reading)
        kg_pending_plan_add(plan, &line, kg_slots_hash(line.line));
}

static kg_pending_plan *archive_plan(const kg_archive *archive, kg_pending_plan *plan)
{
    bool has_plan = plan != NULL && !archive->reading;
    KG_ARCHIVE(archive, has_plan);
    if (!has_plan)
        return NULL;
    if (archive->reading)
        plan = kg_pending_plan_new((const uint8_t[KG_REQUEST_ID_BYTES]){0}, 0);
    size_t count = plan->count;
    KG_ARCHIVE(archive, plan->id);
    KG_ARCHIVE(archive, plan->taken);
    KG_ARCHIVE(archive, plan->parts);
    KG_ARCHIVE(archive, count);
    for (size_t i = 0; i < count; i++)
        archive_plan_line(archive, plan, archive->reading ? (kg_plan_line){0} : plan->lines[i]);
    return plan;
}

static kg_member *archive_member(const kg_archive *archive, kg_state *state, kg_member *member)
{
    kg_member *own = kg_archive_array(archive, member, 1, 1, sizeof *member);
    own->id = kg_archive_text_in(archive, own->id, &state->texts);
    archive_record(archive, &own->record);
    own->keys =
        kg_archive_array(archive, own->keys, own->keys_count, own->keys_count, sizeof *own->keys);
    own->revoked = kg_archive_array(archive, own->revoked, own->revoked_count,
                                    own->revoked_count, sizeof *own->revoked);
    kg_line_index_archive(&own->line_index, archive);
    own->pending = archive_plan(archive, own->pending);
    return own;
}

void kg_archive_members(const kg_archive *archive, kg_state *state)
{
    size_t count = state->members_count;
    KG_ARCHIVE(archive, count);
    for (size_t i = 0; i < count; i++) {
        kg_member *from = archive->reading ? NULL : state->members[i];
        kg_member *member = archive_member(archive, state, from);
        if (archive->reading)
            kg_state_add_member(state, member);
    }
}

/* --- feeds --- */

/* What an entry names stands in the state already: it is found there, and not kept again. */
static const char *own_text(kg_state *state, const char *text)
{
    return kg_dictionary_text(&state->pool.dictionary,
                              kg_dictionary_share(&state->pool.dictionary, text));
}

static const char *round_text(kg_state *state, const char *text)
{
    uint32_t found = kg_state_find_campaign(state, text);
    return found == KG_NONE ? own_text(state, text) : state->campaigns[found]->rules.id;
}

static const char *lot_text(kg_state *state, const char *text)
{
    uint32_t found = kg_state_find_lot(state, text);
    return found == KG_NONE ? own_text(state, text) : state->lots[found]->id;
}

static const char *tender_text(kg_state *state, const char *text)
{
    uint32_t found = kg_state_find_tender(state, text);
    return found == KG_NONE ? own_text(state, text) : state->tenders[found]->id;
}

static const char *line_text(kg_state *state, uint32_t member, const char *text)
{
    uint32_t found = *text ? kg_state_find_line(state, member, text) : KG_NONE;
    return found == KG_NONE ? own_text(state, text) : kg_pool_key(state, found);
}

static void archive_entry(const kg_archive *archive, kg_state *state, uint32_t member,
                          kg_feed_entry *entry, kg_arena *scratch)
{
    entry->round = kg_archive_text_in(archive, entry->round, scratch);
    entry->lot = kg_archive_text_in(archive, entry->lot, scratch);
    entry->tender = kg_archive_text_in(archive, entry->tender, scratch);
    entry->line = kg_archive_text_in(archive, entry->line, scratch);
    entry->detail = kg_archive_text_in(archive, entry->detail, scratch);
    if (!archive->reading)
        return;
    entry->round = round_text(state, entry->round);
    entry->lot = lot_text(state, entry->lot);
    entry->tender = tender_text(state, entry->tender);
    entry->line = line_text(state, member, entry->line);
    entry->detail = own_text(state, entry->detail);
}

void kg_archive_feeds(const kg_archive *archive, kg_state *state)
{
    for (uint32_t i = 0; i < state->members_count; i++) {
        kg_feed *feed = &state->members[i]->feed;
        kg_arena scratch;
        kg_arena_init(&scratch);
        feed->entries = kg_archive_array(archive, feed->entries, feed->count, feed->capacity,
                                         sizeof *feed->entries);
        for (size_t k = 0; k < feed->count; k++)
            archive_entry(archive, state, i, &feed->entries[k], &scratch);
        kg_arena_fini(&scratch);
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/write.h"

void kg_write_levels(const kg_levels *levels, kg_sink sink)
{
    sink.write(sink.context, levels->rank, sizeof levels->rank);
}

void kg_write_indices(const uint32_t *indices, size_t count, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        kg_sink_u32(sink, indices[i]);
}

void kg_write_curve(const kg_curve_point *curve, size_t count, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        kg_sink_u32(sink, (uint32_t)curve[i].place);
        kg_sink_u32(sink, curve[i].bodies);
        kg_sink_i64(sink, curve[i].value_cents);
    }
}

void kg_write_shape(const kg_grouped_lot *shape, kg_sink sink)
{
    const int64_t numbers[] = {
        shape->category,    shape->number,          shape->condition, shape->track,
        shape->language,    shape->steps,           shape->from,      shape->to,
        shape->bodies,      shape->quantity_min,    shape->quantity,  shape->quantity_max,
        shape->value_cents, shape->value_max_cents, shape->lead,      shape->regime,
    };
    kg_sink_text(sink, shape->nuts.code);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kg_sink_i64(sink, numbers[i]);
    kg_write_levels(&shape->x, sink);
    kg_write_levels(&shape->headroom, sink);
}

/* Only what the field uses. */
static void write_change(const kg_change *change, kg_sink sink)
{
    bool level = change->field == KG_CHANGE_ACCEPTS || change->field == KG_CHANGE_CRITERIA;
    bool date = change->field == KG_CHANGE_DELIVERY_FROM || change->field == KG_CHANGE_DELIVERY_TO;
    kg_sink_u8(sink, (uint8_t)change->field);
    kg_sink_u32(sink, level ? (uint32_t)change->place : 0);
    kg_sink_u8(sink, level ? change->rank : 0);
    kg_sink_u8(sink, change->field == KG_CHANGE_CONDITION ? change->conditions : 0);
    kg_sink_i64(sink, date ? change->date : 0);
    kg_sink_u64(sink, change->field == KG_CHANGE_LANGUAGES ? change->languages : 0);
}

void kg_write_unplaced(const kg_unplaced *unplaced, kg_sink sink)
{
    kg_sink_u32(sink, unplaced->line);
    kg_sink_u32(sink, unplaced->reason);
    kg_sink_u32(sink, unplaced->blocking);
    kg_sink_u32(sink, unplaced->nearest_lot);
    write_change(&unplaced->change, sink);
}

static void write_pending(const kg_pending_plan *plan, const kg_catalogue *catalogue, kg_sink sink)
{
    kg_sink_u8(sink, plan != NULL);
    if (!plan)
        return;
    sink.write(sink.context, plan->id, sizeof plan->id);
    kg_sink_u32(sink, plan->taken);
    kg_sink_u32(sink, plan->parts);
    kg_sink_u32(sink, (uint32_t)plan->count);
    for (size_t i = 0; i < plan->count; i++)
        kg_plan_line_write(&plan->lines[i], catalogue, sink);
}

static void write_feed(const kg_feed *feed, kg_sink sink)
{
    kg_sink_u64(sink, feed->count);
    for (size_t i = 0; i < feed->count; i++) {
        const kg_feed_entry *entry = &feed->entries[i];
        const char *texts[] = {entry->round, entry->lot, entry->tender, entry->line, entry->detail};
        kg_sink_u64(sink, entry->number);
        kg_sink_u64(sink, entry->sequence);
        kg_sink_i64(sink, entry->time_ms);
        kg_sink_u8(sink, (uint8_t)entry->kind);
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            kg_sink_text(sink, texts[k]);
    }
}

/* Nothing where there is none, so that a state without them is what it was before they came. */
static void write_revoked(const kg_member *member, kg_sink sink)
{
    for (size_t i = 0; i < member->revoked_count; i++) {
        const kg_revoked_key *revoked = &member->revoked[i];
        kg_sink_text(sink, "revoked");
        sink.write(sink.context, revoked->key.sign, KG_KEY_BYTES);
        sink.write(sink.context, revoked->key.transport, KG_KEY_BYTES);
        kg_sink_u32(sink, revoked->key.roles);
        kg_sink_u64(sink, revoked->sequence);
        kg_sink_i64(sink, revoked->time_ms);
    }
}

static void write_member(const kg_member *member, const kg_catalogue *catalogue, kg_sink sink)
{
    kg_organisation_write(&member->record, sink);
    kg_sink_u64(sink, member->registered_sequence);
    kg_sink_u32(sink, (uint32_t)member->keys_count);
    for (size_t i = 0; i < member->keys_count; i++) {
        sink.write(sink.context, member->keys[i].sign, KG_KEY_BYTES);
        sink.write(sink.context, member->keys[i].transport, KG_KEY_BYTES);
        kg_sink_u32(sink, member->keys[i].roles);
    }
    write_revoked(member, sink);
    write_feed(&member->feed, sink);
    write_pending(member->pending, catalogue, sink);
}

void kg_write_members(const kg_state *state, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)state->members_count);
    for (size_t i = 0; i < state->members_count; i++)
        write_member(state->members[i], state->catalogue, sink);
}

void kg_write_lines(const kg_state *state, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)kg_state_lines(state));
    for (size_t i = 0; i < kg_state_lines(state); i++) {
        kg_pool_line line = kg_pool_get(state, (uint32_t)i);
        kg_plan_line_write(&line.line, state->catalogue, sink);
        kg_sink_u32(sink, line.member);
        kg_sink_u8(sink, line.withdrawn);
        kg_sink_u32(sink, line.round);
        kg_sink_u32(sink, line.last_round);
        kg_sink_u32(sink, line.last_claim);
        kg_sink_u64(sink, line.sequence);
    }
}

static void write_publishing(const kg_publishing *publishing, kg_sink sink)
{
    kg_sink_u32(sink, publishing->number);
    kg_sink_i64(sink, publishing->date);
    kg_sink_u8(sink, publishing->begun);
    kg_sink_u8(sink, publishing->has_reader);
    kg_sink_u8(sink, publishing->round_closed);
}

void kg_state_write(const kg_state *state, kg_sink sink)
{
    kg_sink_text(sink, "kopgroep state 1");
    kg_sink_text(sink, state->catalogue_text);
    write_publishing(&state->publishing, sink);
    kg_write_members(state, sink);
    kg_write_lines(state, sink);
    kg_write_campaigns(state, sink);
    kg_write_lots(state, sink);
    kg_write_tenders(state, sink);
    kg_write_practices(state, sink);
}

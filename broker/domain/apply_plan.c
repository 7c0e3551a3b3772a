/* SPDX-License-Identifier: EUPL-1.2 */
/* Members and their plans. */
#include <stdlib.h>

#include "broker/domain/apply.h"

static uint32_t add_member(kg_apply *apply, const char *id)
{
    kg_state *state = apply->state;
    kg_member *member = kg_alloc(1, sizeof *member);
    kg_organisation_init(&member->record);
    member->id = kg_arena_text(&state->texts, id, strlen(id));
    member->registered_sequence = apply->event->sequence;
    return kg_state_add_member(state, member);
}

void kg_apply_register(kg_apply *apply)
{
    const kg_command *command = &apply->event->command;
    const char *key = "";
    uint32_t index = kg_state_find_member(apply->state, command->record.id);
    bool fresh = index == KG_NONE;
    if (fresh)
        index = add_member(apply, command->record.id);
    kg_member *member = apply->state->members[index];
    kg_organisation_fini(&member->record);
    kg_organisation_copy(&member->record, &command->record);
    if (!apply->state->publishing.begun)
        apply->state->publishing.date = apply->event->today;
    apply->state->publishing.begun = true;
    if (command->has_key)
        key = kg_key_set(apply, index, &command->key) ? KG_SAY("; a key added")
                                                      : KG_SAY("; the key's roles replaced");
    kg_tell(apply, index, KG_FEED_REGISTERED, (kg_about){0});
    if (fresh)
        kg_apply_result(apply, "%s registered%s.", member->record.id, key);
    else
        kg_apply_result(apply, "%s registered again%s.", member->record.id, key);
}

#define TAKEN_AHEAD 32

/* How many lines came to what. */
typedef struct kg_takings {
    size_t fresh, again, amended, unchanged;
} kg_takings;

static void take_one(kg_apply *apply, uint32_t member, const kg_plan_line *line, uint32_t hash,
                     kg_takings *takings)
{
    uint32_t index;
    kg_pool_row before;
    kg_taking taking = kg_pool_take(apply->state, member, line, hash, apply->event->sequence,
                                    &index, &before);
    takings->fresh += taking == KG_TAKE_NEW;
    takings->again += taking == KG_TAKE_AGAIN;
    takings->amended += taking == KG_TAKE_AMEND;
    takings->unchanged += taking == KG_TAKE_NOTHING;
    if (taking != KG_TAKE_NOTHING)
        kg_effects_note_line(apply->effects, index, &before);
}

static uint32_t hash_at(const kg_plan_line *lines, const uint32_t *hashes, size_t i)
{
    return hashes ? hashes[i] : kg_slots_hash(lines[i].line);
}

/* A large plan's places in the index are far apart: they are fetched some lines ahead. `hashes` of
 * the lines' keys, or NULL. */
static void take(kg_apply *apply, uint32_t member, const kg_plan_line *lines,
                 const uint32_t *hashes, size_t count, kg_takings *takings)
{
    const kg_line_index *keys = &apply->state->members[member]->line_index;
    uint32_t ahead[TAKEN_AHEAD];
    for (size_t first = 0; first < count; first += TAKEN_AHEAD) {
        const size_t some = count - first < TAKEN_AHEAD ? count - first : TAKEN_AHEAD;
        for (size_t i = 0; i < some; i++) {
            ahead[i] = hash_at(lines, hashes, first + i);
            kg_line_index_prefetch(keys, ahead[i]);
        }
        for (size_t i = 0; i < some; i++)
            take_one(apply, member, &lines[first + i], ahead[i], takings);
    }
}

static void tell_taken(kg_apply *apply, uint32_t member, const kg_takings *takings)
{
    const char *again =
        takings->again == 0
            ? ""
            : kg_apply_text(apply, KG_SAY(", %zu back after a withdrawal"), takings->again);
    if (takings->fresh + takings->again + takings->amended > 0)
        kg_tell(apply, member, KG_FEED_PLAN_TAKEN,
                (kg_about){.detail = kg_apply_text(apply, KG_SAY("%zu new, %zu amended%s"),
                                                   takings->fresh, takings->amended, again)});
    kg_apply_result(apply, KG_SAY("%zu new, %zu amended, %zu unchanged%s."), takings->fresh,
                    takings->amended, takings->unchanged, again);
}

/* A large plan's keys grow fourfold at a time, as far as its parts promise: twofold, they are
 * entered anew so often that it took a tenth of a load. */
static void make_room(kg_pending_plan *plan, const kg_event *event)
{
    const size_t promised = (size_t)plan->parts * event->lines_count;
    const size_t more = 2 * plan->count + event->lines_count;
    if (plan->count + event->lines_count > plan->keys.capacity / 4 * 3)
        kg_slots_reserve(&plan->keys, more < promised ? more : event->lines_count);
}

/* Holds a part that is not the last; the first drops what an earlier plan left unfinished. */
static void hold_part(kg_apply *apply, kg_member *member)
{
    const kg_event *event = apply->event;
    const kg_submit *submit = &event->command.submit;
    if (submit->part == 1) {
        kg_pending_plan_destroy(&member->pending);
        member->pending = kg_pending_plan_new(submit->plan_id, submit->parts);
    }
    kg_pending_plan *plan = member->pending;
    make_room(plan, event);
    for (size_t i = 0; i < event->lines_count; i++)
        kg_pending_plan_add(plan, &event->lines[i], kg_slots_hash(event->lines[i].line));
    plan->taken = submit->part;
    kg_apply_result(apply, "Part %u of %u is held with %zu line%s; all are taken with the last.",
                    submit->part, submit->parts, plan->count, plan->count == 1 ? "" : "s");
}

void kg_apply_submit(kg_apply *apply)
{
    const kg_event *event = apply->event;
    const kg_submit *submit = &event->command.submit;
    kg_takings takings = {.unchanged = event->unchanged};
    uint32_t index = kg_state_find_member(apply->state, event->actor);
    kg_member *member = apply->state->members[index];
    if (submit->part < submit->parts) {
        hold_part(apply, member);
        return;
    }
    const size_t held = submit->parts > 1 ? member->pending->count : 0;
    kg_line_index_reserve(&member->line_index, held + event->lines_count);
    if (held > 0)
        take(apply, index, member->pending->lines, member->pending->hashes, held, &takings);
    kg_pending_plan_destroy(&member->pending);
    take(apply, index, event->lines, NULL, event->lines_count, &takings);
    tell_taken(apply, index, &takings);
}

void kg_apply_withdraw(kg_apply *apply)
{
    const kg_texts *keys = &apply->event->command.keys;
    uint32_t member = kg_state_find_member(apply->state, apply->event->actor);
    for (size_t i = 0; i < keys->count; i++) {
        uint32_t index = kg_state_find_line(apply->state, member, keys->items[i]);
        const kg_pool_columns columns = kg_state_columns(apply->state);
        const kg_pool_row before = kg_pool_row_of(&columns, index);
        kg_pool_withdraw(apply->state, index, apply->event->sequence);
        kg_effects_note_line(apply->effects, index, &before);
        kg_tell(apply, member, KG_FEED_LINE_WITHDRAWN,
                (kg_about){.line = kg_pool_key(apply->state, index)});
    }
    kg_apply_result(apply, "%zu line%s withdrawn.", keys->count, keys->count == 1 ? "" : "s");
}

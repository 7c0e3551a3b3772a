/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/apply.h"
#include "broker/domain/archive_state.h"
#include "broker/domain/write.h"
#include "proto/practice.h"

#include <stdlib.h>

/* ---- finding ---- */

/* Keys have no blank in them. */
static size_t name_of(uint32_t member, const char *key, char out[static KG_ID_BYTES_MAX + 16])
{
    kg_text_format(out, KG_ID_BYTES_MAX + 16, "%u %s", member, key);
    return strlen(out);
}

size_t kg_state_practices(const kg_state *state)
{
    return state->practices_count;
}

const kg_good_practice *kg_state_practice(const kg_state *state, uint32_t index)
{
    return state->practices[index];
}

uint32_t kg_state_find_practice(const kg_state *state, uint32_t member, const char *key)
{
    char name[KG_ID_BYTES_MAX + 16];
    return kg_names_find(state->practice_names, name, name_of(member, key, name));
}

uint32_t kg_state_add_practice(kg_state *state, kg_good_practice *practice)
{
    char name[KG_ID_BYTES_MAX + 16];
    const uint32_t index = (uint32_t)state->practices_count;
    state->practices = kg_grow(state->practices, state->practices_count, &state->practices_capacity,
                               sizeof *state->practices);
    state->practices[state->practices_count++] = practice;
    kg_names_add(&state->practice_names, name, name_of(practice->member, practice->key, name),
                 index);
    return index;
}

size_t kg_practices_of(const kg_state *state, uint32_t member)
{
    size_t count = 0;
    for (size_t i = 0; i < state->practices_count; i++)
        count += state->practices[i]->member == member && !state->practices[i]->retired;
    return count;
}

bool kg_good_practice_for(const kg_good_practice *practice, const char *criterion)
{
    const size_t bytes = strlen(criterion);
    const char *at = practice->criteria;
    while (at && *at) {
        size_t length = strcspn(at, " ");
        if (length == bytes && memcmp(at, criterion, bytes) == 0)
            return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

bool kg_practice_may_tell(const kg_state *state, uint32_t member, const kg_lot *lot)
{
    const char *organisation = state->members[member]->id;
    if (lot->tender == KG_NONE)
        return false;
    if (strcmp(state->tenders[lot->tender]->lead, organisation) == 0 ||
        strcmp(state->campaigns[lot->campaign]->coordinator, organisation) == 0)
        return true;
    for (size_t i = 0; i < lot->members_count; i++)
        if (kg_lot_body(state, lot, i) == member)
            return true;
    return false;
}

/* ---- what is owned ---- */

static void drop(char **text)
{
    free(*text);
    *text = NULL;
}

static void drop_texts(kg_good_practice *practice)
{
    drop(&practice->category);
    drop(&practice->lot);
    drop(&practice->criteria);
    for (int i = 0; i < KG_NAMES; i++) {
        drop(&practice->titles[i]);
        for (int k = 0; k < KG_FICHE_PARTS; k++)
            drop(&practice->parts[i][k]);
    }
}

void kg_good_practice_destroy(kg_good_practice **practice)
{
    drop_texts(*practice);
    free(*practice);
    *practice = NULL;
}

static char *join(const kg_texts *texts)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s", "");
    for (size_t i = 0; i < texts->count; i++)
        kg_buffer_format(&out, "%s%s", i > 0 ? " " : "", texts->items[i]);
    return out.bytes;
}

static char *copy(const char *text)
{
    return text ? kg_strdup(text) : NULL;
}

static void take(kg_good_practice *own, const kg_practice *from)
{
    drop_texts(own);
    own->retired = false;
    own->clause = from->clause;
    own->type = from->type;
    own->category = kg_strdup(from->category);
    own->lot = copy(from->lot);
    own->criteria = join(&from->criteria);
    for (int i = 0; i < KG_NAMES; i++) {
        own->titles[i] = copy(from->texts[i].title);
        for (int k = 0; k < kg_practice_parts(from); k++)
            own->parts[i][k] = copy(from->texts[i].parts[k]);
    }
}

/* ---- applying ---- */

void kg_apply_practice_publish(kg_apply *apply)
{
    const kg_practice *practice = &apply->event->command.practice;
    kg_state *state = apply->state;
    uint32_t member = kg_state_find_member(state, apply->event->actor);
    uint32_t index = kg_state_find_practice(state, member, practice->key);
    if (index == KG_NONE) {
        kg_good_practice *made = kg_alloc(1, sizeof *made);
        kg_text_format(made->key, sizeof made->key, "%s", practice->key);
        made->member = member;
        index = kg_state_add_practice(state, made);
    }
    take(state->practices[index], practice);
    state->practices[index]->sequence = apply->event->sequence;
    state->practices[index]->time_ms = apply->event->time_ms;
    if (practice->clause)
        kg_apply_result(apply, "Clause %s/%s published.", apply->event->actor, practice->key);
    else
        kg_apply_result(apply, "Fiche %s/%s published.", apply->event->actor, practice->key);
}

void kg_apply_practice_retire(kg_apply *apply)
{
    const char *key = apply->event->command.practice.key;
    uint32_t member = kg_state_find_member(apply->state, apply->event->actor);
    kg_good_practice *own =
        apply->state->practices[kg_state_find_practice(apply->state, member, key)];
    drop_texts(own);
    own->retired = true;
    own->sequence = apply->event->sequence;
    own->time_ms = apply->event->time_ms;
    kg_apply_result(apply, "%s/%s is retired: it is no longer shown.", apply->event->actor, key);
}

/* ---- keeping ---- */

static void write_text(const char *text, kg_sink sink)
{
    kg_sink_u8(sink, text != NULL);
    kg_sink_text(sink, text ? text : "");
}

/* Nothing where there is none, so that a state without them is what it was before they came. */
void kg_write_practices(const kg_state *state, kg_sink sink)
{
    for (size_t i = 0; i < state->practices_count; i++) {
        const kg_good_practice *own = state->practices[i];
        kg_sink_text(sink, "practice");
        kg_sink_text(sink, own->key);
        kg_sink_u32(sink, own->member);
        kg_sink_u8(sink, own->retired);
        kg_sink_u8(sink, own->clause);
        kg_sink_u8(sink, (uint8_t)own->type);
        kg_sink_u64(sink, own->sequence);
        kg_sink_i64(sink, own->time_ms);
        write_text(own->category, sink);
        write_text(own->lot, sink);
        write_text(own->criteria, sink);
        for (int k = 0; k < KG_NAMES; k++) {
            write_text(own->titles[k], sink);
            for (int part = 0; part < KG_FICHE_PARTS; part++)
                write_text(own->parts[k][part], sink);
        }
    }
}

static kg_good_practice *archive_practice(const kg_archive *archive, kg_good_practice *practice)
{
    kg_good_practice *own = kg_archive_array(archive, practice, 1, 1, sizeof *practice);
    own->category = kg_archive_text(archive, own->category);
    own->lot = kg_archive_text(archive, own->lot);
    own->criteria = kg_archive_text(archive, own->criteria);
    for (int i = 0; i < KG_NAMES; i++) {
        own->titles[i] = kg_archive_text(archive, own->titles[i]);
        for (int k = 0; k < KG_FICHE_PARTS; k++)
            own->parts[i][k] = kg_archive_text(archive, own->parts[i][k]);
    }
    return own;
}

void kg_archive_practices(const kg_archive *archive, kg_state *state)
{
    size_t count = state->practices_count;
    KG_ARCHIVE(archive, count);
    for (size_t i = 0; i < count; i++) {
        kg_good_practice *practice =
            archive_practice(archive, archive->reading ? NULL : state->practices[i]);
        if (archive->reading)
            kg_state_add_practice(state, practice);
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines left out by a grouping, by column: there may be millions of them. */
#include "proto/codec_names.h"

static void write_change(kg_naming *naming, const kg_change *change, Kopgroep__Unplaced *m)
{
    switch (change->field) {
    case KG_CHANGE_ACCEPTS:
    case KG_CHANGE_CRITERIA:
        m->change_place.data[m->change_place.len++] = (uint8_t)change->place;
        m->change_rank.data[m->change_rank.len++] = change->rank;
        break;
    case KG_CHANGE_DELIVERY_FROM:
    case KG_CHANGE_DELIVERY_TO:
        m->change_days[m->n_change_days++] = change->date;
        break;
    case KG_CHANGE_LANGUAGES:
        m->change_languages[m->n_change_languages++] =
            kg_naming_languages(naming, change->languages);
        break;
    case KG_CHANGE_CONDITION:
        m->change_conditions.data[m->change_conditions.len++] = change->conditions;
        break;
    case KG_CHANGE_NONE:
        break;
    }
}

static void write_changes(kg_naming *naming, const kg_unplaced *lines, size_t count,
                          Kopgroep__Unplaced *m)
{
    kg_arena *scratch = naming->scratch;
    m->change_place.data = kg_arena_alloc(scratch, count + 1);
    m->change_rank.data = kg_arena_alloc(scratch, count + 1);
    m->change_conditions.data = kg_arena_alloc(scratch, count + 1);
    m->change_days = kg_arena_alloc(scratch, (count + 1) * sizeof *m->change_days);
    m->change_languages = kg_arena_alloc(scratch, (count + 1) * sizeof *m->change_languages);
    for (size_t i = 0; i < count; i++)
        write_change(naming, &lines[i].change, m);
    m->has_change_place = m->change_place.len > 0;
    m->has_change_rank = m->change_rank.len > 0;
    m->has_change_conditions = m->change_conditions.len > 0;
}

Kopgroep__Unplaced *kg_unplaced_write(kg_naming *naming, const kg_outcome *outcome)
{
    const kg_unplaced *lines = outcome->unplaced;
    size_t count = outcome->unplaced_count;
    kg_arena *scratch = naming->scratch;
    Kopgroep__Unplaced *m = kg_arena_alloc(scratch, sizeof *m);
    kopgroep__unplaced__init(m);
    m->n_line = count;
    m->line = kg_arena_alloc(scratch, (count + 1) * sizeof *m->line);
    for (size_t i = 0; i < count; i++)
        m->line[i] = lines[i].line;
    KG_PUT_BYTE_COLUMN(m, reason, scratch, count, lines[i].reason);
    KG_PUT_COLUMN(m, blocking, scratch, count, 0, lines[i].blocking);
    KG_PUT_COLUMN(m, nearest_lot, scratch, count, 0,
                  lines[i].nearest_lot == KG_NO_LOT ? 0 : lines[i].nearest_lot + 1);
    KG_PUT_BYTE_COLUMN(m, change, scratch, count, lines[i].change.field);
    write_changes(naming, lines, count, m);
    return m;
}

/* How far the columns of changes have been read. */
typedef struct progress {
    size_t levels, days, languages, conditions;
} progress;

static bool read_level(const Kopgroep__Unplaced *m, progress *at, kg_change *out)
{
    if (at->levels >= m->change_place.len || at->levels >= m->change_rank.len)
        return false;
    out->place = m->change_place.data[at->levels];
    out->rank = m->change_rank.data[at->levels++];
    return out->place < KG_CATEGORY_CRITERIA_MAX && out->rank < KG_SCALE_LEVELS_MAX;
}

static bool read_change(const kg_named *named, const Kopgroep__Unplaced *m, progress *at,
                        kg_change *out)
{
    switch (out->field) {
    case KG_CHANGE_NONE:
        return true;
    case KG_CHANGE_ACCEPTS:
    case KG_CHANGE_CRITERIA:
        return read_level(m, at, out);
    case KG_CHANGE_DELIVERY_FROM:
    case KG_CHANGE_DELIVERY_TO:
        if (at->days >= m->n_change_days)
            return false;
        out->date = m->change_days[at->days++];
        return true;
    case KG_CHANGE_LANGUAGES:
        if (at->languages >= m->n_change_languages ||
            m->change_languages[at->languages] >= named->languages_count)
            return false;
        out->languages = named->languages[m->change_languages[at->languages++]];
        return true;
    case KG_CHANGE_CONDITION:
        if (at->conditions >= m->change_conditions.len)
            return false;
        out->conditions = m->change_conditions.data[at->conditions++];
        return out->conditions >= KG_CONDITION_NEW && out->conditions <= KG_CONDITION_EITHER;
    }
    return false;
}

static bool all_read(const Kopgroep__Unplaced *m, const progress *at)
{
    return at->levels == m->change_place.len && at->levels == m->change_rank.len &&
           at->days == m->n_change_days && at->languages == m->n_change_languages &&
           at->conditions == m->change_conditions.len;
}

void kg_unplaced_read(kg_reader *in, const kg_named *named, const Kopgroep__Unplaced *m,
                      kg_outcome *out)
{
    size_t count = m->n_line;
    progress at = {0};
    bool has_reason = KG_HAS_BYTES(in, m, reason, count);
    bool has_blocking = KG_HAS_COLUMN(in, m, blocking, count);
    bool has_nearest = KG_HAS_COLUMN(in, m, nearest_lot, count);
    bool has_change = KG_HAS_BYTES(in, m, change, count);
    out->unplaced = kg_alloc(count, sizeof *out->unplaced);
    out->unplaced_count = count;
    for (size_t i = 0; i < count && kg_reader_good(in); i++) {
        kg_unplaced *line = &out->unplaced[i];
        uint32_t nearest = has_nearest ? m->nearest_lot[i] : 0;
        line->line = m->line[i];
        line->reason = (kg_reason)(has_reason ? m->reason.data[i] : 0);
        line->blocking = has_blocking ? m->blocking[i] : 0;
        line->nearest_lot = nearest == 0 ? KG_NO_LOT : nearest - 1;
        line->change = (kg_change){.field = (kg_change_field)(has_change ? m->change.data[i] : 0),
                                   .place = -1};
        if (line->reason >= KG_REASONS || nearest > out->lots_count ||
            !read_change(named, m, &at, &line->change))
            kg_reader_fail(in, KG_STATUS_INVALID, "unplaced", "Entry %zu is none.", i);
    }
    if (kg_reader_good(in) && !all_read(m, &at))
        kg_reader_fail(in, KG_STATUS_MALFORMED, "unplaced", "There are more changes than lines.");
}

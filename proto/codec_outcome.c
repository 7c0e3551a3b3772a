/* SPDX-License-Identifier: EUPL-1.2 */
/* What a grouping gave. */
#include "proto/codec_names.h"

#include <string.h>

static Kopgroep__Wide *write_wide(kg_arena *scratch, kg_int128 number)
{
    Kopgroep__Wide *m = kg_arena_alloc(scratch, sizeof *m);
    kopgroep__wide__init(m);
    KG_PUT(m, high, (int64_t)(number >> 64));
    KG_PUT(m, low, (uint64_t)number);
    return m;
}

static kg_int128 read_wide(const Kopgroep__Wide *m)
{
    return m ? (kg_int128)m->high * ((kg_int128)1 << 64) + m->low : 0;
}

static ProtobufCBinaryData ranks(const kg_levels *levels)
{
    size_t count = KG_CATEGORY_CRITERIA_MAX;
    while (count > 0 && levels->rank[count - 1] == 0)
        count--;
    return (ProtobufCBinaryData){count, (uint8_t *)(uintptr_t)levels->rank};
}

static Kopgroep__GroupedLot *write_lot(kg_naming *naming, const kg_grouped_lot *lot)
{
    Kopgroep__GroupedLot *m = kg_arena_alloc(naming->scratch, sizeof *m);
    kopgroep__grouped_lot__init(m);
    KG_PUT(m, category, kg_naming_category(naming, lot->category));
    KG_PUT(m, nuts, kg_naming_nuts(naming, &lot->nuts));
    KG_PUT(m, number, lot->number);
    if (lot->fixed != KG_NO_LOT)
        KG_PUT(m, fixed, lot->fixed);
    KG_PUT(m, condition, lot->condition);
    KG_PUT(m, track, (Kopgroep__Track)lot->track);
    KG_PUT(m, language, kg_naming_languages(naming, (kg_languages)1 << lot->language));
    KG_PUT(m, x, ranks(&lot->x));
    KG_PUT(m, steps, (uint32_t)lot->steps);
    KG_PUT(m, from_days, lot->from);
    KG_PUT(m, to_days, lot->to);
    KG_PUT(m, members, lot->members_count);
    KG_PUT(m, bodies, lot->bodies);
    KG_PUT(m, quantity_min, (uint64_t)lot->quantity_min);
    KG_PUT(m, quantity, (uint64_t)lot->quantity);
    KG_PUT(m, quantity_max, (uint64_t)lot->quantity_max);
    KG_PUT(m, value_cents, (uint64_t)lot->value_cents);
    KG_PUT(m, value_max_cents, (uint64_t)lot->value_max_cents);
    KG_PUT(m, headroom, ranks(&lot->headroom));
    if (lot->lead != KG_NO_ORGANISATION)
        KG_PUT(m, lead, lot->lead);
    KG_PUT(m, regime, (uint32_t)lot->regime);
    KG_PUT(m, curve, lot->curve_count);
    return m;
}

/* Members and curves follow each other as their lots do, wherever they lay. */
static void write_lists(kg_arena *scratch, const kg_outcome *outcome, Kopgroep__Outcome *m)
{
    size_t members = 0, points = 0;
    for (size_t i = 0; i < outcome->lots_count; i++) {
        members += outcome->lots[i].members_count;
        points += outcome->lots[i].curve_count;
    }
    m->members = kg_arena_alloc(scratch, (members + 1) * sizeof *m->members);
    m->curve_place.data = kg_arena_alloc(scratch, points + 1);
    m->curve_bodies = kg_arena_alloc(scratch, (points + 1) * sizeof *m->curve_bodies);
    m->curve_value_cents = kg_arena_alloc(scratch, (points + 1) * sizeof *m->curve_value_cents);
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &outcome->lots[i];
        for (uint32_t j = 0; j < lot->members_count; j++)
            m->members[m->n_members++] = outcome->members[lot->members_first + j];
        for (uint32_t j = 0; j < lot->curve_count; j++) {
            const kg_curve_point *point = &outcome->curve[lot->curve_first + j];
            m->curve_place.data[m->curve_place.len++] = (uint8_t)(point->place + 1);
            m->curve_bodies[m->n_curve_bodies++] = point->bodies;
            m->curve_value_cents[m->n_curve_value_cents++] = (uint64_t)point->value_cents;
        }
    }
    m->has_curve_place = points > 0;
}

Kopgroep__Outcome *kg_outcome_write(kg_naming *naming, const kg_outcome *outcome)
{
    const kg_score *score = &outcome->score;
    Kopgroep__Outcome *m = kg_arena_alloc(naming->scratch, sizeof *m);
    kopgroep__outcome__init(m);
    naming->with_criteria = true;
    m->n_lots = outcome->lots_count;
    m->lots = kg_arena_alloc(naming->scratch, (m->n_lots + 1) * sizeof *m->lots);
    for (size_t i = 0; i < m->n_lots; i++)
        m->lots[i] = write_lot(naming, &outcome->lots[i]);
    write_lists(naming->scratch, outcome, m);
    m->unplaced = kg_unplaced_write(naming, outcome);
    KG_PUT(m, lines, score->lines);
    KG_PUT(m, placed, score->placed);
    KG_PUT(m, binding, score->binding);
    KG_PUT(m, bodies, score->bodies);
    m->ambition_value_cents = write_wide(naming->scratch, score->ambition_value);
    m->value_cents = write_wide(naming->scratch, score->value);
    KG_PUT(m, lots_count, score->lots);
    return m;
}

/* Each rank must be on its criterion's scale. */
static kg_levels read_ranks(kg_reader *in, kg_category category, const ProtobufCBinaryData *bytes)
{
    kg_levels levels = kg_levels_fill(0);
    if (bytes->len > (size_t)kg_category_criteria(in->catalogue, category)) {
        kg_reader_fail(in, KG_STATUS_MALFORMED, "lots", "A category has fewer criteria.");
        return levels;
    }
    for (size_t i = 0; i < bytes->len; i++) {
        levels.rank[i] = bytes->data[i];
        if (levels.rank[i] >= kg_category_criterion(in->catalogue, category, (int)i)->levels_count)
            kg_reader_fail(in, KG_STATUS_UNKNOWN_LEVEL, "lots", "A rank is not on its scale.");
    }
    return levels;
}

static void read_figures(kg_reader *in, const Kopgroep__GroupedLot *m, kg_grouped_lot *out)
{
    out->quantity_min = kg_reader_number(in, KG_NUMBER(m, quantity_min), 0, INT64_MAX, 0);
    out->quantity = kg_reader_number(in, KG_NUMBER(m, quantity), 0, INT64_MAX, 0);
    out->quantity_max = kg_reader_number(in, KG_NUMBER(m, quantity_max), 0, INT64_MAX, 0);
    out->value_cents = kg_reader_number(in, KG_NUMBER(m, value_cents), 0, INT64_MAX, 0);
    out->value_max_cents = kg_reader_number(in, KG_NUMBER(m, value_max_cents), 0, INT64_MAX, 0);
    out->steps = (int32_t)kg_reader_number(in, KG_NUMBER(m, steps), 0, INT32_MAX, 0);
    out->number = m->number;
    out->bodies = m->bodies;
    out->from = m->from_days;
    out->to = m->to_days;
    out->fixed = m->has_fixed ? m->fixed : KG_NO_LOT;
    out->lead = m->has_lead ? m->lead : KG_NO_ORGANISATION;
    out->x = read_ranks(in, out->category, &m->x);
    out->headroom = read_ranks(in, out->category, &m->headroom);
}

static void read_lot(kg_reader *in, const kg_named *named, const Kopgroep__GroupedLot *m,
                     kg_grouped_lot *out)
{
    if (m->category >= named->categories_count || m->nuts >= named->nuts_count ||
        m->language >= named->languages_count || named->languages[m->language] == 0) {
        kg_reader_fail(in, KG_STATUS_INVALID, "lots", "A lot has no name for an index.");
        return;
    }
    out->category = named->categories[m->category];
    out->nuts = named->nuts[m->nuts];
    out->language = kg_languages_first(named->languages[m->language]);
    out->condition = (uint8_t)kg_reader_number(in, KG_NUMBER(m, condition), KG_CONDITION_NEW,
                                               KG_CONDITION_REFURBISHED, KG_CONDITION_NEW);
    out->track = (uint8_t)kg_reader_number(in, "track", m->has_track, (uint64_t)m->track,
                                           KG_TRACK_PELOTON, KG_TRACK_KOPGROEP, KG_TRACK_PELOTON);
    out->regime = (kg_regime)kg_reader_number(in, KG_NUMBER(m, regime), KG_REGIME_UNKNOWN,
                                              KG_REGIME_EU, KG_REGIME_UNKNOWN);
    read_figures(in, m, out);
}

/* Each lot's share of the lists that are kept for all. */
static void read_shares(kg_reader *in, const Kopgroep__Outcome *m, kg_outcome *out)
{
    size_t members = 0, points = 0;
    for (size_t i = 0; i < m->n_lots; i++) {
        kg_grouped_lot *lot = &out->lots[i];
        lot->members_first = (uint32_t)members;
        lot->members_count = m->lots[i]->members;
        lot->curve_first = (uint32_t)points;
        lot->curve_count = m->lots[i]->curve;
        members += lot->members_count;
        points += lot->curve_count;
    }
    if (members != m->n_members || points != m->curve_place.len || points != m->n_curve_bodies ||
        points != m->n_curve_value_cents || members > UINT32_MAX)
        kg_reader_fail(in, KG_STATUS_MALFORMED, "members", "Lots and their lists do not match.");
}

static void read_lists(kg_reader *in, const Kopgroep__Outcome *m, kg_outcome *out)
{
    out->members = kg_alloc(m->n_members, sizeof *out->members);
    out->members_count = m->n_members;
    if (m->n_members > 0)
        memcpy(out->members, m->members, m->n_members * sizeof *out->members);
    out->curve_count = m->curve_place.len;
    out->curve = kg_alloc(out->curve_count, sizeof *out->curve);
    for (size_t i = 0; i < out->curve_count; i++) {
        if (m->curve_place.data[i] > KG_CATEGORY_CRITERIA_MAX ||
            m->curve_value_cents[i] > INT64_MAX)
            kg_reader_fail(in, KG_STATUS_INVALID, "curve", "Point %zu is none.", i);
        out->curve[i] = (kg_curve_point){m->curve_place.data[i] - 1, m->curve_bodies[i],
                                         (int64_t)m->curve_value_cents[i]};
    }
}

kg_outcome *kg_outcome_read(kg_reader *in, const kg_named *named, const Kopgroep__Outcome *m)
{
    kg_outcome *out = kg_alloc(1, sizeof *out);
    out->lots_count = m->n_lots;
    out->lots = kg_alloc(m->n_lots, sizeof *out->lots);
    for (size_t i = 0; i < m->n_lots && kg_reader_good(in); i++)
        read_lot(in, named, m->lots[i], &out->lots[i]);
    read_shares(in, m, out);
    if (kg_reader_good(in))
        read_lists(in, m, out);
    if (m->unplaced && kg_reader_good(in))
        kg_unplaced_read(in, named, m->unplaced, out);
    out->score = (kg_score){
        .lines = m->lines,
        .placed = m->placed,
        .binding = m->binding,
        .bodies = m->bodies,
        .ambition_value = read_wide(m->ambition_value_cents),
        .value = read_wide(m->value_cents),
        .lots = m->lots_count,
    };
    return out;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Plan lines as they were checked. Kept by column, since a start-up reads many millions: a column
 * is decoded in one go, and one that says nothing takes no byte. */
#include "proto/codec_names.h"

#include <string.h>

static ProtobufCBinaryData text_column(kg_arena *scratch, const kg_plan_line *lines, size_t count,
                                       const char *(*text_of)(const kg_plan_line *line))
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += strlen(text_of(&lines[i])) + 1;
    char *all = kg_arena_alloc(scratch, bytes + 1), *at = all;
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, text_of(&lines[i])) + 1;
    return (ProtobufCBinaryData){bytes, (uint8_t *)all};
}

static const char *key_of(const kg_plan_line *line)
{
    return line->line;
}

static const char *title_of(const kg_plan_line *line)
{
    return line->title ? line->title : "";
}

static size_t put_levels(kg_naming *naming, const kg_plan_line *line, uint32_t *counts,
                         uint32_t *out)
{
    size_t count = 0;
    int places = kg_category_criteria(naming->catalogue, line->category);
    for (int i = 0; i < places; i++)
        if (line->lo.rank[i] != 0)
            out[count++] = kg_naming_level(naming, line->category, i, line->lo.rank[i]);
    counts[0] = (uint32_t)count;
    for (int i = 0; i < places; i++)
        if (line->hi.rank[i] != KG_LEVEL_ANY)
            out[count++] = kg_naming_level(naming, line->category, i, line->hi.rank[i]);
    counts[1] = (uint32_t)count - counts[0];
    return count;
}

static void write_levels(kg_naming *naming, const kg_plan_line *lines, size_t count,
                         Kopgroep__CheckedLines *m)
{
    size_t most = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        most += 2 * (size_t)kg_category_criteria(naming->catalogue, lines[i].category);
    m->levels = kg_arena_alloc(naming->scratch, (most + 1) * sizeof *m->levels);
    m->levels_counts = kg_arena_alloc(naming->scratch, (2 * count + 1) * sizeof *m->levels_counts);
    for (size_t i = 0; i < count; i++)
        used += put_levels(naming, &lines[i], m->levels_counts + 2 * i, m->levels + used);
    m->n_levels = used;
    m->n_levels_counts = used > 0 ? 2 * count : 0;
}

static void write_volume(kg_arena *scratch, const kg_plan_line *lines, size_t count,
                         Kopgroep__CheckedLines *m)
{
    KG_PUT_COLUMN(m, quantity, scratch, count, -1, lines[i].has_quantity ? lines[i].quantity : -1);
    KG_PUT_COLUMN(m, quantity_min, scratch, count, 0, (uint64_t)lines[i].quantity_min);
    KG_PUT_COLUMN(m, quantity_max, scratch, count, 0, (uint64_t)lines[i].quantity_max);
    KG_PUT_COLUMN(m, unit_price_max_cents, scratch, count, -1, lines[i].unit_price_max_cents);
    KG_PUT_COLUMN(m, value_given_cents, scratch, count, -1, lines[i].value_given_cents);
    KG_PUT_COLUMN(m, value_cents, scratch, count, 0, (uint64_t)lines[i].value_cents);
    KG_PUT_COLUMN(m, value_max_cents, scratch, count, 0, (uint64_t)lines[i].value_max_cents);
}

Kopgroep__CheckedLines *kg_checked_write(kg_naming *naming, const kg_plan_line *lines, size_t count)
{
    kg_arena *scratch = naming->scratch;
    Kopgroep__CheckedLines *m = kg_arena_alloc(scratch, sizeof *m);
    kopgroep__checked_lines__init(m);
    KG_PUT(m, count, (uint32_t)count);
    KG_PUT(m, keys, text_column(scratch, lines, count, key_of));
    m->titles = text_column(scratch, lines, count, title_of);
    m->has_titles = m->titles.len > count;
    KG_PUT_COLUMN(m, cpv, scratch, count, 0, lines[i].cpv);
    KG_PUT_COLUMN(m, categories, scratch, count, 0, kg_naming_category(naming, lines[i].category));
    KG_PUT_BYTE_COLUMN(m, conditions, scratch, count, lines[i].conditions);
    KG_PUT_BYTE_COLUMN(m, tracks, scratch, count, lines[i].track);
    KG_PUT_BYTE_COLUMN(m, commitments, scratch, count, lines[i].commitment);
    KG_PUT_BYTE_COLUMN(m, lifetime_years, scratch, count, lines[i].lifetime_years);
    write_volume(scratch, lines, count, m);
    KG_PUT_COLUMN(m, delivery_from_days, scratch, count, 0, lines[i].delivery_from);
    KG_PUT_COLUMN(m, delivery_to_days, scratch, count, 0, lines[i].delivery_to);
    KG_PUT_COLUMN(m, order_by_days, scratch, count, KG_DATE_NONE, lines[i].order_by);
    KG_PUT_COLUMN(m, nuts, scratch, count, 0, kg_naming_nuts(naming, &lines[i].nuts));
    KG_PUT_COLUMN(m, languages, scratch, count, 0, kg_naming_languages(naming, lines[i].languages));
    write_levels(naming, lines, count, m);
    return m;
}

/* The columns of a message, NULL where all have the default. */
typedef struct columns {
    const uint32_t *cpv, *categories, *nuts, *languages;
    const uint8_t *conditions, *tracks, *commitments, *lifetime_years;
    const int64_t *quantity, *unit_price_max, *value_given;
    const uint64_t *quantity_min, *quantity_max, *value, *value_max;
    const int32_t *delivery_from, *delivery_to, *order_by;
} columns;

#define COLUMN(in, m, field, count) (KG_HAS_COLUMN(in, m, field, count) ? (m)->field : NULL)
#define BYTES(in, m, field, count) (KG_HAS_BYTES(in, m, field, count) ? (m)->field.data : NULL)

static columns columns_of(kg_reader *in, const Kopgroep__CheckedLines *m, size_t count)
{
    return (columns){
        .cpv = COLUMN(in, m, cpv, count),
        .categories = COLUMN(in, m, categories, count),
        .nuts = COLUMN(in, m, nuts, count),
        .languages = COLUMN(in, m, languages, count),
        .conditions = BYTES(in, m, conditions, count),
        .tracks = BYTES(in, m, tracks, count),
        .commitments = BYTES(in, m, commitments, count),
        .lifetime_years = BYTES(in, m, lifetime_years, count),
        .quantity = COLUMN(in, m, quantity, count),
        .unit_price_max = COLUMN(in, m, unit_price_max_cents, count),
        .value_given = COLUMN(in, m, value_given_cents, count),
        .quantity_min = COLUMN(in, m, quantity_min, count),
        .quantity_max = COLUMN(in, m, quantity_max, count),
        .value = COLUMN(in, m, value_cents, count),
        .value_max = COLUMN(in, m, value_max_cents, count),
        .delivery_from = COLUMN(in, m, delivery_from_days, count),
        .delivery_to = COLUMN(in, m, delivery_to_days, count),
        .order_by = COLUMN(in, m, order_by_days, count),
    };
}

#define AT(column, i, absent) ((column) ? (column)[i] : (absent))

static void read_terms(kg_reader *in, const kg_named *named, const columns *from, size_t i,
                       kg_plan_line *out)
{
    uint32_t category = AT(from->categories, i, 0), nuts = AT(from->nuts, i, 0);
    uint32_t languages = AT(from->languages, i, 0);
    out->cpv = AT(from->cpv, i, 0);
    out->conditions = AT(from->conditions, i, 0);
    out->track = AT(from->tracks, i, 0);
    out->commitment = AT(from->commitments, i, 0);
    out->lifetime_years = AT(from->lifetime_years, i, 0);
    out->delivery_from = AT(from->delivery_from, i, 0);
    out->delivery_to = AT(from->delivery_to, i, 0);
    out->order_by = AT(from->order_by, i, KG_DATE_NONE);
    if (category >= named->categories_count || nuts >= named->nuts_count ||
        languages >= named->languages_count) {
        kg_reader_fail(in, KG_STATUS_INVALID, "lines", "Line %zu has no name for an index.", i);
        return;
    }
    out->category = named->categories[category];
    out->nuts = named->nuts[nuts];
    out->languages = named->languages[languages];
    if (out->conditions < KG_CONDITION_NEW || out->conditions > KG_CONDITION_EITHER ||
        out->track > KG_TRACK_KOPGROEP || out->commitment > KG_COMMITMENT_BINDING)
        kg_reader_fail(in, KG_STATUS_INVALID, "lines",
                       "Line %zu has no such condition, track or commitment.", i);
}

static void read_volume(kg_reader *in, const columns *from, size_t i, kg_plan_line *out)
{
    int64_t quantity = AT(from->quantity, i, -1);
    out->has_quantity = quantity >= 0;
    out->quantity = quantity >= 0 ? quantity : 0;
    out->quantity_min = (int64_t)AT(from->quantity_min, i, 0);
    out->quantity_max = (int64_t)AT(from->quantity_max, i, 0);
    out->unit_price_max_cents = AT(from->unit_price_max, i, -1);
    out->value_given_cents = AT(from->value_given, i, -1);
    out->value_cents = (int64_t)AT(from->value, i, 0);
    out->value_max_cents = (int64_t)AT(from->value_max, i, 0);
    if ((out->quantity_min | out->quantity_max | out->value_cents | out->value_max_cents) < 0 ||
        out->unit_price_max_cents < -1 || out->value_given_cents < -1)
        kg_reader_fail(in, KG_STATUS_INVALID, "lines", "Line %zu has a number below 0.", i);
}

/* The next text of a column; NULL where it has none left. */
static const char *next_text(const char **at, const char *end)
{
    const char *text = *at;
    const char *nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;
    if (nul)
        *at = nul + 1;
    return nul ? text : NULL;
}

/* Copies a column of texts to where they stay. */
static const char *keep_texts(kg_reader *in, const char *field, const ProtobufCBinaryData *column,
                              kg_arena *arena)
{
    if (!kg_reader_utf8_texts(column))
        kg_reader_fail(in, KG_STATUS_ENCODING, field, "It is not UTF-8.");
    return kg_arena_text(arena, (const char *)column->data, column->len);
}

static void read_texts(kg_reader *in, const Kopgroep__CheckedLines *m, kg_event *out)
{
    const char *keys = keep_texts(in, "keys", &m->keys, &out->command.arena);
    const char *keys_end = keys + m->keys.len;
    const char *titles = keep_texts(in, "titles", &m->titles, &out->command.arena);
    const char *titles_end = titles + m->titles.len;
    for (size_t i = 0; i < out->lines_count && kg_reader_good(in); i++) {
        out->lines[i].organisation = out->actor;
        out->lines[i].line = next_text(&keys, keys_end);
        out->lines[i].title = m->has_titles ? next_text(&titles, titles_end) : "";
        if (!out->lines[i].line || !out->lines[i].title)
            kg_reader_fail(in, KG_STATUS_MALFORMED, "lines", "Line %zu has no key or title.", i);
    }
}

/* The next `count` levels into a vector; they must be of the line's category. */
static bool take_levels(const kg_named *named, const Kopgroep__CheckedLines *m, size_t *at,
                        uint32_t count, kg_category category, kg_levels *out)
{
    if (count > m->n_levels - *at)
        return false;
    for (; count > 0; count--, (*at)++) {
        if (m->levels[*at] >= named->levels_count)
            return false;
        const kg_named_level *level = &named->levels[m->levels[*at]];
        if (named->categories[level->category] != category)
            return false;
        out->rank[level->place] = level->rank;
    }
    return true;
}

static void read_levels(kg_reader *in, const kg_named *named, const Kopgroep__CheckedLines *m,
                        kg_event *out)
{
    const uint32_t *counts = COLUMN(in, m, levels_counts, 2 * out->lines_count);
    size_t at = 0;
    for (size_t i = 0; i < out->lines_count; i++) {
        kg_plan_line *line = &out->lines[i];
        line->lo = kg_levels_fill(0);
        line->hi = kg_levels_fill(KG_LEVEL_ANY);
        if (!counts)
            continue;
        if (!take_levels(named, m, &at, counts[2 * i], line->category, &line->lo) ||
            !take_levels(named, m, &at, counts[2 * i + 1], line->category, &line->hi)) {
            kg_reader_fail(in, KG_STATUS_INVALID, "levels", "Line %zu has others than it can.", i);
            return;
        }
    }
    if (at != m->n_levels)
        kg_reader_fail(in, KG_STATUS_MALFORMED, "levels", "There are more than lines ask for.");
}

void kg_checked_read(kg_reader *in, const kg_named *named, const Kopgroep__CheckedLines *m,
                     kg_event *out)
{
    if (m->count > m->keys.len) /* each key has its NUL: so a count is no larger than the bytes */
        kg_reader_fail(in, KG_STATUS_MALFORMED, "count", "There are fewer keys.");
    if (m->count == 0 || !kg_reader_good(in))
        return;
    out->lines_count = m->count;
    out->lines = kg_alloc(out->lines_count, sizeof *out->lines);
    read_texts(in, m, out);
    columns from = columns_of(in, m, out->lines_count);
    for (size_t i = 0; i < out->lines_count && kg_reader_good(in); i++) {
        read_terms(in, named, &from, i, &out->lines[i]);
        read_volume(in, &from, i, &out->lines[i]);
    }
    if (kg_reader_good(in))
        read_levels(in, named, m, out);
}

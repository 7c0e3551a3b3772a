/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_filter.h"

#include <string.h>

static bool cpv_range(const char *prefix, uint32_t *first, uint32_t *last)
{
    uint32_t low = 0, high = 0;
    size_t digits = strlen(prefix);
    if (digits > 8)
        return false;
    for (size_t i = 0; i < 8; i++) {
        if (i < digits && (prefix[i] < '0' || prefix[i] > '9'))
            return false;
        low = low * 10 + (i < digits ? (uint32_t)(prefix[i] - '0') : 0);
        high = high * 10 + (i < digits ? (uint32_t)(prefix[i] - '0') : 9);
    }
    *first = low;
    *last = high;
    return true;
}

static bool nuts_range(const char *prefix, uint16_t *first, uint16_t *last)
{
    int begin, end;
    kg_nuts_range(prefix, &begin, &end);
    *first = (uint16_t)begin;
    *last = (uint16_t)(end - 1);
    return begin < end;
}

/* A date as the columns count, cut to what they hold; false when it lies after (`end`: before) all
 * of that. */
static bool day_of(kg_date date, bool end, uint16_t *out)
{
    int64_t day = (int64_t)date - KG_POOL_EPOCH;
    *out = (uint16_t)(day < 0 ? 0 : day > UINT16_MAX ? UINT16_MAX : day);
    return end ? day >= 0 : day <= UINT16_MAX;
}

void kg_volume_filter_init(kg_volume_filter *filter, const kg_catalogue *catalogue,
                           const kg_query *query)
{
    *filter = (kg_volume_filter){.by_cpv = query->cpv && query->cpv[0],
                                 .by_nuts = query->nuts && query->nuts[0],
                                 .by_category = query->category,
                                 .by_from = query->from != KG_DATE_NONE,
                                 .by_to = query->to != KG_DATE_NONE,
                                 .by_track = query->track >= 0,
                                 .cpv_last = KG_CPV_LAST,
                                 .nuts_last = UINT16_MAX,
                                 .to = UINT16_MAX};
    if (filter->by_cpv && !cpv_range(query->cpv, &filter->cpv_first, &filter->cpv_last))
        filter->nothing = true;
    if (filter->by_nuts && !nuts_range(query->nuts, &filter->nuts_first, &filter->nuts_last))
        filter->nothing = true;
    if (filter->by_category)
        filter->category = kg_category_find(catalogue, query->category);
    if (filter->by_from && !day_of(query->from, false, &filter->from))
        filter->nothing = true;
    if (filter->by_to && !day_of(query->to, true, &filter->to))
        filter->nothing = true;
    filter->track = query->track == KG_TRACK_KOPGROEP ? KG_POOL_KOPGROEP : 0;
}

/* One loop a column, so that each is a plain loop over contiguous numbers. */
#define KEEP(count, keep, condition)                                                               \
    do {                                                                                           \
        for (size_t i = 0; i < (count); i++)                                                       \
            (keep)[i] = (uint8_t)((keep)[i] & (condition));                                        \
    } while (0)

static void keep_columns(const kg_volume_filter *filter, const kg_pool_columns *columns,
                         size_t first, size_t count, uint8_t *keep)
{
    const uint32_t cpv_first = filter->cpv_first, cpv_width = filter->cpv_last - cpv_first;
    const uint16_t nuts_first = filter->nuts_first, from = filter->from, to = filter->to;
    const uint16_t nuts_width = (uint16_t)(filter->nuts_last - nuts_first);
    if (filter->by_cpv) {
        const uint32_t *cpv = columns->cpv + first;
        KEEP(count, keep, cpv[i] - cpv_first <= cpv_width);
    }
    if (filter->by_nuts) {
        const uint16_t *nuts = columns->nuts + first;
        KEEP(count, keep, (uint16_t)(nuts[i] - nuts_first) <= nuts_width);
    }
    if (filter->by_category) {
        const uint16_t *category = columns->category + first, wanted = filter->category;
        KEEP(count, keep, category[i] == wanted);
    }
    if (filter->by_from) {
        const uint16_t *ends = columns->to + first;
        KEEP(count, keep, ends[i] >= from);
    }
    if (filter->by_to) {
        const uint16_t *begins = columns->from + first;
        KEEP(count, keep, begins[i] <= to);
    }
    if (filter->by_track) {
        const uint16_t *flags = columns->flags + first, track = filter->track;
        KEEP(count, keep, (flags[i] & KG_POOL_KOPGROEP) == track);
    }
}

/* Eight bytes of 0 or 1 to eight bits. */
static uint64_t pack(const uint8_t *keep)
{
    uint64_t out = 0, bytes;
    for (unsigned i = 0; i < 8; i++) {
        memcpy(&bytes, keep + 8 * i, 8);
        out |= (bytes * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
    }
    return out;
}

static size_t spread(uint64_t word, uint32_t first, uint32_t *out)
{
    size_t count = 0;
    if (word == UINT64_MAX) {
        for (uint32_t i = 0; i < 64; i++)
            out[i] = first + i;
        return 64;
    }
    for (; word; word &= word - 1)
        out[count++] = first + (uint32_t)__builtin_ctzll(word);
    return count;
}

size_t kg_volume_filter_block(const kg_volume_filter *filter, const kg_pool_columns *columns,
                              const uint64_t *seen, size_t first, uint32_t *out)
{
    uint8_t keep[KG_VOLUME_BLOCK];
    size_t left = columns->count - first, found = 0;
    size_t count = left < KG_VOLUME_BLOCK ? left : KG_VOLUME_BLOCK;
    if (filter->nothing)
        return 0;
    memset(keep, 1, sizeof keep);
    keep_columns(filter, columns, first, count, keep);
    for (size_t i = 0; i < count; i += 64)
        found += spread(seen[(first + i) / 64] & pack(keep + i), (uint32_t)(first + i),
                        out + found);
    return found;
}

/* Keeps in place, without branches. */
#define KEEP_LISTED(lines, count, condition)                                                       \
    do {                                                                                           \
        size_t kept = 0;                                                                           \
        for (size_t i = 0; i < (count); i++) {                                                     \
            uint32_t line = (lines)[i];                                                            \
            (lines)[kept] = line;                                                                  \
            kept += (condition);                                                                   \
        }                                                                                          \
        (count) = kept;                                                                            \
    } while (0)

size_t kg_volume_filter_list(const kg_volume_filter *filter, const kg_pool_columns *columns,
                             uint32_t *lines, size_t count)
{
    const uint32_t cpv_first = filter->cpv_first, cpv_width = filter->cpv_last - cpv_first;
    const uint16_t nuts_first = filter->nuts_first;
    const uint16_t nuts_width = (uint16_t)(filter->nuts_last - nuts_first);
    if (filter->nothing)
        return 0;
    if (filter->by_from)
        KEEP_LISTED(lines, count, columns->to[line] >= filter->from);
    if (filter->by_to)
        KEEP_LISTED(lines, count, columns->from[line] <= filter->to);
    if (filter->by_nuts)
        KEEP_LISTED(lines, count, (uint16_t)(columns->nuts[line] - nuts_first) <= nuts_width);
    if (filter->by_cpv)
        KEEP_LISTED(lines, count, columns->cpv[line] - cpv_first <= cpv_width);
    if (filter->by_category)
        KEEP_LISTED(lines, count, columns->category[line] == filter->category);
    if (filter->by_track)
        KEEP_LISTED(lines, count, (columns->flags[line] & KG_POOL_KOPGROEP) == filter->track);
    return count;
}

static bool cpv_begins(uint32_t cpv, const char *prefix)
{
    char digits[16];
    kg_text_format(digits, sizeof digits, "%08u", cpv);
    return strncmp(digits, prefix, strlen(prefix)) == 0;
}

bool kg_volume_filter_line(const kg_query *query, const kg_catalogue *catalogue,
                           const kg_plan_line *line)
{
    if (query->category && kg_category_find(catalogue, query->category) != line->category)
        return false;
    if (query->cpv && !cpv_begins(kg_plan_line_cpv(line, catalogue), query->cpv))
        return false;
    if (query->nuts && !kg_nuts_within(line->nuts.code, query->nuts))
        return false;
    if (query->from != KG_DATE_NONE && line->delivery_to < query->from)
        return false;
    if (query->to != KG_DATE_NONE && line->delivery_from > query->to)
        return false;
    return query->track < 0 || query->track == line->track;
}

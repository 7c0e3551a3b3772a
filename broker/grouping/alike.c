/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/alike.h"

#include <stdlib.h>

#include "broker/grouping/frame.h"

/* All that an explanation depends on, with no gaps, so that it can be hashed and compared whole. */
typedef struct likeness {
    kg_levels lo, hi;
    kg_languages languages;
    int64_t value_max_cents; /* 0 where the round has no cap */
    kg_date from, to;
    uint32_t conditions, track;
} likeness;

_Static_assert(sizeof(likeness) == 2 * sizeof(kg_levels) + 32, "no gaps");

static likeness likeness_of(const kg_demand *line, const kg_round *round)
{
    likeness out = {.lo = line->lo,
                    .hi = line->hi,
                    .languages = line->languages,
                    .value_max_cents = round->value_max_cents > 0 ? line->value_max_cents : 0,
                    .conditions = line->conditions,
                    .track = line->track};
    kg_demand_window(line, round, &out.from, &out.to);
    return out;
}

/* The order of the table never shows, so any spread will do. */
static uint64_t hash_of(const likeness *key)
{
    uint64_t words[sizeof *key / 8], hash = 0;
    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash;
}

static size_t slots_for(size_t count)
{
    size_t slots = 16;
    while (slots < 2 * count)
        slots *= 2;
    return slots;
}

void kg_alike(const kg_grouping_input *input, const uint32_t *lines, size_t count,
              uint32_t *first)
{
    size_t slots = slots_for(count);
    uint32_t *table = kg_alloc(slots, sizeof *table); /* position + 1; 0 = free */
    likeness *keys = kg_alloc(count, sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        keys[i] = likeness_of(&input->lines[lines[i]], input->round);
        size_t slot = hash_of(&keys[i]) & (slots - 1);
        while (table[slot] && memcmp(&keys[table[slot] - 1], &keys[i], sizeof *keys) != 0)
            slot = (slot + 1) & (slots - 1);
        if (!table[slot])
            table[slot] = (uint32_t)i + 1;
        first[i] = table[slot] - 1;
    }
    free(keys);
    free(table);
}

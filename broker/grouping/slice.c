/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/slice.h"

#include <stdlib.h>

/* Days between which a lot's first day is chosen, at most; a longer choice is made in steps of
 * several days. */
#define DAYS_MAX 512

static char *lay(char *memory, size_t *at, size_t count, size_t size)
{
    char *place = memory ? memory + *at : NULL;
    *at += (count * size + 63) & ~(size_t)63;
    return place;
}

static size_t share_memory(kg_slice *slice, char *memory)
{
    size_t n = slice->capacity + 1, words = (size_t)slice->instance->words, at = 0;
    slice->lo = (uint64_t *)lay(memory, &at, n * words + 1, sizeof *slice->lo);
    slice->hi = (uint64_t *)lay(memory, &at, n * words + 1, sizeof *slice->hi);
    slice->languages = (kg_languages *)lay(memory, &at, n, sizeof *slice->languages);
    slice->value = (int64_t *)lay(memory, &at, n, sizeof *slice->value);
    slice->sums = (int64_t *)lay(memory, &at, DAYS_MAX + 2, sizeof *slice->sums);
    slice->item = (uint32_t *)lay(memory, &at, n, sizeof *slice->item);
    slice->found = (uint32_t *)lay(memory, &at, n, sizeof *slice->found);
    slice->from = (kg_date *)lay(memory, &at, n, sizeof *slice->from);
    slice->last = (kg_date *)lay(memory, &at, n, sizeof *slice->last);
    slice->potential = (int32_t *)lay(memory, &at, n, sizeof *slice->potential);
    slice->conditions = (uint8_t *)lay(memory, &at, n, 1);
    slice->kopgroep = (uint8_t *)lay(memory, &at, n, 1);
    return at;
}

void kg_slice_init(kg_slice *slice, const kg_instance *instance, size_t capacity)
{
    memset(slice, 0, sizeof *slice);
    slice->instance = instance;
    slice->capacity = capacity;
    slice->memory = kg_realloc(NULL, share_memory(slice, NULL), 1);
    share_memory(slice, slice->memory);
}

void kg_slice_fini(kg_slice *slice)
{
    free(slice->memory);
    memset(slice, 0, sizeof *slice);
}

kg_ranks kg_slice_target(const kg_slice *slice, size_t place, const kg_ranks *top)
{
    size_t words = (size_t)slice->instance->words;
    kg_ranks out = {{0}}, lo = kg_slice_lo(slice, place);
    for (size_t w = 0; w < words; w++)
        out.word[w] = slice->hi[place * words + w];
    kg_ranks_lower(&out, top, (int)words);
    kg_ranks_raise(&out, &lo, (int)words);
    return out;
}

static void put(kg_slice *slice, uint32_t index, const kg_ranks *top, int shift)
{
    const kg_instance *instance = slice->instance;
    const kg_item *item = &instance->items[index];
    size_t place = slice->count++, words = (size_t)instance->words;
    slice->item[place] = index;
    slice->from[place] = item->from;
    slice->last[place] = (kg_date)(item->to - instance->days_min + 1);
    memcpy(slice->lo + place * words, item->lo.word, words * sizeof *slice->lo);
    memcpy(slice->hi + place * words, item->hi.word, words * sizeof *slice->hi);
    slice->languages[place] = item->languages;
    slice->conditions[place] = item->conditions;
    slice->kopgroep[place] = item->kopgroep;
    slice->value[place] = item->value >> shift;
    kg_ranks target = kg_slice_target(slice, place, top);
    slice->potential[place] = (int32_t)kg_ranks_steps(&target, instance->words);
    if (slice->last[place] - slice->from[place] > slice->longest)
        slice->longest = slice->last[place] - slice->from[place];
}

void kg_slice_fill(kg_slice *slice, const uint32_t *items, size_t count, const kg_ranks *top,
                   int shift)
{
    slice->count = slice->found_count = slice->gone = 0;
    slice->longest = 0;
    for (size_t i = 0; i < count; i++)
        put(slice, items[i], top, shift);
}

static void move(kg_slice *slice, size_t to, size_t from)
{
    size_t words = (size_t)slice->instance->words;
    slice->item[to] = slice->item[from];
    slice->from[to] = slice->from[from];
    slice->last[to] = slice->last[from];
    for (size_t w = 0; w < words; w++) {
        slice->lo[to * words + w] = slice->lo[from * words + w];
        slice->hi[to * words + w] = slice->hi[from * words + w];
    }
    slice->languages[to] = slice->languages[from];
    slice->conditions[to] = slice->conditions[from];
    slice->kopgroep[to] = slice->kopgroep[from];
    slice->value[to] = slice->value[from];
    slice->potential[to] = slice->potential[from];
}

void kg_slice_drop(kg_slice *slice, size_t place)
{
    slice->languages[place] = 0;
    slice->gone++;
}

void kg_slice_pack(kg_slice *slice)
{
    size_t kept = 0;
    if (slice->gone * 4 < slice->count)
        return;
    for (size_t i = 0; i < slice->count; i++)
        if (slice->languages[i])
            move(slice, kept++, i);
    slice->count = kept;
    slice->gone = 0;
}

/* The first place whose first day is not before the day. */
static size_t place_of_day(const kg_slice *slice, int64_t day)
{
    size_t low = 0, high = slice->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice->from[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t kg_slice_place(const kg_slice *slice, uint32_t item)
{
    size_t place = place_of_day(slice, slice->instance->items[item].from);
    while (slice->item[place] != item)
        place++;
    return place;
}

/* Adds what is found from `begin` to `end` to the `count` found so far; returns the new count. One
 * pass without branches; `words` is a constant where it is inlined. */
static inline __attribute__((always_inline)) size_t find(const kg_slice *slice, size_t seed,
                                                         const kg_ranks *target, int words,
                                                         size_t begin, size_t end, size_t count)
{
    kg_languages languages = slice->languages[seed];
    uint8_t conditions = slice->conditions[seed];
    kg_ranks lo = kg_slice_lo(slice, seed);
    for (size_t i = begin; i < end; i++) {
        uint64_t below = 0;
        for (int w = 0; w < words; w++) {
            below |= ~((target->word[w] | KG_RANK_TOPS) - slice->lo[i * (size_t)words + (size_t)w]);
            below |= ~((slice->hi[i * (size_t)words + (size_t)w] | KG_RANK_TOPS) - lo.word[w]);
        }
        bool fits = (below & KG_RANK_TOPS) == 0;
        fits &= (slice->languages[i] & languages) != 0;
        fits &= (slice->conditions[i] & conditions) != 0;
        fits &= slice->last[i] >= slice->from[seed];
        slice->found[count] = (uint32_t)i;
        count += fits;
    }
    return count;
}

void kg_slice_find(kg_slice *slice, size_t seed, const kg_ranks *target)
{
    size_t begin = place_of_day(slice, (int64_t)slice->from[seed] - slice->longest);
    size_t end = place_of_day(slice, (int64_t)slice->last[seed] + 1);
    int words = slice->instance->words;
    /* On both sides of the seed, which is not its own company. */
    size_t count = words == 1 ? find(slice, seed, target, 1, begin, seed, 0)
                              : find(slice, seed, target, words, begin, seed, 0);
    slice->found_count = words == 1 ? find(slice, seed, target, 1, seed + 1, end, count)
                                    : find(slice, seed, target, words, seed + 1, end, count);
}

typedef struct choice {
    kg_date first; /* the seed's first day */
    int64_t days, step; /* how many first days there are to choose from, and how far apart */
    int64_t most;
} choice;

/* Sums up one condition and language; keeps the best day. */
static void sweep(kg_slice *slice, const int64_t *weights, choice *c, uint8_t condition,
                  int language, kg_cell *cell)
{
    memset(slice->sums, 0, (size_t)(c->days + 1) * sizeof *slice->sums);
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t i = slice->found[k];
        bool allows = (slice->conditions[i] & condition) != 0;
        allows &= slice->languages[i] >> language & 1;
        int64_t begin = (int64_t)slice->from[i] - c->first;
        int64_t end = (int64_t)slice->last[i] - c->first;
        begin = begin > 0 ? begin : 0;
        if (c->step > 1) {
            begin = (begin + c->step - 1) / c->step;
            end /= c->step;
        }
        end = end < c->days ? end : c->days - 1;
        /* What does not count is added as nothing: whether it does could not be foreseen. What
         * was found begins by the seed's last day and ends after its first. */
        int64_t weight = weights[k] & -(int64_t)(allows & (begin <= end));
        slice->sums[begin] += weight;
        slice->sums[end + 1] -= weight;
    }
    int64_t sum = 0;
    for (int64_t d = 0; d < c->days; d++) {
        sum += slice->sums[d];
        if (sum <= c->most)
            continue;
        c->most = sum;
        *cell = (kg_cell){condition, language, (kg_date)(c->first + d * c->step)};
    }
}

kg_cell kg_slice_choose(kg_slice *slice, size_t seed, const int64_t *weights)
{
    kg_cell cell = {0};
    choice c = {.first = slice->from[seed], .step = 1, .most = -1};
    c.days = (int64_t)slice->last[seed] - c.first + 1;
    if (c.days > DAYS_MAX) {
        c.step = (c.days + DAYS_MAX - 1) / DAYS_MAX;
        c.days = (c.days + c.step - 1) / c.step;
    }
    for (uint8_t condition = KG_CONDITION_NEW; condition <= KG_CONDITION_REFURBISHED; condition++)
        if (slice->conditions[seed] & condition)
            for (kg_languages rest = slice->languages[seed]; rest; rest &= rest - 1)
                sweep(slice, weights, &c, condition, kg_languages_first(rest), &cell);
    return cell;
}

void kg_slice_cut(kg_slice *slice, const kg_cell *cell)
{
    size_t kept = 0;
    for (size_t k = 0; k < slice->found_count; k++) {
        uint32_t i = slice->found[k];
        bool allows = (slice->conditions[i] & cell->condition) != 0;
        allows &= slice->languages[i] >> cell->language & 1;
        allows &= (slice->from[i] <= cell->day) & (slice->last[i] >= cell->day);
        slice->found[kept] = i;
        kept += allows;
    }
    slice->found_count = kept;
}

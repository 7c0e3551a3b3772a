/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/grouping/slice.h"

#include <stdlib.h>

/* Days between which a lot's first day is chosen, at most; a longer choice is made in steps of
 * several days. */
#define DAYS_MAX 512
#define AHEAD 8   /* items that lie far apart: so many are on their way from memory */
#define SET_WORDS 8 /* sets are whole cache lines */

static char *lay(char *memory, size_t *at, size_t count, size_t size)
{
    char *place = memory ? memory + *at : NULL;
    *at += (count * size + 63) & ~(size_t)63;
    return place;
}

static size_t share_memory(kg_slice *slice, char *memory)
{
    size_t n = slice->capacity + 1, words = (size_t)slice->instance->words, at = 0;
    size_t set = slice->set_words * sizeof *slice->set;
    slice->lo = (uint64_t *)lay(memory, &at, n * words + 1, sizeof *slice->lo);
    slice->hi = (uint64_t *)lay(memory, &at, n * words + 1, sizeof *slice->hi);
    slice->target = (uint64_t *)lay(memory, &at, n * words + 1, sizeof *slice->target);
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
    slice->open = (uint64_t *)lay(memory, &at, 1, set);
    slice->set = (uint64_t *)lay(memory, &at, 1, set);
    slice->leading = (uint64_t *)lay(memory, &at, 1, set);
    slice->condition = (uint64_t *)lay(memory, &at, KG_CONDITION_EITHER + 1, set);
    slice->language = (uint64_t *)lay(memory, &at, 64, set);
    slice->above = (uint64_t *)lay(memory, &at, slice->steps + 1, set);
    slice->below = (uint64_t *)lay(memory, &at, slice->steps + 1, set);
    return at;
}

static uint8_t rank_of(const kg_ranks *x, size_t criterion)
{
    return (uint8_t)(x->word[criterion / 8] >> criterion % 8 * 8);
}

void kg_slice_init(kg_slice *slice, const kg_instance *instance, size_t capacity,
                   const kg_ranks *top, int shift)
{
    memset(slice, 0, sizeof *slice);
    slice->instance = instance;
    slice->top = *top;
    slice->shift = shift;
    slice->capacity = capacity;
    slice->set_words = (capacity / 64 + SET_WORDS) / SET_WORDS * SET_WORDS;
    for (size_t c = 0; c < (size_t)instance->words * 8; c++) {
        slice->step_first[c] = (uint32_t)slice->steps;
        slice->steps += rank_of(top, c);
    }
    slice->memory = kg_realloc(NULL, share_memory(slice, NULL), 1);
    share_memory(slice, slice->memory);
}

void kg_slice_fini(kg_slice *slice)
{
    free(slice->memory);
    memset(slice, 0, sizeof *slice);
}

static uint64_t *set_at(const kg_slice *slice, uint64_t *sets, size_t index)
{
    return sets + index * slice->set_words;
}

static void set_add(uint64_t *set, size_t place)
{
    set[place / 64] |= UINT64_C(1) << place % 64;
}

/* Adds the place to the sets of the steps at which its levels lie. */
static void put_steps(kg_slice *slice, size_t place, int word, uint64_t lo, uint64_t hi)
{
    const uint32_t *first = slice->step_first + word * 8;
    /* One bit for each byte: where it is above 0, where it is below the top. */
    uint64_t required = (lo + ~KG_RANK_TOPS) & KG_RANK_TOPS;
    uint64_t limited = ~kg_ranks_above(hi, slice->top.word[word]) & KG_RANK_TOPS;
    for (; required; required &= required - 1) {
        int c = __builtin_ctzll(required) / 8;
        set_add(set_at(slice, slice->above, first[c] + (lo >> c * 8 & 0xff) - 1), place);
    }
    for (; limited; limited &= limited - 1) {
        int c = __builtin_ctzll(limited) / 8;
        set_add(set_at(slice, slice->below, first[c] + (hi >> c * 8 & 0xff)), place);
    }
}

/* `words` is the instance's, or known where it is inlined. */
static inline __attribute__((always_inline)) void put(kg_slice *slice, uint32_t index, int words)
{
    const kg_instance *instance = slice->instance;
    const kg_item *item = &instance->items[index];
    size_t place = slice->count++;
    kg_ranks target = item->hi;
    slice->item[place] = index;
    slice->from[place] = item->from;
    slice->last[place] = (kg_date)(item->to - instance->days_min + 1);
    slice->languages[place] = item->languages;
    slice->conditions[place] = item->conditions;
    slice->kopgroep[place] = item->kopgroep;
    slice->value[place] = item->value >> slice->shift;
    kg_ranks_lower(&target, &slice->top, words);
    kg_ranks_raise(&target, &item->lo, words);
    slice->potential[place] = (int32_t)kg_ranks_steps(&target, words);
    for (int w = 0; w < words; w++) {
        size_t at = place * (size_t)words + (size_t)w;
        slice->lo[at] = item->lo.word[w];
        slice->hi[at] = item->hi.word[w];
        slice->target[at] = target.word[w];
        put_steps(slice, place, w, item->lo.word[w], item->hi.word[w]);
    }
    if (item->kopgroep)
        set_add(slice->leading, place);
    set_add(set_at(slice, slice->condition, item->conditions), place);
    for (kg_languages rest = item->languages; rest; rest &= rest - 1)
        set_add(set_at(slice, slice->language, (size_t)kg_languages_first(rest)), place);
}

static void join(uint64_t *restrict set, const uint64_t *restrict other, size_t words)
{
    for (size_t w = 0; w < words; w += SET_WORDS)
        for (size_t i = 0; i < SET_WORDS; i++)
            set[w + i] |= other[w + i];
}

void kg_slice_fill(kg_slice *slice, const uint32_t *items, size_t count)
{
    size_t words = slice->set_words;
    size_t sets = (size_t)(slice->below - slice->leading) + slice->steps * words;
    memset(slice->leading, 0, sets * sizeof *slice->leading);
    slice->count = slice->found_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            kg_item_prefetch(&slice->instance->items[items[i + AHEAD]]);
        if (slice->instance->words == 1)
            put(slice, items[i], 1);
        else
            put(slice, items[i], slice->instance->words);
    }
    /* Who requires more than a rank requires more than a lower one. */
    for (size_t c = 0; c < (size_t)slice->instance->words * 8; c++) {
        uint64_t *above = set_at(slice, slice->above, slice->step_first[c]);
        uint64_t *below = set_at(slice, slice->below, slice->step_first[c]);
        for (size_t r = rank_of(&slice->top, c); r-- > 1;)
            join(set_at(slice, above, r - 1), set_at(slice, above, r), words);
        for (size_t r = 1; r < rank_of(&slice->top, c); r++)
            join(set_at(slice, below, r), set_at(slice, below, r - 1), words);
    }
    kg_slice_open(slice);
}

void kg_slice_open(kg_slice *slice)
{
    memset(slice->open, 0, slice->set_words * sizeof *slice->open);
    for (size_t i = 0; i < slice->count; i++)
        slice->open[i / 64] |= (uint64_t)(slice->last[i] >= slice->from[i]) << i % 64;
}

static void leave_out(uint64_t *restrict set, const uint64_t *restrict other, size_t words)
{
    for (size_t w = 0; w < words; w += SET_WORDS)
        for (size_t i = 0; i < SET_WORDS; i++)
            set[w + i] &= ~other[w + i];
}

/* Leaves out of the set who requires more than the seed's target or does not accept what it
 * requires. */
static void leave_out_by_levels(kg_slice *slice, size_t seed, size_t word)
{
    size_t at = seed * (size_t)slice->instance->words + word, words = slice->set_words;
    const uint32_t *first = slice->step_first + word * 8;
    uint64_t lo = slice->lo[at], target = slice->target[at], top = slice->top.word[word];
    uint64_t required = (lo + ~KG_RANK_TOPS) & KG_RANK_TOPS;
    uint64_t limited = ~kg_ranks_above(target, top) & KG_RANK_TOPS;
    for (; required; required &= required - 1) {
        int c = __builtin_ctzll(required) / 8;
        size_t step = first[c] + (lo >> c * 8 & 0xff) - 1;
        leave_out(slice->set, set_at(slice, slice->below, step), words);
    }
    for (; limited; limited &= limited - 1) {
        int c = __builtin_ctzll(limited) / 8;
        size_t step = first[c] + (target >> c * 8 & 0xff);
        leave_out(slice->set, set_at(slice, slice->above, step), words);
    }
}

/* The set of those that share a condition, a language and levels with the seed. */
static void find_set(kg_slice *slice, size_t seed)
{
    size_t words = slice->set_words;
    kg_languages rest = slice->languages[seed];
    memset(slice->set, 0, words * sizeof *slice->set);
    for (; rest; rest &= rest - 1)
        join(slice->set, set_at(slice, slice->language, (size_t)kg_languages_first(rest)), words);
    for (size_t w = 0; w < words; w++)
        slice->set[w] &= slice->open[w];
    /* Who takes new only does not meet who takes refurbished only. */
    uint8_t conditions = slice->conditions[seed];
    if (conditions != KG_CONDITION_EITHER)
        leave_out(slice->set,
                  set_at(slice, slice->condition, (size_t)(KG_CONDITION_EITHER - conditions)),
                  words);
    if (!slice->kopgroep[seed])
        leave_out(slice->set, slice->leading, words);
    for (size_t w = 0; w < (size_t)slice->instance->words; w++)
        leave_out_by_levels(slice, seed, w);
    slice->set[seed / 64] &= ~(UINT64_C(1) << seed % 64);
}

void kg_slice_find(kg_slice *slice, size_t seed)
{
    kg_date from = slice->from[seed], last = slice->last[seed];
    size_t count = 0;
    find_set(slice, seed);
    for (size_t w = 0; w * 64 < slice->count && slice->from[w * 64] <= last; w++)
        for (uint64_t rest = slice->set[w]; rest; rest &= rest - 1) {
            uint32_t i = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(rest);
            slice->found[count] = i;
            count += (slice->last[i] >= from) & (slice->from[i] <= last);
        }
    slice->found_count = count;
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

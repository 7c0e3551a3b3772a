/* SPDX-License-Identifier: EUPL-1.2 */
/* Dynamic programming over sets of units. A unit is an item, or a bin that may gain items; units
 * are ordered by first line. Components 1, 2 and 4 depend on the set of placed units only, 3, 5
 * and the tie on how it is split: so best[U] is the best split of exactly U into lots, and the
 * lot with U's first unit is tried in every way that is feasible. Two splits of the same U with
 * the same score differ first in that lot, so that comparing these lots settles the tie. */
#include "broker/grouping/exact.h"

#include <stdlib.h>

typedef uint16_t kg_unit_set;

/* Component 3 and the number of lots in one number: steps x value x 16 - lots. */
#define LOTS_SCALE 16
#define NO_SPLIT (INT64_MIN / 4)
_Static_assert(KG_VALUE_CENTS_MAX * KG_CATEGORY_CRITERIA_MAX * KG_SCALE_LEVELS_MAX *
                       KG_EXACT_UNITS_MAX * LOTS_SCALE <
                   INT64_MAX / 8,
               "the packed score of a split fits");

typedef struct kg_exact {
    const kg_instance *instance;
    int units;
    const kg_item *item[KG_EXACT_UNITS_MAX]; /* NULL: a bin */
    const kg_bin *bin[KG_EXACT_UNITS_MAX];   /* NULL: an item */
    uint16_t body[KG_EXACT_UNITS_MAX];       /* bit of its body; 0 for a bin */
    uint16_t binding[KG_EXACT_UNITS_MAX];    /* the same when the line is binding, else 0 */
    int order[KG_EXACT_UNITS_MAX];           /* units as lots are built: bins, kopgroep, peloton */
    kg_unit_set bins;                        /* units that are bins */
    uint16_t standing, standing_binding;     /* bodies that count through bins already */
    int64_t *lot;                            /* by set: its worth as one lot, or NO_SPLIT */
    int64_t *best;                           /* by set: its worth when split best */
    kg_unit_set *first;                      /* by set: the lot with its first unit */
    uint16_t *bodies, *bound;                /* by set that is a lot or was reached: its bodies */
    kg_unit_set *reached;                    /* the sets that can be split, the empty one first */
    uint32_t reached_count;
    kg_unit_set *lots[KG_EXACT_UNITS_MAX];   /* by first unit: the sets that can be one lot */
    uint32_t lots_count[KG_EXACT_UNITS_MAX];
    int64_t steps;
} kg_exact;

static bool bin_may_gain(const kg_instance *instance, const kg_bin *bin)
{
    for (size_t i = 0; i < instance->items_count; i++)
        if (kg_span_fits(&bin->span, &instance->items[i], instance))
            return true;
    return false;
}

bool kg_exact_can(const kg_instance *instance)
{
    size_t units = instance->items_count;
    for (size_t i = 0; i < instance->bins_count && units <= KG_EXACT_UNITS_MAX; i++)
        units += bin_may_gain(instance, &instance->bins[i]);
    return units <= KG_EXACT_UNITS_MAX;
}

static void take_body(kg_exact *exact, int unit, uint32_t bodies[static KG_EXACT_UNITS_MAX])
{
    const kg_instance *instance = exact->instance;
    uint32_t body = exact->item[unit]->body;
    int bit = 0;
    while (bodies[bit] != body && bodies[bit] != UINT32_MAX)
        bit++;
    bodies[bit] = body;
    exact->body[unit] = (uint16_t)(1u << bit);
    exact->binding[unit] = exact->item[unit]->binding ? exact->body[unit] : 0;
    if (instance->standing[body] & KG_STANDS_PLACED)
        exact->standing |= exact->body[unit];
    if (instance->standing[body] & KG_STANDS_BINDING)
        exact->standing_binding |= exact->body[unit];
}

static void take_units(kg_exact *exact)
{
    const kg_instance *instance = exact->instance;
    uint32_t bodies[KG_EXACT_UNITS_MAX];
    memset(bodies, 0xff, sizeof bodies);
    size_t item = 0, bin = 0;
    while (item < instance->items_count || bin < instance->bins_count) {
        bool is_bin = bin < instance->bins_count &&
                      (item == instance->items_count ||
                       instance->bins[bin].first < instance->items[item].line);
        if (is_bin && !bin_may_gain(instance, &instance->bins[bin])) {
            bin++;
            continue;
        }
        int unit = exact->units++;
        if (is_bin) {
            exact->bin[unit] = &instance->bins[bin++];
            exact->bins |= (kg_unit_set)(1u << unit);
        } else {
            exact->item[unit] = &instance->items[item++];
            take_body(exact, unit, bodies);
        }
    }
}

/* Bins, then kopgroep items, then peloton items: once the kopgroep items of a lot are chosen its
 * levels stand, so that a set that breaks a rule breaks it with every unit that may follow. */
static void order_units(kg_exact *exact)
{
    int count = 0;
    for (int pass = 0; pass < 3; pass++)
        for (int u = 0; u < exact->units; u++) {
            int own = exact->bin[u] ? 0 : exact->item[u]->kopgroep ? 1 : 2;
            if (own == pass)
                exact->order[count++] = u;
        }
}

static int count_bits(unsigned set)
{
    set = (set & 0x5555) + (set >> 1 & 0x5555);
    set = (set & 0x3333) + (set >> 2 & 0x3333);
    set = (set & 0x0f0f) + (set >> 4 & 0x0f0f);
    return (int)((set & 0xff) + (set >> 8));
}

static bool minima_met(const kg_instance *instance, const kg_span *span, uint16_t bodies)
{
    return count_bits(bodies) >= instance->bodies_min &&
           span->quantity >= instance->quantity_min && span->value >= instance->value_min;
}

static void note_lot(kg_exact *exact, const kg_span *span, unsigned set, uint16_t bodies)
{
    const kg_instance *instance = exact->instance;
    if (!span->fixed && !minima_met(instance, span, bodies))
        return;
    int64_t value = 0;
    uint16_t bound = 0;
    for (unsigned rest = set; rest; rest &= rest - 1) {
        int u = __builtin_ctz(rest);
        value += exact->item[u] ? exact->item[u]->value : 0;
        bound |= exact->binding[u];
    }
    exact->lot[set] =
        value * kg_ranks_steps(kg_span_x(span), instance->words) * LOTS_SCALE - 1;
    exact->bodies[set] = bodies;
    exact->bound[set] = bound;
    int low = __builtin_ctz(set);
    exact->lots[low][exact->lots_count[low]++] = (kg_unit_set)set;
}

/* Every feasible set that extends `set` by units from place `at` of the order on. */
static void grow_lots(kg_exact *exact, const kg_span *span, unsigned set, uint16_t bodies, int at)
{
    for (; at < exact->units; at++) {
        int u = exact->order[at];
        kg_span more;
        if (exact->bin[u]) {
            if (set)
                continue;
            more = exact->bin[u]->span;
        } else {
            if (!kg_span_fits(span, exact->item[u], exact->instance))
                continue;
            more = *span;
            kg_span_add(&more, exact->item[u], exact->instance->words);
        }
        unsigned grown = set | 1u << u;
        uint16_t grown_bodies = bodies | exact->body[u];
        note_lot(exact, &more, grown, grown_bodies);
        grow_lots(exact, &more, grown, grown_bodies, at + 1);
    }
}

/* The lines of a lot, for comparing. Returns how many. */
static size_t lines_of(const kg_exact *exact, unsigned set, const uint32_t **members,
                       uint32_t items[static KG_EXACT_UNITS_MAX], size_t *members_count)
{
    size_t count = 0;
    *members = NULL;
    *members_count = 0;
    for (; set; set &= set - 1) {
        int u = __builtin_ctz(set);
        if (exact->bin[u]) {
            const kg_fixed_lot *lot = &exact->instance->input->fixed[exact->bin[u]->fixed];
            *members = lot->members;
            *members_count = lot->members_count;
        } else {
            items[count++] = exact->item[u]->line;
        }
    }
    return count;
}

/* The next line of two ascending lists merged; UINT32_MAX at their end. */
static uint32_t next_line(const uint32_t *a, size_t a_count, size_t *a_at, const uint32_t *b,
                          size_t b_count, size_t *b_at)
{
    uint32_t left = *a_at < a_count ? a[*a_at] : UINT32_MAX;
    uint32_t right = *b_at < b_count ? b[*b_at] : UINT32_MAX;
    if (left == UINT32_MAX && right == UINT32_MAX)
        return UINT32_MAX;
    if (left < right) {
        ++*a_at;
        return left;
    }
    ++*b_at;
    return right;
}

static int compare_with_bins(const kg_exact *exact, unsigned a, unsigned b)
{
    uint32_t items[2][KG_EXACT_UNITS_MAX];
    const uint32_t *members[2];
    size_t items_count[2], members_count[2], item_at[2] = {0, 0}, member_at[2] = {0, 0};
    items_count[0] = lines_of(exact, a, &members[0], items[0], &members_count[0]);
    items_count[1] = lines_of(exact, b, &members[1], items[1], &members_count[1]);
    for (;;) {
        uint32_t line[2];
        for (int i = 0; i < 2; i++)
            line[i] = next_line(items[i], items_count[i], &item_at[i], members[i],
                                members_count[i], &member_at[i]);
        if (line[0] == line[1]) {
            if (line[0] == UINT32_MAX)
                return 0;
            continue;
        }
        if (line[0] == UINT32_MAX || line[1] == UINT32_MAX)
            return line[0] == UINT32_MAX ? -1 : 1;
        return line[0] < line[1] ? -1 : 1;
    }
}

/* Compares two lots as ascending lists of lines; below 0 when a is the smaller. */
static int compare_lots(const kg_exact *exact, unsigned a, unsigned b)
{
    if (a == b)
        return 0;
    if ((a | b) & exact->bins)
        return compare_with_bins(exact, a, b);
    unsigned differ = a ^ b, bit = differ & (0u - differ);
    unsigned other = a & bit ? b : a;
    bool other_ends = (other & ~(bit | (bit - 1))) == 0; /* a prefix comes first */
    return (a & bit ? 1 : -1) * (other_ends ? 1 : -1);
}

/* Adds the lot to the best split of `rest`, with which it shares no unit. */
static inline void try_lot(kg_exact *exact, unsigned rest, unsigned lot)
{
    unsigned set = rest | lot;
    int64_t worth = exact->lot[lot] + exact->best[rest];
    if (worth < exact->best[set])
        return;
    if (worth == exact->best[set] && compare_lots(exact, lot, exact->first[set]) >= 0)
        return;
    if (exact->best[set] == NO_SPLIT) {
        exact->reached[exact->reached_count++] = (kg_unit_set)set;
        exact->bodies[set] = exact->bodies[rest] | exact->bodies[lot];
        exact->bound[set] = exact->bound[rest] | exact->bound[lot];
    }
    exact->best[set] = worth;
    exact->first[set] = (kg_unit_set)lot;
}

/* Splits every set whose first unit is `low`: lots that begin there with splits of later units,
 * or, when there are many of both, set by set. */
static void split_from(kg_exact *exact, int low)
{
    uint32_t later = exact->reached_count, lots = exact->lots_count[low];
    int above = exact->units - 1 - low;
    int64_t subsets = 1;
    for (int i = 0; i < above; i++)
        subsets *= 3;
    if ((int64_t)later * lots <= subsets) {
        exact->steps += (int64_t)later * lots;
        for (uint32_t l = 0; l < lots; l++)
            for (uint32_t r = 0; r < later; r++)
                if (!(exact->reached[r] & exact->lots[low][l]))
                    try_lot(exact, exact->reached[r], exact->lots[low][l]);
        return;
    }
    exact->steps += subsets;
    unsigned head = 1u << low;
    for (unsigned all = 0; all < 1u << above; all++) {
        unsigned rest = all << (low + 1);
        for (unsigned sub = rest;; sub = (sub - 1) & rest) {
            if (exact->lot[sub | head] != NO_SPLIT && exact->best[rest ^ sub] != NO_SPLIT)
                try_lot(exact, rest ^ sub, sub | head);
            if (!sub)
                break;
        }
    }
}

typedef struct kg_placing {
    int binding, bodies;
    int64_t ambition, value, lots;
} kg_placing;

static kg_placing placing_of(const kg_exact *exact, unsigned set)
{
    kg_placing out = {.binding = count_bits(exact->bound[set] | exact->standing_binding),
                      .bodies = count_bits(exact->bodies[set] | exact->standing)};
    for (unsigned rest = set; rest; rest &= rest - 1) {
        int u = __builtin_ctz(rest);
        out.value += exact->item[u] ? exact->item[u]->value : 0;
    }
    out.ambition = (exact->best[set] + LOTS_SCALE - 1) >> 4;
    out.lots = out.ambition * LOTS_SCALE - exact->best[set];
    return out;
}

static int compare_splits(const kg_exact *exact, unsigned a, unsigned b)
{
    while (a && b) {
        int order = compare_lots(exact, exact->first[a], exact->first[b]);
        if (order)
            return order;
        a ^= exact->first[a];
        b ^= exact->first[b];
    }
    return a ? 1 : b ? -1 : 0;
}

static bool better(const kg_exact *exact, const kg_placing *a, unsigned a_set, const kg_placing *b,
                   unsigned b_set)
{
    if (a->binding != b->binding)
        return a->binding > b->binding;
    if (a->bodies != b->bodies)
        return a->bodies > b->bodies;
    if (a->ambition != b->ambition)
        return a->ambition > b->ambition;
    if (a->value != b->value)
        return a->value > b->value;
    if (a->lots != b->lots)
        return a->lots < b->lots;
    return compare_splits(exact, a_set, b_set) < 0;
}

/* The best set to place; every bin is part of it. */
static unsigned choose_set(const kg_exact *exact)
{
    unsigned chosen = exact->bins;
    kg_placing placing = placing_of(exact, chosen);
    for (uint32_t r = 0; r < exact->reached_count; r++) {
        unsigned set = exact->reached[r];
        int binding = count_bits(exact->bound[set] | exact->standing_binding);
        if ((set & exact->bins) != exact->bins || binding < placing.binding)
            continue;
        kg_placing own = placing_of(exact, set);
        if (!better(exact, &own, set, &placing, chosen))
            continue;
        chosen = set;
        placing = own;
    }
    return chosen;
}

static void write_lots(const kg_exact *exact, unsigned set, uint32_t *lot_of)
{
    const kg_instance *instance = exact->instance;
    uint32_t next = (uint32_t)instance->bins_count;
    for (; set; set ^= exact->first[set]) {
        unsigned lot = exact->first[set], bin = lot & exact->bins;
        uint32_t number = bin ? (uint32_t)(exact->bin[__builtin_ctz(bin)] - instance->bins) : next;
        next += bin == 0;
        for (unsigned rest = lot; rest; rest &= rest - 1) {
            const kg_item *item = exact->item[__builtin_ctz(rest)];
            if (item)
                lot_of[item - instance->items] = number;
        }
    }
}

/* The arrays by set, in one piece of memory. */
static void *take_memory(kg_exact *exact)
{
    size_t sets = (size_t)1 << exact->units, at = 0;
    int64_t *memory = kg_realloc(NULL, sets, 2 * sizeof(int64_t) + 5 * sizeof(kg_unit_set));
    exact->lot = memory;
    exact->best = memory + sets;
    for (size_t i = 0; i < 2 * sets; i++)
        memory[i] = NO_SPLIT;
    exact->first = (kg_unit_set *)(memory + 2 * sets);
    exact->bodies = exact->first + sets;
    exact->bound = exact->bodies + sets;
    exact->reached = exact->bound + sets;
    for (int u = 0; u < exact->units; u++) {
        exact->lots[u] = exact->reached + sets + at;
        at += sets >> (u + 1);
    }
    return memory;
}

int64_t kg_exact_solve(const kg_instance *instance, uint32_t *lot_of)
{
    kg_exact exact = {.instance = instance};
    take_units(&exact);
    order_units(&exact);
    void *memory = take_memory(&exact);
    for (size_t i = 0; i < instance->items_count; i++)
        lot_of[i] = KG_NO_LOT;
    kg_span empty;
    kg_span_init(&empty);
    grow_lots(&exact, &empty, 0, 0, 0);
    exact.best[0] = 0;
    exact.first[0] = exact.bodies[0] = exact.bound[0] = 0;
    exact.reached[exact.reached_count++] = 0;
    for (int low = exact.units - 1; low >= 0; low--)
        split_from(&exact, low);
    write_lots(&exact, choose_set(&exact), lot_of);
    free(memory);
    return exact.steps / 4 + ((int64_t)1 << exact.units) / 2;
}

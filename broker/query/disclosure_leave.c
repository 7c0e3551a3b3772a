/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines that are no longer what they are counted as leave their class or move to another, where
 * that tells nothing. */
#include <stdlib.h>

#include "broker/query/disclosure_private.h"

/* What is to become of a line of the class. */
typedef enum kg_fate {
    KG_STAYS, KG_MIGHT_MOVE, KG_LEAVES, KG_MOVES, KG_MOVED
} kg_fate;

typedef struct kg_mover {
    kg_cell_key to;
    bool same_value, same_quantity;
    uint32_t line;
} kg_mover;

/* One class. */
typedef struct kg_departure {
    kg_next_version *next;
    uint8_t *fates; /* by line */
    const uint32_t *lines;
    size_t count;
} kg_departure;

static void read(const kg_departure *departure, uint32_t line, kg_counted_line *out)
{
    departure->next->source->read(departure->next->source->context, line, out);
}

static void add(const kg_departure *departure, uint32_t line)
{
    kg_next_version *next = departure->next;
    const kg_history_image *image = &next->history->images[line];
    kg_contributors_add(&next->group, next->source->holding(next->source->context, line),
                        image->value_cents, image->quantity);
}

/* Do those with this fate pass, as they are counted? */
static bool fate_safe(const kg_departure *departure, kg_fate fate)
{
    kg_next_version *next = departure->next;
    kg_contributors_clear(&next->group);
    for (size_t i = 0; i < departure->count; i++)
        if (departure->fates[departure->lines[i]] == fate)
            add(departure, departure->lines[i]);
    return kg_contributors_safe(&next->group, next->rules);
}

/* Do those that would still be in the class pass? None do. */
static bool rest_safe(const kg_departure *departure, bool *empty)
{
    kg_next_version *next = departure->next;
    kg_contributors_clear(&next->group);
    for (size_t i = 0; i < departure->count; i++) {
        uint32_t line = departure->lines[i];
        bool counted = next->history->images[line].class != 0;
        if (counted && departure->fates[line] < KG_LEAVES)
            add(departure, line);
    }
    *empty = next->group.count == 0;
    return *empty || kg_contributors_safe(&next->group, next->rules);
}

static void take_out(kg_next_version *next, uint32_t line)
{
    kg_counted_line now;
    kg_history_take(next->history, line);
    next->source->read(next->source->context, line, &now);
    if (!now.live)
        return;
    next->coming =
        kg_grow(next->coming, next->coming_count, &next->coming_capacity, sizeof *next->coming);
    next->coming[next->coming_count++] = line;
}

/* A class's sum is known; that all of it goes tells nothing more. */
static void leave(const kg_departure *departure)
{
    bool all;
    bool may = rest_safe(departure, &all) && (all || fate_safe(departure, KG_LEAVES));
    for (size_t i = 0; i < departure->count; i++) {
        uint32_t line = departure->lines[i];
        if (departure->fates[line] != KG_LEAVES)
            continue;
        departure->fates[line] = KG_STAYS;
        if (may)
            take_out(departure->next, line);
    }
}

static bool moved_safe(const kg_departure *departure, const kg_mover *movers, size_t count)
{
    kg_next_version *next = departure->next;
    kg_contributors_clear(&next->group);
    for (size_t i = 0; i < count; i++) {
        kg_counted_line now;
        read(departure, movers[i].line, &now);
        kg_contributors_add(&next->group, now.holding, now.value_cents, now.quantity);
    }
    return kg_contributors_safe(&next->group, next->rules);
}

static void move(const kg_departure *departure, const kg_mover *movers, size_t count, int level)
{
    kg_disclosure_history *history = departure->next->history;
    bool all;
    for (size_t i = 0; i < count; i++)
        departure->fates[movers[i].line] = KG_MOVES;
    bool may = rest_safe(departure, &all) && fate_safe(departure, KG_MOVES) &&
               moved_safe(departure, movers, count);
    for (size_t i = 0; i < count; i++)
        departure->fates[movers[i].line] = KG_STAYS;
    if (!may)
        return;
    uint32_t class =
        kg_history_class_new(history, kg_history_cell_at(history, movers[0].to, level));
    for (size_t i = 0; i < count; i++) {
        kg_counted_line now;
        read(departure, movers[i].line, &now);
        kg_history_take(history, movers[i].line);
        kg_history_put(history, class, movers[i].line, &now);
        departure->fates[movers[i].line] = KG_MOVED;
    }
}

static int compare_movers(const void *a, const void *b)
{
    const kg_mover *x = a, *y = b;
    int x_kind = x->same_value * 2 + x->same_quantity;
    int y_kind = y->same_value * 2 + y->same_quantity;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x_kind != y_kind)
        return x_kind - y_kind;
    return (x->line > y->line) - (x->line < y->line);
}

static bool same_group(const kg_mover *a, const kg_mover *b)
{
    return a->to == b->to && a->same_value == b->same_value &&
           a->same_quantity == b->same_quantity;
}

static void move_groups(const kg_departure *departure, int level)
{
    const kg_disclosure_history *history = departure->next->history;
    kg_mover *movers = kg_alloc(departure->count, sizeof *movers);
    size_t count = 0;
    for (size_t i = 0; i < departure->count; i++) {
        uint32_t line = departure->lines[i];
        kg_counted_line now;
        if (departure->fates[line] != KG_MIGHT_MOVE)
            continue;
        read(departure, line, &now);
        movers[count++] = (kg_mover){kg_cell_key_at(now.key, level),
                                     kg_history_same_value(&history->images[line], &now),
                                     kg_history_same_quantity(&history->images[line], &now), line};
    }
    qsort(movers, count, sizeof *movers, compare_movers);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && same_group(&movers[from], &movers[to]);)
            to++;
        move(departure, movers + from, to - from, level);
    }
    free(movers);
}

static void depart(const kg_departure *departure)
{
    const kg_disclosure_history *history = departure->next->history;
    uint32_t class = history->images[departure->lines[0]].class;
    int level = history->cells[history->classes[class].cell].sums.level;
    leave(departure);
    move_groups(departure, level);
}

static kg_fate fate_of(kg_next_version *next, uint32_t line)
{
    const kg_history_image *image = &next->history->images[line];
    kg_counted_line now;
    next->source->read(next->source->context, line, &now);
    bool known = now.live &&
                 (kg_history_same_value(image, &now) || kg_history_same_quantity(image, &now));
    return known ? KG_MIGHT_MOVE : KG_LEAVES;
}

void kg_next_version_leave(kg_next_version *next)
{
    kg_disclosure_history *history = next->history;
    kg_line_groups groups;
    size_t classes = history->classes_count;
    if (next->leaving_count == 0)
        return;
    uint8_t *fates = kg_alloc(history->images_count, sizeof *fates);
    bool *wanted = kg_alloc(classes, sizeof *wanted);
    for (size_t i = 0; i < next->leaving_count; i++) {
        fates[next->leaving[i]] = (uint8_t)fate_of(next, next->leaving[i]);
        wanted[history->images[next->leaving[i]].class] = true;
    }
    kg_line_groups_by_class(history, wanted, &groups);
    for (size_t i = 1; i < classes; i++) {
        kg_departure departure = {next, fates, groups.lines + groups.first[i],
                                  groups.first[i + 1] - groups.first[i]};
        if (wanted[i])
            depart(&departure);
    }
    kg_line_groups_fini(&groups);
    free(wanted);
    free(fates);
}

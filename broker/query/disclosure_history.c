/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_history.h"

#include <stdlib.h>
#include <string.h>

#include "broker/query/disclosure_private.h"

kg_disclosure_history *kg_disclosure_history_new(void)
{
    kg_disclosure_history *history = kg_alloc(1, sizeof *history);
    history->classes = kg_grow(NULL, 0, &history->classes_capacity, sizeof *history->classes);
    history->classes[history->classes_count++] = (kg_history_class){0};
    return history;
}

void kg_disclosure_history_destroy(kg_disclosure_history **history)
{
    kg_disclosure_history *self = *history;
    if (!self)
        return;
    for (size_t i = 0; i < self->categories_count; i++)
        free(self->categories[i]);
    free(self->categories);
    free(self->images);
    free(self->classes);
    free(self->cells);
    free(self->slots);
    free(self);
    *history = NULL;
}

uint32_t kg_disclosure_history_category(kg_disclosure_history *history, const char *name)
{
    size_t i = 0;
    while (i < history->categories_count && strcmp(history->categories[i], name) != 0)
        i++;
    if (i == history->categories_count) {
        history->categories = kg_grow(history->categories, i, &history->categories_capacity,
                                      sizeof *history->categories);
        history->categories[history->categories_count++] = kg_strdup(name);
    }
    return (uint32_t)i;
}

uint32_t kg_disclosure_history_class(const kg_disclosure_history *history, size_t line)
{
    return line < history->images_count ? history->images[line].class : 0;
}

void kg_disclosure_history_cell(const kg_disclosure_history *history, uint32_t class,
                                kg_cell_key *at, int *level)
{
    const kg_version_cell *cell = &history->cells[history->classes[class].cell].sums;
    *at = cell->at;
    *level = cell->level;
}

void kg_disclosure_history_archive(kg_disclosure_history *history, const kg_archive *archive)
{
    kg_disclosure_history read = *history;
    KG_ARCHIVE(archive, read);
    read.images = kg_archive_array(archive, history->images, read.images_count,
                                   read.images_count, sizeof *read.images);
    read.classes = kg_archive_array(archive, history->classes, read.classes_count,
                                    read.classes_capacity, sizeof *read.classes);
    read.cells = kg_archive_array(archive, history->cells, read.cells_count, read.cells_capacity,
                                  sizeof *read.cells);
    read.slots = kg_archive_array(archive, history->slots, read.slots_count, read.slots_count,
                                  sizeof *read.slots);
    read.categories =
        kg_archive_array(archive, history->categories, read.categories_count,
                         read.categories_capacity, sizeof *read.categories);
    for (size_t i = 0; i < read.categories_count; i++)
        read.categories[i] = kg_archive_text(archive, read.categories[i]);
    if (archive->reading)
        free(history->classes); /* a fresh one has no more than these */
    *history = read;
}

static void make_room(kg_disclosure_history *history, size_t lines)
{
    if (lines <= history->images_count)
        return;
    history->images = kg_realloc(history->images, lines, sizeof *history->images);
    memset(history->images + history->images_count, 0,
           (lines - history->images_count) * sizeof *history->images);
    history->images_count = lines;
}

/* Is a counted line still what it was when it was counted, as far as its cell tells? */
static bool stands(const kg_disclosure_history *history, const kg_history_image *image,
                   const kg_counted_line *now)
{
    const kg_version_cell *cell = &history->cells[history->classes[image->class].cell].sums;
    return now->live && kg_cell_key_at(now->key, cell->level) == cell->at &&
           now->value_cents == image->value_cents && now->quantity == image->quantity;
}

static void note(uint32_t **list, size_t *count, size_t *capacity, size_t line)
{
    *list = kg_grow(*list, *count, capacity, sizeof **list);
    (*list)[(*count)++] = (uint32_t)line;
}

/* May a line that is not counted come? Not when it was counted before, by the same amount: then it
 * would be told apart from those that left with it. */
static bool may_come(const kg_history_image *image, const kg_counted_line *now)
{
    return now->live && !kg_history_same_value(image, now) &&
           !kg_history_same_quantity(image, now);
}

static void compare(kg_next_version *next)
{
    for (size_t i = 0; i < next->source->count; i++) {
        const kg_history_image *image = &next->history->images[i];
        kg_counted_line now;
        next->source->read(next->source->context, i, &now);
        if (image->class != 0 && !stands(next->history, image, &now))
            note(&next->leaving, &next->leaving_count, &next->leaving_capacity, i);
        else if (image->class == 0 && may_come(image, &now))
            note(&next->coming, &next->coming_count, &next->coming_capacity, i);
    }
}

/* Distinct organisations of the touched cells. */
static void recount(const kg_next_version *next)
{
    kg_disclosure_history *history = next->history;
    kg_line_groups groups;
    size_t members = next->source->members ? next->source->members : 1;
    uint32_t *seen = kg_alloc(members, sizeof *seen);
    kg_line_groups_by_cell(history, &groups);
    for (size_t i = 0; i < history->cells_count; i++) {
        kg_history_cell *cell = &history->cells[i];
        if (!cell->touched)
            continue;
        cell->touched = false;
        cell->sums.organisations = 0;
        for (size_t k = groups.first[i]; k < groups.first[i + 1]; k++) {
            kg_counted_line line;
            next->source->read(next->source->context, groups.lines[k], &line);
            cell->sums.organisations += seen[line.member] != i + 1;
            seen[line.member] = (uint32_t)i + 1;
        }
    }
    kg_line_groups_fini(&groups);
    free(seen);
}

static kg_version *make_version(const kg_disclosure_history *history, kg_date today)
{
    kg_version *version = kg_alloc(1, sizeof *version);
    size_t cells = history->cells_count, names = history->categories_count;
    version->number = history->number;
    version->date = today;
    version->cells = kg_alloc(cells ? cells : 1, sizeof *version->cells);
    version->categories = kg_alloc(names ? names : 1, sizeof *version->categories);
    for (size_t i = 0; i < cells; i++)
        if (history->cells[i].lines > 0)
            version->cells[version->count++] = history->cells[i].sums;
    for (size_t i = 0; i < names; i++)
        version->categories[i] = kg_strdup(history->categories[i]);
    version->categories_count = names;
    return version;
}

kg_version *kg_disclosure_history_next(kg_disclosure_history *history,
                                       const kg_line_source *source,
                                       const kg_disclosure_rules *rules, kg_date today)
{
    kg_next_version next = {.history = history, .source = source, .rules = rules};
    make_room(history, source->count);
    kg_contributors_init(&next.group, source->members);
    compare(&next);
    kg_next_version_leave(&next);
    kg_next_version_come(&next);
    recount(&next);
    kg_contributors_fini(&next.group);
    free(next.leaving);
    free(next.coming);
    history->number++;
    return make_version(history, today);
}

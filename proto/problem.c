/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/problem.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"
#include "proto/sink.h"
#include "proto/text.h"

#define VALUE_BYTES_MAX 100

void kg_problems_init(kg_problems *problems, const char *file)
{
    *problems = (kg_problems){.file = file};
}

void kg_problems_fini(kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        free(problems->items[i].file);
        free(problems->items[i].column);
        free(problems->items[i].value);
        free(problems->items[i].allowed);
    }
    free(problems->items);
    *problems = (kg_problems){0};
}

/* What is said goes to terminals and into JSON: nothing of it may act there. Cut at so many
 * bytes. */
static char *printable(const char *value, size_t bytes_max)
{
    kg_buffer out;
    size_t count = strlen(value), at = 0;
    kg_buffer_init(&out);
    while (at < count) {
        size_t length = kg_utf8_character(value + at, count - at);
        if (at + (length ? length : 1) > bytes_max) {
            kg_buffer_add(&out, "...", 3);
            break;
        }
        char character[5] = {0};
        memcpy(character, value + at, length);
        if (length > 0 && kg_text_valid(character, length)) {
            kg_buffer_add(&out, character, length);
            at += length;
            continue;
        }
        for (size_t end = at + (length ? length : 1); at < end; at++)
            kg_buffer_format(&out, "\\x%02x", (unsigned)(uint8_t)value[at]);
    }
    return out.bytes;
}

static char *sentence(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    size_t bytes = kg_text_vformat(NULL, 0, format, arguments) + 1;
    char *out = kg_alloc(bytes, 1);
    kg_text_vformat(out, bytes, format, again);
    va_end(again);
    char *said = printable(out, SIZE_MAX); /* a parser's words may hold what it read */
    free(out);
    return said;
}

void kg_problems_vadd(kg_problems *problems, kg_status status, long row, const char *column,
                      const char *value, const char *format, va_list arguments)
{
    problems->items = kg_grow(problems->items, problems->count, &problems->capacity,
                              sizeof problems->items[0]);
    problems->items[problems->count++] = (kg_problem){
        .status = status,
        .file = kg_strdup(problems->file),
        .row = row,
        .column = kg_strdup(column),
        .value = value ? printable(value, VALUE_BYTES_MAX) : NULL,
        .allowed = format ? sentence(format, arguments) : kg_strdup(kg_status_text(status)),
    };
}

void kg_problems_add(kg_problems *problems, kg_status status, long row, const char *column,
                     const char *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kg_problems_vadd(problems, status, row, column, value, format, arguments);
    va_end(arguments);
}

struct place {
    long row;
    size_t index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

void kg_problems_sort(kg_problems *problems, size_t first)
{
    size_t count = problems->count - first;
    struct place *places = kg_alloc(count, sizeof *places);
    kg_problem *sorted = kg_alloc(count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){problems->items[first + i].row, first + i};
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++)
        sorted[i] = problems->items[places[i].index];
    if (count > 0)
        memcpy(problems->items + first, sorted, count * sizeof *sorted);
    free(sorted);
    free(places);
}

char *kg_problem_write(const kg_problem *problem)
{
    kg_buffer out;
    kg_buffer_init(&out);
    if (problem->file && problem->row > 0)
        kg_buffer_format(&out, "%s:%ld: ", problem->file, problem->row);
    else if (problem->file)
        kg_buffer_format(&out, "%s: ", problem->file);
    else if (problem->row > 0)
        kg_buffer_format(&out, "%ld: ", problem->row);
    if (problem->column)
        kg_buffer_format(&out, "%s: ", problem->column);
    if (problem->value)
        kg_buffer_format(&out, "\"%s\": ", problem->value);
    kg_buffer_format(&out, "%s [%s]", problem->allowed, kg_status_name(problem->status));
    return out.bytes;
}

static int compare_rows(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

size_t kg_problems_rows(const kg_problems *problems)
{
    long *rows = kg_alloc(problems->count, sizeof *rows);
    size_t different = 0;
    for (size_t i = 0; i < problems->count; i++)
        rows[i] = problems->items[i].row;
    qsort(rows, problems->count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < problems->count; i++)
        different += rows[i] > 0 && (i == 0 || rows[i] != rows[i - 1]);
    free(rows);
    return different;
}

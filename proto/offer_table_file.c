/* SPDX-License-Identifier: EUPL-1.2 */
/* Offers as rows of a table: each becomes a section, and goes the way of those. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proto/csv_file.h"
#include "proto/offer_section.h"

#define FILE_BYTES_MAX 1048576
#define COLUMNS_MAX 64

enum { SUPPLIER = KG_OFFER_KEYS, COLUMNS, NONE = -1 };

struct kg_offer_table {
    kg_problems *problems;
    size_t before; /* problems that there were */
    long row;
    bool stopped, has_header;
    int columns[COLUMNS_MAX]; /* of each field: a kg_offer_key, SUPPLIER or NONE */
    size_t columns_count;
    unsigned present; /* set of columns that the header names */
    const char *fields[COLUMNS_MAX];
    size_t fields_count;
    bool beyond;        /* something stands beyond the last field that has room */
    kg_section *offers; /* owned, as their lists are */
    size_t count, capacity;
    kg_arena arena; /* texts, until they are taken */
};

static const char *name_of(int column)
{
    return column == SUPPLIER ? "supplier" : kg_offer_keys[column].name;
}

kg_offer_table *kg_offer_table_new(kg_problems *problems)
{
    kg_offer_table *table = kg_alloc(1, sizeof *table);
    table->problems = problems;
    table->before = problems->count;
    table->row = 1;
    kg_arena_init(&table->arena);
    return table;
}

void kg_offer_table_begin(kg_offer_table *table, long row)
{
    table->row = row;
}

/* ---- fields ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Without blanks at its ends. */
static const char *keep(kg_offer_table *table, const char *bytes, size_t count)
{
    while (count > 0 && is_blank(bytes[count - 1]))
        count--;
    for (; count > 0 && is_blank(*bytes); count--)
        bytes++;
    return kg_arena_text(&table->arena, bytes, count);
}

void kg_offer_table_field(kg_offer_table *table, const char *bytes, size_t count)
{
    const size_t at = table->fields_count;
    const size_t room = table->has_header ? table->columns_count : COLUMNS_MAX;
    const char *fault = kg_csv_text_fault(bytes, count);
    const char *text = keep(table, fault ? "" : bytes, fault ? 0 : count);
    if (fault)
        kg_problems_add(table->problems, KG_STATUS_ENCODING, table->row,
                        table->has_header && at < room && table->columns[at] >= 0
                            ? name_of(table->columns[at])
                            : NULL,
                        NULL, "%s", fault);
    if (at < room)
        table->fields[table->fields_count++] = text;
    else
        table->beyond |= text[0] != '\0';
}

/* ---- the header ---- */

static int find(const char *name)
{
    int column = 0;
    while (column < COLUMNS && strcasecmp(name, name_of(column)) != 0)
        column++;
    return column < COLUMNS ? column : NONE;
}

static void refuse_name(kg_offer_table *table, const char *name)
{
    const char *names[COLUMNS];
    kg_buffer list;
    kg_buffer_init(&list);
    for (int i = 0; i < COLUMNS; i++) {
        names[i] = name_of(i);
        kg_buffer_format(&list, " %s", names[i]);
    }
    const char *nearest = kg_text_nearest(name, names, COLUMNS);
    if (nearest)
        kg_problems_add(table->problems, KG_STATUS_UNKNOWN_COLUMN, table->row, NULL, name,
                        "Did you mean %s? The columns are:%s.", nearest, list.bytes);
    else
        kg_problems_add(table->problems, KG_STATUS_UNKNOWN_COLUMN, table->row, NULL, name,
                        "The columns are:%s.", list.bytes);
    kg_buffer_fini(&list);
}

static int read_name(kg_offer_table *table, const char *name)
{
    const int column = find(name);
    if (column == NONE && name[0])
        refuse_name(table, name);
    if (column == NONE)
        return NONE;
    if (table->present >> column & 1)
        kg_problems_add(table->problems, KG_STATUS_DUPLICATE_COLUMN, table->row, name, NULL, NULL);
    table->present |= 1u << column;
    return column;
}

static void read_header(kg_offer_table *table)
{
    static const int required[] = {SUPPLIER, KG_OFFER_UNIT_PRICE, KG_OFFER_LIFETIME_YEARS};
    table->has_header = true;
    table->columns_count = table->fields_count;
    for (size_t i = 0; i < table->fields_count; i++)
        table->columns[i] = read_name(table, table->fields[i]);
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!(table->present >> required[i] & 1))
            kg_problems_add(table->problems, KG_STATUS_MISSING, table->row, name_of(required[i]),
                            NULL, "The file must have a column %s.", name_of(required[i]));
}

/* ---- rows ---- */

static void add_setting(kg_offer_table *table, kg_setting_list *list, const char *text,
                        size_t count)
{
    const char *kept = keep(table, text, count);
    if (!kept[0])
        return;
    list->items = kg_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (kg_setting){kept, table->row};
}

static void add_value(kg_offer_table *table, kg_section *section, int key, const char *text)
{
    static const char *const between[KG_OFFER_KEYS] = {
        [KG_OFFER_LEVELS] = " ;\t\r\n", [KG_OFFER_LABELS] = ";\r\n"};
    const char *ends = between[key] ? between[key] : "";
    do {
        size_t count = *ends ? strcspn(text, ends) : strlen(text);
        add_setting(table, &section->keys[key], text, count);
        text += count;
    } while (*text++);
}

/* What the header lacks was told once, there: it is not told of every row again. */
static void add_untold(kg_offer_table *table, kg_section *section)
{
    static const int required[] = {KG_OFFER_UNIT_PRICE, KG_OFFER_LIFETIME_YEARS};
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!(table->present >> required[i] & 1))
            add_setting(table, &section->keys[required[i]], "1", 1);
    if (!(table->present >> SUPPLIER & 1))
        section->title = "1";
}

static void read_row(kg_offer_table *table)
{
    static const kg_section_kind kind = {"supplier", kg_offer_keys};
    table->offers = kg_grow(table->offers, table->count, &table->capacity, sizeof *table->offers);
    kg_section *section = &table->offers[table->count++];
    *section = (kg_section){.kind = &kind,
                            .title = "",
                            .row = table->row,
                            .keys = kg_alloc(KG_OFFER_KEYS, sizeof *section->keys)};
    for (size_t i = 0; i < table->fields_count; i++) {
        const int column = table->columns[i];
        if (column == SUPPLIER)
            section->title = table->fields[i];
        else if (column >= 0)
            add_value(table, section, column, table->fields[i]);
    }
    add_untold(table, section);
    if (table->beyond)
        kg_problems_add(table->problems, KG_STATUS_FIELD_COUNT, table->row, NULL, NULL,
                        "The row has more fields than the header (%zu); a text with a separator "
                        "in it must stand in quotes.",
                        table->columns_count);
}

static bool is_empty(const kg_offer_table *table)
{
    size_t i = 0;
    while (i < table->fields_count && !table->fields[i][0])
        i++;
    return i == table->fields_count && !table->beyond;
}

void kg_offer_table_end(kg_offer_table *table)
{
    if (!is_empty(table) && table->has_header)
        read_row(table);
    else if (!is_empty(table))
        read_header(table);
    table->fields_count = 0;
    table->beyond = false;
    table->row++;
}

kg_offer *kg_offer_table_finish(kg_offer_table **table, kg_arena *arena, size_t *count)
{
    kg_offer_table *self = *table;
    kg_problems *problems = self->problems;
    const size_t before = self->before;
    kg_offer *offers = kg_arena_alloc(arena, (self->count + 1) * sizeof *offers);
    for (size_t i = 0; i < self->count; i++) {
        offers[i] = (kg_offer){0};
        kg_offer_take(&self->offers[i], arena, &offers[i], problems);
        for (int key = 0; key < KG_OFFER_KEYS; key++)
            free(self->offers[i].keys[key].items);
        free(self->offers[i].keys);
    }
    *count = self->count;
    if (problems->count == before)
        kg_offers_check_count(*count, problems);
    kg_problems_sort(problems, before);
    kg_arena_fini(&self->arena);
    free(self->offers);
    free(self);
    *table = NULL;
    return problems->count == before ? offers : NULL;
}

/* ---- CSV ---- */

static void take_field(void *context, const char *bytes, size_t count)
{
    kg_offer_table_field(context, bytes, count);
}

static void take_end(void *context, bool broken)
{
    kg_offer_table *table = context;
    if (broken)
        table->fields_count = 0;
    table->stopped |= broken && !table->has_header;
    kg_offer_table_end(table);
}

kg_offer *kg_offers_read_csv(const char *path, kg_arena *arena, size_t *count,
                             kg_problems *problems)
{
    kg_offer_table *table = kg_offer_table_new(problems);
    const kg_csv_taker taker = {.context = table,
                                .field = take_field,
                                .end = take_end,
                                .row = &table->row,
                                .stopped = &table->stopped,
                                .bytes_most = FILE_BYTES_MAX,
                                .problems = problems};
    (void)kg_csv_read(path, &taker); /* why not is told */
    return kg_offer_table_finish(&table, arena, count);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan_csv_rows.h"

#include <stdlib.h>
#include <string.h>

#include "proto/csv_file.h"

#define HEADER_FIELDS_MAX 500
void kg_csv_rows_init(kg_csv_rows *rows, kg_plan_reading *reading, kg_plan *plan,
                      kg_problems *problems)
{
    *rows = (kg_csv_rows){
        .reading = reading, .plan = plan, .problems = problems, .row = 1};
    kg_buffer_init(&rows->text);
    reading->rows = 0;
    reading->heading = 0;
}

void kg_csv_rows_fini(kg_csv_rows *rows)
{
    free(rows->keys);
    kg_buffer_fini(&rows->text);
    free(rows->fields);
    free(rows->columns);
}

/* What no C string can hold, or is no text, is told here and not by the check. */
static void check_bytes(kg_csv_rows *rows, size_t field)
{
    const char *bytes = rows->text.bytes + rows->fields[field].at;
    const char *fault = kg_csv_text_fault(bytes, rows->fields[field].bytes);
    if (!fault || rows->columns[field] < 0)
        return;
    kg_column column = (kg_column)rows->columns[field];
    kg_problems_add(rows->problems, KG_STATUS_ENCODING, rows->row, kg_column_name(column), bytes,
                    "%s", fault);
    rows->told |= 1u << column;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void kg_csv_rows_field(kg_csv_rows *rows, const char *bytes, size_t count)
{
    size_t field = rows->fields_count;
    while (count > 0 && is_blank(bytes[count - 1]))
        count--;
    for (; count > 0 && is_blank(*bytes); count--)
        bytes++;
    if (rows->has_header && field >= rows->columns_count) {
        rows->beyond = rows->beyond || count > 0;
        return;
    }
    if (field == HEADER_FIELDS_MAX) {
        if (!rows->stopped)
            kg_problems_add(rows->problems, KG_STATUS_FILE_SYNTAX, rows->row, NULL, NULL,
                            "The header has more than %d columns.", HEADER_FIELDS_MAX);
        rows->stopped = true;
        return;
    }
    rows->fields = kg_grow(rows->fields, field, &rows->fields_capacity, sizeof rows->fields[0]);
    rows->fields[field] = (kg_csv_field){.at = rows->text.count, .bytes = count};
    rows->fields_count++;
    kg_buffer_add(&rows->text, bytes, count);
    kg_buffer_add(&rows->text, "", 1);
    if (rows->has_header)
        check_bytes(rows, field);
}

static bool is_empty(const kg_csv_rows *rows)
{
    for (size_t i = 0; i < rows->fields_count; i++) {
        if (rows->fields[i].bytes > 0)
            return false;
    }
    return !rows->beyond;
}

static void make_draft(kg_csv_rows *rows, kg_line_draft *draft)
{
    *draft = (kg_line_draft){.told = rows->missing | rows->told};
    for (size_t i = 0; i < rows->fields_count; i++) {
        const char *text = rows->text.bytes + rows->fields[i].at;
        if (rows->columns[i] >= 0)
            draft->text[rows->columns[i]] = text;
        else if (rows->columns[i] == KG_CSV_NAMELESS && rows->fields[i].bytes > 0)
            kg_problems_add(rows->problems, KG_STATUS_UNKNOWN_COLUMN, rows->row, NULL, text,
                            "The text stands in a column without a name in the header.");
    }
    if (rows->beyond)
        kg_problems_add(rows->problems, KG_STATUS_FIELD_COUNT, rows->row, NULL, NULL,
                        "The row has more fields than the header (%zu); a text with a separator "
                        "in it must stand in quotes.",
                        rows->columns_count);
}

/* Offline every line needs its organisation, which the check leaves open. */
static void need_organisation(kg_csv_rows *rows, kg_line_draft *draft)
{
    const uint32_t bit = 1u << KG_COLUMN_ORGANISATION;
    const char *text = draft->text[KG_COLUMN_ORGANISATION];
    if (!rows->reading->organisation_column || (draft->told & bit) || (text && *text))
        return;
    kg_problems_add(rows->problems, KG_STATUS_MISSING, rows->row,
                    kg_column_name(KG_COLUMN_ORGANISATION), NULL,
                    "Give the id of the organisation whose line it is.");
    draft->told |= bit;
}

/* Remembers the key of a line that has one. */
static void add_key(kg_csv_rows *rows, const kg_plan_line *line)
{
    if (!line->line || (rows->reading->organisation_column && !line->organisation))
        return;
    rows->keys =
        kg_grow(rows->keys, rows->keys_count, &rows->keys_capacity, sizeof rows->keys[0]);
    rows->keys[rows->keys_count++] = kg_csv_key_of(line, rows->row);
}

static void read_line(kg_csv_rows *rows)
{
    kg_line_draft draft;
    kg_plan *plan = rows->plan;
    rows->reading->rows++;
    make_draft(rows, &draft);
    if (rows->reading->row)
        rows->reading->row(rows->reading->context, rows->row, &draft);
    need_organisation(rows, &draft);
    plan->lines = kg_grow(plan->lines, plan->count, &plan->capacity, sizeof plan->lines[0]);
    kg_plan_line *line = &plan->lines[plan->count];
    bool right = kg_plan_line_check(&draft, rows->reading->catalogue, rows->reading->languages,
                                    rows->row, &plan->arena, line, rows->problems);
    add_key(rows, line);
    plan->count += right;
}

static void begin_with(kg_csv_rows *rows)
{
    rows->reading->heading = rows->row;
    kg_csv_header_read(rows);
}

void kg_csv_rows_end(kg_csv_rows *rows, bool broken)
{
    if (rows->stopped)
        return;
    if (broken) {
        rows->reading->rows += rows->has_header;
        rows->stopped = !rows->has_header;
    } else if (!is_empty(rows)) {
        if (rows->has_header)
            read_line(rows);
        else
            begin_with(rows);
    }
    if (rows->problems->count >= KG_CSV_PROBLEMS_MAX) {
        kg_problems_add(rows->problems, KG_STATUS_FILE_SYNTAX, rows->row, NULL, NULL,
                        "There are %d problems and more; the rows after this one were not read.",
                        KG_CSV_PROBLEMS_MAX);
        rows->stopped = true;
    }
    rows->row++;
    rows->fields_count = 0;
    rows->text.count = 0;
    rows->told = 0;
    rows->beyond = false;
}

void kg_csv_rows_finish(kg_csv_rows *rows)
{
    kg_csv_keys_check(rows->keys, rows->keys_count, rows->problems);
    if (!rows->stopped && rows->reading->rows == 0)
        kg_problems_add(rows->problems, KG_STATUS_EMPTY, 0, NULL, NULL,
                        rows->has_header ? "The file has a header but no lines."
                                         : KG_SAY("The file is empty."));
}

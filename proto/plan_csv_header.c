/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan_csv_rows.h"

#include <string.h>

#include "proto/csv_file.h"

/* One of two columns must be there; the first is the one that is named as missing. */
static const struct required {
    kg_column column, other;
} required[] = {
    {KG_COLUMN_LINE, KG_COLUMN_LINE},
    {KG_COLUMN_CATEGORY, KG_COLUMN_CPV},
    {KG_COLUMN_QUANTITY, KG_COLUMN_VALUE},
    {KG_COLUMN_DELIVERY_FROM, KG_COLUMN_DELIVERY_FROM},
    {KG_COLUMN_DELIVERY_TO, KG_COLUMN_DELIVERY_TO},
    {KG_COLUMN_NUTS, KG_COLUMN_NUTS},
    {KG_COLUMN_ORGANISATION, KG_COLUMN_ORGANISATION}, /* last: only where there is such a column */
};

static void refuse_name(kg_csv_rows *rows, const char *name)
{
    const char *names[KG_COLUMNS];
    size_t count = rows->reading->organisation_column ? KG_COLUMNS : KG_COLUMN_ORGANISATION;
    kg_buffer list;
    if (strcmp(name, kg_column_name(KG_COLUMN_ORGANISATION)) == 0) {
        kg_problems_add(rows->problems, KG_STATUS_UNKNOWN_COLUMN, rows->row, NULL, name,
                        "Only a file that is grouped offline has this column: a plan that is "
                        "submitted belongs to who signs it. Remove the column.");
        return;
    }
    kg_buffer_init(&list);
    for (size_t i = 0; i < count; i++) {
        names[i] = kg_column_name((kg_column)i);
        kg_buffer_format(&list, " %s", names[i]);
    }
    const char *nearest = kg_text_nearest(name, names, count);
    rows->misnamed = true;
    if (nearest)
        kg_problems_add(rows->problems, KG_STATUS_UNKNOWN_COLUMN, rows->row, NULL, name,
                        "Did you mean %s? The columns are:%s.", nearest, list.bytes);
    else
        kg_problems_add(rows->problems, KG_STATUS_UNKNOWN_COLUMN, rows->row, NULL, name,
                        "The columns are:%s.", list.bytes);
    kg_buffer_fini(&list);
}

static int read_name(kg_csv_rows *rows, size_t field)
{
    const char *name = rows->text.bytes + rows->fields[field].at;
    const char *fault = kg_csv_text_fault(name, rows->fields[field].bytes);
    int column = kg_column_find(name);
    if (rows->fields[field].bytes == 0)
        return KG_CSV_NAMELESS;
    if (fault) {
        kg_problems_add(rows->problems, KG_STATUS_ENCODING, rows->row, NULL, name, "%s", fault);
        return KG_CSV_UNKNOWN;
    }
    if (column < 0 || (column == KG_COLUMN_ORGANISATION && !rows->reading->organisation_column)) {
        refuse_name(rows, name);
        return KG_CSV_UNKNOWN;
    }
    if (rows->present >> column & 1) {
        kg_problems_add(rows->problems, KG_STATUS_DUPLICATE_COLUMN, rows->row, name, NULL, NULL);
        return KG_CSV_UNKNOWN;
    }
    rows->present |= 1u << column;
    return column;
}

/* Under a name that is not known there may stand what each row then seems to lack: the header's
 * mistake is told once, not in every row. */
static void excuse_rows(kg_csv_rows *rows)
{
    static const kg_column lacked[] = {KG_COLUMN_CPV, KG_COLUMN_CATEGORY, KG_COLUMN_QUANTITY,
                                       KG_COLUMN_VALUE, KG_COLUMN_UNIT_PRICE_MAX};
    for (size_t i = 0; rows->misnamed && i < sizeof lacked / sizeof lacked[0]; i++)
        rows->missing |= 1u << lacked[i] & ~rows->present;
}

static void find_missing(kg_csv_rows *rows)
{
    size_t count = sizeof required / sizeof required[0];
    for (size_t i = 0; i < count - !rows->reading->organisation_column; i++) {
        uint32_t either = 1u << required[i].column | 1u << required[i].other;
        const char *name = kg_column_name(required[i].column);
        if (rows->present & either)
            continue;
        rows->missing |= either;
        if (required[i].other == required[i].column)
            kg_problems_add(rows->problems, KG_STATUS_MISSING, rows->row, name, NULL,
                            "The file must have a column %s.", name);
        else
            kg_problems_add(rows->problems, KG_STATUS_MISSING, rows->row, name, NULL,
                            "The file must have a column %s or %s.", name,
                            kg_column_name(required[i].other));
    }
}

/* Some field names a column, or is no text, which is told of it. */
static bool is_header(const kg_csv_rows *rows)
{
    for (size_t i = 0; i < rows->fields_count; i++) {
        const char *name = rows->text.bytes + rows->fields[i].at;
        if (kg_column_find(name) >= 0 || kg_csv_text_fault(name, rows->fields[i].bytes))
            return true;
    }
    return false;
}

/* Another kind of file, or a plan without its header: what its rows lack helps nobody. */
static void refuse_file(kg_csv_rows *rows)
{
    kg_buffer list;
    kg_buffer_init(&list);
    for (int i = 0; i < KG_COLUMN_ORGANISATION + rows->reading->organisation_column; i++)
        kg_buffer_format(&list, " %s", kg_column_name((kg_column)i));
    kg_problems_add(rows->problems, KG_STATUS_UNKNOWN_COLUMN, rows->row, NULL, NULL,
                    "The first row has none of the columns of a plan:%s.", list.bytes);
    kg_buffer_fini(&list);
    rows->stopped = true;
}

void kg_csv_header_read(kg_csv_rows *rows)
{
    if (!is_header(rows)) {
        refuse_file(rows);
        return;
    }
    rows->has_header = true;
    rows->columns_count = rows->fields_count;
    rows->columns = kg_alloc(rows->columns_count, sizeof rows->columns[0]);
    for (size_t i = 0; i < rows->columns_count; i++)
        rows->columns[i] = read_name(rows, i);
    find_missing(rows);
    excuse_rows(rows);
}

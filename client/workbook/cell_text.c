/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/cell_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/workbook/form.h"

#define DAYS_TO_1970 25569    /* from the day 0 of a workbook to 1970-01-01 */
#define DAYS_TO_1904 1462     /* of one that counts from 1904, to be added */
#define DAY_LEAST 1           /* 1900-01-01; what is before has no date */
#define DAY_MOST 401768       /* 2999-12-31 */
#define PLAIN_DAY_LEAST 36526 /* 2000-01-01: a number that is not shown as a date, but ... */
#define PLAIN_DAY_MOST 73050  /* ... stands in a column of dates: up to 2099-12-31 */
#define CPV_DIGITS 8
#define WHOLE_MOST 1e15 /* numbers below it are held exactly */

static bool is_date_column(kg_column column)
{
    return column == KG_COLUMN_DELIVERY_FROM || column == KG_COLUMN_DELIVERY_TO ||
           column == KG_COLUMN_ORDER_BY;
}

static bool write_date(const kg_cell *cell, kg_column column, bool from_1904, kg_buffer *out)
{
    char date[KG_DATE_BYTES];
    double day = floor(cell->number) + (from_1904 ? DAYS_TO_1904 : 0);
    bool shown = cell->style.date && day >= DAY_LEAST && day <= DAY_MOST;
    bool meant = is_date_column(column) && day >= PLAIN_DAY_LEAST && day <= PLAIN_DAY_MOST;
    if (!shown && !meant)
        return false;
    /* Day 60 is 29 February 1900, which there never was: before it a day more. */
    kg_date_write((kg_date)day - DAYS_TO_1970 + (day < 60), date);
    kg_buffer_format(out, "%s", date);
    return true;
}

static void write_number(const kg_cell *cell, kg_column column, kg_buffer *out)
{
    bool whole = floor(cell->number) == cell->number && fabs(cell->number) < WHOLE_MOST;
    int digits = column == KG_COLUMN_CPV ? CPV_DIGITS : cell->style.zeros;
    if (whole && cell->number >= 0)
        kg_buffer_format(out, "%0*.0f", digits, cell->number);
    else
        kg_buffer_format(out, "%.15g", cell->number);
}

/* ="00123" is how some write a text that looks like a number. */
static void strip_formula(const char **text, size_t *count)
{
    if (*count >= 3 && strncmp(*text, "=\"", 2) == 0 && (*text)[*count - 1] == '"') {
        *text += 2;
        *count -= 3;
    }
}

static const char *find_word(kg_column column, const char *text, size_t count)
{
    for (const kg_word *word = kg_words(); word->value; word++)
        for (int language = 0; word->column == column && language < KG_NAMES; language++)
            if (strlen(word->words[language]) == count &&
                strncasecmp(word->words[language], text, count) == 0)
                return word->value;
    return NULL;
}

static bool has_codes(kg_column column)
{
    return column == KG_COLUMN_CATEGORY || column == KG_COLUMN_CPV || column == KG_COLUMN_NUTS;
}

static void write_text(const char *text, kg_column column, kg_buffer *out)
{
    size_t count = strlen(text);
    strip_formula(&text, &count);
    for (; count > 0 && strchr(" \t\r\n", text[count - 1]); count--)
        continue;
    for (; count > 0 && strchr(" \t\r\n", *text); count--)
        text++;
    const char *word = find_word(column, text, count);
    size_t code = has_codes(column) ? kg_form_code_bytes(text) : count;
    if (word)
        kg_buffer_add(out, word, strlen(word));
    else
        kg_buffer_add(out, text, code < count ? code : count);
}

void kg_cell_write(const kg_cell *cell, kg_column column, bool from_1904, kg_buffer *out)
{
    if (cell->kind != KG_CELL_NUMBER)
        write_text(cell->text, column, out);
    else if (!write_date(cell, column, from_1904, out))
        write_number(cell, column, out);
}

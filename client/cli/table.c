/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "proto/memory.h"

void cli_table_init(cli_table *table)
{
    *table = (cli_table){0};
}

void cli_table_fini(cli_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (cli_table){0};
}

void cli_table_cell(cli_table *table, const char *text)
{
    table->cells = kg_grow(table->cells, table->count, &table->capacity, sizeof *table->cells);
    table->cells[table->count++] = kg_strdup(text);
}

void cli_table_column(cli_table *table, const char *heading, bool right)
{
    table->right[table->columns++] = right;
    cli_table_cell(table, heading);
}

int cli_text_width(const char *text)
{
    mbstate_t state = {0};
    wchar_t character;
    size_t left = strlen(text), used;
    int width = 0;
    while (left > 0 && (used = mbrtowc(&character, text, left, &state)) > 0) {
        if (used == (size_t)-1 || used == (size_t)-2)
            return width + (int)left; /* not this locale's encoding: a column a byte */
        int columns = wcwidth(character);
        width += columns > 0 ? columns : 0;
        text += used;
        left -= used;
    }
    return width;
}

static void measure(const cli_table *table, int widths[CLI_TABLE_COLUMNS_MAX])
{
    for (size_t i = 0; i < table->count; i++) {
        int *width = &widths[i % (size_t)table->columns];
        int wanted = cli_text_width(table->cells[i]);
        *width = wanted > *width ? wanted : *width;
    }
}

static void print_cell(const char *text, int width, bool right, bool last, FILE *out)
{
    int pad = width - cli_text_width(text);
    fprintf(out, "%*s%s%*s%s", right ? pad : 0, "", text, right || last ? 0 : pad, "",
            last ? "\n" : "  ");
}

static void print_rule(const cli_table *table, const int *widths, FILE *out)
{
    for (int i = 0; i < table->columns; i++) {
        for (int j = 0; j < widths[i]; j++)
            fputc('-', out);
        fputs(i + 1 < table->columns ? "  " : "\n", out);
    }
}

void cli_table_print(const cli_table *table, FILE *out)
{
    int widths[CLI_TABLE_COLUMNS_MAX] = {0};
    size_t columns = (size_t)table->columns;
    measure(table, widths);
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % columns;
        print_cell(table->cells[i], widths[column], table->right[column], column + 1 == columns,
                   out);
        if (i + 1 == columns)
            print_rule(table, widths, out);
    }
}

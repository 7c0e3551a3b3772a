/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/tell.h"
#include "client/workbook/write_tables.h"

static kg_table_book *open_book; /* NULL: none */
static char path[4096], next_name[256];
static bool on_sheet, to_stdout;

bool cli_book_has_place(const cli_arguments *arguments)
{
    const char *command = arguments->command, *out = arguments->out;
    if (out && access(out, F_OK) == 0)
        cli_tell("kopgroep %s: %s is there already. Name a new file.\n", command, out);
    else if (!out && isatty(STDOUT_FILENO))
        cli_tell("kopgroep %s: a workbook is no text: write it to a file, --out FILE.xlsx.\n",
                 command);
    else
        return true;
    return false;
}

/* The file of --out, else one that is copied to stdout. Its descriptor; -1 where it cannot be. */
static int make_file(const char *out)
{
    const char *folder = getenv("TMPDIR");
    to_stdout = out == NULL;
    if (out)
        snprintf(path, sizeof path, "%s", out);
    else
        snprintf(path, sizeof path, "%s/kopgroep-XXXXXX", folder && folder[0] ? folder : "/tmp");
    return out ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : mkstemp(path);
}

bool cli_book_begin(const cli_arguments *arguments, const char *name)
{
    int file = make_file(arguments->out);
    if (file < 0) {
        cli_tell("kopgroep: %s cannot be written: %s.\n", path,
                 kg_said_as("fact", strerror(errno)));
        return false;
    }
    close(file);
    open_book = kg_table_book_new(path);
    on_sheet = false;
    cli_book_name(name);
    return true;
}

bool cli_book_is_open(void)
{
    return open_book != NULL;
}

void cli_book_name(const char *name)
{
    snprintf(next_name, sizeof next_name, "%s", name);
}

static void begin_sheet(void)
{
    kg_table_book_sheet(open_book, next_name);
    on_sheet = true;
}

static bool is_among(const char *of, const char *const *names)
{
    const char *dot = strrchr(of, '.'), *last = dot ? dot + 1 : of;
    while (*names && strcmp(*names, last) != 0)
        names++;
    return *names != NULL;
}

static kg_table_cell kind_of(const json_t *object, const cli_column *column)
{
    /* What people name may look like a date or a number, and stays as it is. */
    static const char *const names[] = {"line", "title", "name",   "organisation", "supplier",
                                        "lot",  "round", "tender", "key",          NULL};
    static const char *const money[] = {
        "value",          "value_min",      "value_max", "unit_price",
        "life_cost",      "life_cost_year", "take_back", "service_year",
        "residual_value", "carbon_price",   NULL};
    const json_t *value = cli_at(object, column->path);
    if (is_among(column->path, names))
        return KG_TABLE_TEXT;
    if (is_among(column->path, money))
        return KG_TABLE_MONEY;
    return column->right || json_is_number(value) ? KG_TABLE_NUMBER : KG_TABLE_VALUE;
}

static void add_value(const json_t *object, const cli_column *column)
{
    char *text = cli_shown_value(object, column->path);
    kg_table_book_cell(open_book, text, kind_of(object, column));
    free(text);
}

void cli_book_table(const json_t *array, const cli_column *columns)
{
    begin_sheet();
    for (const cli_column *column = columns; column->heading; column++)
        kg_table_book_heading(open_book, _(column->heading));
    kg_table_book_end_row(open_book);
    for (size_t i = 0; i < json_array_size(array); i++) {
        for (const cli_column *column = columns; column->heading; column++)
            add_value(json_array_get(array, i), column);
        kg_table_book_end_row(open_book);
    }
}

void cli_book_fields(const json_t *object, const cli_column *columns)
{
    begin_sheet();
    for (const cli_column *column = columns; column->heading; column++) {
        char *text = cli_shown_value(object, column->path);
        if (text[0]) {
            kg_table_book_cell(open_book, _(column->heading), KG_TABLE_TEXT);
            add_value(object, column);
            kg_table_book_end_row(open_book);
        }
        free(text);
    }
}

void cli_book_text(const char *text)
{
    if (!on_sheet)
        begin_sheet();
    kg_table_book_cell(open_book, text, KG_TABLE_TEXT);
    kg_table_book_end_row(open_book);
}

static bool copy_out(void)
{
    char bytes[65536];
    size_t count;
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    while ((count = fread(bytes, 1, sizeof bytes, in)) > 0)
        fwrite(bytes, 1, count, stdout);
    bool whole = !ferror(in);
    fclose(in);
    return fflush(stdout) == 0 && whole;
}

int cli_book_end(void)
{
    const char *why = NULL;
    if (!on_sheet)
        begin_sheet();
    bool good = kg_table_book_close(&open_book, &why);
    if (good && to_stdout && !copy_out()) {
        good = false;
        why = strerror(errno);
    }
    if (!good)
        cli_tell("kopgroep: the workbook cannot be written: %s\n", kg_said_as("fact", why));
    if (to_stdout || !good)
        unlink(path);
    return good ? KOPGROEP_DONE : KOPGROEP_LOCAL;
}

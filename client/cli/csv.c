/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/csv.h"

#include <stdio.h>
#include <string.h>

void cli_csv_begin(cli_csv *csv, bool excel)
{
    *csv = (cli_csv){.excel = excel};
    if (excel)
        fputs("\xef\xbb\xbf", stdout);
}

static bool is_number(const char *text)
{
    const char *digits = text + (*text == '-' || *text == '+');
    size_t count = strspn(digits, "0123456789.");
    return count > 0 && digits[count] == '\0';
}

/* What a spreadsheet program would take for a formula: it begins like one, and is no number. */
static bool formula(const char *text)
{
    return text[0] && strchr("=+-@\t\r", text[0]) && !is_number(text);
}

static void print_quoted(const char *text, bool guard)
{
    putchar('"');
    if (guard)
        putchar('\'');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_number(const cli_csv *csv, const char *text)
{
    for (; *text; text++)
        putchar(csv->excel && *text == '.' ? ',' : *text);
}

void cli_csv_cell(cli_csv *csv, const char *text, bool number)
{
    if (csv->begun)
        putchar(csv->excel ? ';' : ',');
    csv->begun = true;
    if (number && is_number(text))
        print_number(csv, text);
    else if (strpbrk(text, csv->excel ? ";\"\r\n" : ",\"\r\n") || formula(text))
        print_quoted(text, formula(text));
    else
        fputs(text, stdout);
}

void cli_csv_end_row(cli_csv *csv)
{
    fputs("\r\n", stdout);
    csv->begun = false;
}

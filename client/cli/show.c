/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/book.h"
#include "client/cli/csv.h"
#include "client/cli/table.h"
#include "client/cli/tell.h"
#include "proto/memory.h"
#include "proto/sink.h"

#define FIELD_COLUMNS 18     /* for a heading before its value */
#define FIELD_COLUMNS_MAX 30 /* a longer one stands out */

json_t *cli_at(const json_t *object, const char *path)
{
    char key[64];
    const char *dot = strchr(path, '.');
    if (!dot)
        return json_object_get(object, path);
    snprintf(key, sizeof key, "%.*s", (int)(dot - path), path);
    return cli_at(json_object_get(object, key), dot + 1);
}

static void write_value(const json_t *value, kg_buffer *out);

static void write_object(const json_t *object, kg_buffer *out)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        kg_buffer_format(out, "%s%s=", out->count ? " " : "", key);
        write_value(value, out);
    }
}

static void write_array(const json_t *array, kg_buffer *out)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            kg_buffer_add(out, " ", 1);
        write_value(json_array_get(array, i), out);
    }
}

static void write_value(const json_t *value, kg_buffer *out)
{
    if (json_is_string(value))
        kg_buffer_add(out, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        kg_buffer_format(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        kg_buffer_format(out, "%.2f", json_real_value(value));
    else if (json_is_boolean(value))
        kg_buffer_format(out, "%s", json_is_true(value) ? "yes" : "no");
    else if (json_is_object(value))
        write_object(value, out);
    else if (json_is_array(value))
        write_array(value, out);
}

char *cli_value(const json_t *object, const char *path)
{
    kg_buffer out;
    kg_buffer_init(&out);
    write_value(cli_at(object, path), &out);
    if (!out.bytes)
        kg_buffer_add(&out, "", 0);
    return out.bytes;
}

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys && strcmp(key, *keys) != 0)
        keys++;
    return *keys != NULL;
}

char *cli_shown_value(const json_t *object, const char *path)
{
    static const char *const words[] = {"state",   "lot_state", "condition",    "commitment",
                                        "answer",  "standing",  "outcome",      "kind",
                                        "verdict", "regime",    "regime_alone", NULL};
    static const char *const sentences[] = {"detail", "reason", NULL};
    const char *dot = strrchr(path, '.'), *key = dot ? dot + 1 : path;
    char *text = cli_value(object, path), *said = NULL;
    if (json_is_boolean(cli_at(object, path)) || is_one_of(key, words))
        said = kg_strdup(kg_said_as("value", text));
    else if (is_one_of(key, sentences))
        said = kg_retold(kg_said_as("fact", text));
    if (!said)
        return text;
    free(text);
    return said;
}

void cli_show_table(const json_t *array, const cli_column *columns, const char *empty)
{
    cli_table table;
    if (cli_book_is_open()) {
        cli_book_table(array, columns);
        return;
    }
    if (json_array_size(array) == 0) {
        fprintf(stderr, "%s\n", _(empty));
        return;
    }
    cli_table_init(&table);
    for (const cli_column *column = columns; column->heading; column++)
        cli_table_column(&table, _(column->heading), column->right);
    for (size_t i = 0; i < json_array_size(array); i++)
        for (const cli_column *column = columns; column->heading; column++) {
            char *text = cli_shown_value(json_array_get(array, i), column->path);
            cli_table_cell(&table, text[0] ? text : "-");
            free(text);
        }
    cli_table_print(&table, stdout);
    cli_table_fini(&table);
}

void cli_show_csv_as(const json_t *array, const cli_column *columns, bool excel)
{
    cli_csv csv;
    cli_csv_begin(&csv, excel);
    for (const cli_column *column = columns; column->heading; column++)
        cli_csv_cell(&csv, column->path, false);
    cli_csv_end_row(&csv);
    for (size_t i = 0; i < json_array_size(array); i++) {
        for (const cli_column *column = columns; column->heading; column++) {
            char *text = cli_value(json_array_get(array, i), column->path);
            cli_csv_cell(&csv, text, column->right);
            free(text);
        }
        cli_csv_end_row(&csv);
    }
}

void cli_show_csv(const json_t *array, const cli_column *columns)
{
    cli_show_csv_as(array, columns, false);
}

void cli_show_part(const json_t *array, const char *title, const cli_column *columns)
{
    if (json_array_size(array) == 0)
        return;
    cli_show_title(_(title));
    cli_show_table(array, columns, "Nothing to show.");
}

void cli_show_title(const char *title)
{
    if (cli_book_is_open())
        cli_book_name(title);
    else
        printf("\n%s\n", title);
}

void cli_show_text(const char *text)
{
    if (cli_book_is_open())
        cli_book_text(text);
    else
        printf("\n%s\n", text);
}

/* A workbook: what the table's show would print. */
static int show_book(const cli_arguments *arguments, const json_t *json, const cli_column *columns,
                     void (*show_json)(const json_t *json))
{
    if (!cli_book_begin(arguments, arguments->command))
        return KOPGROEP_LOCAL;
    if (json_is_array(json) || !show_json)
        cli_book_table(json, columns);
    else
        show_json(json);
    return cli_book_end();
}

int cli_show_own(const cli_arguments *arguments, json_t *array, const cli_column *columns,
                 void (*show_array)(const json_t *array))
{
    int status = KOPGROEP_DONE;
    if (arguments->output == CLI_JSON) {
        json_dumpf(array, stdout, JSON_INDENT(2));
        printf("\n");
    } else if (arguments->output == CLI_XLSX) {
        status = show_book(arguments, array, columns, show_array);
    } else if (arguments->output == CLI_CSV) {
        cli_show_csv(array, columns);
    } else {
        show_array(array);
    }
    json_decref(array);
    return status;
}

static void print_field(const char *heading, int width, const char *text)
{
    int pad = width - cli_text_width(heading);
    printf("%s%*s %s\n", heading, pad > 0 ? pad : 0, "", text);
}

void cli_show_fields(const json_t *object, const cli_column *columns)
{
    int width = FIELD_COLUMNS;
    if (cli_book_is_open()) {
        cli_book_fields(object, columns);
        return;
    }
    for (const cli_column *column = columns; column->heading; column++) {
        int wanted = cli_text_width(_(column->heading));
        width = wanted > width && wanted <= FIELD_COLUMNS_MAX ? wanted : width;
    }
    for (const cli_column *column = columns; column->heading; column++) {
        char *text = cli_shown_value(object, column->path);
        if (text[0])
            print_field(_(column->heading), width, text);
        free(text);
    }
}

static int show(const cli_arguments *arguments, const char *document, const cli_column *columns,
                void (*show_object)(const json_t *object))
{
    json_error_t error;
    int status = KOPGROEP_DONE;
    if (arguments->output == CLI_JSON) {
        printf("%s\n", document);
        return status;
    }
    json_t *json = json_loads(document, 0, &error);
    if (!json) {
        cli_tell("kopgroep: the broker's answer is not JSON: %s\n", error.text);
        return KOPGROEP_LOCAL;
    }
    if (arguments->output == CLI_XLSX)
        status = show_book(arguments, json, columns, show_object);
    else if (json_is_array(json) && arguments->output == CLI_CSV)
        cli_show_csv(json, columns);
    else if (json_is_array(json))
        cli_show_table(json, columns, "Nothing to show.");
    else if (arguments->output == CLI_CSV && !json_object_get(json, "cells")) {
        json_t *offers = json_object_get(json, "offers");
        json_t *rows = json_is_array(offers) ? json_incref(offers) : json_pack("[O]", json);
        cli_show_csv(rows, columns);
        json_decref(rows);
    } else
        show_object(json);
    json_decref(json);
    return status;
}

int cli_show_answer(const cli_arguments *arguments, kopgroep_answer *answer,
                    const cli_column *columns, void (*show_object)(const json_t *object))
{
    int status = (int)answer->outcome;
    if (status == KOPGROEP_DONE)
        status = show(arguments, answer->document, columns, show_object);
    else
        cli_complain(answer);
    kopgroep_answer_fini(answer);
    return status;
}

int cli_ask(const cli_arguments *arguments, const kopgroep_question *question,
            const cli_column *columns, void (*show_object)(const json_t *object))
{
    int status;
    kopgroep_answer answer = {0};
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    kopgroep_ask(session, question, &answer);
    status = cli_show_answer(arguments, &answer, columns, show_object);
    kopgroep_close(&session);
    return status;
}

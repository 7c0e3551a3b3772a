/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd config show -c FILE: what is set, and where. */
#include <argp.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "broker/commands.h"
#include "broker/config.h"
#include "broker/settings.h"

enum { EFFECTIVE = 'e', OUTPUT = 'o' };

typedef struct kg_showing {
    const char *action, *file;
    bool effective, json;
    json_t *rows; /* owned; with json */
} kg_showing;

static error_t parse_output(struct argp_state *state, const char *argument, kg_showing *showing)
{
    if (strcmp(argument, "table") != 0 && strcmp(argument, "json") != 0)
        argp_error(state, "--output is table or json, not '%s'", argument);
    showing->json = strcmp(argument, "json") == 0;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    kg_showing *showing = state->input;
    switch (key) {
    case 'c':
        showing->file = argument;
        return 0;
    case EFFECTIVE:
        showing->effective = true;
        return 0;
    case OUTPUT:
        return parse_output(state, argument, showing);
    case ARGP_KEY_ARG:
        if (showing->action || strcmp(argument, "show") != 0)
            argp_usage(state);
        showing->action = argument;
        return 0;
    case ARGP_KEY_END:
        if (!showing->action)
            argp_error(state, "what is to be done? There is 'show'");
        if (!showing->file)
            argp_error(state, "-c FILE is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *value_of(const kg_config_entry *entry)
{
    if (!entry->text)
        return json_null();
    if (entry->form == KG_CONFIG_NUMBER)
        return json_integer(strtoll(entry->text, NULL, 10));
    if (entry->form == KG_CONFIG_BOOL)
        return json_boolean(strcmp(entry->text, "true") == 0);
    return json_string(entry->text);
}

static void add_row(kg_showing *showing, const kg_config_entry *entry)
{
    json_t *row = json_pack("{s:s,s:o,s:s}", "setting", entry->name, "value", value_of(entry),
                            "from", entry->row > 0 ? "file" : "default");
    if (entry->row > 0) {
        json_object_set_new(row, "file", json_string(showing->file));
        json_object_set_new(row, "row", json_integer(entry->row));
    }
    json_array_append_new(showing->rows, row);
}

static void print_row(const kg_showing *showing, const kg_config_entry *entry)
{
    printf("%-30s  %-30s  ", entry->name, entry->text ? entry->text : "-");
    if (entry->row > 0)
        printf("%s:%ld\n", showing->file, entry->row);
    else
        printf("default\n");
}

static void show(void *context, const kg_config_entry *entry)
{
    kg_showing *showing = context;
    if (entry->row == 0 && !showing->effective)
        return;
    if (showing->json)
        add_row(showing, entry);
    else
        print_row(showing, entry);
}

static int show_all(const kg_config *config, kg_showing *showing)
{
    if (showing->json)
        showing->rows = json_array();
    else
        printf("%-30s  %-30s  from\n", "setting", "value");
    kg_config_each(config, showing, show);
    bool good = !showing->json ||
                (json_dumpf(showing->rows, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF);
    json_decref(showing->rows);
    if (good && fflush(stdout) == 0)
        return 0;
    perror("kopgroepd config");
    return 4;
}

static const char doc[] =
    "Examples:\n"
    "  kopgroepd config show -c /var/lib/kopgroep/broker.conf\n"
    "  kopgroepd config show --effective --output json \\\n"
    "    -c /var/lib/kopgroep/broker.conf\n\n"
    "Shows the broker's settings, and where each comes from: file and row, or the default. "
    "No option of kopgroepd run overrides one. Paths are shown as they are used.\v"
    "Exit status: 0 done, 2 usage, 4 the file cannot be used: every problem is named.";

static const struct argp_option options[] = {
    {"config", 'c', "FILE", 0, "the broker's settings", 0},
    {"effective", EFFECTIVE, NULL, 0, "also what is not in the file: defaults", 0},
    {"output", OUTPUT, "table|json", 0, "how to show it (table)", 0},
    {0}};
const struct argp kg_argp_config = {options, parse, "show", doc, NULL, NULL, NULL};

int kg_cmd_config(int argc, char **argv)
{
    kg_showing showing = {0};
    kg_config config;
    kg_problems problems;
    argp_err_exit_status = 2;
    argp_parse(&kg_argp_config, argc, argv, 0, NULL, &showing);
    kg_problems_init(&problems, showing.file);
    bool good = kg_config_read(showing.file, &config, &problems);
    kg_problems_print(&problems, stderr);
    int status = good ? show_all(&config, &showing) : 4;
    kg_problems_fini(&problems);
    kg_config_fini(&config);
    return status;
}

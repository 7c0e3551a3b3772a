/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/codes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/cli/reasons.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"
#include "proto/status.h"
#include "proto/text.h"

static const char *const statuses[] = {
#define KG_STATUS(number, name, text) #name,
#include "proto/status.def"
#undef KG_STATUS
};

#define STATUSES (sizeof statuses / sizeof *statuses)
#define NAMES_MAX (STATUSES + 64)

static const cli_column columns[] = {
    {N_("code"), "code", false},
    {N_("of"), "of", false},
    {N_("number"), "number", true},
    {N_("meaning"), "meaning", false},
    {0},
};

static void add_status(json_t *out, const char *name)
{
    int number = kg_status_find(name);
    json_array_append_new(out,
                          json_pack("{s:s,s:s,s:i,s:s}", "code", name, "of", "answer", "number",
                                    number, "meaning", kg_status_text((kg_status)number)));
}

static void add_reason(json_t *out, const char *name)
{
    json_array_append_new(out, json_pack("{s:s,s:s,s:n,s:s}", "code", name, "of", "line", "number",
                                         "meaning", cli_reason_text(name)));
}

/* A name may be both: LANGUAGE is a wrong value of a file, and why a line is not placed. */
static json_t *find(const char *code)
{
    const char *reason;
    const bool all = strcasecmp(code, "all") == 0;
    json_t *found = json_array();
    for (size_t i = 0; i < STATUSES; i++)
        if (all || strcasecmp(statuses[i], code) == 0)
            add_status(found, statuses[i]);
    for (size_t i = 0; (reason = cli_reason_name(i)); i++)
        if (all || strcasecmp(reason, code) == 0)
            add_reason(found, reason);
    return found;
}

static void say_unknown(const char *code)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (; count < STATUSES; count++)
        names[count] = statuses[count];
    for (size_t i = 0; count < NAMES_MAX && cli_reason_name(i); i++)
        names[count++] = cli_reason_name(i);
    const char *near = kg_text_nearest(code, names, count);
    if (near)
        cli_tell("kopgroep: there is no code '%s'. Did you mean %s? --code all shows them.\n", code,
                 near);
    else
        cli_tell("kopgroep: there is no code '%s'. --code all shows them.\n", code);
}

static void show_texts(const json_t *found)
{
    const json_t *one;
    size_t i;
    json_array_foreach(found, i, one)
    {
        char *code = cli_value(one, "code"), *meaning = cli_value(one, "meaning");
        printf("%s%s\n  %s\n", i > 0 ? "\n" : "", code, _(meaning));
        free(code);
        free(meaning);
    }
}

int cli_show_code(const cli_arguments *arguments, const char *code)
{
    json_t *found = find(code);
    if (json_array_size(found) > 0)
        return cli_show_own(arguments, found, columns, show_texts);
    json_decref(found);
    say_unknown(code);
    return KOPGROEP_USAGE;
}

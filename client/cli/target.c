/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/target.h"
#include "client/cli/tell.h"

#include <stdio.h>
#include <stdlib.h>

static const char *filled(const char *text)
{
    return text && text[0] ? text : NULL;
}

/* The context that counts, or NULL; false when one is named that there is not. */
static bool choose(const cli_arguments *arguments, const cli_contexts *contexts,
                   const cli_named_context **out)
{
    const char *name = arguments->option['C'];
    if (!name)
        name = filled(getenv("KOPGROEP_CONTEXT"));
    if (!name)
        name = contexts->current;
    *out = name ? cli_contexts_find(contexts, name) : NULL;
    if (!name || *out)
        return true;
    cli_contexts_say_unknown(contexts, name);
    return false;
}

static const char *setting(const cli_arguments *arguments, int key, const char *variable,
                           const char *of_context, bool *from_context)
{
    const char *option = filled(arguments->option[key]), *environment = filled(getenv(variable));
    if (option)
        return option;
    if (environment && !arguments->option['C'])
        return environment;
    *from_context |= of_context != NULL;
    return of_context ? of_context : environment;
}

bool cli_target_find(const cli_arguments *arguments, cli_target *out, int *status)
{
    const cli_named_context *context = NULL;
    bool used = false;
    *out = (cli_target){0};
    *status = KOPGROEP_LOCAL;
    if (!cli_contexts_read(&out->contexts))
        return false;
    *status = KOPGROEP_USAGE;
    if (!choose(arguments, &out->contexts, &context))
        return false;
    out->broker =
        setting(arguments, 'B', "KOPGROEP_BROKER", context ? context->broker : NULL, &used);
    out->identity =
        setting(arguments, 'I', "KOPGROEP_IDENTITY", context ? context->identity : NULL, &used);
    out->context = used ? context->name : NULL;
    *status = KOPGROEP_DONE;
    return true;
}

void cli_target_fini(cli_target *target)
{
    cli_contexts_fini(&target->contexts);
}

void cli_target_say_missing(const cli_target *target)
{
    cli_tell("kopgroep: %s is needed (or %s in the environment, or a context: kopgroep "
             "context add).\n",
             target->broker ? "--identity FILE" : "--broker FILE",
             target->broker ? "KOPGROEP_IDENTITY" : "KOPGROEP_BROKER");
}

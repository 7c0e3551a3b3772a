/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/tell.h"
#include "client/cli/witnesses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"
#include "proto/text.h"

long cli_number(const cli_arguments *arguments, int key, const char *name, long most,
                long otherwise)
{
    int64_t value;
    const char *text = arguments->option[key];
    if (!text)
        return otherwise;
    if (kg_integer_parse(text, 1, most, &value))
        return (long)value;
    cli_tell("kopgroep: --%s is a whole number from 1 to %ld, not '%s'.\n", name, most, text);
    return 0;
}

bool cli_witnesses_read(const cli_arguments *arguments, cli_witnesses *out)
{
    char *rest = NULL;
    *out = (cli_witnesses){.text = kg_strdup(cli_option(arguments, 'w', ""))};
    size_t count = 0;
    for (char *file = strtok_r(out->text, ",", &rest); file; file = strtok_r(NULL, ",", &rest)) {
        if (count < CLI_WITNESSES_MAX)
            out->files[count] = file;
        count++;
    }
    long least = count == 0 ? 1 : (long)count;
    if (count <= CLI_WITNESSES_MAX && !(count == 0 && arguments->option['n']))
        least = cli_number(arguments, 'n', "witnesses-min", least, least);
    else
        cli_tell("kopgroep: --witness names 1 to %d files.\n", CLI_WITNESSES_MAX);
    out->wanted = (kopgroep_witnesses){out->files, count, (size_t)least, 0};
    bool good = least > 0 && count <= CLI_WITNESSES_MAX && !(count == 0 && arguments->option['n']);
    if (!good)
        cli_witnesses_fini(out);
    return good;
}

void cli_witnesses_fini(cli_witnesses *witnesses)
{
    free(witnesses->text);
    witnesses->text = NULL;
}

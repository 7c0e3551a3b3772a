/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/cli/show.h"
#include "client/kopgroep.h"
#include "proto/memory.h"

void cli_tell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, kg_said(format), arguments);
    va_end(arguments);
}

void cli_print(const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    if (vasprintf(&text, kg_said(format), arguments) < 0)
        kg_memory_end();
    va_end(arguments);
    cli_show_text(text);
    free(text);
}

void cli_wrong(const char *command, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "kopgroep %s: ", command);
    va_start(arguments, format);
    vfprintf(stderr, kg_said(format), arguments);
    va_end(arguments);
    fputs("\n", stderr);
    cli_tell("kopgroep %s --help tells more.\n", command);
    exit(KOPGROEP_USAGE);
}

void cli_no_workbook(const cli_arguments *arguments)
{
    if (arguments->output == CLI_XLSX)
        cli_wrong(arguments->command, "--output is table, json or csv here, not '%s'", "xlsx");
}

void cli_tell_problems(const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        kg_problem said = problems->items[i];
        said.allowed = kg_retold(said.allowed);
        char *line = kg_problem_write(&said);
        fprintf(stderr, "%s\n", line);
        free(line);
        free(said.allowed);
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_error.h"

#include <stdarg.h>
#include <stdio.h>

#include "broker/journal/journal.h"

static _Thread_local char sentence[512];

const char *kg_journal_error(void)
{
    return sentence;
}

bool kg_journal_fail(const char *format, ...)
{
    va_list arguments;
    char text[sizeof(sentence)]; /* an argument may be the old sentence */

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    snprintf(sentence, sizeof(sentence), "%s", text);
    return false;
}

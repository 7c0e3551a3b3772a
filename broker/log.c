/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "broker/clock.h"
#include "proto/text.h"

void kg_log(kg_log_level level, const char *event, const char *format, ...)
{
    char when[KG_TIME_BYTES], rest[1000];
    kg_time_write(kg_clock_now().time_ms, when);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rest, sizeof rest, format, arguments);
    va_end(arguments);
    fprintf(stderr, "<%d>%s event=%s %s\n", (int)level, when, event, rest);
    if (level != KG_LOG_INFO)
        kg_log_flush();
}

void kg_log_flush(void)
{
    fflush(stderr);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/exposition.h"

#include <inttypes.h>
#include <string.h>

#include "proto/text.h"

void kg_exposition_family(kg_buffer *out, const char *name, const char *type, const char *help)
{
    kg_buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_label(kg_buffer *out, const kg_sample_label *label)
{
    kg_buffer_format(out, "%s=\"", label->name);
    for (const char *at = label->value; *at; at++) {
        if (*at == '\n')
            kg_buffer_add(out, "\\n", 2);
        else
            kg_buffer_format(out, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    kg_buffer_add(out, "\"", 1);
}

void kg_decimal_write(uint64_t value, int decimals, char out[static 32])
{
    uint64_t unit = 1;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    kg_text_format(out, 32, "%" PRIu64, value / unit);
    if (value % unit == 0)
        return;
    size_t whole = strlen(out);
    kg_text_format(out + whole, 32 - whole, ".%0*" PRIu64, decimals, value % unit);
    for (size_t end = strlen(out); out[end - 1] == '0'; end--)
        out[end - 1] = '\0';
}

void kg_exposition_sample(kg_buffer *out, const char *name, const kg_sample_label *labels,
                          size_t count, uint64_t value, int decimals)
{
    char text[32];
    kg_decimal_write(value, decimals, text);
    kg_buffer_format(out, "%s", name);
    for (size_t i = 0; i < count; i++) {
        kg_buffer_add(out, i == 0 ? "{" : ",", 1);
        write_label(out, &labels[i]);
    }
    kg_buffer_format(out, "%s %s\n", count > 0 ? "}" : "", text);
}

void kg_exposition_single(kg_buffer *out, const char *name, const char *type, const char *help,
                          uint64_t value, int decimals)
{
    kg_exposition_family(out, name, type, help);
    kg_exposition_sample(out, name, NULL, 0, value, decimals);
}

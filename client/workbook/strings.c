/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/strings.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define ESCAPE_BYTES 7 /* "_x000D_" */

struct reading {
    kg_strings *strings;
    int texts, guides; /* open elements <t> and <rPh> */
    size_t start;      /* of the text being read */
};

void kg_strings_init(kg_strings *strings)
{
    *strings = (kg_strings){0};
    kg_buffer_init(&strings->text);
}

void kg_strings_fini(kg_strings *strings)
{
    kg_buffer_fini(&strings->text);
    free(strings->starts);
    *strings = (kg_strings){0};
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of an escape; -1 where it is none, or none that a text may hold. */
static long escaped(const char *at, size_t count)
{
    long code = 0;
    if (count < ESCAPE_BYTES || at[0] != '_' || at[1] != 'x' || at[ESCAPE_BYTES - 1] != '_')
        return -1;
    for (int i = 2; i < ESCAPE_BYTES - 1; i++) {
        int value = digit(at[i]);
        if (value < 0)
            return -1;
        code = code * 16 + value;
    }
    bool blank = code == '\t' || code == '\n' || code == '\r';
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return (code < 0x20 && !blank) || code == 0x7f || surrogate ? -1 : code;
}

static size_t put(char *to, long code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | code >> 12);
    to[1] = (char)(0x80 | (code >> 6 & 0x3f));
    to[2] = (char)(0x80 | (code & 0x3f));
    return 3;
}

size_t kg_strings_unescape(char *text, size_t count)
{
    size_t to = 0;
    for (size_t at = 0; at < count;) {
        long code = escaped(text + at, count - at);
        if (code < 0) {
            text[to++] = text[at++];
        } else {
            to += put(text + to, code);
            at += ESCAPE_BYTES;
        }
    }
    return to;
}

static void on_start(kg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    kg_strings *strings = reading->strings;
    (void)attributes;
    reading->guides += strcmp(name, "rPh") == 0;
    reading->texts += strcmp(name, "t") == 0;
    if (strcmp(name, "si") != 0)
        return;
    if (strings->count == KG_STRINGS_MAX)
        kg_xml_refuse(xml, "The workbook has more than %d texts.", KG_STRINGS_MAX);
    reading->start = strings->text.count;
}

static void on_end(kg_xml *xml, void *context, const char *name)
{
    struct reading *reading = context;
    kg_strings *strings = reading->strings;
    (void)xml;
    reading->guides -= strcmp(name, "rPh") == 0;
    reading->texts -= strcmp(name, "t") == 0;
    if (strcmp(name, "si") != 0)
        return;
    char *text = strings->text.bytes + reading->start;
    strings->text.count =
        reading->start + kg_strings_unescape(text, strings->text.count - reading->start);
    kg_buffer_add(&strings->text, "", 1);
    strings->starts =
        kg_grow(strings->starts, strings->count, &strings->capacity, sizeof strings->starts[0]);
    strings->starts[strings->count++] = reading->start;
}

static void on_text(kg_xml *xml, void *context, const char *bytes, size_t count)
{
    struct reading *reading = context;
    kg_strings *strings = reading->strings;
    if (reading->texts == 0 || reading->guides > 0)
        return;
    kg_buffer_add(&strings->text, bytes, count);
    if (strings->text.count > KG_STRINGS_BYTES_MAX)
        kg_xml_refuse(xml, "The workbook's texts are longer than %d bytes.", KG_STRINGS_BYTES_MAX);
    else if (strings->text.count - reading->start > KG_CELL_BYTES_MAX)
        kg_xml_refuse(xml, "A text of the workbook is longer than %d bytes.", KG_CELL_BYTES_MAX);
}

bool kg_strings_read(kg_strings *strings, kg_package *package, const char *part,
                     kg_problems *problems)
{
    struct reading reading = {.strings = strings};
    const kg_xml_reader reader = {on_start, on_end, on_text, &reading};
    return kg_xml_read(package, part, &reader, problems);
}

const char *kg_strings_at(const kg_strings *strings, size_t index)
{
    return index < strings->count ? strings->text.bytes + strings->starts[index] : NULL;
}

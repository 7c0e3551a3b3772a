/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/markup.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"
#include "proto/text.h"

#define PATH_BYTES 512

struct kg_markup {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
};

/* What libxml2 refuses is memory that is not there, or a mistake of ours. */
static void must(int result)
{
    if (result < 0)
        kg_memory_end();
}

static const xmlChar *chars(const char *text)
{
    return (const xmlChar *)text;
}

kg_markup *kg_markup_new(void)
{
    kg_markup *xml = kg_alloc(1, sizeof *xml);
    xml->buffer = xmlBufferCreate();
    xml->writer = xml->buffer ? xmlNewTextWriterMemory(xml->buffer, 0) : NULL;
    if (!xml->writer)
        kg_memory_end();
    xmlTextWriterSetIndent(xml->writer, 1);
    xmlTextWriterSetIndentString(xml->writer, chars("  "));
    must(xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
    return xml;
}

void kg_markup_finish(kg_markup **xml, kg_buffer *out)
{
    must(xmlTextWriterEndDocument((*xml)->writer));
    xmlFreeTextWriter((*xml)->writer);
    kg_buffer_add(out, xmlBufferContent((*xml)->buffer), (size_t)xmlBufferLength((*xml)->buffer));
    xmlBufferFree((*xml)->buffer);
    free(*xml);
    *xml = NULL;
}

void kg_markup_open(kg_markup *xml, const char *element)
{
    must(xmlTextWriterStartElement(xml->writer, chars(element)));
}

void kg_markup_open_path(kg_markup *xml, const char *path)
{
    char copy[PATH_BYTES], *rest = NULL;
    kg_text_format(copy, sizeof copy, "%s", path);
    for (char *name = strtok_r(copy, "/", &rest); name; name = strtok_r(NULL, "/", &rest))
        kg_markup_open(xml, name);
}

void kg_markup_close(kg_markup *xml, int count)
{
    for (int i = 0; i < count; i++)
        must(xmlTextWriterEndElement(xml->writer));
}

void kg_markup_attribute(kg_markup *xml, const char *name, const char *value)
{
    must(xmlTextWriterWriteAttribute(xml->writer, chars(name), chars(value)));
}

/* U+FFFE and U+FFFF: UTF-8 has them, XML has not. */
static bool no_character(const char *at, size_t bytes)
{
    return bytes == 3 && memcmp(at, "\xef\xbf", 2) == 0 && (unsigned char)at[2] >= 0xbe;
}

static void tidy(const char *text, kg_buffer *out)
{
    size_t left = strlen(text), bytes;
    bool space = false;
    for (; left > 0; text += bytes, left -= bytes) {
        bytes = kg_utf8_character(text, left);
        if (bytes == 0 || no_character(text, bytes)) {
            bytes = bytes ? bytes : 1;
            continue;
        }
        if ((unsigned char)*text <= ' ') {
            space = out->count > 0;
            continue;
        }
        if (space)
            kg_buffer_add(out, " ", 1);
        space = false;
        kg_buffer_add(out, text, bytes);
    }
    kg_buffer_add(out, "", 0); /* makes the NUL of an empty one */
}

void kg_markup_text(kg_markup *xml, const char *element, const char *attribute, const char *value,
                    const char *text)
{
    kg_buffer tidied;
    kg_buffer_init(&tidied);
    tidy(text, &tidied);
    kg_markup_open(xml, element);
    if (attribute)
        kg_markup_attribute(xml, attribute, value);
    must(xmlTextWriterWriteString(xml->writer, chars(tidied.bytes)));
    kg_markup_close(xml, 1);
    kg_buffer_fini(&tidied);
}

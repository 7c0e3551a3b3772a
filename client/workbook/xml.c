/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/xml.h"

#include <expat.h>
#include <stdint.h>
#include <string.h>

#include "proto/memory.h"

struct kg_xml {
    XML_Parser parser;
    const kg_xml_reader *reader;
    kg_problems *problems;
    const char *part;
    int64_t given; /* bytes of the part so far */
    int depth;
    bool stopped, refused;
};

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

void kg_xml_stop(kg_xml *xml)
{
    xml->stopped = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

void kg_xml_refuse(kg_xml *xml, const char *format, ...)
{
    va_list arguments;
    if (xml->refused)
        return;
    va_start(arguments, format);
    kg_problems_vadd(xml->problems, KG_STATUS_FILE_SYNTAX, 0, NULL, xml->part, format, arguments);
    va_end(arguments);
    xml->refused = true;
    kg_xml_stop(xml);
}

static void on_start(void *user, const char *name, const char **attributes)
{
    kg_xml *xml = user;
    if (++xml->depth > KG_XML_DEPTH_MAX) {
        kg_xml_refuse(xml, "This part of the workbook is nested deeper than %d.", KG_XML_DEPTH_MAX);
        return;
    }
    if (!xml->stopped)
        xml->reader->start(xml, xml->reader->context, local(name), attributes);
}

/* Of an element that was empty it is called even after the reading was stopped at its start. */
static void on_end(void *user, const char *name)
{
    kg_xml *xml = user;
    xml->depth--;
    if (xml->reader->end && !xml->stopped)
        xml->reader->end(xml, xml->reader->context, local(name));
}

static void on_text(void *user, const char *bytes, int count)
{
    kg_xml *xml = user;
    if (xml->reader->text && !xml->stopped)
        xml->reader->text(xml, xml->reader->context, bytes, (size_t)count);
}

static void on_doctype(void *user, const char *name, const char *system, const char *public,
                       int has_subset)
{
    kg_xml *xml = user;
    (void)name, (void)system, (void)public, (void)has_subset;
    kg_xml_refuse(xml, "This part of the workbook has a document type (DTD), which workbooks do "
                       "not have and which is not read.");
}

static void say_broken(kg_xml *xml)
{
    enum XML_Error error = XML_GetErrorCode(xml->parser);
    if (error == XML_ERROR_NO_MEMORY)
        kg_memory_end();
    kg_xml_refuse(xml, "This part of the workbook is no XML (%s).", XML_ErrorString(error));
}

/* Of the last thing that the parser told; -1 where it has told none. */
static int64_t byte_index(const kg_xml *xml)
{
#if XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= 9)
    return XML_GetCurrentByteIndex64(xml->parser); /* the other is deprecated from 2.9 on */
#else
    return XML_GetCurrentByteIndex(xml->parser);
#endif
}

/* The parser begins a tag or comment anew with every chunk until it has its end: one of 256 MiB
 * would keep it busy for a quarter of an hour. */
static bool is_too_long(const kg_xml *xml)
{
    return xml->given - byte_index(xml) > KG_XML_PIECE_BYTES_MAX;
}

static bool take(void *context, const char *bytes, size_t count)
{
    kg_xml *xml = context;
    xml->given += (XML_Index)count;
    if (XML_Parse(xml->parser, bytes, (int)count, XML_FALSE) == XML_STATUS_ERROR && !xml->stopped)
        say_broken(xml);
    else if (!xml->stopped && is_too_long(xml))
        kg_xml_refuse(xml, "This part of the workbook has a tag or comment longer than %d bytes.",
                      KG_XML_PIECE_BYTES_MAX);
    return !xml->stopped;
}

bool kg_xml_read(kg_package *package, const char *part, const kg_xml_reader *reader,
                 kg_problems *problems)
{
    kg_xml xml = {.reader = reader, .problems = problems, .part = part};
    xml.parser = XML_ParserCreate(NULL);
    if (!xml.parser)
        kg_memory_end();
    XML_SetUserData(xml.parser, &xml);
    XML_SetElementHandler(xml.parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml.parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml.parser, on_doctype);
    bool read = kg_package_read(package, part, take, &xml, problems);
    if (read && !xml.stopped && XML_Parse(xml.parser, "", 0, XML_TRUE) == XML_STATUS_ERROR &&
        !xml.stopped)
        say_broken(&xml);
    XML_ParserFree(xml.parser);
    return read && !xml.refused;
}

const char *kg_xml_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(local(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

bool kg_xml_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

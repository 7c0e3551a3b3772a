/* SPDX-License-Identifier: EUPL-1.2 */
/* A part of a workbook as XML: names come without their prefixes; a document type, deep nesting
 * and endless tags are refused. */
#ifndef KG_WORKBOOK_XML_H
#define KG_WORKBOOK_XML_H

#include "client/workbook/package.h"

#define KG_XML_DEPTH_MAX 64
#define KG_XML_PIECE_BYTES_MAX 1048576 /* of a tag or comment, from its start */

typedef struct kg_xml kg_xml;

/* What is called as the part is read; `text` may give a text in pieces. */
typedef struct kg_xml_reader {
    void (*start)(kg_xml *xml, void *context, const char *name, const char **attributes);
    void (*end)(kg_xml *xml, void *context, const char *name);                 /* or NULL */
    void (*text)(kg_xml *xml, void *context, const char *bytes, size_t count); /* or NULL */
    void *context;
} kg_xml_reader;

/* False with a problem where it is no XML, or was refused. */
bool kg_xml_read(kg_package *package, const char *part, const kg_xml_reader *reader,
                 kg_problems *problems);
/* Ends the reading: enough is known. */
void kg_xml_stop(kg_xml *xml);
/* Ends the reading with a problem of the file, which has the part as its value. */
__attribute__((format(printf, 2, 3))) void kg_xml_refuse(kg_xml *xml, const char *format, ...);
/* An attribute's value by its name without prefix; NULL where it is absent. */
const char *kg_xml_attribute(const char **attributes, const char *name);
bool kg_xml_true(const char *value); /* "1" or "true" */

#endif

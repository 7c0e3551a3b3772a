/* SPDX-License-Identifier: EUPL-1.2 */
/* XML as a notice needs it: elements, one attribute each, texts. The one includer of libxml2. */
#ifndef KOPGROEP_NOTICE_MARKUP_H
#define KOPGROEP_NOTICE_MARKUP_H

#include <stdbool.h>

#include "proto/sink.h"

typedef struct kg_markup kg_markup;

kg_markup *kg_markup_new(void);
/* Adds the whole document to `out` and frees the writer. */
void kg_markup_finish(kg_markup **xml, kg_buffer *out);

void kg_markup_open(kg_markup *xml, const char *element);
/* Opens several, "cac:Party/cac:PartyIdentification". */
void kg_markup_open_path(kg_markup *xml, const char *path);
void kg_markup_close(kg_markup *xml, int count);
void kg_markup_attribute(kg_markup *xml, const char *name, const char *value);
/* An element with a text, whose runs of white space become one space and whose characters that XML
 * has not are left out; `attribute` may be NULL. */
void kg_markup_text(kg_markup *xml, const char *element, const char *attribute, const char *value,
                    const char *text);

#endif

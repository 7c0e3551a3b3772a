/* SPDX-License-Identifier: EUPL-1.2 */
/* The texts that cells of a workbook share, and the escapes in its texts. */
#ifndef KG_WORKBOOK_STRINGS_H
#define KG_WORKBOOK_STRINGS_H

#include "client/workbook/xml.h"
#include "proto/sink.h"

#define KG_CELL_BYTES_MAX 131072      /* a spreadsheet's own bound is 32,767 characters */
#define KG_STRINGS_BYTES_MAX 67108864 /* of all shared texts */
#define KG_STRINGS_MAX 2000000

typedef struct kg_strings {
    kg_buffer text; /* all, each ended by a NUL */
    size_t *starts; /* owned */
    size_t count, capacity;
} kg_strings;

void kg_strings_init(kg_strings *strings);
void kg_strings_fini(kg_strings *strings);
/* Rich texts count as their plain text; guides to pronunciation are left out. */
bool kg_strings_read(kg_strings *strings, kg_package *package, const char *part,
                     kg_problems *problems);
/* Borrowed; NULL where there is no such text. */
const char *kg_strings_at(const kg_strings *strings, size_t index);
/* Puts characters in the place of "_x000D_" and the like; those that no text may hold stay as they
 * are. Returns the new number of bytes. */
size_t kg_strings_unescape(char *text, size_t count);

#endif

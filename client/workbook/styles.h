/* SPDX-License-Identifier: EUPL-1.2 */
/* What a cell's style says of a number: that it is a date, or shown with leading zeros. */
#ifndef KG_WORKBOOK_STYLES_H
#define KG_WORKBOOK_STYLES_H

#include "client/workbook/xml.h"

#define KG_STYLES_MAX 65536

typedef struct kg_style {
    bool date;
    unsigned char zeros; /* digits shown at least; 0 = as many as there are */
} kg_style;

typedef struct kg_styles {
    kg_style *items; /* owned; by the number in a cell */
    size_t count, capacity;
} kg_styles;

void kg_styles_fini(kg_styles *styles);
bool kg_styles_read(kg_styles *styles, kg_package *package, const char *part,
                    kg_problems *problems);
/* A plain one where there is no such style. */
kg_style kg_styles_at(const kg_styles *styles, size_t index);
/* What a number format such as "yyyy\-mm\-dd" or "00000" says. */
kg_style kg_style_of(const char *format);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* An empty plan as a workbook that a buyer fills in. */
#ifndef KG_WORKBOOK_WRITE_TEMPLATE_H
#define KG_WORKBOOK_WRITE_TEMPLATE_H

#include "client/workbook/form.h"

/* `nuts`: the list of places holds the codes that begin so; NULL: all. Never over a file that is
 * there. False with a sentence in `why`. */
bool kg_template_write(const char *path, kg_form *form, const char *nuts, char *why,
                       size_t why_bytes);

#endif

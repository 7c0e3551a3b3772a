/* SPDX-License-Identifier: EUPL-1.2 */
/* What a cell says, as a plan writes it: dates out of numbers of days, the zeros that a spreadsheet
 * leaves out, the code out of "laptop – Laptops", the plan's word for a person's. */
#ifndef KG_WORKBOOK_CELL_TEXT_H
#define KG_WORKBOOK_CELL_TEXT_H

#include "client/workbook/sheet.h"
#include "client/workbook/texts.h"

/* Appends the text; KG_COLUMN_CRITERIA and _ACCEPTS stand for one level. What is no such value is
 * appended as it is shown, for the check to refuse. */
void kg_cell_write(const kg_cell *cell, kg_column column, bool from_1904, kg_buffer *out);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/write_template.h"

#include <errno.h>
#include <string.h>

#include "client/workbook/write_form.h"

bool kg_template_write(const char *path, kg_form *form, const char *nuts, char *why,
                       size_t why_bytes)
{
    kg_book_writer writer;
    const char *fault;
    if (!kg_book_writer_open(&writer, path, form, nuts, true)) {
        kg_text_format(why, why_bytes, "%s cannot be made: %s.", path, strerror(errno));
        return false;
    }
    kg_book_note(&writer, worksheet_set_row(writer.plan, 0, KG_HEADING_POINTS, NULL));
    for (size_t i = 0; i < form->count; i++) {
        const kg_form_column *column = &form->columns[i];
        kg_book_dress(&writer, (lxw_col_t)i, column);
        kg_book_name(&writer, column->heading, column->name);
        kg_book_note(&writer, worksheet_write_string(writer.plan, 0, (lxw_col_t)i, column->heading,
                                                     column->required ? writer.heading_required
                                                                      : writer.heading));
    }
    kg_book_lock(&writer);
    if (kg_book_writer_close(&writer, &fault))
        return true;
    kg_text_format(why, why_bytes, KG_SAY("%s cannot be written: %s"), path, fault);
    return false;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/offer_workbook.h"

#include <locale.h>
#include <stdlib.h>

#include "client/workbook/cell_text.h"

static const kg_book_sheet *find_sheet(const kg_book *book, kg_problems *problems)
{
    size_t i = 0;
    while (i < book->count && book->sheets[i].hidden)
        i++;
    if (i < book->count)
        return &book->sheets[i];
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                    "The workbook has no sheet that can be seen.");
    return NULL;
}

static void give_cell(kg_offer_table *table, const kg_cell *cell, bool from_1904, kg_buffer *text,
                      kg_problems *problems)
{
    text->count = 0;
    if (cell->kind == KG_CELL_ERROR)
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, cell->row, NULL, cell->text,
                        "The cell's formula has no result: mend it, or write the value itself.");
    else
        kg_cell_write(cell, KG_COLUMN_TITLE, from_1904, text);
    kg_offer_table_field(table, text->count > 0 ? text->bytes : "", text->count);
}

static void give_rows(kg_offer_table *table, const kg_sheet *sheet, bool from_1904,
                      kg_problems *problems)
{
    kg_buffer text;
    kg_buffer_init(&text);
    for (size_t at = 0, end; at < sheet->count; at = end) {
        int column = 1;
        end = kg_sheet_row_end(sheet, at);
        kg_offer_table_begin(table, sheet->cells[at].row);
        for (size_t i = at; i < end; i++) {
            for (; column < sheet->cells[i].column; column++)
                kg_offer_table_field(table, "", 0);
            give_cell(table, &sheet->cells[i], from_1904, &text, problems);
            column++;
        }
        kg_offer_table_end(table);
    }
    kg_buffer_fini(&text);
}

/* In the C locale, in which a workbook's numbers are. */
static void read_book(const char *path, kg_offer_table *table, kg_problems *problems)
{
    kg_book *book = kg_alloc(1, sizeof *book);
    kg_sheet sheet = {0};
    const kg_book_sheet *tab =
        kg_book_open(book, path, problems) ? find_sheet(book, problems) : NULL;
    if (tab && kg_sheet_read(&sheet, book, tab->part, false, problems))
        give_rows(table, &sheet, book->from_1904, problems);
    kg_sheet_fini(&sheet);
    kg_book_close(book);
    free(book);
}

kg_offer *kg_offer_workbook_read(const char *path, kg_arena *arena, size_t *count,
                                 kg_problems *problems)
{
    kg_offer_table *table = kg_offer_table_new(problems);
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!locale)
        kg_memory_end();
    locale_t before = uselocale(locale);
    read_book(path, table, problems);
    uselocale(before);
    freelocale(locale);
    return kg_offer_table_finish(&table, arena, count);
}

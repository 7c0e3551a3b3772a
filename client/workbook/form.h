/* SPDX-License-Identifier: EUPL-1.2 */
/* The form that a buyer fills in: the columns of the plan, but for each criterion of the catalogue
 * a column for the level required and one for the level accepted, in place of `criteria` and
 * `accepts`. Its headings in a language. */
#ifndef KG_WORKBOOK_FORM_H
#define KG_WORKBOOK_FORM_H

#include "client/workbook/texts.h"

#define KG_FORM_VERSION 1
#define KG_FORM_MARK "kopgroep-plan" /* stands first on the sheet with the names */
#define KG_FORM_NAMES_SHEET "kopgroep"

typedef struct kg_form_column {
    kg_column column;    /* KG_COLUMN_CRITERIA or _ACCEPTS for one of a criterion */
    int criterion;       /* its index in the catalogue; -1: a column of the plan */
    const char *name;    /* "quantity", "criteria:warranty-years" */
    const char *heading; /* in the form's language */
    const char *hint;
    bool required;
} kg_form_column;

typedef struct kg_form {
    int language;                  /* KG_NAME_NL ... */
    const kg_catalogue *catalogue; /* borrowed */
    kg_form_column *columns;
    size_t count;
    kg_arena arena; /* owns all above */
} kg_form;

/* `category` NULL: the criteria of all categories, else those of this one. */
void kg_form_init(kg_form *form, const kg_catalogue *catalogue, int language, const char *category);
void kg_form_fini(kg_form *form);
/* "criteria:warranty-years" or "quantity" to what it stands for; false when it is neither.
 * `criterion` is -1 for a column of the plan, and -2 for a criterion that the catalogue lacks. */
bool kg_form_name(const kg_catalogue *catalogue, const char *name, kg_column *column,
                  int *criterion);
/* What a person reads for a code: "laptop – Laptops", or the code alone. In the form's arena. */
const char *kg_form_coded(kg_form *form, const char *code, const char *name);
/* Bytes of the code at the start of such a text; all of them where it is a code alone. */
size_t kg_form_code_bytes(const char *text);

#endif

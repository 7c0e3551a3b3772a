/* SPDX-License-Identifier: EUPL-1.2 */
/* The texts of workbooks, in the languages of catalogue names (KG_NAME_NL ...). They stand in
 * texts.def and nowhere else. All are static. */
#ifndef KG_WORKBOOK_TEXTS_H
#define KG_WORKBOOK_TEXTS_H

#include "proto/plan_line.h"

typedef enum kg_text {
#define COLUMN(...)
#define WORD(...)
#define TEXT(name, ...) name,
#include "client/workbook/texts.def"
    KG_TEXTS
} kg_text;

const char *kg_text_of(kg_text text, int language);
/* Of a column of the plan; "organisation", which no workbook has, gives NULL. */
const char *kg_text_heading(kg_column column, int language);
const char *kg_text_hint(kg_column column, int language);

/* A value that a person picks by a word of their language. */
typedef struct kg_word {
    kg_column column;
    const char *value; /* as the plan has it */
    const char *words[KG_NAMES];
} kg_word;

/* All of them, in the order in which a list shows them; ended by one without a value. */
const kg_word *kg_words(void);
/* "nl" to KG_NAME_NL; -1 when it is none of the four. */
int kg_text_language(const char *code);
const char *kg_text_language_code(int language);

#endif

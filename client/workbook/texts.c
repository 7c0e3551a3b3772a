/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/texts.h"

#include <string.h>

static const char *const texts[KG_TEXTS][KG_NAMES] = {
#define COLUMN(...)
#define WORD(...)
#define TEXT(name, nl, fr, de, en) [name] = {nl, fr, de, en},
#include "client/workbook/texts.def"
};

static const char *const headings[KG_COLUMNS][KG_NAMES] = {
#define COLUMN(column, nl, fr, de, en, ...) [column] = {nl, fr, de, en},
#define WORD(...)
#define TEXT(...)
#include "client/workbook/texts.def"
};

static const char *const hints[KG_COLUMNS][KG_NAMES] = {
#define COLUMN(column, nl, fr, de, en, ...) [column] = {__VA_ARGS__},
#define WORD(...)
#define TEXT(...)
#include "client/workbook/texts.def"
};

static const kg_word words[] = {
#define COLUMN(...)
#define WORD(column, value, ...) {column, value, {__VA_ARGS__}},
#define TEXT(...)
#include "client/workbook/texts.def"
    {0},
};

static const char *const codes[KG_NAMES] = {
    [KG_NAME_NL] = "nl", [KG_NAME_FR] = "fr", [KG_NAME_DE] = "de", [KG_NAME_EN] = "en"};

const char *kg_text_of(kg_text text, int language)
{
    return texts[text][language];
}

const char *kg_text_heading(kg_column column, int language)
{
    return headings[column][language];
}

const char *kg_text_hint(kg_column column, int language)
{
    return hints[column][language];
}

const kg_word *kg_words(void)
{
    return words;
}

int kg_text_language(const char *code)
{
    for (int i = 0; i < KG_NAMES; i++)
        if (strcmp(codes[i], code) == 0)
            return i;
    return -1;
}

const char *kg_text_language_code(int language)
{
    return codes[language];
}

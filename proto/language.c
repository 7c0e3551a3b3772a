/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/language.h"

#include <string.h>

#include "proto/text.h"

/* The place is the bit. After the first four by code: official and regional languages of the EU,
 * the EEA, Switzerland, the United Kingdom and the candidate countries. */
#define LANGUAGES(each)                                                                            \
    each("nl") each("fr") each("de") each("en")                                                    \
    each("be") each("bg") each("br") each("bs") each("ca") each("co") each("cs") each("cy")        \
    each("da") each("el") each("es") each("et") each("eu") each("fi") each("fo") each("fy")        \
    each("ga") each("gd") each("gl") each("gv") each("hr") each("hu") each("hy") each("is")        \
    each("it") each("ka") each("kl") each("kw") each("lb") each("li") each("lt") each("lv")        \
    each("mk") each("mt") each("nb") each("nn") each("no") each("oc") each("pl") each("pt")        \
    each("rm") each("ro") each("ru") each("sc") each("se") each("sk") each("sl") each("sq")        \
    each("sr") each("sv") each("tr") each("uk") each("wa")

#define ITEM(code) code,
#define WORD(code) " " code

static const char *const codes[] = {LANGUAGES(ITEM)};
static const char all_codes[] = LANGUAGES(WORD);

#define CODES_COUNT ((int)(sizeof codes / sizeof codes[0]))
_Static_assert(sizeof codes / sizeof codes[0] <= 64, "a language is a bit of kg_languages");
_Static_assert(sizeof all_codes <= KG_LANGUAGES_BYTES, "every code must fit");

int kg_language_find(const char *code)
{
    if (!code[0] || !code[1] || code[2])
        return -1;
    for (int i = 0; i < CODES_COUNT; i++) {
        if (codes[i][0] == code[0] && codes[i][1] == code[1])
            return i;
    }
    return -1;
}

const char *kg_language_code(int language)
{
    return language >= 0 && language < CODES_COUNT ? codes[language] : NULL;
}

const char *kg_language_allowed(void)
{
    return all_codes + 1;
}

bool kg_languages_parse(const char *text, kg_languages *out, char bad[static 16])
{
    static const char separators[] = " \t,;";
    kg_languages set = 0;
    bad[0] = '\0';
    for (const char *at = text + strspn(text, separators); *at; at += strspn(at, separators)) {
        size_t count = strcspn(at, separators);
        kg_text_format(bad, 16, "%.*s", (int)(count < 15 ? count : 15), at);
        int language = kg_language_find(bad);
        if (language < 0)
            return false;
        set |= (kg_languages)1 << language;
        at += count;
    }
    bad[0] = '\0';
    if (set == 0)
        return false;
    *out = set;
    return true;
}

void kg_languages_write(kg_languages languages, char out[static KG_LANGUAGES_BYTES])
{
    char *at = out;
    for (int i = 0; i < CODES_COUNT; i++) {
        if (!(languages >> i & 1))
            continue;
        if (at > out)
            *at++ = ' ';
        memcpy(at, codes[i], 2);
        at += 2;
    }
    *at = '\0';
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Languages as bits of a set, in the order in which a lot chooses: nl fr de en, then by code. */
#ifndef KG_LANGUAGE_H
#define KG_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t kg_languages;

#define KG_LANGUAGES_BYTES 200 /* every code, separated by spaces, and a NUL */

enum { KG_LANGUAGE_NL, KG_LANGUAGE_FR, KG_LANGUAGE_DE, KG_LANGUAGE_EN };

/* The bit number of a two-letter ISO 639-1 code in lower case, or -1 when it is not on the list. */
int kg_language_find(const char *code);
/* The code of a bit number; static, never NULL for a number that kg_language_find gives. */
const char *kg_language_code(int language);
/* All codes, separated by spaces, for messages; static. */
const char *kg_language_allowed(void);
/* "nl fr" (spaces, commas or semicolons between) to a set; at least one; on failure `bad` gets
 * the code that is not known. */
bool kg_languages_parse(const char *text, kg_languages *out, char bad[static 16]);
void kg_languages_write(kg_languages languages, char out[static KG_LANGUAGES_BYTES]);
/* The first of a set; the set is not empty. */
static inline int kg_languages_first(kg_languages languages)
{
    return __builtin_ctzll(languages);
}

#endif

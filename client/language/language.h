/* SPDX-License-Identifier: EUPL-1.2 */
/* The language that users read. Sources are written in English; the catalogues (po/, made and
 * checked with gettext's tools) are part of the program, so that they need no files, and no locale
 * that is generated on this machine. What programs read (JSON, CSV, codes) is never translated.
 *
 * xgettext finds a text by what it is given to (messages.sh); N_() marks those that stand in
 * tables, which are translated where they are shown. */
#ifndef KOPGROEP_LANGUAGE_H
#define KOPGROEP_LANGUAGE_H

#include <stdbool.h>

/* From LANGUAGE, LC_ALL, LC_MESSAGES and LANG, in gettext's manner: LANGUAGE, a list such as
 * "fr:nl", counts unless the locale is C or POSIX; a locale that this machine lacks counts all the
 * same. Before the first thread, once; without it, and in any other language, texts are English. */
void kg_language_choose(void);
/* "nl", "fr", "de" or "en"; false where there is no such catalogue. */
bool kg_language_set(const char *code);
/* "en" and so on. */
const char *kg_language(void);

/* The text in that language, or as it is. Static. */
__attribute__((format_arg(1))) const char *kg_said(const char *text);
/* For a number of things. */
__attribute__((format_arg(1), format_arg(2))) const char *
kg_said_of(const char *one, const char *many, unsigned long long number);
/* Of a word whose translation hangs on where it stands. */
const char *kg_said_as(const char *context, const char *text);

/* A finished English sentence, such as a broker's: the form (a printf format of the sources) of
 * which it was made is found again, and said with the same facts. Returns owned (free); the
 * sentence as it is where no form fits. */
char *kg_retold(const char *sentence);

#define _(text) kg_said(text)
#define N_(text) text

#endif

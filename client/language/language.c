/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/language/language.h"

#include <stdlib.h>
#include <string.h>

#include "client/language/language_private.h"
#include "proto/text.h"

static const uint8_t dutch[] = {
#include "messages_nl.inc"
};
static const uint8_t french[] = {
#include "messages_fr.inc"
};
static const uint8_t german[] = {
#include "messages_de.inc"
};

#define CODES 3
#define CONTEXT_BYTES 200

static const struct {
    const char *code;
    kg_messages messages;
} catalogues[CODES] = {
    {"nl", {dutch, sizeof dutch}},
    {"fr", {french, sizeof french}},
    {"de", {german, sizeof german}},
};

/* Chosen before any thread; -1 is English. */
static int chosen = -1;

bool kg_language_set(const char *code)
{
    if (strcmp(code, "en") == 0) {
        chosen = -1;
        return true;
    }
    for (int i = 0; i < CODES; i++)
        if (strcmp(code, catalogues[i].code) == 0) {
            chosen = i;
            return true;
        }
    return false;
}

const char *kg_language(void)
{
    return chosen < 0 ? "en" : catalogues[chosen].code;
}

/* "nl_BE.UTF-8" is Dutch; "nld", "C" and "POSIX" are nothing that is known. */
static bool set_locale(const char *locale, size_t length)
{
    char code[8] = {0};
    size_t letters = 0;
    while (letters < length && !strchr("_.@", locale[letters]))
        letters++;
    if (letters == 0 || letters >= sizeof code)
        return false;
    memcpy(code, locale, letters);
    return kg_language_set(code);
}

static const char *locale_of_messages(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale && *locale)
            return locale;
    }
    return "C";
}

void kg_language_choose(void)
{
    const char *locale = locale_of_messages(), *list = getenv("LANGUAGE");
    chosen = -1;
    if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return;
    while (list && *list) {
        size_t length = strcspn(list, ":");
        if (set_locale(list, length))
            return;
        list += length + (list[length] == ':');
    }
    set_locale(locale, strlen(locale));
}

const kg_messages *kg_language_messages(void)
{
    return chosen < 0 ? NULL : &catalogues[chosen].messages;
}

const char *kg_said(const char *text)
{
    const kg_messages *messages = kg_language_messages();
    const char *said = messages && *text ? kg_messages_find(messages, text, 0) : NULL;
    return said ? said : text;
}

/* What the head of each catalogue says under Plural-Forms; a test holds them together. */
static unsigned form_of(unsigned long long number)
{
    bool none_is_one = strcmp(kg_language(), "fr") == 0;
    return number == 1 || (number == 0 && none_is_one) ? 0 : 1;
}

const char *kg_said_of(const char *one, const char *many, unsigned long long number)
{
    const kg_messages *messages = kg_language_messages();
    const char *said = messages ? kg_messages_find(messages, one, form_of(number)) : NULL;
    return said ? said : number == 1 ? one : many;
}

const char *kg_said_as(const char *context, const char *text)
{
    char key[CONTEXT_BYTES];
    const kg_messages *messages = kg_language_messages();
    if (!messages || strlen(context) + strlen(text) + 2 > sizeof key)
        return text;
    kg_text_format(key, sizeof key, "%s\004%s", context, text);
    const char *said = kg_messages_find(messages, key, 0);
    return said ? said : text;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A sentence back into its form and facts. A broker sends finished English sentences, whichever
 * version it is of; their forms are in the catalogue with all others. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/language/language_private.h"
#include "proto/memory.h"
#include "proto/sink.h"

#define FACTS_MAX 12
#define TRIES_MAX                                                                                  \
    20000           /* of a form: a hostile sentence costs no more than time that nobody notices */
#define DEPTH_MAX 2 /* sentences within sentences */
#define LETTERS_FEW 8 /* a form with no more ("%s was %s.") would fit too much by chance */

typedef struct fact {
    const char *text; /* in the sentence */
    size_t count;
} fact;

typedef struct telling {
    fact facts[FACTS_MAX];
    size_t count;
    size_t literal; /* letters of the form that stand in the sentence */
    size_t tries;
} telling;

/* Bytes of the conversion at `form` ("%zu" has 3), with its last letter; 0 when it is none that a
 * sentence has. */
static size_t conversion(const char *form, char *letter)
{
    size_t at = 1 + strspn(form + 1, "0123456789$.*hlzjt-+#");
    if (!form[at] || !strchr("sdiucoxX", form[at]))
        return 0;
    *letter = form[at];
    return at + 1;
}

static bool matches(const char *form, const char *sentence, telling *out);

/* A number's digits all at once; of a text, the shortest with which the rest matches. */
static bool matches_fact(const char *rest, char letter, const char *sentence, telling *out)
{
    size_t most = letter == 's'   ? strlen(sentence)
                  : letter == 'c' ? *sentence != '\0'
                                  : strspn(sentence, "0123456789abcdefABCDEF-");
    const size_t at = out->count, literal = out->literal;
    if (at == FACTS_MAX || out->tries > TRIES_MAX || (letter != 's' && most == 0))
        return false;
    for (size_t count = letter == 's' ? 0 : most; count <= most; count++) {
        if (++out->tries > TRIES_MAX)
            return false;
        out->facts[at] = (fact){sentence, count};
        out->count = at + 1;
        out->literal = literal;
        if (matches(rest, sentence + count, out))
            return true;
    }
    return false;
}

static bool matches(const char *form, const char *sentence, telling *out)
{
    for (; *form; form++, sentence++) {
        char letter;
        size_t bytes = *form == '%' && form[1] != '%' ? conversion(form, &letter) : 0;
        if (bytes > 0)
            return matches_fact(form + bytes, letter, sentence, out);
        if (*form == '%' && *++form != '%')
            return false;
        if (*form != *sentence)
            return false;
        out->literal += isalpha((unsigned char)*form) != 0;
    }
    return *sentence == '\0';
}

/* "the reason": the catalogue has it. */
static bool is_known(const fact *f)
{
    kg_buffer english;
    kg_buffer_init(&english);
    kg_buffer_add(&english, f->text, f->count);
    kg_buffer_add(&english, "", 1);
    const bool known = kg_said(english.bytes) != english.bytes;
    kg_buffer_fini(&english);
    return known;
}

/* Facts of a short form are words, or what is known, not sentences. */
static bool is_likely(const telling *told)
{
    bool blank = false;
    for (size_t i = 0; i < told->count; i++)
        blank = blank || (memchr(told->facts[i].text, ' ', told->facts[i].count) &&
                          !is_known(&told->facts[i]));
    return told->literal > LETTERS_FEW || (told->literal > 0 && !blank);
}

/* The form that leaves least to the facts, or -1. */
static int64_t find(const kg_messages *messages, const char *sentence, telling *best)
{
    int64_t found = -1;
    for (uint32_t n = 0; n < kg_messages_count(messages); n++) {
        const char *source = kg_messages_source(messages, n);
        telling told = {0};
        if (!strchr(source, '%') || strchr(source, '\004') || !matches(source, sentence, &told) ||
            !is_likely(&told) || (found >= 0 && told.literal <= best->literal))
            continue;
        *best = told;
        found = n;
    }
    return found;
}

static char *retell(const char *sentence, int depth);

/* A fact may be a word of ours ("opened"), or a sentence in the sentence. */
static void add_fact(kg_buffer *out, const fact *f, int depth)
{
    kg_buffer english;
    kg_buffer_init(&english);
    kg_buffer_add(&english, f->text, f->count);
    const char *said = kg_said_as("fact", english.bytes);
    char *again = said == english.bytes && strchr(said, ' ') ? retell(said, depth + 1) : NULL;
    if (again)
        said = again;
    kg_buffer_add(out, said, strlen(said));
    free(again);
    kg_buffer_fini(&english);
}

/* "%2$s" names its fact, "%s" takes the next, "%3$.0s" leaves one out. */
static char *say(const char *target, const telling *told, int depth)
{
    size_t next = 0;
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_add(&out, "", 0);
    while (*target) {
        char letter, *dollar;
        size_t bytes = *target == '%' && target[1] != '%' ? conversion(target, &letter) : 0;
        if (bytes == 0) {
            target += *target == '%';
            kg_buffer_add(&out, target++, 1);
            continue;
        }
        size_t named = strtoul(target + 1, &dollar, 10);
        size_t which = *dollar == '$' && named > 0 ? named - 1 : next++;
        bool silent = memmem(target, bytes, ".0", 2) != NULL; /* an ending that only English has */
        if (which < told->count && !silent)
            add_fact(&out, &told->facts[which], depth);
        target += bytes;
    }
    return out.bytes;
}

static char *retell(const char *sentence, int depth)
{
    const kg_messages *messages = kg_language_messages();
    const char *said = kg_said(sentence);
    telling told = {0};
    int64_t form =
        messages && said == sentence && depth < DEPTH_MAX ? find(messages, sentence, &told) : -1;
    if (form >= 0)
        return say(kg_messages_target(messages, (uint32_t)form, 0), &told, depth);
    return kg_strdup(said);
}

char *kg_retold(const char *sentence)
{
    return retell(sentence, 0);
}

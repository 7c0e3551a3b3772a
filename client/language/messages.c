/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/language/messages.h"

#include <string.h>

/* Words of the head: see "The Format of GNU MO Files" in gettext's manual. */
enum { MAGIC, REVISION, COUNT, SOURCES, TARGETS, HEAD_WORDS };

#define MAGIC_NUMBER 0x950412deu

static uint32_t word(const kg_messages *messages, size_t at)
{
    const uint8_t *b = messages->bytes + at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Of a table of (length, place). */
static const char *text(const kg_messages *messages, uint32_t table, uint32_t n, uint32_t *length)
{
    size_t at = (size_t)word(messages, 4 * (size_t)table) + 8 * (size_t)n;
    *length = word(messages, at);
    return (const char *)messages->bytes + word(messages, at + 4);
}

uint32_t kg_messages_count(const kg_messages *messages)
{
    if (messages->count < 4 * HEAD_WORDS || word(messages, 4 * MAGIC) != MAGIC_NUMBER)
        return 0;
    return word(messages, 4 * COUNT);
}

const char *kg_messages_source(const kg_messages *messages, uint32_t n)
{
    uint32_t length;
    return text(messages, SOURCES, n, &length);
}

const char *kg_messages_target(const kg_messages *messages, uint32_t n, unsigned form)
{
    uint32_t length;
    const char *target = text(messages, TARGETS, n, &length);
    size_t first = strlen(target);
    return form == 1 && first < length ? target + first + 1 : target;
}

const char *kg_messages_find(const kg_messages *messages, const char *source, unsigned form)
{
    uint32_t low = 0, high = kg_messages_count(messages);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(source, kg_messages_source(messages, middle));
        if (order == 0)
            return kg_messages_target(messages, middle, form);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

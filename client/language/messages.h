/* SPDX-License-Identifier: EUPL-1.2 */
/* A compiled catalogue (GNU .mo, little-endian), read where it lies. */
#ifndef KOPGROEP_MESSAGES_H
#define KOPGROEP_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

typedef struct kg_messages {
    const uint8_t *bytes;
    size_t count;
} kg_messages;

/* How many; 0 where the bytes are no catalogue. */
uint32_t kg_messages_count(const kg_messages *messages);
/* The n-th, in the order of their bytes: a context and U+0004 may stand before the text; of a
 * plural, the text for one. */
const char *kg_messages_source(const kg_messages *messages, uint32_t n);
/* Its translation; `form` 1 that of several. */
const char *kg_messages_target(const kg_messages *messages, uint32_t n, unsigned form);
/* The translation of a text, or NULL. */
const char *kg_messages_find(const kg_messages *messages, const char *source, unsigned form);

#endif

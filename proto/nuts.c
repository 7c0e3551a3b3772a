/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/nuts.h"

#include <stdint.h>
#include <string.h>

#include "proto/nuts_slot.h"
#include "proto/text.h"

struct entry {
    uint64_t number; /* number_of() the code */
    const char *code, *label;
};

/* Sorted by code, in bytes; made from the reference files by gen_nuts.c. */
static const struct entry entries[] = {
#include "nuts_table.inc"
};

/* By kg_nuts_slot(): place among the entries + 1; 0: none. */
static const uint16_t slots[KG_NUTS_SLOTS] = {
#include "nuts_slots.inc"
};

/* Its letters, the first one highest; 0, which no code has, where there are too many. */
static uint64_t number_of(const char *code)
{
    uint64_t number = 0;
    int count = 0;
    for (; count < KG_NUTS_CHARS_MAX && code[count]; count++)
        number |= (uint64_t)(uint8_t)code[count] << (56 - 8 * count);
    return code[count] ? 0 : number;
}

/* Each plan line asks more than once: a search by halves took a tenth of what taking one costs. */
static const struct entry *find(const char *code)
{
    const uint64_t number = number_of(code);
    unsigned at = kg_nuts_slot(number);
    while (slots[at] > 0 && entries[slots[at] - 1].number != number)
        at = (at + 1) % KG_NUTS_SLOTS;
    return slots[at] > 0 ? &entries[slots[at] - 1] : NULL;
}

bool kg_nuts_listed(const char *code)
{
    return find(code) != NULL;
}

int kg_nuts_number(const char *code)
{
    const struct entry *entry = find(code);
    return entry ? (int)(entry - entries) : -1;
}

const char *kg_nuts_code(int number)
{
    return entries[number].code;
}

int kg_nuts_count(void)
{
    return (int)(sizeof entries / sizeof entries[0]);
}

void kg_nuts_range(const char *prefix, int *first, int *end)
{
    int low = 0, high = kg_nuts_count();
    while (low < high) {
        int middle = (low + high) / 2;
        if (strcmp(entries[middle].code, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = *end = low;
    while (*end < kg_nuts_count() && kg_nuts_within(entries[*end].code, prefix))
        ++*end;
}

const char *kg_nuts_label(const char *code)
{
    const struct entry *entry = find(code);
    return entry ? entry->label : NULL;
}

int kg_nuts_level(const char *code)
{
    return (int)strlen(code) - 2;
}

void kg_nuts_near(const char *code, char *out, size_t size)
{
    char above[KG_NUTS_CHARS_MAX + 1];
    size_t count = strnlen(code, KG_NUTS_CHARS_MAX - 1), used = 0;
    memcpy(above, code, count);
    for (above[count] = '\0'; count > 0 && !kg_nuts_listed(above); above[count] = '\0')
        count--;
    size_t length = count > 0 ? count + 1 : 2;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strlen(entries[i].code) != length || !kg_nuts_within(entries[i].code, above))
            continue;
        kg_text_format(out + used, size - used, "%s%s", used ? " " : "", entries[i].code);
        used += strlen(out + used);
    }
}

bool kg_nuts_within(const char *code, const char *prefix)
{
    return strncmp(code, prefix, strlen(prefix)) == 0;
}

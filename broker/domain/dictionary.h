/* SPDX-License-Identifier: EUPL-1.2 */
/* The dictionary: what lines say at length (texts, level vectors, languages), kept once and found
 * by a small number. Nothing is ever removed or moved: what was put in may be read while more is
 * put in. */
#ifndef KG_DICTIONARY_H
#define KG_DICTIONARY_H

#include "broker/domain/slots.h"
#include "proto/language.h"
#include "proto/levels.h"

#define KG_DICTIONARY_BLOCKS 22
#define KG_DICTIONARY_SETS_BLOCKS 256
#define KG_DICTIONARY_SETS_FULL UINT16_MAX

typedef struct kg_dictionary {
    char *blocks[KG_DICTIONARY_BLOCKS]; /* owned; each twice as long as the one before */
    uint64_t used;                      /* bytes of all blocks, what was skipped included */
    uint32_t *slots;                    /* owned; shared texts by hash; 0: free. Behind them a tag
                                           of each one's hash: what differs need not be read */
    size_t slots_capacity, shared;
    kg_languages *sets[KG_DICTIONARY_SETS_BLOCKS]; /* owned, each of 256 */
    size_t sets_count;
    kg_slots sets_index;
} kg_dictionary;

void kg_dictionary_init(kg_dictionary *dictionary);
void kg_dictionary_fini(kg_dictionary *dictionary);

size_t kg_dictionary_bytes(const kg_dictionary *dictionary);

/* The number of a text, which is copied; "" is 0. A text has at most 4,000 bytes. Sharing finds
 * an equal one first. */
uint32_t kg_dictionary_add(kg_dictionary *dictionary, const char *text);
uint32_t kg_dictionary_share(kg_dictionary *dictionary, const char *text);
/* Lives as long as the dictionary. */
const char *kg_dictionary_text(const kg_dictionary *dictionary, uint32_t number);

/* A pair of level vectors. */
uint32_t kg_dictionary_levels(kg_dictionary *dictionary, const kg_levels *lo, const kg_levels *hi);
void kg_dictionary_levels_of(const kg_dictionary *dictionary, uint32_t number, kg_levels *lo,
                             kg_levels *hi);

/* KG_DICTIONARY_SETS_FULL when it takes no more. */
uint16_t kg_dictionary_languages(kg_dictionary *dictionary, kg_languages languages);
kg_languages kg_dictionary_languages_of(const kg_dictionary *dictionary, uint16_t number);

void kg_dictionary_archive(kg_dictionary *dictionary, const kg_archive *archive);

#endif

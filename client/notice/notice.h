/* SPDX-License-Identifier: EUPL-1.2 */
/* A notice before it is written: the broker's facts and the notice file's, as one. Made once, then
 * only read. */
#ifndef KOPGROEP_NOTICE_H
#define KOPGROEP_NOTICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "proto/text.h"

#define KG_NOTICE_LANGUAGES 4 /* nl fr de en: in which we have words */
#define KG_NOTICE_ID_BYTES 37

typedef struct kg_notice {
    int subtype;          /* eForms 4 to 9 */
    json_t *facts;        /* owned; the broker's answer */
    json_t *given;        /* owned; the notice file */
    json_t *buyers;       /* owned; each organisation's record with what the file gives; the lead
                             buyer first, the others by id */
    const json_t *review; /* borrowed from `given`; NULL: none */
    const char *lead;     /* id of the lead buyer, borrowed; NULL: not known */
    int languages[KG_NOTICE_LANGUAGES]; /* numbers of kg_language; the notice's own first */
    int languages_count;
    const char *strange_language; /* that the file gives and we have no words in; borrowed; NULL */
    char id[KG_NOTICE_ID_BYTES];  /* UUID, version 4 */
    int64_t time_ms;              /* when it is made */
} kg_notice;

/* Takes both objects. `random` makes the identifier: a UUID of version 4. */
void kg_notice_init(kg_notice *notice, int subtype, json_t *facts, json_t *given,
                    const uint8_t random[static 16], int64_t time_ms);
void kg_notice_fini(kg_notice *notice);

/* Does it have Parts (subtypes 4 to 6) or Lots (7 to 9)? */
bool kg_notice_in_parts(const kg_notice *notice);
/* A text of an object, borrowed; NULL when it is absent, null or "". */
const char *kg_notice_text(const json_t *object, const char *key);
/* The same of the notice file's keys outside sections. */
const char *kg_notice_given(const kg_notice *notice, const char *key);
/* Title of the procedure in a language, or NULL. */
const char *kg_notice_title(const kg_notice *notice, int language);
/* The lots, borrowed. */
json_t *kg_notice_lots(const kg_notice *notice);
/* A sum over the lots of an amount in EUR ("value"), in cents. */
kg_int128 kg_notice_sum(const kg_notice *notice, const char *key);
/* An amount of a lot in cents; -1 when it is absent. */
kg_int128 kg_notice_cents(const json_t *object, const char *key);
/* A record's country: its own, else that of its NUTS code; NULL when neither tells. */
const char *kg_notice_country_of(const json_t *record);
/* CPV codes of lots that are on the list, each once, the main one first: of one lot, or of all of
 * them (`lot` NULL). A new array; empty when none is listed and the notice file gives none. */
json_t *kg_notice_cpv_of(const kg_notice *notice, const json_t *lot);
/* Places of delivery of one lot, or of all (NULL): each once. A new array. */
json_t *kg_notice_places_of(const kg_notice *notice, const json_t *lot);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What members teach each other: fiches of good practice, and clauses for reuse. */
#ifndef KG_DOMAIN_PRACTICE_H
#define KG_DOMAIN_PRACTICE_H

#include "proto/command.h"

typedef struct kg_good_practice {
    char key[KG_ID_BYTES_MAX + 1]; /* the organisation's own */
    uint32_t member;               /* who published it */
    bool retired;                  /* is shown to nobody; its texts are gone */
    bool clause;
    int type;        /* kg_criterion_type of a clause */
    uint64_t sequence;
    int64_t time_ms; /* when it was published, as it is now */
    char *category, *lot; /* owned; its name; the lot's id, or NULL */
    char *criteria;       /* owned; their ids, a blank between them; "" where there is none */
    char *titles[KG_NAMES], *parts[KG_NAMES][KG_FICHE_PARTS]; /* owned; NULL where absent */
} kg_good_practice;

/* Is it for this criterion? */
bool kg_good_practice_for(const kg_good_practice *practice, const char *criterion);

#endif

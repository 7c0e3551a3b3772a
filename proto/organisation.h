/* SPDX-License-Identifier: EUPL-1.2 */
/* An organisation's record: what grouping, disclosure and a notice need to know of a public body.
 */
#ifndef KG_ORGANISATION_H
#define KG_ORGANISATION_H

#include "proto/language.h"
#include "proto/nuts.h"
#include "proto/problem.h"
#include "proto/sink.h"
#include "proto/text.h"

#define KG_KEY_BYTES 32

enum {
    KG_ROLE_ORGANISATION = 1,
    KG_ROLE_COORDINATOR = 2,
    KG_ROLE_READER = 4,
    KG_ROLE_ADMINISTRATOR = 8,
    KG_ROLE_WITNESS = 16 /* cosigns heads of the journal's tree, and sees nothing else */
};

typedef struct kg_organisation {
    char id[KG_ID_BYTES_MAX + 1];
    char *name;       /* owned, as all texts below; "" where absent */
    char *legal_type; /* eForms list buyer-legal-type: cga, ra, la, body-pl, ... */
    bool central;     /* central government authority: the lower threshold holds */
    kg_nuts nuts;
    kg_languages languages; /* working languages */
    bool can_lead;
    char parent[KG_ID_BYTES_MAX + 1]; /* "" = none; a holding counts once in disclosure */
    char *contact_name, *contact_email, *contact_telephone;
    char *street, *city, *postcode, *country; /* what a notice needs; ISO 3166-1 alpha-3 */
} kg_organisation;

/* A key pair's public half, with what it may do. */
typedef struct kg_public_key {
    uint8_t sign[KG_KEY_BYTES];      /* Ed25519 */
    uint8_t transport[KG_KEY_BYTES]; /* CURVE */
    uint32_t roles;                  /* set of KG_ROLE_* */
} kg_public_key;

void kg_organisation_init(kg_organisation *organisation); /* every text "" */
void kg_organisation_fini(kg_organisation *organisation);
void kg_organisation_copy(kg_organisation *to, const kg_organisation *from);
/* Its owned texts, by number; NULL past the last. */
char **kg_organisation_text(kg_organisation *organisation, size_t i);
/* Adds every problem; returns whether there was none. Required are id, name, NUTS code and a
 * language; what else is given must be right. */
bool kg_organisation_check(const kg_organisation *organisation, long row, kg_problems *problems);
void kg_organisation_write(const kg_organisation *organisation, kg_sink sink);
/* The codes of the eForms list buyer-legal-type by number; NULL past the last. */
const char *kg_legal_type(size_t number);

/* "coordinator" to KG_ROLE_COORDINATOR; 0 when unknown. */
uint32_t kg_role_find(const char *name);
const char *kg_role_name(uint32_t role); /* of one bit; NULL for anything else */

#endif

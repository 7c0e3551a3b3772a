/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes of notices: the lists that the eForms rules hold a planning notice to. The lists of
 * config/reference are compiled in; the others stand in codes.c with their source. */
#ifndef KOPGROEP_NOTICE_CODES_H
#define KOPGROEP_NOTICE_CODES_H

#include <stdbool.h>
#include <stddef.h>

/* "nl" to "NLD"; NULL for one that the list of languages has not. */
const char *kg_notice_language(const char *code);
/* The country, ISO 3166-1 alpha-3, of a NUTS code of any level; NULL for none. */
const char *kg_notice_country(const char *nuts);
/* Is it on the list of countries (ISO 3166-1 alpha-3)? */
bool kg_notice_country_listed(const char *country);
/* Must a place in this country have a NUTS code of level 3? */
bool kg_notice_has_nuts(const char *country);
/* Must an address in this country have a postcode? */
bool kg_notice_has_postcode(const char *country);
/* May a notice carry this NUTS code: level 3 of NUTS 2024? */
bool kg_notice_nuts3(const char *nuts);
/* English label of a CPV code, or NULL when it is not on the list. */
const char *kg_notice_cpv_label(const char *cpv);
/* The code itself, or the nearest above it that is listed; false for none. */
bool kg_notice_cpv_listed(const char *cpv, char out[static 9]);
/* English name of a business term, "BT-506-Organization-Company"; the term itself for one that is
 * not among config/reference/notice-fields.csv. */
const char *kg_notice_field(const char *term);

/* Lists as texts; ended by NULL. */
extern const char *const kg_notice_authority_activities[];
extern const char *const kg_notice_entity_activities[];
/* Legal types of a contracting authority: its activity is an authority's. */
extern const char *const kg_notice_authority_types[];
bool kg_notice_on(const char *const *list, const char *code);

/* supplies, services or works, by the division of a CPV code. */
const char *kg_notice_nature(const char *cpv);

/* As the rules write them: a telephone number, an e-mail address, a web address. */
bool kg_notice_telephone_form(const char *text);
bool kg_notice_email_form(const char *text);
bool kg_notice_website_form(const char *text);

#endif

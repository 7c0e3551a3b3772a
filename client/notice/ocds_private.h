/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of a release; ocds.c puts them together. Each returns a new reference. */
#ifndef KOPGROEP_NOTICE_OCDS_PRIVATE_H
#define KOPGROEP_NOTICE_OCDS_PRIVATE_H

#include "client/notice/notice.h"

/* {"amount":..,"currency":"EUR"}: the amount as a text, which kg_ocds_write() writes as the number
 * that it is: no float is ever made of it. */
json_t *kg_ocds_value(kg_int128 cents);
/* {"id":..,"name":..} of a buyer; NULL for one that is not among them. */
json_t *kg_ocds_reference(const kg_notice *notice, const char *organisation);
/* The lot's buyers with address, contact and roles, and the supplier. */
json_t *kg_ocds_parties(const kg_notice *notice, const json_t *lot);
/* Id of the supplier among the parties, borrowed from `out`. */
void kg_ocds_supplier_id(const json_t *lot, char out[static 200]);
json_t *kg_ocds_tender(const kg_notice *notice, const json_t *lot);
json_t *kg_ocds_items(const kg_notice *notice, const json_t *lot);
/* What of the lot is sustainable: an entry a criterion and code; may be empty. */
json_t *kg_ocds_sustainability(const json_t *lot, int language);
/* Sets a key unless the value is NULL, which it takes. */
void kg_ocds_set(json_t *object, const char *key, json_t *value);

#endif

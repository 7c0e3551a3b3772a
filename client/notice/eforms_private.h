/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of a notice's XML; eforms.c puts them together. */
#ifndef KOPGROEP_NOTICE_EFORMS_PRIVATE_H
#define KOPGROEP_NOTICE_EFORMS_PRIVATE_H

#include "client/notice/notice.h"
#include "client/notice/markup.h"

#define KG_EFORMS_EXTENSION                                                                        \
    "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"
#define KG_EFORMS_EXTENSION_DEPTH 4

typedef void kg_phrase(const kg_notice *notice, const json_t *lot, int language, kg_buffer *out);

/* An element in every language of the notice. */
void kg_eforms_texts(kg_markup *xml, const kg_notice *notice, const char *element,
                     kg_phrase *phrase, const json_t *lot);
/* A reference to an organisation by its number, within `path` (of `depth` elements). */
void kg_eforms_party(kg_markup *xml, const char *path, int depth, size_t number);
/* Number of the review organisation, which follows the buyers. */
size_t kg_eforms_review(const kg_notice *notice);

/* efac:Organizations, within the root's extension. */
void kg_eforms_organisations(kg_markup *xml, const kg_notice *notice);
/* cac:ContractingParty of every buyer. */
void kg_eforms_buyers(kg_markup *xml, const kg_notice *notice);
/* cac:ProcurementProject of the procedure (`lot` NULL) or of a lot. */
void kg_eforms_project(kg_markup *xml, const kg_notice *notice, const json_t *lot);
/* cac:ProcurementProjectLot: a Part or a Lot. */
void kg_eforms_lot(kg_markup *xml, const kg_notice *notice, const json_t *lot, size_t number);
/* cac:SpecificTendererRequirement in its request, by list and code. */
void kg_eforms_requirement(kg_markup *xml, const char *list, const char *code);

#endif

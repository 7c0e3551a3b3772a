/* SPDX-License-Identifier: EUPL-1.2 */
/* Titles and descriptions in the languages that we have words in. Each adds to a buffer, without a
 * NUL; within the lengths of the eForms rules (400 characters a title, 6,000 a description). */
#ifndef KOPGROEP_NOTICE_PHRASES_H
#define KOPGROEP_NOTICE_PHRASES_H

#include "client/notice/notice.h"
#include "proto/sink.h"

/* "Laptops, new, BE2 (1)". */
void kg_phrase_lot_title(const json_t *lot, int language, kg_buffer *out);
/* Quantities, values, delivery, criteria, how the cost over the whole life is counted. */
void kg_phrase_lot(const json_t *lot, int language, kg_buffer *out);
/* "Warranty and service, in years: 5; ..." or nothing. */
void kg_phrase_criteria(const json_t *lot, int language, kg_buffer *out);
/* Who buys together, how many lots, sums. */
void kg_phrase_procedure(const kg_notice *notice, int language, kg_buffer *out);
/* Where: the NUTS codes that a notice cannot carry as codes. */
void kg_phrase_place(const char *nuts, kg_buffer *out);

#endif

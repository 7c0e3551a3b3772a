/* SPDX-License-Identifier: EUPL-1.2 */
/* Offers out of a workbook: the same rows, checks and messages as those of a CSV file. */
#ifndef KG_WORKBOOK_OFFER_WORKBOOK_H
#define KG_WORKBOOK_OFFER_WORKBOOK_H

#include "proto/offer.h"

/* As kg_offers_read_csv(), of the first sheet that can be seen. Rows have the numbers that the
 * spreadsheet program shows. */
kg_offer *kg_offer_workbook_read(const char *path, kg_arena *arena, size_t *count,
                                 kg_problems *problems);

#endif

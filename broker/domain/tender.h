/* SPDX-License-Identifier: EUPL-1.2 */
/* A tender: lots launched together as one procedure under one lead buyer. */
#ifndef KG_TENDER_H
#define KG_TENDER_H

#include "broker/domain/lot.h"

typedef struct kg_tender {
    char id[KG_ID_BYTES_MAX + 1];
    char *title; /* owned */
    char lead[KG_ID_BYTES_MAX + 1];
    uint32_t campaign;
    uint32_t *lots; /* owned; indices into the state's lots */
    size_t lots_count;
    int64_t launched_ms;
    kg_date launched; /* the day whose thresholds hold */
} kg_tender;

#endif

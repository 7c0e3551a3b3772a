/* SPDX-License-Identifier: EUPL-1.2 */
/* A lot and its life (DESIGN section 4). Its level vector is fixed at proposal. */
#ifndef KG_LOT_H
#define KG_LOT_H

#include "broker/domain/campaign.h"
#include "proto/command.h"

#define KG_LOT_ID_BYTES_MAX 160

typedef enum kg_lot_state {
    KG_LOT_PROPOSED,
    KG_LOT_CONFIRMING,
    KG_LOT_CONFIRMED,
    KG_LOT_LAUNCHED,
    KG_LOT_AWARDED,
    KG_LOT_EXHAUSTED,
    KG_LOT_EXPIRED,
    KG_LOT_FAILED
} kg_lot_state;

const char *kg_lot_state_name(kg_lot_state state);

typedef struct kg_lot_award {
    char *supplier, *evidence;  /* owned */
    int64_t unit_price_cents;   /* -1: none */
    kg_levels delivered;        /* at least the lot's x on every criterion */
    int64_t time_ms;
} kg_lot_award;

/* An offer as it was recorded; the numbers are kg_offer's. */
typedef struct kg_lot_offer {
    kg_offer offer; /* supplier, levels and labels of it are NULL: they stand below */
    char *supplier; /* owned, as the texts below */
    char *levels;   /* "warranty-years=3 battery-cycles=800" */
    char *labels;   /* a line each */
} kg_lot_offer;

typedef struct kg_call_off {
    char organisation[KG_ID_BYTES_MAX + 1];
    int64_t quantity, value_cents; /* quantity -1: none given */
    int64_t time_ms;
} kg_call_off;

typedef struct kg_lot {
    char id[KG_LOT_ID_BYTES_MAX]; /* ROUND/CATEGORY/AREA/NUMBER */
    uint32_t campaign;            /* index of its round */
    kg_lot_state state;
    kg_grouped_lot shape; /* sums, window, bodies, lead (an index into the state's members),
                             headroom, regime over the present members, or over the last ones of
                             a lot that failed; members_first and curve_first do not apply here */
    bool counted;         /* every line has a quantity: call-offs count pieces */
    uint32_t *members;    /* owned; places in the round's claims, ascending; none once it failed */
    size_t members_count;
    kg_curve_point *curve; /* owned; as proposed */
    size_t curve_count;
    uint32_t tender;       /* index of its tender, or KG_NONE */
    char *reason;          /* of FAILED; owned; NULL */
    kg_lot_offer *offers; /* owned; the last that were recorded */
    size_t offers_count;
    bool awarded;
    kg_lot_award award;
    kg_call_off *call_offs; /* owned */
    size_t call_offs_count, call_offs_capacity;
    int64_t called_off_quantity, called_off_value_cents;
    kg_date read_day; /* on which its members' lines were last shown, and their feeds told so; 0:
                         never to these members */
} kg_lot;

/* Takes the offers of an event in place of those that are there. */
void kg_lot_take_offers(kg_lot *lot, const kg_offer *offers, size_t count);
void kg_lot_drop_offers(kg_lot *lot);

/* What is left of the maximum; quantity is -1 for a lot without quantities. */
void kg_lot_remaining(const kg_lot *lot, int64_t *quantity, int64_t *value_cents);

#endif

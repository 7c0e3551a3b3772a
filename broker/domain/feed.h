/* SPDX-License-Identifier: EUPL-1.2 */
/* A feed: what happened to an organisation, in order, numbered from 1, never lost. */
#ifndef KG_FEED_H
#define KG_FEED_H

#include "proto/text.h"

typedef enum kg_feed_kind {
    KG_FEED_REGISTERED = 1,     /* the organisation's record or keys changed */
    KG_FEED_PLAN_TAKEN,         /* lines submitted or amended; detail: "3 new, 1 amended" */
    KG_FEED_LINE_WITHDRAWN,     /* line */
    KG_FEED_ROUND_OPENED,       /* round; to every organisation */
    KG_FEED_ROUND_EXTENDED,     /* round; detail: the dates */
    KG_FEED_ROUND_CLOSED,       /* round; to every organisation, when before its closes (detail) */
    KG_FEED_LINES_CLAIMED,      /* round; detail: how many of the organisation's lines */
    KG_FEED_LINE_PLACED,        /* round, lot, line: proposed in a lot */
    KG_FEED_LINE_UNPLACED,      /* round, line; detail: the reason's code */
    KG_FEED_LOT_CONFIRMING,     /* lot: confirm or decline until (detail: date) */
    KG_FEED_LOT_ANSWERED,       /* lot; detail: confirmed or declined */
    KG_FEED_LINE_MOVED,         /* lot (the new one), line: fresh confirmation until detail */
    KG_FEED_LOT_CONFIRMED,      /* lot */
    KG_FEED_LOT_FAILED,         /* lot; detail: why */
    KG_FEED_ROUND_CONCLUDED,    /* round */
    KG_FEED_ROUND_CANCELLED,    /* round; detail: why */
    KG_FEED_TENDER_LAUNCHED,    /* tender, lot; detail: lead buyer */
    KG_FEED_LOT_AWARDED,        /* lot; detail: supplier, unit price */
    KG_FEED_LOT_CALLED_OFF,     /* lot; detail: what, and what is left */
    KG_FEED_LOT_EXHAUSTED,      /* lot */
    KG_FEED_LOT_EXPIRED,        /* lot: award_by passed without an award */
    KG_FEED_KEY_ADDED,          /* detail: its first digits */
    KG_FEED_KEY_REVOKED,        /* detail: its first digits, by whom, why */
    KG_FEED_LINES_READ,         /* round, lot: the coordinator was shown lines, for the first time
                                   on a day; detail: by whom */
    KG_FEED_LOT_OFFERS,         /* lot; detail: how many */
    KG_FEED_KINDS
} kg_feed_kind;

const char *kg_feed_kind_name(kg_feed_kind kind); /* "line-placed" */

typedef struct kg_feed_entry {
    uint64_t number;   /* from 1, no gaps, per organisation */
    uint64_t sequence; /* of the journal record that caused it */
    int64_t time_ms;
    kg_feed_kind kind;
    const char *round, *lot, *tender, *line, *detail; /* "" where it does not apply; live as long
                                                         as the state */
} kg_feed_entry;

typedef struct kg_feed {
    kg_feed_entry *entries; /* owned; entries[i].number == i + 1 */
    size_t count, capacity;
} kg_feed;

#endif

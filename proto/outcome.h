/* SPDX-License-Identifier: EUPL-1.2 */
/* What grouping gives out: lots, the lines left out with their reasons, decision support. Lines
 * and organisations are indices into the input's arrays, whose order is that of (organisation,
 * line) in bytes; so comparing indices compares names. Plain; owns its arrays. */
#ifndef KG_OUTCOME_H
#define KG_OUTCOME_H

#include "proto/plan_line.h"

/* Why a line is not placed, in the order of DESIGN section 3. */
typedef enum kg_reason {
    KG_REASON_WITHDRAWN,
    KG_REASON_NOT_IN_SCOPE,
    KG_REASON_PROCEDURE_DATE,
    KG_REASON_AREA,
    KG_REASON_ALONE,
    KG_REASON_CONDITION,
    KG_REASON_LANGUAGE,
    KG_REASON_CRITERION,
    KG_REASON_WINDOW,
    KG_REASON_BELOW_MIN_BODIES,
    KG_REASON_BELOW_MIN_QUANTITY,
    KG_REASON_BELOW_MIN_VALUE,
    KG_REASON_ABOVE_CAP,
    KG_REASON_BEATEN,
    KG_REASON_DECLINED,
    KG_REASON_LOT_FAILED,
    KG_REASONS
} kg_reason;

const char *kg_reason_name(kg_reason reason);

/* The one change of a line that would make its nearest lot feasible with it, in DESIGN's order. */
typedef enum kg_change_field {
    KG_CHANGE_NONE,
    KG_CHANGE_ACCEPTS,       /* place, rank */
    KG_CHANGE_DELIVERY_FROM, /* date */
    KG_CHANGE_DELIVERY_TO,   /* date */
    KG_CHANGE_LANGUAGES,     /* languages: the whole new value */
    KG_CHANGE_CONDITION,     /* conditions: the whole new value */
    KG_CHANGE_CRITERIA       /* place, rank */
} kg_change_field;

typedef struct kg_change {
    kg_change_field field;
    int place; /* of the criterion in the category's level vectors; -1 for the other fields */
    uint8_t rank;
    uint8_t conditions;
    kg_date date;
    kg_languages languages;
} kg_change;

typedef enum kg_regime { KG_REGIME_UNKNOWN, KG_REGIME_NATIONAL, KG_REGIME_EU } kg_regime;

#define KG_NO_LOT UINT32_MAX
#define KG_NO_ORGANISATION UINT32_MAX

typedef struct kg_grouped_lot {
    kg_category category;
    kg_nuts nuts;        /* area, cut to the round's level */
    uint32_t number;     /* from 1 within the bucket, in the order of first members */
    uint32_t fixed;      /* index of the fixed lot that this one continues, or KG_NO_LOT */
    uint8_t condition;   /* KG_CONDITION_NEW or KG_CONDITION_REFURBISHED */
    uint8_t track;       /* kg_track */
    int language;        /* bit number */
    kg_levels x;
    int32_t steps;
    kg_date from, to;    /* days that all members have in common */
    uint32_t members_first, members_count; /* into kg_outcome.members, ascending */
    uint32_t bodies;     /* distinct organisations */
    int64_t quantity_min, quantity, quantity_max;
    int64_t value_cents, value_max_cents;
    kg_levels headroom;  /* highest rank that all accept, where above x; else equal to x */
    uint32_t lead;       /* suggested lead's organisation index, or KG_NO_ORGANISATION */
    kg_regime regime;
    uint32_t curve_first, curve_count; /* into kg_outcome.curve; none for a peloton lot */
} kg_grouped_lot;

/* One point of a kopgroep lot's ambition curve: x itself (place -1), or x one rank lower at a
 * place: how many organisations and what value the lot's members and the bucket's unplaced lines
 * that could then join would bring. The first point of a curve is x itself. */
typedef struct kg_curve_point {
    int place;
    uint32_t bodies;
    int64_t value_cents;
} kg_curve_point;

typedef struct kg_unplaced {
    uint32_t line;
    kg_reason reason;     /* the first of `blocking` */
    uint32_t blocking;    /* set of 1 << kg_reason */
    uint32_t nearest_lot; /* index into kg_outcome.lots, or KG_NO_LOT */
    kg_change change;     /* KG_CHANGE_NONE: no single change would do */
} kg_unplaced;

typedef struct kg_score {
    uint64_t lines, placed;
    uint64_t binding, bodies; /* components 1 and 2, summed over buckets */
    kg_int128 ambition_value; /* component 3: sum of value x steps, cents */
    kg_int128 value;          /* cents */
    uint64_t lots;
} kg_score;

typedef struct kg_outcome {
    kg_grouped_lot *lots; /* by category name, area, number */
    size_t lots_count;
    uint32_t *members;
    size_t members_count;
    kg_unplaced *unplaced; /* by line index */
    size_t unplaced_count;
    kg_curve_point *curve;
    size_t curve_count;
    kg_score score;
} kg_outcome;

void kg_outcome_destroy(kg_outcome **outcome);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The pool: every plan line that was ever submitted, in its present form, by column. */
#ifndef KG_POOL_H
#define KG_POOL_H

#include "proto/plan_line.h"

#define KG_NONE UINT32_MAX

/* What a line is, in kg_pool_columns.flags. */
enum {
    KG_POOL_KOPGROEP = 1 << 0, /* track; else peloton */
    KG_POOL_WITHDRAWN = 1 << 1,
    KG_POOL_HELD = 1 << 2, /* a running round has claimed it */
    KG_POOL_NEW = 1 << 3,  /* conditions */
    KG_POOL_REFURBISHED = 1 << 4,
    KG_POOL_INTENDED = 1 << 5, /* commitment; neither: indicative */
    KG_POOL_BINDING = 1 << 6,
    KG_POOL_COUNTED = 1 << 7,    /* it has a quantity */
    KG_POOL_BY_PIECE = 1 << 8,   /* money is the price of a piece; else the line's value */
    KG_POOL_OWN_PRICE = 1 << 9,  /* with BY_PIECE: its unit_price_max; else the category's */
    KG_POOL_VALUE = 1 << 10,     /* money is the column `value` of the plan */
    KG_POOL_OWN_PRICE_TOO = 1 << 11, /* with VALUE: it has a unit_price_max as well */
    KG_POOL_OWN_CPV = 1 << 12,   /* it names its CPV code; else its category's first */
    KG_POOL_ODD = 1 << 13,       /* a date, quantity or NUTS code is not one that its column can
                                    hold: that column has the nearest, only kg_pool_get() the right
                                    one */
    KG_POOL_LARGE = 1 << 14      /* money is a place in `large`, where the amount stands */
};

/* Days of `from` and `to` are counted from here: 2000-01-01. */
#define KG_POOL_EPOCH 10957
/* The number of a NUTS code that is not on the list (any more). */
#define KG_POOL_NUTS_NONE UINT16_MAX

/* Lines are numbered by first submission; a number is never used again. All arrays are as long as
 * `count`, contiguous, borrowed until the next apply. */
typedef struct kg_pool_columns {
    size_t count;
    const uint32_t *member; /* index of its organisation */
    const uint32_t *cpv;    /* the code that it counts under; 0: none */
    const uint16_t *nuts;   /* kg_nuts_number() */
    const uint16_t *from, *to; /* delivery window, days since 2000-01-01 */
    const uint16_t *category;
    const uint16_t *flags;
    const uint8_t *sieve; /* kg_pool_sieve() of its category and country */
    const uint32_t *quantity_min, *quantity, *quantity_max; /* 0 without a quantity */
    const uint32_t *money; /* cents; what it means is in flags: ask kg_pool_value() */
    const int64_t *large;  /* cents; by place, not by line */
} kg_pool_columns;

/* Lines of one category and country have one number here, and few others have it: a byte a line is
 * all that must be read to find them. `nuts` is a code that names a country at least. */
static inline uint8_t kg_pool_sieve(kg_category category, const char *nuts)
{
    uint32_t hash = category * 0x9e3779b1u ^ (uint32_t)(uint8_t)nuts[0] * 0x85ebca6bu ^
                    (uint32_t)(uint8_t)nuts[1] * 0xc2b2ae35u;
    return (uint8_t)(hash >> 24 ^ hash >> 16);
}

static inline kg_date kg_pool_from(const kg_pool_columns *columns, uint32_t line)
{
    return columns->from[line] + KG_POOL_EPOCH;
}

static inline kg_date kg_pool_to(const kg_pool_columns *columns, uint32_t line)
{
    return columns->to[line] + KG_POOL_EPOCH;
}

/* In cents; right for odd lines too. */
static inline int64_t kg_pool_value(const kg_pool_columns *columns, uint32_t line)
{
    const uint16_t flags = columns->flags[line];
    int64_t pieces = flags & KG_POOL_BY_PIECE ? columns->quantity[line] : 1;
    int64_t money = columns->money[line];
    if (flags & KG_POOL_LARGE)
        money = columns->large[columns->money[line]];
    return money * pieces;
}

/* A line's row of the columns, but for its category and the end of its window. */
typedef struct kg_pool_row {
    uint32_t line, member, cpv;
    uint32_t quantity_min, quantity, quantity_max;
    uint16_t nuts, from, flags;
    int64_t value;
} kg_pool_row;

static inline kg_pool_row kg_pool_row_of(const kg_pool_columns *columns, uint32_t line)
{
    return (kg_pool_row){line,
                         columns->member[line],
                         columns->cpv[line],
                         columns->quantity_min[line],
                         columns->quantity[line],
                         columns->quantity_max[line],
                         columns->nuts[line],
                         columns->from[line],
                         columns->flags[line],
                         kg_pool_value(columns, line)};
}

/* One line as a whole. */
typedef struct kg_pool_line {
    kg_plan_line line; /* texts live as long as the state */
    uint32_t member;   /* index of its organisation */
    bool withdrawn;
    uint32_t round;      /* index of the running round that has claimed it, or KG_NONE: free */
    uint32_t last_round; /* the last round that claimed it, or KG_NONE */
    uint32_t last_claim; /* its place in that round's claims */
    uint64_t sequence;   /* journal record of its last change */
} kg_pool_line;

#endif

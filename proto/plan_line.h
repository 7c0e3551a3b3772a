/* SPDX-License-Identifier: EUPL-1.2 */
/* A plan line: one planned purchase of one organisation. Two shapes: a draft (what somebody
 * wrote, each field as text) and the checked line, which cannot be wrong. */
#ifndef KG_PLAN_LINE_H
#define KG_PLAN_LINE_H

#include "proto/catalogue.h"
#include "proto/language.h"
#include "proto/nuts.h"
#include "proto/problem.h"

typedef enum kg_track { KG_TRACK_PELOTON, KG_TRACK_KOPGROEP } kg_track;
typedef enum kg_commitment {
    KG_COMMITMENT_INDICATIVE,
    KG_COMMITMENT_INTENDED,
    KG_COMMITMENT_BINDING
} kg_commitment;

enum { KG_CONDITION_NEW = 1, KG_CONDITION_REFURBISHED = 2, KG_CONDITION_EITHER = 3 };

typedef struct kg_plan_line {
    const char *organisation; /* borrowed: lives with the organisation or the plan */
    const char *line;         /* the organisation's own key; borrowed likewise */
    const char *title;        /* "" where absent */
    uint32_t cpv;             /* eight digits as a number; 0 where the line names none */
    kg_category category;
    uint8_t conditions; /* set of KG_CONDITION_* */
    uint8_t track;      /* kg_track */
    uint8_t commitment; /* kg_commitment */
    uint8_t lifetime_years; /* 0: not said */
    bool has_quantity;
    int64_t quantity, quantity_min, quantity_max; /* pieces; 0 without a quantity */
    int64_t unit_price_max_cents;                 /* -1: none. Never leaves the broker */
    int64_t value_given_cents;                    /* the column `value`; -1: none */
    int64_t value_cents, value_max_cents;         /* derived by DESIGN section 3 */
    kg_date delivery_from, delivery_to;
    kg_date order_by; /* KG_DATE_NONE: none */
    kg_nuts nuts;
    kg_languages languages;
    kg_levels lo, hi;
} kg_plan_line;

/* The columns of a plan, in the order of DESIGN section 5; `organisation` stands last. */
typedef enum kg_column {
    KG_COLUMN_LINE, KG_COLUMN_TITLE, KG_COLUMN_CPV, KG_COLUMN_CATEGORY, KG_COLUMN_CONDITION,
    KG_COLUMN_QUANTITY, KG_COLUMN_QUANTITY_MIN, KG_COLUMN_QUANTITY_MAX, KG_COLUMN_UNIT_PRICE_MAX,
    KG_COLUMN_VALUE, KG_COLUMN_CURRENCY, KG_COLUMN_DELIVERY_FROM, KG_COLUMN_DELIVERY_TO,
    KG_COLUMN_ORDER_BY, KG_COLUMN_NUTS, KG_COLUMN_LANGUAGES, KG_COLUMN_TRACK,
    KG_COLUMN_COMMITMENT, KG_COLUMN_CRITERIA, KG_COLUMN_ACCEPTS, KG_COLUMN_PROFILE,
    KG_COLUMN_LIFETIME_YEARS, KG_COLUMN_ORGANISATION, KG_COLUMNS
} kg_column;

const char *kg_column_name(kg_column column);
int kg_column_find(const char *name); /* -1 when there is none */

/* What somebody wrote: NUL-ended texts, borrowed; NULL or "" = absent. */
typedef struct kg_line_draft {
    const char *text[KG_COLUMNS];
    uint32_t told; /* set of (1u << kg_column): what is wrong there has been told already, so these
                    * columns are neither read nor missed. 0 in a message */
} kg_line_draft;
_Static_assert(KG_COLUMNS <= 32, "a column is a bit of `told`");

/* Checks a draft against the catalogue: the one place where the rules of DESIGN section 5 for a
 * line stand, for files and for messages alike. Adds every problem with `row` and its column;
 * returns whether there was none (and nothing told before). `languages` is the default for a line
 * that names none. The texts of `out` (line, title, organisation) are copied into `arena`;
 * organisation is NULL where absent. After a refusal `out` holds what could be read, with line and
 * organisation NULL where they are wrong.
 * - A line without cpv and category is a problem of `category`, one without quantity and value of
 *   `quantity`, a line without any price of `value`, a CPV code of another category of `cpv`, a
 *   window that ends before it begins of `delivery_to`, a level required above the one accepted
 *   of `accepts`.
 * - quantity is at least 1; quantity_min and quantity_max need a quantity.
 * - "cpv:7200" may stand as category beside a CPV code that falls there, never alone.
 * - Line breaks and tabs in a title become spaces. */
bool kg_plan_line_check(const kg_line_draft *draft, const kg_catalogue *catalogue,
                        kg_languages languages, long row, kg_arena *arena, kg_plan_line *out,
                        kg_problems *problems);

/* The CPV code that a line counts under: its own, else its category's first; 0 when neither. */
uint32_t kg_plan_line_cpv(const kg_plan_line *line, const kg_catalogue *catalogue);
/* Same content, key and organisation apart? */
bool kg_plan_line_equal(const kg_plan_line *a, const kg_plan_line *b);
/* Canonical bytes of a checked line; the input digest is over the lines sorted by organisation,
 * line. They do not depend on the catalogue's order or size, nor on a machine: in this order (see
 * sink.h for the forms) organisation, line, title; cpv u32; category's name; conditions, track,
 * commitment, lifetime_years, has_quantity u8; quantity, quantity_min, quantity_max,
 * unit_price_max_cents, value_given_cents, value_cents, value_max_cents, delivery_from,
 * delivery_to, order_by i64; nuts; languages as codes; levels of lo above the lowest: count u32,
 * then criterion's id and level; levels of hi that are not KG_LEVEL_ANY: likewise. */
void kg_plan_line_write(const kg_plan_line *line, const kg_catalogue *catalogue, kg_sink sink);
/* Order by (organisation, line), bytes. */
int kg_plan_line_compare(const kg_plan_line *a, const kg_plan_line *b);

const char *kg_track_name(int track);           /* "kopgroep" */
const char *kg_commitment_name(int commitment); /* "binding" */
const char *kg_condition_name(int conditions);  /* "either" */

/* "warranty-years=3 battery-cycles=800": the levels that are not `unstated`, which is 0 for lo and
 * x, KG_LEVEL_ANY for hi; returns owned (free), "" when there is none. */
char *kg_levels_text(const kg_catalogue *catalogue, kg_category category, const kg_levels *levels,
                     uint8_t unstated);

/* Its value was made with its price ceiling: divided by the quantity it is the ceiling, which is
 * nobody else's to know. */
bool kg_plan_line_counts_ceiling(const kg_plan_line *line);

#endif

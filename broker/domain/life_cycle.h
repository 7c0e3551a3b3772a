/* SPDX-License-Identifier: EUPL-1.2 */
/* What an offer costs over its whole life, in integer cents (Directive 2014/24 art. 68: purchase,
 * use, maintenance, end of life, and what it costs others where that is put in money):
 *
 *   P + I + sum over t = 1..N of (E * price + M + CO2) / (1 + r)^t + (D - V) / (1 + r)^N
 *
 * P price, I installation, E energy a year, M service a year, CO2 = E * emission * carbon price, D
 * taking it back, V its worth at the end, r the discount; N the years of use that are offered, at
 * most those that the catalogue counts. Rounding: the discount of a year is that of the year
 * before, rounded to 12 decimals, half up; everything is then summed exactly, and the sum rounded
 * to a cent, half away from zero. The cost of a year of use is that divided by N, rounded
 * likewise: it makes a short and a long life comparable. */
#ifndef KG_LIFE_CYCLE_H
#define KG_LIFE_CYCLE_H

#include "proto/offer.h"

typedef struct kg_life_cost {
    int64_t years;      /* N */
    int64_t cents;      /* over the whole life */
    int64_t year_cents; /* of a year of use */
} kg_life_cost;

kg_life_cost kg_life_cycle_cost(const kg_life_cycle *by, const kg_offer *offer);

#endif

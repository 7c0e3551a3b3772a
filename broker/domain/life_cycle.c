/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/life_cycle.h"

/* Discounts have 12 decimals; amounts are counted in 10^-8 of a cent. */
#define DISCOUNT_ONE ((kg_int128)1000000000000)
#define CENT ((kg_int128)100000000)
#define HUNDREDTHS 10000 /* of a per cent, that make one */

static kg_int128 divide(kg_int128 amount, kg_int128 by)
{
    return amount >= 0 ? (amount + by / 2) / by : -((-amount + by / 2) / by);
}

/* Energy (hundredths of a kWh) by its price (hundredths of a cent), the service, and the CO2 in
 * grams, of which a tonne has a price: in 10^-8 of a cent. */
static kg_int128 cost_of_use(const kg_life_cycle *by, const kg_offer *offer)
{
    const kg_int128 energy = offer->energy_hundredths;
    return energy * by->electricity_hundredths * 10000 + offer->service_cents * CENT +
           energy * by->emission_grams * by->carbon_cents;
}

kg_life_cost kg_life_cycle_cost(const kg_life_cycle *by, const kg_offer *offer)
{
    const kg_int128 use = cost_of_use(by, offer);
    kg_int128 discount = DISCOUNT_ONE;
    kg_int128 sum = (kg_int128)(offer->unit_price_cents + offer->installation_cents) * CENT *
                    DISCOUNT_ONE;
    kg_life_cost out = {.years = offer->lifetime_years < by->years_max ? offer->lifetime_years
                                                                       : by->years_max};
    for (int64_t year = 1; year <= out.years; year++) {
        discount = divide(discount * HUNDREDTHS, HUNDREDTHS + by->discount_hundredths);
        sum += use * discount;
    }
    sum += (kg_int128)(offer->take_back_cents - offer->residual_cents) * CENT * discount;
    out.cents = (int64_t)divide(sum, CENT * DISCOUNT_ONE);
    out.year_cents = (int64_t)divide(out.cents, out.years);
    return out;
}

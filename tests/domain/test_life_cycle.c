/* SPDX-License-Identifier: EUPL-1.2 */
/* Cost over the whole life, by hand and against a reckoning in floating point. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "broker/domain/life_cycle.h"

/* 30 cents a kWh, 250 g a kWh, 100 EUR a tonne, no discount. */
static const kg_life_cycle plain = {.years_max = 8,
                                    .electricity_hundredths = 3000,
                                    .emission_grams = 250,
                                    .carbon_cents = 10000};

static void by_hand(void **state)
{
    /* 800 + 20; five years of 40 kWh (12.00, and 10 kg: 1.00) and 15.00 service; 10 - 60 */
    const kg_offer offer = {.unit_price_cents = 80000,
                            .installation_cents = 2000,
                            .energy_hundredths = 4000,
                            .service_cents = 1500,
                            .lifetime_years = 5,
                            .residual_cents = 6000,
                            .take_back_cents = 1000};
    (void)state;
    kg_life_cost cost = kg_life_cycle_cost(&plain, &offer);
    assert_int_equal(cost.years, 5);
    assert_int_equal(cost.cents, 82000 + 5 * (1200 + 100 + 1500) - 5000);
    assert_int_equal(cost.year_cents, 18200);
}

static void later_money_counts_less(void **state)
{
    kg_life_cycle by = plain;
    const kg_offer offer = {.unit_price_cents = 0, .service_cents = 10000, .lifetime_years = 2};
    (void)state;
    by.discount_hundredths = 1000; /* 10 %: 90.909 + 82.645 */
    assert_int_equal(kg_life_cycle_cost(&by, &offer).cents, 17355);
}

static void longer_than_the_catalogue_counts_is_not_counted(void **state)
{
    const kg_offer offer = {.unit_price_cents = 80000, .lifetime_years = 30};
    (void)state;
    kg_life_cost cost = kg_life_cycle_cost(&plain, &offer);
    assert_int_equal(cost.years, 8);
    assert_int_equal(cost.year_cents, 10000);
}

/* Half a cent goes up, and away from zero: 100.5 / 1, -0.5. */
static void halves_are_rounded_away_from_zero(void **state)
{
    const kg_offer offers[] = {
        {.unit_price_cents = 201, .lifetime_years = 2},
        {.unit_price_cents = 0, .residual_cents = 201, .lifetime_years = 2},
    };
    (void)state;
    assert_int_equal(kg_life_cycle_cost(&plain, &offers[0]).year_cents, 101);
    assert_int_equal(kg_life_cycle_cost(&plain, &offers[1]).year_cents, -101);
}

static int64_t any(uint64_t *seed, int64_t most)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (int64_t)((*seed >> 20) % (uint64_t)(most + 1));
}

static void agrees_with_floating_point(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        const kg_life_cycle by = {.years_max = 1 + any(&seed, 29),
                                  .discount_hundredths = any(&seed, 2500),
                                  .electricity_hundredths = any(&seed, 10000),
                                  .emission_grams = any(&seed, 1000),
                                  .carbon_cents = any(&seed, 100000)};
        const kg_offer offer = {.unit_price_cents = any(&seed, 1000000),
                                .installation_cents = any(&seed, 10000),
                                .energy_hundredths = any(&seed, 100000),
                                .service_cents = any(&seed, 20000),
                                .lifetime_years = 1 + any(&seed, 29),
                                .residual_cents = any(&seed, 50000),
                                .take_back_cents = any(&seed, 20000)};
        kg_life_cost cost = kg_life_cycle_cost(&by, &offer);
        double kwh = (double)offer.energy_hundredths / 100;
        double r = (double)by.discount_hundredths / 1e4;
        double year = kwh * (double)by.electricity_hundredths / 100 + (double)offer.service_cents +
                      kwh * (double)by.emission_grams / 1e6 * (double)by.carbon_cents;
        double sum = (double)(offer.unit_price_cents + offer.installation_cents), growth = 1;
        for (int64_t t = 1; t <= cost.years; t++)
            sum += year / (growth *= 1 + r);
        sum += (double)(offer.take_back_cents - offer.residual_cents) / growth;
        assert_true(fabs((double)cost.cents - sum) <= 0.5001);
    }
}

/* The largest that a message may hold does not overflow. */
static void the_largest_fit(void **state)
{
    const kg_life_cycle by = {.years_max = 30,
                              .electricity_hundredths = 1000000,
                              .emission_grams = 10000,
                              .carbon_cents = 10000000};
    const kg_offer offer = {.unit_price_cents = KG_OFFER_CENTS_MAX,
                            .installation_cents = KG_OFFER_CENTS_MAX,
                            .energy_hundredths = KG_OFFER_ENERGY_MAX,
                            .service_cents = KG_OFFER_CENTS_MAX,
                            .lifetime_years = 30,
                            .take_back_cents = KG_OFFER_CENTS_MAX};
    (void)state;
    /* a year: 10^6 kWh at 10,000 cents, 10^10 g at 10 cents a gram, and the service */
    int64_t year = INT64_C(10000000000) + INT64_C(100000000000) + KG_OFFER_CENTS_MAX;
    assert_int_equal(kg_life_cycle_cost(&by, &offer).cents, 3 * KG_OFFER_CENTS_MAX + 30 * year);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(later_money_counts_less),
        cmocka_unit_test(longer_than_the_catalogue_counts_is_not_counted),
        cmocka_unit_test(halves_are_rounded_away_from_zero),
        cmocka_unit_test(agrees_with_floating_point),
        cmocka_unit_test(the_largest_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

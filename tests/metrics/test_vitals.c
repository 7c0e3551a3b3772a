/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/vitals.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* A property: whatever is observed, each value is counted once, below every bound that it is not
 * above. */
static void histogram_counts_each_value_once(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int kind = 0; kind < KG_HISTOGRAMS; kind++) {
        kg_vitals *vitals = kg_vitals_new();
        kg_histogram read;
        uint64_t values[500], sum = 0;
        kg_vitals_histogram(vitals, (kg_histogram_kind)kind, &read);
        assert_int_equal(read.count, 0);
        for (size_t i = 0; i < 500; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            values[i] = i < read.bounds_count ? read.bounds[i] : seed >> (30 + seed % 30);
            sum += values[i];
            kg_vitals_observe(vitals, (kg_histogram_kind)kind, values[i]);
        }
        kg_vitals_histogram(vitals, (kg_histogram_kind)kind, &read);
        assert_int_equal(read.count, 500);
        assert_int_equal(read.sum, sum);
        for (size_t bound = 0; bound < read.bounds_count; bound++) {
            size_t below = 0;
            for (size_t i = 0; i < 500; i++)
                below += values[i] <= read.bounds[bound];
            assert_int_equal(read.below[bound], below);
        }
        kg_vitals_destroy(&vitals);
    }
}

typedef struct seen {
    size_t pairs;
    uint64_t submitted, unknown, invalid;
} seen;

static void look(void *context, kg_kind kind, kg_status status, uint64_t count)
{
    seen *all = context;
    all->pairs++;
    all->submitted += kind == KG_KIND_SUBMIT && status == KG_STATUS_OK ? count : 0;
    all->unknown += kind == KG_KIND_NONE ? count : 0;
    all->invalid += status == KG_STATUS_INVALID ? count : 0;
}

static void requests_count_by_kind_and_status(void **state)
{
    (void)state;
    kg_vitals *vitals = kg_vitals_new();
    seen all = {0};
    kg_vitals_each_request(vitals, &all, look);
    assert_int_equal(all.pairs, 0);
    for (int i = 0; i < 3; i++)
        kg_vitals_request(vitals, KG_KIND_SUBMIT, KG_STATUS_OK);
    kg_vitals_request(vitals, KG_KIND_SUBMIT, KG_STATUS_INVALID);
    kg_vitals_request(vitals, (kg_kind)99, KG_STATUS_INVALID); /* kinds that there are not */
    kg_vitals_request(vitals, (kg_kind)4000, KG_STATUS_INVALID);
    kg_vitals_request(vitals, (kg_kind)-1, KG_STATUS_INVALID);
    kg_vitals_each_request(vitals, &all, look);
    assert_int_equal(all.pairs, 3);
    assert_int_equal(all.submitted, 3);
    assert_int_equal(all.unknown, 3);
    assert_int_equal(all.invalid, 4);
    kg_vitals_destroy(&vitals);
}

#define ADDED 20000

static void *count(void *argument)
{
    kg_vitals *vitals = argument;
    for (int i = 0; i < ADDED; i++) {
        kg_vitals_add(vitals, KG_VITAL_HINTS, 1);
        kg_vitals_observe(vitals, KG_HISTOGRAM_COMMIT_US, 1);
    }
    return NULL;
}

/* Whoever reads meanwhile sees numbers that only grow. */
static void reading_disturbs_nobody(void **state)
{
    (void)state;
    kg_vitals *vitals = kg_vitals_new();
    pthread_t thread;
    uint64_t last = 0, now;
    kg_histogram read;
    assert_int_equal(pthread_create(&thread, NULL, count, vitals), 0);
    do {
        now = kg_vitals_get(vitals, KG_VITAL_HINTS);
        kg_vitals_histogram(vitals, KG_HISTOGRAM_COMMIT_US, &read);
        assert_true(now >= last && read.count <= ADDED);
        last = now;
    } while (now < ADDED);
    pthread_join(thread, NULL);
    kg_vitals_histogram(vitals, KG_HISTOGRAM_COMMIT_US, &read);
    assert_int_equal(read.count, ADDED);
    kg_vitals_destroy(&vitals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(histogram_counts_each_value_once),
        cmocka_unit_test(requests_count_by_kind_and_status),
        cmocka_unit_test(reading_disturbs_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

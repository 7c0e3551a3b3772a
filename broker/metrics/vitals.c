/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/vitals.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "proto/memory.h"

#define KINDS 128 /* one byte of the envelope, of which half is given out */

typedef atomic_uint_fast64_t number;

/* Statuses have wide numbers; here each has the place in which status.def names it. */
enum {
#define KG_STATUS(number, name, text) PLACE_##name,
#include "proto/status.def"
#undef KG_STATUS
    STATUSES
};

static const kg_status statuses[STATUSES] = {
#define KG_STATUS(number, name, text) [PLACE_##name] = KG_STATUS_##name,
#include "proto/status.def"
#undef KG_STATUS
};

static const uint64_t batch_records[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048};
static const uint64_t commit_us[] = {100,   250,    500,    1000,   2500,    5000,    10000,  25000,
                                     50000, 100000, 250000, 500000, 1000000, 2500000, 5000000};

#define COUNT(array) (sizeof array / sizeof *array)

static const struct {
    const uint64_t *bounds;
    size_t count;
} scales[KG_HISTOGRAMS] = {
    [KG_HISTOGRAM_BATCH_RECORDS] = {batch_records, COUNT(batch_records)},
    [KG_HISTOGRAM_COMMIT_US] = {commit_us, COUNT(commit_us)},
};

typedef struct tally {
    number within[KG_HISTOGRAM_BOUNDS_MAX + 1]; /* the last: above every bound */
    number sum;
} tally;

struct kg_vitals {
    number values[KG_VITALS];
    number rounds[KG_VITALS_ROUND_STATES_MAX];
    number requests[KINDS][STATUSES];
    tally tallies[KG_HISTOGRAMS];
};

/* Numbers stand for themselves: nothing is read because of what another one is. */
static void add(number *to, uint64_t more)
{
    atomic_fetch_add_explicit(to, more, memory_order_relaxed);
}

static void set(number *to, uint64_t value)
{
    atomic_store_explicit(to, value, memory_order_relaxed);
}

static uint64_t get(const number *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

kg_vitals *kg_vitals_new(void)
{
    return kg_alloc(1, sizeof(kg_vitals));
}

void kg_vitals_destroy(kg_vitals **vitals)
{
    free(*vitals);
    *vitals = NULL;
}

void kg_vitals_set(kg_vitals *vitals, kg_vital vital, uint64_t value)
{
    set(&vitals->values[vital], value);
}

void kg_vitals_add(kg_vitals *vitals, kg_vital vital, uint64_t more)
{
    add(&vitals->values[vital], more);
}

uint64_t kg_vitals_get(const kg_vitals *vitals, kg_vital vital)
{
    return get(&vitals->values[vital]);
}

void kg_vitals_set_rounds(kg_vitals *vitals, size_t state, uint64_t count)
{
    set(&vitals->rounds[state], count);
}

uint64_t kg_vitals_rounds(const kg_vitals *vitals, size_t state)
{
    return get(&vitals->rounds[state]);
}

static size_t place_of(kg_status status)
{
    switch (status) {
#define KG_STATUS(number, name, text)                                                              \
    case KG_STATUS_##name:                                                                         \
        return PLACE_##name;
#include "proto/status.def"
#undef KG_STATUS
    }
    abort(); /* the broker gives no other */
}

void kg_vitals_request(kg_vitals *vitals, kg_kind kind, kg_status status)
{
    bool known = (unsigned)kind < KINDS && kg_kind_name(kind);
    add(&vitals->requests[known ? kind : KG_KIND_NONE][place_of(status)], 1);
}

void kg_vitals_each_request(const kg_vitals *vitals, void *context,
                            void (*each)(void *context, kg_kind kind, kg_status status,
                                         uint64_t count))
{
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t place = 0; place < STATUSES; place++) {
            uint64_t count = get(&vitals->requests[kind][place]);
            if (count > 0)
                each(context, (kg_kind)kind, statuses[place], count);
        }
}

void kg_vitals_observe(kg_vitals *vitals, kg_histogram_kind kind, uint64_t value)
{
    size_t place = 0;
    while (place < scales[kind].count && value > scales[kind].bounds[place])
        place++;
    add(&vitals->tallies[kind].within[place], 1);
    add(&vitals->tallies[kind].sum, value);
}

void kg_vitals_histogram(const kg_vitals *vitals, kg_histogram_kind kind, kg_histogram *out)
{
    const tally *from = &vitals->tallies[kind];
    *out = (kg_histogram){.bounds = scales[kind].bounds, .bounds_count = scales[kind].count};
    for (size_t i = 0; i < out->bounds_count; i++) {
        out->count += get(&from->within[i]);
        out->below[i] = out->count;
    }
    out->count += get(&from->within[out->bounds_count]);
    out->sum = get(&from->sum);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_worker.h"

#include <stdlib.h>

#include "broker/worker.h"
#include "proto/memory.h"
#include "sim.h"

#define WORKS_MAX 64 /* as many rounds may be grouped at once */

struct kg_worker {
    kg_work *works[WORKS_MAX]; /* owned; in the order in which they were given */
    int64_t ready_us[WORKS_MAX];
    size_t count;
};

static kg_worker *at_work;

int64_t sim_worker_ready_us(void)
{
    return at_work && at_work->count > 0 ? at_work->ready_us[0] : INT64_MAX;
}

kg_worker *kg_worker_start(int threads, void (*done)(void *context), void *context)
{
    (void)threads;
    (void)done;
    (void)context;
    return at_work = kg_alloc(1, sizeof *at_work);
}

void kg_worker_stop(kg_worker **worker)
{
    for (size_t i = 0; *worker && i < (*worker)->count; i++)
        kg_work_destroy(&(*worker)->works[i]);
    free(*worker);
    at_work = *worker = NULL;
}

void kg_worker_give(kg_worker *worker, kg_work *work)
{
    int64_t begins = worker->count > 0 ? worker->ready_us[worker->count - 1] : sim.now_us;
    if (worker->count == WORKS_MAX)
        sim_fail("more is grouped at once than there are rounds");
    worker->works[worker->count] = work;
    worker->ready_us[worker->count++] =
        begins + (sim_chance(300) ? sim_between(0, 500000) : sim_between(0, 5000));
}

kg_work *kg_worker_take(kg_worker *worker)
{
    if (worker->count == 0 || worker->ready_us[0] > sim.now_us)
        return NULL;
    kg_work *work = worker->works[0];
    worker->count--;
    for (size_t i = 0; i < worker->count; i++) {
        worker->works[i] = worker->works[i + 1];
        worker->ready_us[i] = worker->ready_us[i + 1];
    }
    kg_work_run(work, 1);
    sim_plant_in_outcome(work->outcome);
    sim.counts.groupings++;
    return work;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define KG_PARALLEL_THREADS_MAX 64

typedef struct kg_bucket_queue {
    kg_grouping *grouping;
    size_t count;
    atomic_size_t next;
} kg_bucket_queue;

static void *solve_buckets(void *argument)
{
    kg_bucket_queue *queue = argument;
    size_t bucket;
    while ((bucket = atomic_fetch_add(&queue->next, 1)) < queue->count)
        kg_grouping_solve(queue->grouping, bucket);
    return NULL;
}

kg_outcome *kg_grouping_run_parallel(const kg_grouping_input *input, int threads)
{
    pthread_t helpers[KG_PARALLEL_THREADS_MAX];
    int helpers_count = 0;
    kg_bucket_queue queue = {.grouping = kg_grouping_new(input)};
    queue.count = kg_grouping_buckets(queue.grouping);
    while (helpers_count < threads - 1 && helpers_count < KG_PARALLEL_THREADS_MAX) {
        if (pthread_create(&helpers[helpers_count], NULL, solve_buckets, &queue) != 0)
            break; /* fewer threads: the same outcome, later */
        helpers_count++;
    }
    solve_buckets(&queue);
    while (helpers_count > 0)
        pthread_join(helpers[--helpers_count], NULL);
    return kg_grouping_finish(&queue.grouping);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/work.h"

#include <stdlib.h>

#include "broker/clock.h"
#include "broker/parallel.h"
#include "proto/identity.h"

static void digest(void (*write)(const kg_job *, kg_sink), const kg_job *job, char out[65])
{
    uint8_t bytes[KG_SHA256_BYTES];
    kg_sha256 *hash = kg_sha256_new();
    write(job, kg_sha256_sink(hash));
    kg_sha256_end(&hash, bytes);
    kg_hex_write(bytes, sizeof bytes, out);
}

void kg_work_run(kg_work *work, int threads)
{
    int64_t start = kg_clock_monotonic_ms();
    digest(kg_job_write_rules, work->job, work->ruleset);
    digest(kg_job_write_lines, work->job, work->input_digest);
    work->outcome = kg_grouping_run_parallel(kg_job_input(work->job), threads);
    work->took_ms = kg_clock_monotonic_ms() - start;
}

void kg_work_destroy(kg_work **work)
{
    if (!*work)
        return;
    kg_job_destroy(&(*work)->job);
    kg_outcome_destroy(&(*work)->outcome);
    free(*work);
    *work = NULL;
}

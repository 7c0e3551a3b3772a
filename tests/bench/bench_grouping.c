/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_grouping N [REPEATS [SEED [THREADS]]]: times the grouping of N lines of the plan workload.
 * bench_grouping exact: of 2,000 buckets of 14 of its lines each, which are solved exactly. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "broker/parallel.h"
#include "plan_workload.h"
#include "proto/catalogue_file.h"
#include "proto/memory.h"

#define EXACT_BUCKETS 2000
#define EXACT_LINES 14

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static kg_catalogue *read_catalogue(void)
{
    kg_problems problems;
    kg_problems_init(&problems, "catalogue.conf");
    char *text = workload_catalogue_text();
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue.conf", &problems);
    for (size_t i = 0; i < problems.count; i++) {
        char *problem = kg_problem_write(&problems.items[i]);
        fprintf(stderr, "%s\n", problem);
        free(problem);
    }
    if (!catalogue)
        exit(4);
    kg_problems_fini(&problems);
    free(text);
    return catalogue;
}

static void run(const kg_grouping_input *input, int threads)
{
    char ambition[KG_MONEY_BYTES], value[KG_MONEY_BYTES];
    double start = now();
    kg_outcome *outcome = kg_grouping_run_parallel(input, threads);
    double seconds = now() - start;
    const kg_score *score = &outcome->score;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    kg_money_write(score->ambition_value, ambition);
    kg_money_write(score->value, value);
    printf("%zu lines  %.3f s  %.0f ns a line  placed %lu  binding %lu  bodies %lu  ambition %s  "
           "value %s  lots %lu  peak %ld MiB\n",
           input->lines_count, seconds, seconds * 1e9 / (double)input->lines_count,
           (unsigned long)score->placed, (unsigned long)score->binding,
           (unsigned long)score->bodies, ambition, value, (unsigned long)score->lots,
           usage.ru_maxrss / 1024);
    kg_outcome_destroy(&outcome);
}

static int by_organisation(const void *a, const void *b)
{
    const kg_demand *x = a, *y = b;
    return (x->organisation > y->organisation) - (x->organisation < y->organisation);
}

/* As many lines as are wanted of each category, in regions of their own, so many in each. */
static kg_demand *exact_lines(const workload *w, size_t *count)
{
    size_t of[WORKLOAD_CATEGORIES] = {0};
    *count = (size_t)EXACT_BUCKETS * EXACT_LINES;
    kg_demand *lines = kg_alloc(*count, sizeof *lines);
    size_t taken = 0;
    for (uint64_t i = 0; taken < *count; i++) {
        kg_demand line = workload_line(w, i);
        size_t bucket = of[line.category] / EXACT_LINES * WORKLOAD_CATEGORIES + line.category;
        if (bucket >= EXACT_BUCKETS)
            continue;
        line.nuts = w->nuts[of[line.category]++ / EXACT_LINES];
        lines[taken++] = line;
    }
    qsort(lines, taken, sizeof *lines, by_organisation);
    return lines;
}

int main(int argc, char **argv)
{
    bool exact = argc > 1 && strcmp(argv[1], "exact") == 0;
    size_t count = argc > 1 && !exact ? strtoull(argv[1], NULL, 10) : 100000;
    int repeats = argc > 2 ? atoi(argv[2]) : 1, threads = argc > 4 ? atoi(argv[4]) : 1;
    workload w;
    workload_init(&w, KG_SOURCE_DIR "/config/reference/nuts.csv",
                  argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
    kg_catalogue *catalogue = read_catalogue();
    kg_demand *lines = exact ? exact_lines(&w, &count) : workload_lines(&w, count);
    kg_round round;
    kg_round_init(&round);
    strcpy(round.id, "workload");
    round.nuts_level = exact ? 3 : 1;
    round.bodies_min = 3;
    round.window_days_min = 14;
    kg_date_parse("2027-01-01", &round.delivery_from);
    kg_date_parse("2028-06-30", &round.delivery_to);
    kg_date_parse("2026-12-01", &round.award_by);
    kg_grouping_input input = {
        .catalogue = catalogue, .round = &round, .lines = lines, .lines_count = count};
    for (int i = 0; i < repeats; i++)
        run(&input, threads);
    kg_round_fini(&round);
    free(lines);
    kg_catalogue_destroy(&catalogue);
    workload_fini(&w);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd group: groups the lines of a file by the rules of a round, with no broker, clock or
 * network, and writes the result of DESIGN section 5. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "broker/clock.h"
#include "broker/commands.h"
#include "broker/digest.h"
#include "broker/export/result.h"
#include "broker/parallel.h"
#include "proto/catalogue_file.h"
#include "proto/plan.h"

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_FILES = 4 };
enum { THREADS_MAX = 64 };

typedef struct arguments {
    const char *catalogue, *round, *lines; /* files */
    int64_t threads;
    bool stats;
} arguments;

/* What was read. */
typedef struct files {
    kg_catalogue *catalogue;
    kg_round round;
    kg_plan plan;
} files;

/* The lines as grouping and the result want them, by line index. Owned arrays, borrowed texts. */
typedef struct table {
    kg_demand *demands;
    const char **organisations, **lines, **bodies;
    uint8_t *tracks;
    int64_t *quantities;
} table;

static const struct argp_option options[] = {
    {"catalogue", 'c', "FILE", 0, "Categories, criteria and thresholds (required)", 0},
    {"threads", 't', "N", 0, "Work with N threads; the result is the same (default: all cores)", 0},
    {"stats", 's', NULL, 0, "Say on stderr how many lines, how long grouping took, peak memory", 0},
    {0},
};

static const char help_text[] =
    "Example:\n"
    "  kopgroepd group -c catalogue.conf round.conf lines.csv > result.json\n"
    "\n"
    "Groups the lines of a file by the rules of a round and writes the lots, and for every line "
    "left out the reason, as JSON. Needs no broker, clock or network: the same files give the "
    "same bytes."
    "\v"
    "LINES.csv is a plan with one more column, organisation. Exit: 0 done, also when nothing is "
    "placed; 2 usage; 4 a file is wrong or cannot be read or written.";

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    arguments *given = state->input;
    switch (key) {
    case 'c':
        given->catalogue = value;
        return 0;
    case 't':
        if (!kg_integer_parse(value, 1, THREADS_MAX, &given->threads))
            argp_error(state, "--threads: a number from 1 to %d", THREADS_MAX);
        return 0;
    case 's':
        given->stats = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 1)
            return ARGP_ERR_UNKNOWN;
        *(state->arg_num == 0 ? &given->round : &given->lines) = value;
        return 0;
    case ARGP_KEY_END:
        if (!given->catalogue || !given->lines)
            argp_error(state, "--catalogue FILE, ROUND and LINES.csv are needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int64_t cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : count;
}

/* Returns whether there were none. */
static bool tell_problems(const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        char *text = kg_problem_write(&problems->items[i]);
        fprintf(stderr, "%s\n", text);
        free(text);
    }
    return problems->count == 0;
}

static bool read_plan(const char *path, const kg_catalogue *catalogue, kg_plan *plan)
{
    kg_plan_reading reading = {.catalogue = catalogue,
                               .languages = (kg_languages)1 << KG_LANGUAGE_NL,
                               .organisation_column = true};
    kg_problems problems;
    kg_problems_init(&problems, path);
    if (kg_plan_read(path, &reading, plan, &problems))
        kg_plan_sort(plan);
    bool good = tell_problems(&problems);
    kg_problems_fini(&problems);
    return good;
}

/* Reads on after a wrong round, so that one run tells of all files; nothing can be read without a
 * catalogue. */
static bool read_files(const arguments *given, files *out)
{
    kg_problems problems;
    kg_problems_init(&problems, given->catalogue);
    out->catalogue = kg_catalogue_read(given->catalogue, &problems);
    bool good = tell_problems(&problems);
    kg_problems_fini(&problems);
    if (!out->catalogue)
        return false;
    kg_problems_init(&problems, given->round);
    kg_round_read(given->round, out->catalogue, &out->round, &problems);
    good = tell_problems(&problems) && good;
    kg_problems_fini(&problems);
    return read_plan(given->lines, out->catalogue, &out->plan) && good;
}

static void files_fini(files *in)
{
    kg_plan_fini(&in->plan);
    kg_round_fini(&in->round);
    kg_catalogue_destroy(&in->catalogue);
}

/* Lines are sorted, so an organisation's stand together and its index goes up. */
static void table_init(table *t, const files *in)
{
    size_t count = in->plan.count;
    t->demands = kg_alloc(count, sizeof *t->demands);
    t->organisations = kg_alloc(count, sizeof *t->organisations);
    t->lines = kg_alloc(count, sizeof *t->lines);
    t->bodies = kg_alloc(count, sizeof *t->bodies);
    t->tracks = kg_alloc(count, sizeof *t->tracks);
    t->quantities = kg_alloc(count, sizeof *t->quantities);
    uint32_t organisation = 0;
    for (size_t i = 0; i < count; i++) {
        const kg_plan_line *line = &in->plan.lines[i];
        if (i > 0 && strcmp(t->organisations[i - 1], line->organisation) != 0)
            organisation++;
        t->demands[i] = kg_demand_of(line, in->catalogue, organisation);
        t->bodies[organisation] = line->organisation;
        t->organisations[i] = line->organisation;
        t->lines[i] = line->line;
        t->tracks[i] = line->track;
        t->quantities[i] = line->quantity;
    }
}

static void table_fini(table *t)
{
    free(t->demands);
    free(t->organisations);
    free(t->lines);
    free(t->bodies);
    free(t->tracks);
    free(t->quantities);
}

static void write_out(void *context, const void *bytes, size_t count)
{
    fwrite(bytes, 1, count, context);
}

/* Whether every byte reached stdout. */
static bool write_result(const files *in, const table *t, const kg_outcome *outcome)
{
    char ruleset[KG_DIGEST_BYTES], input_digest[KG_DIGEST_BYTES];
    kg_digest_rules(&in->round, in->catalogue, ruleset);
    kg_digest_lines(in->plan.lines, in->plan.count, in->catalogue, input_digest);
    kg_result result = {.round = in->round.id,
                        .ruleset = ruleset,
                        .input_digest = input_digest,
                        .catalogue = in->catalogue,
                        .outcome = outcome,
                        .organisations = t->organisations,
                        .lines = t->lines,
                        .bodies = t->bodies,
                        .tracks = t->tracks,
                        .quantities = t->quantities};
    kg_result_write_digested(&result, (kg_sink){.write = write_out, .context = stdout});
    putchar('\n');
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    fprintf(stderr, "kopgroepd group: the result cannot be written: %s\n", strerror(errno));
    return false;
}

static void tell_stats(size_t lines, int64_t took_ms)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    fprintf(stderr, "lines %zu\ngrouping %.3f s\npeak memory %ld MiB\n", lines,
            (double)took_ms / 1000.0, usage.ru_maxrss / 1024);
}

static bool group(const files *in, const arguments *given)
{
    table t;
    table_init(&t, in);
    kg_grouping_input input = {.catalogue = in->catalogue,
                               .round = &in->round,
                               .lines = t.demands,
                               .lines_count = in->plan.count};
    int64_t start = kg_clock_monotonic_ms();
    kg_outcome *outcome = kg_grouping_run_parallel(&input, (int)given->threads);
    int64_t took_ms = kg_clock_monotonic_ms() - start;
    bool written = write_result(in, &t, outcome);
    if (given->stats)
        tell_stats(in->plan.count, took_ms);
    kg_outcome_destroy(&outcome);
    table_fini(&t);
    return written;
}

const struct argp kg_argp_group = {.options = options,
                                   .parser = parse_option,
                                   .args_doc = "--catalogue FILE ROUND LINES.csv",
                                   .doc = help_text};

int kg_cmd_group(int argc, char **argv)
{
    arguments given = {.threads = cores()};
    argp_err_exit_status = EXIT_USAGE;
    if (argp_parse(&kg_argp_group, argc, argv, 0, NULL, &given) != 0)
        return EXIT_USAGE;
    files in = {0};
    kg_round_init(&in.round);
    kg_plan_init(&in.plan);
    bool done = read_files(&given, &in) && group(&in, &given);
    files_fini(&in);
    return done ? EXIT_DONE : EXIT_FILES;
}

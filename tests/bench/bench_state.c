/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_state write FOLDER LINES [IN_A_SUBMISSION [UNIQUE_TITLES_PERCENT]]: a journal of the plan
 * workload.
 * bench_state start FOLDER: how long a start from it takes, the memory of what then stands, and
 * what a round over all of it takes.
 * bench_state start-short FOLDER: how long one from its checkpoint takes, which is written anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "broker/query/volume_live.h"
#include "broker/store.h"
#include "state_journal.h"

static double clock_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Memory of this process that no file backs. */
static double resident_bytes(void)
{
    char row[200];
    long kib = 0, found;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(row, sizeof row, file))
        if (sscanf(row, "RssAnon: %ld", &found) == 1)
            kib = found;
    if (file)
        fclose(file);
    return (double)kib * 1024;
}

/* --- what the memory is for, in bytes --- */

static void print_parts(const kg_state *state)
{
    kg_state_usage usage;
    kg_state_usage_read(state, &usage);
    printf("columns=%zu texts=%zu keys=%zu members=%zu feeds=%zu rounds=%zu\n", usage.columns,
           usage.texts, usage.keys, usage.members, usage.feeds, usage.rounds);
}

/* --- a round over all lines --- */

static void apply(kg_state *state, kg_command *command, kg_effects *effects)
{
    const kg_actor actor = {"BE-0316380940", KG_ROLE_COORDINATOR};
    kg_decision decision;
    kg_decision_init(&decision);
    kg_state_check(state, &actor, command, (kg_moment){STATE_JOURNAL_MS, STATE_JOURNAL_DAY},
                   &decision);
    if (!decision.event) {
        fprintf(stderr, "bench_state: %s\n", decision.detail);
        exit(4);
    }
    decision.event->sequence = UINT32_MAX;
    kg_state_apply(state, decision.event, effects);
    kg_decision_fini(&decision);
    kg_command_fini(command);
}

static void open_round(kg_state *state, kg_effects *effects)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_ROUND_OPEN);
    kg_round *rules = &command.round_rules;
    snprintf(rules->id, sizeof rules->id, "all");
    rules->delivery_from = STATE_JOURNAL_DAY - 10000;
    rules->delivery_to = STATE_JOURNAL_DAY + 10000;
    rules->opens = STATE_JOURNAL_DAY;
    rules->closes = rules->confirm_by = rules->reconfirm_by = rules->award_by =
        STATE_JOURNAL_DAY + 100;
    rules->bodies_min = 3;
    apply(state, &command, effects);
}

static double count_volume(kg_volume_live *live, const kg_state *state)
{
    const uint32_t round = 0;
    kg_query query;
    kg_volume volume;
    kg_query_init(&query, KG_VIEW_VOLUME);
    kg_volume_live_count(live, state, &round, 1, &query, &volume);
    double lines = volume.count ? (double)volume.cells[0].lines : 0;
    kg_volume_fini(&volume);
    kg_query_fini(&query);
    return lines;
}

/* The coordinator's volume is kept from when it is first asked for; then the round claims all. */
static void run_round(kg_state *state, double lines, double before)
{
    kg_effects effects;
    kg_command command;
    kg_volume_live *live = kg_volume_live_new();
    kg_effects_init(&effects);
    open_round(state, &effects);
    double begin = clock_s(CLOCK_MONOTONIC), counted = count_volume(live, state);
    printf("volume_lines=%.0f volume_s=%.3f volume=%zu bytes_line_all=%.1f\n", counted,
           clock_s(CLOCK_MONOTONIC) - begin, kg_volume_live_bytes(live),
           (resident_bytes() - before) / lines);
    kg_volume_live_destroy(&live);
    kg_command_init(&command, KG_KIND_ROUND_CLOSE);
    command.round = kg_arena_text(&command.arena, "all", 3);
    begin = clock_s(CLOCK_MONOTONIC);
    apply(state, &command, &effects);
    printf("close_s=%.3f claims=%zu bytes_line_claimed=%.1f\n", clock_s(CLOCK_MONOTONIC) - begin,
           kg_state_campaign(state, 0)->claims_count, (resident_bytes() - before) / lines);
    kg_effects_fini(&effects);
}

static void print_hash(const kg_state *state)
{
    char hash[65];
    double begin = clock_s(CLOCK_MONOTONIC);
    kg_store_state_hash(state, hash);
    printf("hash_s=%.3f hash=%s\n", clock_s(CLOCK_MONOTONIC) - begin, hash);
}

static int start_short(const char *folder)
{
    char error[300], note[200];
    kg_store store;
    const kg_journal_options options = {.read_only = true};
    double wall = clock_s(CLOCK_MONOTONIC);
    if (!kg_store_open_from_checkpoint(&store, folder, &options, note, error)) {
        fprintf(stderr, "bench_state: %s\n", error);
        return 4;
    }
    printf("checkpoint=%llu start_s=%.3f note=\"%s\"\n", (unsigned long long)store.checkpoint,
           clock_s(CLOCK_MONOTONIC) - wall, note);
    double lines = (double)kg_state_lines(store.state);
    printf("bytes_line=%.1f\n", resident_bytes() / lines);
    wall = clock_s(CLOCK_MONOTONIC);
    if (!kg_store_write_checkpoint(&store, folder, note)) {
        fprintf(stderr, "bench_state: %s\n", note);
        return 4;
    }
    printf("write_s=%.3f\n", clock_s(CLOCK_MONOTONIC) - wall);
    print_hash(store.state);
    kg_store_close(&store);
    return 0;
}

static int start(const char *folder)
{
    char error[300];
    kg_store store;
    kg_journal_usage journal;
    const kg_journal_options options = {.read_only = true};
    double before = resident_bytes(), wall = clock_s(CLOCK_MONOTONIC);
    double cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID), own = clock_s(CLOCK_THREAD_CPUTIME_ID);
    if (!kg_store_open(&store, folder, &options, error)) {
        fprintf(stderr, "bench_state: %s\n", error);
        return 4;
    }
    wall = clock_s(CLOCK_MONOTONIC) - wall;
    cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    own = clock_s(CLOCK_THREAD_CPUTIME_ID) - own;
    double lines = (double)kg_state_lines(store.state);
    kg_journal_usage_read(store.journal, &journal);
    printf("lines=%.0f start_s=%.3f apply_ns_line=%.0f read_ns_line=%.0f bytes_line=%.1f "
           "journal_bytes_line=%.1f\n",
           lines, wall, own / lines * 1e9, (cpu - own) / lines * 1e9,
           (resident_bytes() - before) / lines, (double)journal.used_bytes / lines);
    print_parts(store.state);
    print_hash(store.state);
    run_round(store.state, lines, before);
    kg_store_close(&store);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "start") == 0)
        return start(argv[2]);
    if (argc == 3 && strcmp(argv[1], "start-short") == 0)
        return start_short(argv[2]);
    if (argc < 4 || argc > 6 || strcmp(argv[1], "write") != 0) {
        fprintf(stderr, "usage: bench_state write FOLDER LINES [IN_A_SUBMISSION [UNIQUE_TITLES]]\n"
                        "       bench_state start FOLDER\n"
                        "       bench_state start-short FOLDER\n");
        return 2;
    }
    const state_journal_options options = {
        .lines = strtoull(argv[3], NULL, 10),
        .lines_in_submission = argc > 4 ? strtoull(argv[4], NULL, 10) : 100,
        .unique_titles = argc > 5 ? (unsigned)strtoul(argv[5], NULL, 10) : 0};
    state_journal_write(argv[2], &options);
    return 0;
}

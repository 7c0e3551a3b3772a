/* SPDX-License-Identifier: EUPL-1.2 */
#include "live_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/store.h"
#include "compare_workload.h"
#include "journal_writer.h"

#define IN_SUBMISSION 100

/* What is written, and by what clock. */
typedef struct writer {
    journal_writer *journal;
    kg_moment now;
} writer;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "live_journal: %s\n", what);
    exit(4);
}

/* Takes the command. */
static void decide(writer *w, kg_command *command, const char *actor, uint32_t roles)
{
    journal_writer_decide(w->journal, command, &(kg_actor){actor, roles}, w->now);
}

static void enrol(writer *w, const char *id, const kg_identity *identity, uint32_t roles)
{
    kg_command command;
    journal_writer_register(id, &command);
    memcpy(command.record.nuts.code, "BE211", 6);
    command.record.languages = 1u << KG_LANGUAGE_EN;
    if (identity)
        kg_identity_public(identity, &command.key);
    command.key.roles = roles;
    decide(w, &command, "administrator", KG_ROLE_ADMINISTRATOR);
}

static void open_round(writer *w, const char *coordinator)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_ROUND_OPEN);
    kg_round *rules = &command.round_rules;
    kg_text_format(rules->id, sizeof rules->id, LIVE_ROUND);
    kg_date_parse("2027-01-01", &rules->delivery_from);
    kg_date_parse("2029-12-31", &rules->delivery_to);
    rules->bodies_min = 5;
    rules->opens = w->now.today;
    rules->closes = w->now.today + 365;
    rules->confirm_by = rules->closes + 14;
    rules->reconfirm_by = rules->confirm_by + 14;
    rules->award_by = rules->reconfirm_by + 60;
    decide(w, &command, coordinator, KG_ROLE_COORDINATOR);
}

/* ---- lines ---- */

typedef struct piece {
    size_t first, count;
} piece;

/* Numbers of lines, by organisation. Returns owned. */
static uint64_t *sort_lines(const compare_workload *workload, size_t count)
{
    size_t *first = kg_alloc(COMPARE_ORGANISATIONS + 1, sizeof *first);
    uint64_t *out = kg_alloc(count, sizeof *out);
    for (size_t i = 0; i < count; i++)
        first[compare_workload_line(workload, i).organisation + 1]++;
    for (size_t i = 0; i < COMPARE_ORGANISATIONS; i++)
        first[i + 1] += first[i];
    for (size_t i = 0; i < count; i++)
        out[first[compare_workload_line(workload, i).organisation]++] = i;
    free(first);
    return out;
}

/* Submissions of one organisation each, in random order. Returns owned. */
static piece *cut(const compare_workload *workload, const uint64_t *lines, size_t lines_count,
                  size_t *count)
{
    size_t capacity = 0;
    piece *pieces = NULL;
    uint64_t random = 1;
    *count = 0;
    for (size_t i = 0; i < lines_count;) {
        uint32_t body = compare_workload_line(workload, lines[i]).organisation;
        size_t end = i;
        while (end < lines_count && end - i < IN_SUBMISSION &&
               compare_workload_line(workload, lines[end]).organisation == body)
            end++;
        pieces = kg_grow(pieces, *count, &capacity, sizeof *pieces);
        pieces[(*count)++] = (piece){i, end - i};
        i = end;
    }
    for (size_t i = *count; i > 1; i--) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        size_t other = (size_t)((random >> 33) % i);
        piece swap = pieces[i - 1];
        pieces[i - 1] = pieces[other];
        pieces[other] = swap;
    }
    return pieces;
}

static void submit(writer *w, const compare_workload *workload, const uint64_t *lines, size_t count)
{
    kg_command command;
    char id[KG_ID_BYTES_MAX + 1];
    journal_writer_name(compare_workload_line(workload, lines[0]).organisation, id);
    kg_command_init(&command, KG_KIND_SUBMIT);
    compare_texts *texts = kg_arena_alloc(&command.arena, count * sizeof *texts);
    compare_line *made = kg_arena_alloc(&command.arena, count * sizeof *made);
    command.submit.drafts = kg_arena_alloc(&command.arena, count * sizeof *command.submit.drafts);
    command.submit.count = count;
    for (size_t i = 0; i < count; i++) {
        made[i] = compare_workload_line(workload, lines[i]);
        compare_draft(&made[i], &texts[i], &command.submit.drafts[i]);
    }
    decide(w, &command, id, KG_ROLE_ORGANISATION);
}

/* Returns the number of a line of the first organisation that has one. */
static uint64_t submit_all(writer *w, size_t lines_count)
{
    static compare_workload workload;
    size_t count;
    compare_workload_init(&workload, KG_SOURCE_DIR "/config/reference/nuts.csv");
    uint64_t *lines = sort_lines(&workload, lines_count);
    piece *pieces = cut(&workload, lines, lines_count, &count);
    for (size_t i = 0; i < count; i++)
        submit(w, &workload, lines + pieces[i].first, pieces[i].count);
    uint64_t first = lines[0];
    free(pieces);
    free(lines);
    return first;
}

void live_journal_fill(const char *folder, size_t lines, const kg_identity *coordinator,
                       const kg_identity *member, char line[static LIVE_LINE_BYTES])
{
    char path[4200], error[300], id[KG_ID_BYTES_MAX + 1];
    kg_store store;
    const kg_journal_options options = {0};
    snprintf(path, sizeof path, "%s/journal", folder);
    if (!kg_store_open(&store, path, &options, error))
        give_up(error);
    writer w = {journal_writer_new(store.journal, store.state),
                {store.last_time_ms, (kg_date)(store.last_time_ms / 86400000)}};
    for (uint32_t i = 0; i < COMPARE_ORGANISATIONS; i++) {
        journal_writer_name(i, id);
        enrol(&w, id, i == 0 ? member : NULL, KG_ROLE_ORGANISATION);
    }
    enrol(&w, kg_identity_organisation(coordinator), coordinator, KG_ROLE_COORDINATOR);
    open_round(&w, kg_identity_organisation(coordinator));
    kg_text_format(line, LIVE_LINE_BYTES, "l%llu", (unsigned long long)submit_all(&w, lines));
    journal_writer_destroy(&w.journal);
    kg_store_close(&store);
}

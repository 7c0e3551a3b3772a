/* SPDX-License-Identifier: EUPL-1.2 */
#include "state_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal_writer.h"
#include "plan_workload.h"

typedef struct writer {
    const state_journal_options *options;
    workload workload;
    journal_writer *journal;
} writer;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench_state: %s\n", what);
    exit(4);
}

/* Takes the command. */
static void decide(writer *w, kg_command *command, const char *actor)
{
    const kg_moment now = {STATE_JOURNAL_MS + (int64_t)w->journal->head, STATE_JOURNAL_DAY};
    const kg_actor by = {actor, KG_ROLE_ORGANISATION | KG_ROLE_ADMINISTRATOR};
    journal_writer_decide(w->journal, command, &by, now);
}

static void write_catalogue(writer *w)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_CATALOGUE);
    char *text = workload_catalogue_text();
    command.catalogue = kg_arena_text(&command.arena, text, strlen(text));
    free(text);
    decide(w, &command, "");
}

static void write_body(writer *w, uint32_t organisation, const kg_demand *line)
{
    kg_command command;
    char id[KG_ID_BYTES_MAX + 1];
    journal_writer_name(organisation, id);
    journal_writer_register(id, &command);
    command.record.nuts = line->nuts;
    command.record.languages = line->languages;
    command.record.can_lead = organisation % 4 == 0;
    command.key.roles = KG_ROLE_ORGANISATION;
    decide(w, &command, id);
}

typedef struct draft_texts {
    char line[24], title[80], quantity[24], from[KG_DATE_BYTES], to[KG_DATE_BYTES];
    char languages[KG_LANGUAGES_BYTES], criteria[400], accepts[400];
} draft_texts;

static void write_levels(const kg_demand *line, const kg_levels *levels, int unstated, char *out,
                         size_t size)
{
    const char *criterion;
    size_t used = 0;
    out[0] = '\0';
    for (int p = 0; (criterion = workload_criterion(line->category, p)); p++)
        if (levels->rank[p] != unstated)
            used += (size_t)snprintf(out + used, size - used, "%s%s=%d", used ? " " : "", criterion,
                                     levels->rank[p]);
}

static void write_title(const writer *w, const kg_demand *line, uint64_t number, char *out,
                        size_t size)
{
    static const char *const purposes[] = {"vervanging",    "onderwijs",   "thuiswerk",
                                           "nieuwe dienst", "frontoffice", "technische dienst"};
    uint64_t mixed = number * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    if (mixed % 100 < w->options->unique_titles)
        snprintf(out, size, "%s, dossier %llu", workload_category(line->category),
                 (unsigned long long)number);
    else
        snprintf(out, size, "%s, %s %llu", workload_category(line->category),
                 purposes[mixed / 100 % 6], (unsigned long long)(2026 + mixed / 1000 % 3));
}

static void write_draft(const writer *w, const kg_demand *line, size_t key, uint64_t number,
                        draft_texts *texts, kg_line_draft *out)
{
    snprintf(texts->line, sizeof texts->line, "L%05zu", key);
    write_title(w, line, number, texts->title, sizeof texts->title);
    snprintf(texts->quantity, sizeof texts->quantity, "%ld", (long)line->quantity);
    kg_date_write(line->from, texts->from);
    kg_date_write(line->to, texts->to);
    kg_languages_write(line->languages, texts->languages);
    write_levels(line, &line->lo, 0, texts->criteria, sizeof texts->criteria);
    write_levels(line, &line->hi, KG_LEVEL_ANY, texts->accepts, sizeof texts->accepts);
    *out = (kg_line_draft){.text = {
                               [KG_COLUMN_LINE] = texts->line,
                               [KG_COLUMN_TITLE] = texts->title,
                               [KG_COLUMN_CATEGORY] = workload_category(line->category),
                               [KG_COLUMN_CONDITION] = kg_condition_name(line->conditions),
                               [KG_COLUMN_QUANTITY] = texts->quantity,
                               [KG_COLUMN_DELIVERY_FROM] = texts->from,
                               [KG_COLUMN_DELIVERY_TO] = texts->to,
                               [KG_COLUMN_NUTS] = line->nuts.code,
                               [KG_COLUMN_LANGUAGES] = texts->languages,
                               [KG_COLUMN_TRACK] = kg_track_name(line->track),
                               [KG_COLUMN_COMMITMENT] = line->binding ? "binding" : "indicative",
                               [KG_COLUMN_CRITERIA] = texts->criteria,
                               [KG_COLUMN_ACCEPTS] = texts->accepts,
                           }};
}

/* Lines of one organisation, from the `key`-th that it sends. */
static void write_submission(writer *w, const kg_demand *lines, size_t count, size_t key,
                             uint64_t number)
{
    kg_command command;
    char id[KG_ID_BYTES_MAX + 1];
    journal_writer_name(lines->organisation, id);
    kg_command_init(&command, KG_KIND_SUBMIT);
    draft_texts *texts = kg_arena_alloc(&command.arena, count * sizeof *texts);
    command.submit.drafts = kg_arena_alloc(&command.arena, count * sizeof *command.submit.drafts);
    command.submit.count = count;
    for (size_t i = 0; i < count; i++)
        write_draft(w, &lines[i], key + i, number + i, &texts[i], &command.submit.drafts[i]);
    decide(w, &command, id);
}

/* A submission: where its lines begin, and how many. */
typedef struct piece {
    size_t first, count, key;
} piece;

/* Organisations submit in turn, in no order. Returns owned. */
static piece *cut(const writer *w, const kg_demand *lines, size_t *count)
{
    size_t capacity = 0, begin = 0;
    piece *pieces = NULL;
    uint64_t random = 1;
    *count = 0;
    for (size_t i = 0; i < w->options->lines;) {
        size_t end = i;
        if (i == 0 || lines[i].organisation != lines[i - 1].organisation)
            begin = i;
        while (end < w->options->lines && lines[end].organisation == lines[i].organisation &&
               end - i < w->options->lines_in_submission)
            end++;
        pieces = kg_grow(pieces, *count, &capacity, sizeof *pieces);
        pieces[(*count)++] = (piece){i, end - i, i - begin + 1};
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

static void write_lines(writer *w, const kg_demand *lines)
{
    size_t count;
    piece *pieces = cut(w, lines, &count);
    w->journal->decide_s = w->journal->apply_s = 0;
    for (size_t i = 0; i < count; i++)
        write_submission(w, &lines[pieces[i].first], pieces[i].count, pieces[i].key,
                         pieces[i].first);
    journal_writer_flush(w->journal);
    printf("taken: %zu lines in %zu submissions; check %.0f ns, apply %.0f ns a line\n",
           w->options->lines, count, w->journal->decide_s / (double)w->options->lines * 1e9,
           w->journal->apply_s / (double)w->options->lines * 1e9);
    free(pieces);
}

void state_journal_write(const char *folder, const state_journal_options *options)
{
    const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES] = {1};
    const kg_journal_options journal = {0};
    writer w = {.options = options};
    workload_init(&w.workload, KG_SOURCE_DIR "/config/reference/nuts.csv", 1);
    kg_demand *lines = workload_lines(&w.workload, options->lines);
    kg_journal *opened = NULL;
    if (!kg_journal_create(folder, deployment) || !(opened = kg_journal_open(folder, &journal)))
        give_up(kg_journal_error());
    kg_state *state = kg_state_new();
    w.journal = journal_writer_new(opened, state);
    write_catalogue(&w);
    for (size_t i = 0; i < options->lines; i++)
        if (i == 0 || lines[i].organisation != lines[i - 1].organisation)
            write_body(&w, lines[i].organisation, &lines[i]);
    write_lines(&w, lines);
    journal_writer_destroy(&w.journal);
    kg_journal_close(&opened);
    kg_state_destroy(&state);
    free(lines);
    workload_fini(&w.workload);
}

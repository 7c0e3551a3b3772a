/* SPDX-License-Identifier: EUPL-1.2 */
#include "state_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broker/store.h"
#include "plan_workload.h"
#include "proto/catalogue_file.h"
#include "proto/codec.h"
#include "proto/envelope.h"

#define BATCH 256

typedef struct writer {
    const state_journal_options *options;
    workload workload;
    kg_journal *journal;
    kg_state *state;
    kg_effects effects;
    kg_identity *identity; /* signs for everybody: a replay does not look */
    kg_journal_record records[BATCH];
    size_t count;
    uint64_t head;
    double decide_s, apply_s;
} writer;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench_state: %s\n", what);
    exit(4);
}

static void done(void *context, kg_append_result result, uint64_t head)
{
    (void)context;
    (void)head;
    if (result != KG_APPEND_OK)
        give_up(kg_journal_error());
}

static void flush(writer *w)
{
    if (w->count == 0)
        return;
    kg_journal_append(w->journal, kg_journal_epoch(w->journal), w->head - w->count, w->records,
                      w->count, false, done, w);
    kg_journal_reap(w->journal, true);
    for (size_t i = 0; i < w->count; i++) {
        free((void *)(uintptr_t)w->records[i].command);
        free((void *)(uintptr_t)w->records[i].event);
    }
    w->count = 0;
}

static kg_buffer seal(const writer *w, const kg_command *command, const char *actor)
{
    kg_buffer body, out;
    kg_public_key key;
    kg_buffer_init(&body);
    kg_buffer_init(&out);
    kg_codec_command_encode(command, kg_state_catalogue(w->state), &body);
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = command->kind,
                            .expires_ms = STATE_JOURNAL_MS + 3600000,
                            .body = (const uint8_t *)body.bytes,
                            .body_bytes = body.count};
    kg_identity_public(w->identity, &key);
    kg_key_id(key.sign, envelope.key_id);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s", actor);
    memcpy(envelope.request_id, &w->head, sizeof w->head);
    kg_envelope_seal(&envelope, w->identity, &out);
    kg_buffer_fini(&body);
    return out;
}

/* Adds the decided event; takes the envelope. */
static void record(writer *w, kg_event *event, kg_buffer *envelope)
{
    kg_buffer bytes;
    kg_journal_record *place = &w->records[w->count++];
    kg_buffer_init(&bytes);
    event->sequence = ++w->head;
    kg_codec_event_encode(event, kg_state_catalogue(w->state), &bytes);
    *place = (kg_journal_record){.sequence = w->head,
                                 .time_ms = event->time_ms,
                                 .command = (const uint8_t *)envelope->bytes,
                                 .command_bytes = envelope->count,
                                 .event = (const uint8_t *)bytes.bytes,
                                 .event_bytes = bytes.count};
    kg_random(place->salt, sizeof place->salt);
    if (envelope->count > 0)
        kg_sha256_once(&w->head, sizeof w->head, place->request_key);
    double begin = now_s();
    kg_state_apply(w->state, event, &w->effects);
    w->apply_s += now_s() - begin;
    kg_effects_clear(&w->effects);
    if (w->count == BATCH)
        flush(w);
}

static kg_catalogue *read_catalogue(const char *text)
{
    kg_problems problems;
    kg_problems_init(&problems, "catalogue.conf");
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue.conf", &problems);
    if (!catalogue)
        give_up(kg_problem_write(&problems.items[0]));
    kg_problems_fini(&problems);
    return catalogue;
}

/* Takes the command. */
static void decide(writer *w, kg_command *command, const char *actor)
{
    kg_decision decision;
    kg_catalogue *catalogue = NULL;
    kg_buffer envelope = {0};
    const kg_moment now = {STATE_JOURNAL_MS + (int64_t)w->head, STATE_JOURNAL_DAY};
    const kg_actor by = {actor, KG_ROLE_ORGANISATION | KG_ROLE_ADMINISTRATOR};
    if (*actor)
        envelope = seal(w, command, actor);
    else
        catalogue = read_catalogue(command->catalogue);
    kg_decision_init(&decision);
    double begin = now_s();
    if (catalogue)
        kg_state_check_catalogue(w->state, command, &catalogue, now, &decision);
    else
        kg_state_check(w->state, &by, command, now, &decision);
    w->decide_s += now_s() - begin;
    if (!decision.event)
        give_up(decision.problems.count ? kg_problem_write(&decision.problems.items[0])
                                        : decision.detail);
    record(w, decision.event, &envelope);
    kg_decision_fini(&decision);
    kg_command_fini(command);
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

static void name_body(uint32_t organisation, char out[static KG_ID_BYTES_MAX + 1])
{
    kg_text_format(out, KG_ID_BYTES_MAX + 1, "BE-%010u", 316380940 + organisation);
}

static void write_body(writer *w, uint32_t organisation, const kg_demand *line)
{
    kg_command command;
    char id[KG_ID_BYTES_MAX + 1];
    name_body(organisation, id);
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_text_format(command.record.id, sizeof command.record.id, "%s", id);
    free(command.record.name);
    command.record.name = kg_strdup("Gemeentebestuur van Voorbeeld aan de Leie");
    command.record.nuts = line->nuts;
    command.record.languages = line->languages;
    command.record.can_lead = organisation % 4 == 0;
    command.has_key = true;
    kg_random(command.key.sign, sizeof command.key.sign);
    kg_random(command.key.transport, sizeof command.key.transport);
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
            used += (size_t)snprintf(out + used, size - used, "%s%s=%d", used ? " " : "",
                                     criterion, levels->rank[p]);
}

static void write_title(const writer *w, const kg_demand *line, uint64_t number, char *out,
                        size_t size)
{
    static const char *const purposes[] = {"vervanging", "onderwijs", "thuiswerk", "nieuwe dienst",
                                           "frontoffice", "technische dienst"};
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
    name_body(lines->organisation, id);
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
    w->decide_s = w->apply_s = 0;
    for (size_t i = 0; i < count; i++)
        write_submission(w, &lines[pieces[i].first], pieces[i].count, pieces[i].key,
                         pieces[i].first);
    flush(w);
    printf("taken: %zu lines in %zu submissions; check %.0f ns, apply %.0f ns a line\n",
           w->options->lines, count, w->decide_s / (double)w->options->lines * 1e9,
           w->apply_s / (double)w->options->lines * 1e9);
    free(pieces);
}

void state_journal_write(const char *folder, const state_journal_options *options)
{
    const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES] = {1};
    const kg_journal_options journal = {0};
    writer *w = kg_alloc(1, sizeof *w);
    w->options = options;
    workload_init(&w->workload, KG_SOURCE_DIR "/config/reference/nuts.csv", 1);
    kg_demand *lines = workload_lines(&w->workload, options->lines);
    if (!kg_journal_create(folder, deployment) ||
        !(w->journal = kg_journal_open(folder, &journal)))
        give_up(kg_journal_error());
    w->state = kg_state_new();
    w->identity = kg_identity_generate("BENCH");
    kg_effects_init(&w->effects);
    write_catalogue(w);
    for (size_t i = 0; i < options->lines; i++)
        if (i == 0 || lines[i].organisation != lines[i - 1].organisation)
            write_body(w, lines[i].organisation, &lines[i]);
    write_lines(w, lines);
    kg_journal_close(&w->journal);
    kg_state_destroy(&w->state);
    kg_effects_fini(&w->effects);
    kg_identity_destroy(&w->identity);
    free(lines);
    workload_fini(&w->workload);
    free(w);
}

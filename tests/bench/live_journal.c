/* SPDX-License-Identifier: EUPL-1.2 */
#include "live_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/store.h"
#include "compare_workload.h"
#include "proto/codec.h"
#include "proto/envelope.h"

#define BATCH 512
#define IN_SUBMISSION 100

typedef struct writer {
    kg_store store;
    kg_effects effects;
    kg_identity *signer; /* signs for everybody: a replay does not look */
    kg_moment now;
    kg_journal_record records[BATCH];
    size_t count;
    uint64_t head;
} writer;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "live_journal: %s\n", what);
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
    kg_journal *journal = w->store.journal;
    if (w->count == 0)
        return;
    kg_journal_append(journal, kg_journal_epoch(journal), w->head - w->count, w->records, w->count,
                      false, done, w);
    kg_journal_reap(journal, true);
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
    kg_codec_command_encode(command, kg_state_catalogue(w->store.state), &body);
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = command->kind,
                            .expires_ms = w->now.time_ms + 3600000,
                            .body = (const uint8_t *)body.bytes,
                            .body_bytes = body.count};
    kg_identity_public(w->signer, &key);
    kg_key_id(key.sign, envelope.key_id);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s", actor);
    memcpy(envelope.request_id, &w->head, sizeof w->head);
    kg_envelope_seal(&envelope, w->signer, &out);
    kg_buffer_fini(&body);
    return out;
}

static void record(writer *w, kg_event *event, const kg_buffer *envelope)
{
    kg_buffer bytes;
    kg_journal_record *place = &w->records[w->count++];
    kg_buffer_init(&bytes);
    event->sequence = ++w->head;
    kg_codec_event_encode(event, kg_state_catalogue(w->store.state), &bytes);
    *place = (kg_journal_record){.sequence = w->head,
                                 .time_ms = event->time_ms,
                                 .command = (const uint8_t *)envelope->bytes,
                                 .command_bytes = envelope->count,
                                 .event = (const uint8_t *)bytes.bytes,
                                 .event_bytes = bytes.count};
    kg_random(place->salt, sizeof place->salt);
    kg_sha256_once(&w->head, sizeof w->head, place->request_key);
    kg_state_apply(w->store.state, event, &w->effects);
    kg_effects_clear(&w->effects);
    if (w->count == BATCH)
        flush(w);
}

/* Takes the command. */
static void decide(writer *w, kg_command *command, const char *actor, uint32_t roles)
{
    kg_decision decision;
    const kg_actor by = {actor, roles};
    kg_buffer envelope = seal(w, command, actor);
    kg_decision_init(&decision);
    kg_state_check(w->store.state, &by, command, w->now, &decision);
    if (!decision.event)
        give_up(decision.problems.count ? kg_problem_write(&decision.problems.items[0])
                : decision.detail[0]    ? decision.detail
                                        : kg_status_name(decision.status));
    record(w, decision.event, &envelope);
    kg_decision_fini(&decision);
    kg_command_fini(command);
}

static void name_body(uint32_t organisation, char out[static KG_ID_BYTES_MAX + 1])
{
    kg_text_format(out, KG_ID_BYTES_MAX + 1, "BE-%010u", 316380940 + organisation);
}

static void enrol(writer *w, const char *id, const kg_identity *identity, uint32_t roles)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_text_format(command.record.id, sizeof command.record.id, "%s", id);
    free(command.record.name);
    command.record.name = kg_strdup("Gemeentebestuur van Voorbeeld aan de Leie");
    memcpy(command.record.nuts.code, "BE211", 6);
    command.record.languages = 1u << KG_LANGUAGE_EN;
    command.has_key = true;
    kg_random(command.key.sign, sizeof command.key.sign);
    kg_random(command.key.transport, sizeof command.key.transport);
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

static void submit(writer *w, const compare_workload *workload, const uint64_t *lines,
                   size_t count)
{
    kg_command command;
    char id[KG_ID_BYTES_MAX + 1];
    name_body(compare_workload_line(workload, lines[0]).organisation, id);
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
    writer *w = kg_alloc(1, sizeof *w);
    const kg_journal_options options = {0};
    snprintf(path, sizeof path, "%s/journal", folder);
    if (!kg_store_open(&w->store, path, &options, error))
        give_up(error);
    w->signer = kg_identity_generate("BENCH");
    w->head = kg_journal_head(w->store.journal);
    w->now = (kg_moment){w->store.last_time_ms, (kg_date)(w->store.last_time_ms / 86400000)};
    kg_effects_init(&w->effects);
    for (uint32_t i = 0; i < COMPARE_ORGANISATIONS; i++) {
        name_body(i, id);
        enrol(w, id, i == 0 ? member : NULL, KG_ROLE_ORGANISATION);
    }
    enrol(w, kg_identity_organisation(coordinator), coordinator, KG_ROLE_COORDINATOR);
    open_round(w, kg_identity_organisation(coordinator));
    kg_text_format(line, LIVE_LINE_BYTES, "l%llu", (unsigned long long)submit_all(w, lines));
    flush(w);
    kg_effects_fini(&w->effects);
    kg_identity_destroy(&w->signer);
    kg_store_close(&w->store);
    free(w);
}

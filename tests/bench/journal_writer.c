/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/catalogue_file.h"
#include "proto/codec.h"
#include "proto/envelope.h"
#include "proto/memory.h"

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "journal_writer: %s\n", what);
    exit(4);
}

journal_writer *journal_writer_new(kg_journal *journal, kg_state *state)
{
    journal_writer *writer = kg_alloc(1, sizeof *writer);
    writer->journal = journal;
    writer->state = state;
    writer->head = kg_journal_head(journal);
    writer->signer = kg_identity_generate("BENCH");
    kg_effects_init(&writer->effects);
    return writer;
}

void journal_writer_destroy(journal_writer **writer)
{
    journal_writer_flush(*writer);
    kg_effects_fini(&(*writer)->effects);
    kg_identity_destroy(&(*writer)->signer);
    free(*writer);
    *writer = NULL;
}

/* ---- records ---- */

static void done(void *context, kg_append_result result, uint64_t head)
{
    (void)context;
    (void)head;
    if (result != KG_APPEND_OK)
        give_up(kg_journal_error());
}

void journal_writer_flush(journal_writer *w)
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

static kg_buffer seal(const journal_writer *w, const kg_command *command, const char *actor,
                      kg_moment now)
{
    kg_buffer body, out;
    kg_public_key key;
    kg_buffer_init(&body);
    kg_buffer_init(&out);
    kg_codec_command_encode(command, kg_state_catalogue(w->state), &body);
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = command->kind,
                            .expires_ms = now.time_ms + 3600000,
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

/* Adds the decided event; takes the envelope, which the broker's own events have not. */
static void record(journal_writer *w, kg_event *event, const kg_buffer *envelope)
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
    if (w->count == JOURNAL_WRITER_BATCH)
        journal_writer_flush(w);
}

/* ---- commands ---- */

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

void journal_writer_decide(journal_writer *w, kg_command *command, const kg_actor *actor,
                           kg_moment now)
{
    kg_decision decision;
    kg_catalogue *catalogue = NULL;
    kg_buffer envelope = {0};
    if (actor->organisation[0])
        envelope = seal(w, command, actor->organisation, now);
    else
        catalogue = read_catalogue(command->catalogue);
    kg_decision_init(&decision);
    double begin = now_s();
    if (catalogue)
        kg_state_check_catalogue(w->state, command, &catalogue, now, &decision);
    else
        kg_state_check(w->state, actor, command, now, &decision);
    w->decide_s += now_s() - begin;
    if (!decision.event)
        give_up(decision.problems.count ? kg_problem_write(&decision.problems.items[0])
                : decision.detail[0]    ? decision.detail
                                        : kg_status_name(decision.status));
    record(w, decision.event, &envelope);
    kg_decision_fini(&decision);
    kg_command_fini(command);
}

void journal_writer_name(uint32_t organisation, char out[static KG_ID_BYTES_MAX + 1])
{
    kg_text_format(out, KG_ID_BYTES_MAX + 1, "BE-%010u", 316380940 + organisation);
}

void journal_writer_register(const char *id, kg_command *out)
{
    kg_command_init(out, KG_KIND_REGISTER);
    kg_text_format(out->record.id, sizeof out->record.id, "%s", id);
    free(out->record.name);
    out->record.name = kg_strdup("Gemeentebestuur van Voorbeeld aan de Leie");
    out->has_key = true;
    kg_random(out->key.sign, sizeof out->key.sign);
    kg_random(out->key.transport, sizeof out->key.transport);
}

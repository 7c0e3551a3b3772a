/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_request [LINES] [MESSAGES]: what each step of a submission costs on one core, without
 * network and journal: the median message of the best of several rounds, so that other work on the
 * machine counts little. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "broker/domain/state.h"
#include "proto/catalogue_file.h"
#include "proto/envelope.h"
#include "submit_load.h"

#define ROUNDS 5

enum { OPEN, VERIFY, DECODE, CHECK, ENCODE, APPLY, REPLAY_DECODE, REPLAY_APPLY, STEPS };
static const char *const names[STEPS] = {"open and request key", "verify",
                                         "decode",               "check",
                                         "encode event",         "apply",
                                         "decode event",         "apply again"};

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static kg_moment moment(uint64_t sequence)
{
    return (kg_moment){1790000000000 + (int64_t)sequence, 20717};
}

static void found(kg_state *state, const submit_member *member, kg_effects *effects)
{
    char *text = workload_catalogue_text();
    kg_problems problems;
    kg_problems_init(&problems, "catalogue");
    kg_event *event = kg_event_new(KG_KIND_CATALOGUE);
    event->command.catalogue = kg_arena_text(&event->command.arena, text, strlen(text));
    event->catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    event->sequence = 1;
    kg_state_apply(state, event, effects);
    kg_event_destroy(&event);
    event = kg_event_new(KG_KIND_REGISTER);
    kg_text_format(event->command.record.id, sizeof event->command.record.id, "%s",
                   kg_identity_organisation(member->identity));
    memcpy(event->command.record.nuts.code, "BE211", 6);
    event->command.record.languages = 1u << KG_LANGUAGE_EN;
    kg_identity_public(member->identity, &event->command.key);
    event->command.has_key = true;
    event->sequence = 2;
    kg_state_apply(state, event, effects);
    kg_event_destroy(&event);
    kg_problems_fini(&problems);
    free(text);
}

typedef struct run {
    kg_state *state, *again;
    kg_effects effects;
    double *took[STEPS]; /* by message */
    size_t count, event_bytes;
} run;

static void one(run *r, const submit_member *member, const submit_frame *frame, uint64_t sequence)
{
    kg_envelope envelope;
    kg_command command;
    kg_decision decision;
    kg_buffer bytes;
    kg_public_key key;
    uint8_t request_key[KG_SHA256_BYTES];
    char detail[600], error[200];
    const char *organisation = kg_identity_organisation(member->identity);
    kg_actor actor = {organisation, KG_ROLE_ORGANISATION};
    double at[STEPS + 1];
    kg_identity_public(member->identity, &key);
    kg_buffer_init(&bytes);
    at[OPEN] = now_ns();
    kg_status status = kg_envelope_open(frame->bytes, frame->count, &envelope);
    kg_envelope_request_key(&envelope, request_key);
    at[VERIFY] = now_ns();
    bool good = status == KG_STATUS_OK && kg_envelope_signed_by(&envelope, key.sign);
    at[DECODE] = now_ns();
    good = good &&
           kg_codec_command_decode(envelope.kind, envelope.body, envelope.body_bytes,
                                   kg_state_catalogue(r->state), &command, detail) == KG_STATUS_OK;
    at[CHECK] = now_ns();
    kg_decision_init(&decision);
    kg_state_check(r->state, &actor, &command, moment(sequence), &decision);
    if (!good || decision.status != KG_STATUS_OK) {
        fprintf(stderr, "refused: %s\n", kg_status_name(decision.status));
        exit(1);
    }
    at[ENCODE] = now_ns();
    kg_codec_event_encode(decision.event, kg_state_catalogue(r->state), &bytes);
    at[APPLY] = now_ns();
    decision.event->sequence = sequence;
    kg_state_apply(r->state, decision.event, &r->effects);
    kg_decision_fini(&decision);
    kg_command_fini(&command);
    at[REPLAY_DECODE] = now_ns();
    kg_event *event = kg_codec_event_decode((uint8_t *)bytes.bytes, bytes.count,
                                            kg_state_catalogue(r->again), error);
    at[REPLAY_APPLY] = now_ns();
    event->sequence = sequence;
    kg_state_apply(r->again, event, &r->effects);
    kg_event_destroy(&event);
    at[STEPS] = now_ns();
    for (int s = 0; s < STEPS; s++)
        r->took[s][r->count] = at[s + 1] - at[s];
    r->count++;
    r->event_bytes += bytes.count;
    kg_buffer_fini(&bytes);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    double middle = values[count / 2];
    free(values);
    return middle;
}

int main(int argc, char **argv)
{
    size_t lines = argc > 1 ? strtoull(argv[1], NULL, 10) : 100;
    size_t messages = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
    const kg_broker_access access = {0};
    submit_load load;
    submit_member member;
    double best[STEPS];
    size_t event_bytes = 0, message_bytes = 0;
    submit_load_init(&load, &access);
    submit_member_init(&member, "load", 0);
    submit_member_prepare(&load, &member, messages, lines, false);
    for (size_t i = 0; i < messages; i++)
        message_bytes += member.frames[i].count;
    for (int round = 0; round < ROUNDS; round++) {
        run r = {.state = kg_state_new(), .again = kg_state_new()};
        for (int s = 0; s < STEPS; s++)
            r.took[s] = kg_alloc(messages, sizeof *r.took[s]);
        kg_effects_init(&r.effects);
        found(r.state, &member, &r.effects);
        found(r.again, &member, &r.effects);
        for (size_t i = 0; i < messages; i++)
            one(&r, &member, &member.frames[i], 3 + i);
        for (int s = 0; s < STEPS; s++) {
            double took = median(r.took[s], messages);
            best[s] = round == 0 || took < best[s] ? took : best[s];
        }
        event_bytes = r.event_bytes;
        kg_effects_fini(&r.effects);
        kg_state_destroy(&r.state);
        kg_state_destroy(&r.again);
    }
    printf("lines=%zu messages=%zu message_bytes/line=%.1f event_bytes/line=%.1f\n", lines,
           messages, (double)message_bytes / (double)(messages * lines),
           (double)event_bytes / (double)(messages * lines));
    for (int s = 0; s < STEPS; s++)
        printf("%-22s %8.1f ns/line %8.2f us/message\n", names[s],
               best[s] / (double)lines, best[s] / 1e3);
    submit_member_fini(&member);
    submit_load_fini(&load);
    return 0;
}

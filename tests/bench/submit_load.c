/* SPDX-License-Identifier: EUPL-1.2 */
#include "submit_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "proto/envelope.h"

#define EXPIRES_MS (3600 * 1000LL)

void submit_load_init(submit_load *load, const kg_broker_access *access)
{
    *load = (submit_load){.access = access};
    workload_init(&load->lines, KG_SOURCE_DIR "/config/reference/nuts.csv", 1);
}

void submit_load_fini(submit_load *load)
{
    workload_fini(&load->lines);
}

void submit_member_init(submit_member *member, const char *name, size_t number)
{
    char id[KG_ID_BYTES_MAX + 1];
    kg_text_format(id, sizeof id, "%s-%zu", name, number);
    *member = (submit_member){.identity = kg_identity_generate(id)};
}

void submit_member_fini(submit_member *member)
{
    for (size_t i = 0; i < member->count; i++)
        free(member->frames[i].bytes);
    free(member->frames);
    kg_identity_destroy(&member->identity);
    *member = (submit_member){0};
}

static submit_frame seal(const submit_load *load, const kg_identity *identity, kg_kind kind,
                         const kg_buffer *body)
{
    kg_public_key key;
    struct timespec now;
    kg_buffer bytes;
    submit_frame frame;
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = kind,
                            .body = (const uint8_t *)body->bytes,
                            .body_bytes = body->count};
    if (body->count > KG_BODY_BYTES_MAX) {
        fprintf(stderr, "a body of %zu bytes is too large: take fewer lines\n", body->count);
        exit(2);
    }
    clock_gettime(CLOCK_REALTIME, &now);
    kg_identity_public(identity, &key);
    kg_key_id(key.sign, envelope.key_id);
    memcpy(envelope.deployment, load->access->deployment, sizeof envelope.deployment);
    kg_text_format(envelope.organisation, sizeof envelope.organisation, "%s",
                   kg_identity_organisation(identity));
    kg_random(envelope.request_id, sizeof envelope.request_id);
    envelope.expires_ms = now.tv_sec * 1000LL + EXPIRES_MS;
    kg_buffer_init(&bytes);
    kg_envelope_seal(&envelope, identity, &bytes);
    frame.bytes = (uint8_t *)bytes.bytes;
    frame.count = bytes.count;
    memcpy(frame.request_id, envelope.request_id, sizeof frame.request_id);
    return frame;
}

/* ---- submissions ---- */

typedef struct draft_texts {
    char line[24], quantity[24], from[KG_DATE_BYTES], to[KG_DATE_BYTES], nuts[8];
    char languages[KG_LANGUAGES_BYTES], criteria[400], accepts[400];
    compare_line compared;
    compare_texts compared_texts;
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

/* As a buyer would write it; the columns that gen_plan gives. */
static void write_plan_draft(const submit_load *load, uint64_t number, draft_texts *texts,
                             kg_line_draft *out)
{
    kg_demand demand = workload_line(&load->lines, number);
    const kg_demand *line = &demand;
    snprintf(texts->line, sizeof texts->line, "l%llu", (unsigned long long)number);
    snprintf(texts->quantity, sizeof texts->quantity, "%ld", (long)line->quantity);
    kg_date_write(line->from, texts->from);
    kg_date_write(line->to, texts->to);
    memcpy(texts->nuts, line->nuts.code, sizeof line->nuts.code);
    kg_languages_write(line->languages, texts->languages);
    write_levels(line, &line->lo, 0, texts->criteria, sizeof texts->criteria);
    write_levels(line, &line->hi, KG_LEVEL_ANY, texts->accepts, sizeof texts->accepts);
    *out = (kg_line_draft){0};
    out->text[KG_COLUMN_LINE] = texts->line;
    out->text[KG_COLUMN_CATEGORY] = workload_category(line->category);
    out->text[KG_COLUMN_CONDITION] = kg_condition_name(line->conditions);
    out->text[KG_COLUMN_QUANTITY] = texts->quantity;
    out->text[KG_COLUMN_DELIVERY_FROM] = texts->from;
    out->text[KG_COLUMN_DELIVERY_TO] = texts->to;
    out->text[KG_COLUMN_NUTS] = texts->nuts;
    out->text[KG_COLUMN_LANGUAGES] = texts->languages;
    out->text[KG_COLUMN_TRACK] = kg_track_name(line->track);
    out->text[KG_COLUMN_COMMITMENT] = line->binding ? "binding" : "indicative";
    out->text[KG_COLUMN_CRITERIA] = texts->criteria;
    out->text[KG_COLUMN_ACCEPTS] = texts->accepts;
}

static void write_draft(const submit_load *load, uint64_t number, draft_texts *texts,
                        kg_line_draft *out)
{
    if (!load->compare) {
        write_plan_draft(load, number, texts, out);
        return;
    }
    texts->compared = compare_workload_line(load->compare, number);
    compare_draft(&texts->compared, &texts->compared_texts, out);
}

void submit_member_prepare(submit_load *load, submit_member *member, size_t count, size_t lines,
                           bool parts)
{
    draft_texts *texts = kg_alloc(lines, sizeof *texts);
    kg_command command;
    kg_buffer body;
    kg_command_init(&command, KG_KIND_SUBMIT);
    kg_buffer_init(&body);
    kg_random(command.submit.plan_id, sizeof command.submit.plan_id);
    command.submit.drafts = kg_alloc(lines, sizeof *command.submit.drafts);
    command.submit.count = lines;
    member->frames = kg_alloc(count, sizeof *member->frames);
    for (; member->count < count; member->count++) {
        for (size_t i = 0; i < lines; i++, load->next_line++)
            write_draft(load, load->next_line, &texts[i], &command.submit.drafts[i]);
        if (parts) {
            command.submit.part = (uint32_t)member->count + 1;
            command.submit.parts = (uint32_t)count;
        }
        body.count = 0;
        kg_codec_command_encode(&command, NULL, &body);
        member->frames[member->count] = seal(load, member->identity, KG_KIND_SUBMIT, &body);
    }
    free(command.submit.drafts);
    free(texts);
    kg_command_fini(&command);
    kg_buffer_fini(&body);
}

/* ---- registration ---- */

submit_frame submit_register_frame(const submit_load *load, const submit_member *member,
                                   const kg_identity *administrator)
{
    kg_command command;
    kg_buffer body;
    kg_buffer_init(&body);
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_text_format(command.record.id, sizeof command.record.id, "%s",
                   kg_identity_organisation(member->identity));
    free(command.record.name);
    command.record.name = kg_strdup("Load");
    memcpy(command.record.nuts.code, "BE211", 6);
    command.record.languages = 1u << KG_LANGUAGE_EN;
    kg_identity_public(member->identity, &command.key);
    command.key.roles = KG_ROLE_ORGANISATION;
    command.has_key = true;
    kg_codec_command_encode(&command, NULL, &body);
    submit_frame frame = seal(load, administrator, KG_KIND_REGISTER, &body);
    kg_buffer_fini(&body);
    kg_command_fini(&command);
    return frame;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* An event as one line of JSON for an administrator: who did what to what, and how many; never
 * what a plan says. */
#include "proto/codec_pb.h"

#include <string.h>

static void put_name(kg_buffer *out, const char *name)
{
    kg_buffer_format(out, "%s\"%s\":", out->count > 1 ? "," : "", name);
}

/* Of a text that is none, damaged or not, every odd byte is shown. */
static void put_text(kg_buffer *out, const char *name, const ProtobufCBinaryData *text)
{
    bool good =
        text->len > 0 && kg_reader_utf8(text) && kg_text_valid((const char *)text->data, text->len);
    put_name(out, name);
    kg_buffer_add(out, "\"", 1);
    for (size_t i = 0; i < text->len; i++) {
        uint8_t byte = text->data[i];
        if (byte == '"' || byte == '\\' || (!good && (byte < 0x20 || byte >= 0x7f)))
            kg_buffer_format(out, "\\u%04x", byte);
        else
            kg_buffer_add(out, &byte, 1);
    }
    kg_buffer_add(out, "\"", 1);
}

static void put_word(kg_buffer *out, const char *name, const char *word)
{
    put_text(out, name, &(ProtobufCBinaryData){strlen(word), (uint8_t *)(uintptr_t)word});
}

static void put_count(kg_buffer *out, const char *name, size_t count)
{
    put_name(out, name);
    kg_buffer_format(out, "%zu", count);
}

#define PUT_GIVEN(out, m, field)                                                                   \
    do {                                                                                           \
        if ((m)->has_##field)                                                                      \
            put_text(out, #field, &(m)->field);                                                    \
    } while (0)

static void put_submit(kg_buffer *out, const Kopgroep__Submit *m, const Kopgroep__Event *event)
{
    char plan[2 * KG_REQUEST_ID_BYTES + 1];
    put_count(out, "lines", event->lines ? event->lines->count : 0);
    put_count(out, "part", m->has_part ? m->part : 1);
    put_count(out, "parts", m->has_parts ? m->parts : 1);
    if (m->has_plan_id && m->plan_id.len == KG_REQUEST_ID_BYTES) {
        kg_hex_write(m->plan_id.data, m->plan_id.len, plan);
        put_word(out, "plan", plan);
    }
}

static void put_outcome(kg_buffer *out, const Kopgroep__Event *event)
{
    if (!event->outcome)
        return;
    put_count(out, "lots", event->outcome->n_lots);
    put_count(out, "placed", event->outcome->n_members);
    put_count(out, "unplaced", event->outcome->unplaced ? event->outcome->unplaced->n_line : 0);
}

static void put_register(kg_buffer *out, const Kopgroep__Register *m)
{
    if (m->record && m->record->has_id)
        put_text(out, "organisation", &m->record->id);
    put_count(out, "keys", m->key ? 1 : 0);
}

static void put_practice(kg_buffer *out, const Kopgroep__Practice *m)
{
    put_text(out, "practice", &m->key);
    PUT_GIVEN(out, m, lot);
    put_count(out, "languages", m->n_texts);
}

static void put_body(kg_buffer *out, uint32_t kind, const void *message,
                     const Kopgroep__Event *event)
{
    const ProtobufCMessage *base = message;
    if (kind == KG_KIND_SUBMIT)
        put_submit(out, message, event);
    else if (kind == KG_KIND_WITHDRAW)
        put_count(out, "lines", ((const Kopgroep__Withdraw *)message)->n_lines);
    else if (kind == KG_KIND_REGISTER)
        put_register(out, message);
    else if (kind == KG_KIND_PRACTICE_PUBLISH)
        put_practice(out, message);
    else if (kind == KG_KIND_PRACTICE_RETIRE)
        put_text(out, "practice", &((const Kopgroep__PracticeRetire *)message)->key);
    else if (kind == KG_KIND_KEY_ADD)
        put_count(out, "keys", 1);
    else if (kind == KG_KIND_KEY_REVOKE)
        PUT_GIVEN(out, (const Kopgroep__KeyRevoke *)message, organisation);
    else if (kind == KG_KIND_CATALOGUE)
        put_count(out, "bytes", ((const Kopgroep__CatalogueText *)message)->text.len);
    else if (kind == KG_KIND_VOLUME_PUBLISH)
        put_count(out, "organisations_min",
                  ((const Kopgroep__VolumePublish *)message)->organisations_min);
    else if (kind == KG_KIND_ROUND_OPEN)
        put_text(out, "round", &((const Kopgroep__Round *)message)->id);
    else if (kind == KG_KIND_ROUND_EXTEND)
        PUT_GIVEN(out, (const Kopgroep__RoundExtend *)message, round);
    else if (kind == KG_KIND_LOT_AWARD)
        PUT_GIVEN(out, (const Kopgroep__LotAward *)message, lot);
    else if (kind == KG_KIND_LOT_OFFERS) {
        const Kopgroep__LotOffers *m = message;
        PUT_GIVEN(out, m, lot);
        put_count(out, "offers", m->n_offers);
    } else if (kind == KG_KIND_LOT_FAIL)
        PUT_GIVEN(out, (const Kopgroep__LotFail *)message, lot);
    else if (base->descriptor == &kopgroep__round_step__descriptor)
        PUT_GIVEN(out, (const Kopgroep__RoundStep *)message, round);
    else if (base->descriptor == &kopgroep__lot_answer__descriptor) {
        const Kopgroep__LotAnswer *m = message;
        PUT_GIVEN(out, m, lot);
        put_count(out, "lines", m->n_lines);
    } else if (kind == KG_KIND_LOT_CALL_OFF) {
        const Kopgroep__CallOff *m = message;
        PUT_GIVEN(out, m, lot);
        PUT_GIVEN(out, m, organisation);
    } else if (kind == KG_KIND_TENDER_LAUNCH) {
        const Kopgroep__TenderLaunch *m = message;
        PUT_GIVEN(out, m, tender);
        PUT_GIVEN(out, m, lead);
        put_count(out, "lots", m->n_lots);
    } else if (kind == KG_KIND_LINES_READ) {
        const Kopgroep__LinesRead *m = message;
        PUT_GIVEN(out, m, round);
        PUT_GIVEN(out, m, lot);
    }
    put_outcome(out, event);
}

static void put_head(kg_buffer *out, const Kopgroep__Event *m)
{
    char time[KG_TIME_BYTES], today[KG_DATE_BYTES];
    kg_time_write(m->time_ms, time);
    put_word(out, "kind", kg_kind_name((kg_kind)m->kind));
    put_text(out, "actor", &m->actor);
    put_word(out, "time", time);
    if (m->has_today_days) {
        kg_date_write(m->today_days, today);
        put_word(out, "today", today);
    }
}

char *kg_codec_event_json(const uint8_t *bytes, size_t count)
{
    kg_reader in;
    kg_arena scratch;
    kg_buffer out;
    char detail[KG_DETAIL_BYTES];
    kg_arena_init(&scratch);
    kg_buffer_init(&out);
    kg_reader_init(&in, &scratch, NULL, SIZE_MAX, detail);
    const Kopgroep__Event *m = kg_reader_message(&in, &kopgroep__event__descriptor, bytes, count);
    const kg_body *body = m ? kg_body_find(m->kind) : NULL;
    const void *message =
        body ? kg_reader_message(&in, body->type, m->command.data, m->command.len) : NULL;
    if (message) {
        kg_buffer_add(&out, "{", 1);
        put_head(&out, m);
        put_body(&out, m->kind, message, m);
        kg_buffer_add(&out, "}", 1);
    }
    kg_arena_fini(&scratch);
    if (message)
        return out.bytes;
    kg_buffer_fini(&out);
    return NULL;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_names.h"

#define ERROR_BYTES 200

static void write_command(const kg_event *event, const kg_catalogue *catalogue, kg_buffer *out)
{
    kg_command command = event->command;
    command.submit.count = 0; /* the checked lines stand for them */
    kg_codec_command_encode(&command, catalogue, out);
}

void kg_codec_event_encode(const kg_event *event, const kg_catalogue *catalogue, kg_buffer *out)
{
    kg_arena scratch;
    kg_buffer command;
    kg_naming naming;
    Kopgroep__Event m = KOPGROEP__EVENT__INIT;
    kg_arena_init(&scratch);
    kg_buffer_init(&command);
    kg_naming_init(&naming, catalogue, &scratch);
    write_command(event, catalogue, &command);
    KG_PUT_TEXT(&m, actor, event->actor);
    KG_PUT(&m, time_ms, event->time_ms);
    KG_PUT_DATE(&m, today_days, event->today);
    KG_PUT(&m, kind, event->command.kind);
    KG_PUT_BYTES(&m, command, command.bytes, command.count);
    if (event->lines_count > 0)
        m.lines = kg_checked_write(&naming, event->lines, event->lines_count);
    if (event->outcome)
        m.outcome = kg_outcome_write(&naming, event->outcome);
    m.names = kg_naming_write(&naming);
    KG_PUT_TEXT(&m, ruleset, event->ruleset);
    KG_PUT_TEXT(&m, input_digest, event->input_digest);
    kg_pack(&m.base, out);
    kg_buffer_fini(&command);
    kg_arena_fini(&scratch);
}

static void read_word(kg_reader *in, const char *field, protobuf_c_boolean has,
                      const ProtobufCBinaryData *value, char *out, size_t size)
{
    const char *text = kg_reader_text(in, field, has, value, size - 1);
    kg_text_format(out, size, "%s", text ? text : "");
}

/* The command's texts must live as long as the event: so it is read into the event's own arena. */
static void read_command(kg_reader *in, const Kopgroep__Event *m, kg_event *out)
{
    kg_reader own = *in;
    const kg_body *body = kg_body_find(m->kind);
    own.arena = &out->command.arena;
    const void *message = kg_reader_message(&own, body->type, m->command.data, m->command.len);
    if (message)
        body->read(&own, message, &out->command);
    in->status = own.status;
}

static void read_parts(kg_reader *in, const Kopgroep__Event *m, kg_event *out)
{
    kg_named named;
    kg_named_read(in, m->names, &named);
    if (m->lines && kg_reader_good(in))
        kg_checked_read(in, &named, m->lines, out);
    if (m->outcome && kg_reader_good(in))
        out->outcome = kg_outcome_read(in, &named, m->outcome);
}

static kg_event *read_event(kg_reader *in, const Kopgroep__Event *m)
{
    if (!kg_body_find(m->kind)) {
        kg_reader_fail(in, KG_STATUS_UNKNOWN_KIND, "kind", "%u is not a command.",
                       (unsigned)m->kind);
        return NULL;
    }
    if (!m->has_time_ms || !m->has_command) {
        kg_reader_fail(in, KG_STATUS_MISSING, "event", "It has no time or no command.");
        return NULL;
    }
    kg_event *out = kg_event_new((kg_kind)m->kind);
    read_word(in, KG_FIELD(m, actor), out->actor, sizeof out->actor);
    out->time_ms = m->time_ms;
    out->today = kg_reader_date(in, KG_NUMBER(m, today_days));
    read_word(in, KG_FIELD(m, ruleset), out->ruleset, sizeof out->ruleset);
    read_word(in, KG_FIELD(m, input_digest), out->input_digest, sizeof out->input_digest);
    read_command(in, m, out);
    if (kg_reader_good(in))
        read_parts(in, m, out);
    if (!kg_reader_good(in))
        kg_event_destroy(&out);
    return out;
}

/* Events come from the broker's own journal: they may be as large as they are. */
kg_event *kg_codec_event_decode(const uint8_t *bytes, size_t count, const kg_catalogue *catalogue,
                                char error[static 200])
{
    kg_reader in;
    kg_arena scratch;
    char detail[KG_DETAIL_BYTES];
    kg_arena_init(&scratch);
    kg_reader_init(&in, &scratch, catalogue, SIZE_MAX, detail);
    const Kopgroep__Event *m = kg_reader_message(&in, &kopgroep__event__descriptor, bytes, count);
    kg_event *event = m ? read_event(&in, m) : NULL;
    kg_text_format(error, ERROR_BYTES, "%s", detail);
    kg_arena_fini(&scratch);
    return event;
}

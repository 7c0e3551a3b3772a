/* SPDX-License-Identifier: EUPL-1.2 */
/* Plan lines as their buyers wrote them. */
#include "proto/codec_pb.h"

#include <string.h>

/* Where the column of a draft lies in a PlanLine. `organisation` has none: it is who signs. */
typedef struct place {
    size_t has, value;
} place;

#define PLACE(column, field)                                                                       \
    [column] = {offsetof(Kopgroep__PlanLine, has_##field), offsetof(Kopgroep__PlanLine, field)}

static const place places[KG_COLUMN_ORGANISATION] = {
    PLACE(KG_COLUMN_LINE, line),
    PLACE(KG_COLUMN_TITLE, title),
    PLACE(KG_COLUMN_CPV, cpv),
    PLACE(KG_COLUMN_CATEGORY, category),
    PLACE(KG_COLUMN_CONDITION, condition),
    PLACE(KG_COLUMN_QUANTITY, quantity),
    PLACE(KG_COLUMN_QUANTITY_MIN, quantity_min),
    PLACE(KG_COLUMN_QUANTITY_MAX, quantity_max),
    PLACE(KG_COLUMN_UNIT_PRICE_MAX, unit_price_max),
    PLACE(KG_COLUMN_VALUE, value),
    PLACE(KG_COLUMN_CURRENCY, currency),
    PLACE(KG_COLUMN_DELIVERY_FROM, delivery_from),
    PLACE(KG_COLUMN_DELIVERY_TO, delivery_to),
    PLACE(KG_COLUMN_ORDER_BY, order_by),
    PLACE(KG_COLUMN_NUTS, nuts),
    PLACE(KG_COLUMN_LANGUAGES, languages),
    PLACE(KG_COLUMN_TRACK, track),
    PLACE(KG_COLUMN_COMMITMENT, commitment),
    PLACE(KG_COLUMN_CRITERIA, criteria),
    PLACE(KG_COLUMN_ACCEPTS, accepts),
    PLACE(KG_COLUMN_PROFILE, profile),
    PLACE(KG_COLUMN_LIFETIME_YEARS, lifetime_years),
};

/* What a column says is checked with the line, where the catalogue is, so that the buyer hears all
 * that is wrong at once; here only that it is a text. */
static void read_draft(kg_reader *in, size_t row, const Kopgroep__PlanLine *line,
                       kg_line_draft *out)
{
    const char *base = (const char *)line;
    for (int column = 0; column < KG_COLUMN_ORGANISATION; column++) {
        const ProtobufCBinaryData *value = (const void *)(base + places[column].value);
        if (!*(const protobuf_c_boolean *)(const void *)(base + places[column].has))
            continue;
        if (value->len > KG_TEXT_BYTES_MAX)
            kg_reader_fail(in, KG_STATUS_TOO_LONG, kg_column_name((kg_column)column),
                           "Line %zu: it has %zu bytes; at most %d are allowed.", row, value->len,
                           KG_TEXT_BYTES_MAX);
        else if (!kg_reader_utf8(value))
            kg_reader_fail(in, KG_STATUS_ENCODING, kg_column_name((kg_column)column),
                           "Line %zu: it is not UTF-8, or has a NUL.", row);
        else if (value->len > 0)
            out->text[column] = (const char *)value->data;
    }
}

void kg_read_submit_head(kg_reader *in, const Kopgroep__Submit *m, kg_submit *submit)
{
    submit->parts = (uint32_t)kg_reader_number(in, KG_NUMBER(m, parts), 1, KG_PLAN_PARTS_MAX, 1);
    submit->part = (uint32_t)kg_reader_number(in, KG_NUMBER(m, part), 1, submit->parts, 1);
    kg_reader_fixed(in, KG_FIELD(m, plan_id), submit->plan_id, KG_REQUEST_ID_BYTES);
    if (submit->parts > 1 && !m->has_plan_id)
        kg_reader_fail(in, KG_STATUS_MISSING, "plan_id", "A plan in parts needs one.");
}

void kg_read_submit(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__Submit *m = message;
    kg_submit *submit = &out->submit;
    kg_read_submit_head(in, m, submit);
    if (m->n_lines > KG_SUBMIT_LINES_MAX)
        kg_reader_fail(in, KG_STATUS_TOO_MANY_LINES, "lines",
                       "%zu are given; at most %d are allowed. Send the plan in parts.", m->n_lines,
                       KG_SUBMIT_LINES_MAX);
    if (m->n_lines == 0 || !kg_reader_good(in))
        return;
    submit->drafts = kg_arena_alloc(in->arena, m->n_lines * sizeof *submit->drafts);
    for (size_t i = 0; i < m->n_lines; i++)
        read_draft(in, i + 1, m->lines[i], &submit->drafts[i]);
    submit->count = kg_reader_good(in) ? m->n_lines : 0;
}

static void write_draft(const kg_line_draft *draft, Kopgroep__PlanLine *out)
{
    char *base = (char *)out;
    for (int column = 0; column < KG_COLUMN_ORGANISATION; column++)
        kg_put_text((protobuf_c_boolean *)(void *)(base + places[column].has),
                    (ProtobufCBinaryData *)(void *)(base + places[column].value),
                    draft->text[column]);
}

void kg_write_submit(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                     kg_buffer *out)
{
    static const uint8_t none[KG_REQUEST_ID_BYTES];
    const kg_submit *submit = &command->submit;
    Kopgroep__Submit m = KOPGROEP__SUBMIT__INIT;
    (void)catalogue;
    if (submit->parts > 1 || memcmp(submit->plan_id, none, sizeof none) != 0)
        KG_PUT_BYTES(&m, plan_id, submit->plan_id, KG_REQUEST_ID_BYTES);
    KG_PUT(&m, part, submit->part);
    KG_PUT(&m, parts, submit->parts);
    m.n_lines = submit->count;
    m.lines = kg_arena_alloc(scratch, (submit->count + 1) * sizeof *m.lines);
    for (size_t i = 0; i < submit->count; i++) {
        m.lines[i] = kg_arena_alloc(scratch, sizeof *m.lines[i]);
        kopgroep__plan_line__init(m.lines[i]);
        write_draft(&submit->drafts[i], m.lines[i]);
    }
    kg_pack(&m.base, out);
}

size_t kg_codec_draft_bytes(const kg_line_draft *draft)
{
    Kopgroep__PlanLine line = KOPGROEP__PLAN_LINE__INIT, *lines = &line;
    Kopgroep__Submit m = KOPGROEP__SUBMIT__INIT;
    write_draft(draft, &line);
    m.n_lines = 1;
    m.lines = &lines;
    return kopgroep__submit__get_packed_size(&m);
}

void kg_read_withdraw(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__Withdraw *m = message;
    if (m->n_lines == 0)
        kg_reader_fail(in, KG_STATUS_EMPTY, "lines", "%s", kg_status_text(KG_STATUS_EMPTY));
    kg_reader_texts(in, KG_FIELDS(m, lines), KG_SUBMIT_LINES_MAX, KG_LINE_KEY_BYTES_MAX,
                    &out->keys);
}

void kg_write_withdraw(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                       kg_buffer *out)
{
    Kopgroep__Withdraw m = KOPGROEP__WITHDRAW__INIT;
    (void)catalogue;
    KG_PUT_TEXTS(&m, lines, scratch, &command->keys);
    kg_pack(&m.base, out);
}

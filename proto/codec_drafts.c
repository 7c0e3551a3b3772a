/* SPDX-License-Identifier: EUPL-1.2 */
/* Submissions, as all but a few are written: each field once, in its shortest form. Their texts are
 * used where they lie in one copy of the body, which takes a fifth of the time of a message a line.
 * Whatever else the bytes may be is left to the library, which then says what is wrong: so there is
 * one judge, and what is read here reads the same there. */
#include "proto/codec_pb.h"

#include <string.h>

enum { NUMBER = 0, BYTES = 2 };                                   /* types of the wire */
enum { PLAN_ID = 1, PART = 2, PARTS = 3, LINES = 4, FIELDS = 5 }; /* fields of a Submit */

typedef struct wire {
    const uint8_t *at, *end;
} wire;

typedef struct field {
    uint32_t number, type;
    uint32_t value; /* NUMBER: what it is; BYTES: how many */
    const uint8_t *bytes;
} field;

/* Of at most 28 bits, in as few bytes as it needs. */
static bool take_number(wire *in, uint32_t *out)
{
    uint32_t value = 0;
    for (int shift = 0; shift < 28 && in->at < in->end; shift += 7) {
        uint8_t byte = *in->at++;
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return byte != 0 || shift == 0;
        }
    }
    return false;
}

static bool take_field(wire *in, field *out)
{
    uint32_t tag;
    if (!take_number(in, &tag) || !take_number(in, &out->value))
        return false;
    out->number = tag >> 3;
    out->type = tag & 7;
    out->bytes = in->at;
    if (out->type == NUMBER)
        return true;
    if (out->type != BYTES || out->value > (size_t)(in->end - in->at))
        return false;
    in->at += out->value;
    return true;
}

/* The fields of a Submit; of the lines how many. */
static bool read_head(wire in, Kopgroep__Submit *m)
{
    unsigned seen = 0;
    while (in.at < in.end) {
        field f;
        if (!take_field(&in, &f) || f.number == 0 || f.number >= FIELDS ||
            (f.type == BYTES) != (f.number == PLAN_ID || f.number == LINES))
            return false;
        if (f.number != LINES && seen >> f.number & 1)
            return false;
        seen |= 1u << f.number;
        if (f.number == PLAN_ID)
            KG_PUT_BYTES(m, plan_id, f.bytes, f.value);
        else if (f.number == PART)
            KG_PUT(m, part, f.value);
        else if (f.number == PARTS)
            KG_PUT(m, parts, f.value);
        else
            m->n_lines++;
    }
    return m->n_lines > 0 && m->n_lines <= KG_SUBMIT_LINES_MAX;
}

/* `copy` is the copy of `body`; the byte after a text has been read when it becomes its NUL. */
static bool read_draft(const field *line, const uint8_t *body, char *copy, kg_line_draft *out)
{
    wire in = {line->bytes, line->bytes + line->value};
    unsigned seen = 0;
    _Static_assert(KG_COLUMN_LINE == 0 && KG_COLUMN_LIFETIME_YEARS == 21 &&
                       KG_COLUMN_ORGANISATION == 22,
                   "field n of a PlanLine is column n - 1");
    while (in.at < in.end) {
        field f;
        if (!take_field(&in, &f) || f.type != BYTES || f.number == 0 ||
            f.number > KG_COLUMN_ORGANISATION || seen >> f.number & 1 ||
            f.value > KG_TEXT_BYTES_MAX ||
            !kg_reader_utf8(&(ProtobufCBinaryData){f.value, (uint8_t *)(uintptr_t)f.bytes}))
            return false;
        seen |= 1u << f.number;
        if (f.value == 0)
            continue;
        char *text = copy + (f.bytes - body);
        text[f.value] = '\0';
        out->text[f.number - 1] = text;
    }
    return true;
}

bool kg_read_drafts(kg_reader *in, const uint8_t *body, size_t count, kg_command *out)
{
    Kopgroep__Submit m = KOPGROEP__SUBMIT__INIT;
    wire at = {body, body + count};
    if (!kg_reader_good(in) || !read_head(at, &m))
        return false;
    char *copy = kg_arena_text(in->arena, (const char *)body, count);
    kg_line_draft *drafts = kg_arena_alloc(in->arena, m.n_lines * sizeof *drafts);
    for (size_t i = 0; i < m.n_lines;) {
        field f;
        if (!take_field(&at, &f))
            return false;
        if (f.number == LINES && !read_draft(&f, body, copy, &drafts[i++]))
            return false;
    }
    kg_read_submit_head(in, &m, &out->submit);
    if (!kg_reader_good(in))
        return true;
    out->submit.drafts = drafts;
    out->submit.count = m.n_lines;
    return true;
}

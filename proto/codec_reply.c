/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_pb.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX (4 * KG_FRAME_BYTES_MAX + 1048576) /* a frame, its copies, many problems */

void kg_reply_init(kg_reply *reply)
{
    memset(reply, 0, sizeof *reply);
}

static kg_problems problems_of(const kg_reply *reply)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    problems.items = reply->problems;
    problems.count = problems.capacity = reply->problems_count;
    return problems;
}

void kg_reply_fini(kg_reply *reply)
{
    kg_problems problems = problems_of(reply);
    kg_problems_fini(&problems);
    free(reply->page);
    kg_reply_init(reply);
}

void kg_reply_take_problems(kg_reply *reply, kg_problems *problems)
{
    kg_problems before = problems_of(reply);
    kg_problems_fini(&before);
    size_t kept = problems->count < KG_PROBLEMS_REPLY_MAX ? problems->count : KG_PROBLEMS_REPLY_MAX;
    reply->problems_total = problems->count;
    reply->problems_count = kept;
    reply->problems = kg_alloc(kept, sizeof *reply->problems);
    if (kept > 0)
        memcpy(reply->problems, problems->items, kept * sizeof *reply->problems);
    for (size_t i = kept; i < problems->count; i++)
        problems->items[i - kept] = problems->items[i];
    problems->count -= kept;
    kg_problems_fini(problems);
}

/* What a reader would refuse becomes "?": a sentence that quotes a value may have cut a character
 * of it, or hold what acts on a terminal. */
static const char *mend(kg_arena *scratch, const char *text)
{
    size_t count = text ? strlen(text) : 0;
    if (count == 0 || kg_text_valid(text, count))
        return text;
    char *copy = kg_arena_text(scratch, text, count), *to = copy;
    for (size_t at = 0; at < count;) {
        char character[5] = {0};
        size_t length = kg_utf8_character(text + at, count - at);
        memcpy(character, text + at, length);
        bool good = length > 0 && kg_text_valid(character, length);
        memcpy(to, good ? character : "?", good ? length : 1);
        to += good ? length : 1;
        at += length ? length : 1;
    }
    *to = '\0';
    return copy;
}

static Kopgroep__Problem *write_problem(const kg_problem *problem, kg_arena *scratch)
{
    Kopgroep__Problem *m = kg_arena_alloc(scratch, sizeof *m);
    kopgroep__problem__init(m);
    KG_PUT(m, status, (uint32_t)problem->status);
    if (problem->row > 0)
        KG_PUT(m, row, (uint64_t)problem->row);
    KG_PUT_TEXT(m, column, mend(scratch, problem->column));
    KG_PUT_TEXT(m, value, mend(scratch, problem->value));
    m->has_value = problem->value != NULL; /* an empty value is one */
    KG_PUT_TEXT(m, allowed, mend(scratch, problem->allowed));
    return m;
}

/* As many as fit in a frame beside the rest of the reply. */
static void write_problems(const kg_reply *reply, kg_arena *scratch, Kopgroep__Reply *m)
{
    size_t used = kopgroep__reply__get_packed_size(m);
    m->problems = kg_arena_alloc(scratch, (reply->problems_count + 1) * sizeof *m->problems);
    for (size_t i = 0; i < reply->problems_count; i++) {
        Kopgroep__Problem *problem = write_problem(&reply->problems[i], scratch);
        used += kopgroep__problem__get_packed_size(problem) + 4; /* its tag and length */
        if (used > KG_FRAME_BYTES_MAX)
            return;
        m->problems[m->n_problems++] = problem;
    }
}

void kg_codec_reply_encode(const kg_reply *reply, kg_buffer *out)
{
    kg_arena scratch;
    Kopgroep__Reply m = KOPGROEP__REPLY__INIT;
    kg_arena_init(&scratch);
    KG_PUT_BYTES(&m, request_id, reply->request_id, KG_REQUEST_ID_BYTES);
    KG_PUT(&m, status, (uint32_t)reply->status);
    KG_PUT_TEXT(&m, detail, mend(&scratch, reply->detail));
    KG_PUT_TEXT(&m, result, mend(&scratch, reply->result));
    if (reply->problems_total > 0)
        KG_PUT(&m, problems_total, reply->problems_total);
    if (reply->has_receipt) {
        KG_PUT(&m, sequence, reply->sequence);
        KG_PUT(&m, time_ms, reply->time_ms);
        KG_PUT_BYTES(&m, chain, reply->chain, sizeof reply->chain);
        KG_PUT_BYTES(&m, event_digest, reply->event_digest, sizeof reply->event_digest);
        KG_PUT(&m, tree_size, reply->tree.size);
        KG_PUT(&m, tree_time_ms, reply->tree.time_ms);
        KG_PUT_BYTES(&m, tree_root, reply->tree.root.bytes, KG_TREE_HASH_BYTES);
        KG_PUT_BYTES(&m, tree_signature, reply->tree.signature, KG_SIGNATURE_BYTES);
    }
    if (reply->has_page) {
        KG_PUT(&m, document, reply->document);
        KG_PUT(&m, total_bytes, reply->total_bytes);
        KG_PUT(&m, offset, reply->offset);
        KG_PUT_BYTES(&m, page, reply->page, reply->page_bytes);
    }
    if (reply->has_page || reply->head > 0)
        KG_PUT(&m, head, reply->head);
    KG_PUT_TEXT(&m, leader, mend(&scratch, reply->leader));
    write_problems(reply, &scratch, &m);
    kg_pack(&m.base, out);
    kg_arena_fini(&scratch);
}

static void read_sentence(kg_reader *in, const char *field, protobuf_c_boolean has,
                          const ProtobufCBinaryData *value, char *out, size_t size)
{
    const char *text = kg_reader_text(in, field, has, value, size - 1);
    kg_text_format(out, size, "%s", text ? text : "");
}

static void read_problems(kg_reader *in, const Kopgroep__Reply *m, kg_reply *out)
{
    if (m->n_problems > KG_PROBLEMS_REPLY_MAX)
        kg_reader_fail(in, KG_STATUS_OVERSIZE, "problems", "Too many.");
    if (m->n_problems == 0 || !kg_reader_good(in))
        return;
    out->problems = kg_alloc(m->n_problems, sizeof *out->problems);
    out->problems_count = m->n_problems;
    for (size_t i = 0; i < m->n_problems; i++) {
        const Kopgroep__Problem *from = m->problems[i];
        kg_problem *to = &out->problems[i];
        to->status = (kg_status)kg_reader_number(in, KG_NUMBER(from, status), 0, INT32_MAX, 0);
        to->row = (long)kg_reader_number(in, KG_NUMBER(from, row), 1, LONG_MAX, 0);
        to->column = kg_strdup(kg_reader_text(in, KG_FIELD(from, column), KG_TITLE_BYTES_MAX));
        const char *value = kg_reader_text(in, KG_FIELD(from, value), KG_FRAME_BYTES_MAX);
        const char *allowed = kg_reader_text(in, KG_FIELD(from, allowed), KG_FRAME_BYTES_MAX);
        to->value = kg_strdup(value || !from->has_value ? value : "");
        to->allowed = kg_strdup(allowed ? allowed : kg_status_text(to->status));
    }
}

static void read_receipt(kg_reader *in, const Kopgroep__Reply *m, kg_reply *out)
{
    if (!m->has_sequence)
        return;
    if (!m->has_time_ms || !m->has_chain || !m->has_event_digest || !m->has_tree_size ||
        !m->has_tree_time_ms || !m->has_tree_root || !m->has_tree_signature)
        kg_reader_fail(in, KG_STATUS_MISSING, "receipt", "It is not whole.");
    out->has_receipt = true;
    out->sequence = m->sequence;
    out->time_ms = m->time_ms;
    kg_reader_fixed(in, KG_FIELD(m, chain), out->chain, sizeof out->chain);
    kg_reader_fixed(in, KG_FIELD(m, event_digest), out->event_digest, sizeof out->event_digest);
    out->tree.size = m->tree_size;
    out->tree.time_ms = m->tree_time_ms;
    kg_reader_fixed(in, KG_FIELD(m, tree_root), out->tree.root.bytes, KG_TREE_HASH_BYTES);
    kg_reader_fixed(in, KG_FIELD(m, tree_signature), out->tree.signature, KG_SIGNATURE_BYTES);
}

static void read_page(kg_reader *in, const Kopgroep__Reply *m, kg_reply *out)
{
    if (!m->has_page)
        return;
    if (m->offset > m->total_bytes || m->page.len > m->total_bytes - m->offset ||
        m->total_bytes > KG_DOCUMENT_BYTES_MAX || m->page.len > KG_PAGE_BYTES_MAX)
        kg_reader_fail(in, KG_STATUS_INVALID, "page", "It lies outside the answer.");
    out->has_page = true;
    out->document = m->document;
    out->total_bytes = m->total_bytes;
    out->offset = m->offset;
    out->page_bytes = m->page.len;
    out->page = kg_alloc(m->page.len + 1, 1);
    if (m->page.len > 0)
        memcpy(out->page, m->page.data, m->page.len);
}

bool kg_codec_reply_decode(const uint8_t *bytes, size_t count, kg_reply *out)
{
    kg_reader in;
    kg_arena arena;
    char detail[KG_DETAIL_BYTES];
    kg_reply_init(out);
    kg_arena_init(&arena);
    kg_reader_init(&in, &arena, NULL, MEMORY_MAX, detail);
    const Kopgroep__Reply *m = kg_reader_message(&in, &kopgroep__reply__descriptor, bytes, count);
    if (m && (!m->has_request_id || !m->has_status))
        kg_reader_fail(&in, KG_STATUS_MISSING, "reply", "It says not to what, or not what.");
    if (m) {
        kg_reader_fixed(&in, KG_FIELD(m, request_id), out->request_id, KG_REQUEST_ID_BYTES);
        out->status = (kg_status)kg_reader_number(&in, KG_NUMBER(m, status), 0, INT32_MAX, 0);
        read_sentence(&in, KG_FIELD(m, detail), out->detail, sizeof out->detail);
        read_sentence(&in, KG_FIELD(m, result), out->result, sizeof out->result);
        read_problems(&in, m, out);
        out->problems_total = m->problems_total;
        read_sentence(&in, KG_FIELD(m, leader), out->leader, sizeof out->leader);
        out->head = m->head;
        read_receipt(&in, m, out);
        read_page(&in, m, out);
    }
    kg_arena_fini(&arena);
    return kg_reader_good(&in);
}

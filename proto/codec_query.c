/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_pb.h"

#define CPV_DIGITS_MAX 8

static void read_dimensions(kg_reader *in, const Kopgroep__Query *m, kg_query *out)
{
    unsigned seen = 0;
    if (m->n_by > KG_VOLUME_DIMENSIONS) {
        kg_reader_fail(in, KG_STATUS_INVALID, "by", "At most %d may be named.",
                       KG_VOLUME_DIMENSIONS);
        return;
    }
    for (size_t i = 0; i < m->n_by && kg_reader_good(in); i++) {
        int64_t by =
            kg_reader_number(in, "by", 1, (uint64_t)m->by[i], 0, KG_VOLUME_DIMENSIONS - 1, 0);
        if (seen >> by & 1)
            kg_reader_fail(in, KG_STATUS_INVALID, "by", "%s stands twice.",
                           kg_dimension_name((kg_dimension)by));
        seen |= 1u << by;
        out->by[i] = (kg_dimension)by;
    }
    out->by_count = kg_reader_good(in) ? m->n_by : 0;
}

static void read_volume(kg_reader *in, const Kopgroep__Query *m, kg_query *out)
{
    out->category = kg_reader_text(in, KG_FIELD(m, category), KG_ID_BYTES_MAX);
    out->cpv = kg_reader_text(in, KG_FIELD(m, cpv), CPV_DIGITS_MAX);
    out->nuts = kg_reader_text(in, KG_FIELD(m, nuts), KG_NUTS_CHARS_MAX);
    out->from = kg_reader_date(in, KG_NUMBER(m, from_days));
    out->to = kg_reader_date(in, KG_NUMBER(m, to_days));
    out->track = (int)kg_reader_number(in, "track", m->has_track, (uint64_t)m->track,
                                       KG_TRACK_PELOTON, KG_TRACK_KOPGROEP, -1);
    for (const char *digit = out->cpv; digit && *digit; digit++)
        if (*digit < '0' || *digit > '9')
            kg_reader_fail(in, KG_STATUS_CPV, "cpv", "It must be 1 to 8 digits.");
    read_dimensions(in, m, out);
}

static void read_query(kg_reader *in, const Kopgroep__Query *m, kg_query *out)
{
    if (!m->has_view)
        kg_reader_fail(in, KG_STATUS_MISSING, "view", "It must be given.");
    out->view = (kg_view)kg_reader_number(in, "view", m->has_view, (uint64_t)m->view,
                                          KG_VIEW_STATUS, KG_VIEW_PRACTICE, KG_VIEW_STATUS);
    out->round = kg_reader_text(in, KG_FIELD(m, round), KG_ID_BYTES_MAX);
    out->lot = kg_reader_text(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    out->tender = kg_reader_text(in, KG_FIELD(m, tender), KG_ID_BYTES_MAX);
    out->line = kg_reader_text(in, KG_FIELD(m, line), KG_LINE_KEY_BYTES_MAX);
    out->organisation = kg_reader_text(in, KG_FIELD(m, organisation), KG_ID_BYTES_MAX);
    out->practice = kg_reader_text(in, KG_FIELD(m, practice), KG_ID_BYTES_MAX);
    out->criterion = kg_reader_text(in, KG_FIELD(m, criterion), KG_ID_BYTES_MAX);
    out->proposed = m->has_proposed && m->proposed;
    kg_reader_texts(in, KG_FIELDS(m, lots), KG_TENDER_LOTS_MAX, KG_LOT_REFERENCE_BYTES_MAX,
                    &out->lots);
    read_volume(in, m, out);
    out->since = m->has_since ? m->since : 0;
    out->limit = m->has_limit ? m->limit : 0;
    out->sequence = m->has_sequence ? m->sequence : 0;
    out->tree_size = m->has_tree_size ? m->tree_size : 0;
    out->old_tree_size = m->has_old_tree_size ? m->old_tree_size : 0;
    out->seen = m->has_seen ? m->seen : 0;
}

kg_status kg_codec_query_decode(const uint8_t *body, size_t count, kg_query *out,
                                char detail[static 600])
{
    kg_reader in;
    kg_query_init(out, KG_VIEW_STATUS);
    kg_reader_init(&in, &out->arena, NULL, KG_PROTOBUF_BYTES_MAX, detail);
    if (count > KG_BODY_BYTES_MAX)
        kg_reader_fail(&in, KG_STATUS_OVERSIZE, "body", "It has %zu bytes; at most %d are allowed.",
                       count, KG_BODY_BYTES_MAX);
    const void *message = kg_reader_message(&in, &kopgroep__query__descriptor, body, count);
    if (message)
        read_query(&in, message, out);
    return in.status;
}

void kg_codec_query_encode(const kg_query *query, kg_buffer *out)
{
    Kopgroep__Query m = KOPGROEP__QUERY__INIT;
    Kopgroep__Dimension by[KG_VOLUME_DIMENSIONS];
    kg_arena scratch;
    kg_arena_init(&scratch);
    for (size_t i = 0; i < query->by_count; i++)
        by[i] = (Kopgroep__Dimension)query->by[i];
    KG_PUT(&m, view, (Kopgroep__View)query->view);
    KG_PUT_TEXT(&m, round, query->round);
    KG_PUT_TEXT(&m, lot, query->lot);
    KG_PUT_TEXT(&m, tender, query->tender);
    KG_PUT_TEXT(&m, line, query->line);
    KG_PUT_TEXT(&m, organisation, query->organisation);
    KG_PUT_TEXT(&m, practice, query->practice);
    KG_PUT_TEXT(&m, criterion, query->criterion);
    KG_PUT(&m, proposed, query->proposed);
    KG_PUT_TEXT(&m, category, query->category);
    KG_PUT_TEXT(&m, cpv, query->cpv);
    KG_PUT_TEXT(&m, nuts, query->nuts);
    KG_PUT_DATE(&m, from_days, query->from);
    KG_PUT_DATE(&m, to_days, query->to);
    if (query->track >= 0)
        KG_PUT(&m, track, (Kopgroep__Track)query->track);
    m.n_by = query->by_count;
    m.by = by;
    KG_PUT(&m, since, query->since);
    KG_PUT(&m, limit, query->limit);
    KG_PUT(&m, sequence, query->sequence);
    KG_PUT(&m, tree_size, query->tree_size);
    KG_PUT(&m, old_tree_size, query->old_tree_size);
    if (query->seen > 0)
        KG_PUT(&m, seen, query->seen);
    KG_PUT_TEXTS(&m, lots, &scratch, &query->lots);
    kg_pack(&m.base, out);
    kg_arena_fini(&scratch);
}

kg_status kg_codec_page_decode(const uint8_t *body, size_t count, kg_page *out)
{
    kg_reader in;
    kg_arena arena;
    char detail[KG_DETAIL_BYTES];
    *out = (kg_page){0};
    kg_arena_init(&arena);
    kg_reader_init(&in, &arena, NULL, KG_PROTOBUF_BYTES_MAX, detail);
    const Kopgroep__Page *m = kg_reader_message(&in, &kopgroep__page__descriptor, body, count);
    if (m && (!m->has_document || !m->has_offset))
        kg_reader_fail(&in, KG_STATUS_MISSING, "page", "Give both document and offset.");
    else if (m)
        *out = (kg_page){m->document, m->offset};
    kg_arena_fini(&arena);
    return in.status;
}

void kg_codec_page_encode(const kg_page *page, kg_buffer *out)
{
    Kopgroep__Page m = KOPGROEP__PAGE__INIT;
    KG_PUT(&m, document, page->document);
    KG_PUT(&m, offset, page->offset);
    kg_pack(&m.base, out);
}

kg_status kg_codec_cosign_decode(const uint8_t *body, size_t count, kg_tree_head *out)
{
    kg_reader in;
    kg_arena arena;
    char detail[KG_DETAIL_BYTES];
    *out = (kg_tree_head){0};
    kg_arena_init(&arena);
    kg_reader_init(&in, &arena, NULL, KG_PROTOBUF_BYTES_MAX, detail);
    const Kopgroep__Cosign *m =
        kg_reader_message(&in, &kopgroep__cosign__descriptor, body, count);
    if (m && (!m->has_tree_size || !m->has_time_ms || !m->has_tree_root || !m->has_signature)) {
        kg_reader_fail(&in, KG_STATUS_MISSING, "cosignature", "It is not whole.");
    } else if (m) {
        out->size = m->tree_size;
        out->time_ms = m->time_ms;
        kg_reader_fixed(&in, KG_FIELD(m, tree_root), out->root.bytes, KG_TREE_HASH_BYTES);
        kg_reader_fixed(&in, KG_FIELD(m, signature), out->signature, KG_SIGNATURE_BYTES);
    }
    kg_arena_fini(&arena);
    return in.status;
}

void kg_codec_cosign_encode(const kg_tree_head *cosigned, kg_buffer *out)
{
    Kopgroep__Cosign m = KOPGROEP__COSIGN__INIT;
    KG_PUT(&m, tree_size, cosigned->size);
    KG_PUT(&m, time_ms, cosigned->time_ms);
    KG_PUT_BYTES(&m, tree_root, cosigned->root.bytes, KG_TREE_HASH_BYTES);
    KG_PUT_BYTES(&m, signature, cosigned->signature, KG_SIGNATURE_BYTES);
    kg_pack(&m.base, out);
}

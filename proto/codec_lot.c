/* SPDX-License-Identifier: EUPL-1.2 */
/* What is said of lots and tenders. */
#include "proto/codec_pb.h"

void kg_read_lot_answer(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__LotAnswer *m = message;
    out->lot = kg_reader_needed(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    kg_reader_texts(in, KG_FIELDS(m, lines), KG_SUBMIT_LINES_MAX, KG_LINE_KEY_BYTES_MAX,
                    &out->keys);
    out->reason = kg_reader_text(in, KG_FIELD(m, reason), KG_TEXT_BYTES_MAX);
}

void kg_write_lot_answer(const kg_command *command, const kg_catalogue *catalogue,
                         kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__LotAnswer m = KOPGROEP__LOT_ANSWER__INIT;
    (void)catalogue;
    KG_PUT_TEXT(&m, lot, command->lot);
    KG_PUT_TEXTS(&m, lines, scratch, &command->keys);
    KG_PUT_TEXT(&m, reason, command->reason);
    kg_pack(&m.base, out);
}

void kg_read_call_off(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__CallOff *m = message;
    out->lot = kg_reader_needed(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    out->organisation = kg_reader_text(in, KG_FIELD(m, organisation), KG_ID_BYTES_MAX);
    out->quantity = kg_reader_number(in, KG_NUMBER(m, quantity), 0, KG_SUM_MAX, -1);
    out->value_cents = kg_reader_number(in, KG_NUMBER(m, value_cents), 0, KG_SUM_MAX, -1);
}

void kg_write_call_off(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                       kg_buffer *out)
{
    Kopgroep__CallOff m = KOPGROEP__CALL_OFF__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, lot, command->lot);
    KG_PUT_TEXT(&m, organisation, command->organisation);
    KG_PUT_GIVEN(&m, quantity, command->quantity);
    KG_PUT_GIVEN(&m, value_cents, command->value_cents);
    kg_pack(&m.base, out);
}

void kg_read_level_texts(kg_reader *in, Kopgroep__LevelText *const *from, size_t count,
                         kg_level_text **out, size_t *out_count)
{
    if (count > KG_CATEGORY_CRITERIA_MAX)
        kg_reader_fail(in, KG_STATUS_OVERSIZE, "levels", "At most %d are allowed.",
                       KG_CATEGORY_CRITERIA_MAX);
    if (count == 0 || !kg_reader_good(in))
        return;
    *out = kg_arena_alloc(in->arena, count * sizeof **out);
    *out_count = count;
    for (size_t i = 0; i < count; i++) {
        (*out)[i].criterion = kg_reader_needed(in, KG_FIELD(from[i], criterion), KG_ID_BYTES_MAX);
        (*out)[i].level = kg_reader_needed(in, KG_FIELD(from[i], level), KG_TITLE_BYTES_MAX);
    }
}

Kopgroep__LevelText **kg_write_level_texts(const kg_level_text *levels, size_t count,
                                           kg_arena *scratch)
{
    Kopgroep__LevelText **out = kg_arena_alloc(scratch, (count + 1) * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        out[i] = kg_arena_alloc(scratch, sizeof *out[i]);
        kopgroep__level_text__init(out[i]);
        KG_PUT_TEXT(out[i], criterion, levels[i].criterion);
        KG_PUT_TEXT(out[i], level, levels[i].level);
    }
    return out;
}

void kg_read_lot_award(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__LotAward *m = message;
    out->lot = kg_reader_needed(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    out->award.supplier = kg_reader_needed(in, KG_FIELD(m, supplier), KG_TITLE_BYTES_MAX);
    out->award.unit_price_cents =
        kg_reader_number(in, KG_NUMBER(m, unit_price_cents), 0, KG_VALUE_CENTS_MAX, -1);
    kg_read_level_texts(in, m->levels, m->n_levels, &out->award.levels,
                        &out->award.levels_count);
    out->award.evidence = kg_reader_text(in, KG_FIELD(m, evidence), KG_TEXT_BYTES_MAX);
}

void kg_write_lot_award(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                        kg_buffer *out)
{
    const kg_award *award = &command->award;
    Kopgroep__LotAward m = KOPGROEP__LOT_AWARD__INIT;
    (void)catalogue;
    KG_PUT_TEXT(&m, lot, command->lot);
    KG_PUT_TEXT(&m, supplier, award->supplier);
    KG_PUT_GIVEN(&m, unit_price_cents, award->unit_price_cents);
    m.n_levels = award->levels_count;
    m.levels = kg_write_level_texts(award->levels, award->levels_count, scratch);
    KG_PUT_TEXT(&m, evidence, award->evidence);
    kg_pack(&m.base, out);
}

void kg_read_lot_fail(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__LotFail *m = message;
    out->lot = kg_reader_needed(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    out->reason = kg_reader_text(in, KG_FIELD(m, reason), KG_TEXT_BYTES_MAX);
}

void kg_write_lot_fail(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                       kg_buffer *out)
{
    Kopgroep__LotFail m = KOPGROEP__LOT_FAIL__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, lot, command->lot);
    KG_PUT_TEXT(&m, reason, command->reason);
    kg_pack(&m.base, out);
}

void kg_read_tender_launch(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__TenderLaunch *m = message;
    out->tender = kg_reader_needed(in, KG_FIELD(m, tender), KG_ID_BYTES_MAX);
    if (out->tender && !kg_id_valid(out->tender))
        kg_reader_fail(in, KG_STATUS_INVALID, "tender", "An id is 1 to 64 of A-Z a-z 0-9 : . _ -");
    out->title = kg_reader_text(in, KG_FIELD(m, title), KG_TITLE_BYTES_MAX);
    out->lead = kg_reader_needed(in, KG_FIELD(m, lead), KG_ID_BYTES_MAX);
    if (m->n_lots == 0)
        kg_reader_fail(in, KG_STATUS_MISSING, "lots", "Name at least one.");
    kg_reader_texts(in, KG_FIELDS(m, lots), KG_TENDER_LOTS_MAX, KG_LOT_REFERENCE_BYTES_MAX,
                    &out->lots);
}

void kg_write_tender_launch(const kg_command *command, const kg_catalogue *catalogue,
                            kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__TenderLaunch m = KOPGROEP__TENDER_LAUNCH__INIT;
    (void)catalogue;
    KG_PUT_TEXT(&m, tender, command->tender);
    KG_PUT_TEXT(&m, title, command->title);
    KG_PUT_TEXT(&m, lead, command->lead);
    KG_PUT_TEXTS(&m, lots, scratch, &command->lots);
    kg_pack(&m.base, out);
}

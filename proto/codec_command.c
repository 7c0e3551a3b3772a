/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_pb.h"

static const kg_body bodies[] = {
    {KG_KIND_SUBMIT, &kopgroep__submit__descriptor, kg_read_submit, kg_write_submit},
    {KG_KIND_WITHDRAW, &kopgroep__withdraw__descriptor, kg_read_withdraw, kg_write_withdraw},
    {KG_KIND_LOT_CONFIRM, &kopgroep__lot_answer__descriptor, kg_read_lot_answer,
     kg_write_lot_answer},
    {KG_KIND_LOT_DECLINE, &kopgroep__lot_answer__descriptor, kg_read_lot_answer,
     kg_write_lot_answer},
    {KG_KIND_LOT_CALL_OFF, &kopgroep__call_off__descriptor, kg_read_call_off, kg_write_call_off},
    {KG_KIND_PRACTICE_PUBLISH, &kopgroep__practice__descriptor, kg_read_practice,
     kg_write_practice},
    {KG_KIND_PRACTICE_RETIRE, &kopgroep__practice_retire__descriptor, kg_read_practice_retire,
     kg_write_practice_retire},
    {KG_KIND_ROUND_OPEN, &kopgroep__round__descriptor, kg_read_round, kg_write_round},
    {KG_KIND_ROUND_CLOSE, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_ROUND_EXTEND, &kopgroep__round_extend__descriptor, kg_read_round_extend,
     kg_write_round_extend},
    {KG_KIND_ROUND_PROPOSE, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_ROUND_CONFIRM, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_ROUND_CONCLUDE, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_ROUND_CANCEL, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_LOT_AWARD, &kopgroep__lot_award__descriptor, kg_read_lot_award, kg_write_lot_award},
    {KG_KIND_LOT_FAIL, &kopgroep__lot_fail__descriptor, kg_read_lot_fail, kg_write_lot_fail},
    {KG_KIND_LOT_OFFERS, &kopgroep__lot_offers__descriptor, kg_read_lot_offers,
     kg_write_lot_offers},
    {KG_KIND_TENDER_LAUNCH, &kopgroep__tender_launch__descriptor, kg_read_tender_launch,
     kg_write_tender_launch},
    {KG_KIND_REGISTER, &kopgroep__register__descriptor, kg_read_register, kg_write_register},
    {KG_KIND_KEY_ADD, &kopgroep__key_add__descriptor, kg_read_key_add, kg_write_key_add},
    {KG_KIND_KEY_REVOKE, &kopgroep__key_revoke__descriptor, kg_read_key_revoke,
     kg_write_key_revoke},
    {KG_KIND_CATALOGUE, &kopgroep__catalogue_text__descriptor, kg_read_catalogue,
     kg_write_catalogue},
    {KG_KIND_ROUND_START, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_LOTS_EXPIRE, &kopgroep__round_step__descriptor, kg_read_round_step,
     kg_write_round_step},
    {KG_KIND_VOLUME_PUBLISH, &kopgroep__volume_publish__descriptor, kg_read_volume_publish,
     kg_write_volume_publish},
    {KG_KIND_LINES_READ, &kopgroep__lines_read__descriptor, kg_read_lines_read,
     kg_write_lines_read},
};

const kg_body *kg_body_find(uint32_t kind)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (bodies[i].kind == kind)
            return &bodies[i];
    return NULL;
}

static bool is_the_brokers_own(uint32_t kind)
{
    return kind == KG_KIND_CATALOGUE || kind == KG_KIND_ROUND_START ||
           kind == KG_KIND_LOTS_EXPIRE || kind == KG_KIND_VOLUME_PUBLISH ||
           kind == KG_KIND_LINES_READ;
}

kg_status kg_codec_command_decode(uint32_t kind, const uint8_t *body, size_t count,
                                  const kg_catalogue *catalogue, kg_command *out,
                                  char detail[static 600])
{
    kg_reader in;
    const kg_body *known = kg_body_find(kind);
    kg_command_init(out, (kg_kind)kind);
    kg_reader_init(&in, &out->arena, catalogue, KG_PROTOBUF_BYTES_MAX, detail);
    if (!known || is_the_brokers_own(kind))
        kg_reader_fail(&in, KG_STATUS_UNKNOWN_KIND, "kind", "%u is not a command.", (unsigned)kind);
    else if (count > KG_BODY_BYTES_MAX)
        kg_reader_fail(&in, KG_STATUS_OVERSIZE, "body", "It has %zu bytes; at most %d are allowed.",
                       count, KG_BODY_BYTES_MAX);
    if (kind == KG_KIND_SUBMIT && kg_read_drafts(&in, body, count, out))
        return in.status;
    const void *message = known ? kg_reader_message(&in, known->type, body, count) : NULL;
    if (message)
        known->read(&in, message, out);
    if (kind == KG_KIND_SUBMIT && out->submit.count == 0) /* in an event that is as it should be */
        kg_reader_fail(&in, KG_STATUS_EMPTY, "lines", "%s", kg_status_text(KG_STATUS_EMPTY));
    return in.status;
}

void kg_codec_command_encode(const kg_command *command, const kg_catalogue *catalogue,
                             kg_buffer *out)
{
    kg_arena scratch;
    kg_arena_init(&scratch);
    kg_body_find(command->kind)->write(command, catalogue, &scratch, out);
    kg_arena_fini(&scratch);
}

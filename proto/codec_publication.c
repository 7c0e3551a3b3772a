/* SPDX-License-Identifier: EUPL-1.2 */
/* What a published version of the volume is made by. */
#include "proto/codec_pb.h"

#define ORGANISATIONS_MAX 1000000

static int read_int(kg_reader *in, const char *field, protobuf_c_boolean has, uint64_t value,
                    int least, int most)
{
    int64_t number = kg_reader_number(in, field, has, value, least, most, -1);
    if (number < 0)
        kg_reader_fail(in, KG_STATUS_MISSING, field, "It must be given.");
    return (int)number;
}

void kg_read_volume_publish(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__VolumePublish *m = message;
    kg_publication *rules = &out->publication;
    rules->organisations_min =
        read_int(in, KG_NUMBER(m, organisations_min), 1, ORGANISATIONS_MAX);
    rules->largest_percent = read_int(in, KG_NUMBER(m, largest_percent), 1, 100);
    rules->two_percent = read_int(in, KG_NUMBER(m, two_percent), 1, 100);
    rules->p_percent = read_int(in, KG_NUMBER(m, p_percent), 0, 100);
}

void kg_write_volume_publish(const kg_command *command, const kg_catalogue *catalogue,
                             kg_arena *scratch, kg_buffer *out)
{
    const kg_publication *rules = &command->publication;
    Kopgroep__VolumePublish m = KOPGROEP__VOLUME_PUBLISH__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT(&m, organisations_min, (uint32_t)rules->organisations_min);
    KG_PUT(&m, largest_percent, (uint32_t)rules->largest_percent);
    KG_PUT(&m, two_percent, (uint32_t)rules->two_percent);
    KG_PUT(&m, p_percent, (uint32_t)rules->p_percent);
    kg_pack(&m.base, out);
}

void kg_read_lines_read(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__LinesRead *m = message;
    if (!m->has_round && !m->has_lot)
        kg_reader_fail(in, KG_STATUS_MISSING, "round", "It, or a lot, must be given.");
    out->round = kg_reader_text(in, KG_FIELD(m, round), KG_ID_BYTES_MAX);
    out->lot = kg_reader_text(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
}

void kg_write_lines_read(const kg_command *command, const kg_catalogue *catalogue,
                         kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__LinesRead m = KOPGROEP__LINES_READ__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, round, command->round);
    KG_PUT_TEXT(&m, lot, command->lot);
    kg_pack(&m.base, out);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_pb.h"
#include "proto/offer.h"

static void read_offer(kg_reader *in, const Kopgroep__Offer *m, kg_offer *out)
{
    const int64_t most = KG_OFFER_CENTS_MAX;
    out->supplier = kg_reader_needed(in, KG_FIELD(m, supplier), KG_TITLE_BYTES_MAX);
    out->unit_price_cents = kg_reader_number(in, KG_NUMBER(m, unit_price_cents), 0, most, -1);
    out->installation_cents = kg_reader_number(in, KG_NUMBER(m, installation_cents), 0, most, 0);
    out->energy_hundredths =
        kg_reader_number(in, KG_NUMBER(m, energy_hundredths), 0, KG_OFFER_ENERGY_MAX, 0);
    out->service_cents = kg_reader_number(in, KG_NUMBER(m, service_cents), 0, most, 0);
    out->lifetime_years =
        kg_reader_number(in, KG_NUMBER(m, lifetime_years), 1, KG_OFFER_YEARS_MAX, 0);
    out->residual_cents = kg_reader_number(in, KG_NUMBER(m, residual_cents), 0, most, 0);
    out->take_back_cents = kg_reader_number(in, KG_NUMBER(m, take_back_cents), 0, most, 0);
    kg_read_level_texts(in, m->levels, m->n_levels, &out->levels, &out->levels_count);
    kg_reader_texts(in, KG_FIELDS(m, labels), KG_OFFER_LABELS_MAX, KG_TITLE_BYTES_MAX,
                    &out->labels);
}

void kg_read_lot_offers(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__LotOffers *m = message;
    out->lot = kg_reader_needed(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    if (m->n_offers > KG_OFFERS_MAX)
        kg_reader_fail(in, KG_STATUS_OVERSIZE, "offers", "At most %d are allowed.", KG_OFFERS_MAX);
    if (m->n_offers == 0 || !kg_reader_good(in))
        return;
    out->offers = kg_arena_alloc(in->arena, m->n_offers * sizeof *out->offers);
    out->offers_count = m->n_offers;
    for (size_t i = 0; i < m->n_offers && kg_reader_good(in); i++)
        read_offer(in, m->offers[i], &out->offers[i]);
}

static Kopgroep__Offer *write_offer(const kg_offer *offer, kg_arena *scratch)
{
    Kopgroep__Offer *m = kg_arena_alloc(scratch, sizeof *m);
    kopgroep__offer__init(m);
    KG_PUT_TEXT(m, supplier, offer->supplier);
    KG_PUT_GIVEN(m, unit_price_cents, offer->unit_price_cents);
    KG_PUT_GIVEN(m, installation_cents, offer->installation_cents);
    KG_PUT_GIVEN(m, energy_hundredths, offer->energy_hundredths);
    KG_PUT_GIVEN(m, service_cents, offer->service_cents);
    m->has_lifetime_years = offer->lifetime_years > 0;
    m->lifetime_years = (uint64_t)offer->lifetime_years;
    KG_PUT_GIVEN(m, residual_cents, offer->residual_cents);
    KG_PUT_GIVEN(m, take_back_cents, offer->take_back_cents);
    m->n_levels = offer->levels_count;
    m->levels = kg_write_level_texts(offer->levels, offer->levels_count, scratch);
    KG_PUT_TEXTS(m, labels, scratch, &offer->labels);
    return m;
}

void kg_write_lot_offers(const kg_command *command, const kg_catalogue *catalogue,
                         kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__LotOffers m = KOPGROEP__LOT_OFFERS__INIT;
    (void)catalogue;
    KG_PUT_TEXT(&m, lot, command->lot);
    m.n_offers = command->offers_count;
    m.offers = kg_arena_alloc(scratch, (command->offers_count + 1) * sizeof *m.offers);
    for (size_t i = 0; i < command->offers_count; i++)
        m.offers[i] = write_offer(&command->offers[i], scratch);
    kg_pack(&m.base, out);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/write.h"

static void write_int128(kg_int128 value, kg_sink sink)
{
    kg_sink_u64(sink, (uint64_t)(value >> 64));
    kg_sink_u64(sink, (uint64_t)value);
}

static void write_outcome(const kg_outcome *outcome, kg_sink sink)
{
    const kg_score *score = &outcome->score;
    kg_sink_u32(sink, (uint32_t)outcome->lots_count);
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &outcome->lots[i];
        kg_write_shape(lot, sink);
        kg_write_indices(outcome->members + lot->members_first, lot->members_count, sink);
        kg_write_curve(outcome->curve + lot->curve_first, lot->curve_count, sink);
    }
    kg_sink_u32(sink, (uint32_t)outcome->unplaced_count);
    for (size_t i = 0; i < outcome->unplaced_count; i++)
        kg_write_unplaced(&outcome->unplaced[i], sink);
    kg_sink_u64(sink, score->lines);
    kg_sink_u64(sink, score->placed);
    kg_sink_u64(sink, score->binding);
    kg_sink_u64(sink, score->bodies);
    kg_sink_u64(sink, score->lots);
    write_int128(score->ambition_value, sink);
    write_int128(score->value, sink);
}

static void write_claim(const kg_claim *claim, const kg_catalogue *catalogue, kg_sink sink)
{
    kg_plan_line_write(&claim->line, catalogue, sink);
    kg_sink_u32(sink, claim->pool_line);
    kg_sink_u32(sink, claim->lot);
    kg_sink_u8(sink, (uint8_t)claim->answer);
    kg_sink_u8(sink, claim->answer_by_silence);
    kg_sink_u8(sink, claim->moved);
    kg_write_unplaced(&claim->why, sink);
}

/* kg_round_write() leaves out what grouping does not ask. */
static void write_rules(const kg_round *rules, const kg_catalogue *catalogue, kg_sink sink)
{
    kg_round_write(rules, catalogue, sink);
    for (int i = 0; i < KG_NAMES; i++)
        kg_sink_text(sink, rules->titles[i] ? rules->titles[i] : "");
    kg_sink_i64(sink, rules->opens);
    kg_sink_i64(sink, rules->closes);
    kg_sink_i64(sink, rules->confirm_by);
    kg_sink_i64(sink, rules->reconfirm_by);
}

static void write_reads(const kg_campaign *campaign, kg_sink sink)
{
    kg_sink_i64(sink, campaign->read_day);
    kg_sink_u32(sink, (uint32_t)campaign->bodies_count);
    for (size_t i = 0; i < campaign->bodies_count; i++) {
        kg_sink_u32(sink, campaign->bodies[i].reads);
        kg_sink_i64(sink, campaign->bodies[i].read_ms);
    }
}

void kg_write_campaigns(const kg_state *state, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)state->campaigns_count);
    for (size_t i = 0; i < state->campaigns_count; i++) {
        const kg_campaign *campaign = state->campaigns[i];
        write_rules(&campaign->rules, state->catalogue, sink);
        kg_sink_text(sink, campaign->coordinator);
        kg_sink_u8(sink, (uint8_t)campaign->state);
        kg_sink_u8(sink, campaign->reconfirming);
        kg_sink_u64(sink, campaign->changed);
        kg_sink_text(sink, campaign->reason);
        kg_sink_text(sink, campaign->ruleset);
        kg_sink_text(sink, campaign->input_digest);
        kg_sink_u32(sink, (uint32_t)campaign->claims_count);
        for (size_t k = 0; k < campaign->claims_count; k++)
            write_claim(&campaign->claims[k], state->catalogue, sink);
        write_reads(campaign, sink);
        kg_write_indices(campaign->lots, campaign->lots_count, sink);
        kg_sink_u8(sink, campaign->proposed != NULL);
        if (campaign->proposed)
            write_outcome(campaign->proposed, sink);
    }
}

static void write_award(const kg_lot *lot, kg_sink sink)
{
    kg_sink_u8(sink, lot->awarded);
    kg_sink_text(sink, lot->award.supplier);
    kg_sink_text(sink, lot->award.evidence);
    kg_sink_i64(sink, lot->award.unit_price_cents);
    kg_write_levels(&lot->award.delivered, sink);
    kg_sink_i64(sink, lot->award.time_ms);
    kg_sink_u32(sink, (uint32_t)lot->call_offs_count);
    for (size_t i = 0; i < lot->call_offs_count; i++) {
        kg_sink_text(sink, lot->call_offs[i].organisation);
        kg_sink_i64(sink, lot->call_offs[i].quantity);
        kg_sink_i64(sink, lot->call_offs[i].value_cents);
        kg_sink_i64(sink, lot->call_offs[i].time_ms);
    }
    kg_sink_i64(sink, lot->called_off_quantity);
    kg_sink_i64(sink, lot->called_off_value_cents);
}

/* Nothing for a lot without offers, so that a state that never had any has the hash it had. */
static void write_offers(const kg_lot *lot, kg_sink sink)
{
    for (size_t i = 0; i < lot->offers_count; i++) {
        const kg_lot_offer *own = &lot->offers[i];
        kg_sink_text(sink, own->supplier);
        kg_sink_text(sink, own->levels);
        kg_sink_text(sink, own->labels);
        kg_sink_i64(sink, own->offer.unit_price_cents);
        kg_sink_i64(sink, own->offer.installation_cents);
        kg_sink_i64(sink, own->offer.energy_hundredths);
        kg_sink_i64(sink, own->offer.service_cents);
        kg_sink_i64(sink, own->offer.lifetime_years);
        kg_sink_i64(sink, own->offer.residual_cents);
        kg_sink_i64(sink, own->offer.take_back_cents);
    }
}

void kg_write_lots(const kg_state *state, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)state->lots_count);
    for (size_t i = 0; i < state->lots_count; i++) {
        const kg_lot *lot = state->lots[i];
        kg_sink_text(sink, lot->id);
        kg_sink_u32(sink, lot->campaign);
        kg_sink_u8(sink, (uint8_t)lot->state);
        kg_sink_u8(sink, lot->counted);
        kg_sink_u32(sink, lot->tender);
        kg_sink_text(sink, lot->reason);
        kg_write_shape(&lot->shape, sink);
        kg_write_indices(lot->members, lot->members_count, sink);
        kg_write_curve(lot->curve, lot->curve_count, sink);
        kg_sink_i64(sink, lot->read_day);
        write_award(lot, sink);
        write_offers(lot, sink);
    }
}

void kg_write_tenders(const kg_state *state, kg_sink sink)
{
    kg_sink_u32(sink, (uint32_t)state->tenders_count);
    for (size_t i = 0; i < state->tenders_count; i++) {
        const kg_tender *tender = state->tenders[i];
        kg_sink_text(sink, tender->id);
        kg_sink_text(sink, tender->title);
        kg_sink_text(sink, tender->lead);
        kg_sink_u32(sink, tender->campaign);
        kg_write_indices(tender->lots, tender->lots_count, sink);
        kg_sink_i64(sink, tender->launched_ms);
        kg_sink_i64(sink, tender->launched);
    }
}

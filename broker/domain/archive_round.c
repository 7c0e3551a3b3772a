/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/archive_state.h"

static void archive_rules(const kg_archive *archive, kg_round *rules)
{
    for (int i = 0; i < KG_NAMES; i++)
        rules->titles[i] = kg_archive_text(archive, rules->titles[i]);
    rules->categories = kg_archive_array(archive, rules->categories, rules->categories_count,
                                         rules->categories_count, sizeof *rules->categories);
    rules->cpv = kg_archive_array(archive, rules->cpv, rules->cpv_count, rules->cpv_count,
                                  sizeof *rules->cpv);
    rules->nuts = kg_archive_array(archive, rules->nuts, rules->nuts_count, rules->nuts_count,
                                   sizeof *rules->nuts);
}

static kg_outcome *archive_outcome(const kg_archive *archive, kg_outcome *outcome)
{
    size_t count = outcome != NULL;
    KG_ARCHIVE(archive, count);
    kg_outcome *own = kg_archive_array(archive, outcome, count, count, sizeof *outcome);
    if (!own)
        return NULL;
    own->lots =
        kg_archive_array(archive, own->lots, own->lots_count, own->lots_count, sizeof *own->lots);
    own->members = kg_archive_array(archive, own->members, own->members_count, own->members_count,
                                    sizeof *own->members);
    own->unplaced = kg_archive_array(archive, own->unplaced, own->unplaced_count,
                                     own->unplaced_count, sizeof *own->unplaced);
    own->curve = kg_archive_array(archive, own->curve, own->curve_count, own->curve_count,
                                  sizeof *own->curve);
    return own;
}

/* Lines of claims name the texts of the pool: the present title mostly, else one that the line had
 * when it was claimed. */
static void archive_claim(const kg_archive *archive, kg_state *state, kg_claim *claim)
{
    kg_dictionary *dictionary = &state->pool.dictionary;
    const kg_lines *lines = &state->pool.lines;
    const char *present = kg_dictionary_text(dictionary, lines->title[claim->pool_line]);
    bool other = !archive->reading && strcmp(claim->line.title, present) != 0;
    KG_ARCHIVE(archive, other);
    if (archive->reading) {
        claim->line.organisation = state->members[lines->member[claim->pool_line]]->id;
        claim->line.line = kg_pool_key(state, claim->pool_line);
    }
    if (other)
        claim->line.title = kg_archive_text_in(archive, claim->line.title, &state->texts);
    else
        claim->line.title = present;
}

static kg_campaign *archive_campaign(const kg_archive *archive, kg_state *state,
                                     kg_campaign *campaign)
{
    kg_campaign *own = kg_archive_array(archive, campaign, 1, 1, sizeof *campaign);
    archive_rules(archive, &own->rules);
    own->claims = kg_archive_array(archive, own->claims, own->claims_count, own->claims_count,
                                   sizeof *own->claims);
    for (size_t i = 0; i < own->claims_count; i++)
        archive_claim(archive, state, &own->claims[i]);
    own->bodies = kg_archive_array(archive, own->bodies, own->bodies_count, own->bodies_count,
                                   sizeof *own->bodies);
    own->proposed = archive_outcome(archive, own->proposed);
    own->lots =
        kg_archive_array(archive, own->lots, own->lots_count, own->lots_count, sizeof *own->lots);
    own->reason = kg_archive_text(archive, own->reason);
    return own;
}

void kg_archive_campaigns(const kg_archive *archive, kg_state *state)
{
    size_t count = state->campaigns_count;
    KG_ARCHIVE(archive, count);
    for (size_t i = 0; i < count; i++) {
        kg_campaign *from = archive->reading ? NULL : state->campaigns[i];
        kg_campaign *campaign = archive_campaign(archive, state, from);
        if (archive->reading)
            kg_state_add_campaign(state, campaign);
    }
}

static kg_lot *archive_lot(const kg_archive *archive, kg_lot *lot)
{
    kg_lot *own = kg_archive_array(archive, lot, 1, 1, sizeof *lot);
    own->members = kg_archive_array(archive, own->members, own->members_count, own->members_count,
                                    sizeof *own->members);
    own->curve = kg_archive_array(archive, own->curve, own->curve_count, own->curve_count,
                                  sizeof *own->curve);
    own->reason = kg_archive_text(archive, own->reason);
    own->award.supplier = kg_archive_text(archive, own->award.supplier);
    own->award.evidence = kg_archive_text(archive, own->award.evidence);
    own->offers = kg_archive_array(archive, own->offers, own->offers_count, own->offers_count,
                                   sizeof *own->offers);
    for (size_t i = 0; i < own->offers_count; i++) {
        kg_lot_offer *offer = &own->offers[i];
        offer->supplier = kg_archive_text(archive, offer->supplier);
        offer->levels = kg_archive_text(archive, offer->levels);
        offer->labels = kg_archive_text(archive, offer->labels);
    }
    own->call_offs = kg_archive_array(archive, own->call_offs, own->call_offs_count,
                                      own->call_offs_capacity, sizeof *own->call_offs);
    return own;
}

void kg_archive_lots(const kg_archive *archive, kg_state *state)
{
    size_t count = state->lots_count;
    KG_ARCHIVE(archive, count);
    for (size_t i = 0; i < count; i++) {
        kg_lot *lot = archive_lot(archive, archive->reading ? NULL : state->lots[i]);
        if (archive->reading)
            kg_state_add_lot(state, lot);
    }
}

static kg_tender *archive_tender(const kg_archive *archive, kg_tender *tender)
{
    kg_tender *own = kg_archive_array(archive, tender, 1, 1, sizeof *tender);
    own->title = kg_archive_text(archive, own->title);
    own->lots =
        kg_archive_array(archive, own->lots, own->lots_count, own->lots_count, sizeof *own->lots);
    return own;
}

void kg_archive_tenders(const kg_archive *archive, kg_state *state)
{
    size_t count = state->tenders_count;
    KG_ARCHIVE(archive, count);
    for (size_t i = 0; i < count; i++) {
        kg_tender *tender = archive_tender(archive, archive->reading ? NULL : state->tenders[i]);
        if (archive->reading)
            kg_state_add_tender(state, tender);
    }
}

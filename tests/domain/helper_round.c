/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>

#include "helper_world.h"

kg_command round_command(const char *id)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_ROUND_OPEN);
    kg_round *rules = &command.round_rules;
    snprintf(rules->id, sizeof rules->id, "%s", id);
    rules->categories = kg_alloc(1, sizeof *rules->categories);
    rules->categories_count = 1;
    rules->nuts = kg_alloc(1, sizeof *rules->nuts);
    rules->nuts_count = 1;
    strcpy(rules->nuts[0].code, "BE");
    rules->delivery_from = day("2027-01-01");
    rules->delivery_to = day("2027-12-31");
    rules->opens = day("2026-11-01");
    rules->closes = day("2027-01-15");
    rules->confirm_by = day("2027-02-01");
    rules->reconfirm_by = day("2027-02-15");
    rules->award_by = day("2027-03-01");
    rules->bodies_min = 3;
    return command;
}

kg_command step_command(kg_kind kind, const char *round)
{
    kg_command command;
    kg_command_init(&command, kind);
    command.round = keep(&command, round);
    command.reason = keep(&command, "for a test");
    return command;
}

kg_command lot_command(kg_kind kind, const char *lot, const char *keys)
{
    kg_command command;
    kg_command_init(&command, kind);
    command.lot = keep(&command, lot);
    command.keys = words(&command, keys);
    command.reason = keep(&command, "for a test");
    return command;
}

kg_status world_step(world *w, kg_kind kind, const char *round)
{
    kg_command command = step_command(kind, round);
    return world_do(w, COORDINATOR, &command);
}

kg_status world_answer(world *w, const char *organisation, kg_kind kind, const char *lot,
                       const char *keys)
{
    kg_command command = lot_command(kind, lot, keys);
    return world_do(w, organisation, &command);
}

kg_command launch_command(const char *tender, const char *lots, const char *lead)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_TENDER_LAUNCH);
    command.tender = keep(&command, tender);
    command.title = keep(&command, "Laptops");
    command.lots = words(&command, lots);
    command.lead = keep(&command, lead);
    return command;
}

kg_command award_command(const char *lot)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_LOT_AWARD);
    command.lot = keep(&command, lot);
    command.award.supplier = keep(&command, "Supplier NV");
    command.award.unit_price_cents = 70000;
    command.award.evidence = keep(&command, "certificate");
    return command;
}

kg_command practice_command(const char *key, bool clause)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_PRACTICE_PUBLISH);
    const char **criteria = kg_arena_alloc(&command.arena, sizeof *criteria);
    criteria[0] = keep(&command, "warranty-years");
    command.practice = (kg_practice){.key = keep(&command, key),
                                     .clause = clause,
                                     .category = keep(&command, "laptop"),
                                     .criteria = {criteria, 1},
                                     .type = KG_CRITERION_CLAUSE};
    kg_practice_text *text = &command.practice.texts[KG_NAME_NL];
    text->title = keep(&command, "Vijf jaar waarborg");
    for (int i = 0; i < (clause ? KG_CLAUSE_PARTS : KG_FICHE_PARTS); i++)
        text->parts[i] = keep(&command, "Een zin.");
    return command;
}

kg_command retire_command(const char *key)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_PRACTICE_RETIRE);
    command.practice.key = keep(&command, key);
    return command;
}

kg_command offers_command(const char *lot)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_LOT_OFFERS);
    command.lot = keep(&command, lot);
    command.offers = kg_arena_alloc(&command.arena, 2 * sizeof *command.offers);
    command.offers_count = 2;
    command.offers[0] = (kg_offer){.supplier = keep(&command, "Cheap NV"),
                                   .unit_price_cents = 60000,
                                   .energy_hundredths = 5000,
                                   .lifetime_years = 3};
    command.offers[1] = (kg_offer){.supplier = keep(&command, "Lasting NV"),
                                   .unit_price_cents = 90000,
                                   .energy_hundredths = 3000,
                                   .lifetime_years = 6,
                                   .residual_cents = 6000};
    kg_level_text *level = kg_arena_alloc(&command.arena, sizeof *level);
    *level = (kg_level_text){"warranty-years", "5"};
    command.offers[1].levels = level;
    command.offers[1].levels_count = 1;
    return command;
}

void world_round(world *w, char until)
{
    kg_command open = round_command("R1");
    world_must(w, COORDINATOR, &open);
    if (until == 'o')
        return;
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CLOSE, "R1"));
    if (until == 'c')
        return;
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_PROPOSE, "R1"));
    if (until == 'p')
        return;
    assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CONFIRM, "R1"));
}

void world_cast_but(world *w, const char *organisation, const char *columns)
{
    static const struct {
        const char *id, *languages;
    } cast[] = {{"A", "nl"}, {"B", "nl"}, {"C", "nl fr"}, {"D", "nl fr"}, {"E", "fr"}, {"F", "fr"}};
    for (size_t i = 0; i < sizeof cast / sizeof cast[0]; i++) {
        char line[300];
        const char *id = cast[i].id;
        world_register(w, id, cast[i].languages, strchr("ACD", id[0]) != NULL);
        snprintf(line, sizeof line, "line=%c1%s%s", id[0] - 'A' + 'a',
                 strcmp(id, organisation) == 0 ? "|" : "",
                 strcmp(id, organisation) == 0 ? columns : "");
        world_plan(w, id, line);
    }
}

void world_cast(world *w)
{
    world_cast_but(w, "", "");
}

const kg_campaign *campaign_of(const world *w, const char *round)
{
    uint32_t index = kg_state_find_campaign(w->state, round);
    if (index == KG_NONE)
        fail_msg("there is no round %s", round);
    return kg_state_campaign(w->state, index);
}

const kg_lot *lot_of(const world *w, const char *id)
{
    uint32_t index = kg_state_find_lot(w->state, id);
    if (index == KG_NONE)
        fail_msg("there is no lot %s", id);
    return kg_state_lot(w->state, index);
}

static const kg_member *member_of(const world *w, const char *organisation)
{
    uint32_t index = kg_state_find_member(w->state, organisation);
    if (index == KG_NONE)
        fail_msg("%s is not registered", organisation);
    return kg_state_member(w->state, index);
}

kg_pool_line line_of(const world *w, const char *organisation, const char *key)
{
    uint32_t index =
        kg_state_find_line(w->state, kg_state_find_member(w->state, organisation), key);
    if (index == KG_NONE)
        fail_msg("%s has no line %s", organisation, key);
    return kg_pool_get(w->state, index);
}

const kg_claim *claim_of(const world *w, const char *organisation, const char *key)
{
    kg_pool_line line = line_of(w, organisation, key);
    if (line.last_round == KG_NONE)
        fail_msg("%s of %s was never claimed", key, organisation);
    return &kg_state_campaign(w->state, line.last_round)->claims[line.last_claim];
}

const char *lot_id_of(const world *w, const char *organisation, const char *key)
{
    uint32_t lot = claim_of(w, organisation, key)->lot;
    return lot == KG_NONE ? "" : kg_state_lot(w->state, lot)->id;
}

const kg_feed *feed_of(const world *w, const char *organisation)
{
    return &member_of(w, organisation)->feed;
}

size_t feed_count(const world *w, const char *organisation, kg_feed_kind kind)
{
    const kg_feed *feed = feed_of(w, organisation);
    size_t count = 0;
    for (size_t i = 0; i < feed->count; i++)
        count += feed->entries[i].kind == kind;
    return count;
}

const kg_feed_entry *feed_last(const world *w, const char *organisation, kg_feed_kind kind)
{
    const kg_feed *feed = feed_of(w, organisation);
    for (size_t i = feed->count; i > 0; i--)
        if (feed->entries[i - 1].kind == kind)
            return &feed->entries[i - 1];
    fail_msg("%s was told nothing of %s", organisation, kg_feed_kind_name(kind));
    return NULL;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "member_life.h"

#include <stdio.h>
#include <stdlib.h>

#include "broker/query/volume.h"
#include "member_told.h"

#define LAPTOP_CENTS 80000 /* the reference price of helper_world.h's catalogue */
#define PROBES 5           /* most amendments with which a member tries what comes of them */

/* ---- chance ---- */

static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t next(member_life *l)
{
    return mix(l->random += UINT64_C(0x9e3779b97f4a7c15));
}

static int between(member_life *l, int low, int high)
{
    return low + (int)(next(l) % (uint64_t)(high - low + 1));
}

static bool chance(member_life *l, int percent)
{
    return between(l, 1, 100) <= percent;
}

#define PICK(l, list) list[between(l, 0, (int)(sizeof(list) / sizeof((list)[0])) - 1)]

/* A twin may differ in what exists: each part of a life begins anew. */
static void begin_part(member_life *l, uint64_t part)
{
    l->random = mix(l->seed * 1000003 + part);
}

/* The same for the same thing, whatever was drawn before. */
static bool chance_of(const member_life *l, const char *what, const char *whose, int percent)
{
    uint64_t z = l->seed + l->rounds;
    for (const char *at = what; *at; at++)
        z = mix(z + (uint64_t)*at);
    for (const char *at = whose; *at; at++)
        z = mix(z * 31 + (uint64_t)*at);
    return (int)(z % 100) < percent;
}

/* ---- amounts ---- */

/* Mostly alike, some large, few huge; or all of them a few. */
static int64_t draw(member_life *l)
{
    int kind = between(l, 1, 100);
    if (l->small)
        return between(l, 1, kind <= 90 ? 6 : 40);
    if (!chance(l, l->rough) || kind <= 40)
        return between(l, 80, 140);
    if (kind <= 80)
        return between(l, 1, 600);
    return kind <= 95 ? between(l, 500, 4000) : between(l, 10000, 50000);
}

/* Chooses an amount: the one given, or in a twin another. */
static uint32_t choose(member_life *l, uint32_t body, bool value, int64_t amount)
{
    const size_t n = l->amounts_count;
    if (n < l->instead_count)
        amount = l->instead[n];
    l->amounts = kg_grow(l->amounts, n, &l->amounts_capacity, sizeof *l->amounts);
    l->amounts[l->amounts_count++] = (member_amount){body, value, amount};
    return (uint32_t)n;
}

int64_t member_figure(const member_life *l, uint32_t line, int figure)
{
    const member_term *term = &l->lines[line].figures[figure];
    return term->times * l->amounts[term->amount].truth;
}

/* The columns of a line's amounts, and what the attacker knows of them: whether a value or a
 * maximum was given, and else how the one follows from the other. */
static member_line write_amounts(member_life *l, uint32_t body, bool laptop, char *out,
                                 size_t size)
{
    const int64_t pieces = draw(l), euros = between(l, 300, 1500), more = draw(l);
    const bool own_value = !laptop || chance(l, 40), own_max = !own_value && chance(l, 25);
    member_line line = {.body = body};
    uint32_t quantity = choose(l, body, false, pieces);
    line.figures[MEMBER_QUANTITY] = (member_term){quantity, 1};
    line.figures[MEMBER_QUANTITY_MAX] = (member_term){quantity, 1};
    line.figures[MEMBER_VALUE] = (member_term){quantity, LAPTOP_CENTS};
    line.figures[MEMBER_VALUE_MAX] = (member_term){quantity, LAPTOP_CENTS};
    if (own_value) {
        uint32_t value = choose(l, body, true, pieces * euros * 100);
        line.figures[MEMBER_VALUE] = line.figures[MEMBER_VALUE_MAX] = (member_term){value, 1};
    }
    if (own_max) {
        uint32_t most = choose(l, body, false, pieces + more);
        line.figures[MEMBER_QUANTITY_MAX] = (member_term){most, 1};
        line.figures[MEMBER_VALUE_MAX] = (member_term){most, LAPTOP_CENTS};
    }
    if (chance(l, 15))
        line.figures[MEMBER_QUANTITY_MIN] = (member_term){quantity, 1};
    size_t at = (size_t)snprintf(out, size, "|quantity=%lld",
                                 (long long)l->amounts[quantity].truth);
    if (own_value) {
        long long value = (long long)l->amounts[line.figures[MEMBER_VALUE].amount].truth;
        at += (size_t)snprintf(out + at, size - at, "|value=%lld", value / 100);
    }
    if (own_max)
        at += (size_t)snprintf(
            out + at, size - at, "|quantity_max=%lld",
            (long long)l->amounts[line.figures[MEMBER_QUANTITY_MAX].amount].truth);
    if (line.figures[MEMBER_QUANTITY_MIN].times)
        snprintf(out + at, size - at, "|quantity_min=%lld",
                 (long long)l->amounts[quantity].truth);
    return line;
}

/* ---- plans ---- */

void member_name(uint32_t body, char out[static 8])
{
    snprintf(out, 8, "O%02u", body);
}

uint32_t member_holding(const member_life *l, uint32_t body)
{
    char id[8];
    member_name(body, id);
    return kg_holding_of(l->w.state, kg_state_find_member(l->w.state, id));
}

/* One line; what of it is no amount is the key's own, mostly, so that cells and lots recur. */
static void submit(member_life *l, uint32_t body, int key)
{
    static const char *const nuts[] = {"BE211", "BE211", "BE211", "BE212", "BE100"};
    static const char *const from[] = {"2027-03-01", "2027-03-01", "2027-04-15"};
    static const char *const levels[] = {"",
                                         "",
                                         "",
                                         "|criteria=warranty-years=3",
                                         "|accepts=warranty-years=3",
                                         "|criteria=warranty-years=5"};
    static const char *const commitment[] = {"indicative", "intended", "binding", "binding"};
    char text[600], amounts[200], id[8], name[8];
    const bool laptop = key > 0 || !chance(l, 60);
    const char *place = PICK(l, nuts), *begin = PICK(l, from), *level = PICK(l, levels);
    const char *sure = PICK(l, commitment), *track = chance(l, 20) ? "kopgroep" : "peloton";
    member_line line = write_amounts(l, body, laptop, amounts, sizeof amounts);
    member_name(body, id);
    snprintf(name, sizeof name, "k%d", key);
    snprintf(text, sizeof text,
             "line=%s|category=%s|nuts=%s|track=%s|commitment=%s|delivery_from=%s"
             "|delivery_to=2027-12-31%s%s",
             name, laptop ? "laptop" : "monitor", place, track, sure, begin, level, amounts);
    kg_status status = world_submit(&l->w, id, text);
    member_told_answer(l, body, status);
    if (status != KG_STATUS_OK)
        return; /* a round has claimed it */
    uint32_t member = kg_state_find_member(l->w.state, id);
    uint32_t place_in_pool = kg_state_find_line(l->w.state, member, name);
    assert_true(place_in_pool < MEMBER_POOL);
    l->lines = kg_grow(l->lines, l->lines_count, &l->lines_capacity, sizeof *l->lines);
    l->present[place_in_pool] = (uint32_t)l->lines_count;
    l->lines[l->lines_count++] = line;
}

static void plan(member_life *l, int times)
{
    while (times-- > 0) {
        const uint32_t body = (uint32_t)between(l, 0, MEMBER_BODIES - 1);
        const int key = between(l, 0, MEMBER_KEYS - 1);
        submit(l, body, key);
    }
}

static void withdraw(member_life *l)
{
    char id[8], key[8];
    const uint32_t body = (uint32_t)between(l, 2, MEMBER_BODIES - 1);
    member_name(body, id);
    snprintf(key, sizeof key, "k%d", between(l, 0, MEMBER_KEYS - 1));
    world_withdraw(&l->w, id, key);
}

static void register_bodies(member_life *l)
{
    char id[8];
    world_register(&l->w, MEMBER_READS, "nl", false);
    for (uint32_t body = 0; body < MEMBER_BODIES; body++) {
        kg_command command;
        member_name(body, id);
        kg_command_init(&command, KG_KIND_REGISTER);
        kg_organisation_fini(&command.record);
        record_init(&command.record, id, chance(l, 85) ? "nl" : "nl fr");
        command.record.can_lead = chance(l, 60);
        command.record.central = chance(l, 10);
        if (body > 4 && chance(l, 15))
            member_name((uint32_t)between(l, 2, 4), command.record.parent);
        world_must(&l->w, COORDINATOR, &command);
    }
}

/* ---- time ---- */

static void publish(member_life *l)
{
    kg_version_destroy(&l->version);
    l->version = kg_disclosure_pool_next(l->history, l->w.state, &l->rules, l->w.now.today);
    member_told_version(l);
    member_told_all(l);
}

static void go_to(member_life *l, kg_date date)
{
    if (date > l->w.now.today)
        l->w.now.today = date;
    l->w.now.time_ms = (int64_t)l->w.now.today * 86400000;
    world_due(&l->w);
    member_told_all(l);
}

/* ---- rounds ---- */

static void round_name(const member_life *l, char out[static 8])
{
    snprintf(out, 8, "R%zu", l->rounds);
}

static void open_round(member_life *l)
{
    char id[8];
    round_name(l, id);
    kg_command command = round_command(id);
    kg_round *rules = &command.round_rules;
    const kg_date today = l->w.now.today;
    const int usual = l->small ? 3 : 110;
    rules->opens = today;
    rules->closes = today + 5;
    rules->confirm_by = today + 10;
    rules->reconfirm_by = today + 15;
    rules->award_by = today + 30;
    rules->bodies_min = between(l, 3, 5);
    rules->nuts_level = chance(l, 30) ? 1 : 0;
    rules->quantity_min = chance(l, 30) ? between(l, 3, 12) * usual : 0;
    rules->value_min_cents =
        chance(l, 30) ? (int64_t)between(l, 3, 12) * usual * LAPTOP_CENTS : 0;
    /* Limits that lie close together would say what a lot comes to. */
    rules->value_max_cents =
        chance(l, 30) ? 2 * rules->value_min_cents +
                            (int64_t)between(l, 5, 20) * usual * LAPTOP_CENTS
                      : 0;
    if (chance(l, 50))
        rules->categories_count = 0;
    world_must(&l->w, COORDINATOR, &command);
}

/* The members that listen try what others' plans make of theirs. */
static void probe(member_life *l)
{
    for (int i = between(l, 0, PROBES); i > 0; i--) {
        const uint32_t body = (uint32_t)between(l, 0, 1);
        submit(l, body, between(l, 0, MEMBER_KEYS - 1));
        member_told_all(l);
    }
}

static void step(member_life *l, kg_kind kind)
{
    char id[8];
    round_name(l, id);
    kg_command command = step_command(kind, id);
    world_must(&l->w, COORDINATOR, &command);
    member_told_all(l);
}

static const kg_campaign *campaign(const member_life *l)
{
    return kg_state_campaign(l->w.state, (uint32_t)l->rounds);
}

static void note_claims(member_life *l)
{
    const kg_campaign *now = campaign(l);
    assert_true(now->claims_count <= MEMBER_CLAIMS);
    for (size_t i = 0; i < now->claims_count; i++)
        l->claimed[l->rounds][i] = l->present[now->claims[i].pool_line];
}

static void answer(member_life *l, const char *when)
{
    for (uint32_t body = 0; body < MEMBER_BODIES; body++) {
        char id[8];
        member_name(body, id);
        for (size_t i = 0; i < campaign(l)->lots_count; i++) {
            char of[KG_LOT_ID_BYTES_MAX + 16];
            const kg_lot *lot = kg_state_lot(l->w.state, campaign(l)->lots[i]);
            snprintf(of, sizeof of, "%s%s%s", when, id, lot->id);
            const kg_kind kind =
                chance_of(l, "yes", of, 80) ? KG_KIND_LOT_CONFIRM : KG_KIND_LOT_DECLINE;
            if (lot->state == KG_LOT_CONFIRMING && chance_of(l, "answers", of, 90))
                member_told_answer(l, body, world_answer(&l->w, id, kind, lot->id, ""));
        }
        if (body % 4 == 0)
            member_told_all(l);
    }
}

/* Some lots fail after all, some are launched, and of those some awarded and called off. */
static void use_lots(member_life *l)
{
    for (size_t i = 0; i < campaign(l)->lots_count; i++) {
        const kg_lot *lot = kg_state_lot(l->w.state, campaign(l)->lots[i]);
        char tender[24];
        if (lot->state != KG_LOT_CONFIRMED)
            continue;
        const char *lead = campaign(l)->claims[lot->members[0]].line.organisation;
        kg_command command = lot_command(KG_KIND_LOT_FAIL, lot->id, "");
        if (chance_of(l, "fails", lot->id, 30)) {
            world_must(&l->w, COORDINATOR, &command);
            continue;
        }
        kg_command_fini(&command);
        if (!l->launches || !chance_of(l, "launched", lot->id, 50))
            continue;
        snprintf(tender, sizeof tender, "T%zu", l->launched);
        command = launch_command(tender, lot->id, lead);
        if (world_do(&l->w, COORDINATOR, &command) != KG_STATUS_OK)
            continue; /* its first member cannot lead */
        l->launched++;
        member_told_all(l);
        command = award_command(lot->id);
        if (chance_of(l, "awarded", lot->id, 50))
            world_do(&l->w, COORDINATOR, &command);
        else
            kg_command_fini(&command);
    }
    member_told_all(l);
}

static void live_round(member_life *l, uint64_t part)
{
    begin_part(l, part + 1);
    open_round(l);
    plan(l, between(l, 0, 6));
    member_told_all(l);
    begin_part(l, part + 2);
    probe(l);
    step(l, KG_KIND_ROUND_CLOSE);
    note_claims(l);
    step(l, KG_KIND_ROUND_PROPOSE);
    step(l, KG_KIND_ROUND_CONFIRM);
    const kg_round dates = campaign(l)->rules;
    answer(l, "first");
    go_to(l, dates.confirm_by + 1);
    publish(l);
    if (campaign(l)->state == KG_ROUND_CONFIRMING) {
        answer(l, "again");
        go_to(l, dates.reconfirm_by + 1);
    }
    use_lots(l);
    publish(l);
    go_to(l, dates.award_by + 1);
    publish(l);
    l->lots_seen += campaign(l)->lots_count;
    l->rounds++;
}

/* ---- a life ---- */

void member_life_init(member_life *l, uint64_t seed)
{
    memset(l, 0, sizeof *l);
    world_init(&l->w);
    l->w.look_every = 1000000;
    l->seed = seed;
    l->rules = (kg_disclosure_rules){5, 60, 80, 15};
    l->history = kg_disclosure_history_new();
    for (int ear = 0; ear < MEMBER_EARS; ear++)
        kg_buffer_init(&l->told[ear]);
}

void member_life_live(member_life *l)
{
    begin_part(l, 0);
    l->rough = between(l, 0, 60);
    l->small = chance(l, 15);
    l->launches = chance(l, 50);
    register_bodies(l);
    plan(l, between(l, 15, 70));
    publish(l);
    const int rounds = between(l, 1, MEMBER_ROUNDS - 1);
    for (int i = 0; i < rounds; i++) {
        live_round(l, (uint64_t)i * 10 + 10);
        begin_part(l, (uint64_t)i * 10 + 13);
        plan(l, between(l, 0, 25));
        for (int k = between(l, 0, 4); k > 0; k--)
            withdraw(l);
        go_to(l, l->w.now.today + 7);
        publish(l);
    }
}

void member_life_fini(member_life *l)
{
    for (size_t i = 0; i < l->facts_count; i++)
        free(l->facts[i].lines);
    free(l->facts);
    free(l->amounts);
    free(l->lines);
    for (int ear = 0; ear < MEMBER_EARS; ear++)
        kg_buffer_fini(&l->told[ear]);
    kg_disclosure_history_destroy(&l->history);
    kg_version_destroy(&l->version);
    world_fini(&l->w);
}

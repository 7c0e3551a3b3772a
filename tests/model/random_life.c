/* SPDX-License-Identifier: EUPL-1.2 */
#include "random_life.h"

#include <stdio.h>

#include "proto/codec.h"

#define BODIES 14
#define KEYS 12
#define ROUNDS_MAX 100

static uint64_t next(life *l)
{
    uint64_t z = l->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int between(life *l, int low, int high)
{
    return low + (int)(next(l) % (uint64_t)(high - low + 1));
}

static bool chance(life *l, int percent)
{
    return between(l, 1, 100) <= percent;
}

#define PICK(l, list) list[between(l, 0, (int)(sizeof(list) / sizeof((list)[0])) - 1)]

static const char *body(life *l, char out[static 8])
{
    snprintf(out, 8, "O%02d", between(l, 1, BODIES));
    return out;
}

/* Over the wire and back, then to the state; the command is empty afterwards. */
static bool send(life *l, const char *actor, kg_command *command)
{
    kg_buffer bytes;
    kg_command received;
    char detail[600];
    const kg_catalogue *catalogue = kg_state_catalogue(l->w->state);
    kg_kind kind = command->kind;
    kg_buffer_init(&bytes);
    kg_codec_command_encode(command, catalogue, &bytes);
    if (l->sent)
        l->sent(l->context, actor, kind, &bytes);
    if (l->take) {
        l->take(l->context, actor, kind, &bytes);
        kg_command_fini(command);
        kg_buffer_fini(&bytes);
        return true;
    }
    kg_status status = kg_codec_command_decode(kind, (const uint8_t *)bytes.bytes, bytes.count,
                                               catalogue, &received, detail);
    if (status == KG_STATUS_OK)
        status = world_do(l->w, actor, &received);
    else
        kg_command_fini(&received);
    kg_command_fini(command);
    kg_buffer_fini(&bytes);
    (status == KG_STATUS_OK ? l->taken : l->refused)[kind]++;
    return status == KG_STATUS_OK;
}

static void register_body(life *l, const char *id)
{
    static const char *const languages[] = {"nl", "nl", "fr", "nl fr", "fr de", "de nl"};
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    record_init(&command.record, id, PICK(l, languages));
    command.record.can_lead = chance(l, 60);
    command.record.central = chance(l, 20);
    if (l->steps > 0 && chance(l, 20))
        body(l, command.record.parent);
    command.has_key = chance(l, 60);
    snprintf((char *)command.key.sign, KG_KEY_BYTES, "s%s%d", id, between(l, 1, 2));
    snprintf((char *)command.key.transport, KG_KEY_BYTES, "t%s%d", id, between(l, 1, 2));
    command.key.roles = (uint32_t)between(l, 1, 15);
    send(l, COORDINATOR, &command);
}

/* Adds a key, or revokes one; some were there before, or never were. */
static void change_key(life *l)
{
    char id[8], other[8];
    kg_command command;
    body(l, id);
    kg_command_init(&command, chance(l, 60) ? KG_KIND_KEY_ADD : KG_KIND_KEY_REVOKE);
    int number = between(l, 1, 5);
    snprintf((char *)command.key.sign, KG_KEY_BYTES, "s%s%d", id, number);
    snprintf((char *)command.key.transport, KG_KEY_BYTES, "t%s%d", id, number);
    command.key.roles = chance(l, 60) ? KG_ROLE_ORGANISATION : (uint32_t)between(l, 1, 15);
    command.has_key = command.kind == KG_KIND_KEY_ADD;
    if (command.kind == KG_KIND_KEY_REVOKE && chance(l, 50))
        command.organisation = keep(&command, body(l, other));
    command.reason = chance(l, 30) ? "lost" : NULL;
    l->w->roles = chance(l, 30) ? KG_ROLE_ADMINISTRATOR : 0;
    send(l, id, &command);
    l->w->roles = 0;
}

/* Decided by the broker for the coordinator that asked: never over the wire. */
static void read_lines(life *l)
{
    if (l->take) {
        l->take(l->context, COORDINATOR, KG_KIND_LINES_READ, NULL);
        return;
    }
    kg_command command;
    const kg_state *state = l->w->state;
    uint32_t lots = (uint32_t)kg_state_lots(state), rounds = (uint32_t)kg_state_campaigns(state);
    kg_command_init(&command, KG_KIND_LINES_READ);
    if (lots > 0 && chance(l, 60))
        command.lot = kg_state_lot(state, (uint32_t)between(l, 0, (int)lots - 1))->id;
    else if (rounds > 0)
        command.round =
            kg_state_campaign(state, (uint32_t)between(l, 0, (int)rounds - 1))->rules.id;
    kg_status status = world_do(l->w, COORDINATOR, &command);
    (status == KG_STATUS_OK ? l->taken : l->refused)[KG_KIND_LINES_READ]++;
}

static void write_line(life *l, char *out, size_t size, int key)
{
    static const char *const criteria[] = {"",
                                           "",
                                           "|criteria=warranty-years=2",
                                           "|criteria=warranty-years=3",
                                           "|criteria=warranty-years=5",
                                           "|accepts=warranty-years=3"};
    static const char *const nuts[] = {"BE211", "BE211", "BE100", "BE", "FR101"};
    static const char *const quantities[] = {"5", "10", "20"};
    static const char *const commitment[] = {"indicative", "intended", "binding", "binding"};
    /* One draw after the other: compilers differ in the order of a call's arguments. */
    const char *category = chance(l, 25) ? "monitor" : "laptop", *place = PICK(l, nuts);
    const char *quantity = chance(l, 85) ? PICK(l, quantities) : "";
    const char *track = chance(l, 25) ? "kopgroep" : "peloton", *sure = PICK(l, commitment);
    const char *condition = chance(l, 85) ? "new" : "either", *levels = PICK(l, criteria);
    const char *order_by = chance(l, 10) ? "|order_by=2028-01-01" : "";
    const char *languages = chance(l, 20) ? "|languages=nl fr" : "";
    int value = between(l, 1, 90) * 1000;
    snprintf(out, size,
             "line=k%d|quantity=%s|value=%d|category=%s|nuts=%s|track=%s|commitment=%s"
             "|condition=%s%s%s%s\n",
             key, quantity, value, category, place, track, sure, condition, levels, order_by,
             languages);
}

/* By the titles one sees whose lines an answer shows. */
static void entitle(kg_command *command, const char *organisation)
{
    char title[40];
    snprintf(title, sizeof title, TITLE_OF "%s", organisation);
    for (size_t i = 0; i < command->submit.count; i++)
        command->submit.drafts[i].text[KG_COLUMN_TITLE] = keep(command, title);
}

static void submit(life *l)
{
    char id[8], lines[2000] = "";
    int first = between(l, 0, KEYS - 1), count = between(l, 1, 3);
    for (int i = 0; i < count && first + i < KEYS; i++)
        write_line(l, lines + strlen(lines), sizeof lines - strlen(lines), first + i);
    kg_command command = submit_command(lines);
    entitle(&command, body(l, id));
    if (chance(l, 15)) { /* a part; the next one may never come, or not fit */
        memset(command.submit.plan_id, between(l, 1, 2), sizeof command.submit.plan_id);
        command.submit.parts = 2;
        command.submit.part = (uint32_t)between(l, 1, 2);
        snprintf(id, sizeof id, "O%02d", between(l, 1, 2));
        entitle(&command, id);
        uint32_t parts = command.submit.part;
        if (send(l, id, &command) && parts == 2)
            l->partial++;
        return;
    }
    send(l, id, &command);
}

static void withdraw(life *l)
{
    char id[8], keys[20];
    kg_command command;
    int key = between(l, 0, KEYS - 2);
    snprintf(keys, sizeof keys, chance(l, 50) ? "k%d" : "k%d k11", key);
    kg_command_init(&command, KG_KIND_WITHDRAW);
    command.keys = words(&command, keys);
    send(l, body(l, id), &command);
}

static int running(const life *l)
{
    int count = 0;
    for (uint32_t i = 0; i < kg_state_campaigns(l->w->state); i++)
        count += kg_state_campaign(l->w->state, i)->state < KG_ROUND_CONCLUDED;
    return count;
}

static void open_round(life *l)
{
    char id[16];
    if (l->rounds == ROUNDS_MAX || running(l) > 1 + chance(l, 20))
        return;
    snprintf(id, sizeof id, "R%02zu", l->rounds);
    kg_command command = round_command(id);
    kg_round *rules = &command.round_rules;
    kg_date today = l->w->now.today;
    rules->opens = today + between(l, -2, 3);
    rules->closes = today + between(l, 3, 8);
    rules->confirm_by = rules->closes + between(l, 1, 8);
    rules->reconfirm_by = rules->confirm_by + between(l, 0, 5);
    rules->award_by = rules->reconfirm_by + between(l, 0, 8);
    rules->bodies_min = between(l, 3, 4);
    rules->value_min_cents = chance(l, 30) ? 10000000 : 0;
    rules->value_max_cents = chance(l, 40) ? 25000000 : 0;
    rules->quantity_min = chance(l, 20) ? 20 : 0;
    rules->nuts_level = chance(l, 30) ? 1 : 0;
    rules->delivery_to = day("2028-12-31");
    if (chance(l, 50))
        rules->categories_count = 0;
    if (send(l, COORDINATOR, &command))
        l->rounds++;
}

/* A recent round more often than an old one. */
static const char *round_id(life *l, char out[static 16])
{
    size_t from = l->rounds > 2 && chance(l, 90) ? l->rounds - 2 : 0;
    snprintf(out, 16, "R%02zu", from + next(l) % (l->rounds - from + 1));
    return out;
}

/* What its coordinator would do next, mostly. */
static kg_kind next_step(life *l, const char *id)
{
    static const kg_kind steps[] = {KG_KIND_ROUND_CLOSE,   KG_KIND_ROUND_PROPOSE,
                                    KG_KIND_ROUND_CONFIRM, KG_KIND_ROUND_CONCLUDE,
                                    KG_KIND_ROUND_EXTEND,  KG_KIND_ROUND_EXTEND};
    uint32_t index = kg_state_find_campaign(l->w->state, id);
    if (index == KG_NONE || chance(l, 30))
        return chance(l, 5) ? KG_KIND_ROUND_CANCEL : PICK(l, steps);
    switch (kg_state_campaign(l->w->state, index)->state) {
    case KG_ROUND_OPEN:
        return chance(l, 20) ? KG_KIND_ROUND_CLOSE : KG_KIND_ROUND_EXTEND;
    case KG_ROUND_CLOSED:
        return KG_KIND_ROUND_PROPOSE;
    case KG_ROUND_PROPOSED:
        return KG_KIND_ROUND_CONFIRM;
    case KG_ROUND_CONFIRMING:
        return KG_KIND_ROUND_CONCLUDE;
    default:
        return KG_KIND_ROUND_EXTEND;
    }
}

static void step_round(life *l)
{
    char id[16];
    round_id(l, id);
    kg_command command = step_command(next_step(l, id), id);
    if (command.kind == KG_KIND_ROUND_EXTEND) {
        kg_date *dates[] = {&command.dates.closes, &command.dates.confirm_by,
                            &command.dates.reconfirm_by, &command.dates.award_by};
        for (int i = 0; i < 2; i++) {
            kg_date *date = PICK(l, dates);
            *date = l->w->now.today + between(l, 0, 20);
        }
    }
    send(l, chance(l, 95) ? COORDINATOR : "O01", &command);
}

/* A lot in this state, or any; NULL when there is none. */
static const kg_lot *pick_lot(life *l, kg_lot_state state)
{
    size_t count = kg_state_lots(l->w->state);
    for (size_t i = 0; i < 30 && count > 0; i++) {
        size_t from = count > 12 && chance(l, 80) ? count - 12 : 0;
        const kg_lot *lot = kg_state_lot(l->w->state, (uint32_t)(from + next(l) % (count - from)));
        if (lot->state == state || (i == 29 && chance(l, 30)))
            return lot;
    }
    return NULL;
}

/* A member of the lot, mostly. */
static const char *pick_member(life *l, const kg_lot *lot, char out[static 8])
{
    if (lot->members_count == 0 || chance(l, 5))
        return body(l, out);
    const kg_campaign *campaign = kg_state_campaign(l->w->state, lot->campaign);
    uint32_t place = lot->members[next(l) % lot->members_count];
    snprintf(out, 8, "%s", campaign->claims[place].line.organisation);
    return out;
}

static void answer(life *l)
{
    char id[8], key[8] = "";
    const kg_lot *lot = pick_lot(l, KG_LOT_CONFIRMING);
    if (!lot)
        return;
    if (chance(l, 15))
        snprintf(key, sizeof key, "k%d", between(l, 0, KEYS - 1));
    kg_command command =
        lot_command(chance(l, 70) ? KG_KIND_LOT_CONFIRM : KG_KIND_LOT_DECLINE, lot->id, key);
    send(l, pick_member(l, lot, id), &command);
}

static void launch(life *l)
{
    char tender[16], id[8];
    const kg_lot *lot = pick_lot(l, KG_LOT_CONFIRMED), *other = pick_lot(l, KG_LOT_CONFIRMED);
    if (!lot)
        return;
    char lots[2 * KG_LOT_ID_BYTES_MAX + 2];
    bool two = other && other != lot && chance(l, 40);
    snprintf(lots, sizeof lots, two ? "%s %s" : "%s", lot->id, two ? other->id : "");
    snprintf(tender, sizeof tender, "T%zu", l->tenders);
    kg_command command = launch_command(tender, lots, pick_member(l, lot, id));
    l->tenders += send(l, COORDINATOR, &command);
}

static void award(life *l)
{
    const kg_lot *lot = pick_lot(l, KG_LOT_LAUNCHED);
    if (!lot)
        return;
    if (chance(l, 30)) {
        kg_command offers = offers_command(lot->id);
        send(l, COORDINATOR, &offers);
        return;
    }
    kg_command command = award_command(lot->id);
    kg_level_text levels[] = {{"warranty-years", chance(l, 70) ? "7" : "2"}};
    if (chance(l, 50)) {
        command.award.levels = levels;
        command.award.levels_count = 1;
    }
    command.award.unit_price_cents = chance(l, 90) ? 50000 : -1;
    send(l, COORDINATOR, &command);
}

static void call_off(life *l)
{
    char id[8];
    const kg_lot *lot = pick_lot(l, KG_LOT_AWARDED);
    if (!lot)
        return;
    int64_t quantity, value;
    kg_lot_remaining(lot, &quantity, &value);
    kg_command command = lot_command(KG_KIND_LOT_CALL_OFF, lot->id, "");
    if (lot->counted && chance(l, 95)) {
        command.quantity = chance(l, 30) ? quantity : between(l, 1, 30);
        if (chance(l, 40))
            command.value_cents = chance(l, 50) ? 100 : value;
    } else {
        command.value_cents = chance(l, 50) ? value : between(l, 1, 100000000);
    }
    pick_member(l, lot, id);
    command.organisation = chance(l, 50) ? keep(&command, id) : NULL;
    send(l, command.organisation ? COORDINATOR : id, &command);
}

static void fail_lot(life *l)
{
    const kg_lot *lot = pick_lot(l, (kg_lot_state)between(l, KG_LOT_PROPOSED, KG_LOT_LAUNCHED));
    if (!lot)
        return;
    kg_command command = lot_command(KG_KIND_LOT_FAIL, lot->id, "");
    send(l, COORDINATOR, &command);
}

const char life_wide_catalogue[] =
    "criterion \"a-first\" { scale = {\"no\",\"yes\"} type = \"clause\" }\n"
    "criterion \"warranty-years\" { scale = {\"none\",\"0\",\"1\",\"2\",\"3\",\"4\",\"5\","
    "\"7\",\"9\"} type = \"technical\" }\n"
    "criterion \"battery-cycles\" { scale = {\"none\",\"500\",\"800\",\"1000\"}"
    " type = \"technical\" }\n"
    "criterion \"repair\" { scale = {\"none\",\"manual\",\"parts\"} type = \"award\" }\n"
    "category \"accessory\" { cpv = {\"30237200\"} criteria = {\"a-first\"} }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"700.00\""
    " criteria = {\"a-first\",\"warranty-years\",\"battery-cycles\"} }\n"
    "category \"monitor\" { cpv = {\"30231300\"} criteria = {\"warranty-years\"} }\n"
    "category \"service\" { cpv = {\"50300000\"} criteria = {\"repair\"} }\n";

/* Odd names are clauses'; some fiches tell of a lot, which not everybody may. */
static void teach(life *l)
{
    char id[8], key[8];
    const int number = between(l, 1, 2);
    snprintf(key, sizeof key, "P%d", number);
    kg_command command =
        chance(l, 40) ? retire_command(key) : practice_command(key, number % 2 == 1);
    const size_t lots = kg_state_lots(l->w->state);
    if (lots > 0 && number % 2 == 0 && chance(l, 50))
        command.practice.lot =
            kg_state_lot(l->w->state, (uint32_t)between(l, 0, (int)lots - 1))->id;
    send(l, body(l, id), &command);
}

/* Between two catalogues, of which the wider has more of everything. */
static void change_catalogue(life *l)
{
    if (l->take) {
        l->take(l->context, "", KG_KIND_CATALOGUE, NULL);
        return;
    }
    kg_status status = world_catalogue(l->w, l->wide ? catalogue_text : life_wide_catalogue);
    l->wide ^= status == KG_STATUS_OK;
    (status == KG_STATUS_OK ? l->taken : l->refused)[KG_KIND_CATALOGUE]++;
}

static void pass_time(life *l)
{
    if (l->take) {
        l->take(l->context, "", KG_KIND_NONE, NULL);
        return;
    }
    l->w->now.today += between(l, 0, 1);
    l->w->now.time_ms = (int64_t)l->w->now.today * 86400000;
    kg_command command;
    while (kg_state_due(l->w->state, l->w->now, &(size_t){0}, &command)) {
        l->taken[command.kind]++;
        world_must(l->w, "", &command);
    }
}

void life_init(life *l, world *w, uint64_t seed)
{
    char id[8];
    memset(l, 0, sizeof *l);
    l->w = w;
    l->random = seed;
    for (int i = 1; i <= BODIES; i++) {
        snprintf(id, sizeof id, "O%02d", i);
        register_body(l, id);
    }
}

void life_step(life *l)
{
    static const struct {
        void (*happens)(life *l);
        int weight;
    } things[] = {{submit, 22},  {withdraw, 3},         {open_round, 3}, {step_round, 10},
                  {answer, 26},  {launch, 5},           {award, 5},      {call_off, 8},
                  {fail_lot, 1}, {change_catalogue, 1}, {pass_time, 7}, {change_key, 3},
                  {read_lines, 3}, {teach, 2}};
    int at = between(l, 1, 100);
    char id[8];
    l->steps++;
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
        at -= things[i].weight;
        if (at <= 0) {
            things[i].happens(l);
            return;
        }
    }
    register_body(l, body(l, id));
}

void life_sum_up(life *l)
{
    const kg_state *state = l->w->state;
    for (uint32_t i = 0; i < kg_state_lots(state); i++) {
        kg_lot_state lot = kg_state_lot(state, i)->state;
        l->exhausted += lot == KG_LOT_EXHAUSTED;
        l->expired += lot == KG_LOT_EXPIRED;
        l->failed += lot == KG_LOT_FAILED;
    }
    for (uint32_t i = 0; i < kg_state_campaigns(state); i++) {
        const kg_campaign *campaign = kg_state_campaign(state, i);
        for (size_t k = 0; k < campaign->claims_count; k++)
            l->moved += campaign->claims[k].moved;
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_clients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "broker/access.h"
#include "proto/codec.h"
#include "proto/envelope.h"
#include "random_life.h"
#include "sim.h"
#include "sim_journal.h"
#include "sim_net.h"
#include "sim_questions.h"
#include "sim_shadow.h"

#define TRIES 8
#define TRIES_WHEN_CALM 40
#define DAY_MS 86400000

/* What a client asked for, and what came of it. */
typedef struct ask {
    uint8_t id[KG_REQUEST_ID_BYTES];
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_public_key key;
    kg_kind kind;
    kg_buffer message; /* owned; the envelope */
    kg_query query;    /* owned; of a question */
    kg_date sent_on;
    uint32_t connection;
    unsigned tries;
    bool settled; /* the client heard, or gave up */
    bool told;    /* a receipt left the broker: */
    uint64_t sequence;
    uint8_t chain[KG_CHAIN_BYTES];
    UT_hash_handle hh;
} ask;

static struct {
    life life;
    world world;
    const kg_config *config;
    const kg_state *state;  /* NULL: the shadow's */
    unsigned steps;         /* still to be done */
    size_t open;            /* asks that are not settled */
    ask *asks;              /* owned */
    bool wide, wide_before; /* which catalogue is in the broker's file */
} clients;

/* --- asking --- */

static void send_again(void *subject);

static void send_ask(ask *asked)
{
    sim_send(asked->connection, (const uint8_t *)asked->message.bytes, asked->message.count);
    sim_at(sim.now_us + sim_between(5000, 100000), send_again, asked);
}

static void settle(ask *asked)
{
    clients.open -= !asked->settled;
    asked->settled = true;
}

static void send_again(void *subject)
{
    ask *asked = subject;
    if (asked->settled)
        return;
    if (++asked->tries > (sim.calm ? TRIES_WHEN_CALM : TRIES)) {
        sim_note("%s gives up", asked->organisation);
        settle(asked);
        return;
    }
    sim.counts.again++;
    if (sim_chance(600)) {
        sim_disconnect(asked->connection);
        asked->connection = sim_connect(asked->key.transport);
    }
    send_ask(asked);
}

static void seal(ask *asked, const kg_buffer *body)
{
    kg_envelope envelope = {.version = KG_PROTOCOL_VERSION,
                            .kind = (uint32_t)asked->kind,
                            .body = (const uint8_t *)body->bytes,
                            .body_bytes = body->count};
    kg_journal_deployment(NULL, envelope.deployment);
    memcpy(envelope.organisation, asked->organisation, sizeof envelope.organisation);
    kg_key_id(asked->key.sign, envelope.key_id);
    memcpy(envelope.request_id, asked->id, sizeof envelope.request_id);
    envelope.expires_ms = sim_wall_ms() + (sim_chance(200) ? sim_between(20, 2000) : 3600000);
    sim_sign_as(asked->key.sign);
    kg_envelope_seal(&envelope, NULL, &asked->message);
    sim_sign_as(NULL);
}

/* Takes the query, if there is one. */
static void begin_ask(const char *organisation, const kg_public_key *key, kg_kind kind,
                      const kg_buffer *body, kg_query *query)
{
    ask *asked = kg_alloc(1, sizeof *asked);
    kg_random(asked->id, sizeof asked->id);
    kg_text_format(asked->organisation, sizeof asked->organisation, "%s", organisation);
    asked->key = *key;
    asked->kind = kind;
    asked->sent_on = (kg_date)(sim_wall_ms() / DAY_MS);
    kg_query_init(&asked->query, KG_VIEW_STATUS);
    if (query)
        asked->query = *query;
    kg_buffer_init(&asked->message);
    seal(asked, body);
    HASH_ADD(hh, clients.asks, id, sizeof asked->id, asked);
    asked->connection = sim_connect(key->transport);
    clients.open++;
    sim_note("%s sends %s", organisation, kg_kind_name(kind) ? kg_kind_name(kind) : "a question");
    send_ask(asked);
}

static const kg_state *present(void)
{
    if (clients.state)
        return clients.state;
    sim_shadow_advance(sim_journal_records());
    return sim_shadow()->state;
}

/* A key that may do so, mostly; NULL: the organisation has none. */
static const kg_public_key *pick_key(const char *organisation, kg_kind kind)
{
    uint32_t index = kg_state_find_member(present(), organisation);
    const kg_member *member = index == KG_NONE ? NULL : kg_state_member(present(), index);
    if (!member || member->keys_count == 0)
        return NULL;
    if (member->revoked_count > 0 && sim_chance(50))
        return &member->revoked[sim_between(0, (int64_t)member->revoked_count - 1)].key;
    size_t from = (size_t)sim_between(0, (int64_t)member->keys_count - 1);
    for (size_t i = 0; i < member->keys_count; i++) {
        const kg_public_key *key = &member->keys[(from + i) % member->keys_count];
        if (kg_access_command(key->roles, kind))
            return key;
    }
    return &member->keys[from];
}

static void ask_question(const char *organisation)
{
    kg_query query;
    kg_buffer body;
    const kg_public_key *key = pick_key(organisation, KG_KIND_QUERY);
    if (!key)
        return;
    sim_question(present(), key->roles, &query);
    kg_buffer_init(&body);
    kg_codec_query_encode(&query, &body);
    begin_ask(organisation, key, KG_KIND_QUERY, &body, &query);
    kg_buffer_fini(&body);
}

/* --- what happens --- */

static void take(void *context, const char *actor, kg_kind kind, const kg_buffer *body)
{
    (void)context;
    if (kind == KG_KIND_NONE) {
        sim.wall_ms += sim_chance(500) ? DAY_MS : sim_between(0, 3600000);
    } else if (kind == KG_KIND_CATALOGUE) {
        clients.wide_before = clients.wide;
        clients.wide = !clients.wide;
        atomic_store(&sim.stop, true);
    } else if (!body) {
        ask_question(actor);
    } else {
        const kg_public_key *key = pick_key(actor, kind);
        if (key)
            begin_ask(actor, key, kind, body, NULL);
    }
}

static void disturb(void)
{
    if (sim_chance(sim.disk_low ? 60 : 2)) {
        sim.disk_low = !sim.disk_low;
        sim.counts.read_only += sim.disk_low;
    }
    if (sim_chance(3))
        sim.wall_ms -= sim_between(0, 7200000);
    if (sim_chance(3))
        atomic_store(&sim.stop, true);
}

static void act(void *subject)
{
    char id[8];
    (void)subject;
    if (clients.steps == 0) {
        sim.calm = true;
        sim.disk_low = false;
        sim.calls_left = 0;
        return;
    }
    clients.steps--;
    clients.world.state = (kg_state *)present();
    clients.world.now.time_ms = sim_wall_ms();
    clients.world.now.today = (kg_date)(sim_wall_ms() / DAY_MS);
    disturb();
    if (sim_chance(250)) {
        snprintf(id, sizeof id, "O%02d", (int)sim_between(1, 14));
        ask_question(sim_chance(250) ? COORDINATOR : id);
    } else {
        life_step(&clients.life);
    }
    sim_at(sim.now_us + (sim_chance(30) ? sim_between(0, 200000) : sim_between(20, 3000)), act,
           NULL);
}

/* A key that lasts for every organisation, before the random ones. */
static void register_all(void *subject)
{
    (void)subject;
    for (int i = 1; i <= 14; i++) {
        char id[8];
        kg_command command;
        kg_buffer body;
        const kg_public_key *key = pick_key(COORDINATOR, KG_KIND_REGISTER);
        if (!key) {
            sim_at(sim.now_us + 1000, register_all, NULL);
            return;
        }
        snprintf(id, sizeof id, "O%02d", i);
        kg_command_init(&command, KG_KIND_REGISTER);
        kg_organisation_fini(&command.record);
        record_init(&command.record, id, i % 3 ? "nl fr" : "nl");
        command.record.can_lead = i % 2;
        command.has_key = true;
        snprintf((char *)command.key.sign, KG_KEY_BYTES, "first key of %s", id);
        snprintf((char *)command.key.transport, KG_KEY_BYTES, "first way of %s", id);
        command.key.roles = KG_ROLE_ORGANISATION | (i > 12 ? (uint32_t)KG_ROLE_READER : 0);
        kg_buffer_init(&body);
        kg_codec_command_encode(&command, kg_state_catalogue(present()), &body);
        begin_ask(COORDINATOR, key, KG_KIND_REGISTER, &body, NULL);
        kg_buffer_fini(&body);
        kg_command_fini(&command);
    }
    sim_at(sim.now_us + 5000, act, NULL);
}

void sim_clients_begin(unsigned steps, const kg_config *config)
{
    memset(&clients, 0, sizeof clients);
    clients.steps = steps;
    clients.config = config;
    clients.life.w = &clients.world;
    clients.life.random = sim.seed;
    clients.life.take = take;
    sim_at(sim.now_us + 1000, register_all, NULL);
}

void sim_clients_end(void)
{
    ask *asked, *next;
    HASH_ITER(hh, clients.asks, asked, next)
    {
        HASH_DEL(clients.asks, asked);
        kg_buffer_fini(&asked->message);
        kg_query_fini(&asked->query);
        free(asked);
    }
}

void sim_clients_look_at(const kg_state *state)
{
    clients.state = state;
}

bool sim_clients_done(void)
{
    return sim.calm && clients.open == 0;
}

const char *sim_clients_catalogue(void)
{
    return clients.wide ? life_wide_catalogue : catalogue_text;
}

void sim_clients_put_back_catalogue(void)
{
    clients.wide = clients.wide_before;
}

/* --- replies --- */

static ask *find(const kg_reply *reply)
{
    ask *found;
    HASH_FIND(hh, clients.asks, reply->request_id, KG_REQUEST_ID_BYTES, found);
    return found;
}

/* Was it only said of a copy that came garbled, or by a key that is none any more? */
static bool is_of_the_message(kg_status status)
{
    switch (status) {
    case KG_STATUS_MALFORMED:
    case KG_STATUS_SIGNATURE:
    case KG_STATUS_DEPLOYMENT:
    case KG_STATUS_WRONG_ORGANISATION:
    case KG_STATUS_VERSION:
    case KG_STATUS_OVERSIZE:
    case KG_STATUS_UNKNOWN_FIELD:
    case KG_STATUS_UNKNOWN_KEY:
    case KG_STATUS_NOT_ADMITTED:
    case KG_STATUS_KEY_REVOKED:
        return true;
    default:
        return false;
    }
}

/* It is on the disk: the very message, with what the receipt says of it. */
static void check_receipt(ask *asked, const kg_reply *reply)
{
    kg_journal_record record;
    kg_tree_hash root;
    if (reply->sequence == 0 || reply->sequence > sim_journal_records())
        sim_fail("a receipt for record %llu, which is not durable",
                 (unsigned long long)reply->sequence);
    sim_journal_record(reply->sequence, &record);
    if (record.command_bytes != asked->message.count ||
        memcmp(record.command, asked->message.bytes, record.command_bytes) != 0 ||
        memcmp(record.chain, reply->chain, KG_CHAIN_BYTES) != 0 ||
        memcmp(record.event_digest, reply->event_digest, KG_LEAF_BYTES) != 0 ||
        record.time_ms != reply->time_ms)
        sim_fail("the receipt for record %llu is not of that record",
                 (unsigned long long)reply->sequence);
    if (asked->told && asked->sequence != reply->sequence)
        sim_fail("two receipts, for records %llu and %llu, of one request",
                 (unsigned long long)asked->sequence, (unsigned long long)reply->sequence);
    if (reply->tree.size < reply->sequence || reply->tree.size > sim_journal_records())
        sim_fail("a tree of %llu records for record %llu", (unsigned long long)reply->tree.size,
                 (unsigned long long)reply->sequence);
    if (sim_shadow_at() <= reply->tree.size) {
        sim_shadow_advance(reply->tree.size);
        kg_journal_tree_root(sim_shadow()->tree, &root);
        if (memcmp(root.bytes, reply->tree.root.bytes, sizeof root.bytes) != 0)
            sim_fail("the tree's root is not that of its records");
    }
    sim.counts.receipts += !asked->told;
    sim.counts.recalled += asked->told;
    asked->told = true;
    asked->sequence = reply->sequence;
    memcpy(asked->chain, reply->chain, sizeof asked->chain);
}

/* Nobody sees another's lines. */
static void check_titles(const ask *asked, uint32_t roles, const char *text, size_t count)
{
    const char *end = text + count, *at = text;
    if (roles & ~(uint32_t)(KG_ROLE_ORGANISATION | KG_ROLE_READER))
        return;
    while ((at = memmem(at, (size_t)(end - at), TITLE_OF, strlen(TITLE_OF))) != NULL) {
        size_t length = strlen(asked->organisation);
        at += strlen(TITLE_OF);
        if ((size_t)(end - at) > length && memcmp(at, asked->organisation, length) != 0)
            sim_fail("%s is shown %.*s", asked->organisation, 40, at - strlen(TITLE_OF));
    }
}

/* As the journal alone would answer, where it stands at that record. */
static void check_answer(const ask *asked, const kg_reply *reply)
{
    char detail[600] = "";
    kg_buffer text;
    const kg_store *store = sim_shadow();
    sim.counts.answers++;
    if (reply->head > sim_journal_records())
        sim_fail("an answer as of record %llu, which is not durable",
                 (unsigned long long)reply->head);
    int64_t now = sim_wall_ms() > store->last_time_ms ? sim_wall_ms() : store->last_time_ms;
    bool late = sim_shadow_at() > reply->head || asked->sent_on != (kg_date)(now / DAY_MS);
    sim.counts.late += late;
    if (late)
        return;
    sim_shadow_advance(reply->head);
    uint32_t index = kg_state_find_member(store->state, asked->organisation);
    const kg_member *member = index == KG_NONE ? NULL : kg_state_member(store->state, index);
    const kg_public_key *key = member ? kg_member_key(member, asked->key.sign) : NULL;
    if (!key)
        sim_fail("%s is answered, whose key is none", asked->organisation);
    check_titles(asked, key->roles, (const char *)reply->page, reply->page_bytes);
    if (!sim_question_compares(asked->query.view) || reply->offset > 0)
        return;
    kg_buffer_init(&text);
    kg_asker asker = {asked->organisation, key->roles};
    kg_status status = sim_shadow_answer(&asker, &asked->query, clients.config,
                                         (kg_date)(now / DAY_MS), &text, detail);
    sim.counts.compared++;
    if (status != KG_STATUS_OK || text.count != reply->total_bytes ||
        memcmp(text.bytes, reply->page, reply->page_bytes) != 0)
        sim_fail("view %d for %s as of record %llu is\n%.*s\nand should be (%s)\n%s",
                 (int)asked->query.view, asked->organisation, (unsigned long long)reply->head,
                 (int)reply->page_bytes, (const char *)reply->page, kg_status_name(status),
                 text.count ? text.bytes : "");
    kg_buffer_fini(&text);
}

void sim_broker_says(const uint8_t *bytes, size_t count)
{
    kg_reply reply;
    if (!kg_codec_reply_decode(bytes, count, &reply))
        sim_fail("a reply cannot be read");
    ask *asked = find(&reply);
    if (!asked && (reply.has_receipt || reply.has_page))
        sim_fail("an answer to nothing that was asked");
    sim_note("reply %s %s %llu", asked ? asked->organisation : "?", kg_status_name(reply.status),
             (unsigned long long)(reply.has_receipt ? reply.sequence : reply.head));
    if (asked && reply.has_receipt)
        check_receipt(asked, &reply);
    else if (asked && asked->told && !is_of_the_message(reply.status))
        sim_fail("after its receipt for record %llu a command is told %s",
                 (unsigned long long)asked->sequence, kg_status_name(reply.status));
    if (asked && reply.has_page)
        check_answer(asked, &reply);
    kg_reply_fini(&reply);
}

void sim_client_hears(const uint8_t *bytes, size_t count)
{
    kg_reply reply;
    if (!kg_codec_reply_decode(bytes, count, &reply))
        sim_fail("a reply cannot be read");
    ask *asked = find(&reply);
    bool again = reply.status == KG_STATUS_ROUND_BUSY || reply.status == KG_STATUS_READ_ONLY ||
                 is_of_the_message(reply.status);
    if (asked && !again) {
        sim.counts.refusals += reply.status != KG_STATUS_OK && !asked->settled;
        settle(asked);
    }
    kg_reply_fini(&reply);
}

void sim_broker_hints(const char *organisation, uint64_t number)
{
    sim_shadow_advance(sim_journal_records());
    const kg_state *state = sim_shadow()->state;
    uint32_t index = kg_state_find_member(state, organisation);
    if (index == KG_NONE || kg_state_member(state, index)->feed.count < number)
        sim_fail("a hint at entry %llu of %s, which is not durable", (unsigned long long)number,
                 organisation);
    sim_note("hint %s %llu", organisation, (unsigned long long)number);
}

void sim_clients_check(void)
{
    ask *asked, *next;
    HASH_ITER(hh, clients.asks, asked, next)
    {
        kg_journal_record record;
        if (!asked->told)
            continue;
        if (asked->sequence > sim_journal_records())
            sim_fail("record %llu was acknowledged, and is lost",
                     (unsigned long long)asked->sequence);
        sim_journal_record(asked->sequence, &record);
        if (memcmp(record.chain, asked->chain, KG_CHAIN_BYTES) != 0)
            sim_fail("record %llu was acknowledged, and is another one now",
                     (unsigned long long)asked->sequence);
    }
}

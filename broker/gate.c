/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proto/hash_table.h"
#include "proto/memory.h"

typedef enum kg_sharing { KG_SHARING_UNKNOWN, KG_SHARING_DONE, KG_SHARING_NONE } kg_sharing;

typedef struct kg_gate_key {
    uint8_t id[KG_KEY_ID_BYTES];
    uint8_t sign[KG_KEY_BYTES];
    kg_sharing sharing; /* UNKNOWN until its first question that is tagged */
    uint8_t shared[KG_SHARED_BYTES];
} kg_gate_key;

typedef struct kg_gate_member {
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_gate_key *keys; /* owned */
    size_t keys_count;
    kg_languages languages;
    UT_hash_handle hh;
} kg_gate_member;

struct kg_gate {
    char deployment[2 * KG_DEPLOYMENT_BYTES + 1];
    const kg_identity *identity; /* borrowed */
    _Atomic(const kg_catalogue *) catalogue;
    pthread_rwlock_t lock; /* of the members */
    kg_gate_member *members;
};

kg_gate *kg_gate_new(const char *deployment, const kg_identity *identity)
{
    kg_gate *gate = kg_alloc(1, sizeof *gate);
    gate->identity = identity;
    kg_text_format(gate->deployment, sizeof gate->deployment, "%s", deployment);
    pthread_rwlock_init(&gate->lock, NULL);
    return gate;
}

void kg_gate_destroy(kg_gate **gate)
{
    kg_gate_member *member, *next;
    if (!*gate)
        return;
    HASH_ITER(hh, (*gate)->members, member, next)
    {
        HASH_DEL((*gate)->members, member);
        explicit_bzero(member->keys, member->keys_count * sizeof *member->keys);
        free(member->keys);
        free(member);
    }
    pthread_rwlock_destroy(&(*gate)->lock);
    free(*gate);
    *gate = NULL;
}

void kg_gate_set_catalogue(kg_gate *gate, const kg_catalogue *catalogue)
{
    gate->catalogue = catalogue;
}

static kg_gate_key *find_key(const kg_gate_member *member, const uint8_t id[KG_KEY_ID_BYTES])
{
    for (size_t i = 0; i < member->keys_count; i++)
        if (memcmp(member->keys[i].id, id, KG_KEY_ID_BYTES) == 0)
            return &member->keys[i];
    return NULL;
}

static void add_key(kg_gate_member *member, const uint8_t sign[KG_KEY_BYTES])
{
    kg_gate_key key = {.sharing = KG_SHARING_UNKNOWN};
    kg_key_id(sign, key.id);
    memcpy(key.sign, sign, KG_KEY_BYTES);
    if (find_key(member, key.id))
        return;
    member->keys = kg_realloc(member->keys, member->keys_count + 1, sizeof *member->keys);
    member->keys[member->keys_count++] = key;
}

void kg_gate_admit(kg_gate *gate, const char *organisation, const uint8_t *sign,
                   kg_languages languages)
{
    kg_gate_member *member;
    pthread_rwlock_wrlock(&gate->lock);
    HASH_FIND_STR(gate->members, organisation, member);
    if (!member) {
        member = kg_alloc(1, sizeof *member);
        kg_text_format(member->organisation, sizeof member->organisation, "%s", organisation);
        HASH_ADD_STR(gate->members, organisation, member);
    }
    member->languages = languages;
    if (sign)
        add_key(member, sign);
    pthread_rwlock_unlock(&gate->lock);
}

/* Copies what is known of the one who asks or commands. */
static kg_status find_sender(kg_gate *gate, const kg_envelope *envelope, kg_gate_key *out)
{
    kg_status status = KG_STATUS_OK;
    kg_gate_member *member;
    pthread_rwlock_rdlock(&gate->lock);
    HASH_FIND_STR(gate->members, envelope->organisation, member);
    const kg_gate_key *key = member ? find_key(member, envelope->key_id) : NULL;
    if (key)
        *out = *key;
    else
        status = member ? KG_STATUS_UNKNOWN_KEY : KG_STATUS_NOT_ADMITTED;
    pthread_rwlock_unlock(&gate->lock);
    return status;
}

/* What it comes to costs as much as a signature's check, and is the same for ever: kept. */
static void share(kg_gate *gate, const kg_envelope *envelope, kg_gate_key *key)
{
    kg_gate_member *member;
    bool good = kg_identity_share(gate->identity, false, key->sign, key->shared);
    key->sharing = good ? KG_SHARING_DONE : KG_SHARING_NONE;
    pthread_rwlock_wrlock(&gate->lock);
    HASH_FIND_STR(gate->members, envelope->organisation, member);
    *find_key(member, key->id) = *key; /* no key is ever forgotten */
    pthread_rwlock_unlock(&gate->lock);
}

/* Of what is journalled only a signature is proof. */
static bool may_be_tagged(const kg_envelope *envelope)
{
    return envelope->kind == KG_KIND_QUERY || envelope->kind == KG_KIND_PAGE;
}

static bool is_from(kg_gate *gate, const kg_envelope *envelope, kg_gate_key *key)
{
    if (!envelope->tagged)
        return kg_envelope_signed_by(envelope, key->sign);
    if (!may_be_tagged(envelope))
        return false;
    if (key->sharing == KG_SHARING_UNKNOWN)
        share(gate, envelope, key);
    return key->sharing == KG_SHARING_DONE && kg_envelope_tagged_by(envelope, key->shared);
}

/* The steps in the order in which a message is refused. */
static kg_status identify(kg_gate *gate, const kg_net_message *message, kg_arrival *arrival)
{
    kg_envelope *envelope = &arrival->envelope;
    kg_gate_key key;
    char deployment[2 * KG_DEPLOYMENT_BYTES + 1];
    kg_status status = kg_envelope_open(message->bytes, message->count, envelope);
    if (status != KG_STATUS_OK)
        return status;
    kg_hex_write(envelope->deployment, KG_DEPLOYMENT_BYTES, deployment);
    if (strcmp(deployment, gate->deployment) != 0)
        return KG_STATUS_DEPLOYMENT;
    if (strcmp(envelope->organisation, message->organisation) != 0)
        return KG_STATUS_WRONG_ORGANISATION;
    kg_envelope_request_key(envelope, arrival->request_key);
    status = find_sender(gate, envelope, &key);
    if (status != KG_STATUS_OK)
        return status;
    memcpy(arrival->sign, key.sign, sizeof key.sign);
    status = is_from(gate, envelope, &key) ? KG_STATUS_OK : KG_STATUS_SIGNATURE;
    explicit_bzero(&key, sizeof key);
    return status;
}

/* Lines are checked here as far as can be, since the core has to do all else. */
static kg_status read_command(kg_arrival *arrival)
{
    const kg_envelope *envelope = &arrival->envelope;
    kg_status status =
        kg_codec_command_decode(envelope->kind, envelope->body, envelope->body_bytes,
                                arrival->catalogue, &arrival->command, arrival->detail);
    if (status == KG_STATUS_OK && envelope->kind == KG_KIND_SUBMIT)
        kg_submit_read(&arrival->command, arrival->catalogue);
    return status;
}

static kg_status read_body(kg_arrival *arrival)
{
    const kg_envelope *envelope = &arrival->envelope;
    switch (envelope->kind) {
    case KG_KIND_PAGE:
        return kg_codec_page_decode(envelope->body, envelope->body_bytes, &arrival->page);
    case KG_KIND_QUERY:
        return kg_codec_query_decode(envelope->body, envelope->body_bytes, &arrival->query,
                                     arrival->detail);
    case KG_KIND_COSIGN:
        return kg_codec_cosign_decode(envelope->body, envelope->body_bytes, &arrival->cosigned);
    default:
        return read_command(arrival);
    }
}

kg_arrival *kg_gate_read(kg_gate *gate, const kg_net_message *message)
{
    kg_arrival *arrival = kg_alloc(1, sizeof *arrival);
    kg_query_init(&arrival->query, KG_VIEW_STATUS);
    kg_command_init(&arrival->command, KG_KIND_NONE);
    arrival->catalogue = gate->catalogue;
    arrival->status = identify(gate, message, arrival);
    if (arrival->status == KG_STATUS_OK)
        arrival->read = read_body(arrival);
    return arrival;
}

void kg_gate_read_anew(kg_gate *gate, kg_arrival *arrival)
{
    if (arrival->catalogue == gate->catalogue || arrival->status != KG_STATUS_OK ||
        !kg_arrival_commands(arrival))
        return;
    kg_command_fini(&arrival->command);
    arrival->catalogue = gate->catalogue;
    arrival->read = read_body(arrival);
}

void kg_arrival_destroy(kg_arrival **arrival)
{
    if (!*arrival)
        return;
    kg_command_fini(&(*arrival)->command);
    kg_query_fini(&(*arrival)->query);
    free(*arrival);
    *arrival = NULL;
}

bool kg_arrival_commands(const kg_arrival *arrival)
{
    const uint32_t kind = arrival->envelope.kind;
    return kind != KG_KIND_QUERY && kind != KG_KIND_PAGE && kind != KG_KIND_COSIGN;
}

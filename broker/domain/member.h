/* SPDX-License-Identifier: EUPL-1.2 */
/* A member: a registered organisation, its keys, its feed. */
#ifndef KG_MEMBER_H
#define KG_MEMBER_H

#include "broker/domain/feed.h"
#include "broker/domain/line_index.h"
#include "proto/organisation.h"

/* A key that may not be used again, and whose halves may not come back. */
typedef struct kg_revoked_key {
    kg_public_key key; /* with the roles that it had */
    uint64_t sequence; /* of the journal record that revoked it */
    int64_t time_ms;
} kg_revoked_key;

typedef struct kg_member {
    const char *id;         /* lives as long as the state: what its lines name */
    kg_organisation record; /* owned; replaced when it is registered again */
    kg_public_key *keys;    /* owned; a key registered again has its roles replaced; no roles:
                               it may do nothing */
    size_t keys_count;
    kg_revoked_key *revoked; /* owned */
    size_t revoked_count;
    kg_feed feed;
    uint64_t registered_sequence; /* of its first registration */
    kg_line_index line_index; /* owned; its lines in the pool, withdrawn ones too. An index for
                                 each organisation: its lines are asked for together */
    struct kg_pending_plan *pending; /* parts of a plan that is not complete; owned; NULL: none */
} kg_member;

/* The present key with this half that signs; NULL: there is none. */
const kg_public_key *kg_member_key(const kg_member *member, const uint8_t sign[KG_KEY_BYTES]);
/* The same of those that were revoked. */
const kg_revoked_key *kg_member_revoked(const kg_member *member, const uint8_t sign[KG_KEY_BYTES]);

#endif

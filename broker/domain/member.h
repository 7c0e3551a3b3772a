/* SPDX-License-Identifier: EUPL-1.2 */
/* A member: a registered organisation, its keys, its feed. */
#ifndef KG_MEMBER_H
#define KG_MEMBER_H

#include "broker/domain/feed.h"
#include "proto/organisation.h"

typedef struct kg_member {
    kg_organisation record; /* owned */
    kg_public_key *keys;    /* owned; a key registered again has its roles replaced */
    size_t keys_count;
    kg_feed feed;
    uint64_t registered_sequence;
} kg_member;

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* A member: a registered organisation, its keys, its feed. */
#ifndef KG_MEMBER_H
#define KG_MEMBER_H

#include "broker/domain/feed.h"
#include "broker/domain/line_index.h"
#include "proto/organisation.h"

typedef struct kg_member {
    const char *id;         /* lives as long as the state: what its lines name */
    kg_organisation record; /* owned; replaced when it is registered again */
    kg_public_key *keys;    /* owned; a key registered again has its roles replaced; no roles:
                               it may do nothing */
    size_t keys_count;
    kg_feed feed;
    uint64_t registered_sequence; /* of its first registration */
    kg_line_index line_index; /* owned; its lines in the pool, withdrawn ones too. An index for
                                 each organisation: its lines are asked for together */
    struct kg_pending_plan *pending; /* parts of a plan that is not complete; owned; NULL: none */
} kg_member;

#endif

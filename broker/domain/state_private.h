/* SPDX-License-Identifier: EUPL-1.2 */
/* The state's inside, for the files of this folder. check_*.c read it, apply_*.c change it. */
#ifndef KG_STATE_PRIVATE_H
#define KG_STATE_PRIVATE_H

#include "broker/domain/lines.h"
#include "broker/domain/names.h"
#include "broker/domain/slots.h"
#include "broker/domain/state.h"

/* Which round claimed a line last, and its place there. */
typedef struct kg_claimed {
    uint32_t round, claim; /* KG_NONE: none did */
} kg_claimed;

#define KG_CLAIMED_LINES 1024

typedef struct kg_pool {
    kg_lines lines;
    kg_dictionary dictionary;
    size_t capacity; /* of the columns below, by line */
    uint32_t *sequence_low; /* owned; journal record of its last change */
    uint8_t *sequence_high; /* owned; NULL before a record of 2^32 or more */
    size_t withdrawn;       /* lines */
    kg_claimed **claimed;   /* owned, each; of KG_CLAIMED_LINES lines; NULL: none of them was */
    size_t claimed_count;
} kg_pool;

/* A plan that comes in parts: what has come so far. */
typedef struct kg_pending_plan {
    uint8_t id[KG_REQUEST_ID_BYTES];
    uint32_t taken, parts;
    kg_plan_line *lines; /* owned */
    uint32_t *hashes;    /* owned; of their keys */
    size_t count, capacity, hashes_capacity;
    kg_slots keys;
    kg_arena texts; /* of the lines */
} kg_pending_plan;

struct kg_state {
    kg_arena texts; /* of feeds */
    kg_pool pool;
    kg_member **members; /* owned, each */
    size_t members_count, members_capacity;
    kg_campaign **campaigns; /* owned, each */
    size_t campaigns_count, campaigns_capacity;
    kg_lot **lots; /* owned, each */
    size_t lots_count, lots_capacity;
    kg_tender **tenders; /* owned, each */
    size_t tenders_count, tenders_capacity;
    kg_good_practice **practices; /* owned, each */
    size_t practices_count, practices_capacity;
    kg_name *member_names, *campaign_names, *lot_names, *tender_names;
    kg_name *practice_names; /* member and key */
    kg_name *keys; /* public keys, both halves, to the member */
    kg_publishing publishing;
    kg_catalogue *catalogue; /* owned; NULL before the first */
    char *catalogue_text;    /* owned */
    /* A job may still read these: */
    kg_catalogue **retired; /* owned, each */
    size_t retired_count, retired_capacity;
    kg_claim **retired_claims; /* owned, each */
    size_t retired_claims_count, retired_claims_capacity;
};

/* --- state.c --- */
/* What was made joins the others, found by its name from now on; owned. Returns its index. */
uint32_t kg_state_add_member(kg_state *state, kg_member *member);
/* A key of the member that is new. */
void kg_state_add_key(kg_state *state, uint32_t member, const kg_public_key *key);
uint32_t kg_state_add_campaign(kg_state *state, kg_campaign *campaign);
uint32_t kg_state_add_lot(kg_state *state, kg_lot *lot);
uint32_t kg_state_add_tender(kg_state *state, kg_tender *tender);
uint32_t kg_state_add_practice(kg_state *state, kg_good_practice *practice);

/* --- practice.c --- */
/* How many of a member's are shown. */
size_t kg_practices_of(const kg_state *state, uint32_t member);
/* May it tell of this lot: is it launched, and the member in it, its lead or its coordinator? */
bool kg_practice_may_tell(const kg_state *state, uint32_t member, const kg_lot *lot);
void kg_good_practice_destroy(kg_good_practice **practice);

/* --- pool.c --- */
void kg_pool_init(kg_pool *pool);
void kg_pool_fini(kg_pool *pool);
size_t kg_pool_bytes(const kg_pool *pool);
void kg_pool_archive(kg_pool *pool, const kg_archive *archive);
/* Is any of the flags KG_POOL_* set? */
bool kg_pool_is(const kg_state *state, uint32_t index, unsigned flag);
/* Both KG_NONE: never. */
kg_claimed kg_pool_claimed(const kg_state *state, uint32_t index);
/* The running round that has claimed the line, or KG_NONE. */
uint32_t kg_pool_holder(const kg_state *state, uint32_t index);
typedef enum kg_taking {
    KG_TAKE_NEW,
    KG_TAKE_AGAIN, /* a withdrawn one comes back */
    KG_TAKE_AMEND,
    KG_TAKE_NOTHING
} kg_taking;
/* What a checked line of a member would do; `hash` is kg_slots_hash() of its key; `index` gets its
 * place in the pool, or KG_NONE. */
kg_taking kg_pool_taking(const kg_state *state, uint32_t member, const kg_plan_line *line,
                         uint32_t hash, uint32_t *index);
/* Does it. Texts are copied. `index` gets its place in the pool; `before` what its row was, line
 * KG_NONE where there was none; both only when something was done. */
kg_taking kg_pool_take(kg_state *state, uint32_t member, const kg_plan_line *line, uint32_t hash,
                       uint64_t sequence, uint32_t *index, kg_pool_row *before);
void kg_pool_withdraw(kg_state *state, uint32_t index, uint64_t sequence);
void kg_pool_claim(kg_state *state, uint32_t index, uint32_t campaign, uint32_t place);
/* If that round still holds it. */
void kg_pool_release(kg_state *state, uint32_t index, uint32_t campaign);

/* --- pending_plan.c --- */
kg_pending_plan *kg_pending_plan_new(const uint8_t id[KG_REQUEST_ID_BYTES], uint32_t parts);
void kg_pending_plan_destroy(kg_pending_plan **plan);
/* `hash` is kg_slots_hash() of the key, here and below. */
bool kg_pending_plan_has(const kg_pending_plan *plan, const char *key, uint32_t hash);
/* Texts are copied. */
void kg_pending_plan_add(kg_pending_plan *plan, const kg_plan_line *line, uint32_t hash);

/* --- campaign.c --- */
/* The same organisation stands at both places of the claims? Claims are sorted by it. */
bool kg_claims_same_body(const kg_campaign *campaign, size_t a, size_t b);
/* The line is free again, if this round still holds it. */
void kg_claim_release(kg_state *state, uint32_t campaign, uint32_t place);
/* The line leaves the lot it is in, and is free again. */
void kg_claim_leave(kg_state *state, uint32_t campaign, uint32_t place, const kg_unplaced *why);
void kg_campaign_destroy(kg_campaign **campaign);
/* A deep copy; returns owned. */
kg_outcome *kg_outcome_copy(const kg_outcome *from);

/* --- lot.c --- */
/* Enters a new state; keeps the count of the round's live lots. */
void kg_lot_enter(kg_state *state, kg_lot *lot, kg_lot_state next);
/* Sums, bodies, window, headroom, lead and regime over the present members. */
void kg_lot_reshape(const kg_state *state, kg_lot *lot);
/* Has every line of it a quantity? */
bool kg_lot_all_counted(const kg_state *state, const kg_lot *lot);
/* The first of a member's lines at or after place `at` of lot->members; members_count: none. */
size_t kg_lot_find(const kg_state *state, const kg_lot *lot, uint32_t member, size_t at);
/* The organisation (index of the state) of the lot's member at a place. */
uint32_t kg_lot_body(const kg_state *state, const kg_lot *lot, size_t at);
/* Is there an earlier line of the same organisation? */
bool kg_lot_first_of_body(const kg_state *state, const kg_lot *lot, size_t at);
/* What a call-off comes to: the value given, else quantity x unit price; false when it leaves the
 * range. */
bool kg_call_off_value(const kg_lot *lot, const kg_command *command, int64_t *value_cents);
void kg_lot_destroy(kg_lot **lot);

/* --- answers.c --- */
/* The place in the claims of a member's line that is in this lot; KG_NONE when it has none of this
 * key there. */
uint32_t kg_answer_named(const kg_state *state, uint32_t lot, uint32_t member, const char *key);
/* May the line at this place answer now? In the second phase only moved lines may. */
bool kg_answer_open(const kg_campaign *campaign, uint32_t place);
/* Has it still to answer? A binding line has answered by its submission until it is moved. */
bool kg_answer_missing(const kg_campaign *campaign, uint32_t place);
/* The last day for answers. */
kg_date kg_answer_until(const kg_campaign *campaign);

/* --- tender.c --- */
/* Threshold reached or not, on the summed maximum of all lots and all members' types. */
kg_regime kg_tender_regime(const kg_state *state, const uint32_t *lots, size_t count, kg_date day);
void kg_tender_destroy(kg_tender **tender);

#endif

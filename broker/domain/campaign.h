/* SPDX-License-Identifier: EUPL-1.2 */
/* A campaign: a round's rules with its life (DESIGN section 4): state, claimed lines, lots. */
#ifndef KG_CAMPAIGN_H
#define KG_CAMPAIGN_H

#include "broker/grouping/grouping.h"

typedef enum kg_round_state {
    KG_ROUND_DRAFT,     /* opens has not come */
    KG_ROUND_OPEN,
    KG_ROUND_CLOSED,    /* lines in scope are claimed */
    KG_ROUND_PROPOSED,  /* lots stand; lines left out are free again */
    KG_ROUND_CONFIRMING,
    KG_ROUND_CONCLUDED,
    KG_ROUND_CANCELLED
} kg_round_state;

const char *kg_round_state_name(kg_round_state state);

typedef enum kg_answer { KG_ANSWER_NONE, KG_ANSWER_YES, KG_ANSWER_NO } kg_answer;

/* A line that the round claimed, as it was then. */
typedef struct kg_claim {
    kg_plan_line line;    /* texts live as long as the state */
    uint32_t pool_line;   /* index into the pool */
    uint32_t lot;         /* index into the state's lots, or KG_NONE */
    kg_answer answer;     /* to its present lot; reset when it is moved */
    bool answer_by_silence; /* the date decided, not the member */
    bool moved;           /* by the re-run: needs a fresh confirmation */
    kg_unplaced why;      /* where it is in no lot: reason, blocking, change; `line` is its place;
                             nearest_lot is an index into the state's lots, or KG_NO_LOT; blocking
                             0 = not grouped yet. After confirmation: DECLINED (nearest_lot: the
                             lot it left), or LOT_FAILED with what kept it out of the others in
                             `blocking` beside (the re-run's nearest lot and change) or, without a
                             re-run, the failed lot as nearest_lot */
} kg_claim;

/* An organisation among the claims. */
typedef struct kg_claimed_body {
    uint32_t member; /* index into the state's members */
    uint32_t first;  /* place of its first claim; the next one's begins where its own end */
    uint32_t reads;  /* how often the coordinator was shown lines of it */
    int64_t read_ms; /* when last */
} kg_claimed_body;

typedef struct kg_campaign {
    kg_round rules; /* owned */
    char coordinator[KG_ID_BYTES_MAX + 1];
    kg_round_state state;
    bool reconfirming;  /* CONFIRMING again, after the one re-run, until reconfirm_by */
    kg_claim *claims;   /* owned; by (organisation, line) in bytes; made at close */
    size_t claims_count;
    kg_claimed_body *bodies; /* owned; by id in bytes */
    size_t bodies_count;
    kg_outcome *proposed; /* owned; as proposed; line indices are places in claims, `lead` is an
                             index into the state's members; NULL before */
    char ruleset[65], input_digest[65];
    uint32_t *lots; /* owned; indices into the state's lots, in id order of making */
    size_t lots_count;
    size_t lots_live; /* lots CONFIRMED or LAUNCHED */
    char *reason;     /* of a cancellation; owned; NULL */
    uint64_t changed; /* journal record that last concerned it */
    kg_date read_day; /* on which its lines were last shown as a whole, and the feeds told so; 0:
                         never */
} kg_campaign;

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Checking a command: what the files check_*.c share. A check reads the state and ends in one
 * call of kg_refuse(), kg_refuse_problems() or kg_accept(), or in a job. */
#ifndef KG_CHECK_H
#define KG_CHECK_H

#include "broker/domain/state_private.h"

typedef struct kg_check {
    const kg_state *state;
    const kg_actor *actor;
    kg_command *command;
    kg_moment now;
    kg_decision *out;
} kg_check;

/* Says no. `format` NULL: the status's own text. Returns false, for the caller to hand on. */
__attribute__((format(printf, 3, 4))) bool kg_refuse(kg_check *check, kg_status status,
                                                     const char *format, ...);
/* Says no when there are problems, with the first one's status and the sentence "3 problems in 2
 * lines; nothing was ...". Returns whether there were none. */
bool kg_refuse_problems(kg_check *check, const char *nothing_was);
/* Says yes: makes the event, with the command moved into it. Borrowed from the decision. */
kg_event *kg_accept(kg_check *check);

/* The broker itself asks. */
bool kg_check_is_broker(const kg_check *check);
bool kg_check_given(kg_check *check, const char *text, const char *name);
/* These return whether the thing is there and the actor's; if not, they have refused. */
bool kg_check_member(kg_check *check, uint32_t *member);
bool kg_check_round(kg_check *check, bool broker_may, uint32_t *campaign);
bool kg_check_lot(kg_check *check, uint32_t *lot);     /* anybody's */
bool kg_check_own_lot(kg_check *check, uint32_t *lot); /* of a round of the actor */
bool kg_check_coordinates(kg_check *check, const kg_campaign *campaign);
/* --- check_key.c --- */
/* May this pair be registered for an organisation? Once, and again only for its own, both halves as
 * before; never when it was revoked. */
bool kg_check_key_fits(kg_check *check, const char *organisation, const kg_public_key *key);
/* May this key lose the role of an administrator? */
bool kg_check_key_spared(kg_check *check, const kg_public_key *key);

/* ROUND_STATE, with the present state and what would be allowed. */
bool kg_refuse_round_state(kg_check *check, const kg_campaign *campaign, const char *allowed);
bool kg_refuse_lot_state(kg_check *check, const kg_lot *lot, const char *allowed);
/* TOO_LATE when today is after `until`. */
bool kg_check_in_time(kg_check *check, kg_date until, const char *name);

void kg_check_register(kg_check *check);
void kg_check_key_add(kg_check *check);
void kg_check_key_revoke(kg_check *check);
void kg_check_submit(kg_check *check);
void kg_check_withdraw(kg_check *check);
void kg_check_round_open(kg_check *check);
void kg_check_round_start(kg_check *check);
void kg_check_round_close(kg_check *check);
void kg_check_round_extend(kg_check *check);
void kg_check_round_propose(kg_check *check);
void kg_check_round_confirm(kg_check *check);
void kg_check_round_conclude(kg_check *check);
void kg_check_round_cancel(kg_check *check);
void kg_check_lots_expire(kg_check *check);
void kg_check_volume_publish(kg_check *check);
void kg_check_lines_read(kg_check *check);
void kg_check_lot_answer(kg_check *check);
void kg_check_lot_award(kg_check *check);
void kg_check_lot_offers(kg_check *check);
void kg_check_lot_call_off(kg_check *check);
void kg_check_lot_fail(kg_check *check);
void kg_check_tender_launch(kg_check *check);
void kg_check_practice_publish(kg_check *check);
void kg_check_practice_retire(kg_check *check);

/* Whether a grouping may be begun, and still be decided when it has ended. */
bool kg_check_may_propose(kg_check *check, uint32_t *campaign);
bool kg_check_may_conclude(kg_check *check, uint32_t *campaign);

/* The first use of the present catalogue that the new one does not know; true when there is
 * none, else a sentence in `detail` (300 bytes). */
bool kg_catalogue_replaces(const kg_state *state, const kg_catalogue *next,
                           char detail[static 300]);

/* --- job.c --- */
/* All claims of a closed round. Returns owned. */
kg_job *kg_job_new_proposal(const kg_state *state, uint32_t campaign);
/* The re-run on concluding a round, or NULL when there is nothing to run. Returns owned. */
kg_job *kg_job_new_rerun(const kg_state *state, uint32_t campaign);
/* Does the job still stand on what the state holds? */
bool kg_job_holds(const kg_job *job, const kg_state *state, uint32_t campaign);
/* Turns the outcome's indices from the job's input into places in the claims, and the lead into
 * an index of the state's members. */
void kg_job_map(const kg_job *job, const kg_state *state, kg_outcome *outcome);

#endif

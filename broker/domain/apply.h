/* SPDX-License-Identifier: EUPL-1.2 */
/* Applying an event: what the files apply_*.c share. Nothing here can fail: the check has seen to
 * it that what the event names is there. */
#ifndef KG_APPLY_H
#define KG_APPLY_H

#include "broker/domain/state_private.h"

typedef struct kg_apply {
    kg_state *state;
    kg_event *event;
    kg_effects *effects;
} kg_apply;

/* What a feed entry is about; NULL where it does not apply. Texts must live as long as the state:
 * ids of rounds, lots and tenders, keys of lines, static texts, kg_apply_text(). */
typedef struct kg_about {
    const char *round, *lot, *tender, *line, *detail;
} kg_about;

/* A line of the pool is another now than it was `before` (line KG_NONE: it is new). */
void kg_effects_note_line(kg_effects *effects, uint32_t index, const kg_pool_row *before);

/* A text that lives as long as the state. */
__attribute__((format(printf, 2, 3))) const char *kg_apply_text(kg_apply *apply,
                                                                const char *format, ...);
const char *kg_apply_date(kg_apply *apply, kg_date date);
/* The receipt's sentence. */
__attribute__((format(printf, 2, 3))) void kg_apply_result(kg_apply *apply, const char *format,
                                                           ...);

/* --- feed.c --- */
void kg_tell(kg_apply *apply, uint32_t member, kg_feed_kind kind, kg_about about);
/* Every organisation with a line in the lot, once. */
void kg_tell_lot(kg_apply *apply, const kg_lot *lot, kg_feed_kind kind, kg_about about);
/* Whom a round concerns: only its coordinator while it is a draft, everybody while it is open,
 * then the organisations whose lines it claimed, and its coordinator. */
void kg_tell_round(kg_apply *apply, const kg_campaign *campaign, kg_feed_kind kind,
                   kg_about about);
void kg_tell_everybody(kg_apply *apply, kg_feed_kind kind, kg_about about);

/* --- apply_key.c --- */
/* A member gets a key; one that it has gets these roles instead. Returns whether it is new. */
bool kg_key_set(kg_apply *apply, uint32_t member, const kg_public_key *key);

/* --- lots of a round --- */
/* Makes a lot from a grouping's, in this state, with the outcome's members and curve; `number` is
 * its own. Returns its index. */
uint32_t kg_lots_make(kg_apply *apply, uint32_t campaign, const kg_outcome *outcome, size_t at,
                      uint32_t number, kg_lot_state state);
/* A lot fails, and its members are told; its lines are still in it. */
void kg_lots_fall(kg_apply *apply, uint32_t lot, const char *reason);
/* The lines that are still in a lot that failed are free, with the reason LOT_FAILED. */
void kg_lots_empty(kg_apply *apply, uint32_t lot);
/* Tells a line's organisation that it is in no lot, and why. */
void kg_tell_unplaced(kg_apply *apply, const kg_campaign *campaign, uint32_t place);

void kg_apply_register(kg_apply *apply);
void kg_apply_key_add(kg_apply *apply);
void kg_apply_key_revoke(kg_apply *apply);
void kg_apply_submit(kg_apply *apply);
void kg_apply_withdraw(kg_apply *apply);
void kg_apply_round_open(kg_apply *apply);
void kg_apply_round_start(kg_apply *apply);
void kg_apply_round_close(kg_apply *apply);
void kg_apply_round_extend(kg_apply *apply);
void kg_apply_round_propose(kg_apply *apply);
void kg_apply_round_confirm(kg_apply *apply);
void kg_apply_round_conclude(kg_apply *apply);
void kg_apply_round_cancel(kg_apply *apply);
void kg_apply_lots_expire(kg_apply *apply);
void kg_apply_volume_publish(kg_apply *apply);
void kg_apply_lines_read(kg_apply *apply);
void kg_apply_lot_answer(kg_apply *apply);
void kg_apply_lot_award(kg_apply *apply);
void kg_apply_lot_offers(kg_apply *apply);
void kg_apply_lot_call_off(kg_apply *apply);
void kg_apply_lot_fail(kg_apply *apply);
void kg_apply_tender_launch(kg_apply *apply);
void kg_apply_practice_publish(kg_apply *apply);
void kg_apply_practice_retire(kg_apply *apply);
void kg_apply_catalogue(kg_apply *apply);

#endif

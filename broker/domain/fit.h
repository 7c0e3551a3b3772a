/* SPDX-License-Identifier: EUPL-1.2 */
/* Does an event fit the state? What the files fit*.c share. They ask what apply stands on and no
 * more: rules that were others when the event was decided are not asked again. */
#ifndef KG_FIT_H
#define KG_FIT_H

#include "broker/domain/state_private.h"

typedef struct kg_fit {
    const kg_state *state;
    const kg_event *event;
    char *why; /* 200 bytes */
} kg_fit;

/* Says no. Returns false, for the caller to hand on. */
__attribute__((format(printf, 2, 3))) bool kg_fit_not(const kg_fit *fit, const char *format, ...);

/* A day that can be written. */
bool kg_fit_day(kg_date date);
bool kg_fit_text(const kg_fit *fit, const char *text, const char *name);
/* The event's actor, round and lot; each says no where there is none. */
bool kg_fit_member(const kg_fit *fit, uint32_t *member);
bool kg_fit_round(const kg_fit *fit, uint32_t *campaign);
/* In this state. */
bool kg_fit_round_in(const kg_fit *fit, kg_round_state state, uint32_t *campaign);
bool kg_fit_lot(const kg_fit *fit, uint32_t *lot);

bool kg_fit_key_add(const kg_fit *fit);
bool kg_fit_key_revoke(const kg_fit *fit);
bool kg_fit_round_open(const kg_fit *fit);
bool kg_fit_round_start(const kg_fit *fit);
bool kg_fit_round_close(const kg_fit *fit);
bool kg_fit_round_extend(const kg_fit *fit);
bool kg_fit_round_confirm(const kg_fit *fit);
bool kg_fit_round_cancel(const kg_fit *fit);
bool kg_fit_round_propose(const kg_fit *fit);
bool kg_fit_round_conclude(const kg_fit *fit);
bool kg_fit_lots_expire(const kg_fit *fit);
bool kg_fit_lines_read(const kg_fit *fit);
bool kg_fit_lot_answer(const kg_fit *fit);
bool kg_fit_lot_call_off(const kg_fit *fit);
bool kg_fit_lot_award(const kg_fit *fit);
bool kg_fit_lot_offers(const kg_fit *fit);
bool kg_fit_lot_fail(const kg_fit *fit);
bool kg_fit_tender_launch(const kg_fit *fit);
bool kg_fit_practice_publish(const kg_fit *fit);
bool kg_fit_practice_retire(const kg_fit *fit);

#endif

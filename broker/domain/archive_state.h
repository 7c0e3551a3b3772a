/* SPDX-License-Identifier: EUPL-1.2 */
/* What of a state goes into an archive, in this order: rounds name lines, feeds name rounds. For
 * the files archive_*.c. */
#ifndef KG_ARCHIVE_STATE_H
#define KG_ARCHIVE_STATE_H

#include "broker/domain/state_private.h"

/* --- archive_round.c --- */
/* The pool and the members are there. */
void kg_archive_campaigns(const kg_archive *archive, kg_state *state);
void kg_archive_lots(const kg_archive *archive, kg_state *state);
void kg_archive_tenders(const kg_archive *archive, kg_state *state);

/* --- practice.c --- */
void kg_archive_practices(const kg_archive *archive, kg_state *state);

/* --- archive_member.c --- */
void kg_archive_members(const kg_archive *archive, kg_state *state);
/* The members, rounds, lots and tenders are there. */
void kg_archive_feeds(const kg_archive *archive, kg_state *state);

#endif

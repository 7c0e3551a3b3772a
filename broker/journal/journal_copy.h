/* SPDX-License-Identifier: EUPL-1.2 */
/* A journal's records into another journal, of whatever kind both are: every chain value is
 * verified on its way, and comes out the same. */
#ifndef KG_JOURNAL_COPY_H
#define KG_JOURNAL_COPY_H

#include "broker/journal/journal.h"

/* Copies what `to`, open for writing, lacks of `from`. False, with what came so far in `to`, when
 * it is of another deployment or history, or one of them fails: kg_journal_error(). `copied`, or
 * NULL, is called now and then. */
bool kg_journal_copy(kg_journal *from, kg_journal *to,
                     void (*copied)(void *context, uint64_t sequence), void *context);

/* The same into a folder that is empty, where a journal is made; verified there. Nothing is left
 * when it fails. */
bool kg_journal_copy_to_folder(kg_journal *from, const char *folder);

#endif

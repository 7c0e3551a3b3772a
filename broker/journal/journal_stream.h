/* SPDX-License-Identifier: EUPL-1.2 */
/* A journal as a stream of bytes, for a copy of it elsewhere: a head of 32 bytes ("kopgroep
 * journal", the deployment), then records in their stored form, and now and then a mark of life
 * while nothing comes. What is received is verified against what the copy has before it is added,
 * and durable before the next is read. */
#ifndef KG_JOURNAL_STREAM_H
#define KG_JOURNAL_STREAM_H

#include "broker/journal/journal.h"

/* Writes the records from `from` (1 or more) up to the head, and, unless `once`, those that come,
 * for ever. False when the journal cannot be read, or nobody reads the stream any more:
 * kg_journal_error(). */
bool kg_journal_stream_write(kg_journal *journal, uint64_t from, bool once, int descriptor);

/* Called after what was received is durable; `head` is the copy's last record. */
typedef void (*kg_stream_received)(void *context, uint64_t head);

/* Reads a stream into the journal of a folder until it ends. The journal is made when the folder is
 * empty or not there; records that it has are skipped. False, with all that came before it in the
 * copy, when the stream is none, ends within a record, leaves out records, or is of another
 * history: kg_journal_error(). */
bool kg_journal_stream_read(const char *folder, int descriptor, kg_stream_received received,
                            void *context);

#endif

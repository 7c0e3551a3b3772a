/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes a journal without a broker: commands are decided by the domain, signed, encoded and
 * appended in batches as a broker does it. Ends the program when something fails. */
#ifndef JOURNAL_WRITER_H
#define JOURNAL_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "broker/domain/state.h"
#include "broker/journal/journal.h"
#include "proto/command.h"
#include "proto/identity.h"

#define JOURNAL_WRITER_BATCH 512

typedef struct journal_writer {
    kg_journal *journal; /* borrowed */
    kg_state *state;     /* borrowed */
    kg_effects effects;
    kg_identity *signer; /* signs for everybody: a replay does not look */
    kg_journal_record records[JOURNAL_WRITER_BATCH];
    size_t count;
    uint64_t head;
    double decide_s, apply_s; /* what the domain took so far */
} journal_writer;

/* Returns owned. Destroying writes what is left. */
journal_writer *journal_writer_new(kg_journal *journal, kg_state *state);
void journal_writer_destroy(journal_writer **writer);

/* Takes the command. An actor without a name is the broker itself, which brings a catalogue. */
void journal_writer_decide(journal_writer *writer, kg_command *command, const kg_actor *actor,
                           kg_moment now);
/* Appends what was decided so far. */
void journal_writer_flush(journal_writer *writer);

/* An organisation of the workloads, by its number. */
void journal_writer_name(uint32_t organisation, char out[static KG_ID_BYTES_MAX + 1]);
/* The command that registers one, with keys that nobody has; areas, languages and roles are the
 * caller's. */
void journal_writer_register(const char *id, kg_command *out);

#endif

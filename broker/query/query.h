/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers to queries: JSON documents over the committed state. Who may ask which view at all is
 * the access table's matter (the caller); what an asker sees of it is decided here (DESIGN
 * section 8). Reads only. */
#ifndef KG_QUERY_H
#define KG_QUERY_H

#include "broker/domain/state.h"
#include "broker/query/disclosure_version.h"
#include "broker/query/volume_live.h"

typedef struct kg_asker {
    const char *organisation;
    uint32_t roles; /* of the key that asks */
} kg_asker;

/* What the state does not know, and disclosure's parameters. */
typedef struct kg_query_context {
    const char *version;    /* of the broker */
    const char *deployment; /* hexadecimal */
    uint64_t head;          /* journal sequence that the state stands at */
    const char *chain;      /* hexadecimal chain value of the head */
    bool leads;             /* this broker decides; else it follows one that does */
    uint64_t epoch;         /* of who leads */
    int64_t started_ms;
    const char *durability; /* a sentence: when a command counts as kept */
    const char *machine;    /* what the broker runs on; for administrators */
    uint64_t doors_lost;    /* how often the network's process ended; for administrators */
    const char *takes;      /* what there is room for, in a word, */
    const char *short_of;   /* and what there is too little of; or NULL */
    kg_date today;
    kg_volume_live *volume; /* of the same state, and has followed it */
    bool *later; /* set instead of an answer, when `volume` must be worked on first; or NULL: it
                    is done at once */
    const kg_version *published; /* what readers see; NULL: nothing was published yet */
    int disclosure_organisations_min; /* k: a cell with fewer is not shown to readers */
} kg_query_context;

/* Does the answer show members' lines to the coordinator of their round? Then the event that says
 * so comes first: `out` is set to its command, with texts of the state. */
bool kg_query_reads_lines(const kg_state *state, const kg_asker *asker, const kg_query *query,
                          kg_command *out);

/* Writes compact JSON (an object, or an array of objects for lists), without newline. Returns
 * KG_STATUS_OK or why not, with a sentence in `detail`. KG_VIEW_RESULT is not answered here. */
kg_status kg_query_answer(const kg_state *state, const kg_asker *asker, const kg_query *query,
                          const kg_query_context *context, kg_buffer *out,
                          char detail[static 600]);

#endif

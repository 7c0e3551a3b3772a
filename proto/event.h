/* SPDX-License-Identifier: EUPL-1.2 */
/* What was decided: the only thing that changes the state, and what the journal keeps. An event
 * is the command that was accepted, who gave it and when, and what the rules made of it, so that
 * a replay needs no clock and no grouping engine. */
#ifndef KG_EVENT_H
#define KG_EVENT_H

#include "proto/command.h"
#include "proto/outcome.h"

typedef struct kg_event {
    char actor[KG_ID_BYTES_MAX + 1]; /* organisation; "" = the broker itself */
    int64_t time_ms;
    kg_date today;
    uint64_t sequence;   /* of the journal; set by the caller before apply */
    kg_command command;  /* owned; its drafts are empty in an event, `lines` stand for them */
    kg_plan_line *lines; /* SUBMIT: checked lines, owned array; texts in command.arena */
    size_t lines_count;
    size_t unchanged;    /* SUBMIT: lines sent again as they stand, for the receipt's sentence; not
                            journalled */
    kg_catalogue *catalogue; /* CATALOGUE: what command.catalogue says, parsed; owned, taken by
                                apply. Not journalled: whoever decodes the event parses the text */
    /* ROUND_PROPOSE and ROUND_CONCLUDE: */
    kg_outcome *outcome; /* owned; line indices are places in the round's claims. CONCLUDE: the
                            re-run's, or NULL when there was none */
    char ruleset[65], input_digest[65]; /* PROPOSE */
} kg_event;

kg_event *kg_event_new(kg_kind kind);
void kg_event_destroy(kg_event **event);

#endif

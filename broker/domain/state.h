/* SPDX-License-Identifier: EUPL-1.2 */
/* The state: everything that was decided. check() says what a command would do, apply() does it.
 * Pure: no I/O, clock, randomness; the same events give the same state. One thread changes it;
 * while nobody does, any number may read. */
#ifndef KG_STATE_H
#define KG_STATE_H

#include "broker/domain/member.h"
#include "broker/domain/pool.h"
#include "broker/domain/practice.h"
#include "broker/domain/publishing.h"
#include "broker/domain/tender.h"
#include "proto/event.h"

typedef struct kg_state kg_state;

kg_state *kg_state_new(void);
void kg_state_destroy(kg_state **state);

/* When a command is decided. */
typedef struct kg_moment {
    int64_t time_ms; /* since 1970, UTC */
    kg_date today;
} kg_moment;

/* Who commands: the organisation behind the key, and what that key may do. The broker itself is
 * organisation "" with no roles. */
typedef struct kg_actor {
    const char *organisation;
    uint32_t roles;
} kg_actor;

/* A grouping to be run before a command can be decided: on any thread, while the state goes on.
 * Owns a copy of all it needs, but for the catalogue and the claimed lines, which the state
 * keeps as they are for its whole life. One thread at a time has it. */
typedef struct kg_job kg_job;
size_t kg_job_lines(const kg_job *job);
/* The first call makes it, which takes a while for millions of lines: call it on the thread that
 * runs the grouping. Lives as long as the job. */
const kg_grouping_input *kg_job_input(kg_job *job);
/* Canonical bytes for the two digests. */
void kg_job_write_rules(const kg_job *job, kg_sink sink);
void kg_job_write_lines(const kg_job *job, kg_sink sink);
void kg_job_destroy(kg_job **job);

/* What check() says: exactly one of an event, a job, or a rejection. */
typedef struct kg_decision {
    kg_status status;      /* KG_STATUS_OK with an event or a job; else why not */
    char detail[600];      /* a sentence about this case; "" = the status's own text */
    kg_problems problems;  /* lines refused: all problems; row = place in the message, from 1 */
    kg_event *event;       /* owned; NULL unless accepted */
    kg_job *job;           /* owned; NULL unless a grouping is needed first */
} kg_decision;

void kg_decision_init(kg_decision *decision);
void kg_decision_fini(kg_decision *decision);

/* May this actor do this now, and what follows? Takes the command's content (moved into the
 * event); the caller still calls kg_command_fini. The access table (roles) was asked before, by
 * the caller; ownership of rounds, lots and lines is asked here. */
void kg_state_check(const kg_state *state, const kg_actor *actor, kg_command *command,
                    kg_moment now, kg_decision *out);
/* The same for KG_KIND_CATALOGUE, the broker's own, whose text the caller has parsed: takes
 * *catalogue into the event when it is accepted. */
void kg_state_check_catalogue(const kg_state *state, kg_command *command,
                              kg_catalogue **catalogue, kg_moment now, kg_decision *out);
/* The second half for a command that needed a grouping: takes the outcome (its indices are those
 * of the job's input). Never gives another job: where the round or the catalogue changed since,
 * the command is refused with ROUND_BUSY. */
void kg_state_decide(const kg_state *state, const kg_actor *actor, kg_command *command,
                     kg_moment now, const kg_job *job, kg_outcome **outcome,
                     const char ruleset[65], const char input_digest[65], kg_decision *out);
/* Would a member have at most so many open lines (not withdrawn, and not placed in a round that is
 * concluded) after it submitted these? A submission that adds none always fits. `open` gets how
 * many it has, where they had to be counted. */
bool kg_state_lines_fit(const kg_state *state, uint32_t member, const kg_submit *submit,
                        size_t most, size_t *open);

/* Which command of the broker's own is due at this moment: start, close, conclude, expire, or
 * cancel (a round that was not confirmed when its award_by passed would hold its lines for ever).
 * False when none is; else `out` is initialised here. The caller decides it like any other (actor
 * "") and asks again. Each round is asked once on a walk, which begins with *walk 0. */
bool kg_state_due(const kg_state *state, kg_moment now, size_t *walk, kg_command *out);

/* Is a new version of the volume due for readers (a period of this many days has begun, counted
 * from a Monday, or a round was closed since the last one), and is there a reader? `out` is
 * initialised here, but for its rules. */
bool kg_state_publication_due(const kg_state *state, kg_moment now, int days, kg_command *out);

/* What changed: who has something new in its feed, and which lines of the pool are others now. One
 * or more events add to it until it is cleared. */
typedef struct kg_effects {
    uint32_t *members; /* owned; indices, each once */
    size_t count, capacity;
    uint8_t *told; /* owned; by member */
    size_t told_count;
    uint32_t *lines; /* owned; added, amended or withdrawn, in that order of events; one that
                        changed twice stands twice */
    size_t lines_count, lines_capacity;
    kg_pool_row *before; /* owned; of those that are not new, in that order: as each was */
    size_t before_count, before_capacity;
    bool catalogue_changed; /* categories have other numbers, lines without a CPV code perhaps
                               another: in every line */
    bool keys_changed; /* a key was registered or revoked */
    char result[KG_TEXT_BYTES_MAX + 1]; /* a sentence on what the last event changed, for the
                                           receipt */
} kg_effects;

/* How far they go, for who wants to know what one event adds. */
typedef struct kg_effects_mark {
    size_t lines, before;
} kg_effects_mark;

static inline kg_effects_mark kg_effects_now(const kg_effects *effects)
{
    return (kg_effects_mark){effects->lines_count, effects->before_count};
}

void kg_effects_init(kg_effects *effects);
void kg_effects_fini(kg_effects *effects);
void kg_effects_clear(kg_effects *effects);

/* Does an event that was decided elsewhere, in a journal that may be damaged or foreign, fit this
 * state? It asks what apply stands on and no more, so that what other rules decided still does.
 * False with half a sentence in `why`. */
bool kg_state_accepts(const kg_state *state, const kg_event *event, char why[static 200]);

/* Applies an accepted event. Cannot fail; borrows the event (texts are copied), but for its
 * catalogue, which it takes. event->sequence must be set. */
void kg_state_apply(kg_state *state, kg_event *event, kg_effects *effects);

/* Canonical bytes of the whole state, for its hash. */
void kg_state_write(const kg_state *state, kg_sink sink);

/* Writes the whole state into an archive, or makes a fresh state what the archive holds; the
 * catalogue in force (NULL before the first), which is then taken, and its text come beside it,
 * since it is read from the text. Nothing may wait for a job. */
void kg_state_archive(const kg_archive *archive, kg_state *state, kg_catalogue **catalogue,
                      const char *catalogue_text);

/* Memory in use, in bytes. */
typedef struct kg_state_usage {
    size_t columns; /* of lines */
    size_t texts;   /* what lines say at length */
    size_t keys;    /* finding lines by their keys */
    size_t members, feeds, rounds;
} kg_state_usage;
void kg_state_usage_read(const kg_state *state, kg_state_usage *out);

/* Reading. Pointers live until the next apply. */
const kg_catalogue *kg_state_catalogue(const kg_state *state); /* NULL before the first */
const char *kg_state_catalogue_text(const kg_state *state);
const kg_publishing *kg_state_publishing(const kg_state *state);
size_t kg_state_members(const kg_state *state);
const kg_member *kg_state_member(const kg_state *state, uint32_t index);
uint32_t kg_state_find_member(const kg_state *state, const char *organisation); /* or KG_NONE */
size_t kg_state_lines(const kg_state *state);
size_t kg_state_live_lines(const kg_state *state); /* that are not withdrawn */
kg_pool_columns kg_state_columns(const kg_state *state);
kg_pool_line kg_pool_get(const kg_state *state, uint32_t index);
/* The organisation's own key of a line; lives as long as the state. */
const char *kg_pool_key(const kg_state *state, uint32_t index);
uint32_t kg_state_find_line(const kg_state *state, uint32_t member, const char *key);
/* An organisation's lines, withdrawn ones too, by first submission. Returns owned. */
uint32_t *kg_state_lines_of(const kg_state *state, uint32_t member, size_t *count);
size_t kg_state_campaigns(const kg_state *state);
const kg_campaign *kg_state_campaign(const kg_state *state, uint32_t index);
uint32_t kg_state_find_campaign(const kg_state *state, const char *round);
/* A member among those whose lines the round claimed, or NULL. */
const kg_claimed_body *kg_campaign_body(const kg_state *state, const kg_campaign *campaign,
                                        uint32_t member);
size_t kg_state_lots(const kg_state *state);
const kg_lot *kg_state_lot(const kg_state *state, uint32_t index);
uint32_t kg_state_find_lot(const kg_state *state, const char *id);
size_t kg_state_tenders(const kg_state *state);
const kg_tender *kg_state_tender(const kg_state *state, uint32_t index);
uint32_t kg_state_find_tender(const kg_state *state, const char *id);
/* Retired ones too. */
size_t kg_state_practices(const kg_state *state);
const kg_good_practice *kg_state_practice(const kg_state *state, uint32_t index);
uint32_t kg_state_find_practice(const kg_state *state, uint32_t member, const char *key);

/* The round that a command concerns (a lot's id begins with its round's), or NULL: the caller
 * refuses it while that round is being grouped. `out` holds the id. */
const char *kg_command_round(const kg_command *command, char out[static KG_ID_BYTES_MAX + 1]);

#endif

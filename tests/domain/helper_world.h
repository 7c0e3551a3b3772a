/* SPDX-License-Identifier: EUPL-1.2 */
/* A small world for the tests of the domain: a state with a catalogue, organisations, a clock that
 * tests set, and one call that takes a command all the way: check, grouping where it needs one,
 * decide, apply. After every event the invariants of helper_invariants.h are looked at. */
#ifndef HELPER_WORLD_H
#define HELPER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "broker/domain/state.h"

#define COORDINATOR "COORD"

typedef struct world {
    kg_state *state;
    kg_effects effects;
    kg_moment now;
    uint64_t sequence;
    kg_decision decision; /* of the last command */
    bool job_ran;         /* the last command needed a grouping */
    uint32_t roles;       /* of the key that commands; 0: organisation, and COORD's coordinator */
    unsigned look_every; /* events between two looks at the invariants; 0 = every one */
    /* Called with every event before it is applied; NULL: nothing. */
    void (*seen)(void *context, const kg_event *event, const kg_catalogue *catalogue);
    /* Called after every event was applied, with its kind; `effects` are its own. NULL: nothing. */
    void (*applied)(void *context, kg_kind kind);
    void *context;
} world;

/* With the catalogue below, the coordinator COORD, and no other organisation; the day is
 * 2026-11-24. */
void world_init(world *w);
void world_fini(world *w);
void world_day(world *w, const char *date);
kg_date day(const char *date);

/* Takes the command (it is empty afterwards). Returns the status. */
kg_status world_do(world *w, const char *actor, kg_command *command);
/* The same, and it must be taken. */
void world_must(world *w, const char *actor, kg_command *command);
/* All that is due; returns how many commands. */
size_t world_due(world *w);
const char *world_detail(const world *w);
/* Changes the catalogue to this text. */
kg_status world_catalogue(world *w, const char *text);

/* "nl fr"; an organisation that can lead where `leads`, sub-central. */
void world_register(world *w, const char *id, const char *languages, bool leads);
/* Fills a record; for tests that change it before they send it. */
void record_init(kg_organisation *record, const char *id, const char *languages);

/* Lines as "line=a1|quantity=5|track=kopgroep", separated by line breaks; columns that are not
 * named have a default that makes a sound line (10 laptops of 800 EUR, delivered in 2027 in
 * BE211). */
kg_command submit_command(const char *lines);
kg_status world_submit(world *w, const char *organisation, const char *lines);
void world_plan(world *w, const char *organisation, const char *lines); /* must be taken */
kg_status world_withdraw(world *w, const char *organisation, const char *keys);

/* A round of all laptops in BE: opens 2026-11-01, closes 2027-01-15, confirm_by 2027-02-01,
 * reconfirm_by 2027-02-15, award_by 2027-03-01, bodies_min 3. */
kg_command round_command(const char *id);
kg_command step_command(kg_kind kind, const char *round);
kg_command lot_command(kg_kind kind, const char *lot, const char *keys);
kg_status world_step(world *w, kg_kind kind, const char *round); /* by COORD */
kg_status world_answer(world *w, const char *organisation, kg_kind kind, const char *lot,
                       const char *keys);
kg_command launch_command(const char *tender, const char *lots, const char *lead);
kg_command award_command(const char *lot);
/* Cheap NV (600 EUR, 3 years) and Lasting NV (900 EUR, 6 years, warranty-years=5). */
kg_command offers_command(const char *lot);
/* For laptops and warranty-years, in Dutch. */
kg_command practice_command(const char *key, bool clause);
kg_command retire_command(const char *key);
/* Opens R1 and takes it as far as a state: 'o'pen, 'c'losed, 'p'roposed, confirmin'g'. */
void world_round(world *w, char until);

/* A to F, one laptop line each (a1 ... f1): A and B work in nl, C and D in nl and fr, E and F in
 * fr; A, C and D can lead. They make two lots, R1/laptop/BE/1 of A B C and /2 of D E F. */
void world_cast(world *w);
/* The same with more columns for the line of one organisation. */
void world_cast_but(world *w, const char *organisation, const char *columns);
#define LOT1 "R1/laptop/BE/1"
#define LOT2 "R1/laptop/BE/2"
#define LOT3 "R1/laptop/BE/3"

/* Texts in a command's arena; words are separated by spaces. */
const char *keep(kg_command *command, const char *text);
kg_texts words(kg_command *command, const char *text);

const kg_campaign *campaign_of(const world *w, const char *round);
const kg_lot *lot_of(const world *w, const char *id);
kg_pool_line line_of(const world *w, const char *organisation, const char *key);
/* Its claim in the last round that claimed it. */
const kg_claim *claim_of(const world *w, const char *organisation, const char *key);
/* "" when it is in no lot. */
const char *lot_id_of(const world *w, const char *organisation, const char *key);
const kg_feed *feed_of(const world *w, const char *organisation);
/* How many entries of a kind. */
size_t feed_count(const world *w, const char *organisation, kg_feed_kind kind);
/* The last of a kind, or fails. */
const kg_feed_entry *feed_last(const world *w, const char *organisation, kg_feed_kind kind);

/* Status by name, for tables. */
#define assert_status(expected, actual)                                                            \
    assert_string_equal(kg_status_name(expected), kg_status_name(actual))

extern const char catalogue_text[];

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What the load generators send: organisations with keys of their own, and their signed messages,
 * all made before a clock starts, as bench/limit_broker's clients do. */
#ifndef SUBMIT_LOAD_H
#define SUBMIT_LOAD_H

#include "compare_workload.h"
#include "plan_workload.h"
#include "proto/access_file.h"
#include "proto/codec.h"
#include "proto/identity.h"

typedef struct submit_frame {
    uint8_t *bytes; /* owned */
    size_t count;
    uint8_t request_id[KG_REQUEST_ID_BYTES];
} submit_frame;

/* One organisation and what it will send. */
typedef struct submit_member {
    kg_identity *identity; /* owned */
    submit_frame *frames;  /* owned */
    size_t count;
} submit_member;

typedef struct submit_load {
    const kg_broker_access *access; /* borrowed */
    workload lines;
    const compare_workload *compare; /* borrowed; NULL: lines of the plan workload */
    uint64_t next_line; /* each line is sent once */
} submit_load;

void submit_load_init(submit_load *load, const kg_broker_access *access);
void submit_load_fini(submit_load *load);

/* Fresh keys; the id is "NAME-NUMBER". */
void submit_member_init(submit_member *member, const char *name, size_t number);
void submit_member_fini(submit_member *member);
/* `count` submissions of `lines` lines each; `parts`: all of them are one plan. */
void submit_member_prepare(submit_load *load, submit_member *member, size_t count, size_t lines,
                           bool parts);
/* What registers the member, signed by the administrator. */
submit_frame submit_register_frame(const submit_load *load, const submit_member *member,
                                   const kg_identity *administrator);

#endif

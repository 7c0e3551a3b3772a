/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may do what to whose: what the broker has to answer, written by hand out of the design and
 * not out of the broker's own table. */
#ifndef ACCESS_TABLE_H
#define ACCESS_TABLE_H

#include "proto/command.h"
#include "proto/status.h"

/* Whose the thing is that a request names. */
typedef enum access_object {
    OWN,     /* a line, lot, round, tender or organisation of the asker's */
    FOREIGN, /* one of others */
    ABSENT,  /* one that is not there */
    OTHER,   /* an own lot, but in the name of another organisation */
    OBJECTS
} access_object;

typedef enum access_role { ROLE_O, ROLE_C, ROLE_R, ROLE_A, ROLE_W, ROLES } access_role;

typedef struct access_row {
    int what; /* a kg_kind, or a kg_view */
    access_object object;
    kg_status expected[ROLES];
} access_row;

extern const access_row access_commands[], access_views[];
extern const size_t access_commands_count, access_views_count;

#endif

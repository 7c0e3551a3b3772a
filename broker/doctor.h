/* SPDX-License-Identifier: EUPL-1.2 */
/* Is this machine fit to run a broker? A line a check: PASS, WARN or FAIL, what was found, and
 * how to mend it. Looks only; what it writes it removes. */
#ifndef KG_DOCTOR_H
#define KG_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct kg_doctor_library {
    const char *name, *version;
    const char *least; /* earlier ones have known holes; NULL: not said */
} kg_doctor_library;

typedef struct kg_doctor_input {
    const char *folder;           /* the broker's */
    const char *journal;          /* the journal's, or NULL: there is none yet */
    bool elsewhere;               /* that is a server's */
    bool alone;                   /* no standby is wanted there */
    const char *const *endpoints; /* "tcp://host:port" that the broker binds */
    size_t endpoints_count;
    uint64_t disk_reserve_bytes; /* 0 = the journal's default */
    uint64_t map_bytes;          /* of the journal; 0 = its default */
    const kg_doctor_library *libraries;
    size_t libraries_count;
} kg_doctor_input;

/* 0 when every check passed or warned, 1 when one failed. Before there are threads. */
int kg_doctor(const kg_doctor_input *input, FILE *out);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What a test and the libraries that it preloads into a broker have in common: a file that both
 * map. Its path is in the environment, under a name that the broker's door inherits, too. */
#ifndef FAULT_SHIM_CONTROL_H
#define FAULT_SHIM_CONTROL_H

#include <stdatomic.h>

#define SHIM_CONTROL "LD_KOPGROEP_FAULT"

typedef enum shim_kind {
    SHIM_EIO,
    SHIM_ENOSPC,
    SHIM_SHORT, /* half is written, and said so; other calls fail with EIO */
    SHIM_KILL,  /* the process ends before the call */
    SHIM_HALF   /* the process ends when half is written, or before another call */
} shim_kind;

typedef struct shim_control {
    char folder[200]; /* what the paths of files that count hold */
    shim_kind kind;
    atomic_int door;    /* the door's calls count, not those of the broker's other processes */
    atomic_int fail_at; /* the call that fails, from 1 on; 0: none */
    atomic_int calls;
    atomic_int hit; /* 1: it failed, and this is which */
    char call[20], file[60];
} shim_control;

#endif

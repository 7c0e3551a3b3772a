/* SPDX-License-Identifier: EUPL-1.2 */
/* A broker whose n-th call fails, by a preloaded library, and members at work beside it. Ends the
 * program when something cannot be done. */
#ifndef FAULT_SHIMMED_H
#define FAULT_SHIMMED_H

#include "tests/fault/shim_control.h"
#include "tests/fault/swarm.h"

/* How it went on. */
typedef enum shimmed_end {
    SHIMMED_STOPPED, /* it served, and stopped as asked */
    SHIMMED_SAID,    /* it ended with exit status 4, and its log says why */
    SHIMMED_ABORTED, /* by abort(), which a library does without a word */
    SHIMMED_CRASHED, /* for want of memory, while it read its settings: a library's fault */
    SHIMMED_KILLED,  /* by the library */
    SHIMMED_WRONG
} shimmed_end;

typedef struct shimmed {
    struct swarm swarm;
    const char *kopgroepd; /* borrowed */
    shim_control *control; /* shared with the broker */
    char witness[4300];    /* the path of a witness's key */
    char error[300];       /* of the last run that went wrong */
} shimmed;

/* Makes a broker and its members, with the library in its environment from then on, and nothing
 * failing yet; it is not running. */
void shimmed_start(shimmed *it, const char *kopgroepd, const char *library);
/* Starts the broker, has each member answered some times and a witness cosign, and stops it; call n
 * of it fails, or none. What came is taken. `error` is filled when it ended in no way it may. */
shimmed_end shimmed_run(shimmed *it, int n);
/* Then starts it with nothing failing, and looks whether all is there; ends it by SIGKILL or as one
 * stops it. What is wrong, or NULL. */
const char *shimmed_recover(shimmed *it, bool by_kill);
/* Is there a row with the text in the log of the last run? NULL: one that tells neither of what is
 * as it should be nor of what is only to be known. */
bool shimmed_said(const shimmed *it, const char *text);
/* Runs `kopgroepd ARGUMENT...`, call n of which fails; the exit status, 4 for an abort that
 * says why, -1 for an end by another
 * signal, -2 when it failed and said nothing. */
int shimmed_command(shimmed *it, int n, char *const *arguments);
/* What is wrong in the journal, or NULL. */
const char *shimmed_finish(shimmed *it);

#endif

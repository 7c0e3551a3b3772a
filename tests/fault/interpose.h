/* SPDX-License-Identifier: EUPL-1.2 */
/* The system calls by which a process changes files, defined in the test program itself: the
 * linker takes these before the C library's, for LMDB as well, so no preloading is needed and
 * sanitizers do not mind. Calls on other folders pass straight through. */
#ifndef KG_FAULT_INTERPOSE_H
#define KG_FAULT_INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef enum fault_call {
    FAULT_WRITE, /* write, pwrite, writev: bytes at a place */
    FAULT_SYNC,  /* fsync, fdatasync, msync */
    FAULT_RESIZE /* ftruncate */
} fault_call;

typedef enum fault_verdict {
    FAULT_PASS,
    FAULT_EIO,
    FAULT_ENOSPC,
    FAULT_SHORT,    /* half is written, and said so; a sync or resize fails with EIO */
    FAULT_KILL,     /* the process ends before the call */
    FAULT_KILL_HALF, /* the process ends when half is written */
    FAULT_SKIP       /* nothing is done, and success said: only for a sync */
} fault_verdict;

/* What a call is about. `name` is the file's name in the watched folder, "" the folder itself. */
typedef struct fault_event {
    fault_call call;
    const char *name;
    bool synchronous; /* O_SYNC or O_DSYNC */
    const struct iovec *parts;
    int count;
    off_t at;
} fault_event;

typedef fault_verdict (*fault_hook)(void *context, const fault_event *event);

/* Watches a folder (NULL = none): the hook decides about each call on a file in it. */
void fault_watch(const char *folder, fault_hook hook, void *context);

#endif

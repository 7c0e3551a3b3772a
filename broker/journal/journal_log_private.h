/* SPDX-License-Identifier: EUPL-1.2 */
/* What a log is, for the two files that make it up: journal_log.c, and journal_log_look.c, which
 * finds what is in it. */
#ifndef KG_JOURNAL_LOG_PRIVATE_H
#define KG_JOURNAL_LOG_PRIVATE_H

#include <pthread.h>

#include "broker/journal/journal_log.h"
#include "broker/journal/journal_log_file.h"

#define KG_LOG_FILES 2

/* A frame that was not let go. */
typedef struct kg_log_held {
    uint64_t first, last; /* sequences */
    uint64_t at, bytes;   /* of its records */
    int file;
} kg_log_held;

struct kg_log {
    char *folder;
    kg_log_file files[KG_LOG_FILES];
    /* The appending thread's own: */
    int current;
    uint64_t end;   /* of the frames in the current file */
    uint8_t *frame; /* the one that is being made, its head included */
    size_t frame_bytes, frame_room;
    kg_log_held written; /* to be held once it is durable */
    /* Under the mutex: */
    pthread_mutex_t mutex;
    pthread_cond_t let_go;
    kg_log_held *held; /* in order, from `oldest` to `count` */
    size_t oldest, count, room;
    size_t held_in[KG_LOG_FILES];
    uint64_t held_bytes;
    bool abandoned;
};

/* With the mutex held, or before there are threads. */
void kg_log_hold(kg_log *log, const kg_log_held *held);

#endif

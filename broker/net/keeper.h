/* SPDX-License-Identifier: EUPL-1.2 */
/* The broker's side of a door, for the files that make it: keeper.c starts doors on a thread of its
 * own, and ends them; keeper_carry.c is what is carried to and fro; keeper_lone.c lets the core's
 * thread carry, while there is little to do. */
#ifndef KG_KEEPER_H
#define KG_KEEPER_H

#include "broker/net/net_private.h"

typedef enum kg_keeper_state { KEEPER_BEGINS, KEEPER_STANDS, KEEPER_FAILED } kg_keeper_state;

/* The line is the channel and what is known of the door at its other end. Who has it says `line`;
 * that one alone touches it, and gives it away. */
typedef enum kg_keeper_line {
    KEEPER_HAS_LINE,
    CORE_HAS_LINE,
    KEEPER_HOLDS_LINE /* the net ends: it is offered no more */
} kg_keeper_line;

typedef struct kg_keeper {
    kg_net *net;
    kg_frame_begin begin; /* what a door is told; once one stands, with its ports */
    void (*tell)(void *context, kg_net_news news, const char *text);
    void *context;
    kg_channel *channel; /* owned; NULL: there is no door */
    pid_t pid;
    uint32_t door; /* its number */
    bool open;     /* it said so */
    bool faulty;   /* it is to be ended; the keeper's own thread does that */
    const char *fault; /* why; NULL: it ended by itself, and says so by its status */
    char failure[300]; /* what it said itself */
    bool stopping;
    atomic_bool renew;
    kg_frame_counts counted;              /* what this door said */
    int64_t began_ms, moved_ms, again_ms; /* monotonic: began, took something, next is due */
    int64_t crowd_told_ms;                /* again from then on */
    unsigned short_lives;
    size_t came;      /* messages at the last time of carrying */
    unsigned calm;    /* times of carrying in a row with few of them */
    int64_t silent_ms; /* monotonic: nothing having come until then, all is silent */
    atomic_int line;  /* a kg_keeper_line */
    int back;         /* eventfd: the line is the keeper's again */
    bool awake;       /* what comes next is likely to come soon: the core looks for it awake */
    bool several_cpus; /* and may: others have where to run meanwhile */
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t settled;
    kg_keeper_state state;
    char error[300];
} kg_keeper;

/* Milliseconds of a clock that only goes forward. */
int64_t kg_keeper_now_ms(void);
void kg_keeper_tell(const kg_keeper *keeper, kg_net_news news, const char *text);
/* What became of the first door. */
void kg_keeper_settle(kg_keeper *keeper, kg_keeper_state state, const char *error);

/* --- keeper_carry.c: with the line --- */
#define KG_KEEPER_OPENING_MS 20000 /* the door tries for its ports, and tries itself */
#define KG_KEEPER_DEAF_MS 10000    /* so long it may take nothing of what it is owed */
/* May more be owed to the door? Else it waits in the queue. */
bool kg_keeper_may_owe(const kg_keeper *keeper);
/* Takes what the core queued. */
void kg_keeper_take_outbound(kg_keeper *keeper);
/* Sends what is owed, and takes what came, if it is `readable`. False when the door is faulty. */
bool kg_keeper_talk(kg_keeper *keeper, bool readable);

/* --- keeper_lone.c --- */
/* The keeper's thread: gives the line to the core when there was little to carry of late. */
void kg_keeper_offer(kg_keeper *keeper);
/* It looks then whether to, though nothing came; INT64_MAX: that is not to be looked at. */
int64_t kg_keeper_offers_at_ms(const kg_keeper *keeper);
bool kg_keeper_is_lone(const kg_keeper *keeper);
/* Once, at the beginning. */
void kg_keeper_count_cpus(kg_keeper *keeper);

#endif

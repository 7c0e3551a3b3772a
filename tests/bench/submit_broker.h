/* SPDX-License-Identifier: EUPL-1.2 */
/* A broker of one's own for a measurement, in a fresh folder. Ends the program when it cannot, and
 * ends with the program. */
#ifndef SUBMIT_BROKER_H
#define SUBMIT_BROKER_H

#include <sys/types.h>

#include "proto/access_file.h"
#include "proto/identity.h"

typedef struct submit_broker {
    char folder[4096];
    pid_t pid;
    kg_broker_access access;
    kg_identity *administrator; /* owned */
} submit_broker;

/* Makes PARENT/submit.PID with the workload's catalogue, and serves, at ports that are free and
 * stay the same. */
void submit_broker_start(submit_broker *broker, const char *kopgroepd, const char *parent);
/* The same in two steps: the folder of the broker is FOLDER/broker. */
void submit_broker_found(submit_broker *broker, const char *kopgroepd, const char *parent);
/* Between the two: moves its journal to PostgreSQL. */
void submit_broker_move(const submit_broker *broker, const char *kopgroepd, const char *place);
void submit_broker_serve(submit_broker *broker, const char *kopgroepd);
/* Starts it, and does not wait. */
void submit_broker_begin(submit_broker *broker, const char *kopgroepd);
/* Writes its checkpoint anew; it need not serve. */
void submit_broker_checkpoint(const submit_broker *broker, const char *kopgroepd);
/* As a crash would. It may serve again. */
void submit_broker_kill(submit_broker *broker);
/* The process that has its sockets; the last one, where there were several. */
pid_t submit_broker_door(const submit_broker *broker);
/* How often its log of this start tells of an event. */
size_t submit_broker_told(const submit_broker *broker, const char *event);
/* CPU time that it has used, seconds. */
double submit_broker_cpu(const submit_broker *broker);
/* Resident memory, MiB; of the broker, or of its door. */
double submit_broker_memory(const submit_broker *broker);
double submit_broker_door_memory(const submit_broker *broker);
/* Bytes that the journal takes on the disk. */
double submit_broker_journal(const submit_broker *broker);
/* Stops it; removes the folder unless `keep`. */
void submit_broker_stop(submit_broker *broker, bool keep);
void submit_broker_remove(const submit_broker *broker);

#endif

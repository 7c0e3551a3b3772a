/* SPDX-License-Identifier: EUPL-1.2 */
/* The broker's access file: what a client must know to reach a broker and to be sure that it is
 * the right one. The broker writes it at start; the administrator hands it out; it holds no
 * secret. Text, one setting a line. */
#ifndef KG_ACCESS_FILE_H
#define KG_ACCESS_FILE_H

#include "proto/problem.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct kg_broker_access {
    uint8_t deployment[16];
    char requests[256], feeds[256]; /* endpoints */
    uint8_t key[32];                /* the broker's CURVE public key */
    uint8_t sign[32];               /* its Ed25519 one: what it signs the journal's tree with */
} kg_broker_access;

/* Adds every problem; returns whether there was none. */
bool kg_broker_access_read(const char *path, kg_broker_access *out, kg_problems *problems);
/* Replaces the file as a whole (a new file, renamed over the old). False with errno set. */
bool kg_broker_access_write(const char *path, const kg_broker_access *access);

#endif

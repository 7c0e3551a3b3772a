/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables of wrong settings files, with what must be said of each. */
#ifndef KG_TEST_HELPER_SETTINGS_H
#define KG_TEST_HELPER_SETTINGS_H

#include "proto/problem.h"
#include "proto/sink.h"

typedef struct wrong_file {
    const char *name, *text;
    const char *expected; /* "ROW STATUS column value", one a line; - where there is none */
} wrong_file;

/* Fails the test, naming the case, unless the problems are exactly these in this order. */
void need_told(const char *name, const kg_problems *problems, const char *expected);
/* The bytes that a writer made, for comparison; fails unless `same` says whether they agree. */
void need_bytes(const char *name, const kg_buffer *a, const kg_buffer *b, int same);

#endif

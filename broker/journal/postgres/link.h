/* SPDX-License-Identifier: EUPL-1.2 */
/* One connection to a PostgreSQL server. link.c alone includes libpq. Nothing waits for ever: what
 * is not answered in time counts as broken, and a link that broke can be opened again. One thread
 * at a time. Failures leave a sentence in kg_journal_error(). */
#ifndef KG_POSTGRES_LINK_H
#define KG_POSTGRES_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KG_LINK_PARAMETERS 6

typedef struct kg_link kg_link;

/* Is it a connection string (postgresql://... or host=... dbname=...)? */
bool kg_link_takes(const char *place);
/* Whether libpq can read it, and whether it is free of passwords, which are for a file of their
 * own: so it may be shown. */
bool kg_link_place_good(const char *place);

/* `writes`: only to a server that takes writes. Returns owned, not connected yet. */
kg_link *kg_link_new(const char *place, bool writes);
void kg_link_destroy(kg_link **link);
/* Connects anew. False with a sentence. */
bool kg_link_open(kg_link *link);
bool kg_link_is_open(const kg_link *link);
/* Of the next questions: how long one may take. */
void kg_link_patience(kg_link *link, int64_t wait_ms);

typedef enum kg_link_result {
    KG_LINK_DONE,
    KG_LINK_WARNED,  /* done, and the server warned: perhaps it did not wait for a standby */
    KG_LINK_REFUSED, /* the server answered no, and will again */
    KG_LINK_UNKNOWN  /* the connection broke, the server was ending, or no answer in time: whether
                        it was done is not known. The link is closed */
} kg_link_result;

/* What is given to a statement, in PostgreSQL's binary form; the types are the statement's. */
typedef struct kg_link_value {
    const void *bytes; /* NULL: null */
    size_t count;
} kg_link_value;

typedef struct kg_link_row kg_link_row;
bool kg_link_null(const kg_link_row *row, int column);
int64_t kg_link_number(const kg_link_row *row, int column); /* of a bigint */
/* Bytes of a bytea, or of a text, NUL-ended; live as long as the row. */
const uint8_t *kg_link_bytes(const kg_link_row *row, int column, size_t *count);

/* Called for each row; false ends it, and the rest is thrown away. */
typedef bool (*kg_link_each)(void *context, const kg_link_row *row);

typedef struct kg_link_question {
    const char *sql;
    kg_link_value values[KG_LINK_PARAMETERS];
    int values_count;
    kg_link_each each; /* or NULL */
    void *context;
    uint64_t rows; /* filled in: that were given, or changed */
} kg_link_question;

/* Has the server keep this statement ready, until the link is opened anew; one a link, whose text
 * is the same pointer when it is asked. */
kg_link_result kg_link_prepare(kg_link *link, const char *sql);

/* Asks in one transaction and one round trip, whole or not at all. */
kg_link_result kg_link_ask(kg_link *link, kg_link_question *questions, size_t count);

#endif

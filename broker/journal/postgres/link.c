/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/postgres/link.h"

#include <errno.h>
#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_record.h"
#include "broker/journal/postgres/wait.h"
#include "proto/memory.h"
#include "proto/text.h"

#define PATIENCE_MS 10000
#define PREPARED "kopgroep"

struct kg_link {
    char *place; /* owned */
    bool writes;
    PGconn *connection; /* owned; NULL: closed */
    bool warned;
    const char *prepared; /* NULL: none */
    int64_t patience_ms;
};

struct kg_link_row {
    const PGresult *result;
    int number;
};

/* ---- the place ---- */

bool kg_link_takes(const char *place)
{
    PQconninfoOption *options;

    if (strncmp(place, "postgresql://", 13) == 0 || strncmp(place, "postgres://", 11) == 0)
        return true;
    if (place[0] == '/' || place[0] == '.' || !strchr(place, '='))
        return false;
    options = PQconninfoParse(place, NULL);
    PQconninfoFree(options);
    return options != NULL;
}

bool kg_link_place_good(const char *place)
{
    PQconninfoOption *options = PQconninfoParse(place, NULL);
    bool secret = false;

    /* libpq's sentence may repeat what it could not read, and so a secret. */
    if (!options)
        return kg_journal_fail("the journal's place is no connection string that libpq can read: "
                               "postgresql://USER@HOST/DATABASE");
    for (const PQconninfoOption *option = options; option->keyword; option++)
        secret |= option->val && strstr(option->keyword, "password") != NULL;
    PQconninfoFree(options);
    return !secret ||
           kg_journal_fail("the journal's place holds a password, which whoever sees the "
                           "settings would read: put it in a file that only the broker may read "
                           "(passfile=...), or let it use a certificate");
}

/* ---- connecting ---- */

/* A commit that did not wait for its standby says so in a warning, and counts as done. */
static void hear(void *context, const PGresult *result)
{
    kg_link *link = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

    link->warned |= severity && strcmp(severity, "WARNING") == 0;
}

kg_link *kg_link_new(const char *place, bool writes)
{
    kg_link *link = kg_alloc(1, sizeof(*link));

    link->place = kg_strdup(place);
    link->writes = writes;
    link->patience_ms = PATIENCE_MS;
    return link;
}

static void hang_up(kg_link *link)
{
    PQfinish(link->connection);
    link->connection = NULL;
    link->prepared = NULL;
}

void kg_link_destroy(kg_link **link_p)
{
    kg_link *link = *link_p;

    if (!link)
        return;
    hang_up(link);
    free(link->place);
    free(link);
    *link_p = NULL;
}

void kg_link_patience(kg_link *link, int64_t wait_ms)
{
    link->patience_ms = wait_ms;
}

bool kg_link_is_open(const kg_link *link)
{
    return link->connection != NULL;
}

/* libpq's sentences end with a newline, and may be several. */
static bool complain(const char *what, const char *why)
{
    char text[300];

    kg_text_format(text, sizeof(text), "%s", why);
    for (char *at = text; *at; at++)
        *at = *at == '\n' ? (at[1] ? ';' : '\0') : *at;
    return kg_journal_fail("the journal's PostgreSQL %s: %s", what, text);
}

bool kg_link_open(kg_link *link)
{
    /* What the place says comes later, and so wins. */
    const char *const names[] = {"connect_timeout",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "fallback_application_name",
                                 "client_encoding",
                                 "target_session_attrs",
                                 "dbname",
                                 NULL};
    const char *const values[] = {
        "5",         "5",         "2",    "3",
        "15000",     "kopgroepd", "UTF8", link->writes ? "read-write" : "any",
        link->place, NULL};

    hang_up(link);
    link->connection = PQconnectdbParams(names, values, 1);
    if (!link->connection)
        abort(); /* no memory */
    if (PQstatus(link->connection) != CONNECTION_OK || PQsetnonblocking(link->connection, 1) != 0 ||
        PQenterPipelineMode(link->connection) != 1) {
        complain("cannot be reached", PQerrorMessage(link->connection));
        hang_up(link);
        return false;
    }
    PQsetNoticeReceiver(link->connection, hear, link);
    return true;
}

/* ---- rows ---- */

bool kg_link_null(const kg_link_row *row, int column)
{
    return PQgetisnull(row->result, row->number, column);
}

int64_t kg_link_number(const kg_link_row *row, int column)
{
    if (PQgetlength(row->result, row->number, column) != 8)
        return 0;
    return (int64_t)kg_record_get_u64(
        (const uint8_t *)PQgetvalue(row->result, row->number, column));
}

const uint8_t *kg_link_bytes(const kg_link_row *row, int column, size_t *count)
{
    *count = (size_t)PQgetlength(row->result, row->number, column);
    return (const uint8_t *)PQgetvalue(row->result, row->number, column);
}

/* ---- asking ---- */

static bool send(kg_link *link, const kg_link_question *question)
{
    const char *values[KG_LINK_PARAMETERS];
    int lengths[KG_LINK_PARAMETERS], formats[KG_LINK_PARAMETERS];

    for (int i = 0; i < question->values_count; i++) {
        if (question->values[i].count > INT_MAX)
            return false;
        values[i] = question->values[i].bytes;
        lengths[i] = (int)question->values[i].count;
        formats[i] = 1;
    }
    if (question->sql == link->prepared)
        return PQsendQueryPrepared(link->connection, PREPARED, question->values_count, values,
                                   lengths, formats, 1) == 1;
    return PQsendQueryParams(link->connection, question->sql, question->values_count, NULL, values,
                             lengths, formats, 1) == 1;
}

/* Waits until a result can be taken without waiting. */
static bool wait_for_result(kg_link *link, int64_t until_ms)
{
    int flushed = PQflush(link->connection);

    while (flushed == 1 || (flushed == 0 && PQisBusy(link->connection))) {
        struct pollfd socket = {.fd = PQsocket(link->connection),
                                .events = (short)(POLLIN | (flushed == 1 ? POLLOUT : 0))};
        int64_t left_ms = until_ms - kg_wait_now_ms();

        if (left_ms <= 0)
            return complain("gives no answer", "it is stopped, out of reach, or waits for a "
                                               "standby that is not there");
        if (poll(&socket, 1, (int)left_ms) < 0 && errno != EINTR)
            return complain("gives no answer", strerror(errno));
        if (PQconsumeInput(link->connection) != 1)
            return complain("broke off", PQerrorMessage(link->connection));
        flushed = PQflush(link->connection);
    }
    return flushed == 0 || complain("broke off", PQerrorMessage(link->connection));
}

/* Said by a server that ends, is a standby now, or would let it pass another time. */
static bool is_passing(const char *state)
{
    return !state || strncmp(state, "08", 2) == 0 || strncmp(state, "40", 2) == 0 ||
           strncmp(state, "53", 2) == 0 || strncmp(state, "57", 2) == 0 ||
           strncmp(state, "58", 2) == 0 || strcmp(state, "25006") == 0;
}

static kg_link_result refusal(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *why = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    complain("refused", why ? why : PQresultErrorMessage(result));
    return is_passing(state) ? KG_LINK_UNKNOWN : KG_LINK_REFUSED;
}

static void give_rows(kg_link_question *question, const PGresult *result, bool *stopped)
{
    kg_link_row row = {.result = result};

    for (; row.number < PQntuples(result) && !*stopped; row.number++) {
        *stopped = question->each && !question->each(question->context, &row);
        question->rows++;
    }
}

static kg_link_result take_result(kg_link_question *question, const PGresult *result, bool *stopped)
{
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
        give_rows(question, result, stopped);
        return KG_LINK_DONE;
    case PGRES_COMMAND_OK:
        question->rows = strtoull(PQcmdTuples((PGresult *)result), NULL, 10);
        return KG_LINK_DONE;
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
        return KG_LINK_DONE;
    default:
        return refusal(result);
    }
}

/* All results up to the end of the transaction, which comes after its commit. */
static kg_link_result take_results(kg_link *link, kg_link_question *questions, size_t count)
{
    const int64_t until_ms = kg_wait_now_ms() + link->patience_ms;
    kg_link_result got = KG_LINK_DONE;
    bool ended = false, stopped = false;
    size_t at = 0;

    while (!ended) {
        PGresult *result;
        kg_link_result one;

        if (!wait_for_result(link, until_ms))
            return KG_LINK_UNKNOWN;
        result = PQgetResult(link->connection);
        if (!result) { /* one question's results are over */
            if (++at > count || PQstatus(link->connection) != CONNECTION_OK)
                return KG_LINK_UNKNOWN;
            stopped = false;
            continue;
        }
        ended = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        one = take_result(&questions[at < count ? at : count - 1], result, &stopped);
        got = got == KG_LINK_DONE ? one : got;
        PQclear(result);
        if (PQstatus(link->connection) != CONNECTION_OK)
            return KG_LINK_UNKNOWN;
    }
    return got;
}

kg_link_result kg_link_prepare(kg_link *link, const char *sql)
{
    kg_link_question none = {0};
    kg_link_result got = KG_LINK_UNKNOWN;

    if (PQsendPrepare(link->connection, PREPARED, sql, 0, NULL) == 1 &&
        PQpipelineSync(link->connection) == 1)
        got = take_results(link, &none, 1);
    if (got == KG_LINK_UNKNOWN)
        hang_up(link);
    if (got == KG_LINK_DONE)
        link->prepared = sql;
    return got;
}

kg_link_result kg_link_ask(kg_link *link, kg_link_question *questions, size_t count)
{
    kg_link_result got = KG_LINK_UNKNOWN;
    bool good = link->connection != NULL;

    link->warned = false;
    for (size_t i = 0; good && i < count; i++) {
        questions[i].rows = 0;
        good = send(link, &questions[i]) ||
               complain("cannot be asked", PQerrorMessage(link->connection));
    }
    /* A long answer is not gathered first. */
    if (good && count == 1 && questions->each)
        PQsetSingleRowMode(link->connection);
    if (good && PQpipelineSync(link->connection) == 1)
        got = take_results(link, questions, count);
    if (got == KG_LINK_UNKNOWN && link->connection)
        hang_up(link);
    return got == KG_LINK_DONE && link->warned ? KG_LINK_WARNED : got;
}

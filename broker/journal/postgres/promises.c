/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/postgres/promises.h"

#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/postgres/statements.h"
#include "proto/text.h"

typedef struct promises {
    char fsync[8], pages[8], commit[16], names[200]; /* "" = the server does not know it */
    int64_t standbys, seen, synchronous;             /* seen: whose state may be read */
} promises;

static void keep(const kg_link_row *row, int column, char *out, size_t size)
{
    size_t count;
    const uint8_t *text = kg_link_bytes(row, column, &count);

    kg_text_format(out, size, "%.*s", (int)count, (const char *)text);
}

static bool keep_settings(void *context, const kg_link_row *row)
{
    promises *it = context;

    keep(row, 0, it->fsync, sizeof(it->fsync));
    keep(row, 1, it->pages, sizeof(it->pages));
    keep(row, 2, it->commit, sizeof(it->commit));
    keep(row, 3, it->names, sizeof(it->names));
    return true;
}

static bool keep_standbys(void *context, const kg_link_row *row)
{
    promises *it = context;

    it->standbys = kg_link_number(row, 0);
    it->seen = kg_link_number(row, 1);
    it->synchronous = kg_link_number(row, 2);
    return true;
}

static bool synced(const promises *it, bool alone)
{
    const bool unknown = alone && it->fsync[0] == '\0';

    if (!unknown && strcmp(it->fsync, "on") != 0)
        return kg_journal_fail("the journal's PostgreSQL runs with fsync = off: a crash would "
                               "lose what was acknowledged; set it on");
    if (!unknown && strcmp(it->pages, "on") != 0)
        return kg_journal_fail("the journal's PostgreSQL runs with full_page_writes = off: a crash "
                               "could tear its pages; set it on");
    return true;
}

static bool replicated(const promises *it)
{
    if (it->names[0] == '\0')
        return kg_journal_fail("the journal's PostgreSQL has no synchronous standby "
                               "(synchronous_standby_names is empty): what was acknowledged would "
                               "be lost with its disk. Set it to 'ANY 1 (...)', or say in "
                               "broker.conf that there is none: journal_standby = \"none\"");
    if (strcmp(it->commit, "on") != 0 && strcmp(it->commit, "remote_apply") != 0)
        return kg_journal_fail("the journal's PostgreSQL commits with synchronous_commit = %s, "
                               "which does not wait until a standby has it on its disk; allow on",
                               it->commit);
    if (it->standbys > 0 && it->seen == 0)
        return kg_journal_fail("the journal's PostgreSQL does not show its standbys to this "
                               "account; grant it pg_monitor (grant pg_monitor to ...)");
    return true;
}

static bool is_there(const promises *it, bool *passing)
{
    *passing = it->synchronous == 0;
    return !*passing ||
           kg_journal_fail("no synchronous standby is connected to the journal's PostgreSQL "
                           "(synchronous_standby_names = %s): commits wait until one is",
                           it->names);
}

bool kg_promises_hold(kg_link *link, bool alone, bool *passing)
{
    promises it = {0};
    kg_link_question questions[] = {
        {.sql = KG_SQL_WAIT_FOR_STANDBY},
        {.sql = KG_SQL_PROMISES, .each = keep_settings, .context = &it},
        {.sql = KG_SQL_STANDBYS, .each = keep_standbys, .context = &it}};
    kg_link_result result = kg_link_ask(link, questions, alone ? 2 : 3);

    *passing = result == KG_LINK_UNKNOWN;
    return (result == KG_LINK_DONE || result == KG_LINK_WARNED) && synced(&it, alone) &&
           (alone || (replicated(&it) && is_there(&it, passing)));
}

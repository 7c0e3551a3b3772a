/* SPDX-License-Identifier: EUPL-1.2 */
/* Becoming the one that writes. */
#include <inttypes.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/postgres/postgres.h"
#include "broker/journal/postgres/promises.h"
#include "broker/journal/postgres/statements.h"
#include "broker/journal/postgres/wait.h"
#include "proto/text.h"

/* How it compresses is the server's own matter where it does not know the setting. */
bool kg_postgres_open_writer(kg_postgres *journal)
{
    kg_link_question question = {.sql = KG_SQL_COMPRESS};

    return kg_link_open(journal->writer) &&
           kg_link_ask(journal->writer, &question, 1) != KG_LINK_UNKNOWN &&
           kg_link_prepare(journal->writer, kg_sql_append) == KG_LINK_DONE;
}

typedef struct leader {
    char name[700];
    int64_t left_ms;
} leader;

static bool keep_leader(void *context, const kg_link_row *row)
{
    leader *it = context;
    size_t count;
    const uint8_t *name = kg_link_bytes(row, 0, &count);

    kg_text_format(it->name, sizeof(it->name), "%.*s", (int)count, (const char *)name);
    it->left_ms = kg_link_number(row, 1);
    return true;
}

/* Says who has it, and for how long. */
static void tell_leader(kg_postgres *journal)
{
    leader it = {0};
    kg_link_question question = {.sql = KG_SQL_HOLDER, .each = keep_leader, .context = &it};
    const bool told = kg_link_ask(journal->writer, &question, 1) == KG_LINK_DONE;
    const char *space = strrchr(it.name, ' ');

    kg_text_format(journal->base.leader, sizeof(journal->base.leader), "%s",
                   space ? space + 1 : "");
    if (told)
        kg_journal_fail("another broker leads (%s), and its lease runs for %" PRId64 " ms more",
                        it.name, it.left_ms);
}

static kg_lead_result of_link(kg_link_result result)
{
    return result == KG_LINK_REFUSED ? KG_LEAD_FAILED : KG_LEAD_WAIT;
}

/* `head` is where the journal ends, if it was taken. */
static kg_lead_result take_now(kg_postgres *journal, kg_postgres_head *head, int64_t *taken_ms)
{
    uint8_t ms[8];
    kg_link_question question = {.sql = KG_SQL_TAKE,
                                 .values = {{journal->holder, strlen(journal->holder)}, {ms, 8}},
                                 .values_count = 2};
    bool passing = false;
    kg_link_result result;

    if (!kg_link_is_open(journal->writer) && !kg_postgres_open_writer(journal))
        return KG_LEAD_WAIT;
    if (!kg_promises_hold(journal->writer, journal->alone, &passing))
        return passing ? KG_LEAD_WAIT : KG_LEAD_FAILED;
    kg_record_put_u64(ms, (uint64_t)journal->lease_ms);
    *taken_ms = kg_wait_now_ms();
    result = kg_postgres_ask_head(journal->writer, &question, head);
    if (result != KG_LINK_DONE)
        return of_link(result);
    if (head->there)
        return KG_LEAD_YES;
    tell_leader(journal);
    return KG_LEAD_WAIT;
}

/* An earlier leader's lease is waited for, once: one that is alive goes on. */
kg_lead_result kg_postgres_take(kg_postgres *journal, bool patient)
{
    const int64_t until_ms =
        kg_wait_now_ms() + (patient ? journal->lease_ms + journal->lease_ms / 2 : 0);
    kg_lease_terms terms = {.place = journal->base.place,
                            .alone = journal->alone,
                            .lease_ms = journal->lease_ms,
                            .wake = journal->base.owner.wake,
                            .wake_context = journal->base.owner.wake_context};
    kg_postgres_head head = {0};
    kg_lead_result result;

    if (!journal->writer)
        journal->writer = kg_link_new(journal->base.place, true);
    while ((result = take_now(journal, &head, &terms.taken_ms)) == KG_LEAD_WAIT &&
           kg_wait_now_ms() < until_ms)
        kg_wait_a_little();
    if (result != KG_LEAD_YES)
        return result;
    terms.epoch = head.epoch;
    journal->lease = kg_lease_start(&terms);
    journal->base.read_only = false;
    kg_postgres_stand_at(journal, &head);
    return KG_LEAD_YES;
}

/* Who waits keeps up: with the head, and with request keys. */
static kg_lead_result keep_up(kg_postgres *journal)
{
    kg_link_question question = {.sql = KG_SQL_HEAD};
    kg_postgres_head head = {0};
    char why[512];
    kg_link_result result;

    kg_text_format(why, sizeof(why), "%s", kg_journal_error());
    if (!kg_link_is_open(journal->asker) && !kg_link_open(journal->asker))
        return KG_LEAD_WAIT;
    result = kg_postgres_ask_head(journal->asker, &question, &head);
    if (result == KG_LINK_DONE && head.there) {
        kg_postgres_stand_at(journal, &head);
        result = kg_postgres_read_keys(journal);
    }
    if (result == KG_LINK_DONE)
        kg_journal_fail("%s", why);
    return of_link(result);
}

static bool keep_chain(void *context, const kg_journal_record *record)
{
    memcpy(context, record->chain, KG_CHAIN_BYTES);
    return false;
}

/* A server that went down before its standby had a commit may have shown it: what was read then is
 * no more, where the standby took over. */
static bool saw_the_same(kg_postgres *journal)
{
    uint8_t chain[KG_CHAIN_BYTES] = {0};
    kg_point seen;

    pthread_mutex_lock(&journal->reading);
    seen = journal->seen;
    pthread_mutex_unlock(&journal->reading);
    return seen.sequence == 0 ||
           (kg_postgres_follow(&journal->base, seen.sequence, false, keep_chain, chain) &&
            memcmp(chain, seen.chain, KG_CHAIN_BYTES) == 0) ||
           kg_journal_fail("record %" PRIu64 " of the journal in %s is not what it was when this "
                           "broker read it: start it again, so that it reads all anew",
                           seen.sequence, journal->base.place);
}

kg_lead_result kg_postgres_lead(kg_journal *base)
{
    kg_postgres *journal = (kg_postgres *)base;
    kg_lead_result result;

    if (journal->lease)
        return KG_LEAD_YES;
    if (!journal->later) {
        kg_journal_fail("the journal in %s was opened for reading only", base->place);
        return KG_LEAD_FAILED;
    }
    result = kg_postgres_take(journal, false);
    journal->wary = true;
    if (result == KG_LEAD_WAIT)
        return keep_up(journal);
    if (result != KG_LEAD_YES)
        return result;
    return saw_the_same(journal) && kg_postgres_read_keys(journal) == KG_LINK_DONE ? KG_LEAD_YES
                                                                                   : KG_LEAD_FAILED;
}

bool kg_postgres_leads(kg_journal *base)
{
    kg_postgres *journal = (kg_postgres *)base;

    return !journal->lease || kg_lease_held(journal->lease);
}

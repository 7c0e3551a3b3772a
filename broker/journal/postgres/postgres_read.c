/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading in order, and finding requests. A server that is away for a while is waited for. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/postgres/postgres.h"
#include "broker/journal/postgres/statements.h"
#include "broker/journal/postgres/wait.h"

#define READ_RECORDS 10000 /* in one statement: a long one keeps the head row's old versions */
#define READ_KEYS 100000
#define FIND_PATIENCE_MS 10000

typedef struct following {
    kg_postgres *journal;
    uint64_t next;
    bool verify;
    kg_journal_each each;
    void *context;
    bool pursues;    /* `last` was known before */
    bool stopped, damaged;
    kg_point last;   /* the last one read; sequence 0 = none */
    kg_sha256 *hash; /* owned */
} following;

static bool damage(following *it, const char *what)
{
    it->damaged = true;
    return kg_journal_fail("record %" PRIu64 " is damaged, in %s: %s; restore a backup "
                           "(kopgroepd journal migrate)",
                           it->next, it->journal->base.place, what);
}

static bool has_key(const kg_journal_record *record, const kg_link_row *row)
{
    size_t count;
    const uint8_t *key = kg_link_bytes(row, 1, &count);

    if (kg_link_null(row, 1))
        return !kg_record_has_request(record);
    return count == KG_REQUEST_KEY_BYTES && memcmp(key, record->request_key, count) == 0;
}

static bool check(following *it, const kg_journal_record *record, const kg_link_row *row)
{
    if (!has_key(record, row))
        return damage(it, "its request key is not that of its row");
    if ((it->last.sequence > 0 || record->sequence == 1) &&
        !kg_record_chained(it->hash, record, it->last.chain))
        return damage(it, "its chain value does not follow");
    return true;
}

static bool note(void *context, const kg_link_row *row)
{
    following *it = context;
    kg_journal_record record;
    size_t count;
    const uint8_t *bytes = kg_link_bytes(row, 2, &count);

    if ((uint64_t)kg_link_number(row, 0) != it->next)
        return damage(it, "it is not there");
    if (!kg_record_decode(bytes, count, it->next, &record)) {
        it->damaged = true;
        return false;
    }
    if (it->verify && !check(it, &record, row))
        return false;
    it->last.sequence = record.sequence;
    memcpy(it->last.chain, record.chain, KG_CHAIN_BYTES);
    it->next++;
    it->stopped = it->each && !it->each(it->context, &record);
    return !it->stopped;
}

static kg_link_result ask_between(kg_link *link, const char *sql, uint64_t from, uint64_t to,
                                  kg_link_each each, void *context)
{
    uint8_t first[8], last[8];
    kg_link_question question = {.sql = sql,
                                 .values = {{first, 8}, {last, 8}},
                                 .values_count = 2,
                                 .each = each,
                                 .context = context};

    kg_record_put_u64(first, from);
    kg_record_put_u64(last, to);
    return kg_link_ask(link, &question, 1);
}

/* Records that came before the link broke are not given twice. */
static bool through(following *it, kg_link *link, uint64_t head)
{
    int64_t until_ms = kg_wait_now_ms() + KG_POSTGRES_PATIENCE_MS;

    while (it->next <= head && !it->stopped) {
        const uint64_t before = it->next;
        const uint64_t to = head - before < READ_RECORDS ? head : before + READ_RECORDS - 1;
        kg_link_result result = KG_LINK_UNKNOWN;

        if (kg_link_is_open(link) || kg_link_open(link))
            result = ask_between(link, KG_SQL_READ, before, to, note, it);
        if (it->damaged || result == KG_LINK_REFUSED)
            return false;
        if ((result == KG_LINK_DONE || result == KG_LINK_WARNED) && !it->stopped &&
            it->next != to + 1)
            return damage(it, "it is not there");
        if (it->next > before)
            until_ms = kg_wait_now_ms() + KG_POSTGRES_PATIENCE_MS;
        else if (kg_wait_now_ms() >= until_ms)
            return false;
        if (result == KG_LINK_UNKNOWN && link == it->journal->reader)
            it->journal->sure = false;
        if (result == KG_LINK_UNKNOWN)
            kg_wait_a_little();
    }
    return true;
}

/* Where a reader's journal ends now; for a writer, what it knows to be durable. Who follows asks
 * with a write when the connection is new: a server that was down shows what it finds in its log,
 * which its standby may lack; it shows it on no connection that was there before. */
static bool ask_end(kg_postgres *journal, kg_link *link, kg_point *end)
{
    const bool wary = journal->wary && link == journal->reader;
    const bool asks_sure = wary && !(journal->sure && kg_link_is_open(link));
    kg_link_question question = {.sql = asks_sure ? KG_SQL_BARRIER : KG_SQL_HEAD};
    kg_postgres_head head = {0};
    kg_link_result result = KG_LINK_UNKNOWN;

    end->sequence = journal->readable;
    if (journal->lease)
        return true;
    if (kg_link_is_open(link) || kg_link_open(link))
        result = kg_postgres_ask_head(link, &question, &head);
    *end = head.end;
    if (!asks_sure)
        return result == KG_LINK_DONE || result == KG_LINK_WARNED;
    journal->sure = result == KG_LINK_DONE; /* a wait that was cut short is none */
    return journal->sure;
}

static bool changed(following *it)
{
    it->damaged = true;
    return kg_journal_fail("record %" PRIu64 " of the journal in %s is not what it was when this "
                           "broker read it: start it again, so that it reads all anew",
                           it->last.sequence, it->journal->base.place);
}

/* The head row and the last record must say the same. */
static bool ends_alike(following *it, const kg_point *end)
{
    if (it->pursues && it->last.sequence > end->sequence)
        return changed(it);
    return it->journal->lease || it->stopped || it->last.sequence != end->sequence ||
           memcmp(it->last.chain, end->chain, KG_CHAIN_BYTES) == 0 ||
           (it->pursues ? changed(it) : damage(it, "the head row has another chain value"));
}

static bool follow_on(following *it, kg_link *link)
{
    kg_point end = {0};

    return ask_end(it->journal, link, &end) && through(it, link, end.sequence) &&
           ends_alike(it, &end);
}

static bool read_all(following *it)
{
    kg_postgres *journal = it->journal;
    const bool mine = pthread_mutex_trylock(&journal->reading) == 0;
    kg_link *other = mine ? NULL : kg_link_new(journal->base.place, false);

    it->hash = kg_sha256_new();
    bool good = follow_on(it, mine ? journal->reader : other);
    if (it->damaged)
        journal->base.damaged = true;
    if (mine && !journal->lease && it->last.sequence > journal->seen.sequence)
        journal->seen = it->last;
    if (mine)
        pthread_mutex_unlock(&journal->reading);
    kg_link_destroy(&other);
    kg_sha256_destroy(&it->hash);
    return good;
}

bool kg_postgres_follow(kg_journal *base, uint64_t from, bool verify, kg_journal_each each,
                        void *context)
{
    following it = {.journal = (kg_postgres *)base,
                    .next = from > 0 ? from : 1,
                    .verify = verify,
                    .each = each,
                    .context = context};

    return read_all(&it);
}

bool kg_postgres_pursue(kg_journal *base, const kg_point *after, kg_journal_each each,
                        void *context)
{
    following it = {.journal = (kg_postgres *)base,
                    .next = after->sequence + 1,
                    .verify = true,
                    .each = each,
                    .context = context,
                    .pursues = true,
                    .last = *after};

    return read_all(&it);
}

/* ---- request keys ---- */

static bool know(void *context, const kg_link_row *row)
{
    kg_postgres *journal = context;
    size_t count;
    const uint8_t *key = kg_link_bytes(row, 0, &count);

    if (count == KG_REQUEST_KEY_BYTES)
        kg_known_keys_add(journal->keys, key);
    return true;
}

kg_link_result kg_postgres_read_keys(kg_postgres *journal)
{
    const uint64_t head = journal->written.sequence;
    kg_link_result result = KG_LINK_DONE;

    while (journal->keys_known < head && result == KG_LINK_DONE) {
        const uint64_t from = journal->keys_known + 1;
        const uint64_t to = head - from < READ_KEYS ? head : from + READ_KEYS - 1;

        result = ask_between(journal->asker, KG_SQL_READ_KEYS, from, to, know, journal);
        if (result == KG_LINK_DONE)
            journal->keys_known = to;
    }
    return result;
}

static bool keep_sequence(void *context, const kg_link_row *row)
{
    *(uint64_t *)context = (uint64_t)kg_link_number(row, 0);
    return true;
}

uint64_t kg_postgres_find(kg_journal *base, const uint8_t request_key[KG_REQUEST_KEY_BYTES],
                          bool *known)
{
    kg_postgres *journal = (kg_postgres *)base;
    const int64_t until_ms = kg_wait_now_ms() + FIND_PATIENCE_MS;
    kg_link_result result = KG_LINK_UNKNOWN;
    uint64_t sequence = 0;
    kg_link_question question = {.sql = KG_SQL_FIND,
                                 .values = {{request_key, KG_REQUEST_KEY_BYTES}},
                                 .values_count = 1,
                                 .each = keep_sequence,
                                 .context = &sequence};

    if (journal->keys && !kg_known_keys_may_have(journal->keys, request_key))
        return 0;
    while (result == KG_LINK_UNKNOWN && kg_wait_now_ms() < until_ms) {
        if (kg_link_is_open(journal->asker) || kg_link_open(journal->asker))
            result = kg_link_ask(journal->asker, &question, 1);
        if (result == KG_LINK_UNKNOWN)
            kg_wait_a_little();
    }
    *known = result == KG_LINK_DONE || result == KG_LINK_WARNED;
    return sequence;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Making, opening, verifying and closing a replicated journal. */
#include "broker/journal/postgres/postgres.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_copy.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/postgres/promises.h"
#include "broker/journal/postgres/statements.h"
#include "broker/journal/postgres/wait.h"
#include "proto/memory.h"
#include "proto/text.h"

bool kg_postgres_takes(const char *place)
{
    return kg_link_takes(place);
}

/* ---- the head row ---- */

static bool keep_head(void *context, const kg_link_row *row)
{
    kg_postgres_head *head = context;
    size_t deployment_bytes, chain_bytes;
    const uint8_t *deployment = kg_link_bytes(row, 1, &deployment_bytes);
    const uint8_t *chain = kg_link_bytes(row, 4, &chain_bytes);

    head->there = deployment_bytes == KG_DEPLOYMENT_ID_BYTES && chain_bytes == KG_CHAIN_BYTES;
    if (!head->there)
        return false;
    head->format = kg_link_number(row, 0);
    memcpy(head->deployment, deployment, deployment_bytes);
    head->epoch = (uint64_t)kg_link_number(row, 2);
    head->end.sequence = (uint64_t)kg_link_number(row, 3);
    memcpy(head->end.chain, chain, chain_bytes);
    return true;
}

kg_link_result kg_postgres_ask_head(kg_link *link, kg_link_question *question,
                                    kg_postgres_head *head)
{
    kg_link_result result;

    question->each = keep_head;
    question->context = head;
    result = kg_link_ask(link, question, 1);
    if (result == KG_LINK_DONE && question->rows > 0 &&
        (!head->there || head->format != KG_POSTGRES_FORMAT)) {
        kg_journal_fail("the journal's head row has format %" PRId64 ", this version reads format "
                        "%d; use the version that wrote it, or a newer one",
                        head->format, KG_POSTGRES_FORMAT);
        return KG_LINK_REFUSED;
    }
    return result;
}

/* ---- making ---- */

static bool make(kg_link *link, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    static const uint8_t before_all[KG_CHAIN_BYTES];
    uint8_t format[8];
    kg_link_question questions[] = {{.sql = KG_SQL_MAKE_HEAD},
                                    {.sql = KG_SQL_MAKE_RECORDS},
                                    {.sql = KG_SQL_MAKE_LEASE},
                                    {.sql = KG_SQL_FILL_HEAD,
                                     .values = {{format, 8},
                                                {deployment, KG_DEPLOYMENT_ID_BYTES},
                                                {before_all, KG_CHAIN_BYTES}},
                                     .values_count = 3},
                                    {.sql = KG_SQL_FILL_LEASE}};

    kg_record_put_u64(format, KG_POSTGRES_FORMAT);
    return kg_link_ask(link, questions, sizeof(questions) / sizeof(questions[0])) == KG_LINK_DONE;
}

static bool create(const char *place, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    kg_link *link;
    bool made;

    if (!kg_link_place_good(place))
        return false;
    link = kg_link_new(place, true);
    made = kg_link_open(link) && make(link, deployment);
    kg_link_destroy(&link);
    return made;
}

static bool keeps(const char *place, bool alone)
{
    kg_link *link;
    bool good, passing;

    if (!kg_link_place_good(place))
        return false;
    link = kg_link_new(place, true);
    good = kg_link_open(link) && kg_promises_hold(link, alone, &passing);
    kg_link_destroy(&link);
    return good;
}

/* ---- opening ---- */

/* Who may wait for its turn waits for a server, too: after all went down together, it would be
 * started in vain, again and again. */
static bool reach(kg_postgres *journal)
{
    const int64_t until_ms = kg_wait_now_ms() + KG_POSTGRES_PATIENCE_MS;
    bool reached;

    while (!(reached = kg_link_open(journal->asker)) && journal->later &&
           kg_wait_now_ms() < until_ms)
        kg_wait_a_little();
    return reached;
}

static bool open_links(kg_postgres *journal, bool writes)
{
    journal->reader = kg_link_new(journal->base.place, journal->later);
    journal->asker = kg_link_new(journal->base.place, writes);
    journal->writer = writes ? kg_link_new(journal->base.place, true) : NULL;
    return reach(journal);
}

static bool begin_reading(kg_postgres *journal, kg_postgres_head *head)
{
    kg_link_question question = {.sql = KG_SQL_HEAD};

    if (kg_postgres_ask_head(journal->asker, &question, head) != KG_LINK_DONE)
        return false;
    return head->there ||
           kg_journal_fail("%s holds no journal; make one there with kopgroepd init, or bring one "
                           "there with kopgroepd journal migrate",
                           journal->base.place);
}

void kg_postgres_stand_at(kg_postgres *journal, const kg_postgres_head *head)
{
    journal->base.facts.epoch = head->epoch;
    /* Any thread may read it from the first time on. */
    if (memcmp(journal->base.facts.deployment, head->deployment, KG_DEPLOYMENT_ID_BYTES) != 0)
        memcpy(journal->base.facts.deployment, head->deployment, KG_DEPLOYMENT_ID_BYTES);
    journal->base.head = head->end.sequence;
    journal->base.durable = journal->written = head->end;
    journal->readable = head->end.sequence;
}

static bool keep_chain(void *context, const kg_journal_record *record)
{
    memcpy(context, record->chain, KG_CHAIN_BYTES);
    return true;
}

/* Both ends: the rest is verified by who asks for it. */
static bool look_at_ends(kg_postgres *journal)
{
    const kg_point *end = &journal->written;
    uint8_t chain[KG_CHAIN_BYTES] = {0};

    if (end->sequence > 0 &&
        !kg_postgres_follow(&journal->base, end->sequence, false, keep_chain, chain))
        return false;
    /* Elsewhere the head may have moved on meanwhile. */
    return !journal->lease || memcmp(chain, end->chain, KG_CHAIN_BYTES) == 0 ||
           kg_journal_fail("the journal in %s is damaged: record %" PRIu64 " is not the one that "
                           "its head row names; restore a backup (kopgroepd journal migrate)",
                           journal->base.place, end->sequence);
}

static bool begin(kg_postgres *journal, const kg_journal_options *options)
{
    const bool writes = !options->read_only;
    kg_postgres_head head = {0};

    if (!open_links(journal, writes) || !begin_reading(journal, &head))
        return false;
    kg_postgres_stand_at(journal, &head);
    if (writes)
        journal->keys = kg_known_keys_new();
    if (writes && !options->later && kg_postgres_take(journal, true) != KG_LEAD_YES)
        return false;
    return look_at_ends(journal) && (!writes || kg_postgres_read_keys(journal) == KG_LINK_DONE);
}

/* Who it is, to others: this machine's name, and what is the same after a restart, or the process;
 * and, after a space, its address. */
static char *name_holder(const kg_journal_options *options)
{
    const char *address = options->address ? options->address : "";
    const char *space = options->address ? " " : "";
    char host[100] = "", text[700];

    gethostname(host, sizeof(host) - 1);
    if (options->holder)
        kg_text_format(text, sizeof(text), "%s:%.300s%s%s", host, options->holder, space, address);
    else
        kg_text_format(text, sizeof(text), "%s:%ld%s%s", host, (long)getpid(), space, address);
    return kg_strdup(text);
}

static kg_journal *open_journal(const char *place, const kg_journal_options *options)
{
    static const kg_journal_options none;
    kg_postgres *journal;
    kg_journal *base;

    if (!kg_link_place_good(place))
        return NULL;
    journal = kg_alloc(1, sizeof(*journal));
    base = &journal->base;
    options = options ? options : &none;
    base->backend = &kg_postgres_backend;
    base->place = kg_strdup(place);
    base->read_only = options->read_only || options->later;
    base->owner.wake = options->wake;
    base->owner.wake_context = options->wake_context;
    journal->alone = options->alone;
    journal->later = options->later && !options->read_only;
    journal->lease_ms = options->lease_ms ? options->lease_ms : KG_LEASE_MS;
    journal->holder = name_holder(options);
    pthread_mutex_init(&journal->reading, NULL);
    if (!begin(journal, options))
        kg_journal_close(&base);
    return base;
}

static bool close_journal(kg_journal *base)
{
    kg_postgres *journal = (kg_postgres *)base;
    kg_lease *lease = journal->lease;

    kg_lease_stop(&lease);
    kg_known_keys_destroy(&journal->keys);
    kg_link_destroy(&journal->writer);
    kg_link_destroy(&journal->asker);
    kg_link_destroy(&journal->reader);
    free(journal->holder);
    pthread_mutex_destroy(&journal->reading);
    free(base->place);
    free(journal);
    return true;
}

/* ---- the rest ---- */

typedef struct verifying {
    kg_journal_each each;
    void *context;
    kg_journal_extent *out;
} verifying;

static bool count_record(void *context, const kg_journal_record *record)
{
    const verifying *it = context;

    it->out->records = record->sequence;
    memcpy(it->out->chain, record->chain, KG_CHAIN_BYTES);
    return !it->each || it->each(it->context, record);
}

static bool verify(const char *place, kg_journal_each each, void *context, kg_journal_extent *out)
{
    const kg_journal_options options = {.read_only = true};
    verifying it = {each, context, out};
    kg_journal *journal = open_journal(place, &options);
    bool good = journal && kg_postgres_follow(journal, 1, true, count_record, &it);

    kg_journal_close(&journal);
    return good;
}

uint64_t kg_postgres_cost(size_t stored_bytes)
{
    return stored_bytes <= KG_POSTGRES_RECORD_BYTES_MAX ? stored_bytes : 0;
}

/* The server watches over its disk; a full one refuses the commit. */
kg_append_result kg_postgres_room(kg_journal *journal, uint64_t bytes, bool reserve)
{
    (void)journal;
    (void)bytes;
    (void)reserve;
    return KG_APPEND_OK;
}

static void usage_read(kg_journal *base, kg_journal_usage *usage)
{
    (void)base;
    *usage = (kg_journal_usage){.elsewhere = true};
}

static const char *durability(const kg_journal *base)
{
    return ((const kg_postgres *)base)->alone
               ? "PostgreSQL, without a standby: every batch is committed there before its receipts"
               : "PostgreSQL: every batch is committed there, and on a standby's disk, before its "
                 "receipts";
}

const kg_backend kg_postgres_backend = {
    .durability = durability,
    .takes = kg_postgres_takes,
    .keeps = keeps,
    .create = create,
    .open = open_journal,
    .close = close_journal,
    .verify = verify,
    .lead = kg_postgres_lead,
    .leads = kg_postgres_leads,
    .waits = true,
    .cost = kg_postgres_cost,
    .room = kg_postgres_room,
    .write = kg_postgres_write,
    .follow = kg_postgres_follow,
    .pursue = kg_postgres_pursue,
    .find = kg_postgres_find,
    .snapshot = kg_journal_copy_to_folder,
    .usage = usage_read,
};

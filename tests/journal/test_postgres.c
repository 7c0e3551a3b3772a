/* SPDX-License-Identifier: EUPL-1.2 */
/* The journal on a real PostgreSQL with a standby, which postgres.sh runs in a folder. Each test
 * has a schema of its own, as each buyer group would. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_copy.h"
#include "broker/journal/journal_facts.h"
#include "proto/memory.h"
#include "tests/journal/helper_journal.h"

#define NOT_THERE 77

static char *servers; /* the folder they run in */
static int schemas;

static int run(const char *format, ...)
{
    char arguments[600], command[1400];
    va_list list;
    int status;

    va_start(list, format);
    vsnprintf(arguments, sizeof(arguments), format, list);
    va_end(list);
    snprintf(command, sizeof(command), "bash '%s/tests/journal/postgres.sh' %s", KG_SOURCE_DIR,
             arguments);
    status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void sql(const char *statement)
{
    assert_int_equal(run("sql '%s' \"%s\" >/dev/null", servers, statement), 0);
}

static void server(const char *what, const char *node)
{
    assert_int_equal(run("%s '%s' %s", what, servers, node), 0);
}

static int begin_all(void **state)
{
    int status;

    (void)state;
    servers = helper_folder_new();
    status = run("make '%s' >/dev/null", servers);
    if (status == NOT_THERE) {
        helper_folder_remove(&servers);
        exit(NOT_THERE);
    }
    return status;
}

static int end_all(void **state)
{
    (void)state;
    run("thaw '%s' standby", servers); /* where a test ended early */
    run("thaw '%s' primary 2>/dev/null", servers);
    run("kill '%s' standby", servers);
    run("kill '%s' primary", servers);
    helper_folder_remove(&servers);
    return 0;
}

typedef struct group {
    char name[20], place[300];
} group;

static const kg_journal_options impatient = {.lease_ms = 1500};

/* An empty journal in a schema of its own. */
static int begin(void **state)
{
    group *it = kg_alloc(1, sizeof(*it));
    char command[600];

    snprintf(it->name, sizeof(it->name), "group_%d", ++schemas);
    snprintf(it->place, sizeof(it->place),
             "postgresql://kopgroep@/kopgroep?host=%s&port=5501&options=-csearch_path%%3D%s",
             servers, it->name);
    snprintf(command, sizeof(command),
             "psql -h '%s' -p 5501 -U kopgroep -d kopgroep -X -q -c 'create schema %s'", servers,
             it->name);
    *state = it;
    return system(command) || !kg_journal_create(it->place, helper_deployment);
}

static int end(void **state)
{
    free(*state);
    return 0;
}

static kg_journal *open_for(const group *it, const char *holder)
{
    kg_journal_options options = impatient;
    kg_journal *journal;

    options.holder = holder;
    journal = kg_journal_open(it->place, &options);
    if (!journal)
        print_error("%s\n", kg_journal_error());
    assert_non_null(journal);
    return journal;
}

static void expect_sentence(const char *part)
{
    if (!strstr(kg_journal_error(), part))
        fail_msg("\"%s\" is not in \"%s\"", part, kg_journal_error());
}

static void expect_verified(const group *it, int64_t records)
{
    const kg_journal_options reading = {.read_only = true};
    kg_journal *journal = kg_journal_open(it->place, &reading);

    assert_non_null(journal);
    assert_int_equal(helper_verify(journal), records);
    kg_journal_close(&journal);
}

/* ---- what every journal does ---- */

static void test_appends_and_reads(void **state)
{
    const group *it = *state;
    kg_journal *journal = open_for(it, NULL);
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES], chain[KG_CHAIN_BYTES];
    kg_journal_extent extent;

    assert_int_equal(helper_append(journal, 1, false), KG_APPEND_OK);
    assert_int_equal(helper_append(journal, 300, false), KG_APPEND_OK);
    assert_int_equal(kg_journal_head(journal), 301);
    assert_int_equal(helper_verify(journal), 301);
    kg_journal_deployment(journal, deployment);
    assert_memory_equal(deployment, helper_deployment, sizeof(deployment));
    kg_journal_chain(journal, chain);
    kg_journal_close(&journal);

    assert_true(kg_journal_verify(it->place, NULL, NULL, &extent));
    assert_int_equal(extent.records, 301);
    assert_memory_equal(extent.chain, chain, sizeof(chain));
    journal = open_for(it, NULL);
    assert_int_equal(helper_append(journal, 2, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    expect_verified(it, 303);
    assert_false(kg_journal_create(it->place, helper_deployment));
}

static void test_finds_requests(void **state)
{
    kg_journal *journal = open_for(*state, NULL);
    kg_journal_record *records = helper_records(1, 60);
    uint8_t stranger[KG_REQUEST_KEY_BYTES];
    static const uint8_t none[KG_REQUEST_KEY_BYTES];

    memset(stranger, 0x77, sizeof(stranger));
    assert_int_equal(helper_append(journal, 60, false), KG_APPEND_OK);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < 60; i++)
            if (memcmp(records[i].request_key, none, sizeof(none)) != 0)
                assert_int_equal(kg_journal_find(journal, records[i].request_key), i + 1);
        assert_int_equal(kg_journal_find(journal, stranger), 0);
        kg_journal_close(&journal);
        journal = open_for(*state, NULL);
    }
    helper_records_free(&records, 60);
    kg_journal_close(&journal);
}

static void append_twice(kg_journal *journal, kg_append_result *result)
{
    kg_journal_record *records = helper_records(1, 12), again = {0};
    helper_done done = {0};

    for (size_t i = 0; i < 12; i++)
        if (records[i].request_key[0] != 0)
            again = records[i];
    again.sequence = 13;
    kg_journal_append(journal, kg_journal_epoch(journal), 12, &again, 1, 0, helper_note_done,
                      &done);
    kg_journal_reap(journal, true);
    *result = done.result;
    helper_records_free(&records, 12);
}

static void test_a_request_is_not_taken_twice(void **state)
{
    kg_journal *journal = open_for(*state, NULL);
    kg_append_result result;

    assert_int_equal(helper_append(journal, 12, false), KG_APPEND_OK);
    append_twice(journal, &result);
    assert_int_equal(result, KG_APPEND_FAILED);
    kg_journal_close(&journal);
    expect_verified(*state, 12);
}

/* More than one statement, one transaction; it may take longer than a short lease. */
static void test_appends_what_is_long(void **state)
{
    kg_journal *journal =
        kg_journal_open(((const group *)*state)->place, &(kg_journal_options){.lease_ms = 60000});
    const size_t bytes = 9u << 20;
    uint8_t *long_one = kg_alloc(bytes, 1);
    kg_journal_record records[4] = {{0}};
    helper_done done = {0};
    kg_journal_extent extent;

    assert_non_null(journal);
    memset(long_one, 'k', bytes);
    for (size_t i = 0; i < 4; i++)
        records[i] =
            (kg_journal_record){.sequence = i + 1, .event = long_one, .event_bytes = bytes - i};
    kg_journal_append(journal, kg_journal_epoch(journal), 0, records, 4, 0, helper_note_done,
                      &done);
    kg_journal_reap(journal, true);
    assert_int_equal(done.result, KG_APPEND_OK);
    kg_journal_close(&journal);
    assert_true(kg_journal_verify(((const group *)*state)->place, NULL, NULL, &extent));
    assert_int_equal(extent.records, 4);
    assert_memory_equal(extent.chain, records[3].chain, KG_CHAIN_BYTES);
    free(long_one);
}

static void test_tells_damage(void **state)
{
    const group *it = *state;
    kg_journal *journal = open_for(it, NULL);
    kg_journal_extent extent;
    char command[600];

    assert_int_equal(helper_append(journal, 50, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    snprintf(command, sizeof(command),
             "psql -h '%s' -p 5501 -U kopgroep -d kopgroep -X -q -c \"update "
             "%s.kopgroep_records set bytes = set_byte(bytes, 80, get_byte(bytes, 80) # 1) where "
             "sequence = 20\"",
             servers, it->name);
    assert_int_equal(system(command), 0);
    assert_false(kg_journal_verify(it->place, NULL, NULL, &extent));
    expect_sentence("record 20 is damaged");
    assert_int_equal(extent.records, 19);
    snprintf(command, sizeof(command),
             "psql -h '%s' -p 5501 -U kopgroep -d kopgroep -X -q -c 'delete from "
             "%s.kopgroep_records where sequence = 10'",
             servers, it->name);
    assert_int_equal(system(command), 0);
    assert_false(kg_journal_verify(it->place, NULL, NULL, &extent));
    expect_sentence("record 10 is damaged");
}

/* One of a newer version is not written to, nor taken for an old one's. */
static void test_refuses_another_format(void **state)
{
    const group *it = *state;
    char command[600];

    for (int format = KG_FACTS_FORMAT - 1; format <= KG_FACTS_FORMAT + 1; format += 2) {
        snprintf(command, sizeof(command),
                 "psql -h '%s' -p 5501 -U kopgroep -d kopgroep -X -q -c 'update "
                 "%s.kopgroep_head set format = %d'",
                 servers, it->name, format);
        assert_int_equal(system(command), 0);
        assert_null(kg_journal_open(it->place, NULL));
        expect_sentence(format < KG_FACTS_FORMAT ? "has format 1" : "has format 3");
        assert_null(kg_journal_open(it->place, &(kg_journal_options){.read_only = true}));
    }
}

/* Two buyer groups on one server, at work at the same time. */
static void test_groups_share_a_server(void **state)
{
    void *other = NULL;
    group *groups[2] = {*state};
    kg_journal *journals[2];

    assert_int_equal(begin(&other), 0);
    groups[1] = other;
    for (int i = 0; i < 2; i++)
        journals[i] = open_for(groups[i], "one");
    for (int turn = 0; turn < 5; turn++)
        for (int i = 0; i < 2; i++)
            assert_int_equal(helper_append(journals[i], (size_t)i + 1, false), KG_APPEND_OK);
    for (int i = 0; i < 2; i++) {
        kg_journal_close(&journals[i]);
        expect_verified(groups[i], 5 * (i + 1));
    }
    end(&other);
}

static void test_copies_both_ways(void **state)
{
    const group *it = *state;
    char *folder = helper_journal_new(), *other = helper_folder_new();
    kg_journal *here = kg_journal_open(folder, NULL), *there = open_for(it, NULL);
    uint8_t one[KG_CHAIN_BYTES], two[KG_CHAIN_BYTES];

    assert_int_equal(helper_append(here, 2500, false), KG_APPEND_OK);
    assert_true(kg_journal_copy(here, there, NULL, NULL));
    assert_int_equal(helper_append(here, 10, false), KG_APPEND_OK);
    assert_true(kg_journal_copy(here, there, NULL, NULL)); /* goes on where it was */
    kg_journal_chain(here, one);
    kg_journal_chain(there, two);
    assert_memory_equal(one, two, sizeof(one));
    assert_true(kg_journal_snapshot(there, other));
    kg_journal_close(&here);
    here = kg_journal_open(other, NULL);
    assert_int_equal(helper_verify(here), 2510);
    kg_journal_chain(here, two);
    assert_memory_equal(one, two, sizeof(one));
    assert_int_equal(helper_append(here, 1, false), KG_APPEND_OK);
    assert_false(kg_journal_copy(there, here, NULL, NULL));
    expect_sentence("went on by itself");
    kg_journal_close(&here);
    kg_journal_close(&there);
    helper_folder_remove(&folder);
    helper_folder_remove(&other);
}

/* ---- what the server promises ---- */

static void test_refuses_a_place_with_a_password(void **state)
{
    (void)state;
    assert_null(kg_journal_open("postgresql://kopgroep:geheim@db/kopgroep", NULL));
    expect_sentence("password");
    assert_null(strstr(kg_journal_error(), "geheim"));
    assert_null(kg_journal_open("host=db dbname=k password=geheim", NULL));
    expect_sentence("password");
    assert_null(kg_journal_open("postgresql://kopgroep@db/k?pasword=geheim", NULL));
    assert_null(strstr(kg_journal_error(), "geheim"));
}

static void set_names(const char *names)
{
    char statement[200];

    snprintf(statement, sizeof(statement), "alter system set synchronous_standby_names = '%s'",
             names);
    sql(statement);
    sql("select pg_reload_conf()");
}

static void test_refuses_a_server_without_standby(void **state)
{
    const group *it = *state;
    const kg_journal_options alone = {.alone = true};
    kg_journal *journal;

    assert_true(kg_journal_keeps(it->place, false));
    set_names("");
    assert_null(kg_journal_open(it->place, NULL));
    expect_sentence("synchronous_standby_names is empty");
    assert_false(kg_journal_keeps(it->place, false));
    expect_sentence("synchronous_standby_names is empty");
    assert_true(kg_journal_keeps(it->place, true));
    journal = kg_journal_open(it->place, &alone);
    assert_non_null(journal);
    assert_non_null(strstr(kg_journal_durability(journal), "without a standby"));
    assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    set_names("ANY 1 (nobody)");
    assert_null(kg_journal_open(it->place, &(kg_journal_options){.lease_ms = 300}));
    expect_sentence("no synchronous standby is connected");
    assert_false(kg_journal_keeps(it->place, false));
    expect_sentence("no synchronous standby is connected");
    journal = kg_journal_open(it->place, &(kg_journal_options){.later = true});
    assert_int_equal(kg_journal_lead(journal), KG_LEAD_WAIT);
    expect_sentence("no synchronous standby is connected");
    kg_journal_close(&journal);
    set_names("ANY 1 (standby)");
    sql("alter system set full_page_writes = off");
    sql("select pg_reload_conf()");
    assert_null(kg_journal_open(it->place, NULL));
    expect_sentence("full_page_writes");
    sql("alter system reset full_page_writes");
    sql("revoke pg_monitor from kopgroep");
    sql("select pg_reload_conf()");
    assert_null(kg_journal_open(it->place, NULL));
    expect_sentence("pg_monitor");
    sql("grant pg_monitor to kopgroep");
    journal = open_for(it, NULL);
    kg_journal_close(&journal);
}

/* ---- who leads ---- */

static void test_one_leads(void **state)
{
    const group *it = *state;
    kg_journal *journal = open_for(it, NULL);

    assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
    assert_null(kg_journal_open(it->place, &(kg_journal_options){.lease_ms = 300, .holder = "b"}));
    expect_sentence("another broker leads");
    assert_true(kg_journal_leads(journal));
    assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    /* It gave its lease back: nobody waits. */
    journal = open_for(it, "b");
    assert_int_equal(helper_append(journal, 3, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    expect_verified(it, 9);
}

typedef struct woken {
    pthread_mutex_t mutex;
    pthread_cond_t turn;
    bool yes;
} woken;

static void wake(void *context)
{
    woken *it = context;

    pthread_mutex_lock(&it->mutex);
    it->yes = true;
    pthread_cond_signal(&it->turn);
    pthread_mutex_unlock(&it->mutex);
}

static void wait_for(woken *it)
{
    pthread_mutex_lock(&it->mutex);
    while (!it->yes)
        pthread_cond_wait(&it->turn, &it->mutex);
    pthread_mutex_unlock(&it->mutex);
}

/* The same holder takes its lease again at once, and whoever had it learns of that. */
static void test_one_that_lost_ends(void **state)
{
    const group *it = *state;
    woken told = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    kg_journal *first = kg_journal_open(
        it->place, &(kg_journal_options){
                       .lease_ms = 1500, .holder = "a", .wake = wake, .wake_context = &told});
    kg_journal *second;

    assert_non_null(first);
    second = open_for(it, "a");
    assert_true(kg_journal_epoch(second) > kg_journal_epoch(first));
    wait_for(&told);
    assert_false(kg_journal_leads(first));
    expect_sentence("another broker leads");
    assert_int_equal(helper_append(first, 2, false), KG_APPEND_LOST);
    expect_sentence("another broker leads");
    assert_int_equal(helper_append(second, 2, false), KG_APPEND_OK);
    assert_int_equal(helper_append(first, 2, false), KG_APPEND_LOST);
    kg_journal_close(&first);
    assert_true(kg_journal_leads(second)); /* it did not give back what was not its own */
    kg_journal_close(&second);
    expect_verified(it, 2);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whatever its thread is waiting for: from the moment on which another one may lead, it does not.
 */
static void test_a_lease_ends_in_time(void **state)
{
    const group *it = *state;
    const int64_t lease_ms = 700;
    kg_journal *journal = kg_journal_open(it->place, &(kg_journal_options){.lease_ms = lease_ms});
    int64_t end_ms;

    assert_non_null(journal);
    server("freeze", "primary");
    end_ms = now_ms() + lease_ms;
    while (now_ms() < end_ms)
        sched_yield();
    assert_false(kg_journal_leads(journal));
    expect_sentence("the leader's lease ran out");
    server("thaw", "primary");
    kg_journal_close(&journal);
}

/* One that waits knows all that the leader wrote, requests too, and goes on from there. */
static void test_a_spare_keeps_up(void **state)
{
    const group *it = *state;
    const kg_journal_options waiting = {.lease_ms = 1500, .holder = "b", .later = true};
    kg_journal *leader = open_for(it, "a"), *spare = kg_journal_open(it->place, &waiting);
    kg_journal_record *records = helper_records(1, 40);
    uint8_t chain[KG_CHAIN_BYTES], other[KG_CHAIN_BYTES];

    assert_non_null(spare);
    assert_int_equal(kg_journal_lead(leader), KG_LEAD_YES);
    assert_int_equal(kg_journal_lead(spare), KG_LEAD_WAIT);
    expect_sentence("another broker leads");
    assert_int_equal(helper_append(spare, 1, false), KG_APPEND_FAILED);
    kg_journal_close(&spare);
    spare = kg_journal_open(it->place, &waiting);
    assert_int_equal(helper_append(leader, 40, false), KG_APPEND_OK);
    assert_int_equal(kg_journal_lead(spare), KG_LEAD_WAIT);
    assert_int_equal(kg_journal_head(spare), 40);
    assert_int_equal(helper_verify(spare), 40);
    kg_journal_chain(leader, chain);
    kg_journal_chain(spare, other);
    assert_memory_equal(chain, other, sizeof(chain));
    kg_journal_close(&leader);
    assert_int_equal(kg_journal_lead(spare), KG_LEAD_YES);
    assert_int_equal(kg_journal_find(spare, records[38].request_key),
                     records[38].request_key[0] ? 39 : 0);
    assert_int_equal(helper_append(spare, 5, false), KG_APPEND_OK);
    kg_journal_close(&spare);
    helper_records_free(&records, 40);
    expect_verified(it, 45);
}

static bool keep_last(void *context, const kg_journal_record *record)
{
    *(uint64_t *)context = record->sequence;
    return true;
}

/* From where it stands, which has to be where the journal stood; and whom clients are sent to. */
static void test_a_follower_reads_on(void **state)
{
    const group *it = *state;
    const kg_journal_options first = {.holder = "a", .address = "tcp://db1:7411"};
    const kg_journal_options second = {.lease_ms = 1500, .holder = "b", .later = true};
    kg_journal *leader = kg_journal_open(it->place, &first), *follower;
    uint8_t chain[KG_CHAIN_BYTES] = {0};
    uint64_t last = 0;

    assert_non_null(leader);
    assert_int_equal(helper_append(leader, 3, false), KG_APPEND_OK);
    follower = kg_journal_open(it->place, &second);
    assert_int_equal(kg_journal_lead(follower), KG_LEAD_WAIT);
    assert_string_equal(kg_journal_leader(follower), "tcp://db1:7411");
    assert_true(kg_journal_pursue(follower, 0, chain, keep_last, &last));
    assert_int_equal(last, 3);
    kg_journal_chain(leader, chain);
    last = 0;
    assert_true(kg_journal_pursue(follower, 3, chain, keep_last, &last));
    assert_int_equal(last, 0);
    assert_int_equal(helper_append(leader, 2, false), KG_APPEND_OK);
    assert_true(kg_journal_pursue(follower, 3, chain, keep_last, &last));
    assert_int_equal(last, 5);
    assert_false(kg_journal_damaged(follower));
    assert_false(kg_journal_pursue(follower, 6, chain, keep_last, &last)); /* never was */
    expect_sentence("is not what it was");
    assert_true(kg_journal_damaged(follower));
    assert_false(kg_journal_pursue(follower, 5, chain, keep_last, &last)); /* another one's */
    expect_sentence("is not what it was");
    kg_journal_close(&follower);
    kg_journal_close(&leader);
}

/* What a server showed before it lost it. */
static void test_a_spare_that_saw_what_is_lost_begins_anew(void **state)
{
    const group *it = *state;
    const kg_journal_options waiting = {.lease_ms = 1500, .holder = "b", .later = true};
    kg_journal *leader = open_for(it, "a"), *spare;
    char command[600];

    assert_int_equal(helper_append(leader, 3, false), KG_APPEND_OK);
    spare = kg_journal_open(it->place, &waiting);
    assert_int_equal(helper_verify(spare), 3);
    kg_journal_close(&leader);
    snprintf(command, sizeof(command),
             "psql -h '%s' -p 5501 -U kopgroep -d kopgroep -X -q -c 'set search_path = %s; delete "
             "from kopgroep_records where sequence = 3; update kopgroep_head set sequence = 2, "
             "chain = (select substring(bytes from length(bytes) - 31) from kopgroep_records where "
             "sequence = 2)'",
             servers, it->name);
    assert_int_equal(system(command), 0);
    assert_int_equal(kg_journal_lead(spare), KG_LEAD_FAILED);
    expect_sentence("is not what it was");
    kg_journal_close(&spare);
    spare = open_for(it, "c");
    assert_int_equal(helper_append(spare, 1, false), KG_APPEND_OK);
    kg_journal_close(&spare);
    expect_verified(it, 3);
}

/* ---- what is not known ---- */

static void test_a_server_that_restarts_loses_nothing(void **state)
{
    const group *it = *state;
    const kg_journal_options options = {.lease_ms = 60000};
    kg_journal *journal = kg_journal_open(it->place, &options);
    kg_journal_record *records = helper_records(1, 400);
    helper_done done[40] = {{0}};

    assert_non_null(journal);
    for (size_t i = 0; i < 40; i++) {
        if (i == 5)
            server("kill", "primary");
        if (i == 10)
            server("start", "primary");
        kg_journal_append(journal, kg_journal_epoch(journal), i * 10, records + i * 10, 10, 0,
                          helper_note_done, &done[i]);
    }
    while (kg_journal_reap(journal, true) > 0)
        continue;
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(done[i].calls, 1);
        assert_int_equal(done[i].result, KG_APPEND_OK);
    }
    assert_int_equal(kg_journal_durable(journal), 400);
    kg_journal_close(&journal);
    helper_records_free(&records, 400);
    expect_verified(it, 400);
}

/* A commit whose wait is cut short counts as done for the server, with a warning; nobody may hear
 * of it before a standby has it. */
static void test_a_commit_without_its_standby_is_not_told(void **state)
{
    const group *it = *state;
    const kg_journal_options options = {.lease_ms = 60000};
    kg_journal *journal = kg_journal_open(it->place, &options);
    kg_journal_record *records = helper_records(1, 10);
    helper_done done = {0};

    assert_non_null(journal);
    server("freeze", "standby");
    kg_journal_append(journal, kg_journal_epoch(journal), 0, records, 10, 0, helper_note_done,
                      &done);
    for (int i = 0; i < 3; i++) {
        sql("do 'declare one int; begin loop select pid into one from pg_stat_activity where "
            "wait_event = ''SyncRep'' limit 1; exit when one is not null; perform "
            "pg_stat_clear_snapshot(); end loop; perform pg_cancel_backend(one); end'");
        assert_int_equal(kg_journal_reap(journal, false), 0);
    }
    server("thaw", "standby");
    kg_journal_reap(journal, true);
    assert_int_equal(done.calls, 1);
    assert_int_equal(done.result, KG_APPEND_OK);
    kg_journal_close(&journal);
    helper_records_free(&records, 10);
    expect_verified(it, 10);
}

/* The last one, since the primary is gone for good. What was acknowledged is on the standby, and
 * what was under way comes to an end there. */
static void test_a_lost_primary_loses_nothing(void **state)
{
    const group *it = *state;
    const kg_journal_options options = {.lease_ms = 60000, .alone = true};
    const kg_journal_options reading = {.read_only = true};
    kg_journal_record *records = helper_records(1, 300);
    helper_done done[30] = {{0}};
    kg_journal *journal;
    char place[600];

    snprintf(place, sizeof(place),
             "postgresql://kopgroep@/kopgroep?host=%s,%s&port=5501,5502"
             "&options=-csearch_path%%3D%s",
             servers, servers, it->name);
    journal = kg_journal_open(place, &options);
    assert_non_null(journal);
    for (size_t i = 0; i < 30; i++) {
        if (i == 10)
            kg_journal_reap(journal, true);
        if (i == 20)
            server("kill", "primary");
        if (i == 25)
            assert_int_equal(run("promote '%s'", servers), 0);
        kg_journal_append(journal, kg_journal_epoch(journal), i * 10, records + i * 10, 10, 0,
                          helper_note_done, &done[i]);
    }
    while (kg_journal_reap(journal, true) > 0)
        continue;
    for (size_t i = 0; i < 30; i++) {
        assert_int_equal(done[i].calls, 1);
        assert_int_equal(done[i].result, KG_APPEND_OK);
    }
    kg_journal_close(&journal);
    helper_records_free(&records, 300);
    journal = kg_journal_open(place, &reading);
    assert_non_null(journal);
    assert_int_equal(helper_verify(journal), 300);
    kg_journal_close(&journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_appends_and_reads, begin, end),
        cmocka_unit_test_setup_teardown(test_finds_requests, begin, end),
        cmocka_unit_test_setup_teardown(test_a_request_is_not_taken_twice, begin, end),
        cmocka_unit_test_setup_teardown(test_appends_what_is_long, begin, end),
        cmocka_unit_test_setup_teardown(test_tells_damage, begin, end),
        cmocka_unit_test_setup_teardown(test_refuses_another_format, begin, end),
        cmocka_unit_test_setup_teardown(test_groups_share_a_server, begin, end),
        cmocka_unit_test_setup_teardown(test_copies_both_ways, begin, end),
        cmocka_unit_test(test_refuses_a_place_with_a_password),
        cmocka_unit_test_setup_teardown(test_refuses_a_server_without_standby, begin, end),
        cmocka_unit_test_setup_teardown(test_one_leads, begin, end),
        cmocka_unit_test_setup_teardown(test_one_that_lost_ends, begin, end),
        cmocka_unit_test_setup_teardown(test_a_lease_ends_in_time, begin, end),
        cmocka_unit_test_setup_teardown(test_a_spare_keeps_up, begin, end),
        cmocka_unit_test_setup_teardown(test_a_follower_reads_on, begin, end),
        cmocka_unit_test_setup_teardown(test_a_spare_that_saw_what_is_lost_begins_anew, begin, end),
        cmocka_unit_test_setup_teardown(test_a_server_that_restarts_loses_nothing, begin, end),
        cmocka_unit_test_setup_teardown(test_a_commit_without_its_standby_is_not_told, begin, end),
        cmocka_unit_test_setup_teardown(test_a_lost_primary_loses_nothing, begin, end),
    };

    return cmocka_run_group_tests(tests, begin_all, end_all);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Histories of real clients on a real broker that is killed and started again, half of them over
 * connections that are cut and stand still: for each plan line, what several sessions submitted,
 * withdrew and read at the same time, is linearisable. See the README of tests/model. */
#include <getopt.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/kopgroep.h"
#include "history_broker.h"
#include "linear.h"
#include "partition.h"
#include "proto/access_file.h"
#include "proto/identity.h"
#include "proto/memory.h"

#define SESSIONS 6
#define BAD_WAYS 4      /* sessions of ours that have one */
#define LINES 16        /* of an organisation: its histories */
#define LINES_AT_ONCE 4 /* that all sessions work on */
#define OPERATIONS 12   /* of a history, and some more */
#define RESENDS 4
#define SHORT_MS 50 /* that a session waits for an answer */
#define LONG_MS 3000

typedef struct history {
    line_operation operations[LINEAR_OPERATIONS_MAX];
    size_t count;
} history;

/* Brokers that somebody else starts and kills. */
typedef struct elsewhere {
    const char *brokers; /* access files; NULL: a broker of our own */
    const char *administrator, *name, *until, *folder;
} elsewhere;

/* All of an organisation's lines, and who works on them. */
typedef struct run {
    history_broker broker; /* ours; else only its folder is used */
    elsewhere there;
    char access[300];     /* straight to it */
    char bad_access[300]; /* by the partition */
    partition *partition; /* NULL: there is none */
    partition_counts faults;
    char organisation[40], identity[300];
    history lines[LINES];
    atomic_int done[LINES]; /* operations begun */
    atomic_int soon[LINES]; /* those of sessions with a good way, which are the quicker ones */
    pthread_mutex_t mutex;  /* of the histories and what follows */
    pthread_cond_t changed;
    uint64_t operations;        /* returned so far */
    int working;                /* sessions that are not at their end */
    atomic_int_least64_t value; /* of the last submission: each has another */
    atomic_uint_least64_t seen; /* the newest record that any answer showed */
    uint64_t unknown, refused, total, kills;
    uint64_t cleared; /* became known by sending again */
} run;

typedef struct worker {
    run *run;
    int number;
    uint64_t random;
    pthread_t thread;
    kopgroep_session *session; /* owned; NULL: not connected */
    uint64_t seen;             /* the newest record that the session was shown */
    uint64_t cleared;
} worker;

static void fail(const char *what, const kopgroep_answer *answer)
{
    fprintf(stderr, "histories: %s: %d %s %s\n", what, (int)answer->outcome,
            answer->code_name ? answer->code_name : "", answer->detail);
    for (size_t i = 0; i < answer->problems_count; i++)
        fprintf(stderr, "  %s %s %s\n", answer->problems[i].code,
                answer->problems[i].column ? answer->problems[i].column : "",
                answer->problems[i].allowed);
    exit(1);
}

static int between(uint64_t *random, int low, int high)
{
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return low + (int)((z ^ z >> 31) % (uint64_t)(high - low + 1));
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static const char *straight(const run *r)
{
    return r->there.brokers ? r->there.brokers : r->access;
}

static bool has_bad_way(const worker *w)
{
    return w->run->partition && w->number < BAD_WAYS;
}

/* Who waits for a short time only does not know the outcome when a bad way stands still. */
static kopgroep_session *open_session(worker *w, kopgroep_answer *answer)
{
    const run *r = w->run;
    const bool bad = has_bad_way(w);
    const bool short_of_time = between(&w->random, 1, 3) <= (bad ? 2 : 1);
    const kopgroep_options options = {.broker = bad ? r->bad_access : straight(r),
                                      .identity = r->identity,
                                      .timeout_ms = short_of_time ? SHORT_MS : LONG_MS};
    return kopgroep_open(&options, answer);
}

/* Brokers elsewhere may all be away for a while. */
static kopgroep_session *insist_on_session(const run *r, const char *identity, const char *what)
{
    kopgroep_answer answer = {0};
    const kopgroep_options options = {.broker = straight(r), .identity = identity};
    kopgroep_session *session;
    while (!(session = kopgroep_open(&options, &answer))) {
        if (!r->there.brokers || answer.outcome != KOPGROEP_NOT_REACHED)
            fail(what, &answer);
        kopgroep_answer_fini(&answer);
    }
    kopgroep_answer_fini(&answer);
    return session;
}

/* --- one operation --- */

/* Sent again until it is known what became of it, or the client is gone before. */
static void insist(worker *w, kopgroep_answer *answer)
{
    const bool unknown = answer->outcome == KOPGROEP_UNKNOWN;
    for (int i = 0; i < RESENDS && answer->outcome == KOPGROEP_UNKNOWN; i++) {
        if (between(&w->random, 1, 4) == 1)
            break;
        kopgroep_answer_fini(answer);
        kopgroep_resend(w->session, answer);
    }
    if (unknown && (answer->outcome == KOPGROEP_DONE || answer->outcome == KOPGROEP_REFUSED))
        w->cleared++;
}

static void submit(worker *w, const char *line, int64_t value, kopgroep_answer *answer)
{
    char text[400], name[40], path[300];
    snprintf(name, sizeof name, "plan.%d.csv", w->number);
    history_path(&w->run->broker, name, path);
    snprintf(text, sizeof text,
             "line,category,quantity,unit_price_max,delivery_from,delivery_to,nuts\n"
             "%s,laptop,%lld,800.00,2029-01-01,2029-06-01,BE211\n",
             line, (long long)value);
    write_text(path, text);
    kopgroep_submit(w->session, path, NULL, answer);
    insist(w, answer);
}

/* The line in an answer to `lines`. */
static int64_t value_in(const kopgroep_answer *answer, const char *line)
{
    json_t *all = json_loadb(answer->document, answer->document_bytes, 0, NULL), *one;
    int64_t value = LINE_ABSENT;
    size_t i;
    json_array_foreach(all, i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "line")), line) != 0)
            continue;
        const char *standing = json_string_value(json_object_get(one, "standing"));
        value = strcmp(standing, "withdrawn") == 0
                    ? LINE_WITHDRAWN
                    : json_integer_value(json_object_get(one, "quantity"));
    }
    json_decref(all);
    return value;
}

static void keep(run *r, int line, const line_operation *operation, kopgroep_outcome outcome)
{
    pthread_mutex_lock(&r->mutex);
    history *of = &r->lines[line];
    if (of->count == LINEAR_OPERATIONS_MAX)
        abort();
    of->operations[of->count++] = *operation;
    r->unknown += outcome == KOPGROEP_UNKNOWN;
    r->refused += outcome == KOPGROEP_REFUSED;
    r->operations++;
    r->total++;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

static void see(atomic_uint_least64_t *seen, uint64_t sequence)
{
    uint_least64_t before = atomic_load(seen);
    while (before < sequence && !atomic_compare_exchange_weak(seen, &before, sequence))
        continue;
}

/* Of several brokers those that follow answer from a while ago, and say from when. So what counts
 * as time is the journal's: an event happened at its record, an answer shows what was there up to
 * its head, and what was called after a record was seen comes after that record. A session is never
 * shown less than it was before. */
static void date_by_journal(worker *w, line_operation *made, const kopgroep_answer *answer,
                            uint64_t seen)
{
    const uint64_t shown = answer->has_receipt ? answer->sequence : answer->head;
    made->called = (int64_t)(4 * seen + 1);
    if (answer->outcome == KOPGROEP_REFUSED)
        made->returned = RETURN_NEVER - 1;
    if (answer->outcome != KOPGROEP_DONE)
        return;
    if (answer->has_receipt && shown <= seen)
        fail("a record before one that was seen before the call", answer);
    if (!answer->has_receipt && shown < w->seen)
        fail("shown less than before in the same session", answer);
    made->called = (int64_t)(4 * shown + (answer->has_receipt ? 0 : 2));
    made->returned = made->called + 1;
    w->seen = shown > w->seen ? shown : w->seen;
    see(&w->run->seen, shown);
}

static void do_it(worker *w, const char *line, const line_operation *made, kopgroep_answer *answer)
{
    if (made->action == LINE_SUBMIT) {
        submit(w, line, made->value, answer);
    } else if (made->action == LINE_WITHDRAW) {
        kopgroep_withdraw(w->session, &line, 1, answer);
        insist(w, answer);
    } else {
        kopgroep_ask(w->session, &(kopgroep_question){.view = KOPGROEP_VIEW_LINES}, answer);
    }
}

/* Does one thing with the line, and keeps what came of it. What was never sent, or is only a
 * question without an answer, did nothing. */
static void operate(worker *w, int line)
{
    char name[20];
    kopgroep_answer answer = {0};
    const int what = between(&w->random, 1, 100);
    const uint64_t seen = atomic_load(&w->run->seen);
    line_operation made = {.action = what <= 45   ? LINE_SUBMIT
                                     : what <= 60 ? LINE_WITHDRAW
                                                  : LINE_READ};
    snprintf(name, sizeof name, "L-%d", line);
    if (made.action == LINE_SUBMIT)
        made.value = atomic_fetch_add(&w->run->value, 1) + 1;
    made.called = now_ns();
    do_it(w, name, &made, &answer);
    made.returned = answer.outcome == KOPGROEP_UNKNOWN ? RETURN_NEVER : now_ns();
    if (made.action == LINE_READ && answer.outcome == KOPGROEP_DONE)
        made.value = value_in(&answer, name);
    if (answer.outcome == KOPGROEP_REFUSED) {
        if (made.action != LINE_WITHDRAW)
            fail("refused", &answer);
        made.action = LINE_REFUSED;
    }
    if (w->run->there.brokers)
        date_by_journal(w, &made, &answer, seen);
    bool told = answer.outcome == KOPGROEP_DONE || answer.outcome == KOPGROEP_REFUSED;
    if (told || (answer.outcome == KOPGROEP_UNKNOWN && made.action != LINE_READ))
        keep(w->run, line, &made, answer.outcome);
    else if (answer.outcome != KOPGROEP_NOT_REACHED && answer.outcome != KOPGROEP_UNKNOWN)
        fail("an operation", &answer);
    if (!told)
        kopgroep_close(&w->session); /* a client that is gone, and another one */
    kopgroep_answer_fini(&answer);
}

/* --- sessions --- */

/* May the session do more with the line? Good ways leave half of it to the bad ones. */
static bool is_open(const worker *w, int line)
{
    const run *r = w->run;
    return atomic_load(&r->done[line]) < OPERATIONS &&
           (!r->partition || has_bad_way(w) || atomic_load(&r->soon[line]) < OPERATIONS / 2);
}

/* Of the first lines whose histories are not long enough; -1: all are. */
static int pick_line(worker *w)
{
    int open[LINES_AT_ONCE], count = 0;
    for (int i = 0; i < LINES && count < LINES_AT_ONCE; i++)
        if (is_open(w, i))
            open[count++] = i;
    if (count == 0)
        return -1;
    int picked = open[between(&w->random, 0, count - 1)];
    atomic_fetch_add(&w->run->done[picked], 1);
    if (!has_bad_way(w))
        atomic_fetch_add(&w->run->soon[picked], 1);
    return picked;
}

static void *work(void *context)
{
    worker *w = context;
    int line;
    while ((line = pick_line(w)) >= 0) {
        kopgroep_answer answer = {0};
        while (!w->session) {
            kopgroep_answer_fini(&answer);
            w->seen = 0;
            w->session = open_session(w, &answer);
            if (!w->session && answer.outcome != KOPGROEP_NOT_REACHED)
                fail("a session", &answer);
        }
        kopgroep_answer_fini(&answer);
        operate(w, line);
    }
    kopgroep_close(&w->session);
    pthread_mutex_lock(&w->run->mutex);
    w->run->working--;
    w->run->cleared += w->cleared;
    pthread_cond_signal(&w->run->changed);
    pthread_mutex_unlock(&w->run->mutex);
    return NULL;
}

static void kill_once(run *r)
{
    history_broker_kill(&r->broker);
    r->kills++;
    history_broker_start(&r->broker);
}

/* Kills the broker again and again, each time after some operations, until all is done. */
static void kill_meanwhile(run *r, uint64_t *random)
{
    for (;;) {
        pthread_mutex_lock(&r->mutex);
        uint64_t until = r->operations + (uint64_t)between(random, 50, 150);
        while (r->working > 0 && r->operations < until)
            pthread_cond_wait(&r->changed, &r->mutex);
        bool all = r->working == 0;
        pthread_mutex_unlock(&r->mutex);
        if (all)
            return;
        kill_once(r);
    }
}

/* --- an organisation's life --- */

static void enrol(run *r)
{
    char settings[300], key[310], text[400];
    kopgroep_answer answer = {0};
    char administrator[300];
    if (r->there.administrator)
        snprintf(administrator, sizeof administrator, "%s", r->there.administrator);
    else
        history_path(&r->broker, "broker/administrator.key", administrator);
    history_path(&r->broker, "organisation.conf", settings);
    history_path(&r->broker, r->organisation, r->identity);
    snprintf(key, sizeof key, "%s.pub", r->identity);
    snprintf(
        text, sizeof text,
        "organisation \"%s\" {\n  name = \"Example body\"\n  legal_type = \"la\"\n"
        "  central = false\n  nuts = \"BE211\"\n  languages = {\"nl\"}\n  can_lead = true\n}\n",
        r->organisation);
    write_text(settings, text);
    kopgroep_keygen(r->identity, r->organisation, NULL, &answer);
    if (answer.outcome != KOPGROEP_DONE)
        fail("a key", &answer);
    kopgroep_answer_fini(&answer);
    kopgroep_session *session = insist_on_session(r, administrator, "the administrator");
    kopgroep_register(session, settings, r->organisation, key, "organisation", &answer);
    while (r->there.brokers &&
           (answer.outcome == KOPGROEP_UNKNOWN || answer.outcome == KOPGROEP_NOT_REACHED)) {
        kopgroep_answer_fini(&answer);
        kopgroep_resend(session, &answer);
    }
    if (answer.outcome != KOPGROEP_DONE)
        fail("a registration", &answer);
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
}

/* Of brokers elsewhere the answer has to come, and to show all that was seen. */
static bool reads_all(run *r, kopgroep_answer *answer)
{
    kopgroep_session *session = insist_on_session(r, r->identity, "the last session");
    kopgroep_ask(session, &(kopgroep_question){.view = KOPGROEP_VIEW_LINES}, answer);
    kopgroep_close(&session);
    if (answer->outcome == KOPGROEP_DONE)
        return !r->there.brokers || answer->head >= atomic_load(&r->seen);
    if (!r->there.brokers ||
        (answer->outcome != KOPGROEP_UNKNOWN && answer->outcome != KOPGROEP_NOT_REACHED))
        fail("the last reading", answer);
    return false;
}

/* After the last start: what is there in the end belongs to the history. */
static void read_all(run *r)
{
    kopgroep_answer answer = {0};
    line_operation made = {.action = LINE_READ, .called = now_ns()};
    while (!reads_all(r, &answer)) {
        kopgroep_answer_fini(&answer);
        made.called = now_ns();
    }
    made.returned = now_ns();
    if (r->there.brokers) {
        made.called = (int64_t)(4 * answer.head + 2);
        made.returned = made.called + 1;
    }
    for (int i = 0; i < LINES; i++) {
        char name[20];
        snprintf(name, sizeof name, "L-%d", i);
        made.value = value_in(&answer, name);
        keep(r, i, &made, KOPGROEP_DONE);
    }
    kopgroep_answer_fini(&answer);
}

static bool check(const run *r, int line)
{
    static const char *const actions[] = {"submit", "withdraw", "refused", "read"};
    const history *of = &r->lines[line];
    if (linear_check(of->operations, of->count))
        return true;
    fprintf(stderr, "the history of line L-%d of %s is not linearisable:\n", line, r->organisation);
    for (size_t i = 0; i < of->count; i++)
        fprintf(stderr, "  %lld to %lld: %s %lld\n", (long long)of->operations[i].called,
                of->operations[i].returned == RETURN_NEVER ? -1LL
                                                           : (long long)of->operations[i].returned,
                actions[of->operations[i].action], (long long)of->operations[i].value);
    return false;
}

static bool live(run *r, unsigned number, uint64_t *random)
{
    worker workers[SESSIONS];
    bool good = true;
    snprintf(r->organisation, sizeof r->organisation, "%s-%u", r->there.name ? r->there.name : "H",
             number);
    memset(r->lines, 0, sizeof r->lines);
    for (int i = 0; i < LINES; i++) {
        atomic_store(&r->done[i], 0);
        atomic_store(&r->soon[i], 0);
    }
    r->working = SESSIONS;
    enrol(r);
    for (int i = 0; i < SESSIONS; i++) {
        workers[i] = (worker){.run = r, .number = i};
        workers[i].random = *random += 12345;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            abort();
    }
    if (!r->there.brokers)
        kill_meanwhile(r, random);
    for (int i = 0; i < SESSIONS; i++)
        pthread_join(workers[i].thread, NULL);
    if (!r->there.brokers)
        kill_once(r);
    read_all(r);
    for (int i = 0; i < LINES; i++)
        good = check(r, i) && good;
    return good;
}

static const char usage[] =
    "Examples:\n  model_histories --histories 10000 kopgroepd config/catalogue.conf\n"
    "  model_histories --brokers a.access,b.access --administrator administrator.key \\\n"
    "    --name H --until enough --folder /tmp/histories\n\n"
    "Usage: model_histories [--histories N] [--seed N] KOPGROEPD CATALOGUE\n"
    "       model_histories [--seed N] --brokers ACCESS,... --administrator FILE --name PREFIX\n"
    "         --until FILE --folder FOLDER\n"
    "The second: of brokers that are there, until FILE is; organisations are PREFIX-0 and so on.\n"
    "Exit status: 0 all are linearisable, 1 one is not or something failed, 2 usage.\n";

typedef struct given {
    unsigned long histories;
    uint64_t seed;
    elsewhere there;
} given;

static bool parse(int argc, char **argv, given *all)
{
    static const struct option options[] = {{"histories", required_argument, NULL, 'n'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"brokers", required_argument, NULL, 'b'},
                                            {"administrator", required_argument, NULL, 'a'},
                                            {"name", required_argument, NULL, 'N'},
                                            {"until", required_argument, NULL, 'u'},
                                            {"folder", required_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    elsewhere *there = &all->there;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'n':
            all->histories = strtoul(optarg, NULL, 10);
            break;
        case 's':
            all->seed = strtoull(optarg, NULL, 10);
            break;
        case 'b':
            there->brokers = optarg;
            break;
        case 'a':
            there->administrator = optarg;
            break;
        case 'N':
            there->name = optarg;
            break;
        case 'u':
            there->until = optarg;
            break;
        case 'f':
            there->folder = optarg;
            break;
        default:
            return false;
        }
    }
    if (!there->brokers)
        return argc - optind == 2 && !there->administrator && !there->name && !there->until;
    return argc == optind && there->administrator && there->name && there->until && there->folder;
}

static bool is_over(const run *r, const given *all, unsigned number)
{
    if (!r->there.brokers)
        return number * LINES >= all->histories;
    return number > 0 && access(r->there.until, F_OK) == 0;
}

/* The bad way to our broker, and the access file that names it. */
static void begin_partition(run *r, uint64_t seed)
{
    kg_broker_access access;
    kg_problems problems;
    kg_problems_init(&problems, "broker.access");
    if (!kg_broker_access_read(r->access, &access, &problems))
        exit(1);
    kg_problems_fini(&problems);
    r->partition = partition_begin((uint16_t)atoi(strrchr(access.requests, ':') + 1), seed);
    kg_text_format(access.requests, sizeof access.requests, "tcp://127.0.0.1:%u",
                   partition_port(r->partition));
    history_path(&r->broker, "bad.access", r->bad_access);
    if (!kg_broker_access_write(r->bad_access, &access)) {
        perror(r->bad_access);
        exit(1);
    }
}

static void begin(run *r, char **programs, uint64_t seed)
{
    if (r->there.brokers) {
        snprintf(r->broker.folder, sizeof r->broker.folder, "%s", r->there.folder);
        return;
    }
    history_broker_begin(&r->broker, programs[0], programs[1]);
    history_path(&r->broker, "broker/broker.access", r->access);
    begin_partition(r, seed);
}

/* A run without faults would show nothing. */
static bool end(run *r)
{
    const partition_counts *faults = &r->faults;
    if (r->there.brokers)
        return true;
    r->faults = partition_end(&r->partition);
    history_broker_end(&r->broker);
    return faults->reset + faults->closed + faults->halved + faults->stalls + faults->parted > 0;
}

static void tell(const run *r, unsigned histories)
{
    const partition_counts *faults = &r->faults;
    printf("%u histories, %llu operations, %llu of unknown outcome (%llu more known by sending "
           "again), %llu refused, %llu kills\n",
           histories, (unsigned long long)r->total, (unsigned long long)r->unknown,
           (unsigned long long)r->cleared, (unsigned long long)r->refused,
           (unsigned long long)r->kills);
    if (!r->there.brokers)
        printf("%llu connections over the bad way: %llu reset, %llu closed, %llu half closed, "
               "%llu stalls; it was gone %llu times\n",
               (unsigned long long)faults->connections, (unsigned long long)faults->reset,
               (unsigned long long)faults->closed, (unsigned long long)faults->halved,
               (unsigned long long)faults->stalls, (unsigned long long)faults->parted);
}

int main(int argc, char **argv)
{
    given all = {.histories = LINES, .seed = 1};
    bool good = true;
    unsigned number = 0;
    if (!parse(argc, argv, &all)) {
        fputs(usage, stderr);
        return 2;
    }
    run *r = kg_alloc(1, sizeof *r);
    r->there = all.there;
    pthread_mutex_init(&r->mutex, NULL);
    pthread_cond_init(&r->changed, NULL);
    begin(r, argv + optind, all.seed);
    for (; good && !is_over(r, &all, number); number++)
        good = live(r, number, &all.seed);
    good = end(r) && good;
    tell(r, number * LINES);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->mutex);
    free(r);
    return good ? 0 : 1;
}

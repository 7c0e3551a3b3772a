/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd journal dump|verify|head|checkpoint|follow|receive|backup|restore|migrate */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/commands.h"
#include "broker/journal/journal.h"
#include "broker/journal/journal_child.h"
#include "broker/journal/journal_copy.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_stream.h"
#include "broker/store.h"
#include "proto/codec.h"
#include "proto/memory.h"

#define SHOWN_EVERY 65536 /* records between two signs of progress */

enum { FROM = 'f', TO = 't', ONCE = '1', STANDBY = 's' };

typedef struct task {
    const char *verb;
    char *folder; /* owned: of the journal itself */
    char *target; /* owned */
    uint64_t from, to; /* 0 = not given */
    bool once;
    bool alone; /* migrate: to a server without a standby */
} task;

static const kg_journal_options reading = {.read_only = true};

static int fail(const char *sentence)
{
    fprintf(stderr, "kopgroepd journal: %s\n", sentence);
    return 4;
}

/* What an administrator compares. */
static void print_extent(uint64_t records, const uint8_t chain[KG_CHAIN_BYTES])
{
    char hex[2 * KG_CHAIN_BYTES + 1];

    kg_hex_write(chain, KG_CHAIN_BYTES, hex);
    printf("records %" PRIu64 "\nchain %s\n", records, hex);
}

static json_t *hex_json(const uint8_t *bytes, size_t count)
{
    char *hex = kg_alloc(2 * count + 1, 1);
    json_t *text;

    kg_hex_write(bytes, count, hex);
    text = json_string(hex);
    free(hex);
    return text;
}

static json_t *key_json(const kg_journal_record *record)
{
    static const uint8_t none[KG_REQUEST_KEY_BYTES];

    if (memcmp(record->request_key, none, sizeof(none)) == 0)
        return json_null();
    return hex_json(record->request_key, KG_REQUEST_KEY_BYTES);
}

/* One that this version cannot read is shown as its bytes. */
static json_t *event_json(const kg_journal_record *record)
{
    char *text = kg_codec_event_json(record->event, record->event_bytes);
    json_t *event = text ? json_loads(text, 0, NULL) : NULL;

    free(text);
    return event ? event : hex_json(record->event, record->event_bytes);
}

static json_t *record_json(const kg_journal_record *record)
{
    char time[KG_TIME_BYTES];
    json_t *object = json_object();

    kg_time_write(record->time_ms, time);
    json_object_set_new(object, "sequence", json_integer((json_int_t)record->sequence));
    json_object_set_new(object, "time", json_string(time));
    json_object_set_new(object, "request_key", key_json(record));
    json_object_set_new(object, "command_bytes", json_integer((json_int_t)record->command_bytes));
    json_object_set_new(object, "event", event_json(record));
    json_object_set_new(object, "chain", hex_json(record->chain, KG_CHAIN_BYTES));
    return object;
}

static bool dump_record(void *context, const kg_journal_record *record)
{
    const task *request = context;
    json_t *object;
    bool written;

    if (request->to > 0 && record->sequence > request->to)
        return false;
    object = record_json(record);
    written = json_dumpf(object, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(object);
    return written && record->sequence != request->to;
}

/* A pager that ends early is no failure. */
static bool written(void)
{
    return (fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE ||
           kg_journal_fail("the output could not be written: %s", strerror(errno));
}

/* In a child: damage may end the process that reads it. */
static bool dump_all(void *context)
{
    const task *request = context;
    kg_journal *journal = kg_journal_open(request->folder, &reading);
    bool good;

    signal(SIGPIPE, SIG_IGN);
    good = journal && kg_journal_follow(journal, request->from, false, dump_record, context);
    kg_journal_close(&journal);
    return good && written();
}

/* All that there is, and the state that follows from it: a broker may go on meanwhile. */
static int dump_whole(task *request)
{
    kg_journal *journal = kg_journal_open(request->folder, &reading);
    char hash[65], error[300];

    if (!journal)
        return fail(kg_journal_error());
    request->to = kg_journal_head(journal);
    kg_journal_close(&journal);
    if (request->to > 0 && !kg_journal_child(request->folder, dump_all, request))
        return fail(kg_journal_error());
    if (!kg_store_hash_of(request->folder, request->to, hash, error))
        return fail(error);
    printf("{\"state\":\"%s\"}\n", hash);
    return 0;
}

static int dump(task *request)
{
    fflush(stdout);
    if (request->from == 0 && request->to == 0)
        return dump_whole(request);
    return kg_journal_child(request->folder, dump_all, request) ? 0 : fail(kg_journal_error());
}

static bool show_progress(void *context, const kg_journal_record *record)
{
    (void)context;
    if (record->sequence % SHOWN_EVERY == 0)
        fprintf(stderr, "\r%" PRIu64 " records", record->sequence);
    return true;
}

static int verify(task *request)
{
    const bool shown = isatty(STDERR_FILENO);
    kg_journal_extent extent;
    char hash[65], error[300];
    bool good;

    if (kg_journal_is_here(request->folder) && access(request->folder, F_OK) != 0) {
        fprintf(stderr, "kopgroepd journal: %s: %s\n", request->folder, strerror(errno));
        return 4;
    }
    good = kg_journal_verify(request->folder, shown ? show_progress : NULL, NULL, &extent);
    if (shown && extent.records >= SHOWN_EVERY)
        fprintf(stderr, "\r\033[K");
    if (good || extent.records > 0)
        print_extent(extent.records, extent.chain); /* as far as it is sound */
    fflush(stdout); /* a child would say it again */
    if (good && kg_store_hash_of(request->folder, extent.records, hash, error)) {
        printf("state %s\n", hash);
        return 0;
    }
    fail(good ? error : kg_journal_error());
    return 1;
}

static int head(task *request)
{
    kg_journal *journal = kg_journal_open(request->folder, &reading);
    uint8_t chain[KG_CHAIN_BYTES];

    if (!journal)
        return fail(kg_journal_error());
    kg_journal_chain(journal, chain);
    print_extent(kg_journal_head(journal), chain);
    kg_journal_close(&journal);
    return 0;
}

static int follow(task *request)
{
    kg_journal *journal;
    bool good;

    if (isatty(STDOUT_FILENO))
        return fail("a stream is for receive, through a pipe, or for a file: not for a terminal");
    journal = kg_journal_open(request->folder, &reading);
    signal(SIGPIPE, SIG_IGN);
    good = journal && kg_journal_stream_write(journal, request->from > 0 ? request->from : 1,
                                              request->once, STDOUT_FILENO);
    kg_journal_close(&journal);
    return good ? 0 : fail(kg_journal_error());
}

static void show_received(void *context, uint64_t sequence)
{
    (void)context;
    fprintf(stderr, "\r%" PRIu64 " records", sequence);
}

static int receive(task *request)
{
    const bool shown = isatty(STDERR_FILENO);
    bool good = kg_journal_stream_read(request->folder, STDIN_FILENO,
                                       shown ? show_received : NULL, NULL);
    int status = good ? 0 : fail(kg_journal_error());

    return status ? status : head(request);
}

/* Beside a broker at work, too. */
static int checkpoint(task *request)
{
    kg_store store;
    char note[200], why[200], error[300];
    bool good;

    if (!kg_journal_is_here(request->folder))
        return fail("a checkpoint stands in the broker's folder; a clean stop writes one");
    if (!kg_store_open_from_checkpoint(&store, request->folder, &reading, note, error))
        return fail(error);
    if (note[0] != '\0')
        fprintf(stderr, "kopgroepd journal: the checkpoint that is there is not used: %s\n", note);
    good = kg_store_write_checkpoint(&store, request->folder, why);
    printf("records %" PRIu64 "\nbefore %" PRIu64 "\n", kg_journal_head(store.journal),
           store.checkpoint);
    kg_store_close(&store);
    return good ? 0 : fail(why);
}

static void show_copied(void *context, uint64_t sequence)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%" PRIu64 " records\r", sequence);
}

/* The journal at a place, made where there is none: one that was cut short is gone on with. */
static kg_journal *open_target(const kg_journal *from, const task *request)
{
    const kg_journal_options writing = {.alone = request->alone};
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    kg_journal *made = kg_journal_open(request->target, &reading);
    char why[512];

    kg_text_format(why, sizeof(why), "%s", kg_journal_error());
    kg_journal_deployment(from, deployment);
    if (made)
        kg_journal_close(&made);
    else if (!kg_journal_create(request->target, deployment)) {
        kg_journal_fail("%s (%s)", why, kg_journal_error());
        return NULL;
    }
    return kg_journal_open(request->target, &writing);
}

/* Of the records that were copied: a broker may go on at the other place. */
static bool is_same_state(const task *request, uint64_t records, char hash[static 65])
{
    char other[65], error[300];

    if (!kg_store_hash_of(request->folder, records, hash, error) ||
        !kg_store_hash_of(request->target, records, other, error))
        return kg_journal_fail("%s", error);
    return strcmp(hash, other) == 0 ||
           kg_journal_fail("the state that follows from the copy is another one, which is the "
                           "broker's own fault: report it");
}

/* From one kind of place to another. While a broker works at FROM, what comes later is copied by
 * doing it again. */
static int migrate(task *request)
{
    kg_journal *from = kg_journal_open(request->folder, &reading), *to = NULL;
    uint8_t chain[KG_CHAIN_BYTES];
    uint64_t records = 0;
    char hash[65];
    bool good = from && kg_journal_is_here(request->target) &&
                mkdir(request->target, 0700) != 0 && errno != EEXIST;

    if (good)
        kg_journal_fail("%s: %s", request->target, strerror(errno));
    else if (from)
        to = open_target(from, request);
    good = to && kg_journal_copy(from, to, show_copied, NULL);
    if (good) {
        kg_journal_chain(to, chain);
        records = kg_journal_durable(to);
    }
    good = kg_journal_close(&to) && good;
    kg_journal_close(&from);
    if (!good || !is_same_state(request, records, hash))
        return fail(kg_journal_error());
    print_extent(records, chain);
    printf("state %s\n", hash);
    return 0;
}

/* Both ways it is the same: a verified copy into an empty folder, made when it is not there. */
static int copy(task *request)
{
    kg_journal *journal = kg_journal_open(request->folder, &reading), *made;
    uint8_t chain[KG_CHAIN_BYTES];
    bool good;

    if (!journal)
        return fail(kg_journal_error());
    if (!kg_journal_is_here(request->target)) {
        kg_journal_close(&journal);
        return fail("backup and restore make a folder; migrate brings a journal to PostgreSQL");
    }
    if (mkdir(request->target, 0700) != 0 && errno != EEXIST) {
        kg_journal_close(&journal);
        fprintf(stderr, "kopgroepd journal: %s: %s\n", request->target, strerror(errno));
        return 4;
    }
    good = kg_journal_snapshot(journal, request->target);
    kg_journal_close(&journal);
    made = good ? kg_journal_open(request->target, &reading) : NULL;
    if (!made)
        return fail(kg_journal_error());
    kg_journal_chain(made, chain);
    print_extent(kg_journal_head(made), chain);
    kg_journal_close(&made);
    return 0;
}

static const struct {
    const char *verb;
    int (*run)(task *request);
    const char *places; /* as the usage names them */
    bool needs_target;
} verbs[] = {{"dump", dump, "DIR", false},
             {"verify", verify, "DIR", false},
             {"head", head, "DIR", false},
             {"checkpoint", checkpoint, "DIR", false},
             {"follow", follow, "DIR", false},
             {"receive", receive, "DIR", false},
             {"backup", copy, "DIR TO", true},
             {"restore", copy, "FROM DIR", true},
             {"migrate", migrate, "FROM TO", true}};

static size_t find_verb(const char *verb)
{
    size_t i = 0;

    while (i < sizeof(verbs) / sizeof(verbs[0]) && strcmp(verbs[i].verb, verb) != 0)
        i++;
    return i;
}

/* A broker's folder stands for the journal in it, or for the one that is to be made there. */
static char *journal_folder(const char *folder)
{
    char *path = kg_folder_path(folder, "journal");
    struct stat info;

    if ((stat(path, &info) == 0 && S_ISDIR(info.st_mode)) ||
        kg_folder_holds(folder, "broker.key") || kg_folder_holds(folder, "broker.conf"))
        return path;
    free(path);
    return kg_strdup(folder);
}

static uint64_t parse_sequence(struct argp_state *state, const char *text)
{
    int64_t value;

    if (!kg_integer_parse(text, 1, INT64_MAX, &value))
        argp_error(state, "a record has a number from 1 on, not '%s'", text);
    return (uint64_t)value;
}

static void check(struct argp_state *state, const task *request)
{
    size_t verb = request->verb ? find_verb(request->verb) : sizeof(verbs) / sizeof(verbs[0]);

    if (verb == sizeof(verbs) / sizeof(verbs[0]))
        argp_error(state, "say dump, verify, head, checkpoint, follow, receive, backup, restore or "
                          "migrate");
    if (!request->folder || verbs[verb].needs_target != (request->target != NULL))
        argp_error(state, "say kopgroepd journal %s %s", request->verb, verbs[verb].places);
    bool dumps = verbs[verb].run == dump, follows = verbs[verb].run == follow;
    if ((request->from > 0 && !dumps && !follows) || (request->to > 0 && !dumps) ||
        (request->once && !follows))
        argp_error(state, "--from goes with dump and follow, --to with dump, --once with follow");
    if (request->alone && verbs[verb].run != migrate)
        argp_error(state, "--standby goes with migrate");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    task *request = state->input;

    if (key == FROM)
        request->from = parse_sequence(state, argument);
    else if (key == TO)
        request->to = parse_sequence(state, argument);
    else if (key == ONCE)
        request->once = true;
    else if (key == STANDBY && strcmp(argument, "none") == 0)
        request->alone = true;
    else if (key == STANDBY && strcmp(argument, "required") != 0)
        argp_error(state, "--standby is required or none, not '%s'", argument);
    else if (key == STANDBY)
        request->alone = false;
    else if (key == ARGP_KEY_ARG && state->arg_num == 0)
        request->verb = argument;
    else if (key == ARGP_KEY_ARG && state->arg_num == 1)
        request->folder = journal_folder(argument);
    else if (key == ARGP_KEY_ARG && state->arg_num == 2)
        request->target = journal_folder(argument);
    else if (key == ARGP_KEY_ARG)
        argp_usage(state);
    else if (key == ARGP_KEY_END)
        check(state, request);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static const char usage[] = "dump|verify|head|checkpoint|follow|receive DIR\n"
                            "backup DIR TO\nrestore FROM DIR\nmigrate FROM TO";
static const char doc[] =
    "Examples:\n"
    "  kopgroepd journal verify /var/lib/kopgroep\n"
    "  kopgroepd journal dump /var/lib/kopgroep --from 100 --to 120\n"
    "  kopgroepd journal checkpoint /var/lib/kopgroep\n"
    "  kopgroepd journal follow /var/lib/kopgroep |\n"
    "      ssh safe.example.org kopgroepd journal receive /srv/kopgroep\n"
    "  kopgroepd journal backup /var/lib/kopgroep /mnt/backup/2027-01-31\n"
    "  kopgroepd journal restore /mnt/backup/2027-01-31 /var/lib/kopgroep\n"
    "  kopgroepd journal migrate /var/lib/kopgroep postgresql://kg@db/kopgroep\n\n"
    "DIR, FROM and TO are a broker's folder (it holds broker.key or broker.conf: the journal in "
    "it is meant), a journal's own folder, or postgresql://USER@HOST/DATABASE. "
    "verify recomputes every chain value and replays every record; dump prints a JSON object "
    "a record, then the state's hash; checkpoint writes what follows from the journal beside "
    "it, so that the next start is short; head prints the last record's number and chain "
    "value; follow writes the records, and those that come, to standard output; receive adds "
    "them to a copy, verified, and skips what it has; backup and restore copy into a folder "
    "that is empty or not there yet, and verify it; migrate copies between a folder and "
    "PostgreSQL, goes on where it was cut short, and compares chain and state: do it once "
    "beside the broker, and once more when that is stopped. All but receive and restore may be "
    "done while the broker runs. kopgroepd-journal(7) has the steps of backing up, sealed too, "
    "and of coming back.\v"
    "A backup holds the journal only: keep broker.key, broker.conf and catalogue.conf too. "
    "Exit status: 0 done, 1 verify found damage, 2 usage, 4 local I/O.";

static const struct argp_option options[] = {
    {"from", FROM, "N", 0, "dump, follow: first record (1)", 0},
    {"to", TO, "N", 0, "dump: last record (the head)", 0},
    {"once", ONCE, NULL, 0, "follow: end at the head", 0},
    {"standby", STANDBY, "required|none", 0, "migrate: what TO's server must have", 0},
    {0}};
const struct argp kg_argp_journal = {options, parse, usage, doc, NULL, NULL, NULL};

int kg_cmd_journal(int argc, char **argv)
{
    task request = {0};
    int status;

    argp_err_exit_status = 2;
    argp_parse(&kg_argp_journal, argc, argv, 0, NULL, &request);
    status = verbs[find_verb(request.verb)].run(&request);
    free(request.target);
    free(request.folder);
    if (fflush(stdout) != 0 || ferror(stdout))
        return fail("the output could not be written");
    return status;
}

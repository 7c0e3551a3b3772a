/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd run -c FILE */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/catalogue_change.h"
#include "broker/clock.h"
#include "broker/commands.h"
#include "broker/core.h"
#include "broker/cosignatures.h"
#include "broker/entrance.h"
#include "broker/follower.h"
#include "broker/grouped.h"
#include "broker/journal/journal_folder.h"
#include "broker/lead.h"
#include "broker/log.h"
#include "broker/monitor.h"
#include "broker/scrub.h"
#include "broker/settings.h"
#include "broker/user.h"
#include "proto/access_file.h"
#include "proto/identity.h"

#define DOCUMENTS 256
#define DOCUMENTS_BYTES (512u << 20)
#define DESCRIPTORS 65536
#define GATE_THREADS_MAX 8
/* What malloc keeps of what is freed, for each thread at most, and takes at once. */
#define KEPT_BYTES (32 << 20)
#define TAKEN_BYTES (1 << 20)
#define MAPPED_BYTES_MIN (4 << 20) /* from here on memory is the system's alone */
/* A start that reads fewer records than these is short without a checkpoint. */
#define CHECKPOINT_RECORDS 10000

/* What a signal handler may touch: the only mutable global, for want of another way. */
static struct {
    atomic_bool stop;
    _Atomic(kg_net *) net;
} signals;

static char log_buffer[65536];

/* For other threads and signals: while there is no network yet, or no more, nobody waits in it. */
static void wake_core(void *context)
{
    kg_net *net = atomic_load(&signals.net);
    (void)context;
    if (net)
        kg_net_wake(net);
}

static void on_signal(int number)
{
    (void)number;
    atomic_store(&signals.stop, true);
    wake_core(NULL);
}

static void catch_signals(kg_net *net)
{
    struct sigaction action = {.sa_handler = on_signal};
    atomic_store(&signals.net, net);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit then fails, which the journal tells */
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **file = state->input;
    if (key == 'c')
        *file = argument;
    else if (key == ARGP_KEY_ARG)
        argp_usage(state);
    else if (key == ARGP_KEY_END && !*file)
        argp_error(state, "-c FILE is needed");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* Descriptors 0, 1 and 2 stay open (libzmq would take them for its own), and enough others are
 * allowed. */
static void prepare_process(void)
{
    struct rlimit limit;
    int null;
    while ((null = open("/dev/null", O_RDWR)) >= 0 && null <= 2)
        continue;
    if (null > 2)
        close(null);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < DESCRIPTORS) {
        limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Each message takes a few hundred KiB and frees them: what goes back to the system is faulted in
 * and cleared again for the next, which was a quarter of what a submission of 100 lines cost. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_TOP_PAD, TAKEN_BYTES);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES_MIN);
#endif
}

/* A journal elsewhere is led from a folder of this machine, by one process: only so may it lead on
 * at once after a restart. */
static bool hold_folder(const kg_config *config, int *hold)
{
    char *journal = kg_config_journal(config), *folder = kg_config_checkpoints(config);
    bool good = kg_journal_is_here(journal); /* then opening it holds the folder */
    if (!good && mkdir(folder, 0700) != 0 && errno != EEXIST)
        kg_log(KG_LOG_ERROR, "journal-failed", "folder=%s error=\"%s\"", folder, strerror(errno));
    else if (!good && (*hold = kg_folder_take(folder)) < 0)
        kg_log(KG_LOG_ERROR, "journal-failed", "folder=%s error=\"%s\"", folder,
               kg_journal_error());
    else
        good = true;
    free(journal);
    free(folder);
    return good;
}

static bool open_journal(kg_core *core)
{
    char error[300] = "";
    char *journal = kg_config_journal(core->config);
    char *folder = kg_config_checkpoints(core->config), address[256];
    bool known = kg_config_public_requests(core->config, address);
    kg_journal_options options = {
        .map_bytes = (size_t)core->config->map_gib << 30,
        .disk_reserve_bytes = (uint64_t)core->config->disk_reserve_mib << 20,
        .wake = wake_core,
        .holder = folder,
        .address = known ? address : NULL,
        .lease_ms = core->config->journal_lease_s * 1000,
        .alone = core->config->journal_alone,
        .later = true,
    };
    if (!kg_journal_is_here(journal)) {
        kg_log(KG_LOG_INFO, "journal-elsewhere", "place=\"%s\"", journal);
        kg_log_flush();
    }
    bool good = kg_store_open_journal(&core->store, journal, &options, error);
    if (!good)
        kg_log(KG_LOG_ERROR, "journal-failed", "folder=%s error=\"%s\"", journal, error);
    else if (options.alone && !kg_journal_is_here(journal))
        kg_log(KG_LOG_WARNING, "journal-alone", "durability=\"%s\"",
               kg_journal_durability(core->store.journal));
    free(folder);
    free(journal);
    return good;
}

static bool replay(kg_core *core, int64_t begun)
{
    char error[300] = "", note[200] = "";
    char *journal = kg_config_checkpoints(core->config);
    bool good = kg_store_replay(&core->store, journal, note, error);
    if (note[0] != '\0')
        kg_log(KG_LOG_WARNING, "checkpoint-not-used", "folder=%s why=\"%s\"", journal, note);
    if (!good)
        kg_log(KG_LOG_ERROR, "journal-failed", "folder=%s error=\"%s\"", journal, error);
    else
        kg_log(KG_LOG_INFO, "replayed", "records=%llu checkpoint=%llu ms=%lld",
               (unsigned long long)kg_journal_head(core->store.journal),
               (unsigned long long)core->store.checkpoint,
               (long long)(kg_clock_monotonic_ms() - begun));
    free(journal);
    return good;
}

/* It must not take the disk's last room, which is the journal's, where that is here. */
static bool has_room(const kg_core *core)
{
    kg_folder_space disk = {0};
    kg_state_usage state;
    kg_folder_space_read(core->config->folder, &disk);
    kg_state_usage_read(core->store.state, &state);
    uint64_t bytes = state.columns + state.texts + state.keys;
    bytes += state.members + state.feeds + state.rounds;
    return disk.free_bytes / 2 > bytes + ((uint64_t)core->config->disk_reserve_mib << 20);
}

/* So that the next start is short. Where it cannot be written the start is longer. One of a broker
 * that follows is not written: what it holds may be taken back yet. */
static void write_checkpoint(kg_core *core)
{
    char why[200];
    int64_t begun = kg_clock_monotonic_ms();
    kg_store *store = &core->store;
    if (core->pursuit)
        return;
    uint64_t records = kg_journal_durable(store->journal);
    if (records - store->checkpoint < CHECKPOINT_RECORDS || !has_room(core))
        return;
    char *journal = kg_config_checkpoints(core->config);
    if (kg_store_write_checkpoint(store, journal, why))
        kg_log(KG_LOG_INFO, "checkpoint-written", "records=%llu ms=%lld",
               (unsigned long long)records, (long long)(kg_clock_monotonic_ms() - begun));
    else
        kg_log(KG_LOG_WARNING, "checkpoint-failed", "error=\"%s\"", why);
    free(journal);
}

typedef struct scrubbing {
    kg_vitals *vitals;
    atomic_bool damaged;
} scrubbing;

static void note_scrubbed(kg_vitals *vitals)
{
    kg_vitals_set(vitals, KG_VITAL_SCRUBBED_MS, (uint64_t)kg_clock_now().time_ms);
}

/* On the scrub's thread. Damage ends the process: what is served follows from records that are not
 * what they were. */
static void scrubbed(void *context, uint64_t records, const char *error)
{
    scrubbing *it = context;
    if (!error) {
        note_scrubbed(it->vitals);
        kg_log(KG_LOG_INFO, "scrubbed", "records=%llu", (unsigned long long)records);
        kg_log_flush();
        return;
    }
    kg_log(KG_LOG_ERROR, "journal-failed", "error=\"%s\"", error);
    atomic_store(&it->damaged, true);
    atomic_store(&signals.stop, true);
    wake_core(NULL);
}

/* One processor is the core's, which helps at the gate while it waits. */
static int gate_threads(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors <= 2                 ? 1
           : processors > GATE_THREADS_MAX ? GATE_THREADS_MAX
                                           : (int)processors - 1;
}

/* With this folder's key another buyer group's clients would be shut out from their own journal,
 * and this group's from the file that says where to go. */
static bool is_own_journal(const kg_core *core)
{
    kg_broker_access access;
    kg_problems problems;
    char said[2 * sizeof access.deployment + 1], *path = kg_config_access(core->config);
    kg_problems_init(&problems, path);
    bool own = !kg_broker_access_read(path, &access, &problems);
    kg_hex_write(access.deployment, sizeof access.deployment, said);
    own = own || strcmp(said, core->store.deployment) == 0;
    if (!own)
        kg_log(KG_LOG_ERROR, "other-deployment",
               "access=%s deployment=%s journal=%s advice=\"name this deployment's journal in "
               "broker.conf, or put the other one's broker.key and broker.access here\"",
               path, said, core->store.deployment);
    kg_problems_fini(&problems);
    free(path);
    return own;
}

static bool publish_access(kg_core *core, const kg_public_key *key)
{
    kg_broker_access access = {0};
    char *path = kg_config_access(core->config);
    memcpy(access.key, key->transport, sizeof access.key);
    memcpy(access.sign, key->sign, sizeof access.sign);
    kg_hex_parse(core->store.deployment, access.deployment, sizeof access.deployment);
    kg_endpoint_public(kg_net_requests(core->net), core->config->public_host, access.requests);
    kg_endpoint_public(kg_net_feeds(core->net), core->config->public_host, access.feeds);
    bool good = kg_broker_access_write(path, &access);
    if (!good)
        kg_log(KG_LOG_ERROR, "access-file-failed", "path=%s error=\"%s\"", path, strerror(errno));
    free(path);
    return good;
}

static bool read_identity(kg_core *core)
{
    char *path = kg_config_identity(core->config);
    core->identity = kg_identity_read(path, NULL, &(bool){false});
    free(path);
    if (!core->identity)
        kg_log(KG_LOG_ERROR, "identity-failed", "error=\"%s\"", kg_identity_error());
    return core->identity != NULL;
}

/* From the network's thread. */
static void tell_of_door(void *context, kg_net_news news, const char *text)
{
    (void)context;
    switch (news) {
    case KG_NET_DOOR_OPENED:
        kg_log(KG_LOG_INFO, "door-opened", "pid=%s", text);
        kg_log_flush();
        break;
    case KG_NET_DOOR_LESS:
        kg_log(KG_LOG_WARNING, "door-sandbox", "missing=\"%s\"", text);
        break;
    case KG_NET_DOOR_CROWDED:
        kg_log(KG_LOG_WARNING, "door-crowded", "connections=\"%s\"", text);
        break;
    case KG_NET_DOOR_LOST:
        kg_log(KG_LOG_ERROR, "door-lost", "error=\"%s\"", text);
        break;
    }
}

static bool start_net(kg_core *core)
{
    kg_public_key key;
    char error[300] = "";
    kg_identity_public(core->identity, &key);
    kg_net_options options = {
        .requests = core->config->requests,
        .feeds = core->config->feeds,
        .transport_public = key.transport,
        .transport_secret = kg_identity_transport_secret(core->identity),
        .connections_max = (unsigned)core->config->connections_max,
        .handshakes_max = (unsigned)core->config->handshakes_max,
        .admit = kg_entrance_open,
        .context = core,
        .preparing = kg_entrance_preparing(core->gate, gate_threads()),
        .apart = true,
        .tell = tell_of_door,
    };
    core->net = kg_net_start(&options, error);
    if (!core->net) {
        kg_log(KG_LOG_ERROR, "net-failed", "error=\"%s\"", error);
        return false;
    }
    return publish_access(core, &key);
}

/* A start without a checkpoint has just verified all. */
static kg_scrub *start_scrub(kg_core *core, scrubbing *it)
{
    const kg_store *store = &core->store;
    if (store->checkpoint == 0)
        note_scrubbed(it->vitals);
    return kg_scrub_start(store->journal, store->checkpoint, core->config->scrub_days, scrubbed,
                          it);
}

static int serve(kg_core *core)
{
    scrubbing verified = {.vitals = core->vitals};
    kg_scrub *scrub = start_scrub(core, &verified);
    core->worker = kg_worker_start(core->config->threads, wake_core, NULL);
    catch_signals(core->net);
    kg_log(KG_LOG_INFO, "serving",
           "role=%s version=%s deployment=%s requests=%s feeds=%s members=%zu",
           core->pursuit ? "follower" : "leader", KG_VERSION, core->store.deployment,
           kg_net_requests(core->net), kg_net_feeds(core->net),
           kg_state_members(core->store.state));
    kg_log_flush();
    kg_vitals_set(core->vitals, KG_VITAL_PHASE, KG_PHASE_SERVING);
    bool good = kg_core_run(core, &signals.stop);
    kg_vitals_set(core->vitals, KG_VITAL_PHASE, KG_PHASE_STOPPING);
    kg_cosignatures_keep(core, true);
    kg_scrub_stop(&scrub);
    good = good && !verified.damaged;
    kg_worker_stop(&core->worker);
    kg_grouped_drop(core);
    if (good)
        write_checkpoint(core);
    kg_log(good ? KG_LOG_INFO : KG_LOG_ERROR, "stopped", "head=%llu",
           (unsigned long long)kg_core_head(core));
    return good ? 0 : 4;
}

static bool is_watched(bool good, const char *why)
{
    if (!good)
        kg_log(KG_LOG_ERROR, "metrics-failed", "error=\"%s\"", why);
    return good;
}

/* The journal is open: it looked at itself in a child process, and now there may be threads. */
static int run_store(kg_core *core, kg_settings_of_broker *settings, kg_monitor *monitor,
                     int64_t begun)
{
    char why[200];
    if (!is_watched(kg_monitor_start(monitor, why), why) || !replay(core, begun) ||
        !is_own_journal(core) || !read_identity(core))
        return 4;
    catch_signals(NULL);
    kg_lead_verdict leader = kg_lead_find(core, &signals.stop);
    if (leader != KG_LEAD_OWN && leader != KG_LEAD_ANOTHER)
        return leader == KG_LEAD_STOPPED ? 0 : 4;
    kg_cosignatures_load(core);
    core->gate = kg_gate_new(core->store.deployment, core->identity);
    core->catalogue_text = settings->catalogue_text;
    core->catalogue = &settings->catalogue;
    bool good = (leader == KG_LEAD_ANOTHER ||
                 kg_catalogue_change(core, core->catalogue_text, core->catalogue)) &&
                start_net(core);
    if (good && leader == KG_LEAD_ANOTHER)
        kg_follower_begin(core, wake_core, NULL);
    return good ? serve(core) : 4;
}

static int run_core(kg_core *core, kg_settings_of_broker *settings, kg_monitor *monitor)
{
    int status = 4, hold = -1;
    int64_t begun = kg_clock_monotonic_ms();
    kg_machine_describe(settings->config.folder, core->machine);
    kg_documents_init(&core->documents, DOCUMENTS, DOCUMENTS_BYTES);
    if (hold_folder(core->config, &hold) && open_journal(core)) {
        status = run_store(core, settings, monitor, begun);
        kg_follower_end(core);
        /* The journal's thread wakes the network's queue, whose threads read the state. */
        if (!kg_journal_close(&core->store.journal) && status == 0) {
            kg_log(KG_LOG_ERROR, "journal-failed", "error=\"%s\"", kg_journal_error());
            status = 4;
        }
        atomic_store(&signals.net, NULL);
        kg_net_stop(&core->net);
        kg_store_close(&core->store);
    }
    if (hold >= 0)
        close(hold);
    kg_documents_fini(&core->documents);
    kg_gate_destroy(&core->gate);
    kg_identity_destroy(&core->identity);
    return status;
}

static int run(kg_settings_of_broker *settings)
{
    char why[200];
    int64_t started_ms = kg_clock_now().time_ms;
    kg_monitor *monitor = kg_monitor_new(&settings->config, started_ms, why);
    if (!is_watched(monitor != NULL, why)) {
        kg_log_flush();
        return 4;
    }
    kg_core *core = kg_alloc(1, sizeof *core);
    kg_core_init(core, &settings->config, kg_monitor_vitals(monitor));
    core->started_ms = started_ms;
    int status = run_core(core, settings, monitor);
    kg_core_fini(core);
    free(core);
    kg_monitor_destroy(&monitor);
    kg_log_flush();
    return status;
}

static bool become_user(const char *user)
{
    char error[200];
    if (user && !kg_user_become(user, error)) {
        kg_log(KG_LOG_ERROR, "user-failed", "error=\"%s\"", error);
        return false;
    }
    if (geteuid() == 0)
        kg_log(KG_LOG_WARNING, "root", "advice=\"name a user of its own in broker.conf: user\"");
    return true;
}

static const char doc[] =
    "Examples:\n  kopgroepd run -c /var/lib/kopgroep/broker.conf\n\n"
    "Runs the broker until SIGTERM or SIGINT.\v"
    "Logs one key=value line an event to stderr. Exit status: 0 stopped as asked, 2 usage, "
    "4 settings, journal or network cannot be used.";

static const struct argp_option options[] = {
    {"config", 'c', "FILE", 0, "settings (made by kopgroepd init)", 0}, {0}};
const struct argp kg_argp_run = {options, parse, NULL, doc, NULL, NULL, NULL};

int kg_cmd_run(int argc, char **argv)
{
    const char *file = NULL;
    kg_settings_of_broker settings;
    argp_err_exit_status = 2;
    argp_parse(&kg_argp_run, argc, argv, 0, NULL, &file);
    prepare_process();
    keep_memory();
    setvbuf(stderr, log_buffer, _IOFBF, sizeof log_buffer); /* kg_log_flush() */
    if (!kg_broker_settings_read(file, &settings))
        return 4;
    int status = become_user(settings.config.user) ? run(&settings) : 4;
    kg_broker_settings_fini(&settings);
    return status;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/report.h"

#include <sys/stat.h>

#include "broker/metrics/exposition.h"
#include "broker/metrics/process.h"
#include "proto/text.h"

#define COUNTER "counter"
#define GAUGE "gauge"
#define FOLLOWED_MS_MAX 30000 /* a follower that read nothing for longer is cut off */
#define COUNT(array) (sizeof array / sizeof *array)

static const struct {
    kg_vital vital;
    const char *name, *type, *help;
} singles[] = {
    {KG_VITAL_READ_ONLY, "kopgroep_read_only", GAUGE,
     "1 while there is too little room on the disk or in the journal: only withdrawals and "
     "questions are served."},
    {KG_VITAL_FULL, "kopgroep_full", GAUGE,
     "1 while there is no room left: only questions are served."},
    {KG_VITAL_SHORT_OF_DISK, "kopgroep_short_of_disk", GAUGE,
     "1 while it is the disk that has too little room."},
    {KG_VITAL_SHORT_OF_MAP, "kopgroep_short_of_map", GAUGE,
     "1 while it is the journal's map that has too little room (map_gib)."},
    {KG_VITAL_FOLLOWS, "kopgroep_follows", GAUGE,
     "1 while another broker leads: commands are for that one, questions are answered here."},
    {KG_VITAL_RECORDS, "kopgroep_journal_records_total", COUNTER,
     "Durable records of the journal, since its first."},
    {KG_VITAL_MAP_BYTES, "kopgroep_journal_bytes", GAUGE, "Bytes in use of the journal's tables."},
    {KG_VITAL_MAP_BYTES_MAX, "kopgroep_journal_limit_bytes", GAUGE,
     "How large the journal's tables may grow (map_gib)."},
    {KG_VITAL_PENDING_BYTES, "kopgroep_journal_pending_bytes", GAUGE,
     "What the journal's log holds and its tables do not yet will take of them, at most."},
    {KG_VITAL_OLDEST_VIEW, "kopgroep_journal_oldest_view_transactions", GAUGE,
     "How many transactions of the journal's tables ago the oldest view of them was taken that "
     "still stands, in any process; while it grows, freed pages are not used again."},
    {KG_VITAL_DISK_FREE_BYTES, "kopgroep_disk_free_bytes", GAUGE,
     "Free bytes of the journal's file system."},
    {KG_VITAL_DISK_BYTES, "kopgroep_disk_bytes", GAUGE, "Size of the journal's file system."},
    {KG_VITAL_LINES, "kopgroep_live_lines", GAUGE, "Plan lines that are not withdrawn."},
    {KG_VITAL_FEEDS, "kopgroep_feeds", GAUGE, "Feeds that are kept."},
    {KG_VITAL_HINTS, "kopgroep_feed_hints_total", COUNTER, "Hints that a feed has something new."},
    {KG_VITAL_CONNECTIONS, "kopgroep_connections_total", COUNTER, "Connections that were let in."},
    {KG_VITAL_REFUSED, "kopgroep_connections_refused_total", COUNTER,
     "Connections of unknown or revoked keys."},
    {KG_VITAL_LIMITED, "kopgroep_connections_limited_total", COUNTER,
     "Connections of known keys beyond connections_max or handshakes_max."},
    {KG_VITAL_CROWDED, "kopgroep_connections_crowded_total", COUNTER,
     "Connections cut off, or not taken, since there were as many as descriptors allow."},
    {KG_VITAL_STANDING, "kopgroep_connections", GAUGE,
     "Connections that stand, strangers' among them."},
    {KG_VITAL_STANDING_MAX, "kopgroep_connections_limit", GAUGE,
     "How many connections may stand (descriptors that are left to the door)."},
    {KG_VITAL_RECEIVED, "kopgroep_messages_received_total", COUNTER,
     "Messages that came in, whole."},
    {KG_VITAL_MALFORMED, "kopgroep_messages_malformed_total", COUNTER,
     "Messages whose frames were wrong; nobody answers them."},
    {KG_VITAL_REPLIED, "kopgroep_replies_total", COUNTER, "Replies that were sent."},
    {KG_VITAL_DOORS_LOST, "kopgroep_doors_lost_total", COUNTER,
     "Network processes that died, and were started again."},
    {KG_VITAL_DROPPED, "kopgroep_replies_dropped_total", COUNTER,
     "Replies that nobody took: the peer was gone or stalled, and asks again."},
};

static const struct {
    kg_vital vital;
    const char *queue;
} queues[] = {
    {KG_VITAL_WAITING_INBOUND, "inbound"},     {KG_VITAL_WAITING_OUTBOUND, "outbound"},
    {KG_VITAL_WAITING_BATCHES, "batches"},     {KG_VITAL_WAITING_ASIDE, "aside"},
    {KG_VITAL_WAITING_GROUPINGS, "groupings"},
};

static const struct {
    kg_histogram_kind kind;
    const char *name, *help;
    int decimals; /* from its unit to the base unit */
} histograms[] = {
    {KG_HISTOGRAM_BATCH_RECORDS, "kopgroep_batch_records",
     "Records of a batch, which becomes durable as a whole.", 0},
    {KG_HISTOGRAM_COMMIT_US, "kopgroep_commit_duration_seconds",
     "From handing a batch to the journal until it was found to be durable.", 6},
};

static void write_queues(const kg_vitals *vitals, kg_buffer *out)
{
    kg_exposition_family(out, "kopgroep_queue_depth", GAUGE,
                         "What waits: messages inbound and outbound, batches on their way to the "
                         "disk, questions put aside, groupings not yet decided.");
    for (size_t i = 0; i < COUNT(queues); i++) {
        const kg_sample_label label = {"queue", queues[i].queue};
        kg_exposition_sample(out, "kopgroep_queue_depth", &label, 1,
                             kg_vitals_get(vitals, queues[i].vital), 0);
    }
}

static void write_scrubbed(const kg_vitals *vitals, kg_buffer *out)
{
    const uint64_t scrubbed_ms = kg_vitals_get(vitals, KG_VITAL_SCRUBBED_MS);
    if (scrubbed_ms > 0)
        kg_exposition_single(out, "kopgroep_journal_scrubbed_timestamp_seconds", GAUGE,
                             "When the journal's records were last found to be sound, by a start "
                             "or by the scrub; absent until then.",
                             scrubbed_ms, 3);
}

static void write_rounds(const kg_vitals *vitals, const kg_report_about *about, kg_buffer *out)
{
    kg_exposition_family(out, "kopgroep_rounds", GAUGE, "Rounds by state.");
    for (size_t i = 0; i < KG_VITALS_ROUND_STATES_MAX && about->round_states[i]; i++) {
        const kg_sample_label label = {"state", about->round_states[i]};
        kg_exposition_sample(out, "kopgroep_rounds", &label, 1, kg_vitals_rounds(vitals, i), 0);
    }
}

static void write_request(void *context, kg_kind kind, kg_status status, uint64_t count)
{
    const char *name = kg_kind_name(kind);
    const kg_sample_label labels[] = {{"kind", name ? name : "unknown"},
                                      {"status", kg_status_name(status)}};
    kg_exposition_sample(context, "kopgroep_requests_total", labels, 2, count, 0);
}

static void write_histogram(const kg_vitals *vitals, size_t which, kg_buffer *out)
{
    kg_histogram read;
    char name[100], bound[32];
    int decimals = histograms[which].decimals;
    kg_vitals_histogram(vitals, histograms[which].kind, &read);
    kg_exposition_family(out, histograms[which].name, "histogram", histograms[which].help);
    kg_text_format(name, sizeof name, "%s_bucket", histograms[which].name);
    for (size_t i = 0; i < read.bounds_count; i++) {
        const kg_sample_label label = {"le", bound};
        kg_decimal_write(read.bounds[i], decimals, bound);
        kg_exposition_sample(out, name, &label, 1, read.below[i], 0);
    }
    kg_exposition_sample(out, name, &(kg_sample_label){"le", "+Inf"}, 1, read.count, 0);
    kg_text_format(name, sizeof name, "%s_sum", histograms[which].name);
    kg_exposition_sample(out, name, NULL, 0, read.sum, decimals);
    kg_text_format(name, sizeof name, "%s_count", histograms[which].name);
    kg_exposition_sample(out, name, NULL, 0, read.count, 0);
}

static void write_about(const kg_report_about *about, kg_buffer *out)
{
    struct stat checkpoint;
    const kg_sample_label labels[] = {{"version", about->version}, {"journal", about->journal}};
    kg_exposition_family(out, "kopgroep_build_info", GAUGE, "What runs here; always 1.");
    kg_exposition_sample(out, "kopgroep_build_info", labels, 2, 1, 0);
    if (stat(about->checkpoint, &checkpoint) == 0)
        kg_exposition_single(out, "kopgroep_checkpoint_timestamp_seconds", GAUGE,
                             "When the checkpoint was written; absent where there is none.",
                             (uint64_t)checkpoint.st_mtim.tv_sec, 0);
}

/* By the names that all clients of Prometheus use. */
static void write_process(const kg_report_about *about, kg_buffer *out)
{
    kg_process process;
    kg_process_read(&process);
    kg_exposition_single(out, "process_start_time_seconds", GAUGE, "Since 1970.",
                         (uint64_t)about->started_ms, 3);
    kg_exposition_single(out, "process_cpu_seconds_total", COUNTER,
                         "Processor time, user and system.", process.cpu_us, 6);
    if (process.memory_known) {
        kg_exposition_single(out, "process_resident_memory_bytes", GAUGE, "Memory in RAM.",
                             process.resident_bytes, 0);
        kg_exposition_single(out, "process_virtual_memory_bytes", GAUGE,
                             "Address space; the journal's map is in it.", process.virtual_bytes,
                             0);
    }
    if (process.descriptors_known) {
        kg_exposition_single(out, "process_open_fds", GAUGE, "Open descriptors.",
                             process.open_descriptors, 0);
        kg_exposition_single(out, "process_max_fds", GAUGE, "How many may be open.",
                             process.descriptors_max, 0);
    }
}

/* 0 before it first went round, and once it is to end. */
static int64_t turn_age(const kg_vitals *vitals, int64_t now_ms)
{
    int64_t turned = (int64_t)kg_vitals_get(vitals, KG_VITAL_TURNED_MS);
    bool goes = kg_vitals_get(vitals, KG_VITAL_PHASE) == KG_PHASE_SERVING && turned > 0;
    return goes && now_ms > turned ? now_ms - turned : 0;
}

void kg_report_write(const kg_vitals *vitals, const kg_report_about *about, int64_t now_ms,
                     kg_buffer *out)
{
    char why[200];
    write_about(about, out);
    kg_exposition_single(out, "kopgroep_ready", GAUGE, "1 where /readyz says yes.",
                         kg_report_ready(vitals, now_ms, why), 0);
    kg_exposition_single(out, "kopgroep_core_turn_age_seconds", GAUGE,
                         "Since the core last went round; it does so at least once a second.",
                         (uint64_t)turn_age(vitals, now_ms), 3);
    for (size_t i = 0; i < COUNT(singles); i++)
        kg_exposition_single(out, singles[i].name, singles[i].type, singles[i].help,
                             kg_vitals_get(vitals, singles[i].vital), 0);
    write_scrubbed(vitals, out);
    write_queues(vitals, out);
    write_rounds(vitals, about, out);
    kg_exposition_family(out, "kopgroep_requests_total", COUNTER,
                         "Requests that got their verdict, by kind and status.");
    kg_vitals_each_request(vitals, out, write_request);
    for (size_t i = 0; i < COUNT(histograms); i++)
        write_histogram(vitals, i, out);
    write_process(about, out);
}

bool kg_report_healthy(const kg_vitals *vitals, int64_t now_ms, char why[static 200])
{
    int64_t age = turn_age(vitals, now_ms);
    bool good = age <= KG_CORE_TURN_MS_MAX;
    if (good)
        kg_text_format(why, 200, "alive");
    else
        kg_text_format(why, 200, "stalled: the core has not gone round for %lld s",
                       (long long)age / 1000);
    return good;
}

static void tell_of_room(const kg_vitals *vitals, char why[static 200])
{
    bool full = kg_vitals_get(vitals, KG_VITAL_FULL);
    bool disk = kg_vitals_get(vitals, KG_VITAL_SHORT_OF_DISK);
    bool map = kg_vitals_get(vitals, KG_VITAL_SHORT_OF_MAP);
    kg_text_format(why, 200, "read-only: %s room %s; %s", full ? "no" : "too little",
                   disk && map ? "on the disk and in the journal's map"
                   : map       ? "in the journal's map (map_gib)"
                               : "on the disk",
                   full ? "only questions are served" : "withdrawals and questions are served");
}

bool kg_report_ready(const kg_vitals *vitals, int64_t now_ms, char why[static 200])
{
    uint64_t phase = kg_vitals_get(vitals, KG_VITAL_PHASE);
    bool cut_off = kg_vitals_get(vitals, KG_VITAL_FOLLOWED_MS) > FOLLOWED_MS_MAX;
    if (phase == KG_PHASE_SERVING && kg_vitals_get(vitals, KG_VITAL_TURNED_MS) == 0)
        phase = KG_PHASE_STARTING; /* it has not looked around yet */
    if (!kg_report_healthy(vitals, now_ms, why))
        return false;
    if (phase != KG_PHASE_SERVING)
        kg_text_format(why, 200, "%s",
                       phase == KG_PHASE_STARTING ? "starting: the journal is being read"
                                                  : "stopping");
    else if (kg_vitals_get(vitals, KG_VITAL_READ_ONLY))
        tell_of_room(vitals, why);
    else if (cut_off)
        kg_text_format(why, 200, "cut-off: follows, but has not read the journal for %llu s",
                       (unsigned long long)kg_vitals_get(vitals, KG_VITAL_FOLLOWED_MS) / 1000);
    else
        kg_text_format(why, 200, "%s",
                       kg_vitals_get(vitals, KG_VITAL_FOLLOWS) ? "following" : "ready");
    return phase == KG_PHASE_SERVING && !cut_off && !kg_vitals_get(vitals, KG_VITAL_READ_ONLY);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/config.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "broker/metrics/address.h"
#include "proto/settings_file.h"
#include "proto/sink.h"

enum {
    FOLDER, JOURNAL, JOURNAL_STANDBY, JOURNAL_LEASE,
    LISTEN_REQUESTS, LISTEN_FEEDS, PUBLIC_HOST, CATALOGUE, USER,
    MAP_GIB, DISK_RESERVE_MIB, THREADS, SCRUB_DAYS,
    ORGANISATIONS_MIN, LARGEST_PERCENT, TWO_PERCENT, P_PERCENT,
    PUBLICATION_DAYS, LINES_MAX, CONNECTIONS_MAX, HANDSHAKES_MAX,
    METRICS, METRICS_BEYOND_LOOPBACK, KEYS
};

static const kg_key keys[KEYS + 1] = {
    [FOLDER] = {"folder", false},
    [JOURNAL] = {"journal", false},
    [JOURNAL_STANDBY] = {"journal_standby", false},
    [JOURNAL_LEASE] = {"journal_lease_s", false},
    [LISTEN_REQUESTS] = {"listen_requests", false},
    [LISTEN_FEEDS] = {"listen_feeds", false},
    [PUBLIC_HOST] = {"public_host", false},
    [CATALOGUE] = {"catalogue", false},
    [USER] = {"user", false},
    [MAP_GIB] = {"map_gib", false},
    [DISK_RESERVE_MIB] = {"disk_reserve_mib", false},
    [THREADS] = {"threads", false},
    [SCRUB_DAYS] = {"scrub_days", false},
    [ORGANISATIONS_MIN] = {"disclosure_organisations_min", false},
    [LARGEST_PERCENT] = {"disclosure_largest_percent", false},
    [TWO_PERCENT] = {"disclosure_two_percent", false},
    [P_PERCENT] = {"disclosure_p_percent", false},
    [PUBLICATION_DAYS] = {"disclosure_days", false},
    [LINES_MAX] = {"lines_max", false},
    [CONNECTIONS_MAX] = {"connections_max", false},
    [HANDSHAKES_MAX] = {"handshakes_max", false},
    [METRICS] = {"metrics", false},
    [METRICS_BEYOND_LOOPBACK] = {"metrics_beyond_loopback", false},
};

_Static_assert(KEYS == KG_CONFIG_KEYS, "every setting has its row");

static const kg_section_kind kinds[] = {{NULL, keys}, {NULL, NULL}};

/* The text of a path, relative to the folder of the file that names it. Returns owned. */
static char *resolve(const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    kg_buffer out;
    kg_buffer_init(&out);
    if (path[0] != '/' && slash)
        kg_buffer_add(&out, file, (size_t)(slash - file) + 1);
    if (strcmp(path, ".") != 0 || !slash)
        kg_buffer_add(&out, path, strlen(path));
    else if (slash > file)
        out.bytes[--out.count] = '\0'; /* FOLDER, not FOLDER/. */
    return out.bytes;
}

static char *read_path(const kg_section *section, int key, const char *file,
                       kg_problems *problems)
{
    if (!kg_section_require(section, key, problems))
        return NULL;
    return resolve(file, kg_section_text(section, key));
}

static char *read_endpoint(const kg_section *section, int key, const char *otherwise,
                           kg_problems *problems)
{
    const char *text = kg_section_text(section, key);
    if (!text)
        return kg_strdup(otherwise);
    if (strncmp(text, "tcp://", 6) != 0 || !strchr(text + 6, ':'))
        kg_section_problem(section, key, kg_section_get(section, key), KG_STATUS_INVALID,
                           problems, "An endpoint is written tcp://ADDRESS:PORT.");
    return kg_strdup(text);
}

/* The host of "tcp://HOST:PORT", and how many bytes it has. */
static const char *host_of(const char *endpoint, size_t *bytes)
{
    const char *host = strncmp(endpoint, "tcp://", 6) == 0 ? endpoint + 6 : endpoint;
    const char *port = strrchr(host, ':');
    *bytes = port ? (size_t)(port - host) : strlen(host);
    return host;
}

static bool is_everywhere(const char *host, size_t bytes)
{
    static const char *const every[] = {"*", "0.0.0.0", "[::]"};
    for (size_t i = 0; i < sizeof every / sizeof every[0]; i++)
        if (strlen(every[i]) == bytes && memcmp(every[i], host, bytes) == 0)
            return true;
    return false;
}

bool kg_endpoint_is_everywhere(const char *endpoint)
{
    size_t bytes;
    const char *host = host_of(endpoint, &bytes);
    return is_everywhere(host, bytes);
}

bool kg_public_host_valid(const char *host)
{
    size_t bytes = strlen(host);
    bool bracketed = bytes > 2 && host[0] == '[' && host[bytes - 1] == ']';
    if (bytes == 0 || bytes > 200 || is_everywhere(host, bytes))
        return false;
    return bracketed ? strspn(host + 1, "0123456789abcdefABCDEF:.") == bytes - 2
                     : strspn(host, "0123456789abcdefghijklmnopqrstuvwxyz"
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-") == bytes;
}

void kg_endpoint_public(const char *endpoint, const char *host, char out[static 256])
{
    size_t bytes;
    const char *listening = host_of(endpoint, &bytes);
    if (host)
        kg_text_format(out, 256, "tcp://%s%s", host, listening + bytes);
    else
        kg_text_format(out, 256, "%s", endpoint);
}

bool kg_config_public_requests(const kg_config *config, char out[static 256])
{
    const char *port = strrchr(config->requests, ':');
    bool fixed = port && strcmp(port, ":*") != 0 && strcmp(port, ":0") != 0;
    out[0] = '\0';
    if (fixed)
        kg_endpoint_public(config->requests, config->public_host, out);
    return fixed;
}

/* Clients read in broker.access where to go, so that an endpoint that names no address needs one
 * beside it. */
static char *read_public_host(const kg_section *section, const kg_config *config,
                              kg_problems *problems)
{
    const char *text = kg_section_text(section, PUBLIC_HOST);
    if (text && !kg_public_host_valid(text))
        kg_section_problem(section, PUBLIC_HOST, kg_section_get(section, PUBLIC_HOST),
                           KG_STATUS_INVALID, problems,
                           "A name or address of this machine, as clients reach it, such as "
                           "kopgroep.example.org: no scheme, no port.");
    if (!text && (kg_endpoint_is_everywhere(config->requests) ||
                  kg_endpoint_is_everywhere(config->feeds)))
        kg_section_problem(section, PUBLIC_HOST, NULL, KG_STATUS_MISSING, problems,
                           "The broker listens on every address, and broker.access must name one "
                           "that clients reach: public_host = \"kopgroep.example.org\".");
    return text ? kg_strdup(text) : NULL;
}

static int read_int(const kg_section *section, int key, int64_t min, int64_t max, int otherwise,
                    kg_problems *problems)
{
    int64_t value = otherwise;
    kg_section_integer(section, key, min, max, &value, problems);
    return (int)value;
}

/* Nobody has to prove who they are there: so it is for this machine, unless the file says in as
 * many words that it is not. */
static char *read_metrics(const kg_section *section, bool beyond, kg_problems *problems)
{
    const char *text = kg_section_text(section, METRICS);
    const kg_setting *setting = kg_section_get(section, METRICS);
    kg_address address;
    if (!text)
        return NULL;
    if (!kg_address_parse(text, &address))
        kg_section_problem(section, METRICS, setting, KG_STATUS_INVALID, problems,
                           "An address is written in numbers, 127.0.0.1:9464 or [::1]:9464.");
    else if (!beyond && !kg_address_is_loopback(&address))
        kg_section_problem(section, METRICS, setting, KG_STATUS_INVALID, problems,
                           "Whoever reaches this address may read it. Use 127.0.0.1, or add "
                           "metrics_beyond_loopback = true.");
    return kg_strdup(text);
}

/* Would show a secret to whoever sees the settings? In a URI, or as a keyword. */
static bool holds_password(const char *place)
{
    const char *user = strstr(place, "://");
    size_t bytes = user ? strcspn(user + 3, "/?") : 0;
    const char *at = user ? memchr(user + 3, '@', bytes) : NULL;
    return strstr(place, "password") || (at && memchr(user + 3, ':', (size_t)(at - user - 3)));
}

bool kg_config_journal_good(const char *place)
{
    return !holds_password(place);
}

static char *read_journal(const kg_section *section, kg_problems *problems)
{
    const char *text = kg_section_text(section, JOURNAL);
    if (!text)
        return NULL;
    if (holds_password(text)) {
        kg_section_problem(section, JOURNAL, NULL, KG_STATUS_INVALID, problems,
                           "A password does not belong here: put it in a file that only the "
                           "broker may read, and name that: passfile=/etc/kopgroep/pgpass.");
        return NULL;
    }
    if (strncmp(text, "postgresql://", 13) != 0 && strncmp(text, "postgres://", 11) != 0 &&
        (text[0] == '/' || !strchr(text, '=')))
        kg_section_problem(section, JOURNAL, kg_section_get(section, JOURNAL), KG_STATUS_INVALID,
                           problems,
                           "A journal elsewhere is written postgresql://USER@HOST/DATABASE. "
                           "Without it the journal is in the broker's folder.");
    return kg_strdup(text);
}

static bool read_standby(const kg_section *section, kg_problems *problems)
{
    const char *text = kg_section_text(section, JOURNAL_STANDBY);
    if (text && strcmp(text, "none") != 0 && strcmp(text, "required") != 0)
        kg_section_problem(section, JOURNAL_STANDBY, kg_section_get(section, JOURNAL_STANDBY),
                           KG_STATUS_INVALID, problems,
                           "required (the default), or none: then what was acknowledged is lost "
                           "with the server's disk.");
    return text && strcmp(text, "none") == 0;
}

static void read_section(const kg_section *section, const char *path, kg_config *config,
                         kg_problems *problems)
{
    config->folder = read_path(section, FOLDER, path, problems);
    config->catalogue = read_path(section, CATALOGUE, path, problems);
    config->requests =
        read_endpoint(section, LISTEN_REQUESTS, "tcp://127.0.0.1:7411", problems);
    config->feeds = read_endpoint(section, LISTEN_FEEDS, "tcp://127.0.0.1:7412", problems);
    config->public_host = read_public_host(section, config, problems);
    config->journal = read_journal(section, problems);
    config->journal_alone = read_standby(section, problems);
    config->journal_lease_s = read_int(section, JOURNAL_LEASE, 2, 3600, 10, problems);
    config->user = kg_strdup(kg_section_text(section, USER));
    config->map_gib = read_int(section, MAP_GIB, 1, 16384, 64, problems);
    config->disk_reserve_mib = read_int(section, DISK_RESERVE_MIB, 16, INT_MAX, 1024, problems);
    config->threads = read_int(section, THREADS, 1, 64, 2, problems);
    config->scrub_days = read_int(section, SCRUB_DAYS, 0, 366, 7, problems);
    config->disclosure_organisations_min =
        read_int(section, ORGANISATIONS_MIN, 3, 1000, 5, problems);
    config->disclosure_largest_percent = read_int(section, LARGEST_PERCENT, 1, 100, 60, problems);
    config->disclosure_two_percent = read_int(section, TWO_PERCENT, 1, 100, 80, problems);
    config->disclosure_p_percent = read_int(section, P_PERCENT, 1, 100, 15, problems);
    config->disclosure_days = read_int(section, PUBLICATION_DAYS, 1, 366, 7, problems);
    config->lines_max = read_int(section, LINES_MAX, 0, INT_MAX, 100000, problems);
    config->connections_max = read_int(section, CONNECTIONS_MAX, 0, 65536, 100, problems);
    config->handshakes_max = read_int(section, HANDSHAKES_MAX, 0, 65536, 100, problems);
    kg_section_bool(section, METRICS_BEYOND_LOOPBACK, &config->metrics_beyond_loopback, problems);
    config->metrics = read_metrics(section, config->metrics_beyond_loopback, problems);
    for (int key = 0; key < KEYS; key++)
        config->rows[key] = kg_section_get(section, key) ? kg_section_get(section, key)->row : 0;
}

bool kg_config_read(const char *path, kg_config *config, kg_problems *problems)
{
    size_t before = problems->count;
    kg_settings settings;
    *config = (kg_config){0};
    char *text = kg_settings_load(path, problems);
    if (!text)
        return false;
    if (kg_settings_read(text, kinds, &settings, problems) && settings.count > 0)
        read_section(&settings.sections[settings.count - 1], path, config, problems);
    kg_settings_sort_problems(problems, before);
    kg_settings_fini(&settings);
    free(text);
    return problems->count == before;
}

void kg_config_fini(kg_config *config)
{
    free(config->folder);
    free(config->requests);
    free(config->feeds);
    free(config->public_host);
    free(config->catalogue);
    free(config->journal);
    free(config->user);
    free(config->metrics);
    *config = (kg_config){0};
}

typedef struct kg_place {
    enum { TEXT, INT, LONG, BOOL, STANDBY } form;
    size_t at;
} kg_place;

static const kg_place places[KEYS] = {
    [FOLDER] = {TEXT, offsetof(kg_config, folder)},
    [JOURNAL] = {TEXT, offsetof(kg_config, journal)},
    [JOURNAL_STANDBY] = {STANDBY, offsetof(kg_config, journal_alone)},
    [JOURNAL_LEASE] = {INT, offsetof(kg_config, journal_lease_s)},
    [LISTEN_REQUESTS] = {TEXT, offsetof(kg_config, requests)},
    [LISTEN_FEEDS] = {TEXT, offsetof(kg_config, feeds)},
    [PUBLIC_HOST] = {TEXT, offsetof(kg_config, public_host)},
    [CATALOGUE] = {TEXT, offsetof(kg_config, catalogue)},
    [USER] = {TEXT, offsetof(kg_config, user)},
    [MAP_GIB] = {LONG, offsetof(kg_config, map_gib)},
    [DISK_RESERVE_MIB] = {LONG, offsetof(kg_config, disk_reserve_mib)},
    [THREADS] = {INT, offsetof(kg_config, threads)},
    [SCRUB_DAYS] = {INT, offsetof(kg_config, scrub_days)},
    [ORGANISATIONS_MIN] = {INT, offsetof(kg_config, disclosure_organisations_min)},
    [LARGEST_PERCENT] = {INT, offsetof(kg_config, disclosure_largest_percent)},
    [TWO_PERCENT] = {INT, offsetof(kg_config, disclosure_two_percent)},
    [P_PERCENT] = {INT, offsetof(kg_config, disclosure_p_percent)},
    [PUBLICATION_DAYS] = {INT, offsetof(kg_config, disclosure_days)},
    [LINES_MAX] = {INT, offsetof(kg_config, lines_max)},
    [CONNECTIONS_MAX] = {INT, offsetof(kg_config, connections_max)},
    [HANDSHAKES_MAX] = {INT, offsetof(kg_config, handshakes_max)},
    [METRICS] = {TEXT, offsetof(kg_config, metrics)},
    [METRICS_BEYOND_LOOPBACK] = {BOOL, offsetof(kg_config, metrics_beyond_loopback)},
};

void kg_config_each(const kg_config *config, void *context,
                    void (*each)(void *context, const kg_config_entry *entry))
{
    char number[24];
    for (int key = 0; key < KEYS; key++) {
        const void *value = (const char *)config + places[key].at;
        kg_config_entry entry = {.name = keys[key].name, .text = number, .row = config->rows[key]};
        switch (places[key].form) {
        case TEXT:
            entry.text = *(char *const *)value;
            break;
        case INT:
        case LONG:
            entry.form = KG_CONFIG_NUMBER;
            kg_text_format(number, sizeof number, "%ld",
                           places[key].form == INT ? *(const int *)value : *(const long *)value);
            break;
        case STANDBY:
            entry.text = *(const bool *)value ? "none" : "required";
            break;
        case BOOL:
            entry.form = KG_CONFIG_BOOL;
            entry.text = *(const bool *)value ? "true" : "false";
            break;
        }
        each(context, &entry);
    }
}

static char *inside(const kg_config *config, const char *name)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s/%s", config->folder, name);
    return out.bytes;
}

char *kg_config_journal(const kg_config *config)
{
    return config->journal ? kg_strdup(config->journal) : inside(config, "journal");
}

char *kg_config_checkpoints(const kg_config *config)
{
    return inside(config, "journal");
}

char *kg_config_checkpoint(const kg_config *config)
{
    return inside(config, "journal/checkpoint");
}

char *kg_config_identity(const kg_config *config)
{
    return inside(config, "broker.key");
}

char *kg_config_access(const kg_config *config)
{
    return inside(config, "broker.access");
}

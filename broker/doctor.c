/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/doctor.h"

#include <errno.h>
#include <linux/magic.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_folder.h"
#include "broker/room.h"
#include "proto/memory.h"
#include "proto/text.h"

#define MIB (1u << 20)
#define DISK_RESERVE_MAX (1024ull * MIB)
#define MAP_BYTES_DEFAULT (64ull << 30)
#define DESCRIPTORS_MIN 65536
#define SYNCS 50
#define SYNC_BYTES 512
#define SYNC_US_SLOW 20000
#define SYNC_US_UNLIKELY 15 /* no disk answers so fast: something says so without writing */
#define CLOCK_STEP_US 100000
#define HOST_BYTES 256

enum verdict { PASS, WARN, FAIL };

typedef struct report {
    const kg_doctor_input *input;
    FILE *out;
    bool present; /* the folder is there */
    bool failed;
    int64_t real_us, monotonic_us; /* when it began */
} report;

/* One line: what was found, and after a semicolon how to mend it. */
__attribute__((format(printf, 4, 5))) static void say(report *to, enum verdict verdict,
                                                      const char *what, const char *format, ...)
{
    static const char *const names[] = {"PASS", "WARN", "FAIL"};
    va_list arguments;

    fprintf(to->out, "%s  %-11s  ", names[verdict], what);
    va_start(arguments, format);
    vfprintf(to->out, format, arguments);
    va_end(arguments);
    fputc('\n', to->out);
    to->failed |= verdict == FAIL;
}

static int64_t read_us(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void check_folder(report *to)
{
    const char *folder = to->input->folder;
    struct stat info;

    to->present = stat(folder, &info) == 0 && S_ISDIR(info.st_mode);
    if (stat(folder, &info) != 0)
        say(to, FAIL, "folder", "%s: %s; make it with kopgroepd init", folder, strerror(errno));
    else if (!S_ISDIR(info.st_mode))
        say(to, FAIL, "folder", "%s is not a folder; name the broker's folder", folder);
    else if (info.st_uid != geteuid())
        say(to, FAIL, "folder",
            "%s belongs to user %u, this is user %u; run as its owner, or give "
            "it with chown",
            folder, (unsigned)info.st_uid, (unsigned)geteuid());
    else if (access(folder, R_OK | W_OK | X_OK) != 0)
        say(to, FAIL, "folder", "%s cannot be written: %s; chmod 0700, and no read-only mount",
            folder, strerror(errno));
    else if (info.st_mode & 0022)
        say(to, FAIL, "folder", "%s has mode %04o: others may write in it; chmod 0700", folder,
            (unsigned)info.st_mode & 07777);
    else if (info.st_mode & 0077)
        say(to, WARN, "folder", "%s has mode %04o: others may look into it; chmod 0700", folder,
            (unsigned)info.st_mode & 07777);
    else
        say(to, PASS, "folder", "%s, ours alone", folder);
}

static void check_file_system(report *to)
{
    struct statfs info;
    const char *remote;

    if (statfs(to->input->folder, &info) != 0) {
        say(to, FAIL, "file system", "%s", strerror(errno));
        return;
    }
    remote = kg_folder_remote_type((uint32_t)info.f_type);
    if (remote)
        say(to, FAIL, "file system", "%s cannot hold a journal safely; use a local disk", remote);
    else if (info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC)
        say(to, WARN, "file system", "in memory: nothing survives a restart; use a disk");
    else
        say(to, PASS, "file system", "local, type %#lx", (unsigned long)info.f_type);
}

static void check_disk(report *to)
{
    uint64_t reserve = to->input->disk_reserve_bytes;
    kg_journal_usage usage = {0};
    kg_folder_space space;

    if (!kg_folder_space_read(to->input->folder, &space)) {
        say(to, FAIL, "disk", "%s", kg_journal_error());
        return;
    }
    usage.disk_free_bytes = space.free_bytes;
    if (reserve == 0)
        reserve =
            space.total_bytes / 10 < DISK_RESERVE_MAX ? space.total_bytes / 10 : DISK_RESERVE_MAX;
    if (to->input->elsewhere)
        say(to, PASS, "disk", "%llu MiB free; the journal is elsewhere",
            (unsigned long long)(space.free_bytes / MIB));
    else if (kg_room_of_disk(&usage, reserve) != KG_TAKES_ALL)
        say(to, FAIL, "disk",
            "%llu MiB free, too little beside the reserve of %llu MiB: %s; free some space",
            (unsigned long long)(space.free_bytes / MIB), (unsigned long long)(reserve / MIB),
            kg_room_of_disk(&usage, reserve) == KG_TAKES_WITHDRAWALS
                ? "only withdrawals and questions would be served"
                : "only questions would be served");
    else if (space.free_bytes < 3 * reserve)
        say(to, WARN, "disk", "%llu MiB free, near the reserve of %llu MiB; free some space",
            (unsigned long long)(space.free_bytes / MIB), (unsigned long long)(reserve / MIB));
    else
        say(to, PASS, "disk", "%llu MiB free of %llu MiB",
            (unsigned long long)(space.free_bytes / MIB),
            (unsigned long long)(space.total_bytes / MIB));
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Median of appending a little and syncing it, in microseconds; -1 with errno. */
static int64_t measure_sync(int file)
{
    uint8_t bytes[SYNC_BYTES] = {0};
    int64_t times[SYNCS];

    for (int i = 0; i < SYNCS; i++) {
        const int64_t begun = read_us(CLOCK_MONOTONIC);

        if (write(file, bytes, sizeof(bytes)) != sizeof(bytes) || fdatasync(file) != 0)
            return -1;
        times[i] = read_us(CLOCK_MONOTONIC) - begun;
    }
    qsort(times, SYNCS, sizeof(times[0]), compare);
    return times[SYNCS / 2];
}

static void check_sync(report *to)
{
    char *path = kg_folder_path(to->input->folder, "doctor.XXXXXX");
    int file = mkstemp(path);
    int64_t median = file >= 0 ? measure_sync(file) : -1;

    if (median < 0)
        say(to, FAIL, "sync", "%s: %s; see folder and disk", path, strerror(errno));
    else if (median > SYNC_US_SLOW)
        say(to, WARN, "sync",
            "%.1f ms a write: each single request waits twice that; use a faster "
            "disk",
            (double)median / 1000);
    else if (median < SYNC_US_UNLIKELY)
        say(to, WARN, "sync",
            "%.3f ms a write is faster than disks are; see that no cache answers "
            "before it has written",
            (double)median / 1000);
    else
        say(to, PASS, "sync", "%.2f ms a write, median of %d", (double)median / 1000, SYNCS);
    if (file >= 0) {
        unlink(path);
        close(file);
    }
    free(path);
}

static void check_clock(report *to)
{
    const int64_t real_us = read_us(CLOCK_REALTIME);
    const int64_t step = real_us - to->real_us - read_us(CLOCK_MONOTONIC) + to->monotonic_us;
    char now[KG_TIME_BYTES];
    struct timex state = {0};
    int year;

    kg_time_write(real_us / 1000, now);
    year = atoi(now);
    if (year < 2026 || year > 2100)
        say(to, FAIL, "clock", "%s cannot be; set the clock", now);
    else if (llabs(step) > CLOCK_STEP_US)
        say(to, WARN, "clock", "set by %lld ms while it was looked at; let NTP slew it",
            (long long)(step / 1000));
    else if (adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC))
        say(to, WARN, "clock", "%s, not synchronised; run chrony or systemd-timesyncd", now);
    else
        say(to, PASS, "clock", "%s, synchronised", now);
}

static void check_descriptors(report *to)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        say(to, WARN, "descriptors", "%s", strerror(errno));
    else if (limit.rlim_max < DESCRIPTORS_MIN)
        say(to, WARN, "descriptors",
            "%llu at most, for as many connections; LimitNOFILE=%d in the "
            "systemd unit",
            (unsigned long long)limit.rlim_max, DESCRIPTORS_MIN);
    else
        say(to, PASS, "descriptors", "%llu at most", (unsigned long long)limit.rlim_max);
}

/* The map takes address space, not memory. */
static void check_limits(report *to)
{
    const uint64_t map = to->input->map_bytes ? to->input->map_bytes : MAP_BYTES_DEFAULT;
    struct rlimit space, file;

    if (getrlimit(RLIMIT_AS, &space) != 0 || getrlimit(RLIMIT_FSIZE, &file) != 0)
        say(to, WARN, "limits", "%s", strerror(errno));
    else if (space.rlim_cur < map)
        say(to, FAIL, "limits",
            "the address space is limited to %llu MiB, the journal's map takes "
            "%llu MiB; ulimit -v unlimited, or a smaller map",
            (unsigned long long)(space.rlim_cur / MIB), (unsigned long long)(map / MIB));
    else if (file.rlim_cur < map)
        say(to, WARN, "limits",
            "files are limited to %llu MiB, the journal may grow to %llu MiB; "
            "ulimit -f unlimited",
            (unsigned long long)(file.rlim_cur / MIB), (unsigned long long)(map / MIB));
    else
        say(to, PASS, "limits", "room for a map of %llu MiB", (unsigned long long)(map / MIB));
}

/* "tcp://host:port": host may be *, or an IPv6 address in brackets. */
static bool parse_endpoint(const char *endpoint, char host[static HOST_BYTES], const char **port)
{
    const char *begin = endpoint + 6, *end = strrchr(endpoint, ':');
    size_t count;

    if (strncmp(endpoint, "tcp://", 6) != 0 || end < begin || end[1] == '\0')
        return false;
    if (*begin == '[' && end > begin + 1 && end[-1] == ']') {
        begin++;
        count = (size_t)(end - begin) - 1;
    } else {
        count = (size_t)(end - begin);
    }
    if (count == 0 || count >= HOST_BYTES)
        return false;
    memcpy(host, begin, count);
    host[count] = '\0';
    *port = strcmp(end + 1, "*") == 0 ? "0" : end + 1;
    return true;
}

/* 0, or errno of binding. */
static int try_bind(const struct addrinfo *address)
{
    const int yes = 1;
    int error, descriptor = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return errno;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    error = bind(descriptor, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    if (error == 0 && listen(descriptor, 1) != 0)
        error = errno;
    close(descriptor);
    return error;
}

static void check_endpoint(report *to, const char *endpoint)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *address = NULL;
    char host[HOST_BYTES];
    const char *port;
    int error;

    if (!parse_endpoint(endpoint, host, &port)) {
        say(to, FAIL, "port", "%s is no tcp://HOST:PORT; see broker.conf", endpoint);
        return;
    }
    error = getaddrinfo(strcmp(host, "*") == 0 ? NULL : host, port, &hints, &address);
    if (error != 0) {
        say(to, FAIL, "port", "%s: %s; name an address of this machine", endpoint,
            gai_strerror(error));
        return;
    }
    error = try_bind(address);
    freeaddrinfo(address);
    if (error == EADDRINUSE)
        say(to, WARN, "port", "%s is in use; fine if the broker runs now, else end what holds it",
            endpoint);
    else if (error == EACCES)
        say(to, FAIL, "port", "%s is not for this user; choose a port from 1024 on", endpoint);
    else if (error != 0)
        say(to, FAIL, "port", "%s: %s; name an address of this machine", endpoint, strerror(error));
    else
        say(to, PASS, "port", "%s is free", endpoint);
}

static void check_ports(report *to)
{
    for (size_t i = 0; i < to->input->endpoints_count; i++)
        check_endpoint(to, to->input->endpoints[i]);
}

/* Whether this folder was a broker's: init makes its key together with the journal. */
static bool has_key(const report *to)
{
    char *path = kg_folder_path(to->input->folder, "broker.key");
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

/* A broker would wait for a standby that is not there, and refuse settings that want none. */
static void check_standby(report *to)
{
    if (!to->input->elsewhere)
        return;
    if (!kg_journal_keeps(to->input->journal, to->input->alone))
        say(to, FAIL, "standby", "%s", kg_journal_error());
    else if (to->input->alone)
        say(to, WARN, "standby",
            "none wanted: what was acknowledged is lost with the server's disk; journal_standby");
    else
        say(to, PASS, "standby", "commits wait for one, and it is there");
}

static void check_journal(report *to)
{
    const kg_journal_options options = {.read_only = true};
    kg_journal *journal = to->input->journal ? kg_journal_open(to->input->journal, &options) : NULL;
    uint8_t chain[KG_CHAIN_BYTES];
    char hex[2 * KG_CHAIN_BYTES + 1];

    if (!to->input->journal) {
        if (has_key(to))
            say(to, FAIL, "journal",
                "none, though broker.key is there; put a backup back with kopgroepd journal "
                "restore BACKUP %s/journal",
                to->input->folder);
        else
            say(to, WARN, "journal", "none yet; kopgroepd init makes one");
        return;
    }
    if (!journal) {
        say(to, FAIL, "journal", "%s", kg_journal_error());
        return;
    }
    kg_journal_chain(journal, chain);
    kg_hex_write(chain, KG_CHAIN_BYTES, hex);
    say(to, PASS, "journal", "%llu records, head %.16s verified (all: kopgroepd journal verify)%s",
        (unsigned long long)kg_journal_head(journal), hex,
        to->input->elsewhere ? ", on a server" : "");
    kg_journal_close(&journal);
    check_standby(to);
}

static void show_libraries(report *to)
{
    for (size_t i = 0; i < to->input->libraries_count; i++) {
        const kg_doctor_library *library = &to->input->libraries[i];

        if (library->least && strverscmp(library->version, library->least) < 0)
            say(to, FAIL, "library", "%s %s has known holes; install %s or newer", library->name,
                library->version, library->least);
        else
            say(to, PASS, "library", "%s %s", library->name, library->version);
    }
}

int kg_doctor(const kg_doctor_input *input, FILE *out)
{
    static void (*const in_folder[])(report *) = {check_file_system, check_disk, check_sync,
                                                  check_journal};
    static void (*const machine[])(report *) = {check_clock, check_descriptors, check_limits,
                                                check_ports, show_libraries};
    report to = {.input = input,
                 .out = out,
                 .real_us = read_us(CLOCK_REALTIME),
                 .monotonic_us = read_us(CLOCK_MONOTONIC)};

    check_folder(&to);
    for (size_t i = 0; to.present && i < sizeof(in_folder) / sizeof(in_folder[0]); i++)
        in_folder[i](&to);
    for (size_t i = 0; i < sizeof(machine) / sizeof(machine[0]); i++)
        machine[i](&to);
    return to.failed ? 1 : 0;
}

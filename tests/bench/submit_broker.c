/* SPDX-License-Identifier: EUPL-1.2 */
#include "submit_broker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plan_workload.h"

#define WAIT_MS 120000

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(4);
}

static void run(char *const *arguments)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        execv(arguments[0], arguments);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "%s %s failed\n", arguments[0], arguments[1]);
        exit(4);
    }
}

static void write_catalogue(const char *path)
{
    char *text = workload_catalogue_text();
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        fail(path);
    free(text);
}

void submit_broker_begin(submit_broker *broker, const char *kopgroepd)
{
    char config[4200], log[4200];
    snprintf(config, sizeof config, "%s/broker/broker.conf", broker->folder);
    snprintf(log, sizeof log, "%s/log", broker->folder);
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    broker->pid = fork();
    if (broker->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(out, STDERR_FILENO);
        execl(kopgroepd, kopgroepd, "run", "-c", config, (char *)NULL);
        _exit(127);
    }
    if (broker->pid < 0)
        fail("fork");
    close(out);
}

/* How many rows of the log hold a text; `last` is the last of them, or NULL. */
static size_t find_rows(const submit_broker *broker, const char *text, char last[static 1000])
{
    char log[4200], row[1000];
    size_t found = 0;
    snprintf(log, sizeof log, "%s/log", broker->folder);
    FILE *file = fopen(log, "r");
    while (file && fgets(row, sizeof row, file))
        if (strstr(row, text)) {
            memcpy(last, row, sizeof row);
            found++;
        }
    if (file)
        fclose(file);
    return found;
}

size_t submit_broker_told(const submit_broker *broker, const char *event)
{
    char text[100], row[1000];
    snprintf(text, sizeof text, "event=%s", event);
    return find_rows(broker, text, row);
}

pid_t submit_broker_door(const submit_broker *broker)
{
    char row[1000];
    const char *pid = find_rows(broker, "event=door-opened", row) ? strstr(row, "pid=") : NULL;
    if (!pid)
        fail("the log tells of no door");
    return atoi(pid + 4);
}

static bool is_serving(const submit_broker *broker)
{
    return submit_broker_told(broker, "serving") > 0;
}

static void wait_until_serving(const submit_broker *broker)
{
    for (int i = 0; i < WAIT_MS && !is_serving(broker); i++) {
        if (waitpid(broker->pid, NULL, WNOHANG) == broker->pid) {
            fprintf(stderr, "kopgroepd ended; see %s/log\n", broker->folder);
            exit(4);
        }
        usleep(1000);
    }
}

static void read_files(submit_broker *broker)
{
    char path[4200];
    kg_problems problems;
    snprintf(path, sizeof path, "%s/broker/broker.access", broker->folder);
    kg_problems_init(&problems, path);
    if (!kg_broker_access_read(path, &broker->access, &problems)) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(4);
    }
    kg_problems_fini(&problems);
    snprintf(path, sizeof path, "%s/broker/administrator.key", broker->folder);
    kg_identity_destroy(&broker->administrator); /* of an earlier start */
    broker->administrator = kg_identity_read(path, NULL, &(bool){false});
    if (!broker->administrator) {
        fprintf(stderr, "%s\n", kg_identity_error());
        exit(4);
    }
}

/* What is measured is the broker, not what it allows one organisation. */
static void lift_quotas(const char *folder)
{
    char path[4300];
    snprintf(path, sizeof path, "%s/broker.conf", folder);
    FILE *file = fopen(path, "a");
    if (!file || fputs("lines_max = 0\nconnections_max = 0\nhandshakes_max = 0\n", file) < 0 ||
        fclose(file) != 0)
        fail(path);
}

/* Outside the range that the kernel hands out to those who connect. */
static int free_port(void)
{
    static unsigned tried;
    for (int i = 0; i < 1000; i++) {
        const unsigned port = 20000 + ((unsigned)getpid() * 31 + tried++) % 12000;
        const struct sockaddr_in address = {.sin_family = AF_INET,
                                            .sin_port = htons((uint16_t)port),
                                            .sin_addr = {htonl(INADDR_LOOPBACK)}};
        int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        bool good = bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0;
        close(descriptor);
        if (good)
            return (int)port;
    }
    fail("no port is free");
}

void submit_broker_found(submit_broker *broker, const char *kopgroepd, const char *parent)
{
    char program[4096], catalogue[4200], folder[4200];
    *broker = (submit_broker){0};
    snprintf(broker->folder, sizeof broker->folder, "%s/submit.%d", parent, (int)getpid());
    snprintf(program, sizeof program, "%s", kopgroepd);
    snprintf(catalogue, sizeof catalogue, "%s/catalogue.conf", broker->folder);
    snprintf(folder, sizeof folder, "%s/broker", broker->folder);
    if (mkdir(broker->folder, 0700) != 0)
        fail(broker->folder);
    write_catalogue(catalogue);
    char init[] = "init", c[] = "--catalogue", r[] = "--requests", f[] = "--feeds";
    char requests[40], feeds[40];
    snprintf(requests, sizeof requests, "tcp://127.0.0.1:%d", free_port());
    snprintf(feeds, sizeof feeds, "tcp://127.0.0.1:%d", free_port());
    run((char *[]){program, init, c, catalogue, r, requests, f, feeds, folder, NULL});
    lift_quotas(folder);
}

void submit_broker_move(const submit_broker *broker, const char *kopgroepd, const char *place)
{
    char program[4096], folder[4200], config[4300], to[4096];
    char journal[] = "journal", migrate[] = "migrate";
    snprintf(program, sizeof program, "%s", kopgroepd);
    snprintf(folder, sizeof folder, "%s/broker", broker->folder);
    snprintf(config, sizeof config, "%s/broker.conf", folder);
    snprintf(to, sizeof to, "%s", place);
    run((char *[]){program, journal, migrate, folder, to, NULL});
    FILE *file = fopen(config, "a");
    if (!file || fprintf(file, "journal = \"%s\"\n", place) < 0 || fclose(file) != 0)
        fail(config);
}

void submit_broker_serve(submit_broker *broker, const char *kopgroepd)
{
    submit_broker_begin(broker, kopgroepd);
    wait_until_serving(broker);
    read_files(broker);
}

void submit_broker_checkpoint(const submit_broker *broker, const char *kopgroepd)
{
    char program[4096], folder[4200], journal[] = "journal", checkpoint[] = "checkpoint";
    snprintf(program, sizeof program, "%s", kopgroepd);
    snprintf(folder, sizeof folder, "%s/broker", broker->folder);
    run((char *[]){program, journal, checkpoint, folder, NULL});
}

void submit_broker_start(submit_broker *broker, const char *kopgroepd, const char *parent)
{
    submit_broker_found(broker, kopgroepd, parent);
    submit_broker_serve(broker, kopgroepd);
}

double submit_broker_cpu(const submit_broker *broker)
{
    char path[64], row[1000];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)broker->pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(row, sizeof row, file))
        fail(path);
    fclose(file);
    sscanf(strrchr(row, ')') + 2, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user,
           &system);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double memory_of(pid_t pid)
{
    char path[64], row[200];
    double kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(row, sizeof row, file))
        sscanf(row, "RssAnon: %lf", &kib);
    if (file)
        fclose(file);
    return kib / 1024;
}

double submit_broker_memory(const submit_broker *broker)
{
    return memory_of(broker->pid);
}

double submit_broker_door_memory(const submit_broker *broker)
{
    return memory_of(submit_broker_door(broker));
}

double submit_broker_journal(const submit_broker *broker)
{
    char path[4200];
    double bytes = 0;
    struct stat status;
    snprintf(path, sizeof path, "%s/broker/journal", broker->folder);
    DIR *entries = opendir(path);
    if (!entries)
        fail(path);
    for (struct dirent *entry; (entry = readdir(entries));)
        if (fstatat(dirfd(entries), entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode))
            bytes += (double)status.st_blocks * 512;
    closedir(entries);
    return bytes;
}

void submit_broker_kill(submit_broker *broker)
{
    kill(broker->pid, SIGKILL);
    waitpid(broker->pid, NULL, 0);
}

void submit_broker_remove(const submit_broker *broker)
{
    char rm[] = "/bin/rm", recursive[] = "-rf", folder[4096];
    memcpy(folder, broker->folder, sizeof folder);
    run((char *[]){rm, recursive, folder, NULL});
}

void submit_broker_stop(submit_broker *broker, bool keep)
{
    int status = 0;
    kill(broker->pid, SIGTERM);
    waitpid(broker->pid, &status, 0);
    if (status != 0)
        fprintf(stderr, "kopgroepd did not end well: %d\n", status);
    kg_identity_destroy(&broker->administrator);
    if (!keep && status == 0)
        submit_broker_remove(broker);
}

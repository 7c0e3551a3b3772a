/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/cli/bench.h"
#include "client/cli/tell.h"

#define WAIT_MS 30000
#define LOOK_MS 5

static void complain(const char *what)
{
    fprintf(stderr, "kopgroep: %s: %s\n", what, kg_said_as("fact", strerror(errno)));
}

/* Beside this program, where both are installed or built; else as the shell would find it. */
static void find_program(char out[static BENCH_PATH_BYTES + 64])
{
    static const char *const beside[] = {"kopgroepd", "../broker/kopgroepd"};
    char own[BENCH_PATH_BYTES];
    ssize_t bytes = readlink("/proc/self/exe", own, sizeof own - 1);
    own[bytes > 0 ? bytes : 0] = '\0';
    char *slash = strrchr(own, '/');
    if (slash)
        slash[1] = '\0';
    for (size_t i = 0; slash && i < sizeof beside / sizeof *beside; i++) {
        snprintf(out, BENCH_PATH_BYTES + 64, "%s%s", own, beside[i]);
        if (access(out, X_OK) == 0)
            return;
    }
    snprintf(out, BENCH_PATH_BYTES + 64, "kopgroepd");
}

/* Its talk goes to FOLDER/log. */
static pid_t begin(const bench_broker *broker, char *const *arguments)
{
    char log[BENCH_PATH_BYTES + 64];
    snprintf(log, sizeof log, "%s/log", broker->folder);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    setpgid(0, 0); /* a Ctrl-C is for the measurement, which ends it */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (out < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
        _exit(126);
    execvp(arguments[0], arguments);
    fprintf(stderr, "%s: %s\n", arguments[0], kg_said_as("fact", strerror(errno)));
    _exit(127);
}

static void show_log(const bench_broker *broker)
{
    char log[BENCH_PATH_BYTES + 64], row[1000];
    snprintf(log, sizeof log, "%s/log", broker->folder);
    FILE *file = fopen(log, "re");
    while (file && fgets(row, sizeof row, file))
        fputs(row, stderr);
    if (file)
        fclose(file);
}

static bool has_said(const bench_broker *broker, const char *what)
{
    char log[BENCH_PATH_BYTES + 64], row[1000];
    bool found = false;
    snprintf(log, sizeof log, "%s/log", broker->folder);
    FILE *file = fopen(log, "re");
    while (file && !found && fgets(row, sizeof row, file))
        found = strstr(row, what) != NULL;
    if (file)
        fclose(file);
    return found;
}

static bool init(const bench_broker *broker, char *program, const char *catalogue)
{
    char file[BENCH_PATH_BYTES + 64], folder[BENCH_PATH_BYTES + 64];
    char command[] = "init", c[] = "--catalogue", r[] = "--requests", f[] = "--feeds";
    char any[] = "tcp://127.0.0.1:*";
    int status = -1;
    snprintf(file, sizeof file, "%s/catalogue.conf", broker->folder);
    snprintf(folder, sizeof folder, "%s/broker", broker->folder);
    FILE *out = fopen(file, "we");
    bool written = out && fputs(catalogue, out) >= 0;
    if ((out && fclose(out) != 0) || !written) {
        complain(file);
        return false;
    }
    pid_t pid = begin(broker, (char *[]){program, command, c, file, r, any, f, any, folder, NULL});
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        show_log(broker);
    return status == 0;
}

static bool serve(bench_broker *broker, char *program)
{
    char config[BENCH_PATH_BYTES + 64];
    char run[] = "run", c[] = "-c";
    snprintf(config, sizeof config, "%s/broker/broker.conf", broker->folder);
    broker->pid = begin(broker, (char *[]){program, run, c, config, NULL});
    for (int waited = 0; broker->pid > 0 && waited < WAIT_MS; waited += LOOK_MS) {
        if (has_said(broker, "event=serving"))
            return true;
        if (waitpid(broker->pid, NULL, WNOHANG) == broker->pid)
            broker->pid = 0;
        else
            usleep(LOOK_MS * 1000);
    }
    show_log(broker);
    return false;
}

bool bench_broker_start(bench_broker *broker, const char *parent, const char *catalogue)
{
    char program[BENCH_PATH_BYTES + 64];
    *broker = (bench_broker){0};
    int length =
        snprintf(broker->folder, sizeof broker->folder, "%s/kopgroep-bench.XXXXXX", parent);
    if (length >= (int)sizeof broker->folder || !mkdtemp(broker->folder)) {
        complain(parent);
        return false;
    }
    snprintf(broker->access, sizeof broker->access, "%s/broker/broker.access", broker->folder);
    snprintf(broker->administrator, sizeof broker->administrator, "%s/broker/administrator.key",
             broker->folder);
    find_program(program);
    if (init(broker, program, catalogue) && serve(broker, program))
        return true;
    bench_broker_stop(broker);
    return false;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

void bench_broker_stop(bench_broker *broker)
{
    if (broker->pid > 0) {
        kill(broker->pid, SIGTERM);
        waitpid(broker->pid, NULL, 0);
    }
    if (nftw(broker->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        complain(broker->folder);
    *broker = (bench_broker){0};
}

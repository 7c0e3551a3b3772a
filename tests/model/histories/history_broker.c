/* SPDX-License-Identifier: EUPL-1.2 */
#include "history_broker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/identity.h"

#define WAIT_MS 60000

static void fail(const char *what)
{
    fprintf(stderr, "histories: %s: %s\n", what, strerror(errno));
    exit(1);
}

void history_path(const history_broker *broker, const char *name, char out[static 300])
{
    snprintf(out, 300, "%s/%s", broker->folder, name);
}

/* Outside of the range that the kernel hands out, and nobody listens there. */
static unsigned free_port(void)
{
    unsigned short number;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool free = false;
    while (!free) {
        int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        kg_random(&number, sizeof number);
        number = (unsigned short)(20000 + number % 12000);
        at.sin_port = htons(number);
        free = bind(probe, (struct sockaddr *)&at, sizeof at) == 0;
        close(probe);
    }
    return number;
}

static void found(history_broker *broker, const char *catalogue)
{
    char folder[300], requests[60], feeds[60];
    int status;
    history_path(broker, "broker", folder);
    snprintf(requests, sizeof requests, "tcp://127.0.0.1:%u", free_port());
    do
        snprintf(feeds, sizeof feeds, "tcp://127.0.0.1:%u", free_port());
    while (strcmp(feeds, requests) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        execl(broker->kopgroepd, broker->kopgroepd, "init", "--catalogue", catalogue, "--requests",
              requests, "--feeds", feeds, folder, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        fail("kopgroepd init");
}

void history_broker_begin(history_broker *broker, const char *kopgroepd, const char *catalogue)
{
    const char *parent = getenv("TMPDIR");
    memset(broker, 0, sizeof *broker);
    broker->kopgroepd = kopgroepd;
    snprintf(broker->folder, sizeof broker->folder, "%s/kopgroep-histories.XXXXXX",
             parent ? parent : "/tmp");
    if (!mkdtemp(broker->folder))
        fail(broker->folder);
    found(broker, catalogue);
    history_broker_start(broker);
}

static bool is_serving(const char *log)
{
    char row[1000];
    bool serving = false;
    FILE *file = fopen(log, "r");
    while (file && !serving && fgets(row, sizeof row, file))
        serving = strstr(row, "event=serving") != NULL;
    if (file)
        fclose(file);
    return serving;
}

void history_broker_start(history_broker *broker)
{
    char config[300], log[300], name[40];
    snprintf(name, sizeof name, "log.%u", broker->starts++);
    history_path(broker, "broker/broker.conf", config);
    history_path(broker, name, log);
    broker->pid = fork();
    if (broker->pid == 0) {
        dup2(open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), STDERR_FILENO);
        execl(broker->kopgroepd, broker->kopgroepd, "run", "-c", config, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; broker->pid > 0 && i < WAIT_MS; i++) {
        if (is_serving(log))
            return;
        if (waitpid(broker->pid, NULL, WNOHANG) == broker->pid)
            break;
        usleep(1000);
    }
    fail(log);
}

void history_broker_kill(history_broker *broker)
{
    int status;
    kill(broker->pid, SIGKILL);
    if (waitpid(broker->pid, &status, 0) != broker->pid || !WIFSIGNALED(status)) {
        fprintf(stderr, "histories: the broker ended by itself, see %s/log.%u\n", broker->folder,
                broker->starts - 1);
        exit(1);
    }
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

void history_broker_end(history_broker *broker)
{
    history_broker_kill(broker);
    if (nftw(broker->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        fail(broker->folder);
}

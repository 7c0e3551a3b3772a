/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/keeper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/net/channel.h"
#include "broker/net/door.h"
#include "proto/memory.h"
#include "proto/text.h"

/* Nothing of the environment but how libraries are found and sanitizers behave: what else stands
 * there may be secret. The texts are borrowed. Returns owned. */
static char **spare_environment(void)
{
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **out = kg_alloc(count + 1, sizeof *out);
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "LD_", 3) == 0 || strstr(environ[i], "SAN_OPTIONS="))
            out[kept++] = environ[i];
    return out;
}

/* Standard error stays, for what a library says before it aborts. */
static int set_up(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, int end)
{
    sigset_t none;
    sigemptyset(&none);
    int failed = posix_spawn_file_actions_adddup2(files, end, KG_DOOR_DESCRIPTOR);
    failed = failed ? failed : posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDWR, 0);
    failed = failed ? failed : posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_RDWR, 0);
    failed =
        failed ? failed : posix_spawn_file_actions_addclosefrom_np(files, KG_DOOR_DESCRIPTOR + 1);
    failed = failed ? failed : posix_spawnattr_setsigmask(attributes, &none);
    return failed ? failed : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
}

static int spawn(int end, pid_t *pid)
{
    char name[] = "kopgroepd", argument[] = KG_DOOR_ARGUMENT;
    char *const arguments[] = {name, argument, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char **environment = spare_environment();
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    int failed = set_up(&files, &attributes, end);
    if (!failed)
        failed = posix_spawn(pid, "/proc/self/exe", &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    free(environment);
    return failed;
}

pid_t kg_keeper_spawn(int *end, char error[static 200])
{
    int ends[2];
    pid_t pid = -1;
    if (!kg_channel_pair(ends)) {
        kg_text_format(error, 200, "no descriptor left for the network's process");
        return -1;
    }
    int failed = spawn(ends[1], &pid);
    close(ends[1]);
    if (!failed) {
        *end = ends[0];
        return pid;
    }
    close(ends[0]);
    kg_text_format(error, 200, "the network's process cannot be started: %s", strerror(failed));
    return -1;
}

bool kg_keeper_reap(pid_t pid, int wait_ms, char ended[static 100])
{
    int status = 0;
    pid_t gone = waitpid(pid, &status, WNOHANG);
    for (; gone == 0 && wait_ms > 0; wait_ms--) {
        poll(NULL, 0, 1);
        gone = waitpid(pid, &status, WNOHANG);
    }
    if (gone == 0) {
        kill(pid, SIGKILL); /* of one that is ending already this changes nothing */
        waitpid(pid, &status, 0);
    }
    if (WIFSIGNALED(status))
        kg_text_format(ended, 100, "the network's process ended by signal %d (%s)",
                       WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        kg_text_format(ended, 100, "the network's process ended with exit status %d",
                       WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

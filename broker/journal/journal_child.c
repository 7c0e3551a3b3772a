/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_error.h"

/* Ends the child: '+', or '-' and its sentence, written in one piece below PIPE_BUF. */
static _Noreturn void run(int answer, bool (*check)(void *context), void *context, pid_t parent)
{
    const struct rlimit none = {0, 0};
    char text[512];
    bool good;

    signal(SIGBUS, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGABRT, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    good = check(context);
    snprintf(text, sizeof(text), "%c%s", good ? '+' : '-', good ? "" : kg_journal_error());
    _exit(write(answer, text, strlen(text)) < 0);
}

/* The child's answer, NUL-ended; empty when it ended without one. */
static void hear(int answer, char *text, size_t size)
{
    ssize_t count;

    do {
        count = read(answer, text, size - 1);
    } while (count < 0 && errno == EINTR);
    text[count > 0 ? count : 0] = '\0';
}

static int end_of(pid_t child)
{
    int status = 0;
    pid_t got;

    do {
        got = waitpid(child, &status, 0);
    } while (got < 0 && errno == EINTR);
    return got == child && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

bool kg_journal_child(const char *folder, bool (*check)(void *context), void *context)
{
    const pid_t parent = getpid();
    char text[512];
    int answer[2], ended;
    pid_t child;

    if (pipe2(answer, O_CLOEXEC) != 0)
        return kg_journal_fail("%s cannot be looked at first: pipe: %s", folder, strerror(errno));
    child = fork();
    if (child == 0)
        run(answer[1], check, context, parent);
    close(answer[1]);
    if (child < 0) {
        close(answer[0]);
        return kg_journal_fail("%s cannot be looked at first: fork: %s", folder, strerror(errno));
    }
    hear(answer[0], text, sizeof(text));
    close(answer[0]);
    ended = end_of(child);
    if (text[0] == '+')
        return true;
    if (text[0] == '-')
        return kg_journal_fail("%s", text + 1);
    if (ended == 0)
        return kg_journal_fail("%s: the process that looks at it first gave no answer", folder);
    return kg_journal_fail("the journal in %s is damaged: reading it ended in signal %d (%s); "
                           "restore a backup (kopgroepd journal restore)",
                           folder, ended, strsignal(ended));
}

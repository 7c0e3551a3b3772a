/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fault/shimmed.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client/kopgroep.h"
#include "proto/text.h"

enum { MEMBERS = 4, RECEIPTS = 3, PATIENCE_S = 60, WITNESS_MS = 2000 };

/* ---- the beginning ---- */

static void share_control(shimmed *it, const char *path, const char *library)
{
    const char *options = getenv("ASAN_OPTIONS");
    char text[1000];
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void *map;

    swarm_must(file >= 0 && ftruncate(file, sizeof(*it->control)) == 0, path);
    map = mmap(NULL, sizeof(*it->control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    swarm_must(map != MAP_FAILED, "mmap");
    close(file);
    it->control = map;
    snprintf(it->control->folder, sizeof(it->control->folder), "%s/broker",
             strrchr(it->swarm.broker.folder, '/'));
    snprintf(text, sizeof(text), "verify_asan_link_order=0:%s:detect_leaks=0",
             options ? options : "");
    swarm_must(setenv("ASAN_OPTIONS", text, 1) == 0 && setenv(SHIM_CONTROL, path, 1) == 0 &&
                   setenv("LD_PRELOAD", library, 1) == 0,
               "setenv");
}

static void must_be_done(kopgroep_answer *answer, const char *what)
{
    if (answer->outcome != KOPGROEP_DONE)
        fprintf(stderr, "%s\n", answer->detail);
    errno = 0;
    swarm_must(answer->outcome == KOPGROEP_DONE, what);
    kopgroep_answer_fini(answer);
    *answer = (kopgroep_answer){0};
}

static void keep_receipt(shimmed *it, const kopgroep_answer *answer)
{
    swarm_receipt receipt = {.sequence = answer->sequence, .at = swarm_now()};

    swarm_must(kg_hex_parse(answer->chain, receipt.chain, SWARM_CHAIN_BYTES), "no chain value");
    kg_buffer_add(&it->swarm.receipts, &receipt, sizeof(receipt));
}

static void enrol_witness(shimmed *it)
{
    static const char text[] = "organisation \"witness\" { name = \"W\" legal_type = \"la\"\n"
                               "central = false nuts = \"BE211\" languages = {\"nl\"} }\n";
    char access[4200], administrator[4200], file[4200], key[4400];
    const char *folder = it->swarm.broker.folder;
    const kopgroep_options options = {.broker = access, .identity = administrator};
    kopgroep_answer answer = {0};
    kopgroep_session *session;
    FILE *out;

    snprintf(access, sizeof(access), "%s/broker/broker.access", folder);
    snprintf(administrator, sizeof(administrator), "%s/broker/administrator.key", folder);
    snprintf(file, sizeof(file), "%s/witness.conf", folder);
    snprintf(it->witness, sizeof(it->witness), "%s/witness.key", folder);
    snprintf(key, sizeof(key), "%s.pub", it->witness);
    out = fopen(file, "w");
    swarm_must(out && fputs(text, out) >= 0 && fclose(out) == 0, file);
    kopgroep_keygen(it->witness, "witness", NULL, &answer);
    must_be_done(&answer, "keygen");
    session = kopgroep_open(&options, &answer);
    must_be_done(&answer, "no session");
    kopgroep_register(session, file, "witness", key, "witness", &answer);
    keep_receipt(it, &answer);
    must_be_done(&answer, "a witness cannot be registered");
    kopgroep_close(&session);
}

void shimmed_start(shimmed *it, const char *kopgroepd, const char *library)
{
    char path[4200];

    *it = (shimmed){.kopgroepd = kopgroepd};
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    swarm_start(&it->swarm, kopgroepd, MEMBERS);
    swarm_connect(&it->swarm);
    enrol_witness(it);
    snprintf(path, sizeof(path), "%s/control", it->swarm.broker.folder);
    share_control(it, path, library);
    submit_broker_kill(&it->swarm.broker);
}

/* ---- a run ---- */

/* Has it ended? Then *status is how. */
static bool has_ended(shimmed *it, int *status)
{
    return waitpid(it->swarm.broker.pid, status, WNOHANG) == it->swarm.broker.pid;
}

/* Waits until it serves; false when it ended before. */
static bool await_serving(shimmed *it, int *status)
{
    const double until = swarm_now() + PATIENCE_S;

    while (submit_broker_told(&it->swarm.broker, "serving") == 0) {
        if (has_ended(it, status))
            return false;
        swarm_must(swarm_now() < until, "it neither serves nor ends");
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    return true;
}

/* False when it ended meanwhile. */
static bool work(shimmed *it, int *status)
{
    const double until = swarm_now() + PATIENCE_S;
    size_t most = 0;

    for (size_t i = 0; i < MEMBERS; i++)
        most = it->swarm.members[i].receipts > most ? it->swarm.members[i].receipts : most;
    most += RECEIPTS;
    swarm_hurry(&it->swarm);
    while (swarm_work(&it->swarm, most, 2) < MEMBERS) {
        if (has_ended(it, status))
            return false;
        swarm_must(swarm_now() < until, "it neither answers nor ends");
    }
    return true;
}

/* Whatever comes of it: the broker may end. */
static void cosign(shimmed *it)
{
    char access[4200];
    const kopgroep_options options = {
        .broker = access, .identity = it->witness, .keep_heads = true, .timeout_ms = WITNESS_MS};
    kopgroep_answer answer = {0};
    kopgroep_session *session;

    snprintf(access, sizeof(access), "%s/broker/broker.access", it->swarm.broker.folder);
    session = kopgroep_open(&options, &answer);
    if (session) {
        kopgroep_answer_fini(&answer);
        answer = (kopgroep_answer){0};
        kopgroep_witness(session, &answer);
    }
    kopgroep_answer_fini(&answer);
    kopgroep_close(&session);
}

static void arm(shimmed *it, int n)
{
    atomic_store(&it->control->hit, 0);
    atomic_store(&it->control->calls, 0);
    atomic_store(&it->control->fail_at, n);
}

bool shimmed_said(const shimmed *it, const char *text)
{
    char path[4200], row[1000];
    bool found = false;
    FILE *file;

    snprintf(path, sizeof(path), "%s/log", it->swarm.broker.folder);
    file = fopen(path, "r");
    while (file && fgets(row, sizeof(row), file))
        found = found || (text ? strstr(row, text) != NULL
                               : strncmp(row, "<6>", 3) != 0 && strncmp(row, "<4>", 3) != 0);
    if (file)
        fclose(file);
    return found;
}

static shimmed_end judge(shimmed *it, int status)
{
    const bool said = shimmed_said(it, NULL);

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return SHIMMED_STOPPED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 4 && said)
        return SHIMMED_SAID;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
        return SHIMMED_ABORTED;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && it->control->hit &&
        it->control->kind >= SHIM_KILL)
        return SHIMMED_KILLED;
    /* libconfuse asks not whether it got memory; nothing is served yet. */
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && it->control->hit &&
        strstr(it->control->call, "alloc") && !shimmed_said(it, "event=replayed"))
        return SHIMMED_CRASHED;
    snprintf(it->error, sizeof(it->error), "it ended by %s %d, and its log %s",
             WIFEXITED(status) ? "exit status" : "signal",
             WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
             said ? "says why" : "does not say why");
    return SHIMMED_WRONG;
}

shimmed_end shimmed_run(shimmed *it, int n)
{
    int status = 0;

    arm(it, n);
    submit_broker_begin(&it->swarm.broker, it->kopgroepd);
    if (await_serving(it, &status) && work(it, &status)) {
        cosign(it);
        kill(it->swarm.broker.pid, SIGTERM);
        swarm_must(waitpid(it->swarm.broker.pid, &status, 0) == it->swarm.broker.pid, "waitpid");
    }
    atomic_store(&it->control->fail_at, 0);
    swarm_drain(&it->swarm);
    return judge(it, status);
}

const char *shimmed_recover(shimmed *it, bool by_kill)
{
    const char *wrong;
    int status;

    swarm_serve_again(&it->swarm);
    wrong = swarm_look(&it->swarm);
    if (wrong)
        return wrong;
    kill(it->swarm.broker.pid, by_kill ? SIGKILL : SIGTERM);
    waitpid(it->swarm.broker.pid, &status, 0);
    return by_kill || status == 0 ? NULL : "it does not end well afterwards";
}

/* ---- other commands ---- */

int shimmed_command(shimmed *it, int n, char *const *arguments)
{
    char path[4200];
    struct stat said;
    int status = 0;
    pid_t pid;

    snprintf(path, sizeof(path), "%s/said", it->swarm.broker.folder);
    arm(it, n);
    pid = fork();
    if (pid == 0) {
        const int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execv(it->kopgroepd, arguments);
        _exit(127);
    }
    swarm_must(pid > 0 && waitpid(pid, &status, 0) == pid && stat(path, &said) == 0, "fork");
    atomic_store(&it->control->fail_at, 0);
    if (!WIFEXITED(status))
        return WTERMSIG(status) == SIGABRT && said.st_size > 0 ? 4 : -1;
    return WEXITSTATUS(status) != 0 && said.st_size == 0 ? -2 : WEXITSTATUS(status);
}

/* ---- the end ---- */

const char *shimmed_finish(shimmed *it)
{
    swarm_serve_again(&it->swarm);
    return swarm_finish(&it->swarm);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Whatever a process in the sandbox tries, it gets no file, no program, no other process and, once
 * that is shut, no socket. Each attempt is made by a child. */
#include "broker/net/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* How an attempt ended. */
enum { DONE = 0, REFUSED = 10, KILLED = 20, BROKEN = 30 };

typedef bool (*attempt)(void); /* whether it had its way */

static bool is_sanitized(void)
{
    char missing[KG_SANDBOX_MISSING_BYTES] = "";
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        kg_sandbox_enter(missing);
        _exit(strstr(missing, "sanitizer") ? 1 : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) == 1;
}

static _Noreturn void try_it(attempt tried, bool shut)
{
    char missing[KG_SANDBOX_MISSING_BYTES] = "";
    kg_sandbox_leave_root(missing);
    kg_sandbox_enter(missing);
    if (shut)
        kg_sandbox_shut(missing);
    if (missing[0] && !strstr(missing, "sanitizer"))
        _exit(BROKEN);
    _exit(tried() ? DONE : REFUSED);
}

static int outcome_of(attempt tried, bool shut)
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        try_it(tried, shut);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : BROKEN;
    return WEXITSTATUS(status);
}

/* ---- attempts ---- */

static bool writes_memory(void)
{
    char *memory = malloc(1 << 20);
    memset(memory, 1, 1 << 20);
    bool good = memory[1000] == 1;
    free(memory);
    return good;
}

static void *set_flag(void *flag)
{
    *(bool *)flag = true;
    return NULL;
}

static bool starts_thread(void)
{
    pthread_t thread;
    bool ran = false;
    return pthread_create(&thread, NULL, set_flag, &ran) == 0 && pthread_join(thread, NULL) == 0 &&
           ran;
}

static bool listens(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int socket_made = socket(AF_INET, SOCK_STREAM, 0);
    return socket_made >= 0 && bind(socket_made, (struct sockaddr *)&any, sizeof any) == 0 &&
           listen(socket_made, 1) == 0;
}

static bool reads_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool lists_folder(void)
{
    return open("/", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool writes_file(void)
{
    return open("/dev/null", O_WRONLY) >= 0;
}

static bool makes_file(void)
{
    return open("/tmp/kopgroep-sandbox", O_RDWR | O_CREAT | O_EXCL, 0600) >= 0;
}

static bool runs_program(void)
{
    char *const arguments[] = {(char[]){"true"}, NULL};
    execv("/bin/true", arguments);
    return false;
}

static bool forks(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool traces_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool signals_parent(void)
{
    return kill(getppid(), SIGCONT) == 0;
}

static bool maps_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

static bool reads_other_memory(void)
{
    return syscall(SYS_process_vm_readv, getppid(), NULL, 0UL, NULL, 0UL, 0UL) >= 0;
}

static bool is_dumpable(void)
{
    return prctl(PR_GET_DUMPABLE) == 1;
}

/* ---- tests ---- */

static void what_is_needed_goes_on(void **state)
{
    (void)state;
    assert_int_equal(outcome_of(writes_memory, true), DONE);
    assert_int_equal(outcome_of(starts_thread, false), DONE);
    assert_int_equal(outcome_of(listens, false), DONE);
}

static void a_shut_sandbox_opens_no_socket(void **state)
{
    (void)state;
    assert_int_equal(outcome_of(listens, true), REFUSED);
}

static void what_an_intruder_does_is_the_end(void **state)
{
    static const attempt deadly[] = {writes_file, makes_file, runs_program, traces_parent,
                                     reads_other_memory};
    (void)state;
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly && !is_sanitized(); i++)
        for (int shut = 0; shut < 2; shut++)
            assert_int_equal(outcome_of(deadly[i], shut), KILLED);
    assert_int_not_equal(access("/tmp/kopgroep-sandbox", F_OK), 0);
}

static void what_else_is_tried_is_refused(void **state)
{
    static const attempt refused[] = {reads_file,     lists_folder, forks,
                                      signals_parent, maps_code,    is_dumpable};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused && !is_sanitized(); i++)
        for (int shut = 0; shut < 2; shut++)
            assert_int_equal(outcome_of(refused[i], shut), REFUSED);
    if (!is_sanitized())
        assert_int_equal(outcome_of(starts_thread, true), REFUSED);
}

/* With a sanitizer too. */
static void no_program_and_no_privilege_in_any_build(void **state)
{
    (void)state;
    assert_int_not_equal(outcome_of(runs_program, false), DONE);
    assert_int_equal(outcome_of(reads_other_memory, false), KILLED);
}

/* Without the filter, which would refuse the question. */
static void root_is_left_for_good(void **state)
{
    char missing[KG_SANDBOX_MISSING_BYTES] = "";
    int status;
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        kg_sandbox_leave_root(missing);
        _exit(geteuid() != 0 && getegid() != 0 && setresuid(0, 0, 0) != 0 && !missing[0] ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_needed_goes_on),
        cmocka_unit_test(a_shut_sandbox_opens_no_socket),
        cmocka_unit_test(what_an_intruder_does_is_the_end),
        cmocka_unit_test(what_else_is_tried_is_refused),
        cmocka_unit_test(no_program_and_no_privilege_in_any_build),
        cmocka_unit_test(root_is_left_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

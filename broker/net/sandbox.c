/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proto/text.h"

#define NOBODY 65534

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#else
#define SANITIZED false
#endif
#else
#define SANITIZED false
#endif

static void miss(char missing[static KG_SANDBOX_MISSING_BYTES], const char *what)
{
    size_t used = strlen(missing);
    kg_text_format(missing + used, KG_SANDBOX_MISSING_BYTES - used, "%s%s", used ? ", " : "", what);
}

void kg_sandbox_leave_root(char missing[static KG_SANDBOX_MISSING_BYTES])
{
    if (geteuid() != 0)
        return;
    if (setgroups(0, NULL) != 0)
        miss(missing, "no groups");
    if (setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0)
        miss(missing, "not root");
    if (SANITIZED)
        prctl(PR_SET_DUMPABLE, 1); /* it reads its own maps, which are root's by now */
}

/* ---- files ---- */

#define ALL_OF_FILES                                                                               \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |   \
     LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |                                 \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

/* No rule is added: nothing beneath any folder is allowed. The C library has no wrappers. */
static bool shut_files(void)
{
    const struct landlock_ruleset_attr all = {.handled_access_fs = ALL_OF_FILES};
    long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return false;
    bool good = syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
    close((int)rules);
    return good;
}

/* ---- system calls ---- */

/* What libzmq, libsodium and the C library call while messages come and go; found by tracing a
 * broker that begins and answers, and what the same functions of other versions call instead. */
static const int needed[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(close),
    SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(accept),
    SCMP_SYS(accept4), SCMP_SYS(shutdown), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(eventfd2), SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_create), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(futex),
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mlock), SCMP_SYS(munlock), SCMP_SYS(mremap),
    SCMP_SYS(madvise), SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(getpid),
    SCMP_SYS(getppid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_setscheduler), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(exit), SCMP_SYS(exit_group),
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(prlimit64), SCMP_SYS(getrlimit),
    SCMP_SYS(sysinfo),
    /* Until the sandbox is shut: */
    SCMP_SYS(socket), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(connect), SCMP_SYS(seccomp)};

/* What nothing in the process ever calls, not even in vain: whoever does is an intruder. */
static const int deadly[] = {SCMP_SYS(process_vm_readv),
                             SCMP_SYS(process_vm_writev),
                             SCMP_SYS(creat),
                             SCMP_SYS(mount),
                             SCMP_SYS(umount2),
                             SCMP_SYS(pivot_root),
                             SCMP_SYS(chroot),
                             SCMP_SYS(setns),
                             SCMP_SYS(unshare),
                             SCMP_SYS(bpf),
                             SCMP_SYS(kexec_load),
                             SCMP_SYS(init_module),
                             SCMP_SYS(finit_module),
                             SCMP_SYS(keyctl),
                             SCMP_SYS(add_key),
                             SCMP_SYS(perf_event_open),
                             SCMP_SYS(userfaultfd),
                             SCMP_SYS(io_uring_setup),
                             SCMP_SYS(memfd_create)};
/* Likewise; but a sanitizer asks other programs for names, which is refused, and traces itself. */
static const int programs[] = {SCMP_SYS(execve), SCMP_SYS(execveat)};

static bool add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = seccomp_rule_add(filter, action, calls[i], 0) == 0 && good;
    return good;
}
#define ADD_ALL(filter, action, calls) add_all(filter, action, calls, sizeof calls / sizeof *calls)

/* A call is allowed when some bits of an argument are these. */
static bool allow_when(scmp_filter_ctx filter, int call, unsigned argument, uint64_t bits,
                       uint64_t are)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                            SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bits, are)) == 0;
}

static bool kill_when(scmp_filter_ctx filter, int call, unsigned argument, uint64_t bits,
                      uint64_t are)
{
    return seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 1,
                            SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bits, are)) == 0;
}

/* To open a file for reading is in vain, and refused: the C library tries now and then. */
static bool add_opening(scmp_filter_ctx filter)
{
    return kill_when(filter, SCMP_SYS(open), 1, O_ACCMODE, O_WRONLY) &&
           kill_when(filter, SCMP_SYS(open), 1, O_ACCMODE, O_RDWR) &&
           kill_when(filter, SCMP_SYS(openat), 2, O_ACCMODE, O_WRONLY) &&
           kill_when(filter, SCMP_SYS(openat), 2, O_ACCMODE, O_RDWR);
}

/* Memory is never code, a new task is a thread, a signal is for the process itself, and
 * descriptors only learn not to wait. clone3 hides its flags: without it, clone is used. */
static bool add_conditions(scmp_filter_ctx filter)
{
    const uint64_t all = UINT64_MAX;
    const uint64_t self = (uint64_t)getpid();
    static const int commands[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL};
    bool good = allow_when(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0) &&
                allow_when(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0) &&
                allow_when(filter, SCMP_SYS(clone), 0, CLONE_THREAD, CLONE_THREAD) &&
                allow_when(filter, SCMP_SYS(tgkill), 0, all, self) &&
                allow_when(filter, SCMP_SYS(prctl), 0, all, PR_SET_NAME) &&
                seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        good = allow_when(filter, SCMP_SYS(fcntl), 1, all, (uint64_t)commands[i]) && good;
    return good;
}

/* What is neither needed nor deadly is refused, so that another version's harmless attempt costs
 * no connection. */
static bool shut_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SANITIZED ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return false;
    bool good = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0) == 0 &&
                ADD_ALL(filter, SCMP_ACT_KILL_PROCESS, deadly);
    if (SANITIZED)
        good = good && ADD_ALL(filter, SCMP_ACT_ERRNO(EPERM), programs);
    else
        good = good && ADD_ALL(filter, SCMP_ACT_KILL_PROCESS, programs) &&
               seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(ptrace), 0) == 0 &&
               ADD_ALL(filter, SCMP_ACT_ALLOW, needed) && add_opening(filter) &&
               add_conditions(filter);
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

void kg_sandbox_enter(char missing[static KG_SANDBOX_MISSING_BYTES])
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        miss(missing, "no_new_privs");
    if (SANITIZED)
        miss(missing, "full rules (built with a sanitizer)");
    else if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) /* no core file, nobody to read its memory */
        miss(missing, "no core file");
    if (!SANITIZED && !shut_files())
        miss(missing, "Landlock");
    if (!shut_calls())
        miss(missing, "seccomp");
}

/* Stands beside the first filter: a call must pass both. Without the first one, which covers all
 * that is allowed, this one would say little. */
void kg_sandbox_shut(char missing[static KG_SANDBOX_MISSING_BYTES])
{
    static const int over[] = {SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(bind),
                               SCMP_SYS(listen), SCMP_SYS(connect)};
    static const int over_unless_sanitized[] = {SCMP_SYS(clone), SCMP_SYS(seccomp)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool good = filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0) == 0 &&
                seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                ADD_ALL(filter, SCMP_ACT_ERRNO(EPERM), over) &&
                (SANITIZED || ADD_ALL(filter, SCMP_ACT_ERRNO(EPERM), over_unless_sanitized)) &&
                seccomp_load(filter) == 0;
    if (!good)
        miss(missing, "seccomp of sockets");
    seccomp_release(filter);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* scenario_confine CALL... FAMILY... -- PROGRAM ARGUMENT...: runs it with the kernel calls and the
 * socket families that are named, and no memory both writable and executable, as systemd does it
 * for SystemCallFilter=, RestrictAddressFamilies= and MemoryDenyWriteExecute=. A call that this
 * machine does not have is passed over, as systemd does. */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
    const char *name;
    int family;
} families[] = {
    {"AF_UNIX", AF_UNIX}, {"AF_INET", AF_INET}, {"AF_INET6", AF_INET6}, {"AF_NETLINK", AF_NETLINK}};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "scenario_confine: %s\n", what);
    exit(4);
}

static void allow_when(scmp_filter_ctx filter, int call, unsigned argument, scmp_datum_t mask,
                       scmp_datum_t value)
{
    const struct scmp_arg_cmp when = SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value);
    if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &when) != 0)
        give_up("a rule is refused");
}

static bool allow_family(scmp_filter_ctx filter, const char *name)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strcmp(name, families[i].name) == 0) {
            allow_when(filter, SCMP_SYS(socket), 0, UINT32_MAX, (scmp_datum_t)families[i].family);
            return true;
        }
    return false;
}

static void allow(scmp_filter_ctx filter, const char *name)
{
    if (allow_family(filter, name))
        return;
    int call = seccomp_syscall_resolve_name(name);
    const bool by_argument = call == SCMP_SYS(socket) || call == SCMP_SYS(mmap) ||
                             call == SCMP_SYS(mprotect) || call == SCMP_SYS(pkey_mprotect);
    if (call == __NR_SCMP_ERROR || by_argument)
        return;
    if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0)
        give_up(name);
}

int main(int argc, char **argv)
{
    const scmp_datum_t both = PROT_WRITE | PROT_EXEC;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int i = 1;
    if (!filter)
        give_up("no filter");
    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        allow(filter, argv[i]);
    if (i + 1 >= argc)
        give_up("no program");
    allow_when(filter, SCMP_SYS(mmap), 2, both, 0);
    allow_when(filter, SCMP_SYS(mmap), 2, both, PROT_WRITE);
    allow_when(filter, SCMP_SYS(mmap), 2, both, PROT_EXEC);
    allow_when(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
    if (seccomp_load(filter) != 0)
        give_up("the kernel refuses the filter");
    seccomp_release(filter);
    execv(argv[i + 1], &argv[i + 1]);
    give_up(strerror(errno));
}

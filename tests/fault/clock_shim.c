/* SPDX-License-Identifier: EUPL-1.2 */
/* A library to be preloaded: the clock is off by as many seconds as the file KOPGROEP_CLOCK says,
 * which may change at any moment; the monotonic clock goes on as it does. It calls nothing that a
 * sanitizer has its own of. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long long seconds_off(void)
{
    const char *path = getenv("KOPGROEP_CLOCK");
    char text[32] = "";
    long descriptor = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) : -1;

    if (descriptor < 0)
        return 0;
    if (syscall(SYS_read, descriptor, text, sizeof(text) - 1) < 0)
        text[0] = '\0';
    syscall(SYS_close, descriptor);
    return atoll(text);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const int result = (int)syscall(SYS_clock_gettime, clock, now);

    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += seconds_off();
    return result;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static bool read_memory(kg_process *out)
{
    unsigned long long total, resident;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return false;
    bool good = fscanf(file, "%llu %llu", &total, &resident) == 2;
    fclose(file);
    if (!good)
        return false;
    out->virtual_bytes = total * page;
    out->resident_bytes = resident * page;
    return true;
}

static bool read_descriptors(kg_process *out)
{
    struct rlimit limit;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return false;
    while (readdir(folder))
        out->open_descriptors++;
    closedir(folder);
    out->open_descriptors -= 3; /* itself, "." and ".." */
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    out->descriptors_max = limit.rlim_cur;
    return true;
}

static uint64_t microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

void kg_process_read(kg_process *out)
{
    struct rusage usage;
    *out = (kg_process){0};
    out->memory_known = read_memory(out);
    out->descriptors_known = read_descriptors(out);
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        out->cpu_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

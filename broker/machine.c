/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/machine.h"

#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "proto/text.h"

static void find_processor(char out[static 128])
{
    char row[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    out[0] = '\0';
    while (file && !out[0] && fgets(row, sizeof row, file)) {
        row[strcspn(row, "\n")] = '\0';
        const char *colon = strncmp(row, "model name", 10) == 0 ? strchr(row, ':') : NULL;
        if (colon)
            kg_text_format(out, 128, "%s", colon + 1 + strspn(colon + 1, " "));
    }
    if (file)
        fclose(file);
}

/* That of the mount on which the folder lies. */
static void find_file_system(const char *folder, char out[static 64])
{
    struct stat wanted, mount;
    struct mntent entry, *found;
    char buffer[4096];
    FILE *table = setmntent("/proc/self/mounts", "re");
    out[0] = '\0';
    if (!table)
        return;
    if (stat(folder, &wanted) == 0)
        while ((found = getmntent_r(table, &entry, buffer, sizeof buffer)))
            if (stat(found->mnt_dir, &mount) == 0 && mount.st_dev == wanted.st_dev)
                kg_text_format(out, 64, "%s", found->mnt_type);
    endmntent(table);
}

void kg_machine_describe(const char *folder, char out[static KG_MACHINE_BYTES])
{
    char processor[128], file_system[64];
    struct utsname system;
    struct sysinfo memory;
    double gib = sysinfo(&memory) == 0
                     ? (double)memory.totalram * memory.mem_unit / (1024.0 * 1024 * 1024)
                     : 0;
    if (uname(&system) != 0)
        system = (struct utsname){0};
    find_processor(processor);
    find_file_system(folder, file_system);
    kg_text_format(out, KG_MACHINE_BYTES, "%s%s%ld cores, %.0f GiB, %s %s%s%s", processor,
                   processor[0] ? ", " : "", sysconf(_SC_NPROCESSORS_ONLN), gib, system.sysname,
                   system.release, file_system[0] ? ", " : "", file_system);
}

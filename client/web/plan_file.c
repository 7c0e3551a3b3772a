/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/web/plan_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool fill(const char *path, const char *bytes, size_t count)
{
    FILE *out = fopen(path, "wbx");
    if (!out)
        return false;
    bool written = fwrite(bytes, 1, count, out) == count;
    return fclose(out) == 0 && written;
}

bool web_plan_file_write(web_plan_file *file, const char *bytes, size_t count)
{
    const char *parent = getenv("TMPDIR");
    snprintf(file->folder, sizeof file->folder, "%s/kopgroep-plan.XXXXXX",
             parent && *parent ? parent : "/tmp");
    if (!mkdtemp(file->folder))
        return false;
    snprintf(file->path, sizeof file->path, "%s/plan", file->folder);
    if (fill(file->path, bytes, count))
        return true;
    int error = errno;
    web_plan_file_remove(file);
    errno = error;
    return false;
}

void web_plan_file_remove(web_plan_file *file)
{
    unlink(file->path);
    rmdir(file->folder);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* An uploaded plan while the library reads it: a file in a folder that only this user sees. */
#ifndef KOPGROEP_WEB_PLAN_FILE_H
#define KOPGROEP_WEB_PLAN_FILE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct web_plan_file {
    char folder[4000], path[4096];
} web_plan_file;

/* False where it cannot be written (errno); nothing is left then. */
bool web_plan_file_write(web_plan_file *file, const char *bytes, size_t count);
void web_plan_file_remove(web_plan_file *file);

#endif

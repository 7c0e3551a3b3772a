/* SPDX-License-Identifier: EUPL-1.2 */
/* The demo's files for tests: whole files, folders, and texts with their @D+N@ filled in. */
#ifndef KG_TESTS_DEMO_FILES_H
#define KG_TESTS_DEMO_FILES_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/memory.h"
#include "proto/text.h"

#define DEMO_PATH_BYTES 512
#define DEMO_FILES_MAX 64

typedef struct demo_folder {
    char paths[DEMO_FILES_MAX][DEMO_PATH_BYTES];
    char ids[DEMO_FILES_MAX][128]; /* the file's name up to ".csv": the organisation */
    size_t count;
} demo_folder;

/* "SOURCE/config/PART". */
static inline void demo_path(const char *part, char out[static DEMO_PATH_BYTES])
{
    kg_text_format(out, DEMO_PATH_BYTES, "%s/config/%s", KG_SOURCE_DIR, part);
}

static inline int demo_is_plan(const struct dirent *entry)
{
    return strstr(entry->d_name, ".csv") != NULL;
}

/* The plan files of a folder below config/, sorted by name. Returns owned (free). */
static inline demo_folder *demo_folder_read(const char *part)
{
    char path[DEMO_PATH_BYTES];
    struct dirent **entries;
    demo_folder *folder = kg_alloc(1, sizeof *folder);
    demo_path(part, path);
    int count = scandir(path, &entries, demo_is_plan, alphasort);
    assert_true(count > 0 && count <= DEMO_FILES_MAX);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        int length = (int)(strstr(name, ".csv") - name);
        kg_text_format(folder->paths[i], DEMO_PATH_BYTES, "%s/%s", path, name);
        kg_text_format(folder->ids[i], sizeof folder->ids[i], "%.*s", length, name);
        free(entries[i]);
    }
    free(entries);
    folder->count = (size_t)count;
    return folder;
}

/* The bytes of a file and a NUL; returns owned (free). */
static inline char *demo_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size > 0);
    rewind(file);
    char *bytes = kg_alloc((size_t)size + 1, 1);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    (void)fclose(file);
    return bytes;
}

/* Writes the day in place of each @D+N@; `today` is D. Returns owned (free). */
static inline char *demo_fill(const char *text, kg_date today)
{
    char *out = kg_alloc(strlen(text) + 1024 * KG_DATE_BYTES, 1);
    char *end = out;
    int filled = 0;
    while (*text) {
        if (strncmp(text, "@D+", 3) != 0 || text[3] < '0' || text[3] > '9') {
            *end++ = *text++;
            continue;
        }
        char *rest;
        long days = strtol(text + 3, &rest, 10);
        assert_int_equal(*rest, '@');
        kg_date_write(today + (kg_date)days, end);
        end += strlen(end);
        text = rest + 1;
        assert_true(++filled < 1024);
    }
    return out;
}

/* A file with its days filled in; returns owned (free). */
static inline char *demo_filled(const char *path, kg_date today)
{
    char *text = demo_read(path), *out = demo_fill(text, today);
    free(text);
    return out;
}

/* The same written to a file of the build folder, for readers that take a path. */
static inline void demo_filled_file(const char *path, kg_date today, const char *name,
                                    char out[static DEMO_PATH_BYTES])
{
    char *text = demo_filled(path, today);
    kg_text_format(out, DEMO_PATH_BYTES, "%s/%s", KG_BINARY_DIR, name);
    FILE *file = fopen(out, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    free(text);
}

#endif

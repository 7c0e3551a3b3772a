/* SPDX-License-Identifier: EUPL-1.2 */
/* Replays inputs of a fuzz target without libFuzzer: every file of the folders given. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void give_up(const char *path)
{
    perror(path);
    exit(1);
}

/* From memory of exactly the file's size, so that a sanitizer sees reading beyond its end. */
static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        give_up(path);
    long size = ftell(file);
    if (size < 0)
        give_up(path);
    rewind(file);
    uint8_t *data = kg_realloc(NULL, (size_t)size, 1);
    if (fread(data, 1, (size_t)size, file) != (size_t)size)
        give_up(path);
    fclose(file);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_input, alphasort);
    if (count < 0)
        give_up(folder);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        replay(path);
        free(entries[i]);
    }
    free(entries);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += replay_folder(argv[i]);
    fprintf(stderr, "%d inputs\n", count);
    return count > 0 ? 0 : 1;
}

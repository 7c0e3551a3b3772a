/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/contexts.h"
#include "client/cli/tell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/settings_file.h"

#define FILE_NAME "/kopgroep/contexts.conf"

enum { CURRENT, CURRENT_KEYS };
enum { BROKER, IDENTITY, KEYS };

static const kg_key context_keys[KEYS + 1] = {
    [BROKER] = {"broker", false},
    [IDENTITY] = {"identity", false},
};
static const kg_key outer_keys[CURRENT_KEYS + 1] = {[CURRENT] = {"current", false}};
static const kg_section_kind kinds[] = {
    {"context", context_keys}, {NULL, outer_keys}, {NULL, NULL}};

/* Owned; NULL when the user has no home. */
static char *file_path(void)
{
    char path[4096];
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && config[0] == '/')
        kg_text_format(path, sizeof path, "%s" FILE_NAME, config);
    else if (home && home[0] == '/')
        kg_text_format(path, sizeof path, "%s/.config" FILE_NAME, home);
    else
        return NULL;
    return kg_strdup(path);
}

/* ---- values ---- */

static void free_context(cli_named_context *context)
{
    free(context->name);
    free(context->broker);
    free(context->identity);
}

void cli_contexts_fini(cli_contexts *contexts)
{
    for (size_t i = 0; i < contexts->count; i++)
        free_context(&contexts->items[i]);
    free(contexts->items);
    free(contexts->current);
    free(contexts->path);
    *contexts = (cli_contexts){0};
}

static size_t place_of(const cli_contexts *contexts, const char *name)
{
    size_t i = 0;
    while (i < contexts->count && strcmp(contexts->items[i].name, name) != 0)
        i++;
    return i;
}

const cli_named_context *cli_contexts_find(const cli_contexts *contexts, const char *name)
{
    size_t i = place_of(contexts, name);
    return i < contexts->count ? &contexts->items[i] : NULL;
}

static int by_name(const void *a, const void *b)
{
    const cli_named_context *one = a, *other = b;
    return strcmp(one->name, other->name);
}

void cli_contexts_put(cli_contexts *contexts, const char *name, const char *broker,
                      const char *identity)
{
    cli_named_context made = {kg_strdup(name), kg_strdup(broker), kg_strdup(identity)};
    cli_contexts_remove(contexts, name);
    contexts->items = kg_realloc(contexts->items, contexts->count + 1, sizeof *contexts->items);
    contexts->items[contexts->count++] = made;
    qsort(contexts->items, contexts->count, sizeof *contexts->items, by_name);
}

bool cli_contexts_remove(cli_contexts *contexts, const char *name)
{
    size_t i = place_of(contexts, name);
    if (i == contexts->count)
        return false;
    free_context(&contexts->items[i]);
    contexts->count--;
    memmove(&contexts->items[i], &contexts->items[i + 1],
            (contexts->count - i) * sizeof *contexts->items);
    return true;
}

void cli_contexts_use(cli_contexts *contexts, const char *name)
{
    free(contexts->current);
    contexts->current = kg_strdup(name);
}

void cli_contexts_say_unknown(const cli_contexts *contexts, const char *name)
{
    cli_tell("kopgroep: there is no context '%s'.", name);
    for (size_t i = 0; i < contexts->count; i++)
        fprintf(stderr, "%s%s", i > 0 ? ", " : _(" There are: "), contexts->items[i].name);
    fprintf(stderr, "%s\n", contexts->count > 0 ? "." : _(" kopgroep context add makes one."));
}

/* ---- the file ---- */

static void read_section(const kg_section *section, cli_contexts *out, kg_problems *problems)
{
    if (!section->kind->name) {
        cli_contexts_use(out, kg_section_text(section, CURRENT));
        return;
    }
    bool whole = kg_section_id(section, problems);
    whole = kg_section_require(section, BROKER, problems) && whole;
    whole = kg_section_require(section, IDENTITY, problems) && whole;
    if (whole)
        cli_contexts_put(out, section->title, kg_section_text(section, BROKER),
                         kg_section_text(section, IDENTITY));
}

static void read_text(const char *text, cli_contexts *out, kg_problems *problems)
{
    kg_settings settings;
    kg_settings_read(text, kinds, &settings, problems);
    for (size_t i = 0; i < settings.count; i++)
        read_section(&settings.sections[i], out, problems);
    kg_settings_fini(&settings);
}

bool cli_contexts_read(cli_contexts *out)
{
    kg_problems problems;
    *out = (cli_contexts){.path = file_path()};
    if (!out->path || access(out->path, F_OK) != 0)
        return true;
    kg_problems_init(&problems, out->path);
    char *text = kg_settings_load(out->path, &problems);
    if (text)
        read_text(text, out, &problems);
    free(text);
    cli_tell_problems(&problems);
    bool good = problems.count == 0;
    kg_problems_fini(&problems);
    return good;
}

static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        *slash = '/';
        if (made != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_file(const cli_contexts *contexts, const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    if (contexts->current)
        fprintf(file, "current = \"%s\"\n", contexts->current);
    for (size_t i = 0; i < contexts->count; i++)
        fprintf(file, "context \"%s\" {\n  broker = \"%s\"\n  identity = \"%s\"\n}\n",
                contexts->items[i].name, contexts->items[i].broker, contexts->items[i].identity);
    bool written = fflush(file) == 0 && !ferror(file);
    return fclose(file) == 0 && written;
}

bool cli_contexts_write(const cli_contexts *contexts)
{
    char fresh[4200];
    if (!contexts->path) {
        cli_tell("kopgroep: contexts are kept in your home, and HOME is not set.\n");
        return false;
    }
    kg_text_format(fresh, sizeof fresh, "%s.new", contexts->path);
    if (make_folders(contexts->path) && write_file(contexts, fresh) &&
        rename(fresh, contexts->path) == 0)
        return true;
    cli_tell("kopgroep: %s cannot be written: %s.\n", contexts->path,
             kg_said_as("fact", strerror(errno)));
    return false;
}

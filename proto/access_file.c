/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/access_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/settings_file.h"

enum { DEPLOYMENT, REQUESTS, FEEDS, KEY, SIGN, KEYS };

static const kg_key keys[KEYS + 1] = {
    [DEPLOYMENT] = {"deployment", false},
    [REQUESTS] = {"requests", false},
    [FEEDS] = {"feeds", false},
    [KEY] = {"key", false},
    [SIGN] = {"sign", false},
};

static const kg_section_kind kinds[] = {{NULL, keys}, {NULL, NULL}};

static void read_text(const kg_section *section, int key, char *out, size_t size,
                      kg_problems *problems)
{
    if (kg_section_require(section, key, problems))
        kg_text_format(out, size, "%s", kg_section_text(section, key));
}

static void read_key(const kg_section *section, int key, uint8_t out[32], kg_problems *problems)
{
    if (kg_section_require(section, key, problems) &&
        !kg_hex_parse(kg_section_text(section, key), out, 32))
        kg_section_problem(section, key, kg_section_get(section, key), KG_STATUS_PUBLIC_KEY,
                           problems, "A key of the broker is 64 hexadecimal digits.");
}

static void read_section(const kg_section *section, kg_broker_access *out, kg_problems *problems)
{
    read_text(section, REQUESTS, out->requests, sizeof out->requests, problems);
    read_text(section, FEEDS, out->feeds, sizeof out->feeds, problems);
    if (kg_section_require(section, DEPLOYMENT, problems) &&
        !kg_hex_parse(kg_section_text(section, DEPLOYMENT), out->deployment,
                      sizeof out->deployment))
        kg_section_problem(section, DEPLOYMENT, kg_section_get(section, DEPLOYMENT),
                           KG_STATUS_INVALID, problems, "A deployment is 32 hexadecimal digits.");
    read_key(section, KEY, out->key, problems);
    read_key(section, SIGN, out->sign, problems);
}

bool kg_broker_access_read(const char *path, kg_broker_access *out, kg_problems *problems)
{
    size_t before = problems->count;
    kg_settings settings;
    *out = (kg_broker_access){0};
    char *text = kg_settings_load(path, problems);
    if (!text)
        return false;
    if (kg_settings_read(text, kinds, &settings, problems) && settings.count > 0)
        read_section(&settings.sections[settings.count - 1], out, problems);
    kg_settings_fini(&settings);
    free(text);
    return problems->count == before;
}

static bool write_settings(FILE *file, const kg_broker_access *access)
{
    char deployment[2 * sizeof access->deployment + 1], key[2 * sizeof access->key + 1];
    char sign[2 * sizeof access->sign + 1];
    kg_hex_write(access->deployment, sizeof access->deployment, deployment);
    kg_hex_write(access->key, sizeof access->key, key);
    kg_hex_write(access->sign, sizeof access->sign, sign);
    fprintf(file,
            "# How to reach this Kopgroep broker. Holds no secret: give it to every client.\n"
            "deployment = \"%s\"\nrequests = \"%s\"\nfeeds = \"%s\"\nkey = \"%s\"\n"
            "sign = \"%s\"\n",
            deployment, access->requests, access->feeds, key, sign);
    return fflush(file) == 0 && fsync(fileno(file)) == 0;
}

static bool says_already(const char *path, const kg_broker_access *access)
{
    kg_broker_access there;
    kg_problems problems;
    kg_problems_init(&problems, path);
    bool same = kg_broker_access_read(path, &there, &problems) &&
                memcmp(there.deployment, access->deployment, sizeof there.deployment) == 0 &&
                memcmp(there.key, access->key, sizeof there.key) == 0 &&
                memcmp(there.sign, access->sign, sizeof there.sign) == 0 &&
                strcmp(there.requests, access->requests) == 0 &&
                strcmp(there.feeds, access->feeds) == 0;
    kg_problems_fini(&problems);
    return same;
}

bool kg_broker_access_write(const char *path, const kg_broker_access *access)
{
    if (says_already(path, access))
        return true;
    char fresh[4096];
    kg_text_format(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "we");
    if (!file)
        return false;
    bool written = write_settings(file, access);
    written = fclose(file) == 0 && written;
    return written && rename(fresh, path) == 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/found.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/clock.h"
#include "broker/config.h"
#include "broker/replay.h"
#include "broker/settings.h"
#include "broker/store.h"
#include "proto/access_file.h"
#include "proto/catalogue_file.h"
#include "proto/codec.h"
#include "proto/identity.h"
#include "proto/settings_file.h"

static bool complain(const char *what, const char *path, const char *why)
{
    fprintf(stderr, "kopgroepd init: %s %s: %s\n", what, path, why);
    return false;
}

static char *place(const kg_founding *founding, const char *name)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s/%s", founding->folder, name);
    return out.bytes;
}

static bool is_empty(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;
    if (!entries)
        return false;
    while (readdir(entries))
        count++;
    closedir(entries);
    return count <= 2;
}

/* Nothing is there that would be overwritten. */
static bool is_fresh(const kg_founding *founding)
{
    static const char *const names[] = {"broker.key", "broker.access", "administrator.key",
                                        "journal"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = place(founding, names[i]);
        bool there = access(path, F_OK) == 0;
        free(path);
        if (there)
            return false;
    }
    return true;
}

/* What a journal elsewhere needs may be in the folder before: a file with a password. */
static bool make_folders(const kg_founding *founding)
{
    char *journal = place(founding, "journal");
    bool before = founding->configured && founding->journal;
    bool made = mkdir(founding->folder, 0700) == 0 ||
                (errno == EEXIST && (before ? is_fresh(founding) : is_empty(founding->folder)));
    if (!made)
        complain("cannot use the folder", founding->folder,
                 errno == EEXIST ? "it is not empty; name a new one" : strerror(errno));
    else if (mkdir(journal, 0700) != 0)
        made = complain("cannot make", journal, strerror(errno));
    free(journal);
    return made;
}

static bool write_file(const kg_founding *founding, const char *name, const char *text)
{
    char *path = place(founding, name);
    FILE *file = fopen(path, "wxe");
    bool good = file && fputs(text, file) >= 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (file)
        good = fclose(file) == 0 && good;
    if (!good)
        complain("cannot write", path, strerror(errno));
    free(path);
    return good;
}

static bool write_config(const kg_founding *founding)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text,
                     "# Settings of this broker. kopgroepd check-config FILE checks them.\n"
                     "folder = \".\"\n"
                     "catalogue = \"catalogue.conf\"\n"
                     "listen_requests = \"%s\"\n"
                     "listen_feeds = \"%s\"\n",
                     founding->requests, founding->feeds);
    if (founding->public_host)
        kg_buffer_format(&text, "public_host = \"%s\"\n", founding->public_host);
    if (founding->journal)
        kg_buffer_format(&text, "journal = \"%s\"\n", founding->journal);
    if (founding->journal && founding->alone)
        kg_buffer_format(&text, "journal_standby = \"none\"\n");
    bool good = write_file(founding, "broker.conf", text.bytes);
    kg_buffer_fini(&text);
    return good;
}

static bool write_identity(const kg_founding *founding, const char *name,
                           const char *organisation, kg_public_key *key)
{
    char *path = place(founding, name);
    kg_identity *identity = kg_identity_generate(organisation);
    bool good = kg_identity_write(identity, path, NULL);
    if (!good)
        complain("cannot write", path, kg_identity_error());
    kg_identity_public(identity, key);
    kg_identity_destroy(&identity);
    free(path);
    return good;
}

static bool write_access(const kg_founding *founding, const kg_public_key *broker,
                         const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    kg_broker_access access = {0};
    char *path = place(founding, "broker.access");
    memcpy(access.deployment, deployment, sizeof access.deployment);
    memcpy(access.key, broker->transport, sizeof access.key);
    memcpy(access.sign, broker->sign, sizeof access.sign);
    kg_endpoint_public(founding->requests, founding->public_host, access.requests);
    kg_endpoint_public(founding->feeds, founding->public_host, access.feeds);
    bool good = kg_broker_access_write(path, &access) || complain("cannot write", path,
                                                                  strerror(errno));
    free(path);
    return good;
}

static kg_event *first_administrator(const kg_founding *founding, const kg_public_key *key)
{
    kg_event *event = kg_event_new(KG_KIND_REGISTER);
    kg_organisation *record = &event->command.record;
    kg_text_format(record->id, sizeof record->id, "%s", founding->administrator);
    free(record->name);
    record->name = kg_strdup("First administrator");
    record->languages = 1u << KG_LANGUAGE_EN;
    event->command.key = *key;
    event->command.key.roles = KG_ROLE_ADMINISTRATOR;
    event->command.has_key = true;
    return event;
}

static kg_event *first_catalogue(const char *text)
{
    kg_event *event = kg_event_new(KG_KIND_CATALOGUE);
    event->command.catalogue = kg_arena_text(&event->command.arena, text, strlen(text));
    return event;
}

static void note_result(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    *(kg_append_result *)context = result;
}

/* Takes the event. */
static bool append(kg_store *store, kg_event *event)
{
    kg_moment now = kg_clock_now();
    kg_buffer bytes;
    kg_append_result result = KG_APPEND_FAILED;
    kg_effects effects;
    char error[300];
    kg_journal_record record = {.sequence = kg_journal_head(store->journal) + 1,
                                .time_ms = now.time_ms};
    kg_buffer_init(&bytes);
    kg_effects_init(&effects);
    event->time_ms = now.time_ms;
    event->today = now.today;
    event->sequence = record.sequence;
    kg_random(record.salt, sizeof record.salt);
    kg_codec_event_encode(event, kg_state_catalogue(store->state), &bytes);
    record.event = (const uint8_t *)bytes.bytes;
    record.event_bytes = bytes.count;
    if (kg_replay_complete_event(event, error)) {
        kg_state_apply(store->state, event, &effects);
        kg_journal_append(store->journal, kg_journal_epoch(store->journal),
                          record.sequence - 1, &record, 1, false, note_result, &result);
        kg_journal_reap(store->journal, true);
    }
    kg_effects_fini(&effects);
    kg_buffer_fini(&bytes);
    kg_event_destroy(&event);
    return result == KG_APPEND_OK;
}

static bool write_journal(const kg_founding *founding, const char *catalogue,
                          const kg_public_key *administrator,
                          const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES])
{
    kg_store store;
    char error[300] = "";
    char *folder = founding->journal ? kg_strdup(founding->journal) : place(founding, "journal");
    const kg_journal_options options = {.alone = founding->alone};
    bool good = kg_journal_create(folder, deployment);
    if (!good)
        complain("cannot make a journal in", folder, kg_journal_error());
    else if (!kg_store_open(&store, folder, &options, error))
        good = complain("cannot open the journal in", folder, error);
    else {
        good = append(&store, first_catalogue(catalogue)) &&
               append(&store, first_administrator(founding, administrator));
        if (!good)
            complain("cannot write the journal in", folder, kg_journal_error());
        kg_store_close(&store);
    }
    free(folder);
    return good;
}

static char *load_catalogue(const char *path)
{
    kg_problems problems;
    kg_problems_init(&problems, path);
    char *text = kg_settings_load(path, &problems);
    kg_catalogue *catalogue = text ? kg_catalogue_read_text(text, path, &problems) : NULL;
    kg_problems_print(&problems, stderr);
    kg_problems_fini(&problems);
    if (!catalogue) {
        free(text);
        return NULL;
    }
    kg_catalogue_destroy(&catalogue);
    return text;
}

bool kg_found(const kg_founding *founding)
{
    kg_public_key broker, administrator;
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    char *catalogue = load_catalogue(founding->catalogue);
    if (!catalogue)
        return false;
    kg_random(deployment, sizeof deployment);
    bool good = make_folders(founding) &&
                (founding->configured || (write_file(founding, "catalogue.conf", catalogue) &&
                                          write_config(founding))) &&
                write_identity(founding, "broker.key", "broker", &broker) &&
                write_identity(founding, "administrator.key", founding->administrator,
                               &administrator) &&
                write_access(founding, &broker, deployment) &&
                write_journal(founding, catalogue, &administrator, deployment);
    free(catalogue);
    return good;
}

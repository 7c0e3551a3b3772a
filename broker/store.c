/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/store.h"

#include <stdlib.h>

#include "broker/query/disclosure_pool.h"
#include "proto/catalogue_file.h"
#include "proto/codec.h"
#include "proto/identity.h"

typedef struct kg_replay {
    kg_store *store;
    kg_effects effects;
    char *error; /* 300 bytes */
    bool failed;
} kg_replay;

bool kg_store_complete_event(kg_event *event, char error[static 300])
{
    if (event->command.kind != KG_KIND_CATALOGUE || event->catalogue)
        return true;
    kg_problems problems;
    kg_problems_init(&problems, "catalogue");
    event->catalogue = kg_catalogue_read_text(event->command.catalogue, "catalogue", &problems);
    if (!event->catalogue) {
        char *first = problems.count ? kg_problem_write(&problems.items[0]) : NULL;
        kg_text_format(error, 300, "the journalled catalogue cannot be read: %s",
                       first ? first : "no reason given");
        free(first);
    }
    kg_problems_fini(&problems);
    return event->catalogue != NULL;
}

void kg_store_follow(kg_store *store, const kg_event *event)
{
    if (event->command.kind != KG_KIND_VOLUME_PUBLISH)
        return;
    const kg_publication *by = &event->command.publication;
    const kg_disclosure_rules rules = {by->organisations_min, by->largest_percent,
                                       by->two_percent, by->p_percent};
    kg_version_destroy(&store->published);
    store->published =
        kg_disclosure_pool_next(store->disclosure, store->state, &rules, event->today);
}

/* The chain says that nobody changed a record; that it fits what came before, only this. */
static bool fits(const kg_replay *replay, const kg_event *event)
{
    char why[200];
    if (kg_state_accepts(replay->store->state, event, why))
        return true;
    kg_text_format(replay->error, 300,
                   "record %llu, %s, does not follow from those before it: %s; restore a backup",
                   (unsigned long long)event->sequence, kg_kind_name(event->command.kind), why);
    return false;
}

static bool replay_record(void *context, const kg_journal_record *record)
{
    kg_replay *replay = context;
    char why[200];
    kg_event *event = kg_codec_event_decode(record->event, record->event_bytes,
                                            kg_state_catalogue(replay->store->state), why);
    if (!event) {
        kg_text_format(replay->error, 300, "record %llu: %s",
                       (unsigned long long)record->sequence, why);
        replay->failed = true;
        return false;
    }
    event->sequence = record->sequence;
    replay->failed = !kg_store_complete_event(event, replay->error) || !fits(replay, event);
    if (!replay->failed) {
        kg_state_apply(replay->store->state, event, &replay->effects);
        kg_store_follow(replay->store, event);
        kg_effects_clear(&replay->effects);
        replay->store->last_time_ms = record->time_ms;
    }
    kg_event_destroy(&event);
    return !replay->failed;
}

static bool replay_all(kg_store *store, char error[static 300])
{
    kg_replay replay = {.store = store, .error = error};
    kg_effects_init(&replay.effects);
    bool read = kg_journal_follow(store->journal, 1, true, replay_record, &replay);
    kg_effects_fini(&replay.effects);
    if (!read && !replay.failed)
        kg_text_format(error, 300, "%s", kg_journal_error());
    return read && !replay.failed;
}

bool kg_store_open(kg_store *store, const char *folder, const kg_journal_options *options,
                   char error[static 300])
{
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    *store = (kg_store){.state = kg_state_new(), .disclosure = kg_disclosure_history_new()};
    store->journal = kg_journal_open(folder, options);
    if (!store->journal) {
        kg_text_format(error, 300, "%s", kg_journal_error());
        kg_store_close(store);
        return false;
    }
    kg_journal_deployment(store->journal, deployment);
    kg_hex_write(deployment, sizeof deployment, store->deployment);
    if (replay_all(store, error))
        return true;
    kg_store_close(store);
    return false;
}

void kg_store_close(kg_store *store)
{
    kg_journal_close(&store->journal);
    kg_state_destroy(&store->state);
    kg_disclosure_history_destroy(&store->disclosure);
    kg_version_destroy(&store->published);
}

void kg_store_state_hash(const kg_state *state, char out[static 65])
{
    uint8_t digest[KG_SHA256_BYTES];
    kg_sha256 *hash = kg_sha256_new();
    kg_state_write(state, kg_sha256_sink(hash));
    kg_sha256_end(&hash, digest);
    kg_hex_write(digest, sizeof digest, out);
}

bool kg_store_hash_of(const char *folder, char hash[static 65], char error[static 300])
{
    kg_store store;
    kg_journal_options options = {.read_only = true};
    if (!kg_store_open(&store, folder, &options, error))
        return false;
    kg_store_state_hash(store.state, hash);
    kg_store_close(&store);
    return true;
}

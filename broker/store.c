/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/store.h"

#include "broker/query/disclosure_pool.h"
#include "broker/replay.h"
#include "broker/store_load.h"
#include "proto/identity.h"

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

typedef struct kg_following {
    kg_store *store;
    uint64_t last; /* record that is applied */
    bool ended;    /* it was, and another one comes */
    kg_effects effects;
} kg_following;

/* The chain says that nobody changed a record; that it fits what came before, only this. */
static bool fits(const kg_state *state, const kg_event *event, char error[static 300])
{
    char why[200];
    if (kg_state_accepts(state, event, why))
        return true;
    kg_text_format(error, 300,
                   "record %llu, %s, does not follow from those before it: %s; restore a backup",
                   (unsigned long long)event->sequence, kg_kind_name(event->command.kind), why);
    return false;
}

bool kg_store_take(kg_store *store, kg_event *event, int64_t time_ms, kg_effects *effects,
                   char error[static 300])
{
    if (!fits(store->state, event, error))
        return false;
    kg_state_apply(store->state, event, effects);
    kg_store_follow(store, event);
    store->last_time_ms = time_ms;
    return true;
}

static bool follow(void *context, kg_event *event, int64_t time_ms, char error[static 300])
{
    kg_following *following = context;
    following->ended = event->sequence > following->last;
    if (following->ended)
        return false;
    bool good = kg_store_take(following->store, event, time_ms, &following->effects, error);
    kg_effects_clear(&following->effects);
    return good;
}

static bool replay_between(kg_store *store, uint64_t after, uint64_t last, char error[static 300])
{
    kg_following following = {.store = store, .last = last};
    kg_effects_init(&following.effects);
    bool good = kg_replay_run(store->journal, store->tree, store->chain, after, store->state,
                              follow, &following, error);
    kg_effects_fini(&following.effects);
    return good || following.ended;
}

static bool replay_after(kg_store *store, uint64_t after, char error[static 300])
{
    return replay_between(store, after, UINT64_MAX, error);
}

bool kg_store_catch_up(kg_store *store, char error[static 300])
{
    uint64_t known = kg_journal_tree_size(store->tree);
    return known == kg_journal_head(store->journal) || replay_after(store, known, error);
}

bool kg_store_open_journal(kg_store *store, const char *folder, const kg_journal_options *options,
                           char error[static 300])
{
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    *store = (kg_store){.tree = kg_journal_tree_new(),
                        .state = kg_state_new(),
                        .disclosure = kg_disclosure_history_new()};
    store->journal = kg_journal_open(folder, options);
    if (!store->journal) {
        kg_text_format(error, 300, "%s", kg_journal_error());
        kg_store_close(store);
        return false;
    }
    kg_journal_deployment(store->journal, deployment);
    kg_hex_write(deployment, sizeof deployment, store->deployment);
    return true;
}

static bool finish(kg_store *store, char error[static 300])
{
    if (replay_after(store, store->checkpoint, error))
        return true;
    kg_store_close(store);
    return false;
}

bool kg_store_open(kg_store *store, const char *folder, const kg_journal_options *options,
                   char error[static 300])
{
    return kg_store_open_journal(store, folder, options, error) && finish(store, error);
}

bool kg_store_replay(kg_store *store, const char *folder, char note[static 200],
                     char error[static 300])
{
    if (kg_store_load(store, folder, note, error))
        return finish(store, error);
    kg_store_close(store);
    return false;
}

bool kg_store_open_from_checkpoint(kg_store *store, const char *folder,
                                   const kg_journal_options *options, char note[static 200],
                                   char error[static 300])
{
    return kg_store_open_journal(store, folder, options, error) &&
           kg_store_replay(store, folder, note, error);
}

void kg_store_close(kg_store *store)
{
    kg_journal_close(&store->journal);
    kg_journal_tree_destroy(&store->tree);
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

bool kg_store_hash_of(const char *folder, uint64_t records, char hash[static 65],
                      char error[static 300])
{
    kg_store store;
    kg_journal_options options = {.read_only = true};
    if (!kg_store_open_journal(&store, folder, &options, error))
        return false;
    bool good = replay_between(&store, 0, records, error);
    if (good)
        kg_store_state_hash(store.state, hash);
    kg_store_close(&store);
    return good;
}

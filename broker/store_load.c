/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/store_load.h"

#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_file.h"

static char *checkpoint_path(const char *folder)
{
    kg_buffer path;
    kg_buffer_init(&path);
    kg_buffer_format(&path, "%s/checkpoint", folder);
    return path.bytes;
}

/* All but the catalogue, which is read from its text. */
static void archive_store(const kg_archive *archive, kg_store *store, kg_catalogue **catalogue,
                          const char *catalogue_text)
{
    kg_journal_tree_archive(store->tree, archive);
    kg_state_archive(archive, store->state, catalogue, catalogue_text);
    kg_disclosure_history_archive(store->disclosure, archive);
    store->published = kg_version_archive(store->published, archive);
}

/* --- reading --- */

static bool take_chain(void *context, const kg_journal_record *record)
{
    kg_checkpoint_point *found = context;
    found->sequence = record->sequence;
    memcpy(found->chain, record->chain, sizeof found->chain);
    return false;
}

/* Is the record that it was taken at the one of this journal? */
static bool stands(kg_store *store, const kg_checkpoint_point *point, char note[static 200])
{
    kg_checkpoint_point found = {0};
    kg_journal_deployment(store->journal, found.deployment);
    if (kg_journal_follow(store->journal, point->sequence, false, take_chain, &found) &&
        memcmp(found.deployment, point->deployment, sizeof found.deployment) == 0 &&
        found.sequence == point->sequence &&
        memcmp(found.chain, point->chain, sizeof found.chain) == 0)
        return true;
    kg_text_format(note, 200, "it is of another history");
    return false;
}

/* A catalogue that cannot be read any more: another version of the program made the checkpoint, and
 * then this is not reached. */
static bool read_catalogue(const char *text, kg_catalogue **out, char note[static 200])
{
    kg_problems problems;
    kg_problems_init(&problems, "catalogue");
    *out = text ? kg_catalogue_read_text(text, "catalogue", &problems) : NULL;
    kg_problems_fini(&problems);
    if (text && !*out)
        kg_text_format(note, 200, "its catalogue cannot be read");
    return !text || *out;
}

static void read_store(kg_store *store, kg_checkpoint *checkpoint, const kg_checkpoint_point *point,
                       char note[static 200])
{
    kg_catalogue *catalogue;
    const kg_archive *archive = kg_checkpoint_archive(checkpoint);
    char *text = kg_archive_text(archive, NULL);
    if (read_catalogue(text, &catalogue, note)) {
        archive_store(archive, store, &catalogue, text);
        store->checkpoint = point->sequence;
        store->last_time_ms = point->time_ms;
    }
    free(text);
}

bool kg_store_load(kg_store *store, const char *folder, char note[static 200],
                   char error[static 300])
{
    kg_checkpoint_point point;
    char *path = checkpoint_path(folder), why[200];
    kg_checkpoint *checkpoint = kg_checkpoint_open(path, &point, note);
    if (checkpoint && stands(store, &point, note))
        read_store(store, checkpoint, &point, note);
    bool whole = !checkpoint || kg_checkpoint_close(&checkpoint, why) || store->checkpoint == 0;
    if (!whole)
        kg_text_format(error, 300,
                       "%s: %s, which is the broker's own fault: report it, and remove "
                       "the file",
                       path, why);
    free(path);
    return whole;
}

/* --- writing --- */

static void write_store(kg_store *store, kg_checkpoint *checkpoint)
{
    kg_catalogue *none = NULL;
    const char *text = kg_state_catalogue_text(store->state);
    const kg_archive *archive = kg_checkpoint_archive(checkpoint);
    kg_archive_text(archive, text);
    archive_store(archive, store, &none, text);
}

bool kg_store_write_checkpoint(kg_store *store, const char *folder, char why[static 200])
{
    kg_checkpoint_point point = {.sequence = kg_journal_durable(store->journal),
                                 .time_ms = store->last_time_ms};
    kg_journal_deployment(store->journal, point.deployment);
    kg_journal_chain(store->journal, point.chain);
    char *path = checkpoint_path(folder);
    kg_checkpoint *checkpoint = point.sequence > 0 ? kg_checkpoint_create(path, &point, why) : NULL;
    if (point.sequence == 0)
        kg_text_format(why, 200, "the journal is empty");
    if (checkpoint)
        write_store(store, checkpoint);
    free(path);
    return checkpoint && kg_checkpoint_close(&checkpoint, why);
}

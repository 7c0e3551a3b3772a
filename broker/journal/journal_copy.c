/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_copy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_record.h"
#include "proto/memory.h"

#define BATCH_RECORDS 1024
#define BATCH_BYTES (8u << 20) /* but for one larger record */

typedef struct copying {
    kg_journal *to;
    uint64_t at;                   /* what `to` had at first */
    uint8_t chain[KG_CHAIN_BYTES]; /* of the last record read */
    kg_journal_record *records;    /* owned; their bytes are the arena's */
    size_t count, bytes;
    kg_arena arena;
    bool good;
    void (*copied)(void *context, uint64_t sequence);
    void *context;
} copying;

static void note_result(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    *(kg_append_result *)context = result;
}

static bool put(copying *it)
{
    kg_append_result result = KG_APPEND_OK;

    if (it->count == 0)
        return true;
    kg_journal_append(it->to, kg_journal_epoch(it->to), kg_journal_head(it->to), it->records,
                      it->count, 0, note_result, &result);
    while (kg_journal_reap(it->to, true) == 0)
        continue;
    kg_arena_fini(&it->arena);
    kg_arena_init(&it->arena);
    it->count = it->bytes = 0;
    if (result == KG_APPEND_OK && it->copied)
        it->copied(it->context, kg_journal_durable(it->to));
    return result == KG_APPEND_OK;
}

static const uint8_t *keep(copying *it, const uint8_t *bytes, size_t count)
{
    it->bytes += count;
    return (const uint8_t *)kg_arena_text(&it->arena, (const char *)bytes, count);
}

static bool is_the_same(const copying *it, const kg_journal_record *record)
{
    uint8_t chain[KG_CHAIN_BYTES];

    kg_journal_chain(it->to, chain);
    return memcmp(chain, record->chain, KG_CHAIN_BYTES) == 0 ||
           kg_journal_fail("record %" PRIu64 " differs: what is there is of another history; copy "
                           "to an empty place, and compare both (kopgroepd journal dump)",
                           record->sequence);
}

static bool copy_record(void *context, const kg_journal_record *record)
{
    copying *it = context;
    kg_journal_record *copy = &it->records[it->count];

    memcpy(it->chain, record->chain, KG_CHAIN_BYTES);
    if (record->sequence <= it->at)
        return it->good = record->sequence < it->at || is_the_same(it, record);
    *copy = *record;
    copy->command = keep(it, record->command, record->command_bytes);
    copy->event = keep(it, record->event, record->event_bytes);
    it->count++;
    if (it->count == BATCH_RECORDS || it->bytes >= BATCH_BYTES)
        it->good = put(it);
    return it->good;
}

static bool fits(kg_journal *from, kg_journal *to)
{
    uint8_t one[KG_DEPLOYMENT_ID_BYTES], other[KG_DEPLOYMENT_ID_BYTES];

    kg_journal_deployment(from, one);
    kg_journal_deployment(to, other);
    if (memcmp(one, other, sizeof(one)) != 0)
        return kg_journal_fail("there is a journal of another deployment already");
    return kg_journal_head(to) <= kg_journal_head(from) ||
           kg_journal_fail("what is there has more records (%" PRIu64 ") than what is to be copied "
                           "(%" PRIu64 "): it went on by itself",
                           kg_journal_head(to), kg_journal_head(from));
}

bool kg_journal_copy(kg_journal *from, kg_journal *to,
                     void (*copied)(void *context, uint64_t sequence), void *context)
{
    copying it = {.to = to,
                  .at = kg_journal_head(to),
                  .good = true,
                  .records = kg_alloc(BATCH_RECORDS, sizeof(*it.records)),
                  .copied = copied,
                  .context = context};
    uint8_t chain[KG_CHAIN_BYTES];
    bool good;

    kg_arena_init(&it.arena);
    good = fits(from, to) &&
           kg_journal_follow(from, it.at > 0 ? it.at : 1, true, copy_record, &it) && it.good &&
           put(&it);
    kg_journal_chain(to, chain);
    if (good && memcmp(chain, it.chain, KG_CHAIN_BYTES) != 0)
        good = kg_journal_fail("the copy has another chain value than what was copied, which is "
                               "the broker's own fault: report it");
    kg_arena_fini(&it.arena);
    free(it.records);
    return good;
}

static bool fill(kg_journal *from, const char *folder)
{
    const kg_journal_options options = {0};
    kg_journal *to = kg_journal_open(folder, &options);
    bool good =
        to && kg_journal_copy(from, to, NULL, NULL) && kg_journal_follow(to, 1, true, NULL, NULL);

    return kg_journal_close(&to) && good;
}

static void clear(const char *folder)
{
    static const char *const names[] = {"data.mdb", "lock.mdb",     "log.0",
                                        "log.1",    "journal.lock", "journal.head"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = kg_folder_path(folder, names[i]);

        unlink(path);
        free(path);
    }
}

bool kg_journal_copy_to_folder(kg_journal *from, const char *folder)
{
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    bool good;

    if (!kg_folder_usable(folder) || !kg_folder_empty(folder))
        return false;
    kg_journal_deployment(from, deployment);
    good = kg_journal_create(folder, deployment) && fill(from, folder);
    if (!good)
        clear(folder);
    return good;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_walk.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_record.h"

#define VIEW_MS_MAX 100
#define MEND "restore a backup (kopgroepd journal restore)"

typedef struct stored {
    const uint8_t *bytes;
    size_t count;
    kg_journal_record record; /* borrows from bytes */
} stored;

/* Where a walk is. */
struct place {
    uint64_t next, last;
    bool to_end;                   /* `last` is the head */
    uint64_t keys, keys_seen;      /* requests in the index; in the records read */
    uint8_t chain[KG_CHAIN_BYTES]; /* of the record before `next` */
    bool stopped;
    kg_sha256 *hash; /* owned; where it verifies */
};

static bool read_record(kg_tables_view *view, const char *folder, uint64_t sequence, stored *out)
{
    kg_tables_result result = kg_tables_view_record(view, sequence, &out->bytes, &out->count);

    if (result == KG_TABLES_NONE)
        return kg_journal_fail("record %" PRIu64 " is missing in %s; " MEND, sequence, folder);
    if (result != KG_TABLES_OK)
        return kg_journal_fail("record %" PRIu64 ": %s", sequence, kg_journal_error());
    return kg_record_decode(out->bytes, out->count, sequence, &out->record) ||
           kg_journal_fail("%s, in %s; " MEND, kg_journal_error(), folder);
}

static bool read_head(kg_tables_view *view, const char *folder, uint64_t count, stored *out)
{
    uint64_t last = 0;

    if (kg_tables_view_last(view, &last) == KG_TABLES_FAILED)
        return false;
    if (last != count)
        return kg_journal_fail("%" PRIu64 " records are stored in %s, but the last one is number "
                               "%" PRIu64 "; " MEND,
                               count, folder, last);
    memset(out, 0, sizeof(*out));
    return count == 0 || read_record(view, folder, count, out);
}

bool kg_walk_head(kg_tables_view *view, const char *folder, uint64_t *sequence,
                  uint8_t chain[KG_CHAIN_BYTES])
{
    uint64_t records, requests;
    stored head;

    if (!kg_tables_view_counts(view, &records, &requests) ||
        !read_head(view, folder, records, &head))
        return false;
    *sequence = head.record.sequence;
    memcpy(chain, head.record.chain, KG_CHAIN_BYTES);
    return true;
}

static bool found_by_key(kg_tables_view *view, const kg_journal_record *record)
{
    uint64_t sequence = 0;

    return kg_tables_view_find(view, record->request_key, &sequence) == KG_TABLES_OK &&
           sequence == record->sequence;
}

static bool verify(const kg_walk *walk, struct place *place, kg_tables_view *view, const stored *it)
{
    if (!kg_record_chained(place->hash, &it->record, place->chain))
        return kg_journal_fail("record %" PRIu64 " is damaged, in %s: its chain value does not "
                               "follow; " MEND,
                               it->record.sequence, walk->folder);
    if (!kg_record_has_request(&it->record))
        return true;
    place->keys_seen++;
    return found_by_key(view, &it->record) ||
           kg_journal_fail("record %" PRIu64 " is not found by its request key, in %s: the index "
                           "is damaged; " MEND,
                           it->record.sequence, walk->folder);
}

static bool step(const kg_walk *walk, struct place *place, kg_tables_view *view)
{
    stored it;

    if (!read_record(view, walk->folder, place->next, &it))
        return false;
    if (walk->verify && !verify(walk, place, view, &it))
        return false;
    memcpy(place->chain, it.record.chain, KG_CHAIN_BYTES);
    place->next++;
    place->stopped = walk->each && !walk->each(walk->context, &it.record);
    return true;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* As far as one view may last. */
static bool stretch(const kg_walk *walk, struct place *place)
{
    const int64_t until = now_ms() + VIEW_MS_MAX;
    kg_tables_view *view = kg_tables_view_begin(walk->tables);
    bool good = view && step(walk, place, view);

    while (good && !place->stopped && place->next <= place->last && now_ms() < until)
        good = step(walk, place, view);
    kg_tables_view_end(&view);
    return good;
}

/* Where to begin and end; the chain value before the beginning is taken as stored. */
static bool aim(const kg_walk *walk, struct place *place, kg_tables_view *view)
{
    uint64_t records;
    stored it;

    if (!kg_tables_view_counts(view, &records, &place->keys) ||
        !read_head(view, walk->folder, records, &it))
        return false;
    place->next = walk->from > 0 ? walk->from : 1;
    place->to_end = walk->to == 0 || walk->to >= records;
    place->last = place->to_end ? records : walk->to;
    if (place->next == 1 || place->next > place->last)
        return true;
    if (!read_record(view, walk->folder, place->next - 1, &it))
        return false;
    memcpy(place->chain, it.record.chain, KG_CHAIN_BYTES);
    return true;
}

/* After all records were verified: no key in the index may lead elsewhere. */
static bool index_complete(const kg_walk *walk, const struct place *place)
{
    const bool all = walk->verify && !place->stopped && walk->from <= 1 && place->to_end;

    return !all || place->keys == place->keys_seen ||
           kg_journal_fail("the index of requests in %s is damaged: %" PRIu64 " keys for %" PRIu64
                           " requests; " MEND,
                           walk->folder, place->keys, place->keys_seen);
}

bool kg_walk_run(const kg_walk *walk)
{
    kg_tables_view *view = kg_tables_view_begin(walk->tables);
    struct place place = {.hash = kg_sha256_new()};
    bool good = view && aim(walk, &place, view);

    kg_tables_view_end(&view);
    while (good && !place.stopped && place.next <= place.last)
        good = stretch(walk, &place);
    kg_sha256_destroy(&place.hash);
    return good && index_complete(walk, &place);
}

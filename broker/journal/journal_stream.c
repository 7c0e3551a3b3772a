/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_stream.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_record.h"
#include "proto/descriptor.h"
#include "proto/memory.h"

#define NAME "kopgroep journal"
#define NAME_BYTES (sizeof(NAME) - 1)
#define HEAD_BYTES (NAME_BYTES + KG_DEPLOYMENT_ID_BYTES)
#define LIFE "kopgroep is alive" /* no record begins like this */
#define LIFE_BYTES (sizeof(LIFE) - 1)
#define LOOK_MS 200 /* how often for new records */
#define LIFE_LOOKS 50
#define BATCH_RECORDS 256
#define READ_BYTES (1u << 20)

/* ---- writing ---- */

typedef struct writing {
    int descriptor;
    kg_point last; /* what the next record follows */
    uint64_t from;
    kg_sha256 *hash; /* owned */
    uint8_t *bytes;  /* owned */
    size_t capacity;
    bool good;
} writing;

static bool put(int descriptor, const uint8_t *bytes, size_t count)
{
    return kg_descriptor_write(descriptor, bytes, count) ||
           kg_journal_fail("the stream cannot be written: %s", strerror(errno));
}

static bool put_record(void *context, const kg_journal_record *record)
{
    writing *it = context;
    kg_journal_record again = *record;
    const size_t count = kg_record_size(record);

    if (record->sequence >= it->from) {
        if (count > it->capacity) {
            it->capacity = count;
            it->bytes = kg_realloc(it->bytes, count, 1);
        }
        kg_record_encode(it->hash, &again, it->last.chain, it->bytes);
        it->good = memcmp(again.chain, record->chain, KG_CHAIN_BYTES) == 0
                       ? put(it->descriptor, it->bytes, count)
                       : kg_journal_fail("record %" PRIu64 " is damaged: its chain value does not "
                                         "follow; restore a backup (kopgroepd journal restore)",
                                         record->sequence);
    }
    it->last.sequence = record->sequence;
    memcpy(it->last.chain, record->chain, KG_CHAIN_BYTES);
    return it->good;
}

static bool put_head(const kg_journal *journal, int descriptor)
{
    uint8_t head[HEAD_BYTES];

    memcpy(head, NAME, NAME_BYTES);
    kg_journal_deployment(journal, head + NAME_BYTES);
    return put(descriptor, head, sizeof(head));
}

/* With the one before, whose chain value the next one follows. */
static bool put_new(writing *it, kg_journal *journal)
{
    uint64_t next = it->last.sequence > 0 ? it->last.sequence + 1 : it->from - (it->from > 1);

    return kg_journal_follow(journal, next, false, put_record, it) && it->good;
}

/* Nobody tells another process of a new record: it looks. */
static bool put_what_comes(writing *it, kg_journal *journal)
{
    bool good = true;

    for (unsigned looks = 1; good; looks++) {
        uint64_t before = it->last.sequence;

        poll(NULL, 0, LOOK_MS);
        good = put_new(it, journal);
        if (it->last.sequence != before)
            looks = 0;
        else if (good && looks % LIFE_LOOKS == 0)
            good = put(it->descriptor, (const uint8_t *)LIFE, LIFE_BYTES);
    }
    return good;
}

bool kg_journal_stream_write(kg_journal *journal, uint64_t from, bool once, int descriptor)
{
    writing it = {.descriptor = descriptor, .from = from, .good = true, .hash = kg_sha256_new()};
    bool good = put_head(journal, descriptor) && put_new(&it, journal) &&
                (once || put_what_comes(&it, journal));

    kg_sha256_destroy(&it.hash);
    free(it.bytes);
    return good;
}

/* ---- reading ---- */

typedef struct reading {
    int descriptor;
    const char *folder;
    kg_journal *journal; /* owned; NULL before the stream's head was read */
    kg_point last;       /* the copy's */
    kg_sha256 *hash;     /* owned */
    uint8_t *bytes;      /* owned; what was read and not taken */
    size_t count, capacity;
    bool ended;
    kg_stream_received received;
    void *context;
} reading;

static bool read_more(reading *it)
{
    ssize_t got;

    if (it->count == it->capacity) {
        it->capacity = it->capacity > 0 ? it->capacity * 2 : READ_BYTES;
        it->bytes = kg_realloc(it->bytes, it->capacity, 1);
    }
    got = kg_descriptor_read(it->descriptor, it->bytes + it->count, it->capacity - it->count);
    if (got < 0)
        return kg_journal_fail("the stream cannot be read: %s", strerror(errno));
    it->count += (size_t)got;
    it->ended = got == 0;
    return true;
}

static void drop(reading *it, size_t bytes)
{
    it->count -= bytes;
    memmove(it->bytes, it->bytes + bytes, it->count);
}

static bool is_there(const char *place)
{
    const kg_journal_options options = {.read_only = true};
    kg_journal *journal = kg_journal_open(place, &options);
    const bool there = journal != NULL;

    kg_journal_close(&journal);
    return there;
}

static bool make_journal(const char *folder, const uint8_t *deployment)
{
    if (!kg_journal_is_here(folder))
        return is_there(folder) || kg_journal_create(folder, deployment);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return kg_journal_fail("%s cannot be made: %s", folder, strerror(errno));
    return kg_folder_holds(folder, "data.mdb") || kg_journal_create(folder, deployment);
}

static bool open_copy(reading *it)
{
    const kg_journal_options options = {0};
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];

    while (it->count < HEAD_BYTES && !it->ended)
        if (!read_more(it))
            return false;
    if (it->count < HEAD_BYTES || memcmp(it->bytes, NAME, NAME_BYTES) != 0)
        return kg_journal_fail("this is no stream of a journal (kopgroepd journal follow)");
    if (!make_journal(it->folder, it->bytes + NAME_BYTES))
        return false;
    it->journal = kg_journal_open(it->folder, &options);
    if (!it->journal)
        return false;
    kg_journal_deployment(it->journal, deployment);
    if (memcmp(deployment, it->bytes + NAME_BYTES, sizeof(deployment)) != 0)
        return kg_journal_fail("the stream is of another deployment than the copy in %s",
                               it->folder);
    it->last.sequence = kg_journal_durable(it->journal);
    kg_journal_chain(it->journal, it->last.chain);
    drop(it, HEAD_BYTES);
    return true;
}

static bool other_history(const reading *it, uint64_t sequence)
{
    return kg_journal_fail("record %" PRIu64
                           " of the stream is another than the copy in %s goes on "
                           "with: one of them was restored from an older backup, or forged. Keep "
                           "both, and compare them (kopgroepd journal dump)",
                           sequence, it->folder);
}

/* The next record of what was read; *count 0: it is not all there. */
static bool next_record(reading *it, size_t at, kg_journal_record *record, size_t *count)
{
    const uint8_t *bytes = it->bytes + at;
    const size_t left = it->count - at;

    if (!kg_record_begins(bytes, left))
        return kg_journal_fail("the stream is damaged, after record %" PRIu64 " or one that the "
                               "copy in %s had: follow again",
                               it->last.sequence, it->folder);
    *count = kg_record_length(bytes, left);
    if (*count == 0 || *count > left) {
        *count = 0;
        return true;
    }
    return kg_record_decode(bytes, *count, kg_record_get_u64(bytes + 4), record);
}

/* Is it the one that the copy needs next? One that it has is skipped, the last of those looked at.
 */
static bool fits(reading *it, kg_point *last, const kg_journal_record *record, bool *wanted)
{
    *wanted = record->sequence == last->sequence + 1;
    if (record->sequence < last->sequence)
        return true;
    if (record->sequence == last->sequence)
        return memcmp(record->chain, last->chain, KG_CHAIN_BYTES) == 0 ||
               other_history(it, record->sequence);
    if (!*wanted)
        return kg_journal_fail("the stream goes on with record %" PRIu64
                               ", and the copy in %s ends "
                               "with record %" PRIu64 ": follow from there (--from)",
                               record->sequence, it->folder, last->sequence);
    if (!kg_record_chained(it->hash, record, last->chain))
        return other_history(it, record->sequence);
    last->sequence = record->sequence;
    memcpy(last->chain, record->chain, KG_CHAIN_BYTES);
    return true;
}

typedef struct batch {
    kg_journal_record records[BATCH_RECORDS];
    size_t count;
    size_t bytes; /* of the stream */
    kg_point last;
} batch;

/* Does a mark of life stand here? `partly`: perhaps, when more has come. */
static bool is_life(const uint8_t *bytes, size_t left, bool *partly)
{
    bool like = memcmp(bytes, LIFE, left < LIFE_BYTES ? left : LIFE_BYTES) == 0;

    *partly = like && left < LIFE_BYTES;
    return like && left >= LIFE_BYTES;
}

static bool gather(reading *it, batch *out)
{
    bool good = true, more = true;

    out->count = out->bytes = 0;
    out->last = it->last;
    while (good && more && out->count < BATCH_RECORDS && out->bytes < it->count) {
        kg_journal_record *record = &out->records[out->count];
        const uint8_t *bytes = it->bytes + out->bytes;
        bool wanted = false, partly;
        size_t count = LIFE_BYTES;

        if (!is_life(bytes, it->count - out->bytes, &partly) && !partly)
            good = next_record(it, out->bytes, record, &count) &&
                   (count == 0 || fits(it, &out->last, record, &wanted));
        more = count > 0 && !partly;
        out->bytes += good && more ? count : 0;
        out->count += good && wanted;
    }
    return good;
}

static void note_result(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    *(kg_append_result *)context = result;
}

/* What is before something wrong is kept. */
static bool take(reading *it, batch *some)
{
    const bool good = gather(it, some);
    char why[512];
    kg_append_result result = KG_APPEND_OK;

    memcpy(why, kg_journal_error(), strnlen(kg_journal_error(), sizeof(why) - 1) + 1);
    if (some->count > 0) {
        kg_journal_append(it->journal, kg_journal_epoch(it->journal), it->last.sequence,
                          some->records, some->count, 0, note_result, &result);
        kg_journal_reap(it->journal, true);
    }
    if (result != KG_APPEND_OK)
        return false;
    it->last.sequence = kg_journal_durable(it->journal);
    kg_journal_chain(it->journal, it->last.chain);
    if (some->count > 0 && it->received)
        it->received(it->context, it->last.sequence);
    drop(it, some->bytes);
    return good || kg_journal_fail("%s", why);
}

static bool read_all(reading *it)
{
    batch *some = kg_alloc(1, sizeof(*some));
    bool good = open_copy(it);

    while (good && !it->ended) {
        do
            good = take(it, some);
        while (good && some->bytes > 0);
        good = good && read_more(it);
    }
    good = good && take(it, some);
    if (good && it->count > 0)
        good = kg_journal_fail("the stream ends within a record; follow again");
    free(some);
    return good;
}

bool kg_journal_stream_read(const char *folder, int descriptor, kg_stream_received received,
                            void *context)
{
    reading it = {.descriptor = descriptor,
                  .folder = folder,
                  .hash = kg_sha256_new(),
                  .received = received,
                  .context = context};
    bool good = read_all(&it);

    good = kg_journal_close(&it.journal) && good;
    kg_sha256_destroy(&it.hash);
    free(it.bytes);
    return good;
}

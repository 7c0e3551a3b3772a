/* SPDX-License-Identifier: EUPL-1.2 */
/* The tables in LMDB, all three in one file.
 *   records   sequence (u64, big-endian, so in order) -> stored record
 *   requests  request key -> sequence (u64)
 *   meta      "facts" -> facts
 * Opened with LMDB's own defaults for durability; MDB_NOSYNC and its kin are never set. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "broker/journal/journal_record.h"
#include "broker/journal/journal_tables.h"
#include "proto/memory.h"

#define DATA_FILE "data.mdb"
#define LOCK_FILE "lock.mdb"
#define NEW_FILE "journal.new"
#define TABLES 3
#define FACTS_KEY "facts"
#define FREE_TABLE 0 /* LMDB's own list of free pages */

struct kg_tables {
    char *folder;
    MDB_env *env;
    MDB_dbi records, requests, meta;
    MDB_txn *finding; /* kg_tables_find()'s, reset between calls */
};

struct kg_tables_view {
    kg_tables *tables;
    MDB_txn *txn;
    MDB_cursor *cursor;
    uint64_t at; /* sequence the cursor stands on, 0 = none */
};

/* What LMDB's codes mean to the administrator. Always false. */
static bool failed(const char *folder, const char *doing, int rc)
{
    const char *mend = "see the system's log for disk errors";

    switch (rc) {
    case MDB_MAP_FULL:
        mend = "give it a larger map in broker.conf";
        break;
    case MDB_MAP_RESIZED:
        mend = "another process made the map larger: open the journal again";
        break;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case MDB_NOTFOUND:
    case MDB_INCOMPATIBLE:
        mend = "it is damaged or no journal: restore a backup (kopgroepd journal restore)";
        break;
    case MDB_KEYEXIST:
        mend = "a record or a request came twice, which is the broker's own fault: report it";
        break;
    case MDB_VERSION_MISMATCH:
        mend = "another version of LMDB wrote it: use that one, or restore a backup";
        break;
    case MDB_READERS_FULL:
        mend = "end some of the programs that read it";
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        mend = "its owner must be the user that runs this";
        break;
    case ENOMEM:
        mend = "its map finds no room in the address space: lift the limit (ulimit -v)";
        break;
    case ENOSPC:
        mend = "free some disk space";
        break;
    }
    return kg_journal_fail("the journal in %s could not be %s: %s; %s", folder, doing,
                           mdb_strerror(rc), mend);
}

static kg_tables_result verdict(const kg_tables *tables, const char *doing, int rc)
{
    if (rc == 0)
        return KG_TABLES_OK;
    if (rc == MDB_NOTFOUND)
        return KG_TABLES_NONE;
    failed(tables->folder, doing, rc);
    return rc == MDB_MAP_FULL ? KG_TABLES_FULL : KG_TABLES_FAILED;
}

const char *kg_journal_backend(void)
{
    return mdb_version(NULL, NULL, NULL);
}

bool kg_tables_present(const char *folder)
{
    return kg_folder_holds(folder, DATA_FILE);
}

static int fill_new(MDB_txn *txn, MDB_val facts)
{
    MDB_val key = {sizeof(FACTS_KEY) - 1, FACTS_KEY};
    MDB_dbi meta, other;
    int rc = mdb_dbi_open(txn, "meta", MDB_CREATE, &meta);

    rc = rc ? rc : mdb_put(txn, meta, &key, &facts, 0);
    rc = rc ? rc : mdb_dbi_open(txn, "records", MDB_CREATE, &other);
    return rc ? rc : mdb_dbi_open(txn, "requests", MDB_CREATE, &other);
}

static int write_new(const char *path, MDB_val facts, size_t map_bytes)
{
    MDB_env *env;
    MDB_txn *txn = NULL;
    int rc = mdb_env_create(&env);

    if (rc)
        return rc;
    rc = mdb_env_set_maxdbs(env, TABLES);
    rc = rc ? rc : mdb_env_set_mapsize(env, map_bytes);
    rc = rc ? rc : mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600);
    rc = rc ? rc : mdb_txn_begin(env, NULL, 0, &txn);
    rc = rc ? rc : fill_new(txn, facts);
    if (rc == 0)
        rc = mdb_txn_commit(txn);
    else if (txn)
        mdb_txn_abort(txn);
    mdb_env_close(env);
    return rc;
}

/* Under another name first, so that it is there whole or not at all. */
bool kg_tables_make(const char *folder, const void *facts, size_t count, size_t map_bytes)
{
    char *path = kg_folder_path(folder, NEW_FILE);
    int rc;

    unlink(path); /* left by one that was cut short */
    rc = write_new(path, (MDB_val){count, (void *)facts}, map_bytes);
    free(path);
    return (rc == 0 || failed(folder, "made", rc)) &&
           kg_folder_publish(folder, NEW_FILE, DATA_FILE);
}

static int open_tables(kg_tables *tables)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(tables->env, NULL, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    rc = mdb_dbi_open(txn, "records", 0, &tables->records);
    rc = rc ? rc : mdb_dbi_open(txn, "requests", 0, &tables->requests);
    rc = rc ? rc : mdb_dbi_open(txn, "meta", 0, &tables->meta);
    if (rc == 0)
        return mdb_txn_commit(txn); /* an abort would close the tables again */
    mdb_txn_abort(txn);
    return rc;
}

kg_tables *kg_tables_open(const char *folder, size_t map_bytes, bool read_only)
{
    kg_tables *tables = kg_alloc(1, sizeof(*tables));
    int dead, rc;

    tables->folder = kg_strdup(folder);
    rc = mdb_env_create(&tables->env);
    rc = rc ? rc : mdb_env_set_maxdbs(tables->env, TABLES);
    if (rc == 0 && map_bytes > 0)
        rc = mdb_env_set_mapsize(tables->env, map_bytes);
    rc =
        rc ? rc : mdb_env_open(tables->env, folder, MDB_NOTLS | (read_only ? MDB_RDONLY : 0), 0600);
    rc = rc ? rc : mdb_reader_check(tables->env, &dead);
    rc = rc ? rc : open_tables(tables);
    rc = rc ? rc : mdb_txn_begin(tables->env, NULL, MDB_RDONLY, &tables->finding);
    if (rc == 0) {
        mdb_txn_reset(tables->finding);
        return tables;
    }
    failed(folder, "opened", rc);
    kg_tables_close(&tables);
    return NULL;
}

void kg_tables_close(kg_tables **store_p)
{
    kg_tables *tables = *store_p;

    if (!tables)
        return;
    if (tables->finding)
        mdb_txn_abort(tables->finding);
    if (tables->env)
        mdb_env_close(tables->env);
    free(tables->folder);
    free(tables);
    *store_p = NULL;
}

bool kg_tables_whole(kg_tables *tables)
{
    mdb_filehandle_t descriptor;
    MDB_envinfo info;
    MDB_stat pages;
    struct stat file;

    return mdb_env_info(tables->env, &info) == 0 && mdb_env_stat(tables->env, &pages) == 0 &&
           mdb_env_get_fd(tables->env, &descriptor) == 0 && fstat(descriptor, &file) == 0 &&
           (uint64_t)file.st_size >= ((uint64_t)info.me_last_pgno + 1) * pages.ms_psize;
}

kg_tables_view *kg_tables_view_begin(kg_tables *tables)
{
    kg_tables_view *view = kg_alloc(1, sizeof(*view));
    int rc = mdb_txn_begin(tables->env, NULL, MDB_RDONLY, &view->txn);

    view->tables = tables;
    rc = rc ? rc : mdb_cursor_open(view->txn, tables->records, &view->cursor);
    if (rc) {
        failed(tables->folder, "read", rc);
        kg_tables_view_end(&view);
    }
    return view;
}

void kg_tables_view_end(kg_tables_view **view_p)
{
    kg_tables_view *view = *view_p;

    if (!view)
        return;
    if (view->cursor)
        mdb_cursor_close(view->cursor);
    if (view->txn)
        mdb_txn_abort(view->txn);
    free(view);
    *view_p = NULL;
}

kg_tables_result kg_tables_view_facts(kg_tables_view *view, const uint8_t **bytes, size_t *count)
{
    MDB_val key = {sizeof(FACTS_KEY) - 1, FACTS_KEY}, value = {0, NULL};
    int rc = mdb_get(view->txn, view->tables->meta, &key, &value);

    *bytes = value.mv_data;
    *count = value.mv_size;
    return verdict(view->tables, "read", rc);
}

bool kg_tables_view_counts(kg_tables_view *view, uint64_t *records, uint64_t *requests)
{
    MDB_stat of_records, of_requests;
    int rc = mdb_stat(view->txn, view->tables->records, &of_records);

    rc = rc ? rc : mdb_stat(view->txn, view->tables->requests, &of_requests);
    if (rc)
        return failed(view->tables->folder, "read", rc);
    *records = of_records.ms_entries;
    *requests = of_requests.ms_entries;
    return true;
}

kg_tables_result kg_tables_view_record(kg_tables_view *view, uint64_t sequence,
                                       const uint8_t **bytes, size_t *count)
{
    const bool next = view->at > 0 && sequence == view->at + 1;
    uint8_t wanted[8];
    MDB_val key = {sizeof(wanted), wanted}, value;
    int rc;

    kg_record_put_u64(wanted, sequence);
    rc = mdb_cursor_get(view->cursor, &key, &value, next ? MDB_NEXT : MDB_SET_KEY);
    view->at = rc == 0 ? sequence : 0;
    if (rc)
        return verdict(view->tables, "read", rc);
    if (key.mv_size != 8 || kg_record_get_u64(key.mv_data) != sequence)
        return KG_TABLES_NONE;
    *bytes = value.mv_data;
    *count = value.mv_size;
    return KG_TABLES_OK;
}

kg_tables_result kg_tables_view_last(kg_tables_view *view, uint64_t *sequence)
{
    MDB_val key, value;
    int rc = mdb_cursor_get(view->cursor, &key, &value, MDB_LAST);

    view->at = 0;
    if (rc == 0 && key.mv_size != 8)
        rc = MDB_CORRUPTED;
    if (rc == 0)
        *sequence = kg_record_get_u64(key.mv_data);
    return verdict(view->tables, "read", rc);
}

static kg_tables_result find(kg_tables *tables, MDB_txn *txn, const uint8_t *request_key,
                             uint64_t *sequence)
{
    MDB_val key = {KG_REQUEST_KEY_BYTES, (void *)request_key}, value;
    int rc = mdb_get(txn, tables->requests, &key, &value);

    if (rc == 0 && value.mv_size != 8)
        rc = MDB_CORRUPTED;
    if (rc == 0)
        *sequence = kg_record_get_u64(value.mv_data);
    return verdict(tables, "read", rc);
}

kg_tables_result kg_tables_view_find(kg_tables_view *view, const uint8_t key[KG_REQUEST_KEY_BYTES],
                                     uint64_t *sequence)
{
    return find(view->tables, view->txn, key, sequence);
}

kg_tables_result kg_tables_find(kg_tables *tables, const uint8_t key[KG_REQUEST_KEY_BYTES],
                                uint64_t *sequence)
{
    kg_tables_result result;
    int rc = mdb_txn_renew(tables->finding);

    if (rc)
        return verdict(tables, "read", rc);
    result = find(tables, tables->finding, key, sequence);
    mdb_txn_reset(tables->finding);
    return result;
}

static int put_record(const kg_tables *tables, MDB_txn *txn, MDB_cursor *end,
                      const kg_stored *stored)
{
    uint8_t sequence[8];
    MDB_val number = {sizeof(sequence), sequence};
    MDB_val value = {stored->count, (void *)stored->bytes};
    kg_journal_record record;
    MDB_val key = {KG_REQUEST_KEY_BYTES, record.request_key};
    int rc;

    if (!kg_record_decode(stored->bytes, stored->count, stored->sequence, &record))
        return MDB_CORRUPTED;
    kg_record_put_u64(sequence, stored->sequence);
    rc = mdb_cursor_put(end, &number, &value, MDB_APPEND);
    if (rc || !kg_record_has_request(&record))
        return rc;
    return mdb_put(txn, tables->requests, &key, &number, MDB_NOOVERWRITE);
}

/* Whether the record comes after the last one, with none between. */
static int check_next(MDB_cursor *end, uint64_t sequence)
{
    MDB_val key, value;
    int rc = mdb_cursor_get(end, &key, &value, MDB_LAST);

    if (rc == MDB_NOTFOUND)
        return sequence == 1 ? 0 : MDB_CORRUPTED;
    if (rc == 0 && (key.mv_size != 8 || kg_record_get_u64(key.mv_data) + 1 != sequence))
        return MDB_CORRUPTED;
    return rc;
}

kg_tables_result kg_tables_write(kg_tables *tables, const kg_stored *stored, size_t count)
{
    MDB_txn *txn = NULL;
    MDB_cursor *end = NULL;
    int rc = mdb_txn_begin(tables->env, NULL, 0, &txn);

    rc = rc ? rc : mdb_cursor_open(txn, tables->records, &end);
    rc = rc ? rc : check_next(end, stored[0].sequence);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = put_record(tables, txn, end, &stored[i]);
    if (end)
        mdb_cursor_close(end);
    if (rc == 0)
        rc = mdb_txn_commit(txn);
    else if (txn)
        mdb_txn_abort(txn);
    /* A write looks for nothing: what it misses is damage, not an answer. */
    return verdict(tables, "written", rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc);
}

bool kg_tables_copy(kg_tables *tables, const char *folder)
{
    char *path = kg_folder_path(folder, DATA_FILE);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int rc = descriptor < 0 ? errno : mdb_env_copyfd2(tables->env, descriptor, MDB_CP_COMPACT);

    if (descriptor >= 0)
        close(descriptor);
    free(path);
    return rc == 0 ? kg_folder_sync(folder, DATA_FILE) : failed(tables->folder, "copied", rc);
}

void kg_tables_uncopy(const char *folder)
{
    char *path = kg_folder_path(folder, DATA_FILE);
    char *lock = kg_folder_path(folder, LOCK_FILE);

    unlink(path);
    unlink(lock);
    free(lock);
    free(path);
}

/* Pages that are free again; each entry is a count and as many page numbers. */
static int free_pages(kg_tables *tables, uint64_t *pages)
{
    MDB_txn *txn;
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    size_t count;
    int dead, rc = mdb_reader_check(tables->env, &dead); /* a dead reader's hold frees nothing */

    rc = rc ? rc : mdb_txn_begin(tables->env, NULL, MDB_RDONLY, &txn);
    if (rc)
        return rc;
    *pages = 0;
    rc = mdb_cursor_open(txn, FREE_TABLE, &cursor);
    while (rc == 0 && (rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        memcpy(&count, value.mv_data, sizeof(count));
        *pages += count;
    }
    if (cursor)
        mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* A line of LMDB's list of readers: process, thread, and what its view is of, or "-". */
static int note_view(const char *line, void *context)
{
    uint64_t *oldest = context, of;

    if (sscanf(line, "%*d %*x %" SCNu64, &of) == 1 && of < *oldest)
        *oldest = of;
    return 0;
}

bool kg_tables_room_read(kg_tables *tables, bool exact, kg_tables_room *out)
{
    uint64_t freed = 0, oldest = UINT64_MAX;
    MDB_envinfo info;
    MDB_stat pages;
    int rc = exact ? free_pages(tables, &freed) : 0;

    rc = rc ? rc : mdb_env_info(tables->env, &info);
    rc = rc ? rc : mdb_env_stat(tables->env, &pages);
    if (rc || mdb_reader_list(tables->env, note_view, &oldest) < 0)
        return failed(tables->folder, "measured", rc ? rc : EIO);
    out->map_bytes = info.me_mapsize;
    out->used_bytes = ((uint64_t)info.me_last_pgno + 1 - freed) * pages.ms_psize;
    out->oldest_view = oldest < info.me_last_txnid ? info.me_last_txnid - oldest : 0;
    return true;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "broker/journal/journal.h"
#include "broker/journal/journal_child.h"
#include "broker/journal/journal_error.h"
#include "broker/journal/journal_embedded.h"

struct task {
    const char *folder;
    kg_journal_each each;
    void *context;
    kg_journal_extent *shared; /* with the child */
};

static bool note(void *context, const kg_journal_record *record)
{
    struct task *task = context;

    task->shared->records = record->sequence;
    memcpy(task->shared->chain, record->chain, KG_CHAIN_BYTES);
    return !task->each || task->each(task->context, record);
}

static bool verify(void *context)
{
    struct task *task = context;
    const kg_journal_options options = {.read_only = true};
    kg_journal *journal = kg_embedded_open_at_once(task->folder, &options);
    bool good = journal && kg_journal_follow(journal, 1, true, note, task);

    kg_journal_close(&journal);
    return good;
}

/* Opening looks at what following does not: the ends, the anchor. */
static bool opens(const char *folder)
{
    const kg_journal_options options = {.read_only = true};
    kg_journal *journal = kg_embedded_open(folder, &options);
    bool good = journal != NULL;

    kg_journal_close(&journal);
    return good;
}

bool kg_embedded_verify(const char *folder, kg_journal_each each, void *context,
                        kg_journal_extent *out)
{
    struct task task = {.folder = folder, .each = each, .context = context};
    bool good;

    memset(out, 0, sizeof(*out));
    if (!opens(folder))
        return false;
    task.shared =
        mmap(NULL, sizeof(*out), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (task.shared == MAP_FAILED)
        return kg_journal_fail("%s cannot be verified: mmap: %s", folder, strerror(errno));
    good = kg_journal_child(folder, verify, &task);
    *out = *task.shared;
    munmap(task.shared, sizeof(*out));
    return good;
}

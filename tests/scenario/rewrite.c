/* SPDX-License-Identifier: EUPL-1.2 */
/* rewrite FROM TO HOW SEQUENCE [OLD NEW]: makes another history of a journal, as only the holder of
 * a broker's host could: with a whole chain, so that the broker itself finds nothing wrong with it.
 * HOW: "copy" (as it is), "drop" (without that record), "swap" (with the next one), "alter" (OLD
 * becomes NEW, of the same length, in its event), "cut" (nothing after it). Exit 0 when done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "broker/journal/journal.h"
#include "proto/memory.h"

typedef struct history {
    kg_journal_record *records;
    size_t count, capacity;
} history;

static uint8_t *copy(const uint8_t *bytes, size_t count)
{
    uint8_t *out = kg_alloc(count + 1, 1);
    if (count > 0)
        memcpy(out, bytes, count);
    return out;
}

static bool take(void *context, const kg_journal_record *record)
{
    history *h = context;
    h->records = kg_grow(h->records, h->count, &h->capacity, sizeof *h->records);
    kg_journal_record *taken = &h->records[h->count++];
    *taken = *record;
    taken->command = copy(record->command, record->command_bytes);
    taken->event = copy(record->event, record->event_bytes);
    return true;
}

static void drop(history *h, size_t place)
{
    free((void *)(uintptr_t)h->records[place].command);
    free((void *)(uintptr_t)h->records[place].event);
    memmove(&h->records[place], &h->records[place + 1], (--h->count - place) * sizeof *h->records);
}

static bool alter(kg_journal_record *record, const char *old, const char *new)
{
    uint8_t *at = memmem(record->event, record->event_bytes, old, strlen(old));
    if (!at || strlen(old) != strlen(new))
        return false;
    memcpy(at, new, strlen(new));
    return true;
}

static bool change(history *h, const char *how, size_t place, char **names)
{
    if (strcmp(how, "copy") == 0)
        return true;
    if (place >= h->count)
        return false;
    if (strcmp(how, "drop") == 0) {
        drop(h, place);
    } else if (strcmp(how, "cut") == 0) {
        while (h->count > place + 1)
            drop(h, h->count - 1);
    } else if (strcmp(how, "swap") == 0 && place + 1 < h->count) {
        kg_journal_record first = h->records[place];
        h->records[place] = h->records[place + 1];
        h->records[place + 1] = first;
    } else {
        return strcmp(how, "alter") == 0 && alter(&h->records[place], names[0], names[1]);
    }
    return true;
}

static void note(void *context, kg_append_result result, uint64_t head)
{
    (void)head;
    *(kg_append_result *)context = result;
}

/* Time must not go back, so what was swapped gets the times that stood there. */
static bool write_history(const char *folder, const uint8_t deployment[KG_DEPLOYMENT_ID_BYTES],
                          history *h)
{
    kg_append_result result = KG_APPEND_FAILED;
    mkdir(folder, 0700);
    kg_journal *journal =
        kg_journal_create(folder, deployment) ? kg_journal_open(folder, NULL) : NULL;
    if (!journal)
        return false;
    for (size_t i = 0; i < h->count; i++) {
        h->records[i].sequence = i + 1;
        if (i > 0 && h->records[i].time_ms < h->records[i - 1].time_ms)
            h->records[i].time_ms = h->records[i - 1].time_ms;
    }
    kg_journal_append(journal, kg_journal_epoch(journal), 0, h->records, h->count, 0, note,
                      &result);
    kg_journal_reap(journal, true);
    kg_journal_close(&journal);
    return result == KG_APPEND_OK;
}

int main(int argc, char **argv)
{
    const kg_journal_options reading = {.read_only = true};
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    history h = {0};
    if (argc < 5 || (strcmp(argv[3], "alter") == 0 && argc != 7)) {
        fprintf(stderr, "rewrite FROM TO copy|drop|swap|alter|cut SEQUENCE [OLD NEW]\n");
        return 2;
    }
    kg_journal *journal = kg_journal_open(argv[1], &reading);
    bool good = journal && kg_journal_follow(journal, 1, true, take, &h);
    if (good)
        kg_journal_deployment(journal, deployment);
    kg_journal_close(&journal);
    good = good && change(&h, argv[3], (size_t)atoll(argv[4]) - 1, argv + 5) &&
           write_history(argv[2], deployment, &h);
    if (!good)
        fprintf(stderr, "rewrite: %s\n", kg_journal_error());
    while (h.count > 0)
        drop(&h, h.count - 1);
    free(h.records);
    return good ? 0 : 1;
}

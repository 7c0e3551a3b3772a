/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/documents.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

void kg_documents_init(kg_documents *documents, size_t places, size_t bytes_max)
{
    *documents = (kg_documents){.places_count = places, .bytes_max = bytes_max};
    documents->places = kg_alloc(places, sizeof *documents->places);
}

static void drop(kg_documents *documents, kg_document *document)
{
    documents->bytes -= document->count;
    free(document->bytes);
    *document = (kg_document){0};
}

void kg_documents_fini(kg_documents *documents)
{
    for (size_t i = 0; i < documents->places_count; i++)
        drop(documents, &documents->places[i]);
    free(documents->places);
    *documents = (kg_documents){0};
}

/* An empty place, else the one unused longest. */
static kg_document *oldest(kg_documents *documents)
{
    kg_document *best = &documents->places[0];
    for (size_t i = 0; i < documents->places_count; i++) {
        if (documents->places[i].id == 0)
            return &documents->places[i];
        if (documents->places[i].used < best->used)
            best = &documents->places[i];
    }
    return best;
}

static kg_document *oldest_kept(kg_documents *documents)
{
    kg_document *best = NULL;
    for (size_t i = 0; i < documents->places_count; i++) {
        kg_document *place = &documents->places[i];
        if (place->id != 0 && (!best || place->used < best->used))
            best = place;
    }
    return best;
}

const kg_document *kg_documents_keep(kg_documents *documents, const kg_reader_key *reader,
                                     char *bytes, size_t count, uint64_t head)
{
    kg_document *kept;
    while (documents->bytes + count > documents->bytes_max &&
           (kept = oldest_kept(documents)) != NULL)
        drop(documents, kept);
    kg_document *place = oldest(documents);
    drop(documents, place);
    while (place->id == 0)
        kg_random(&place->id, sizeof place->id);
    place->reader = *reader;
    place->bytes = bytes;
    place->count = count;
    place->head = head;
    place->used = ++documents->tick;
    documents->bytes += count;
    return place;
}

static bool is_reader(const kg_document *document, const kg_reader_key *reader)
{
    return document->reader.roles == reader->roles &&
           memcmp(document->reader.key_id, reader->key_id, sizeof reader->key_id) == 0;
}

const kg_document *kg_documents_find(kg_documents *documents, const kg_reader_key *reader,
                                     uint64_t id)
{
    for (size_t i = 0; i < documents->places_count; i++) {
        kg_document *place = &documents->places[i];
        if (id != 0 && place->id == id && is_reader(place, reader)) {
            place->used = ++documents->tick;
            return place;
        }
    }
    return NULL;
}

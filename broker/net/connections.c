/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/connections.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "proto/hash_table.h"
#include "proto/memory.h"

typedef struct kg_keyed {
    uint8_t key[KG_KEY_BYTES];
    size_t count; /* of its connections; one without any is forgotten */
    UT_hash_handle hh;
} kg_keyed;

struct kg_place;

typedef struct kg_connection {
    uint64_t number;
    kg_keyed *keyed;
    struct kg_place *place;            /* NULL: silent */
    char address[KG_ADDRESS_BYTES];    /* where it is silent */
    struct kg_connection *prev, *next; /* among the silent ones of all addresses, oldest first */
    UT_hash_handle hh;
} kg_connection;

typedef struct kg_place {
    int place;
    char address[KG_ADDRESS_BYTES];
    uint64_t after;               /* the last number given before it was opened */
    kg_connection *connection;    /* NULL: nothing is known */
    struct kg_place *prev, *next; /* among those of which nothing is known */
    UT_hash_handle hh;
} kg_place;

/* Of a key that was let in at an address, it is not known whether it still has a connection. */
typedef struct kg_doubt_of {
    uint8_t key[KG_KEY_BYTES];
    char address[KG_ADDRESS_BYTES]; /* the rest of it zero */
} kg_doubt_of;

typedef struct kg_doubt {
    kg_doubt_of of;
    UT_hash_handle hh;
} kg_doubt;

struct kg_connections {
    unsigned most;
    uint64_t last; /* number given */
    kg_keyed *keyed;
    kg_connection *connections; /* by number */
    kg_connection *silent;      /* a list */
    kg_place *places;
    kg_place *unknown; /* a list */
    kg_doubt *doubts;  /* none of an address of which no descriptor is unknown */
};

kg_connections *kg_connections_new(unsigned most)
{
    kg_connections *connections = kg_alloc(1, sizeof *connections);
    connections->most = most;
    return connections;
}

/* The connection has no descriptor any more that is known; it stands in no list. */
static void part(kg_connections *all, kg_connection *connection)
{
    kg_place *place = connection->place;
    if (!place) {
        DL_DELETE(all->silent, connection);
        return;
    }
    place->connection = NULL;
    connection->place = NULL;
    DL_APPEND(all->unknown, place);
}

static void drop(kg_connections *all, kg_connection *connection)
{
    kg_keyed *keyed = connection->keyed;
    part(all, connection);
    HASH_DEL(all->connections, connection);
    free(connection);
    if (--keyed->count > 0)
        return;
    HASH_DEL(all->keyed, keyed);
    free(keyed);
}

void kg_connections_destroy(kg_connections **connections)
{
    kg_connections *all = *connections;
    kg_connection *connection, *next_connection;
    kg_place *place, *next_place;
    kg_doubt *doubt, *next_doubt;
    if (!all)
        return;
    HASH_ITER(hh, all->connections, connection, next_connection)
    {
        drop(all, connection);
    }
    HASH_ITER(hh, all->places, place, next_place)
    {
        HASH_DEL(all->places, place);
        free(place);
    }
    HASH_ITER(hh, all->doubts, doubt, next_doubt)
    {
        HASH_DEL(all->doubts, doubt);
        free(doubt);
    }
    free(all);
    *connections = NULL;
}

/* ---- descriptors ---- */

static kg_place *find_place(kg_connections *all, int place)
{
    kg_place *found;
    HASH_FIND_INT(all->places, &place, found);
    return found;
}

void kg_connections_opened(kg_connections *all, int place, const char *address)
{
    if (find_place(all, place)) /* its end was not told */
        kg_connections_closed(all, place);
    kg_place *opened = kg_alloc(1, sizeof *opened);
    opened->place = place;
    opened->after = all->last;
    kg_text_format(opened->address, sizeof opened->address, "%s", address);
    HASH_ADD_INT(all->places, place, opened);
    DL_APPEND(all->unknown, opened);
}

size_t kg_connections_open(const kg_connections *all)
{
    return HASH_COUNT(all->places);
}

static size_t count_unknown(const kg_connections *all, const char *address, kg_place **last)
{
    size_t count = 0;
    kg_place *place;
    DL_FOREACH(all->unknown, place)
    {
        if (strcmp(place->address, address) == 0) {
            *last = place;
            count++;
        }
    }
    return count;
}

static void doubt(kg_connections *all, const kg_connection *connection)
{
    kg_doubt *found;
    kg_doubt_of of = {.address = ""};
    memcpy(of.key, connection->keyed->key, sizeof of.key);
    kg_text_format(of.address, sizeof of.address, "%s", connection->address);
    HASH_FIND(hh, all->doubts, &of, sizeof of, found);
    if (found)
        return;
    found = kg_alloc(1, sizeof *found);
    found->of = of;
    HASH_ADD(hh, all->doubts, of, sizeof of, found);
}

/* What has no descriptor that is not known has no connection that is not known. */
static void end_doubts(kg_connections *all, const char *address)
{
    kg_place *place;
    kg_doubt *doubt, *next;
    if (!all->doubts || count_unknown(all, address, &place) > 0)
        return;
    HASH_ITER(hh, all->doubts, doubt, next)
    {
        if (strcmp(doubt->of.address, address) != 0)
            continue;
        HASH_DEL(all->doubts, doubt);
        free(doubt);
    }
}

/* A silent connection's descriptor is one of those of which nothing is known: of more than there
 * are, the oldest are taken to be gone, which is right for how many there are, and may be wrong
 * for whose. */
static void forget_surplus(kg_connections *all, const char *address)
{
    kg_place *place;
    kg_connection *connection, *next;
    size_t unknown = count_unknown(all, address, &place), silent = 0;
    DL_FOREACH(all->silent, connection)
    silent += strcmp(connection->address, address) == 0;
    DL_FOREACH_SAFE(all->silent, connection, next)
    {
        if (silent <= unknown)
            return;
        if (strcmp(connection->address, address) != 0)
            continue;
        doubt(all, connection);
        drop(all, connection);
        silent--;
    }
}

void kg_connections_closed(kg_connections *all, int number)
{
    kg_place *place = find_place(all, number);
    if (!place)
        return;
    bool unknown = !place->connection;
    if (place->connection)
        drop(all, place->connection);
    DL_DELETE(all->unknown, place);
    HASH_DEL(all->places, place);
    if (unknown && all->silent)
        forget_surplus(all, place->address);
    end_doubts(all, place->address);
    free(place);
}

/* ---- connections ---- */

static void settle(kg_connections *all, kg_connection *connection, kg_place *place)
{
    if (place->connection)
        drop(all, place->connection); /* it was an earlier one's */
    part(all, connection);
    DL_DELETE(all->unknown, place);
    connection->place = place;
    place->connection = connection;
    end_doubts(all, place->address);
}

static kg_keyed *keyed_of(kg_connections *all, const uint8_t key[KG_KEY_BYTES])
{
    kg_keyed *keyed;
    HASH_FIND(hh, all->keyed, key, KG_KEY_BYTES, keyed);
    if (keyed)
        return keyed;
    keyed = kg_alloc(1, sizeof *keyed);
    memcpy(keyed->key, key, KG_KEY_BYTES);
    HASH_ADD(hh, all->keyed, key, KG_KEY_BYTES, keyed);
    return keyed;
}

uint64_t kg_connections_enter(kg_connections *all, const uint8_t key[KG_KEY_BYTES],
                              const char *address)
{
    kg_place *place = NULL;
    if (all->most && kg_connections_count(all, key) >= all->most)
        return 0;
    kg_connection *connection = kg_alloc(1, sizeof *connection);
    connection->number = ++all->last;
    connection->keyed = keyed_of(all, key);
    connection->keyed->count++;
    kg_text_format(connection->address, sizeof connection->address, "%s", address);
    HASH_ADD(hh, all->connections, number, sizeof connection->number, connection);
    bool first = !all->silent;
    DL_APPEND(all->silent, connection);
    if (first && count_unknown(all, address, &place) == 1)
        settle(all, connection, place); /* it can be no other */
    return connection->number;
}

bool kg_connections_any_silent(const kg_connections *all)
{
    return all->silent != NULL;
}

void kg_connections_heard(kg_connections *all, uint64_t number, int at)
{
    kg_connection *connection;
    HASH_FIND(hh, all->connections, &number, sizeof number, connection);
    kg_place *place = find_place(all, at);
    if (!connection || !place || connection->place == place)
        return;
    if (number > place->after)
        settle(all, connection, place);
    else
        drop(all, connection); /* it was let in before: the descriptor is another's by now */
}

size_t kg_connections_count(const kg_connections *all, const uint8_t key[KG_KEY_BYTES])
{
    kg_keyed *keyed;
    HASH_FIND(hh, all->keyed, key, KG_KEY_BYTES, keyed);
    return keyed ? keyed->count : 0;
}

static void each_unknown(const kg_connections *all, const char *address, void (*each)(int place))
{
    kg_place *place;
    DL_FOREACH(all->unknown, place)
    {
        if (strcmp(place->address, address) == 0)
            each(place->place);
    }
}

void kg_connections_each(kg_connections *all, const uint8_t key[KG_KEY_BYTES],
                         void (*each)(int place))
{
    for (kg_connection *connection = all->connections; connection;
         connection = connection->hh.next) {
        if (memcmp(connection->keyed->key, key, KG_KEY_BYTES) != 0)
            continue;
        if (connection->place)
            each(connection->place->place);
        else
            each_unknown(all, connection->address, each);
    }
    for (kg_doubt *doubt = all->doubts; doubt; doubt = doubt->hh.next)
        if (memcmp(doubt->of.key, key, KG_KEY_BYTES) == 0)
            each_unknown(all, doubt->of.address, each);
}

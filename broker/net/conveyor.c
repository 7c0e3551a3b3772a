/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/conveyor.h"

#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "proto/memory.h"

typedef struct kg_conveyor_place {
    size_t bytes;
    bool done;
} kg_conveyor_place;

/* Places count up for ever and are used modulo the capacity: taken <= begun <= pushed. */
struct kg_conveyor {
    kg_conveyor_options options;
    pthread_mutex_t mutex;
    pthread_cond_t pushed_one;
    char *items;               /* owned; a ring */
    kg_conveyor_place *places; /* owned; likewise */
    size_t taken, begun, pushed, bytes;
    pthread_t *workers; /* owned */
    int workers_count, workers_idle;
    bool taker_waits, stopping;
    int wake; /* eventfd */
};

static char *item_at(kg_conveyor *conveyor, size_t place)
{
    return conveyor->items + place % conveyor->options.capacity * conveyor->options.item_bytes;
}

static kg_conveyor_place *place_at(kg_conveyor *conveyor, size_t place)
{
    return &conveyor->places[place % conveyor->options.capacity];
}

/* Does the next item's work; gives the lock away meanwhile. */
static void work_on_next(kg_conveyor *conveyor)
{
    size_t place = conveyor->begun++;
    pthread_mutex_unlock(&conveyor->mutex);
    conveyor->options.work(conveyor->options.context, item_at(conveyor, place));
    pthread_mutex_lock(&conveyor->mutex);
    place_at(conveyor, place)->done = true;
    if (conveyor->taker_waits && place == conveyor->taken) {
        conveyor->taker_waits = false;
        kg_conveyor_wake(conveyor);
    }
}

static void *worker_loop(void *argument)
{
    kg_conveyor *conveyor = argument;
    pthread_mutex_lock(&conveyor->mutex);
    while (!conveyor->stopping) {
        if (conveyor->begun < conveyor->pushed) {
            work_on_next(conveyor);
            continue;
        }
        conveyor->workers_idle++;
        pthread_cond_wait(&conveyor->pushed_one, &conveyor->mutex);
        conveyor->workers_idle--;
    }
    pthread_mutex_unlock(&conveyor->mutex);
    return NULL;
}

kg_conveyor *kg_conveyor_new(const kg_conveyor_options *options)
{
    kg_conveyor *conveyor = kg_alloc(1, sizeof *conveyor);
    int threads = options->work ? options->threads : 0;
    conveyor->options = *options;
    conveyor->items = kg_alloc(options->capacity, options->item_bytes);
    conveyor->places = kg_alloc(options->capacity, sizeof *conveyor->places);
    conveyor->workers = kg_alloc((size_t)threads, sizeof *conveyor->workers);
    pthread_mutex_init(&conveyor->mutex, NULL);
    pthread_cond_init(&conveyor->pushed_one, NULL);
    conveyor->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    bool good = conveyor->wake >= 0;
    while (good && conveyor->workers_count < threads) {
        pthread_t *worker = &conveyor->workers[conveyor->workers_count];
        good = pthread_create(worker, NULL, worker_loop, conveyor) == 0;
        conveyor->workers_count += good;
    }
    if (!good)
        kg_conveyor_destroy(&conveyor, NULL, NULL);
    return conveyor;
}

void kg_conveyor_destroy(kg_conveyor **conveyor, void (*drop)(void *context, void *item),
                         void *context)
{
    kg_conveyor *self = *conveyor;
    if (!self)
        return;
    pthread_mutex_lock(&self->mutex);
    self->stopping = true;
    pthread_cond_broadcast(&self->pushed_one);
    pthread_mutex_unlock(&self->mutex);
    for (int i = 0; i < self->workers_count; i++)
        pthread_join(self->workers[i], NULL);
    for (; drop && self->taken < self->pushed; self->taken++)
        drop(context, item_at(self, self->taken));
    if (self->wake >= 0)
        close(self->wake);
    pthread_cond_destroy(&self->pushed_one);
    pthread_mutex_destroy(&self->mutex);
    free(self->workers);
    free(self->places);
    free(self->items);
    free(self);
    *conveyor = NULL;
}

static bool is_full(const kg_conveyor *conveyor)
{
    return conveyor->pushed - conveyor->taken == conveyor->options.capacity ||
           conveyor->bytes >= conveyor->options.bytes_max;
}

bool kg_conveyor_full(kg_conveyor *conveyor)
{
    pthread_mutex_lock(&conveyor->mutex);
    bool full = is_full(conveyor);
    pthread_mutex_unlock(&conveyor->mutex);
    return full;
}

bool kg_conveyor_awaited(kg_conveyor *conveyor)
{
    pthread_mutex_lock(&conveyor->mutex);
    bool awaited = conveyor->taker_waits;
    pthread_mutex_unlock(&conveyor->mutex);
    return awaited;
}

size_t kg_conveyor_waiting(kg_conveyor *conveyor)
{
    pthread_mutex_lock(&conveyor->mutex);
    size_t waiting = conveyor->pushed - conveyor->taken;
    pthread_mutex_unlock(&conveyor->mutex);
    return waiting;
}

bool kg_conveyor_empty(kg_conveyor *conveyor)
{
    return kg_conveyor_waiting(conveyor) == 0;
}

/* A lone item goes to the taker, who then need not be woken a second time. */
static void announce(kg_conveyor *conveyor)
{
    if (conveyor->taker_waits) {
        conveyor->taker_waits = false;
        kg_conveyor_wake(conveyor);
    } else if (conveyor->workers_idle > 0) {
        pthread_cond_signal(&conveyor->pushed_one);
    }
}

/* All but one, which the taker begins itself. */
static void announce_rest(kg_conveyor *conveyor)
{
    if (conveyor->pushed - conveyor->begun > 1 && conveyor->workers_idle > 0)
        pthread_cond_signal(&conveyor->pushed_one);
}

static bool push(kg_conveyor *conveyor, const void *item, size_t bytes, void (*tell)(kg_conveyor *))
{
    pthread_mutex_lock(&conveyor->mutex);
    bool room = !is_full(conveyor);
    if (room) {
        size_t place = conveyor->pushed++;
        memcpy(item_at(conveyor, place), item, conveyor->options.item_bytes);
        *place_at(conveyor, place) = (kg_conveyor_place){bytes, !conveyor->options.work};
        conveyor->begun += !conveyor->options.work;
        conveyor->bytes += bytes;
        tell(conveyor);
    }
    pthread_mutex_unlock(&conveyor->mutex);
    return room;
}

bool kg_conveyor_push(kg_conveyor *conveyor, const void *item, size_t bytes)
{
    return push(conveyor, item, bytes, announce);
}

bool kg_conveyor_push_own(kg_conveyor *conveyor, const void *item, size_t bytes)
{
    return push(conveyor, item, bytes, announce_rest);
}

static bool is_ready(kg_conveyor *conveyor)
{
    return conveyor->taken < conveyor->pushed && place_at(conveyor, conveyor->taken)->done;
}

/* Works while what comes next is still to be begun; returns whether there is something to take,
 * or else notes that somebody waits. */
static bool make_ready(kg_conveyor *conveyor)
{
    while (!is_ready(conveyor) && conveyor->begun < conveyor->pushed)
        work_on_next(conveyor);
    conveyor->taker_waits = !is_ready(conveyor);
    return !conveyor->taker_waits;
}

bool kg_conveyor_ready(kg_conveyor *conveyor)
{
    pthread_mutex_lock(&conveyor->mutex);
    bool ready = make_ready(conveyor);
    pthread_mutex_unlock(&conveyor->mutex);
    return ready;
}

/* False when somebody woke it. */
static bool is_quiet(kg_conveyor *conveyor)
{
    uint64_t count;
    return read(conveyor->wake, &count, sizeof count) < 0;
}

static void wait_for_item(kg_conveyor *conveyor, int timeout_ms)
{
    struct pollfd waiting = {.fd = conveyor->wake, .events = POLLIN};
    bool quiet = is_quiet(conveyor);
    bool ready = kg_conveyor_ready(conveyor);
    if (ready || !quiet || timeout_ms == 0 || poll(&waiting, 1, timeout_ms) <= 0)
        return;
    is_quiet(conveyor);
}

size_t kg_conveyor_take(kg_conveyor *conveyor, void *items, size_t max, int timeout_ms,
                        bool *was_full)
{
    char *out = items;
    size_t count = 0;
    wait_for_item(conveyor, timeout_ms);
    pthread_mutex_lock(&conveyor->mutex);
    make_ready(conveyor);
    conveyor->taker_waits = false;
    if (was_full)
        *was_full = is_full(conveyor);
    for (; count < max && is_ready(conveyor); count++, conveyor->taken++) {
        memcpy(out + count * conveyor->options.item_bytes, item_at(conveyor, conveyor->taken),
               conveyor->options.item_bytes);
        conveyor->bytes -= place_at(conveyor, conveyor->taken)->bytes;
    }
    pthread_mutex_unlock(&conveyor->mutex);
    return count;
}

int kg_conveyor_descriptor(const kg_conveyor *conveyor)
{
    return conveyor->wake;
}

void kg_conveyor_wake(kg_conveyor *conveyor)
{
    uint64_t one = 1;
    ssize_t written = write(conveyor->wake, &one, sizeof one);
    (void)written; /* full counter: it is readable already */
}

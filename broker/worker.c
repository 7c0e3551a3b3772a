/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "proto/memory.h"

typedef struct kg_work_item {
    kg_work *work;
    struct kg_work_item *next;
} kg_work_item;

struct kg_worker {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t given;
    kg_work_item *waiting, *finished;
    bool stopping;
    int threads;
    void (*done)(void *context);
    void *context;
};

static void push(kg_work_item **list, kg_work *work)
{
    kg_work_item *item = kg_alloc(1, sizeof *item);
    item->work = work;
    while (*list)
        list = &(*list)->next;
    *list = item;
}

static kg_work *pop(kg_work_item **list)
{
    kg_work_item *item = *list;
    if (!item)
        return NULL;
    kg_work *work = item->work;
    *list = item->next;
    free(item);
    return work;
}

static kg_work *wait_for_work(kg_worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    while (!worker->stopping && !worker->waiting)
        pthread_cond_wait(&worker->given, &worker->mutex);
    kg_work *work = worker->stopping ? NULL : pop(&worker->waiting);
    pthread_mutex_unlock(&worker->mutex);
    return work;
}

static void *work_loop(void *argument)
{
    kg_worker *worker = argument;
    kg_work *work;
    while ((work = wait_for_work(worker)) != NULL) {
        kg_work_run(work, worker->threads);
        pthread_mutex_lock(&worker->mutex);
        push(&worker->finished, work);
        pthread_mutex_unlock(&worker->mutex);
        worker->done(worker->context);
    }
    return NULL;
}

kg_worker *kg_worker_start(int threads, void (*done)(void *context), void *context)
{
    kg_worker *worker = kg_alloc(1, sizeof *worker);
    worker->threads = threads;
    worker->done = done;
    worker->context = context;
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->given, NULL);
    if (pthread_create(&worker->thread, NULL, work_loop, worker) != 0)
        kg_memory_end();
    return worker;
}

void kg_worker_stop(kg_worker **worker)
{
    kg_worker *self = *worker;
    if (!self)
        return;
    pthread_mutex_lock(&self->mutex);
    self->stopping = true;
    pthread_cond_signal(&self->given);
    pthread_mutex_unlock(&self->mutex);
    pthread_join(self->thread, NULL);
    kg_work *work;
    while ((work = pop(&self->waiting)) != NULL || (work = pop(&self->finished)) != NULL)
        kg_work_destroy(&work);
    pthread_cond_destroy(&self->given);
    pthread_mutex_destroy(&self->mutex);
    free(self);
    *worker = NULL;
}

void kg_worker_give(kg_worker *worker, kg_work *work)
{
    pthread_mutex_lock(&worker->mutex);
    push(&worker->waiting, work);
    pthread_cond_signal(&worker->given);
    pthread_mutex_unlock(&worker->mutex);
}

kg_work *kg_worker_take(kg_worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    kg_work *work = pop(&worker->finished);
    pthread_mutex_unlock(&worker->mutex);
    return work;
}

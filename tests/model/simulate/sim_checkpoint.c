/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "broker/checkpoint.h"
#include "proto/sink.h"
#include "proto/text.h"
#include "sim.h"

struct kg_checkpoint {
    kg_archive archive;
    size_t read;
    kg_buffer written;
    kg_checkpoint_point point;
};

static struct {
    bool there;
    kg_buffer bytes;
    kg_checkpoint_point point;
} kept;

void sim_checkpoint_begin(void)
{
    memset(&kept, 0, sizeof kept);
}

void sim_checkpoint_lose(void)
{
    kg_buffer_fini(&kept.bytes);
    sim_checkpoint_begin();
}

static void put(void *context, void *bytes, size_t count)
{
    kg_checkpoint *checkpoint = context;
    kg_buffer_add(&checkpoint->written, bytes, count);
}

static void get(void *context, void *bytes, size_t count)
{
    kg_checkpoint *checkpoint = context;
    if (checkpoint->read + count > kept.bytes.count)
        sim_fail("a checkpoint ends before what is read from it");
    memcpy(bytes, kept.bytes.bytes + checkpoint->read, count);
    checkpoint->read += count;
}

static kg_checkpoint *make(bool reading)
{
    kg_checkpoint *checkpoint = kg_alloc(1, sizeof *checkpoint);
    checkpoint->archive = (kg_archive){reading ? get : put, checkpoint, reading};
    kg_buffer_init(&checkpoint->written);
    return checkpoint;
}

kg_checkpoint *kg_checkpoint_create(const char *path, const kg_checkpoint_point *point,
                                    char why[static 200])
{
    (void)path;
    why[0] = '\0';
    kg_checkpoint *checkpoint = make(false);
    checkpoint->point = *point;
    return checkpoint;
}

kg_checkpoint *kg_checkpoint_open(const char *path, kg_checkpoint_point *point,
                                  char why[static 200])
{
    (void)path;
    why[0] = '\0';
    *point = kept.point;
    return kept.there ? make(true) : NULL;
}

const kg_archive *kg_checkpoint_archive(kg_checkpoint *checkpoint)
{
    return &checkpoint->archive;
}

/* Planted: what was there stays, and says that it is of the new record. */
static void keep(kg_buffer *written)
{
    if (kept.there && sim.plant == SIM_PLANT_STALE_CHECKPOINT) {
        kg_buffer_fini(written);
        return;
    }
    sim_checkpoint_lose();
    kept.there = true;
    kept.bytes = *written;
}

bool kg_checkpoint_close(kg_checkpoint **checkpoint, char why[static 200])
{
    kg_checkpoint *self = *checkpoint;
    bool whole = !self->archive.reading || self->read == kept.bytes.count;
    if (!whole)
        kg_text_format(why, 200, "not all of it was read");
    if (self->archive.reading) {
        kg_buffer_fini(&self->written);
    } else {
        keep(&self->written);
        kept.point = self->point;
    }
    free(self);
    *checkpoint = NULL;
    return whole;
}

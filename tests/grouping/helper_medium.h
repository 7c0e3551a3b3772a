/* SPDX-License-Identifier: EUPL-1.2 */
/* The medium set: stored buckets with bounds on what any grouping can reach, computed by an
 * independent mixed-integer program (tests/bench/milp_bound.c). One text file each. */
#ifndef HELPER_MEDIUM_H
#define HELPER_MEDIUM_H

#include <stdio.h>

#include "helper_instances.h"

/* Bounds: component 1; component 2 with 1 held at its bound; component 3 with 1 and 2 held at
 * `held_binding`, `held_bodies`. `closed`: set of 1 << (component - 1) that the program solved to
 * the end; the others are where it stood when its time was over. */
typedef struct medium_bounds {
    int64_t binding, bodies, ambition;
    int64_t held_binding, held_bodies;
    unsigned closed;
} medium_bounds;

#define MEDIUM_COUNT 40

/* The kind of bucket that number `index` of the set is. */
sample_recipe medium_recipe(int index, random_source *random);
void medium_write(FILE *out, const sample *sample, const medium_bounds *bounds);
/* False when the file is not what medium_write() writes. */
bool medium_read(FILE *in, sample *sample, medium_bounds *bounds);

#endif

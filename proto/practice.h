/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches of good practice and clauses: what one must have to be published, and their files. */
#ifndef KG_PRACTICE_H
#define KG_PRACTICE_H

#include "proto/command.h"
#include "proto/memory.h"
#include "proto/problem.h"

/* How many parts a fiche or a clause has. */
int kg_practice_parts(const kg_practice *practice);
/* Is it there, and whole, in one language at least, and not half in another? A clause tells of no
 * lot. The first thing that is wrong in `why` (200 bytes). */
bool kg_practice_whole(const kg_practice *practice, char why[static 200]);

/* Reads a settings file with one section, fiche "KEY" { ... } or clause "KEY" { ... }; texts are in
 * `arena`. False with problems when anything is wrong with it. */
bool kg_practice_read(const char *path, kg_arena *arena, kg_practice *out, kg_problems *problems);

#endif

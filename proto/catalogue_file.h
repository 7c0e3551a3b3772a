/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue and round files of DESIGN section 5 (libconfuse). Unknown keys are problems with
 * file and line; all problems at once where the parser can go on. */
#ifndef KG_CATALOGUE_FILE_H
#define KG_CATALOGUE_FILE_H

#include "proto/organisation.h"
#include "proto/round.h"

/* Returns owned (kg_catalogue_destroy), or NULL with problems. */
kg_catalogue *kg_catalogue_read(const char *path, kg_problems *problems);
/* The same from text; `name` stands for the file in problems. */
kg_catalogue *kg_catalogue_read_text(const char *text, const char *name, kg_problems *problems);
/* The first (and only) round of a file. `round` is initialised here; fini it in either case. */
bool kg_round_read(const char *path, const kg_catalogue *catalogue, kg_round *round,
                   kg_problems *problems);
/* The organisations of a file; returns owned (kg_organisation_fini each, then free). */
kg_organisation *kg_organisations_read(const char *path, size_t *count, kg_problems *problems);

#endif

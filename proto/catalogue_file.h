/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue, round and organisation files of DESIGN section 5 (grammar: settings_file.h).
 * Unknown keys are problems with file and row; all problems at once where the parser can go on,
 * in the order of the file. Any thread may read. What a broker journals is a file's text, from
 * kg_settings_load(), which the same readers take from memory. */
#ifndef KG_CATALOGUE_FILE_H
#define KG_CATALOGUE_FILE_H

#include "proto/organisation.h"
#include "proto/round.h"
#include "proto/settings_file.h"

/* Returns owned (kg_catalogue_destroy), or NULL with problems. */
kg_catalogue *kg_catalogue_read(const char *path, kg_problems *problems);
/* The same from text; `name` stands for the file in problems. */
kg_catalogue *kg_catalogue_read_text(const char *text, const char *name, kg_problems *problems);
/* The one round of a file. `round` is initialised here; fini it in either case. */
bool kg_round_read(const char *path, const kg_catalogue *catalogue, kg_round *round,
                   kg_problems *problems);
bool kg_round_read_text(const char *text, const char *name, const kg_catalogue *catalogue,
                        kg_round *round, kg_problems *problems);
/* The organisations of a file, in its order; returns owned (kg_organisation_fini each, then free),
 * or NULL with problems. A file without any is a problem. */
kg_organisation *kg_organisations_read(const char *path, size_t *count, kg_problems *problems);
kg_organisation *kg_organisations_read_text(const char *text, const char *name, size_t *count,
                                            kg_problems *problems);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The notice file: what a notice needs and neither the round nor an organisation's record tells.
 *
 *   languages = {"nl", "fr"}  lead = "BE-0316380940"  planned = "2027-04-01"
 *   organisation "BE-0316380940" { company_id = "0316.380.940"  activity = "gen-pub" }
 *   review "Raad van State" { city = "Brussel"  postcode = "1040"  ... }
 *
 * What stands there also takes the place of what the record says. */
#ifndef KOPGROEP_NOTICE_FILE_H
#define KOPGROEP_NOTICE_FILE_H

#include <jansson.h>

#include "proto/problem.h"

/* The file as an object: the keys outside sections, "organisations" by id, "review" (with its title
 * as "name") or none. Returns owned, or NULL with every problem. `path` NULL: an empty file. */
json_t *kg_notice_file_read(const char *path, kg_problems *problems);
json_t *kg_notice_file_read_text(const char *text, const char *name, kg_problems *problems);

#endif

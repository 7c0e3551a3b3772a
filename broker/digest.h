/* SPDX-License-Identifier: EUPL-1.2 */
/* The two digests that a result names beside its own (DESIGN section 3), in hexadecimal. */
#ifndef KG_DIGEST_H
#define KG_DIGEST_H

#include "proto/plan_line.h"
#include "proto/round.h"

#define KG_DIGEST_BYTES 65 /* SHA-256 as hexadecimal, and a NUL */

/* Over the checked lines, which are sorted by (organisation, line). */
void kg_digest_lines(const kg_plan_line *lines, size_t count, const kg_catalogue *catalogue,
                     char out[static KG_DIGEST_BYTES]);
/* Over the parsed rules: the round, then the catalogue. */
void kg_digest_rules(const kg_round *round, const kg_catalogue *catalogue,
                     char out[static KG_DIGEST_BYTES]);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells of a volume as JSON text: a list of flat objects, compact, the dimensions asked for
 * first and in their order. Written here and not by the JSON library, which needs longer for
 * a few dozen cells than counting lines into them takes (README). */
#ifndef KG_VOLUME_TEXT_H
#define KG_VOLUME_TEXT_H

#include "broker/query/volume.h"
#include "proto/sink.h"

void kg_volume_write(const kg_catalogue *catalogue, const kg_volume *volume,
                     const kg_dimension *by, size_t by_count, kg_buffer *out);

#endif

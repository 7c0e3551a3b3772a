/* SPDX-License-Identifier: EUPL-1.2 */
/* When readers got versions of the volume. What is in them is not the state's: it follows from the
 * pool at those moments. */
#ifndef KG_PUBLISHING_H
#define KG_PUBLISHING_H

#include "proto/command.h"

typedef struct kg_publishing {
    uint32_t number;   /* of the last version; 0: none */
    kg_date date;      /* of the last version, or of the first registration; meaningless before */
    bool begun;        /* `date` is one */
    bool has_reader;   /* a key with the reader's role was registered */
    bool round_closed; /* since the last version */
} kg_publishing;

#endif

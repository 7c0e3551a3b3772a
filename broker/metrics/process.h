/* SPDX-License-Identifier: EUPL-1.2 */
/* What the system says of this process. */
#ifndef KG_PROCESS_H
#define KG_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct kg_process {
    uint64_t resident_bytes, virtual_bytes;
    uint64_t cpu_us; /* user and system */
    uint64_t open_descriptors, descriptors_max;
    bool memory_known, descriptors_known;
} kg_process;

/* What cannot be told is said to be unknown. */
void kg_process_read(kg_process *out);

#endif

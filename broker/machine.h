/* SPDX-License-Identifier: EUPL-1.2 */
/* What the broker runs on, for its administrator. */
#ifndef KG_MACHINE_H
#define KG_MACHINE_H

#define KG_MACHINE_BYTES 300

/* "AMD EPYC 7763, 2 cores, 24 GiB, Linux 6.1.0, ext4": the processor, memory and system, and the
 * file system of the folder. What cannot be found out is left out. */
void kg_machine_describe(const char *folder, char out[static KG_MACHINE_BYTES]);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading and writing by descriptor, whatever signals come between. errno tells what failed. */
#ifndef KG_DESCRIPTOR_H
#define KG_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* All of it, or false. */
bool kg_descriptor_write(int descriptor, const void *bytes, size_t count);
/* As much as is there, at least one byte; 0 at the end, -1 on failure. */
ssize_t kg_descriptor_read(int descriptor, void *bytes, size_t count);

#endif

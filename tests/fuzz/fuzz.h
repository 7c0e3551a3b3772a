/* SPDX-License-Identifier: EUPL-1.2 */
/* What the targets share. An input is often a list of edits of something sound, since checksums
 * refuse nearly all that is made of nothing. */
#ifndef KG_FUZZ_H
#define KG_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold. */
void fuzz_need(bool condition);

/* Edits `bytes`, of `*count`, which may get fewer: each four bytes of the input are a place (3,
 * big-endian; where it lies beyond the end the bytes end at its remainder) and what that byte is
 * changed by. True when nothing is other than it was. */
bool fuzz_edit(uint8_t *bytes, size_t *count, const uint8_t *data, size_t size);

/* A file in memory with these bytes; its path lives until the next call. */
const char *fuzz_path(const uint8_t *bytes, size_t count);
/* The same as a descriptor at its beginning, which is not the caller's to close. */
int fuzz_descriptor(const uint8_t *bytes, size_t count);

#endif

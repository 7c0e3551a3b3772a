/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_need(bool condition)
{
    if (!condition)
        abort();
}

bool fuzz_edit(uint8_t *bytes, size_t *count, const uint8_t *data, size_t size)
{
    const size_t whole = *count;
    uint8_t *before = malloc(whole + 1);

    fuzz_need(before != NULL);
    memcpy(before, bytes, whole);
    for (; size >= 4 && *count > 0; data += 4, size -= 4) {
        const size_t place = (size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2];

        if (place < *count)
            bytes[place] ^= data[3];
        else
            *count = place % *count;
    }
    const bool same = *count == whole && memcmp(bytes, before, whole) == 0;
    free(before);
    return same;
}

int fuzz_descriptor(const uint8_t *bytes, size_t count)
{
    static int descriptor = -1;

    if (descriptor < 0)
        descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    fuzz_need(descriptor >= 0 && ftruncate(descriptor, 0) == 0 &&
              pwrite(descriptor, bytes, count, 0) == (ssize_t)count &&
              lseek(descriptor, 0, SEEK_SET) == 0);
    return descriptor;
}

const char *fuzz_path(const uint8_t *bytes, size_t count)
{
    static char path[64];

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), fuzz_descriptor(bytes, count));
    return path;
}

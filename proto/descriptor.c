/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/descriptor.h"

#include <errno.h>
#include <unistd.h>

bool kg_descriptor_write(int descriptor, const void *bytes, size_t count)
{
    const char *from = bytes;
    while (count > 0) {
        ssize_t written = write(descriptor, from, count);
        if (written < 0 && errno != EINTR)
            return false;
        from += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

ssize_t kg_descriptor_read(int descriptor, void *bytes, size_t count)
{
    ssize_t got;
    do
        got = read(descriptor, bytes, count);
    while (got < 0 && errno == EINTR);
    return got;
}

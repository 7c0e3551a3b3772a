/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_folder.h"
#include "proto/identity.h"
#include "proto/text.h"

#define ANCHOR_FILE "journal.head"
#define SUM_BYTES 8
#define TEXT_BYTES KG_ANCHOR_BYTES

/* "<sequence> <chain value> <sum>\n": the sum tells a line that was cut or mixed. */
static void write_line(const kg_point *anchor, char out[static TEXT_BYTES + 1])
{
    uint8_t sum[KG_SHA256_BYTES];
    char chain[2 * KG_CHAIN_BYTES + 1], sum_text[2 * SUM_BYTES + 1];
    int count;

    kg_hex_write(anchor->chain, KG_CHAIN_BYTES, chain);
    count = snprintf(out, TEXT_BYTES, "%020" PRIu64 " %s", anchor->sequence, chain);
    kg_sha256_once(out, (size_t)count, sum);
    kg_hex_write(sum, SUM_BYTES, sum_text);
    snprintf(out + count, (size_t)(TEXT_BYTES + 1 - count), " %s\n", sum_text);
}

int kg_anchor_open(const char *folder)
{
    char *path = kg_folder_path(folder, ANCHOR_FILE);
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (descriptor < 0)
        kg_journal_fail("%s: %s; its owner must be the user that runs this", path, strerror(errno));
    free(path);
    return descriptor;
}

void kg_anchor_prepare(const kg_point *anchor, kg_anchor_line *out)
{
    write_line(anchor, out->text);
}

bool kg_anchor_write(int descriptor, const char *folder, const kg_anchor_line *line)
{
    return pwrite(descriptor, line->text, TEXT_BYTES, 0) == TEXT_BYTES ||
           kg_journal_fail("%s/" ANCHOR_FILE " could not be written; see the system's log for disk "
                           "errors",
                           folder);
}

/* What stands there, NUL-ended; nothing when there is no file. */
static bool read_text(const char *folder, char text[TEXT_BYTES + 1])
{
    char *path = kg_folder_path(folder, ANCHOR_FILE);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    const bool absent = descriptor < 0 && errno == ENOENT;
    ssize_t count = descriptor >= 0 ? pread(descriptor, text, TEXT_BYTES, 0) : absent ? 0 : -1;

    if (count < 0)
        kg_journal_fail("%s cannot be read: %s; see the system's log for disk errors", path,
                        strerror(errno));
    text[count > 0 ? count : 0] = '\0';
    if (descriptor >= 0)
        close(descriptor);
    free(path);
    return count >= 0;
}

bool kg_anchor_read(const char *folder, kg_point *out)
{
    char text[TEXT_BYTES + 1], again[TEXT_BYTES + 1] = "", chain[2 * KG_CHAIN_BYTES + 1];
    bool whole;

    memset(out, 0, sizeof(*out));
    if (!read_text(folder, text))
        return false;
    whole = strlen(text) == TEXT_BYTES &&
            sscanf(text, "%" SCNu64 " %64[0-9a-f]", &out->sequence, chain) == 2 &&
            kg_hex_parse(chain, out->chain, KG_CHAIN_BYTES);
    if (whole)
        write_line(out, again);
    if (!whole || memcmp(text, again, TEXT_BYTES) != 0)
        memset(out, 0, sizeof(*out));
    return true;
}

bool kg_anchor_fail(const char *folder, const kg_point *anchor, uint64_t head)
{
    return kg_journal_fail("the journal in %s stands at record %" PRIu64 ", but its record %" PRIu64
                           " was another or is lost; restore a backup, or, if this is an older "
                           "copy put there on purpose, remove " ANCHOR_FILE,
                           folder, head, anchor->sequence);
}

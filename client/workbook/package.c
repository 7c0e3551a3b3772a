/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/package.h"

#include <errno.h>
#include <fcntl.h>
#include <minizip/unzip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/memory.h"
#include "proto/text.h"

#define CHUNK_BYTES 65536
#define CASE_DOES_NOT_COUNT 2 /* to unzLocateFile() */

struct kg_package {
    unzFile zip;
    size_t unpacked; /* so far */
    char *chunk;     /* owned */
};

static void refuse(kg_problems *problems, const char *allowed)
{
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL, "%s", allowed);
}

/* What the first bytes promise; NULL where it is a zip file. */
static const char *foreign(const char *start, size_t count)
{
    if (count >= 4 && memcmp(start, "\xd0\xcf\x11\xe0", 4) == 0)
        return KG_SAY("The workbook is protected by a password, or in the old form (.xls). Save it "
                      "without password as \"Excel workbook (.xlsx)\".");
    if (count < 4 || memcmp(start, "PK\x03\x04", 4) != 0)
        return KG_SAY("The file is not a workbook (.xlsx).");
    return NULL;
}

static bool looks_right(const char *path, kg_problems *problems)
{
    char start[4];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? -1 : read(file, start, sizeof start);
    int error = errno;
    if (file >= 0)
        close(file);
    if (count < 0) {
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The file cannot be read: %s.", strerror(error));
        return false;
    }
    const char *fault = foreign(start, (size_t)count);
    if (fault)
        refuse(problems, fault);
    return !fault;
}

kg_package *kg_package_open(const char *path, kg_problems *problems)
{
    unz_global_info64 info;
    if (!looks_right(path, problems))
        return NULL;
    kg_package *package = kg_alloc(1, sizeof *package);
    package->chunk = kg_alloc(CHUNK_BYTES, 1);
    package->zip = unzOpen64(path);
    if (!package->zip || unzGetGlobalInfo64(package->zip, &info) != UNZ_OK) {
        refuse(problems, "The workbook is damaged: its list of parts cannot be read. It may not "
                         "have been copied to its end.");
        kg_package_close(&package);
    } else if (info.number_entry > KG_PACKAGE_PARTS_MAX) {
        refuse(problems, "The workbook has more than 2000 parts: that is no plan.");
        kg_package_close(&package);
    }
    return package;
}

void kg_package_close(kg_package **package)
{
    kg_package *self = *package;
    if (!self)
        return;
    if (self->zip)
        unzClose(self->zip);
    free(self->chunk);
    free(self);
    *package = NULL;
}

bool kg_package_has(kg_package *package, const char *part)
{
    return unzLocateFile(package->zip, part, CASE_DOES_NOT_COUNT) == UNZ_OK;
}

static void refuse_part(kg_problems *problems, const char *part, const char *what)
{
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, part, "This part of the workbook %s",
                    what);
}

/* Has it unpacked to more than a plan does? */
static bool is_bomb(const kg_package *package, size_t unpacked, size_t packed)
{
    return package->unpacked > KG_PACKAGE_BYTES_MAX ||
           (unpacked > KG_PACKAGE_RATIO_FROM && unpacked / KG_PACKAGE_RATIO_MAX > packed);
}

/* Of the part that is open. Returns whether all was read that was to be; `*whole`: to its end. */
static bool unpack(kg_package *package, const char *part, size_t packed, bool *whole,
                   bool (*take)(void *context, const char *bytes, size_t count), void *context,
                   kg_problems *problems)
{
    size_t unpacked = 0;
    *whole = false;
    for (;;) {
        int count = unzReadCurrentFile(package->zip, package->chunk, CHUNK_BYTES);
        if (count < 0) {
            refuse_part(problems, part, KG_SAY("is damaged: it cannot be unpacked."));
            return false;
        }
        if (count == 0) {
            *whole = true;
            return true;
        }
        unpacked += (size_t)count;
        package->unpacked += (size_t)count;
        if (is_bomb(package, unpacked, packed)) {
            refuse_part(problems, part,
                        KG_SAY("unpacks to far more than a plan has. Copy your rows into "
                               "a new workbook, or send them as CSV."));
            return false;
        }
        if (!take(context, package->chunk, (size_t)count))
            return true;
    }
}

bool kg_package_read(kg_package *package, const char *part,
                     bool (*take)(void *context, const char *bytes, size_t count), void *context,
                     kg_problems *problems)
{
    unz_file_info64 info;
    bool whole;
    if (!kg_package_has(package, part)) {
        refuse_part(problems, part,
                    KG_SAY("is not there. Open the file in a spreadsheet program and save "
                           "it again as .xlsx."));
        return false;
    }
    if (unzGetCurrentFileInfo64(package->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK ||
        unzOpenCurrentFile(package->zip) != UNZ_OK) {
        refuse_part(problems, part,
                    KG_SAY("cannot be unpacked: it is damaged, or packed in a way that "
                           "workbooks are not."));
        return false;
    }
    bool right =
        unpack(package, part, (size_t)info.compressed_size, &whole, take, context, problems);
    bool intact = unzCloseCurrentFile(package->zip) == UNZ_OK;
    if (right && whole && !intact)
        refuse_part(problems, part, KG_SAY("is damaged: its checksum is wrong."));
    return right && (!whole || intact);
}

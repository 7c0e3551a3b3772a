/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_version.h"

#include <stdlib.h>

void kg_version_destroy(kg_version **version)
{
    if (!*version)
        return;
    for (size_t i = 0; i < (*version)->categories_count; i++)
        free((*version)->categories[i]);
    free((*version)->categories);
    free((*version)->cells);
    free(*version);
    *version = NULL;
}

kg_version *kg_version_archive(kg_version *version, const kg_archive *archive)
{
    size_t count = version != NULL;
    KG_ARCHIVE(archive, count);
    kg_version *own = kg_archive_array(archive, version, count, count, sizeof *version);
    if (!own)
        return NULL;
    own->cells =
        kg_archive_array(archive, own->cells, own->count, own->count, sizeof *own->cells);
    own->categories =
        kg_archive_array(archive, own->categories, own->categories_count, own->categories_count,
                         sizeof *own->categories);
    for (size_t i = 0; i < own->categories_count; i++)
        own->categories[i] = kg_archive_text(archive, own->categories[i]);
    return own;
}

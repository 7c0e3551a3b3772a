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

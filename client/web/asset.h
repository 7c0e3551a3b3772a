/* SPDX-License-Identifier: EUPL-1.2 */
/* The files of the page, built into the program. */
#ifndef KOPGROEP_WEB_ASSET_H
#define KOPGROEP_WEB_ASSET_H

#include <stddef.h>

typedef struct web_asset {
    const char *path; /* "/page/app.js" */
    const char *type; /* media type */
    const unsigned char *bytes, *end;
} web_asset;

/* The file at a path; NULL where there is none. Static. */
const web_asset *web_asset_find(const char *path);

#endif

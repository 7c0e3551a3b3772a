/* SPDX-License-Identifier: EUPL-1.2 */
/* Founding a deployment: its folder, keys, empty journal, and the first two records: the
 * catalogue in force and the first administrator. */
#ifndef KG_FOUND_H
#define KG_FOUND_H

#include <stdbool.h>

typedef struct kg_founding {
    const char *folder;        /* made, mode 0700; must not exist or be empty */
    const char *catalogue;     /* file: copied into the folder as catalogue.conf */
    const char *administrator; /* organisation id of the first administrator */
    const char *requests, *feeds; /* endpoints for broker.conf */
    const char *public_host;      /* for broker.conf; NULL: none */
    const char *journal;          /* PostgreSQL's connection string; NULL: a folder's */
    bool alone;                   /* there a server without a standby is good enough */
    bool configured; /* settings and catalogue are elsewhere, and stay there */
} kg_founding;

/* Leaves broker.key, broker.access, administrator.key and journal/, and, unless it is configured
 * already, broker.conf and catalogue.conf. False after saying on stderr what is wrong. */
bool kg_found(const kg_founding *founding);

#endif

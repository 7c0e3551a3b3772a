/* SPDX-License-Identifier: EUPL-1.2 */
/* broker.conf (libconfuse): checked settings. */
#ifndef KG_CONFIG_H
#define KG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/problem.h"

#define KG_CONFIG_KEYS 23 /* settings that there are */

typedef struct kg_config {
    char *folder;    /* owned, as all texts: journal, broker's identity */
    char *requests;  /* endpoint where clients ask: "tcp://127.0.0.1:7411" */
    char *feeds;     /* endpoint where hints are published */
    char *public_host; /* of this machine, as clients reach it; NULL: where it listens */
    char *catalogue; /* file */
    char *journal;   /* PostgreSQL's connection string; NULL: a folder's */
    bool journal_alone; /* a server without a standby will do */
    int journal_lease_s; /* of a journal elsewhere: how long it leads without being heard of */
    char *user;      /* whom the broker becomes when root starts it; NULL: nobody else */
    char *metrics;   /* address of /metrics, /healthz and /readyz; NULL: none */
    bool metrics_beyond_loopback;
    long map_gib;    /* how large the journal's file may grow */
    long disk_reserve_mib;
    int threads;     /* of a grouping */
    int scrub_days;  /* from one verifying of the journal to the next; 0: only at a start */
    int disclosure_organisations_min, disclosure_largest_percent, disclosure_two_percent,
        disclosure_p_percent;
    int disclosure_days; /* from one published version to the next */
    int lines_max;       /* open lines of an organisation; 0, as below: no limit */
    int connections_max; /* of a key, at once */
    int handshakes_max;  /* of a key, in a second */
    long rows[KG_CONFIG_KEYS]; /* of the file, by setting; 0: it is not in it */
} kg_config;

/* Relative paths are relative to the file's folder. Adds every problem; returns whether there was
 * none. kg_config_fini in either case. */
bool kg_config_read(const char *path, kg_config *config, kg_problems *problems);
void kg_config_fini(kg_config *config);

/* A setting as it is in force. */
typedef struct kg_config_entry {
    const char *name;
    enum { KG_CONFIG_TEXT, KG_CONFIG_NUMBER, KG_CONFIG_BOOL } form;
    const char *text; /* NULL: none */
    long row;         /* of the file; 0: the default */
} kg_config_entry;
/* Calls `each` for every setting there is, in the order of their list. */
void kg_config_each(const kg_config *config, void *context,
                    void (*each)(void *context, const kg_config_entry *entry));

/* Does an endpoint listen on every address of the machine, so that its text names none? */
bool kg_endpoint_is_everywhere(const char *endpoint);
/* A name or an address (IPv6 in brackets), without scheme and port, that clients can reach. */
bool kg_public_host_valid(const char *host);
/* The endpoint as clients reach it: `host`, unless NULL, in place of where it listens. */
void kg_endpoint_public(const char *endpoint, const char *host, char out[static 256]);

/* May a journal's place be shown: is it free of passwords? */
bool kg_config_journal_good(const char *place);
/* Where clients of this broker ask, as broker.access tells; false, and "", where the port is any
 * free one. */
bool kg_config_public_requests(const kg_config *config, char out[static 256]);

/* Places inside the folder; each returns owned. */
char *kg_config_journal(const kg_config *config);  /* FOLDER/journal, or where else it is */
char *kg_config_checkpoints(const kg_config *config); /* FOLDER/journal: where they are kept */
char *kg_config_checkpoint(const kg_config *config); /* FOLDER/journal/checkpoint */
char *kg_config_identity(const kg_config *config); /* FOLDER/broker.key */
char *kg_config_access(const kg_config *config);   /* FOLDER/broker.access */

#endif

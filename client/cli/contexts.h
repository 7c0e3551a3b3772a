/* SPDX-License-Identifier: EUPL-1.2 */
/* Contexts: named pairs of a broker's access file and an identity, for whoever works with several
 * brokers. A settings file of the user's own, `kopgroep/contexts.conf` in $XDG_CONFIG_HOME or
 * ~/.config:
 *
 *   current = "pilot"
 *   context "pilot" { broker = "/home/me/pilot/broker.access"  identity = "/home/me/BE-1.key" }
 */
#ifndef KOPGROEP_CLI_CONTEXTS_H
#define KOPGROEP_CLI_CONTEXTS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cli_named_context {
    char *name, *broker, *identity; /* owned; the last two are absolute paths, of several brokers
                                       with commas between them */
} cli_named_context;

typedef struct cli_contexts {
    cli_named_context *items; /* owned; by name */
    size_t count;
    char *current; /* owned; NULL: none */
    char *path;    /* owned: of the file */
} cli_contexts;

/* Reads the user's file; none is as good as an empty one. False after saying why on stderr. Fini
 * it in either case. */
bool cli_contexts_read(cli_contexts *out);
void cli_contexts_fini(cli_contexts *contexts);
/* Replaces the file as a whole, and makes its folder. False after saying why on stderr. */
bool cli_contexts_write(const cli_contexts *contexts);

/* Borrowed; NULL when there is none of this name. */
const cli_named_context *cli_contexts_find(const cli_contexts *contexts, const char *name);
/* Adds it, or gives it other files. Copies. */
void cli_contexts_put(cli_contexts *contexts, const char *name, const char *broker,
                      const char *identity);
/* False when there is none of this name. */
bool cli_contexts_remove(cli_contexts *contexts, const char *name);
/* NULL: none. */
void cli_contexts_use(cli_contexts *contexts, const char *name);
/* That there is none of this name, and which there are. On stderr. */
void cli_contexts_say_unknown(const cli_contexts *contexts, const char *name);

#endif

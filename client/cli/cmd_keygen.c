/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"

/* Typed twice on a terminal; returns owned, or NULL when the two differ. */
static char *ask_twice(void)
{
    char *first = strdup(getpass(_("Passphrase (at least 8 characters): ")));
    bool same = first && strcmp(first, getpass("Again: ")) == 0;
    if (!same || strlen(first) < 8) {
        fputs(same ? _("kopgroep: the passphrase is too short. Nothing was made.\n")
                   : _("kopgroep: the two passphrases differ. Nothing was made.\n"),
              stderr);
        free(first);
        return NULL;
    }
    return first;
}

static int run(const cli_arguments *arguments)
{
    char path[300];
    kopgroep_answer answer = {0};
    char *asked = NULL;
    const char *passphrase = NULL;
    snprintf(path, sizeof path, "%s.key", arguments->rest[0]);
    if (arguments->option['p']) {
        passphrase = getenv("KOPGROEP_PASSPHRASE");
        if (!passphrase && isatty(STDIN_FILENO))
            passphrase = asked = ask_twice();
        if (!passphrase) {
            cli_tell("kopgroep: no passphrase: type it on a terminal, or set "
                     "KOPGROEP_PASSPHRASE.\n");
            return KOPGROEP_USAGE;
        }
    }
    const char *file = cli_option(arguments, 'f', path);
    kopgroep_keygen(file, arguments->rest[0], passphrase, &answer);
    free(asked);
    if (answer.outcome == KOPGROEP_DONE && !arguments->quiet)
        cli_tell("%s is your identity: keep it secret, keep a copy.\nGive %s.pub to the "
                 "administrator, who registers it. In place of a key that you have, add it "
                 "yourself, with that one: kopgroep key add %s.pub\n",
                 file, file, file);
    answer.result[0] = '\0';
    return cli_finish(arguments, &answer);
}

static const struct argp_option options[] = {
    {"file", 'f', "FILE", 0, N_("where to write it (ORGANISATION.key)"), 0},
    {"passphrase", 'p', NULL, 0,
     N_("protect it with a passphrase, typed twice or from KOPGROEP_PASSPHRASE"), 0},
    {0},
};

const cli_command cli_keygen[] = {
    {"keygen", "ORGANISATION", 1, 1,
     N_("Make an identity: the keys that speak for an organisation"),
     "  kopgroep keygen BE-0316380940\n"
     "  kopgroep keygen BE-0316380940 --passphrase --file ~/.config/kopgroep/city.key\n",
     N_("An existing file is never overwritten."), options, run, false},
    {0},
};

/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd init DIR */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "broker/commands.h"
#include "broker/config.h"
#include "broker/found.h"
#include "broker/journal/journal.h"
#include "broker/settings.h"
#include "proto/sink.h"
#include "proto/text.h"

enum {
    CATALOGUE = 'c',
    ADMINISTRATOR = 'a',
    REQUESTS = 'r',
    FEEDS = 'f',
    PUBLIC_HOST = 'p',
    CONFIG = 256,
    JOURNAL,
    STANDBY
};

typedef struct kg_init {
    kg_founding founding;
    const char *config; /* file; NULL: one is made */
    bool described;     /* by options that would be settings in that file */
} kg_init;

static const struct argp_option options[] = {
    {"catalogue", CATALOGUE, "FILE", 0, "the catalogue to begin with (copied)", 0},
    {"administrator", ADMINISTRATOR, "ID", 0,
     "organisation id of the first administrator (administrator)", 0},
    {"requests", REQUESTS, "ENDPOINT", 0, "where clients ask (tcp://127.0.0.1:7411; port * = any)",
     0},
    {"feeds", FEEDS, "ENDPOINT", 0, "where hints are published (tcp://127.0.0.1:7412)", 0},
    {"public-host", PUBLIC_HOST, "HOST", 0,
     "this machine's name as clients reach it: needed where ENDPOINT is tcp://0.0.0.0:PORT", 0},
    {"journal", JOURNAL, "PLACE", 0,
     "a database for the journal, postgresql://USER@HOST/DATABASE (a folder's)", 0},
    {"journal-standby", STANDBY, "required|none", 0,
     "whether commits there must wait for a standby (required)", 0},
    {"config", CONFIG, "FILE", 0,
     "settings that are there already: the folder is the one that they name", 0},
    {0},
};

static void check(struct argp_state *state, const kg_init *init)
{
    const kg_founding *founding = &init->founding;
    if (init->config && (init->described || founding->folder))
        argp_error(state, "--config FILE says all but who is the first administrator");
    if (init->config)
        return;
    if (!founding->folder)
        argp_error(state, "name the folder to make");
    if (!founding->catalogue)
        argp_error(state, "--catalogue FILE is needed: the project ships one as "
                          "config/catalogue.conf");
    if (!founding->public_host && (kg_endpoint_is_everywhere(founding->requests) ||
                                   kg_endpoint_is_everywhere(founding->feeds)))
        argp_error(state, "to listen on every address, say with --public-host HOST which one "
                          "clients reach");
}

static void set_journal(struct argp_state *state, int key, const char *argument,
                        kg_founding *founding)
{
    if (key == JOURNAL && (kg_journal_is_here(argument) || strpbrk(argument, "\"\\")))
        argp_error(state, "--journal is postgresql://USER@HOST/DATABASE, not '%s'; without it the "
                          "journal is in the folder", argument);
    else if (key == JOURNAL && !kg_config_journal_good(argument))
        argp_error(state, "a password does not belong in --journal: name a file that only the "
                          "broker may read, passfile=/etc/kopgroep/pgpass");
    else if (key == JOURNAL)
        founding->journal = argument;
    else if (strcmp(argument, "none") != 0 && strcmp(argument, "required") != 0)
        argp_error(state, "--journal-standby is required or none, not '%s'", argument);
    else
        founding->alone = strcmp(argument, "none") == 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    kg_init *init = state->input;
    kg_founding *founding = &init->founding;
    init->described |= key == CATALOGUE || key == REQUESTS || key == FEEDS || key == PUBLIC_HOST ||
                       key == JOURNAL || key == STANDBY;
    switch (key) {
    case CONFIG:
        init->config = argument;
        break;
    case CATALOGUE:
        founding->catalogue = argument;
        break;
    case ADMINISTRATOR:
        if (!kg_id_valid(argument))
            argp_error(state, "an id is 1 to 64 of A-Z a-z 0-9 : . _ -, not '%s'", argument);
        founding->administrator = argument;
        break;
    case REQUESTS:
        founding->requests = argument;
        break;
    case FEEDS:
        founding->feeds = argument;
        break;
    case PUBLIC_HOST:
        if (!kg_public_host_valid(argument))
            argp_error(state,
                       "--public-host is a name or an address, without scheme and port, "
                       "not '%s'",
                       argument);
        founding->public_host = argument;
        break;
    case JOURNAL:
    case STANDBY:
        set_journal(state, key, argument, founding);
        break;
    case ARGP_KEY_ARG:
        if (founding->folder)
            argp_usage(state);
        founding->folder = argument;
        break;
    case ARGP_KEY_END:
        check(state, init);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static void tell(const kg_founding *founding, const char *config)
{
    printf("Made %s. Next:\n  kopgroepd run -c %s\n"
           "Give %s/broker.access to every client. %s/administrator.key is the identity of "
           "'%s': keep it safe.\n",
           founding->folder, config, founding->folder, founding->folder, founding->administrator);
}

/* Founds what the settings describe; they are checked as for a run. */
static bool found_configured(kg_init *init)
{
    kg_settings_of_broker settings;
    if (!kg_broker_settings_read(init->config, &settings))
        return false;
    init->founding.configured = true;
    init->founding.folder = settings.config.folder;
    init->founding.catalogue = settings.config.catalogue;
    init->founding.requests = settings.config.requests;
    init->founding.feeds = settings.config.feeds;
    init->founding.public_host = settings.config.public_host;
    init->founding.journal = settings.config.journal;
    init->founding.alone = settings.config.journal_alone;
    bool good = kg_found(&init->founding);
    if (good)
        tell(&init->founding, init->config);
    kg_broker_settings_fini(&settings);
    return good;
}

static bool found_new(const kg_founding *founding)
{
    kg_buffer path;
    if (!kg_found(founding))
        return false;
    kg_buffer_init(&path);
    kg_buffer_format(&path, "%s/broker.conf", founding->folder);
    tell(founding, path.bytes);
    kg_buffer_fini(&path);
    return true;
}

static const char doc[] =
    "Examples:\n"
    "  kopgroepd init --catalogue config/catalogue.conf /var/lib/kopgroep\n"
    "  kopgroepd init --catalogue config/catalogue.conf \\\n"
    "    --requests tcp://0.0.0.0:7411 --feeds tcp://0.0.0.0:7412 \\\n"
    "    --public-host kopgroep.example.org /var/lib/kopgroep\n"
    "  kopgroepd init --config /etc/kopgroep/broker.conf\n"
    "  kopgroepd init --catalogue config/catalogue.conf \\\n"
    "    --journal postgresql://kopgroep@db1,db2,db3/kopgroep /var/lib/kopgroep\n\n"
    "Makes a broker's folder: settings, keys, an empty journal, and the identity of the "
    "first administrator, who registers everybody else.\v"
    "Exit status: 0 done, 2 usage, 4 a bad catalogue or local I/O.";

const struct argp kg_argp_init = {options, parse, "[DIR]", doc, NULL, NULL, NULL};

int kg_cmd_init(int argc, char **argv)
{
    kg_init init = {.founding = {.administrator = "administrator",
                                 .requests = "tcp://127.0.0.1:7411",
                                 .feeds = "tcp://127.0.0.1:7412"}};
    argp_err_exit_status = 2;
    argp_parse(&kg_argp_init, argc, argv, 0, NULL, &init);
    return (init.config ? found_configured(&init) : found_new(&init.founding)) ? 0 : 4;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"
#include "client/web/server.h"

#define PORT_MAX 65535

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    stopped = number;
}

/* The first lets a question that waits for the broker have its answer, a second one does not. */
static void heed_signals(void)
{
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* False where the text is no port. */
static bool read_port(const char *text, unsigned *port)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    *port = (unsigned)number;
    return *text >= '0' && *text <= '9' && *end == '\0' && number <= PORT_MAX;
}

static int serve(kopgroep_session *session, unsigned port)
{
    char address[WEB_ADDRESS_BYTES];
    web_server *server = web_server_new(session, port);
    if (!server) {
        cli_tell("kopgroep web: port %u cannot be had: %s.\n", port, strerror(errno));
        return KOPGROEP_LOCAL;
    }
    heed_signals();
    web_server_address(server, address);
    cli_tell("The page of %s, for you alone, until you press Ctrl-C. Open in a browser:\n",
             kopgroep_organisation(session));
    puts(address);
    fflush(stdout);
    bool right = web_server_run(server, &stopped);
    web_server_destroy(&server);
    if (!right)
        cli_tell("kopgroep web: the page cannot be served any longer: %s.\n", strerror(errno));
    return right ? KOPGROEP_DONE : KOPGROEP_LOCAL;
}

static int run(const cli_arguments *arguments)
{
    int status;
    unsigned port;
    if (!read_port(cli_option(arguments, 'p', "0"), &port)) {
        cli_tell("kopgroep web: --port is a number from 0 to %d.\n", PORT_MAX);
        return KOPGROEP_USAGE;
    }
    kopgroep_session *session = cli_open(arguments, &status);
    if (!session)
        return status;
    status = serve(session, port);
    kopgroep_close(&session);
    return status;
}

static const struct argp_option options[] = {
    {"port", 'p', "PORT", 0, N_("on this port of 127.0.0.1 (one that is free)"), 0},
    {0},
};

const cli_command cli_web[] = {
    {"web", NULL, 0, 0,
     N_("A page on your own machine: volume, rounds, lots, your lines, your plan"),
     "  kopgroep web\n"
     "  kopgroep web --port 8080\n",
     N_("Prints an address to open in a browser of this machine. It holds a secret of this run, "
        "and the page answers to nobody else; it asks and does what your key may. In Dutch, "
        "French, German and English. Nothing is loaded from elsewhere. Ctrl-C ends it when the "
        "answer that it waits for is there, Ctrl-C again at once."),
     options, run, false},
    {0},
};

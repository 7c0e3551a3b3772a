/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/target.h"
#include "client/cli/tell.h"
#include "client/cli/witnesses.h"

enum { OFFLINE = 'o' };

static const cli_column columns[] = {
    {N_("record"), "sequence", true},
    {N_("time"), "time", false},
    {N_("organisation"), "organisation", false},
    {N_("kind"), "kind", false},
    {N_("in a history of"), "proven_size", true},
    {N_("leaf"), "leaf", false},
    {0},
};

static int offline(const cli_arguments *arguments)
{
    int status;
    cli_target target;
    kopgroep_answer answer = {0};
    bool found = cli_target_find(arguments, &target, &status);
    if (found && target.broker) {
        kopgroep_verify_offline(target.broker, arguments->rest[0], &answer);
        status = cli_show_answer(arguments, &answer, columns, NULL);
    } else if (found) {
        cli_target_say_missing(&target);
        status = KOPGROEP_USAGE;
    }
    cli_target_fini(&target);
    return status;
}

static int run(const cli_arguments *arguments)
{
    int status = KOPGROEP_USAGE;
    kopgroep_answer answer = {0};
    cli_witnesses witnesses;
    if (!cli_witnesses_read(arguments, &witnesses))
        return KOPGROEP_USAGE;
    if (arguments->option[OFFLINE] && witnesses.wanted.count > 0) {
        cli_tell("kopgroep verify: --witness needs the broker; leave out --offline.\n");
    } else if (arguments->option[OFFLINE]) {
        status = offline(arguments);
    } else {
        kopgroep_session *session = cli_open(arguments, &status);
        if (session) {
            kopgroep_verify(session, arguments->rest[0], &witnesses.wanted, &answer);
            status = cli_show_answer(arguments, &answer, columns, NULL);
        }
        kopgroep_close(&session);
    }
    cli_witnesses_fini(&witnesses);
    return status;
}

static const struct argp_option options[] = {
    {"offline", OFFLINE, NULL, 0, N_("without the broker: as far as the receipt itself proves"), 0},
    CLI_WITNESS_OPTIONS,
    {0},
};

const cli_command cli_verify[] = {
    {"verify", "RECEIPT", 1, 1, N_("Prove what a receipt file says"),
     "  kopgroep submit plan.csv --receipt plan.receipt\n"
     "  kopgroep verify plan.receipt\n"
     "  kopgroep verify plan.receipt --offline --broker broker.access\n",
     N_("Of each message in the file: it carries the member's signature; with its time and number "
        "it "
        "is in the history that the broker signed; and, unless --offline, the broker's history is "
        "still that one. With --witness, witnesses must have seen it there. Any failure is exit "
        "status 1. Offline no identity is needed, and whoever has the broker's access file can "
        "verify "
        "what another one holds."),
     options, run, false},
    {0},
};

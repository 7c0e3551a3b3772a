/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/tell.h"

static void act(kopgroep_session *session, const cli_arguments *arguments,
                kopgroep_answer *answer)
{
    kopgroep_register(session, arguments->rest[0], cli_option(arguments, 'i', NULL),
                      cli_option(arguments, 'k', NULL),
                      cli_option(arguments, 'r', "organisation"), answer);
}

static int run(const cli_arguments *arguments)
{
    return cli_do(arguments, act);
}

static const struct argp_option options[] = {
    {"id", 'i', "ID", 0, N_("the organisation of the file to register (all of them)"), 0},
    {"key", 'k', "FILE", 0, N_("its public key, made by keygen (FILE.pub)"), 0},
    {"roles", 'r', "ROLE,...", 0,
     N_("what the key may do: organisation, coordinator, reader, administrator, witness "
        "(organisation)"),
     0},
    {0},
};

const cli_command cli_register[] = {
    {"register", "FILE", 1, 1, N_("Register organisations and their keys (administrators)"),
     "  kopgroep register organisations.conf --id BE-0316380940 --key city.key.pub\n"
     "  kopgroep register organisations.conf --id BE-0316380940 --key hub.key.pub "
     "--roles coordinator\n",
     N_("FILE holds organisation records, as config/README.md shows. A record that is registered "
        "again replaces the earlier one."),
     options, run, true},
    {0},
};

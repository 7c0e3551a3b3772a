/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column columns[] = {
    {N_("organisation"), "organisation", false},
    {N_("key"), "key", false},
    {N_("roles"), "roles", false},
    {N_("state"), "state", false},
    {N_("revoked"), "revoked", false},
    {0},
};

static int run_list(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_KEYS,
                                  .organisation = arguments->option['o']};
    return cli_ask(arguments, &question, columns, NULL);
}

static void add(kopgroep_session *session, const cli_arguments *arguments, kopgroep_answer *answer)
{
    kopgroep_key_add(session, arguments->rest[0], arguments->option['r'], answer);
}

static int run_add(const cli_arguments *arguments)
{
    return cli_do(arguments, add);
}

static void revoke(kopgroep_session *session, const cli_arguments *arguments,
                   kopgroep_answer *answer)
{
    kopgroep_key_revoke(session, arguments->option['o'], arguments->rest[0], arguments->option['m'],
                        answer);
}

static int run_revoke(const cli_arguments *arguments)
{
    return cli_do(arguments, revoke);
}

static const struct argp_option list_options[] = {
    {"organisation", 'o', "ID", 0, N_("another organisation's keys (administrators)"), 0},
    {0},
};

static const struct argp_option add_options[] = {
    {"roles", 'r', "ROLE,...", 0, N_("what it may do (all that the key which signs may do)"), 0},
    {0},
};

static const struct argp_option revoke_options[] = {
    {"organisation", 'o', "ID", 0, N_("another organisation's key (administrators)"), 0},
    {"reason", 'm', "TEXT", 0, N_("why, for its feed"), 0},
    {0},
};

const cli_command cli_key[] = {
    {"key list", NULL, 0, 0, N_("Your organisation's keys, present and revoked"),
     "  kopgroep key list\n  kopgroep key list --organisation BE-0316380940\n", NULL, list_options,
     run_list, false},
    {"key add", "FILE", 1, 1, N_("Add a key to your organisation, by one that it has"),
     "  kopgroep keygen BE-0316380940 --file new.key\n"
     "  kopgroep key add new.key.pub\n"
     "  kopgroep key add analyst.key.pub --roles reader\n",
     N_("A key may add keys that may do no more than itself. FILE is the public half that keygen "
        "made."),
     add_options, run_add, true},
    {"key revoke", "KEY", 1, 1, N_("Revoke a key: from then on nothing is taken of it"),
     "  kopgroep key revoke 3f0c9a52e1d47b88 --identity new.key\n"
     "  kopgroep key revoke 3f0c9a52e1d47b88 --organisation BE-0316380940 --reason \"laptop "
     "lost\"\n",
     N_("KEY is the first digits of a key, at least eight, as key list shows it, or its public "
        "file. "
        "It takes effect at once and for good: the pair can never be registered again. Your own "
        "organisation's keys you revoke with one that may do as much; administrators revoke any, "
        "but "
        "not the last administrator's."),
     revoke_options, run_revoke, true},
    {0},
};

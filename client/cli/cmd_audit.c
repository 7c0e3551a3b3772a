/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <unistd.h>

#include "client/cli/commands.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"
#include "client/cli/witnesses.h"

#define DAY_S 86400

static const cli_column columns[] = {
    {N_("records"), "size", false},
    {N_("signed"), "time", false},
    {N_("root"), "root", false},
    {N_("continues"), "seen_size", false},
    {N_("  which was of"), "seen_time", false},
    {N_("kept in"), "kept_in", false},
    {0},
};

static const cli_column cosignature_columns[] = {
    {N_("cosigned by"), "organisation", false},
    {N_("records"), "size", true},
    {N_("at"), "time", false},
    {N_("key"), "key", false},
    {0},
};

static void show(const json_t *object)
{
    const json_t *cosignatures = cli_at(object, "cosignatures");
    cli_show_fields(object, columns);
    if (json_array_size(cosignatures) > 0) {
        printf("\n");
        cli_show_table(cosignatures, cosignature_columns, "Nothing to show.");
    }
}

static int run_audit(const cli_arguments *arguments)
{
    int status = KOPGROEP_USAGE;
    kopgroep_answer answer = {0};
    cli_witnesses witnesses;
    long hours = cli_number(arguments, 'h', "hours", 8760, 24);
    if (hours == 0 || !cli_witnesses_read(arguments, &witnesses))
        return KOPGROEP_USAGE;
    witnesses.wanted.hours = (int)hours;
    kopgroep_session *session = cli_open(arguments, &status);
    if (session) {
        kopgroep_audit(session, &witnesses.wanted, &answer);
        status = cli_show_answer(arguments, &answer, columns, show);
    }
    kopgroep_close(&session);
    cli_witnesses_fini(&witnesses);
    return status;
}

/* Once, or until something is wrong that waiting does not mend. */
static int run_witness(const cli_arguments *arguments)
{
    int status;
    long every = cli_number(arguments, 'e', "every", DAY_S, DAY_S);
    if (every == 0)
        return KOPGROEP_USAGE;
    do {
        kopgroep_answer answer = {0};
        kopgroep_session *session = cli_open(arguments, &status);
        if (!session && status != KOPGROEP_NOT_REACHED)
            return status;
        if (session) {
            kopgroep_witness(session, &answer);
            status = cli_finish(arguments, &answer);
        }
        kopgroep_close(&session);
        if (status != 0 && status != KOPGROEP_NOT_REACHED)
            return status;
    } while (arguments->option['e'] && sleep((unsigned)every) == 0);
    return status;
}

static const struct argp_option audit_options[] = {
    CLI_WITNESS_OPTIONS,
    {"hours", 'h', "N", 0, N_("how old a cosignature may be (24)"), 0},
    {0},
};

static const struct argp_option witness_options[] = {
    {"every", 'e', "SECONDS", 0, N_("go on, and cosign again each so many seconds"), 0},
    {0},
};

const cli_command cli_audit[] = {
    {"audit", NULL, 0, 0, N_("Has the broker changed what it recorded before"),
     "  kopgroep audit\n"
     "  kopgroep audit --witness court-of-audit.pub,union.pub --witnesses-min 1\n",
     N_("The broker signs its history; the newest signed head that was seen is kept beside the "
        "identity (FILE.DEPLOYMENT.head), by every command that changes something and by this one. "
        "Each later head must be proven to continue it: a broker that changed, dropped, inserted "
        "or "
        "reordered a record before it cannot, and the exit status is 1. A broker that shows "
        "different "
        "histories to different members is found out by a witness that both of them ask for."),
     audit_options, run_audit, false},
    {"witness", NULL, 0, 0, N_("Cosign the broker's history (for a key with the role witness)"),
     "  kopgroep witness\n"
     "  kopgroep witness --every 3600\n",
     N_("Cosigns only what is proven to continue all that was cosigned before, as the file beside "
        "the "
        "identity keeps it. Run it on a machine that the broker's administrators do not hold. The "
        "members get your public key file from you, not from the broker."),
     witness_options, run_witness, false},
    {0},
};

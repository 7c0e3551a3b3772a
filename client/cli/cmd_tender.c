/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "client/cli/commands.h"
#include "client/cli/market.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static kopgroep_question together(const cli_arguments *arguments)
{
    return (kopgroep_question){.view = KOPGROEP_VIEW_TENDER,
                               .lots = arguments->rest + 1,
                               .lots_count = arguments->count - 1};
}

static void warn_of(const json_t *tender)
{
    size_t i;
    const json_t *market;
    json_array_foreach(cli_at(tender, "market"), i, market)
        cli_market_warn(json_string_value(cli_at(market, "lot")), market);
}

/* What the market is known not to prove is said before anything is launched, and stops nothing. */
static void warn(kopgroep_session *session, const cli_arguments *arguments)
{
    kopgroep_answer answer = {0};
    const kopgroep_question question = together(arguments);
    kopgroep_ask(session, &question, &answer);
    json_t *tender = answer.outcome == KOPGROEP_DONE ? json_loads(answer.document, 0, NULL) : NULL;
    warn_of(tender);
    json_decref(tender);
    kopgroep_answer_fini(&answer);
}

static void launch(kopgroep_session *session, const cli_arguments *arguments,
                   kopgroep_answer *answer)
{
    warn(session, arguments);
    kopgroep_tender_launch(session, arguments->rest[0], arguments->option['t'],
                           arguments->option['l'], arguments->rest + 1, arguments->count - 1,
                           answer);
}

static const cli_column columns[] = {
    {N_("tender"), "tender", false},
    {N_("title"), "title", false},
    {N_("round"), "round", false},
    {N_("lead"), "lead", false},
    {N_("launched"), "launched", false},
    {N_("lots"), "lots", false},
    {N_("quantity"), "quantity", true},
    {N_("most"), "quantity_max", true},
    {N_("value"), "value", true},
    {N_("value, most"), "value_max", true},
    {0},
};

static const cli_column fields[] = {
    {N_("tender"), "tender", false},
    {N_("title"), "title", false},
    {N_("round"), "round", false},
    {N_("lead buyer"), "lead", false},
    {N_("launched"), "launched", false},
    {N_("lots"), "lots", false},
    {N_("quantity"), "quantity", false},
    {N_("quantity, most"), "quantity_max", false},
    {N_("value"), "value", false},
    {N_("value, most"), "value_max", false},
    {N_("threshold together"), "regime", false},
    {0},
};

static const cli_column alone[] = {
    {N_("organisation"), "organisation", false},
    {N_("name"), "name", false},
    {N_("value, most"), "value_max", true},
    {N_("threshold alone"), "regime_alone", false},
    {0},
};

static void show(const json_t *tender)
{
    cli_show_fields(tender, fields);
    cli_show_title(_("Each member alone"));
    cli_show_table(cli_at(tender, "alone"), alone, "Nobody.");
    warn_of(tender);
}

/* What the lots would be together: sums and thresholds, nothing launched. */
static int preview(const cli_arguments *arguments)
{
    kopgroep_question question = together(arguments);
    return cli_ask(arguments, &question, fields, show);
}

static int run_launch(const cli_arguments *arguments)
{
    if (arguments->option['n'])
        return preview(arguments);
    if (!arguments->option['l']) {
        cli_tell("kopgroep tender launch: --lead ORGANISATION is needed.\n");
        return KOPGROEP_USAGE;
    }
    return cli_do(arguments, launch);
}

static int run_list(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_TENDERS};
    return cli_ask(arguments, &question, columns, NULL);
}

static int run_show(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_TENDER, .tender = arguments->rest[0]};
    return cli_ask(arguments, &question, columns, show);
}

static const struct argp_option launch_options[] = {
    {"lead", 'l', "ORGANISATION", 0, N_("the lead buyer: a member that can lead"), 0},
    {"title", 't', "TEXT", 0, N_("the tender's title"), 0},
    {"dry-run", 'n', NULL, 0, N_("show sums and thresholds of the lots together, launch nothing"),
     0},
    {0},
};

const cli_command cli_tender[] = {
    {"tender launch", "TENDER LOT...", 2, CLI_ARGUMENTS_MAX,
     N_("Launch confirmed lots as one joint tender (coordinators)"),
     "  kopgroep tender launch T-2027-1 2027-laptops/laptop/BE/1 2027-laptops/monitor/BE/1 "
     "--lead BE-0316380940 --title \"Laptops and screens\"\n"
     "  kopgroep tender launch T-2027-1 2027-laptops/laptop/BE/1 2027-laptops/monitor/BE/1 "
     "--dry-run\n",
     N_("From then on the membership is fixed."), launch_options, run_launch, true},
    {"tender list", NULL, 0, 0, N_("Tenders: your own, or of your rounds"),
     "  kopgroep tender list\n", NULL, NULL, run_list, false},
    {"tender show", "TENDER", 1, 1, N_("A tender: lots, sums, thresholds alone and together"),
     "  kopgroep tender show T-2027-1\n", NULL, NULL, run_show, false},
    {0},
};

/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>

#include "client/cli/commands.h"
#include "client/cli/lot_offers.h"
#include "client/cli/lot_show.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static void confirm(kopgroep_session *session, const cli_arguments *arguments,
                    kopgroep_answer *answer)
{
    kopgroep_lot_confirm(session, arguments->rest[0], arguments->rest + 1, arguments->count - 1,
                         answer);
}

static void decline(kopgroep_session *session, const cli_arguments *arguments,
                    kopgroep_answer *answer)
{
    kopgroep_lot_decline(session, arguments->rest[0], arguments->rest + 1, arguments->count - 1,
                         arguments->option['m'], answer);
}

static void award(kopgroep_session *session, const cli_arguments *arguments,
                  kopgroep_answer *answer)
{
    kopgroep_lot_award(session, arguments->rest[0], cli_option(arguments, 's', ""),
                       arguments->option['p'], arguments->option['l'], arguments->option['e'],
                       answer);
}

static void award_offer(kopgroep_session *session, const cli_arguments *arguments,
                        kopgroep_answer *answer)
{
    kopgroep_lot_award_offer(session, arguments->rest[0], arguments->option['o'], answer);
}

static void fail(kopgroep_session *session, const cli_arguments *arguments,
                 kopgroep_answer *answer)
{
    kopgroep_lot_fail(session, arguments->rest[0], cli_option(arguments, 'm', ""), answer);
}

static int run_confirm(const cli_arguments *arguments)
{
    return cli_do(arguments, confirm);
}

static int run_decline(const cli_arguments *arguments)
{
    return cli_do(arguments, decline);
}

static int run_award(const cli_arguments *arguments)
{
    if ((arguments->option['s'] != NULL) == (arguments->option['o'] != NULL)) {
        cli_tell("kopgroep lot award: give --supplier NAME, or --offer NAME for one whose "
                 "offer was recorded.\n");
        return KOPGROEP_USAGE;
    }
    if (arguments->option['o'])
        return cli_do(arguments, award_offer);
    return cli_do(arguments, award);
}

static int run_fail(const cli_arguments *arguments)
{
    if (!arguments->option['m']) {
        cli_tell("kopgroep %s: --reason TEXT is needed: the members see it.\n", arguments->command);
        return KOPGROEP_USAGE;
    }
    return cli_do(arguments, fail);
}

/* Pieces that --quantity names; -1 without, -2 when it is not a whole number above 0. */
static int64_t quantity_of(const cli_arguments *arguments)
{
    char *end;
    if (!arguments->option['n'])
        return -1;
    long long quantity = strtoll(arguments->option['n'], &end, 10);
    return *end == '\0' && quantity > 0 ? quantity : -2;
}

static void call_off(kopgroep_session *session, const cli_arguments *arguments,
                     kopgroep_answer *answer)
{
    kopgroep_lot_call_off(session, arguments->rest[0], arguments->option['f'],
                          quantity_of(arguments), arguments->option['v'], answer);
}

static int run_call_off(const cli_arguments *arguments)
{
    if (quantity_of(arguments) == -2) {
        cli_tell("kopgroep lot call-off: --quantity is a whole number above 0.\n");
        return KOPGROEP_USAGE;
    }
    return cli_do(arguments, call_off);
}

static const cli_column list_columns[] = {
    {N_("lot"), "lot", false},
    {N_("state"), "state", false},
    {N_("track"), "track", false},
    {N_("condition"), "condition", false},
    {N_("language"), "language", false},
    {N_("steps"), "steps", true},
    {N_("from"), "window.from", false},
    {N_("to"), "window.to", false},
    {N_("bodies"), "bodies", true},
    {N_("quantity"), "quantity", true},
    {N_("most"), "quantity_max", true},
    {N_("value"), "value", true},
    {N_("value, most"), "value_max", true},
    {N_("own lines"), "own_lines", false},
    {0},
};

/* The result form of DESIGN is what a coordinator's programs read. */
static int run_list(const cli_arguments *arguments)
{
    kopgroep_question question = {
        .view = arguments->option['x'] || arguments->option['P'] ? KOPGROEP_VIEW_RESULT
                                                                 : KOPGROEP_VIEW_LOTS,
        .round = arguments->count ? arguments->rest[0] : NULL,
        .proposed = arguments->option['P'] != NULL,
    };
    if (question.view != KOPGROEP_VIEW_RESULT)
        return cli_ask(arguments, &question, list_columns, NULL);
    if (!question.round) {
        cli_tell("kopgroep lot list: --result and --proposed need a ROUND.\n");
        return KOPGROEP_USAGE;
    }
    cli_no_workbook(arguments);
    cli_arguments json = *arguments;
    json.output = CLI_JSON;
    return cli_ask(&json, &question, NULL, NULL);
}

static int run_show(const cli_arguments *arguments)
{
    kopgroep_question question = {.view = KOPGROEP_VIEW_LOT, .lot = arguments->rest[0]};
    return cli_ask(arguments, &question, list_columns, cli_show_lot);
}

static const struct argp_option list_options[] = {
    {"result", 'x', NULL, 0, N_("the whole result as JSON, lines left out too (coordinators)"), 0},
    {"proposed", 'P', NULL, 0, N_("the same as it was proposed"), 0},
    {0},
};

static const struct argp_option reason_options[] = {
    {"reason", 'm', "TEXT", 0, N_("why; the coordinator sees it"), 0},
    {0},
};

static const struct argp_option award_options[] = {
    {"offer", 'o', "NAME", 0, N_("who won, with price, levels and labels of its recorded offer"),
     0},
    {"supplier", 's', "NAME", 0, N_("who won"), 0},
    {"unit-price", 'p', "EUR", 0, N_("price of one piece, without VAT"), 0},
    {"levels", 'l', "CRITERION=LEVEL ...", 0, N_("levels delivered, where above the lot's"), 0},
    {"evidence", 'e', "TEXT", 0, N_("labels, certificates, reports that prove them"), 0},
    {0},
};

static const struct argp_option call_off_options[] = {
    {"quantity", 'n', "PIECES", 0, N_("how many pieces"), 0},
    {"value", 'v', "EUR", 0, N_("the order's value; else pieces times the unit price"), 0},
    {"for", 'f', "ORGANISATION", 0, N_("the member that orders (coordinators)"), 0},
    {0},
};

const cli_command cli_lot[] = {
    {"lot list", "[ROUND]", 0, 1, N_("Lots: your own, or a round's for its coordinator"),
     "  kopgroep lot list\n"
     "  kopgroep lot list 2027-laptops\n"
     "  kopgroep lot list 2027-laptops --result > 2027-laptops.lots.json\n",
     NULL, list_options, run_list, false},
    {"lot show", "LOT", 1, 1, N_("A lot: criteria, members, thresholds, decision support"),
     "  kopgroep lot show 2027-laptops/laptop/BE/1\n",
     N_("Sums are given in bands where the exact ones would tell about another member."), NULL,
     run_show, false},
    {"lot confirm", "LOT [LINE...]", 1, CLI_ARGUMENTS_MAX,
     N_("Confirm your place in a lot (all your lines, or those named)"),
     "  kopgroep lot confirm 2027-laptops/laptop/BE/1\n",
     N_("A confirmation is your signed mandate to buy together."), NULL, run_confirm, true},
    {"lot decline", "LOT [LINE...]", 1, CLI_ARGUMENTS_MAX,
     N_("Decline your place in a lot (all your lines, or those named)"),
     "  kopgroep lot decline 2027-laptops/laptop/BE/1 --reason \"budget moved to 2028\"\n", NULL,
     reason_options, run_decline, true},
    {"lot offers", "LOT [FILE]", 1, 2,
     N_("Offers for a launched lot by their cost over the whole life; with FILE: record them"),
     "  kopgroep lot offers 2027-laptops/laptop/BE/1 offers.xlsx\n"
     "  kopgroep lot offers 2027-laptops/laptop/BE/1\n",
     N_("FILE has a section an offer, of one piece, without VAT: offer \"Supplier NV\" { "
        "unit_price = "
        "\"812.50\" lifetime_years = \"6\" energy_kwh_year = \"35\" service_year = \"15\" "
        "residual_value = \"60\" take_back = \"0\" installation = \"20\" levels = "
        "{\"warranty-years=5\"} labels = {\"TCO Certified 10\"} }. Or it is a CSV (*.csv) or an "
        "Excel workbook with a row an offer, below a row with these names and supplier, in any "
        "order; levels in one cell with blanks between, labels with semicolons. It takes the place "
        "of what was "
        "recorded. The order is by cost a year of use: price, installation, energy and its CO2, "
        "service, taking back, less what it is worth at the end, discounted, by the figures that "
        "the "
        "catalogue gives for the category (life_cycle). Coordinators record; members see it too."),
     NULL, cli_lot_offers, true},
    {"lot award", "LOT", 1, 1, N_("Record a lot's award (coordinators)"),
     "  kopgroep lot award 2027-laptops/laptop/BE/1 --supplier \"Supplier NV\" "
     "--unit-price 812.50 --evidence \"TCO Certified 10\"\n"
     "  kopgroep lot award 2027-laptops/laptop/BE/1 --offer \"Supplier NV\"\n",
     NULL, award_options, run_award, true},
    {"lot call-off", "LOT", 1, 1, N_("Record an order under an awarded lot"),
     "  kopgroep lot call-off 2027-laptops/laptop/BE/1 --quantity 120\n"
     "  kopgroep lot call-off 2027-laptops/laptop/BE/1 --quantity 20 --for BE-0316380940\n",
     N_("Orders count down to the maximum of the lot as a whole, whoever orders; at zero it is "
        "exhausted."),
     call_off_options, run_call_off, true},
    {"lot fail", "LOT", 1, 1, N_("Give a lot up and free its lines (coordinators)"),
     "  kopgroep lot fail 2027-laptops/laptop/BE/1 --reason \"no valid offer\"\n", NULL,
     reason_options, run_fail, true},
    {0},
};

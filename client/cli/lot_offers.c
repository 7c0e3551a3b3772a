/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/lot_offers.h"

#include <stdio.h>

#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column offers[] = {
    {N_("rank"), "rank", true},
    {N_("supplier"), "supplier", false},
    {N_("cost a year"), "life_cost_year", true},
    {N_("whole life"), "life_cost", true},
    {N_("years"), "years", true},
    {N_("unit price"), "unit_price", true},
    {N_("kWh a year"), "energy_kwh_year", true},
    {N_("service a year"), "service_year", true},
    {N_("worth at the end"), "residual_value", true},
    {N_("take-back"), "take_back", true},
    {N_("meets all"), "meets", false},
    {0},
};

static const cli_column demands[] = {
    {N_("supplier"), "supplier", false},
    {N_("criterion"), "criterion", false},
    {N_("asked"), "asked", false},
    {N_("offered"), "offered", false},
    {N_("verdict"), "verdict", false},
    {N_("label"), "label", false},
    {0},
};

static const cli_column parameters[] = {
    {N_("counted years, most"), "years_max", false},
    /* xgettext:no-c-format */
    {N_("discount, % a year"), "discount_percent", false},
    {N_("electricity, cents a kWh"), "electricity_cents_kwh", false},
    {N_("CO2, grams a kWh"), "emission_grams_kwh", false},
    {N_("CO2, EUR a tonne"), "carbon_price", false},
    {N_("source"), "source", false},
    {0},
};

/* Every demand of every offer, as rows of one table. Returns a new reference. */
static json_t *all_demands(const json_t *document)
{
    size_t i, k;
    json_t *offer, *demand, *out = json_array();
    json_array_foreach(cli_at(document, "offers"), i, offer)
        json_array_foreach(cli_at(offer, "demands"), k, demand)
    {
        json_t *row = json_copy(demand);
        json_object_set(row, "supplier", cli_at(offer, "supplier"));
        json_array_append_new(out, row);
    }
    return out;
}

static void show(const json_t *document)
{
    const json_t *by = cli_at(document, "parameters");
    json_t *rows = all_demands(document);
    cli_show_table(cli_at(document, "offers"), offers, "No offers were recorded.");
    cli_show_part(rows, "What each offers of what the lot asks", demands);
    json_decref(rows);
    if (json_is_object(by)) {
        cli_show_title(_("Counted with, of one piece, without VAT"));
        cli_show_fields(by, parameters);
    } else {
        cli_tell("kopgroep: the catalogue does not say how the cost over the whole life is "
                 "counted for this category (life_cycle): ranked by price.\n");
    }
}

static void record(kopgroep_session *session, const cli_arguments *arguments,
                   kopgroep_answer *answer)
{
    kopgroep_lot_offers(session, arguments->rest[0], arguments->rest[1], answer);
}

int cli_lot_offers(const cli_arguments *arguments)
{
    if (arguments->count == 1 && arguments->receipt) {
        cli_tell("kopgroep lot offers: --receipt goes with a FILE.\n");
        return KOPGROEP_USAGE;
    }
    const kopgroep_question question = {.view = KOPGROEP_VIEW_OFFERS, .lot = arguments->rest[0]};
    return arguments->count == 2 ? cli_do(arguments, record)
                                 : cli_ask(arguments, &question, offers, show);
}

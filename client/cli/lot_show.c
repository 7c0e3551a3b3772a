/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/lot_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/market.h"
#include "client/cli/practice_show.h"
#include "client/cli/show.h"
#include "client/cli/tell.h"

static const cli_column fields[] = {
    {N_("lot"), "lot", false},
    {N_("state"), "state", false},
    {N_("track"), "track", false},
    {N_("category"), "category", false},
    {N_("condition"), "condition", false},
    {N_("region"), "nuts", false},
    {N_("language"), "language", false},
    {N_("criteria"), "criteria", false},
    {N_("ambition steps"), "steps", false},
    {N_("delivery from"), "window.from", false},
    {N_("delivery to"), "window.to", false},
    {N_("organisations"), "bodies", false},
    {N_("quantity, least"), "quantity_min", false},
    {N_("quantity"), "quantity", false},
    {N_("quantity, most"), "quantity_max", false},
    {N_("value"), "value", false},
    {N_("value, most"), "value_max", false},
    {N_("sums are exact"), "exact", false},
    {N_("threshold"), "regime", false},
    {N_("suggested lead"), "lead", false},
    {N_("free ambition"), "headroom", false},
    {N_("own lines"), "own_lines", false},
    {N_("tender"), "tender", false},
    {N_("supplier"), "award.supplier", false},
    {N_("unit price"), "award.unit_price", false},
    {N_("delivered"), "award.delivered", false},
    {N_("evidence"), "award.evidence", false},
    {N_("left: pieces"), "remaining.quantity", false},
    {N_("left: value"), "remaining.value", false},
    {N_("reason"), "reason", false},
    {0},
};

static const cli_column alone[] = {
    {N_("organisation"), "organisation", false},
    {N_("name"), "name", false},
    {N_("value, most"), "value_max", true},
    {N_("threshold alone"), "regime_alone", false},
    {0},
};

static const cli_column lines[] = {
    {N_("organisation"), "organisation", false},
    {N_("line"), "line", false},
    {N_("track"), "track", false},
    {N_("commitment"), "commitment", false},
    {N_("quantity"), "quantity", true},
    {N_("value"), "value", true},
    {N_("answer"), "answer", false},
    {N_("moved"), "moved", false},
    {0},
};

static const cli_column curve[] = {
    {N_("if this were"), "criterion", false},
    {N_("at"), "to", false},
    {N_("organisations"), "bodies", true},
    {N_("value"), "value", true},
    {0},
};

void cli_show_lot(const json_t *lot)
{
    cli_show_fields(lot, fields);
    cli_show_part(cli_at(lot, "lines"), "Lines", lines);
    cli_show_part(cli_at(lot, "alone"), "Each member alone", alone);
    cli_show_part(cli_at(lot, "ambition_curve"),
                  "Ambition curve: the lot as it is (first row), and one level lower", curve);
    cli_market_show(cli_at(lot, "market"));
    cli_practice_show_clauses(cli_at(lot, "clauses"));
    cli_market_warn(json_string_value(cli_at(lot, "lot")), cli_at(lot, "market"));
}

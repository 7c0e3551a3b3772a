/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/lot_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/market.h"
#include "client/cli/show.h"

static const cli_column fields[] = {
    {"lot", "lot", false},
    {"state", "state", false},
    {"track", "track", false},
    {"category", "category", false},
    {"condition", "condition", false},
    {"region", "nuts", false},
    {"language", "language", false},
    {"criteria", "criteria", false},
    {"ambition steps", "steps", false},
    {"delivery from", "window.from", false},
    {"delivery to", "window.to", false},
    {"organisations", "bodies", false},
    {"quantity, least", "quantity_min", false},
    {"quantity", "quantity", false},
    {"quantity, most", "quantity_max", false},
    {"value", "value", false},
    {"value, most", "value_max", false},
    {"sums are exact", "exact", false},
    {"threshold", "regime", false},
    {"suggested lead", "lead", false},
    {"free ambition", "headroom", false},
    {"own lines", "own_lines", false},
    {"tender", "tender", false},
    {"supplier", "award.supplier", false},
    {"unit price", "award.unit_price", false},
    {"delivered", "award.delivered", false},
    {"evidence", "award.evidence", false},
    {"left: pieces", "remaining.quantity", false},
    {"left: value", "remaining.value", false},
    {"reason", "reason", false},
    {0},
};

static const cli_column alone[] = {
    {"organisation", "organisation", false}, {"name", "name", false},
    {"value, most", "value_max", true},      {"threshold alone", "regime_alone", false},
    {0},
};

static const cli_column lines[] = {
    {"organisation", "organisation", false}, {"line", "line", false},
    {"track", "track", false},               {"commitment", "commitment", false},
    {"quantity", "quantity", true},          {"value", "value", true},
    {"answer", "answer", false},             {"moved", "moved", false},
    {0},
};

static const cli_column curve[] = {
    {"if this were", "criterion", false}, {"at", "to", false},
    {"organisations", "bodies", true},    {"value", "value", true},
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
    cli_market_warn(json_string_value(cli_at(lot, "lot")), cli_at(lot, "market"));
}

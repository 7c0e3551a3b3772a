/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/command.h"

#include <string.h>

const char *kg_kind_name(kg_kind kind)
{
    switch (kind) {
    case KG_KIND_NONE:
        return NULL;
    case KG_KIND_SUBMIT:
        return "submit";
    case KG_KIND_WITHDRAW:
        return "withdraw";
    case KG_KIND_LOT_CONFIRM:
        return "lot-confirm";
    case KG_KIND_LOT_DECLINE:
        return "lot-decline";
    case KG_KIND_LOT_CALL_OFF:
        return "lot-call-off";
    case KG_KIND_ROUND_OPEN:
        return "round-open";
    case KG_KIND_ROUND_CLOSE:
        return "round-close";
    case KG_KIND_ROUND_EXTEND:
        return "round-extend";
    case KG_KIND_ROUND_PROPOSE:
        return "round-propose";
    case KG_KIND_ROUND_CONFIRM:
        return "round-confirm";
    case KG_KIND_ROUND_CONCLUDE:
        return "round-conclude";
    case KG_KIND_ROUND_CANCEL:
        return "round-cancel";
    case KG_KIND_LOT_AWARD:
        return "lot-award";
    case KG_KIND_LOT_FAIL:
        return "lot-fail";
    case KG_KIND_TENDER_LAUNCH:
        return "tender-launch";
    case KG_KIND_LOT_OFFERS:
        return "lot-offers";
    case KG_KIND_REGISTER:
        return "register";
    case KG_KIND_KEY_ADD:
        return "key-add";
    case KG_KIND_KEY_REVOKE:
        return "key-revoke";
    case KG_KIND_CATALOGUE:
        return "catalogue";
    case KG_KIND_ROUND_START:
        return "round-start";
    case KG_KIND_LOTS_EXPIRE:
        return "lots-expire";
    case KG_KIND_VOLUME_PUBLISH:
        return "volume-publish";
    case KG_KIND_LINES_READ:
        return "lines-read";
    case KG_KIND_QUERY:
        return "query";
    case KG_KIND_PAGE:
        return "page";
    case KG_KIND_COSIGN:
        return "cosign";
    }
    return NULL;
}

void kg_command_init(kg_command *command, kg_kind kind)
{
    memset(command, 0, sizeof *command);
    command->kind = kind;
    command->submit.part = 1;
    command->submit.parts = 1;
    kg_round_init(&command->round_rules);
    command->dates = (kg_round_dates){KG_DATE_NONE, KG_DATE_NONE, KG_DATE_NONE, KG_DATE_NONE};
    command->award.unit_price_cents = -1;
    command->quantity = -1;
    command->value_cents = -1;
    if (kind == KG_KIND_REGISTER)
        kg_organisation_init(&command->record);
    kg_arena_init(&command->arena);
}

void kg_command_fini(kg_command *command)
{
    kg_round_fini(&command->round_rules);
    kg_organisation_fini(&command->record);
    kg_arena_fini(&command->arena);
    memset(command, 0, sizeof *command);
}

static const char *const dimension_names[KG_VOLUME_DIMENSIONS] = {
    [KG_BY_CATEGORY] = "category", [KG_BY_CPV] = "cpv",     [KG_BY_NUTS] = "nuts",
    [KG_BY_MONTH] = "month",       [KG_BY_TRACK] = "track",
};

int kg_dimension_find(const char *name)
{
    for (int i = 0; i < KG_VOLUME_DIMENSIONS; i++)
        if (strcmp(name, dimension_names[i]) == 0)
            return i;
    return -1;
}

const char *kg_dimension_name(kg_dimension dimension)
{
    return dimension_names[dimension];
}

void kg_query_init(kg_query *query, kg_view view)
{
    memset(query, 0, sizeof *query);
    query->view = view;
    query->from = KG_DATE_NONE;
    query->to = KG_DATE_NONE;
    query->track = -1;
    kg_arena_init(&query->arena);
}

void kg_query_fini(kg_query *query)
{
    kg_arena_fini(&query->arena);
    memset(query, 0, sizeof *query);
}

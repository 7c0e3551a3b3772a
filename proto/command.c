/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/command.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [KG_KIND_SUBMIT] = "submit",
    [KG_KIND_WITHDRAW] = "withdraw",
    [KG_KIND_LOT_CONFIRM] = "lot-confirm",
    [KG_KIND_LOT_DECLINE] = "lot-decline",
    [KG_KIND_LOT_CALL_OFF] = "lot-call-off",
    [KG_KIND_PRACTICE_PUBLISH] = "practice-publish",
    [KG_KIND_PRACTICE_RETIRE] = "practice-retire",
    [KG_KIND_ROUND_OPEN] = "round-open",
    [KG_KIND_ROUND_CLOSE] = "round-close",
    [KG_KIND_ROUND_EXTEND] = "round-extend",
    [KG_KIND_ROUND_PROPOSE] = "round-propose",
    [KG_KIND_ROUND_CONFIRM] = "round-confirm",
    [KG_KIND_ROUND_CONCLUDE] = "round-conclude",
    [KG_KIND_ROUND_CANCEL] = "round-cancel",
    [KG_KIND_LOT_AWARD] = "lot-award",
    [KG_KIND_LOT_FAIL] = "lot-fail",
    [KG_KIND_TENDER_LAUNCH] = "tender-launch",
    [KG_KIND_LOT_OFFERS] = "lot-offers",
    [KG_KIND_REGISTER] = "register",
    [KG_KIND_KEY_ADD] = "key-add",
    [KG_KIND_KEY_REVOKE] = "key-revoke",
    [KG_KIND_CATALOGUE] = "catalogue",
    [KG_KIND_ROUND_START] = "round-start",
    [KG_KIND_LOTS_EXPIRE] = "lots-expire",
    [KG_KIND_VOLUME_PUBLISH] = "volume-publish",
    [KG_KIND_LINES_READ] = "lines-read",
    [KG_KIND_QUERY] = "query",
    [KG_KIND_PAGE] = "page",
    [KG_KIND_COSIGN] = "cosign",
};

const char *kg_kind_name(kg_kind kind)
{
    const size_t number = (size_t)kind;
    return number < sizeof kind_names / sizeof *kind_names ? kind_names[number] : NULL;
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
    free(command->submit.lines);
    memset(command, 0, sizeof *command);
}

static void forget_lines(kg_submit *submit)
{
    free(submit->lines);
    submit->lines = NULL;
    submit->read_by = NULL;
}

void kg_submit_read(kg_command *command, const kg_catalogue *catalogue)
{
    kg_submit *submit = &command->submit;
    kg_problems problems;
    bool good = catalogue && submit->count <= KG_SUBMIT_LINES_MAX;
    forget_lines(submit);
    if (!good || submit->count == 0)
        return;
    kg_problems_init(&problems, "");
    submit->read_by = catalogue;
    submit->lines = kg_realloc(NULL, submit->count, sizeof *submit->lines); /* each is set whole */
    for (size_t i = 0; i < submit->count && good; i++) {
        const char *organisation = submit->drafts[i].text[KG_COLUMN_ORGANISATION];
        good = !(organisation && *organisation) &&
               kg_plan_line_check(&submit->drafts[i], catalogue, 0, (long)i + 1, &command->arena,
                                  &submit->lines[i], &problems);
    }
    if (!good)
        forget_lines(submit);
    kg_problems_fini(&problems);
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

bool kg_query_is_kept(const kg_query *query)
{
    return query->view == KG_VIEW_RESULT || (query->view == KG_VIEW_LINES && query->round) ||
           (query->view == KG_VIEW_LOT && query->lot);
}

void kg_query_fini(kg_query *query)
{
    kg_arena_fini(&query->arena);
    memset(query, 0, sizeof *query);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/access.h"

enum {
    O = KG_ROLE_ORGANISATION,
    C = KG_ROLE_COORDINATOR,
    R = KG_ROLE_READER,
    A = KG_ROLE_ADMINISTRATOR,
    W = KG_ROLE_WITNESS,
    ALL = O | C | R | A
};

typedef struct kg_access_row {
    int what;
    uint32_t roles;
} kg_access_row;

static const kg_access_row commands[] = {
    {KG_KIND_SUBMIT, O},          {KG_KIND_WITHDRAW, O},       {KG_KIND_LOT_CONFIRM, O},
    {KG_KIND_LOT_DECLINE, O},     {KG_KIND_LOT_CALL_OFF, O | C}, {KG_KIND_ROUND_OPEN, C},
    {KG_KIND_ROUND_CLOSE, C},     {KG_KIND_ROUND_EXTEND, C},   {KG_KIND_ROUND_PROPOSE, C},
    {KG_KIND_ROUND_CONFIRM, C},   {KG_KIND_ROUND_CONCLUDE, C}, {KG_KIND_ROUND_CANCEL, C},
    {KG_KIND_LOT_AWARD, C},       {KG_KIND_LOT_FAIL, C},       {KG_KIND_TENDER_LAUNCH, C},
    {KG_KIND_REGISTER, A},        {KG_KIND_KEY_ADD, ALL | W},  {KG_KIND_KEY_REVOKE, ALL | W},
    {KG_KIND_COSIGN, W},           {KG_KIND_LOT_OFFERS, C},   {KG_KIND_PRACTICE_PUBLISH, O | C},
    {KG_KIND_PRACTICE_RETIRE, O | C},
};

static const kg_access_row views[] = {
    {KG_VIEW_STATUS, ALL},    {KG_VIEW_LINES, O | C},     {KG_VIEW_EXPLAIN, O},
    {KG_VIEW_VOLUME, C | R},  {KG_VIEW_ROUNDS, ALL},    {KG_VIEW_ROUND, ALL},
    {KG_VIEW_LOTS, O | C},    {KG_VIEW_LOT, O | C},     {KG_VIEW_TENDERS, O | C},
    {KG_VIEW_TENDER, O | C},  {KG_VIEW_FEED, ALL},      {KG_VIEW_CATALOGUE, ALL},
    {KG_VIEW_RESULT, C},      {KG_VIEW_ORGANISATIONS, A}, {KG_VIEW_NOTICE, O | C},
    {KG_VIEW_WHAT_IF, O},     {KG_VIEW_KEYS, ALL | W},
    {KG_VIEW_OFFERS, O | C},  {KG_VIEW_PRACTICES, ALL}, {KG_VIEW_PRACTICE, ALL},
    {KG_VIEW_TREE_HEAD, ALL | W}, {KG_VIEW_INCLUSION, ALL | W}, {KG_VIEW_CONSISTENCY, ALL | W},
};

static uint32_t roles_of(const kg_access_row *rows, size_t count, int what)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].what == what)
            return rows[i].roles;
    return 0;
}

static uint32_t command_roles(kg_kind kind)
{
    return roles_of(commands, sizeof commands / sizeof *commands, (int)kind);
}

static uint32_t view_roles(kg_view view)
{
    return roles_of(views, sizeof views / sizeof *views, (int)view);
}

bool kg_access_command(uint32_t roles, kg_kind kind)
{
    return (roles & command_roles(kind)) != 0;
}

bool kg_access_view(uint32_t roles, kg_view view)
{
    return (roles & view_roles(view)) != 0;
}

static void write_roles(uint32_t roles, char out[static 100])
{
    kg_buffer text;
    kg_buffer_init(&text);
    for (uint32_t role = O; role <= W; role <<= 1)
        if (roles & role)
            kg_buffer_format(&text, "%s%s", text.count ? " or " : "", kg_role_name(role));
    kg_text_format(out, 100, "%s", text.count ? text.bytes : "nobody");
    kg_buffer_fini(&text);
}

void kg_access_allowed_command(kg_kind kind, char out[static 100])
{
    write_roles(command_roles(kind), out);
}

void kg_access_allowed_view(kg_view view, char out[static 100])
{
    write_roles(view_roles(view), out);
}

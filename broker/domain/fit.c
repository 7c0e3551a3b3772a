/* SPDX-License-Identifier: EUPL-1.2 */
/* What every kind needs, and members, their plans and the catalogue. */
#include "broker/domain/fit.h"

#include "broker/domain/check.h"

#define FIRST_DAY (-25567) /* 1900-01-01, the first that can be written in a file */
#define LAST_DAY 376200    /* 2999-12-31 */
#define DAY_MS INT64_C(86400000)
#define CPV_MAX 99999999

bool kg_fit_not(const kg_fit *fit, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kg_text_vformat(fit->why, 200, format, arguments);
    va_end(arguments);
    return false;
}

bool kg_fit_day(kg_date date)
{
    return date >= FIRST_DAY && date <= LAST_DAY;
}

bool kg_fit_text(const kg_fit *fit, const char *text, const char *name)
{
    return (text && *text) || kg_fit_not(fit, "it has no %s", name);
}

bool kg_fit_member(const kg_fit *fit, uint32_t *member)
{
    *member = kg_state_find_member(fit->state, fit->event->actor);
    return *member != KG_NONE || kg_fit_not(fit, "%s is not registered", fit->event->actor);
}

bool kg_fit_round(const kg_fit *fit, uint32_t *campaign)
{
    const char *id = fit->event->command.round;
    if (!kg_fit_text(fit, id, "round"))
        return false;
    *campaign = kg_state_find_campaign(fit->state, id);
    return *campaign != KG_NONE || kg_fit_not(fit, "there is no round %s", id);
}

bool kg_fit_round_in(const kg_fit *fit, kg_round_state state, uint32_t *campaign)
{
    if (!kg_fit_round(fit, campaign))
        return false;
    kg_round_state now = fit->state->campaigns[*campaign]->state;
    return now == state || kg_fit_not(fit, "round %s is %s, not %s", fit->event->command.round,
                                      kg_round_state_name(now), kg_round_state_name(state));
}

bool kg_fit_lot(const kg_fit *fit, uint32_t *lot)
{
    const char *id = fit->event->command.lot;
    if (!kg_fit_text(fit, id, "lot"))
        return false;
    *lot = kg_state_find_lot(fit->state, id);
    return *lot != KG_NONE || kg_fit_not(fit, "there is no lot %s", id);
}

static bool amount_fits(int64_t amount, int64_t most)
{
    return amount >= 0 && amount <= most;
}

static bool texts_fit(const kg_plan_line *line)
{
    return line->line[0] &&
           strnlen(line->line, KG_LINE_KEY_BYTES_MAX + 1) <= KG_LINE_KEY_BYTES_MAX &&
           strnlen(line->title, KG_TITLE_BYTES_MAX + 1) <= KG_TITLE_BYTES_MAX;
}

static bool line_fits(const kg_fit *fit, size_t at)
{
    const kg_plan_line *line = &fit->event->lines[at];
    bool good = texts_fit(line) && line->cpv <= CPV_MAX && line->nuts.code[0] &&
                line->languages != 0 && line->category != KG_CATEGORY_NONE &&
                amount_fits(line->quantity, KG_QUANTITY_MAX) &&
                amount_fits(line->quantity_min, KG_QUANTITY_MAX) &&
                amount_fits(line->quantity_max, KG_QUANTITY_MAX) &&
                amount_fits(line->value_cents, KG_VALUE_CENTS_MAX) &&
                amount_fits(line->value_max_cents, KG_VALUE_CENTS_MAX) &&
                kg_fit_day(line->delivery_from) && kg_fit_day(line->delivery_to) &&
                line->delivery_from <= line->delivery_to &&
                (line->order_by == KG_DATE_NONE || kg_fit_day(line->order_by));
    return good || kg_fit_not(fit, "line %zu is out of bounds", at + 1);
}

static bool part_fits(const kg_fit *fit, const kg_pending_plan *pending)
{
    const kg_submit *submit = &fit->event->command.submit;
    if (submit->part == 0 || submit->part > submit->parts)
        return kg_fit_not(fit, "there is no part %u of %u", submit->part, submit->parts);
    if (submit->part == 1)
        return true;
    bool next = pending && memcmp(pending->id, submit->plan_id, sizeof pending->id) == 0 &&
                pending->parts == submit->parts && pending->taken + 1 == submit->part;
    return next || kg_fit_not(fit, "part %u of %u follows none", submit->part, submit->parts);
}

static bool submit_fits(const kg_fit *fit)
{
    uint32_t member;
    if (!kg_fit_member(fit, &member) || !part_fits(fit, fit->state->members[member]->pending))
        return false;
    if (!fit->state->catalogue)
        return kg_fit_not(fit, "there is no catalogue yet");
    for (size_t i = 0; i < fit->event->lines_count; i++)
        if (!line_fits(fit, i))
            return false;
    return true;
}

static bool withdraw_fits(const kg_fit *fit)
{
    uint32_t member;
    const kg_texts *keys = &fit->event->command.keys;
    if (!kg_fit_member(fit, &member))
        return false;
    for (size_t i = 0; i < keys->count; i++)
        if (kg_state_find_line(fit->state, member, keys->items[i]) == KG_NONE)
            return kg_fit_not(fit, "%s has no line %s", fit->event->actor, keys->items[i]);
    return true;
}

/* A holding's chain must end. */
static bool parents_end(const kg_fit *fit, const kg_organisation *record)
{
    const char *parent = record->parent;
    while (*parent) {
        uint32_t member = kg_state_find_member(fit->state, parent);
        if (member == KG_NONE || strcmp(parent, record->id) == 0)
            return kg_fit_not(fit, "%s is no parent of %s", parent, record->id);
        parent = fit->state->members[member]->record.parent;
    }
    return true;
}

static bool register_fits(const kg_fit *fit)
{
    const kg_command *command = &fit->event->command;
    if (!kg_id_valid(command->record.id))
        return kg_fit_not(fit, "its organisation has no id");
    uint32_t member = kg_state_find_member(fit->state, command->record.id);
    uint32_t sign = kg_names_find(fit->state->keys, command->key.sign, KG_KEY_BYTES);
    uint32_t transport = kg_names_find(fit->state->keys, command->key.transport, KG_KEY_BYTES);
    bool fresh = sign == KG_NONE && transport == KG_NONE;
    if (command->has_key && !fresh && (sign != member || transport != member))
        return kg_fit_not(fit, "its key is another organisation's");
    if (command->has_key && !fresh &&
        !kg_member_key(fit->state->members[member], command->key.sign))
        return kg_fit_not(fit, "its key was revoked");
    return parents_end(fit, &command->record);
}

static bool catalogue_fits(const kg_fit *fit)
{
    char detail[300] = "";
    if (!fit->event->catalogue || !fit->event->command.catalogue)
        return kg_fit_not(fit, "it has no catalogue");
    return kg_catalogue_replaces(fit->state, fit->event->catalogue, detail) ||
           kg_fit_not(fit, "%s", detail);
}

static bool percent_fits(int percent)
{
    return percent >= 0 && percent <= 100;
}

static bool publish_fits(const kg_fit *fit)
{
    const kg_publication *by = &fit->event->command.publication;
    bool good = by->organisations_min > 0 && percent_fits(by->largest_percent) &&
                percent_fits(by->two_percent) && percent_fits(by->p_percent);
    return good || kg_fit_not(fit, "its rules of disclosure are none");
}

static bool (*const entries[])(const kg_fit *fit) = {
    [KG_KIND_SUBMIT] = submit_fits,
    [KG_KIND_WITHDRAW] = withdraw_fits,
    [KG_KIND_LOT_CONFIRM] = kg_fit_lot_answer,
    [KG_KIND_LOT_DECLINE] = kg_fit_lot_answer,
    [KG_KIND_LOT_CALL_OFF] = kg_fit_lot_call_off,
    [KG_KIND_PRACTICE_PUBLISH] = kg_fit_practice_publish,
    [KG_KIND_PRACTICE_RETIRE] = kg_fit_practice_retire,
    [KG_KIND_ROUND_OPEN] = kg_fit_round_open,
    [KG_KIND_ROUND_CLOSE] = kg_fit_round_close,
    [KG_KIND_ROUND_EXTEND] = kg_fit_round_extend,
    [KG_KIND_ROUND_PROPOSE] = kg_fit_round_propose,
    [KG_KIND_ROUND_CONFIRM] = kg_fit_round_confirm,
    [KG_KIND_ROUND_CONCLUDE] = kg_fit_round_conclude,
    [KG_KIND_ROUND_CANCEL] = kg_fit_round_cancel,
    [KG_KIND_LOT_AWARD] = kg_fit_lot_award,
    [KG_KIND_LOT_OFFERS] = kg_fit_lot_offers,
    [KG_KIND_LOT_FAIL] = kg_fit_lot_fail,
    [KG_KIND_TENDER_LAUNCH] = kg_fit_tender_launch,
    [KG_KIND_REGISTER] = register_fits,
    [KG_KIND_KEY_ADD] = kg_fit_key_add,
    [KG_KIND_KEY_REVOKE] = kg_fit_key_revoke,
    [KG_KIND_CATALOGUE] = catalogue_fits,
    [KG_KIND_ROUND_START] = kg_fit_round_start,
    [KG_KIND_LOTS_EXPIRE] = kg_fit_lots_expire,
    [KG_KIND_VOLUME_PUBLISH] = publish_fits,
    [KG_KIND_LINES_READ] = kg_fit_lines_read,
};

bool kg_state_accepts(const kg_state *state, const kg_event *event, char why[static 200])
{
    const kg_fit fit = {state, event, why};
    size_t kind = (size_t)event->command.kind;
    why[0] = '\0';
    if (kind >= sizeof entries / sizeof entries[0] || !entries[kind])
        return kg_fit_not(&fit, "%zu is no kind of event", kind);
    if (!kg_fit_day(event->today) || event->time_ms < FIRST_DAY * DAY_MS ||
        event->time_ms > LAST_DAY * DAY_MS)
        return kg_fit_not(&fit, "its time or day is none");
    return entries[kind](&fit);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Commands, one function each: texts to a kg_command, sent, its reply taken. */
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/history.h"
#include "proto/catalogue_file.h"

const kg_catalogue *kg_client_catalogue(kopgroep_session *session, kopgroep_answer *answer)
{
    kg_query query;
    kg_problems problems;
    if (session->catalogue)
        return session->catalogue;
    kg_query_init(&query, KG_VIEW_CATALOGUE);
    kg_problems_init(&problems, _("the broker's catalogue"));
    if (kg_client_ask(session, &query, answer))
        session->catalogue =
            kg_catalogue_read_text(answer->document, _("the broker's catalogue"), &problems);
    if (session->catalogue)
        kopgroep_answer_fini(answer);
    else if (answer->outcome == KOPGROEP_DONE)
        kg_client_take_problems(answer, &problems);
    kg_problems_fini(&problems);
    kg_query_fini(&query);
    return session->catalogue;
}

void kg_client_command(kopgroep_session *session, const kg_command *command,
                       const kg_catalogue *catalogue, kopgroep_answer *answer)
{
    kg_buffer body;
    kg_reply reply;
    kg_buffer_init(&body);
    kg_codec_command_encode(command, catalogue, &body);
    if (body.count > KG_BODY_BYTES_MAX) {
        kg_client_say(answer, KOPGROEP_USAGE, "%s", _(kg_status_text(KG_STATUS_OVERSIZE)));
    } else {
        if (kg_client_request(session, command->kind, &body, &reply, answer)) {
            kg_client_take_reply(answer, &reply, NULL);
            kg_client_history_take(session, &reply, answer);
        }
        kg_reply_fini(&reply);
    }
    kg_buffer_fini(&body);
}

/* Sends, frees the command's own. */
static void finish(kopgroep_session *session, kg_command *command, kopgroep_answer *answer)
{
    kg_client_begin(session, answer);
    kg_client_command(session, command, NULL, answer);
    kg_command_fini(command);
}

void kopgroep_withdraw(kopgroep_session *session, const char *const *lines, size_t count,
                       kopgroep_answer *answer)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_WITHDRAW);
    command.keys = (kg_texts){(const char **)(uintptr_t)lines, count};
    finish(session, &command, answer);
}

static void answer_lot(kopgroep_session *session, kg_kind kind, const char *lot,
                       const char *const *lines, size_t count, const char *reason,
                       kopgroep_answer *answer)
{
    kg_command command;
    kg_command_init(&command, kind);
    command.lot = lot;
    command.keys = (kg_texts){(const char **)(uintptr_t)lines, count};
    command.reason = reason;
    finish(session, &command, answer);
}

void kopgroep_lot_confirm(kopgroep_session *session, const char *lot, const char *const *lines,
                          size_t count, kopgroep_answer *answer)
{
    answer_lot(session, KG_KIND_LOT_CONFIRM, lot, lines, count, NULL, answer);
}

void kopgroep_lot_decline(kopgroep_session *session, const char *lot, const char *const *lines,
                          size_t count, const char *reason, kopgroep_answer *answer)
{
    answer_lot(session, KG_KIND_LOT_DECLINE, lot, lines, count, reason, answer);
}

void kopgroep_round_open(kopgroep_session *session, const char *round_file, kopgroep_answer *answer)
{
    kg_command command;
    kg_problems problems;
    kg_client_begin(session, answer);
    const kg_catalogue *catalogue = kg_client_catalogue(session, answer);
    if (!catalogue)
        return;
    kg_command_init(&command, KG_KIND_ROUND_OPEN);
    kg_problems_init(&problems, round_file);
    if (kg_round_read(round_file, catalogue, &command.round_rules, &problems))
        kg_client_command(session, &command, catalogue, answer);
    else
        kg_client_take_problems(answer, &problems);
    if (answer->outcome == KOPGROEP_REFUSED)
        kg_catalogue_destroy(&session->catalogue); /* the broker's may be another by now */
    kg_problems_fini(&problems);
    kg_command_fini(&command);
}

void kopgroep_round_take(kopgroep_session *session, kopgroep_round_step step, const char *round,
                         kopgroep_answer *answer)
{
    static const kg_kind kinds[] = {
        [KOPGROEP_ROUND_CLOSE] = KG_KIND_ROUND_CLOSE,
        [KOPGROEP_ROUND_PROPOSE] = KG_KIND_ROUND_PROPOSE,
        [KOPGROEP_ROUND_CONFIRM] = KG_KIND_ROUND_CONFIRM,
        [KOPGROEP_ROUND_CONCLUDE] = KG_KIND_ROUND_CONCLUDE,
    };
    kg_command command;
    kg_command_init(&command, kinds[step]);
    command.round = round;
    finish(session, &command, answer);
}

static bool set_date(const char *text, kg_date *out, kopgroep_answer *answer)
{
    if (!text || kg_date_parse(text, out))
        return true;
    kg_client_say(answer, KOPGROEP_USAGE, "A date is a day such as 2027-01-31, not '%s'.", text);
    return false;
}

void kopgroep_round_extend(kopgroep_session *session, const char *round, const char *closes,
                           const char *confirm_by, const char *reconfirm_by, const char *award_by,
                           kopgroep_answer *answer)
{
    kg_command command;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_ROUND_EXTEND);
    command.round = round;
    kg_round_dates *dates = &command.dates;
    *dates = (kg_round_dates){KG_DATE_NONE, KG_DATE_NONE, KG_DATE_NONE, KG_DATE_NONE};
    if (set_date(closes, &dates->closes, answer) &&
        set_date(confirm_by, &dates->confirm_by, answer) &&
        set_date(reconfirm_by, &dates->reconfirm_by, answer) &&
        set_date(award_by, &dates->award_by, answer))
        kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}

void kopgroep_round_cancel(kopgroep_session *session, const char *round, const char *reason,
                           kopgroep_answer *answer)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_ROUND_CANCEL);
    command.round = round;
    command.reason = reason;
    finish(session, &command, answer);
}

void kopgroep_tender_launch(kopgroep_session *session, const char *tender, const char *title,
                            const char *lead, const char *const *lots, size_t count,
                            kopgroep_answer *answer)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_TENDER_LAUNCH);
    command.tender = tender;
    command.title = title;
    command.lead = lead;
    command.lots = (kg_texts){(const char **)(uintptr_t)lots, count};
    finish(session, &command, answer);
}

static bool set_money(const char *text, int64_t *out, kopgroep_answer *answer)
{
    *out = -1;
    if (!text || kg_money_parse(text, out))
        return true;
    kg_client_say(answer, KOPGROEP_USAGE, "%s Not '%s'.", _(kg_status_text(KG_STATUS_VALUE)), text);
    return false;
}

/* "a=1 b=2" into pairs in the command's arena. */
static bool set_levels(const char *text, kg_command *command, kopgroep_answer *answer)
{
    char *copy = text ? kg_arena_text(&command->arena, text, strlen(text)) : NULL, *rest = NULL;
    kg_award *award = &command->award;
    award->levels =
        kg_arena_alloc(&command->arena, (text ? strlen(text) + 1 : 1) * sizeof *award->levels);
    for (char *pair = copy ? strtok_r(copy, " ,;", &rest) : NULL; pair;
         pair = strtok_r(NULL, " ,;", &rest)) {
        char *equals = strchr(pair, '=');
        if (!equals) {
            kg_client_say(answer, KOPGROEP_USAGE,
                          "Levels are written CRITERION=LEVEL CRITERION=LEVEL, not '%s'.", pair);
            return false;
        }
        *equals = '\0';
        award->levels[award->levels_count++] = (kg_level_text){pair, equals + 1};
    }
    return true;
}

void kopgroep_lot_award(kopgroep_session *session, const char *lot, const char *supplier,
                        const char *unit_price, const char *levels, const char *evidence,
                        kopgroep_answer *answer)
{
    kg_command command;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_LOT_AWARD);
    command.lot = lot;
    command.award.supplier = supplier;
    command.award.evidence = evidence;
    if (set_money(unit_price, &command.award.unit_price_cents, answer) &&
        set_levels(levels, &command, answer))
        kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}

void kopgroep_lot_call_off(kopgroep_session *session, const char *lot, const char *organisation,
                           int64_t quantity, const char *value, kopgroep_answer *answer)
{
    kg_command command;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_LOT_CALL_OFF);
    command.lot = lot;
    command.organisation = organisation;
    command.quantity = quantity;
    if (quantity < -1)
        kg_client_say(answer, KOPGROEP_USAGE, "A quantity is not negative.");
    else if (set_money(value, &command.value_cents, answer))
        kg_client_command(session, &command, NULL, answer);
    kg_command_fini(&command);
}

void kopgroep_lot_fail(kopgroep_session *session, const char *lot, const char *reason,
                       kopgroep_answer *answer)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_LOT_FAIL);
    command.lot = lot;
    command.reason = reason;
    finish(session, &command, answer);
}

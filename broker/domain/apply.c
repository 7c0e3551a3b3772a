/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/apply.h"

#include <stdlib.h>

void kg_effects_init(kg_effects *effects)
{
    memset(effects, 0, sizeof *effects);
}

void kg_effects_fini(kg_effects *effects)
{
    free(effects->members);
    free(effects->told);
    free(effects->lines);
    free(effects->before);
    memset(effects, 0, sizeof *effects);
}

void kg_effects_note_line(kg_effects *effects, uint32_t index, const kg_pool_row *before)
{
    if (before->line != KG_NONE) {
        effects->before = kg_grow(effects->before, effects->before_count,
                                  &effects->before_capacity, sizeof *effects->before);
        effects->before[effects->before_count++] = *before;
    }
    effects->lines = kg_grow(effects->lines, effects->lines_count, &effects->lines_capacity,
                             sizeof *effects->lines);
    effects->lines[effects->lines_count++] = index;
}

void kg_effects_clear(kg_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        effects->told[effects->members[i]] = 0;
    effects->count = effects->lines_count = effects->before_count = 0;
    effects->catalogue_changed = false;
    effects->keys_changed = false;
    effects->result[0] = '\0';
}

const char *kg_apply_text(kg_apply *apply, const char *format, ...)
{
    char text[KG_TEXT_BYTES_MAX + 300];
    va_list arguments;
    va_start(arguments, format);
    kg_text_vformat(text, sizeof text, format, arguments);
    va_end(arguments);
    return kg_arena_text(&apply->state->texts, text, strlen(text));
}

const char *kg_apply_date(kg_apply *apply, kg_date date)
{
    char text[KG_DATE_BYTES];
    kg_date_write(date, text);
    return kg_arena_text(&apply->state->texts, text, strlen(text));
}

void kg_apply_result(kg_apply *apply, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kg_text_vformat(apply->effects->result, sizeof apply->effects->result, format, arguments);
    va_end(arguments);
}

static void (*const entries[])(kg_apply *apply) = {
    [KG_KIND_SUBMIT] = kg_apply_submit,
    [KG_KIND_WITHDRAW] = kg_apply_withdraw,
    [KG_KIND_LOT_CONFIRM] = kg_apply_lot_answer,
    [KG_KIND_LOT_DECLINE] = kg_apply_lot_answer,
    [KG_KIND_LOT_CALL_OFF] = kg_apply_lot_call_off,
    [KG_KIND_PRACTICE_PUBLISH] = kg_apply_practice_publish,
    [KG_KIND_PRACTICE_RETIRE] = kg_apply_practice_retire,
    [KG_KIND_ROUND_OPEN] = kg_apply_round_open,
    [KG_KIND_ROUND_CLOSE] = kg_apply_round_close,
    [KG_KIND_ROUND_EXTEND] = kg_apply_round_extend,
    [KG_KIND_ROUND_PROPOSE] = kg_apply_round_propose,
    [KG_KIND_ROUND_CONFIRM] = kg_apply_round_confirm,
    [KG_KIND_ROUND_CONCLUDE] = kg_apply_round_conclude,
    [KG_KIND_ROUND_CANCEL] = kg_apply_round_cancel,
    [KG_KIND_LOT_AWARD] = kg_apply_lot_award,
    [KG_KIND_LOT_FAIL] = kg_apply_lot_fail,
    [KG_KIND_LOT_OFFERS] = kg_apply_lot_offers,
    [KG_KIND_TENDER_LAUNCH] = kg_apply_tender_launch,
    [KG_KIND_REGISTER] = kg_apply_register,
    [KG_KIND_KEY_ADD] = kg_apply_key_add,
    [KG_KIND_KEY_REVOKE] = kg_apply_key_revoke,
    [KG_KIND_CATALOGUE] = kg_apply_catalogue,
    [KG_KIND_ROUND_START] = kg_apply_round_start,
    [KG_KIND_LOTS_EXPIRE] = kg_apply_lots_expire,
    [KG_KIND_VOLUME_PUBLISH] = kg_apply_volume_publish,
    [KG_KIND_LINES_READ] = kg_apply_lines_read,
};

void kg_state_apply(kg_state *state, kg_event *event, kg_effects *effects)
{
    kg_apply apply = {state, event, effects};
    char round[KG_ID_BYTES_MAX + 1];
    effects->result[0] = '\0';
    entries[event->command.kind](&apply);
    if (kg_command_round(&event->command, round))
        state->campaigns[kg_state_find_campaign(state, round)]->changed = event->sequence;
}

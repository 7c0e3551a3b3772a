/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/check.h"

void kg_decision_init(kg_decision *decision)
{
    *decision = (kg_decision){.status = KG_STATUS_OK};
    kg_problems_init(&decision->problems, NULL);
}

void kg_decision_fini(kg_decision *decision)
{
    kg_problems_fini(&decision->problems);
    kg_event_destroy(&decision->event);
    kg_job_destroy(&decision->job);
}

bool kg_refuse(kg_check *check, kg_status status, const char *format, ...)
{
    check->out->status = status;
    check->out->detail[0] = '\0';
    if (format) {
        va_list arguments;
        va_start(arguments, format);
        kg_text_vformat(check->out->detail, sizeof check->out->detail, format, arguments);
        va_end(arguments);
    }
    return false;
}

bool kg_refuse_problems(kg_check *check, const char *nothing_was)
{
    const kg_problems *problems = &check->out->problems;
    if (problems->count == 0)
        return true;
    size_t lines = kg_problems_rows(problems);
    const char *plural = problems->count == 1 ? "" : "s";
    if (lines == 0)
        return kg_refuse(check, problems->items[0].status, "%zu problem%s; nothing was %s.",
                         problems->count, plural, nothing_was);
    return kg_refuse(check, problems->items[0].status,
                     "%zu problem%s in %zu line%s; nothing was %s.", problems->count, plural, lines,
                     lines == 1 ? "" : "s", nothing_was);
}

kg_event *kg_accept(kg_check *check)
{
    kg_event *event = kg_event_new(check->command->kind);
    kg_command_fini(&event->command);
    event->command = *check->command;
    kg_command_init(check->command, event->command.kind);
    kg_text_format(event->actor, sizeof event->actor, "%s", check->actor->organisation);
    event->time_ms = check->now.time_ms;
    event->today = check->now.today;
    check->out->status = KG_STATUS_OK;
    check->out->event = event;
    return event;
}

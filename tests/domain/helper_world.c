/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "helper_invariants.h"
#include "proto/catalogue_file.h"

const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\",\"3\",\"5\",\"7\"}"
    " type = \"technical\" }\n"
    "criterion \"battery-cycles\" { scale = {\"none\",\"500\",\"800\",\"1000\"}"
    " type = \"technical\" }\n"
    "criterion \"repair\" { scale = {\"none\",\"manual\",\"parts\"} type = \"award\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} reference_price = \"800.00\""
    " criteria = {\"warranty-years\",\"battery-cycles\"} }\n"
    "category \"monitor\" { cpv = {\"30231300\"} criteria = {\"warranty-years\"} }\n"
    "category \"service\" { cpv = {\"50300000\"} criteria = {\"repair\"} }\n"
    "threshold \"supplies-central\" { value = \"140000.00\" from = \"2026-01-01\""
    " to = \"2027-12-31\" }\n"
    "threshold \"supplies-sub-central\" { value = \"216000.00\" from = \"2026-01-01\""
    " to = \"2027-12-31\" }\n";

kg_date day(const char *date)
{
    kg_date out;
    if (!kg_date_parse(date, &out))
        fail_msg("%s is no date", date);
    return out;
}

void world_day(world *w, const char *date)
{
    w->now.today = day(date);
    w->now.time_ms = (int64_t)w->now.today * 86400000 + 43200000;
}

void world_init(world *w)
{
    memset(w, 0, sizeof *w);
    w->state = kg_state_new();
    kg_effects_init(&w->effects);
    kg_decision_init(&w->decision);
    world_day(w, "2026-11-24");
    assert_status(KG_STATUS_OK, world_catalogue(w, catalogue_text));
    world_register(w, COORDINATOR, "nl fr", true);
}

void world_fini(world *w)
{
    kg_state_destroy(&w->state);
    kg_effects_fini(&w->effects);
    kg_decision_fini(&w->decision);
}

static void apply_event(world *w)
{
    char wrong[300];
    kg_event *event = w->decision.event;
    const kg_catalogue *before = kg_state_catalogue(w->state);
    w->now.time_ms++;
    event->sequence = ++w->sequence;
    if (w->seen)
        w->seen(w->context, event, before);
    if (!kg_state_accepts(w->state, event, wrong))
        fail_msg("%s is not accepted: %s", kg_kind_name(event->command.kind), wrong);
    kg_effects_clear(&w->effects);
    kg_state_apply(w->state, event, &w->effects);
    if (w->effects.result[0] == '\0')
        fail_msg("%s has no result", kg_kind_name(event->command.kind));
    if (w->applied)
        w->applied(w->context, event->command.kind);
    bool look = w->look_every == 0 || w->sequence % w->look_every == 0;
    if (look && !invariants_hold(w->state, wrong))
        fail_msg("after %s (%llu): %s", kg_kind_name(event->command.kind),
                 (unsigned long long)w->sequence, wrong);
    kg_event_destroy(&w->decision.event);
}

static void run_job(world *w, const kg_actor *actor, kg_command *command)
{
    kg_job *job = w->decision.job;
    kg_outcome *outcome = kg_grouping_run(kg_job_input(job));
    static const char rules[65] =
        "1111111111111111111111111111111111111111111111111111111111111111";
    static const char input[65] =
        "2222222222222222222222222222222222222222222222222222222222222222";
    w->decision.job = NULL;
    w->job_ran = true;
    kg_state_decide(w->state, actor, command, w->now, job, &outcome, rules, input, &w->decision);
    kg_job_destroy(&job);
    kg_outcome_destroy(&outcome);
}

kg_status world_do(world *w, const char *actor, kg_command *command)
{
    uint32_t usual = KG_ROLE_ORGANISATION |
                     (strcmp(actor, COORDINATOR) == 0 ? KG_ROLE_COORDINATOR : 0);
    const kg_actor who = {actor, w->roles ? w->roles : usual};
    w->job_ran = false;
    kg_decision_fini(&w->decision);
    kg_decision_init(&w->decision);
    kg_state_check(w->state, &who, command, w->now, &w->decision);
    if (w->decision.job)
        run_job(w, &who, command);
    bool taken = w->decision.event != NULL;
    if (taken != (w->decision.status == KG_STATUS_OK) || w->decision.job)
        fail_msg("a decision is one of event, job, rejection");
    if (taken)
        apply_event(w);
    kg_command_fini(command);
    return w->decision.status;
}

void world_must(world *w, const char *actor, kg_command *command)
{
    kg_kind kind = command->kind;
    if (world_do(w, actor, command) == KG_STATUS_OK)
        return;
    for (size_t i = 0; i < w->decision.problems.count; i++) {
        char *text = kg_problem_write(&w->decision.problems.items[i]);
        print_error("%s\n", text);
        free(text);
    }
    fail_msg("%s by %s: %s %s", kg_kind_name(kind), actor, kg_status_name(w->decision.status),
             w->decision.detail);
}

size_t world_due(world *w)
{
    kg_command command;
    size_t count = 0;
    while (kg_state_due(w->state, w->now, &(size_t){0}, &command)) {
        world_must(w, "", &command);
        count++;
    }
    return count;
}

const char *world_detail(const world *w)
{
    return w->decision.detail[0] ? w->decision.detail : kg_status_text(w->decision.status);
}

kg_status world_catalogue(world *w, const char *text)
{
    kg_problems problems;
    kg_command command;
    kg_problems_init(&problems, "catalogue");
    kg_command_init(&command, KG_KIND_CATALOGUE);
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    if (!catalogue)
        fail_msg("the catalogue is no good: %s", problems.items[0].allowed);
    command.catalogue = text;
    kg_decision_fini(&w->decision);
    kg_decision_init(&w->decision);
    kg_state_check_catalogue(w->state, &command, &catalogue, w->now, &w->decision);
    if (w->decision.event)
        apply_event(w);
    kg_catalogue_destroy(&catalogue);
    kg_command_fini(&command);
    kg_problems_fini(&problems);
    return w->decision.status;
}

const char *keep(kg_command *command, const char *text)
{
    return kg_arena_text(&command->arena, text, strlen(text));
}

kg_texts words(kg_command *command, const char *text)
{
    kg_texts out = {0};
    out.items = kg_arena_alloc(&command->arena, (strlen(text) + 1) * sizeof *out.items);
    while (*text) {
        size_t bytes = strcspn(text, " ");
        out.items[out.count++] = kg_arena_text(&command->arena, text, bytes);
        text += bytes;
        text += strspn(text, " ");
    }
    return out;
}

static void set(char **to, const char *text)
{
    free(*to);
    *to = kg_strdup(text);
}

void record_init(kg_organisation *record, const char *id, const char *languages)
{
    char bad[16];
    kg_organisation_init(record);
    snprintf(record->id, sizeof record->id, "%s", id);
    set(&record->name, id);
    set(&record->legal_type, "la");
    set(&record->country, "BEL");
    strcpy(record->nuts.code, "BE211");
    if (!kg_languages_parse(languages, &record->languages, bad))
        fail_msg("%s are no languages", languages);
}

void world_register(world *w, const char *id, const char *languages, bool leads)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    record_init(&command.record, id, languages);
    command.record.can_lead = leads;
    command.has_key = true;
    memset(&command.key, 0, sizeof command.key);
    snprintf((char *)command.key.sign, KG_KEY_BYTES, "s%.20s", id);
    snprintf((char *)command.key.transport, KG_KEY_BYTES, "t%.20s", id);
    command.key.roles = KG_ROLE_ORGANISATION;
    world_must(w, "", &command);
}

/* "laptop" lines lack nothing. */
static void set_defaults(kg_line_draft *draft)
{
    draft->text[KG_COLUMN_CATEGORY] = "laptop";
    draft->text[KG_COLUMN_QUANTITY] = "10";
    draft->text[KG_COLUMN_DELIVERY_FROM] = "2027-03-01";
    draft->text[KG_COLUMN_DELIVERY_TO] = "2027-09-30";
    draft->text[KG_COLUMN_NUTS] = "BE211";
}

static void read_draft(kg_command *command, const char *text, size_t bytes, kg_line_draft *draft)
{
    char *copy = kg_arena_text(&command->arena, text, bytes), *rest = copy;
    set_defaults(draft);
    for (char *field; (field = strtok_r(NULL, "|", &rest)) != NULL;) {
        char *value = strchr(field, '=');
        if (!value)
            fail_msg("%s is no column=value", field);
        *value++ = '\0';
        int column = kg_column_find(field);
        if (column < 0)
            fail_msg("%s is no column", field);
        draft->text[column] = *value ? value : NULL;
    }
}

kg_command submit_command(const char *lines)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_SUBMIT);
    memset(command.submit.plan_id, 7, sizeof command.submit.plan_id);
    command.submit.drafts =
        kg_arena_alloc(&command.arena, (strlen(lines) + 1) * sizeof(kg_line_draft));
    while (*lines) {
        size_t bytes = strcspn(lines, "\n");
        if (bytes > 0)
            read_draft(&command, lines, bytes, &command.submit.drafts[command.submit.count++]);
        lines += bytes;
        lines += *lines == '\n';
    }
    return command;
}

static void need_same(const kg_decision *left, const kg_decision *right)
{
    assert_int_equal(left->status, right->status);
    assert_string_equal(left->detail, right->detail);
    assert_int_equal(left->problems.count, right->problems.count);
    for (size_t i = 0; i < left->problems.count; i++) {
        char *one = kg_problem_write(&left->problems.items[i]);
        char *other = kg_problem_write(&right->problems.items[i]);
        assert_string_equal(one, other);
        free(one);
        free(other);
    }
    if (!left->event)
        return;
    assert_int_equal(left->event->unchanged, right->event->unchanged);
    assert_int_equal(left->event->lines_count, right->event->lines_count);
    for (size_t i = 0; i < left->event->lines_count; i++) {
        const kg_plan_line *one = &left->event->lines[i], *other = &right->event->lines[i];
        assert_int_equal(kg_plan_line_compare(one, other), 0);
        assert_true(kg_plan_line_equal(one, other));
    }
}

/* Lines that were read before the state is asked come to the same as those that were not. */
static void check_both_ways(const world *w, const char *organisation, const char *lines)
{
    const kg_actor who = {organisation, KG_ROLE_ORGANISATION};
    kg_command as_written = submit_command(lines), read = submit_command(lines);
    kg_decision one, other;
    kg_decision_init(&one);
    kg_decision_init(&other);
    kg_submit_read(&read, kg_state_catalogue(w->state));
    kg_state_check(w->state, &who, &as_written, w->now, &one);
    kg_state_check(w->state, &who, &read, w->now, &other);
    need_same(&one, &other);
    kg_decision_fini(&one);
    kg_decision_fini(&other);
    kg_command_fini(&as_written);
    kg_command_fini(&read);
}

kg_status world_submit(world *w, const char *organisation, const char *lines)
{
    kg_command command = submit_command(lines);
    check_both_ways(w, organisation, lines);
    return world_do(w, organisation, &command);
}

void world_plan(world *w, const char *organisation, const char *lines)
{
    kg_command command = submit_command(lines);
    check_both_ways(w, organisation, lines);
    world_must(w, organisation, &command);
}

kg_status world_withdraw(world *w, const char *organisation, const char *keys)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_WITHDRAW);
    command.keys = words(&command, keys);
    return world_do(w, organisation, &command);
}

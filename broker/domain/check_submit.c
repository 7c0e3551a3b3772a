/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/check.h"

/* A message of lines while it is checked. */
typedef struct kg_submission {
    kg_check *check;
    uint32_t member;
    const kg_pending_plan *before; /* earlier parts of the same plan; NULL: none */
    kg_plan_line *lines;           /* owned; those of the message */
    bool was_read;                 /* `lines` were there, but for what only the member says */
    uint8_t *takings;              /* owned; a kg_taking a line: what it does to the pool */
    size_t count;
    kg_slots keys; /* of the message's lines */
} kg_submission;

static bool size_fits(kg_check *check, size_t count)
{
    if (count == 0)
        return kg_refuse(check, KG_STATUS_EMPTY, NULL);
    return count <= KG_SUBMIT_LINES_MAX ||
           kg_refuse(check, KG_STATUS_TOO_MANY_LINES, "At most %d lines go in one message.",
                     KG_SUBMIT_LINES_MAX);
}

/* Parts come in order; the first one drops what an earlier plan left unfinished. */
static bool part_fits(kg_check *check, const kg_pending_plan *pending,
                      const kg_pending_plan **before)
{
    static const uint8_t no_id[KG_REQUEST_ID_BYTES];
    const kg_submit *submit = &check->command->submit;
    if (submit->parts == 0 || submit->parts > KG_PLAN_PARTS_MAX || submit->part == 0 ||
        submit->part > submit->parts)
        return kg_refuse(check, KG_STATUS_PLAN_PART, "A plan has parts 1 to n, at most %d.",
                         KG_PLAN_PARTS_MAX);
    if (submit->parts > 1 && memcmp(submit->plan_id, no_id, sizeof no_id) == 0)
        return kg_refuse(check, KG_STATUS_PLAN_PART, "A plan in parts needs an id.");
    *before = NULL;
    if (submit->part == 1)
        return true;
    if (!pending || memcmp(pending->id, submit->plan_id, sizeof pending->id) != 0)
        return kg_refuse(check, KG_STATUS_PLAN_PART,
                         "Part %u of %u came, but no earlier part of this plan is held. Send the "
                         "plan again from its first part.",
                         submit->part, submit->parts);
    if (pending->parts != submit->parts || pending->taken + 1 != submit->part)
        return kg_refuse(check, KG_STATUS_PLAN_PART,
                         "Part %u of %u came where part %u of %u was expected. Send the plan again "
                         "from its first part.",
                         submit->part, submit->parts, pending->taken + 1, pending->parts);
    *before = pending;
    return true;
}

static bool stands_twice(const kg_submission *submission, const char *key, uint32_t hash)
{
    size_t at;
    uint32_t found = kg_slots_first(&submission->keys, hash, &at);
    while (found != KG_NONE && strcmp(submission->lines[found].line, key) != 0)
        found = kg_slots_next(&submission->keys, hash, &at);
    return found != KG_NONE ||
           (submission->before && kg_pending_plan_has(submission->before, key, hash));
}

/* Where the earlier parts' keys may stand that the message's are held against: there may be a
 * million, far apart. */
static void fetch_ahead(const kg_submission *submission)
{
    const kg_submit *submit = &submission->check->command->submit;
    for (size_t i = 0; submission->before && i < submit->count; i++) {
        const char *key = submit->drafts[i].text[KG_COLUMN_LINE];
        if (key)
            kg_slots_prefetch(&submission->before->keys, kg_slots_hash(key));
    }
}

static bool is_held(const kg_submission *submission, const kg_plan_line *line, uint32_t hash,
                    kg_taking *taking)
{
    uint32_t index;
    const kg_state *state = submission->check->state;
    *taking = kg_pool_taking(state, submission->member, line, hash, &index);
    return *taking == KG_TAKE_AMEND && kg_pool_is(state, index, KG_POOL_HELD);
}

static void refuse_held(kg_submission *submission, long row, const kg_plan_line *line)
{
    const kg_state *state = submission->check->state;
    uint32_t index = kg_state_find_line(state, submission->member, line->line);
    const kg_campaign *campaign = state->campaigns[kg_pool_holder(state, index)];
    kg_problems_add(&submission->check->out->problems, KG_STATUS_LINE_CLAIMED, row,
                    kg_column_name(KG_COLUMN_LINE), line->line,
                    "Round %s has claimed this line; it cannot change until the round frees it.",
                    campaign->rules.id);
}

static bool read_draft(const kg_submission *submission, size_t at, kg_languages languages,
                       kg_plan_line *line)
{
    kg_check *check = submission->check;
    kg_problems *problems = &check->out->problems;
    kg_line_draft draft = check->command->submit.drafts[at];
    const char *organisation = draft.text[KG_COLUMN_ORGANISATION];
    long row = (long)at + 1;
    draft.text[KG_COLUMN_ORGANISATION] = NULL;
    if (organisation && *organisation)
        kg_problems_add(problems, KG_STATUS_UNKNOWN_COLUMN, row,
                        kg_column_name(KG_COLUMN_ORGANISATION), organisation,
                        "Leave this column out: the plan is that of the organisation that signs.");
    return kg_plan_line_check(&draft, check->state->catalogue, languages, row,
                              &check->command->arena, line, problems);
}

/* The next line, as it was read before or is now. */
static bool read_line(const kg_submission *submission, size_t at, kg_plan_line *line)
{
    const kg_member *member = submission->check->state->members[submission->member];
    const kg_languages languages = member->record.languages;
    if (!submission->was_read && !read_draft(submission, at, languages, line))
        return false;
    if (submission->was_read && at != submission->count)
        *line = submission->lines[at];
    if (line->languages == 0)
        line->languages = languages;
    line->organisation = member->record.id;
    return true;
}

static void check_line(kg_submission *submission, size_t at)
{
    kg_problems *problems = &submission->check->out->problems;
    kg_plan_line *line = &submission->lines[submission->count];
    long row = (long)at + 1;
    if (!read_line(submission, at, line))
        return;
    const uint32_t hash = kg_slots_hash(line->line);
    if (stands_twice(submission, line->line, hash)) {
        kg_problems_add(problems, KG_STATUS_DUPLICATE_LINE, row, kg_column_name(KG_COLUMN_LINE),
                        line->line, NULL);
        return;
    }
    kg_taking taking;
    if (is_held(submission, line, hash, &taking))
        refuse_held(submission, row, line);
    submission->takings[submission->count] = (uint8_t)taking;
    kg_slots_add(&submission->keys, hash, (uint32_t)submission->count++);
}

/* A round may have closed since an earlier part came. */
static void check_earlier_parts(kg_submission *submission)
{
    kg_taking taking;
    const kg_submit *submit = &submission->check->command->submit;
    const kg_member *member = submission->check->state->members[submission->member];
    if (!submission->before || submit->part != submit->parts || member->line_index.count == 0)
        return;
    for (size_t i = 0; i < submission->before->count; i++) {
        const kg_plan_line *line = &submission->before->lines[i];
        if (is_held(submission, line, kg_slots_hash(line->line), &taking))
            refuse_held(submission, 0, line);
    }
}

/* A plan of one part is journalled as what it changes; of parts, whole, since what they change is
 * known with the last only. */
static void keep_changes(kg_submission *submission, kg_event *event)
{
    size_t kept = 0;
    for (size_t i = 0; i < submission->count; i++)
        if (event->command.submit.parts > 1 || submission->takings[i] != KG_TAKE_NOTHING)
            submission->lines[kept++] = submission->lines[i];
    event->unchanged = submission->count - kept;
    event->lines = submission->lines;
    event->lines_count = kept;
    submission->lines = NULL;
}

static void accept(kg_submission *submission)
{
    kg_event *event = kg_accept(submission->check);
    event->command.submit.drafts = NULL;
    event->command.submit.count = 0;
    keep_changes(submission, event);
    for (size_t i = 0; i < event->lines_count; i++) /* the event owns what it shows */
        event->lines[i].organisation = event->actor;
}

/* From the command where they were read by the catalogue in force. */
static void take_lines(kg_submission *submission)
{
    const kg_state *state = submission->check->state;
    kg_submit *submit = &submission->check->command->submit;
    submission->was_read = submit->lines && submit->read_by == state->catalogue;
    if (submission->was_read) {
        submission->lines = submit->lines;
        submit->lines = NULL;
    } else {
        submission->lines = kg_alloc(submit->count, sizeof *submission->lines);
    }
}

void kg_check_submit(kg_check *check)
{
    kg_submission submission = {.check = check};
    const kg_submit *submit = &check->command->submit;
    if (!kg_check_member(check, &submission.member) || !size_fits(check, submit->count) ||
        !part_fits(check, check->state->members[submission.member]->pending, &submission.before))
        return;
    if (!check->state->catalogue) {
        kg_refuse(check, KG_STATUS_CATALOGUE, "The broker has no catalogue yet.");
        return;
    }
    kg_slots_init(&submission.keys);
    kg_slots_reserve(&submission.keys, submit->count);
    take_lines(&submission);
    submission.takings = kg_alloc(submit->count, sizeof *submission.takings);
    fetch_ahead(&submission);
    for (size_t i = 0; i < submit->count; i++)
        check_line(&submission, i);
    check_earlier_parts(&submission);
    if (kg_refuse_problems(check, "taken"))
        accept(&submission);
    free(submission.lines);
    free(submission.takings);
    kg_slots_fini(&submission.keys);
}

static void check_key(kg_check *check, uint32_t member, size_t at, kg_slots *seen)
{
    kg_problems *problems = &check->out->problems;
    const char *key = check->command->keys.items[at];
    uint32_t index = kg_state_find_line(check->state, member, key);
    const char *column = kg_column_name(KG_COLUMN_LINE);
    long row = (long)at + 1;
    size_t walk;
    if (index == KG_NONE) {
        kg_problems_add(problems, KG_STATUS_UNKNOWN_LINE, row, column, key, NULL);
        return;
    }
    if (kg_slots_first(seen, index, &walk) != KG_NONE)
        kg_problems_add(problems, KG_STATUS_DUPLICATE_LINE, row, column, key, NULL);
    else if (kg_pool_is(check->state, index, KG_POOL_WITHDRAWN))
        kg_problems_add(problems, KG_STATUS_LINE_WITHDRAWN, row, column, key, NULL);
    else if (kg_pool_is(check->state, index, KG_POOL_HELD))
        kg_problems_add(problems, KG_STATUS_LINE_CLAIMED, row, column, key,
                        "Round %s has claimed this line; it cannot be withdrawn until the round "
                        "frees it.",
                        check->state->campaigns[kg_pool_holder(check->state, index)]->rules.id);
    else
        kg_slots_add(seen, index, index); /* the index is its own hash */
}

void kg_check_withdraw(kg_check *check)
{
    uint32_t member;
    kg_slots seen;
    if (!kg_check_member(check, &member) || !size_fits(check, check->command->keys.count))
        return;
    kg_slots_init(&seen);
    for (size_t i = 0; i < check->command->keys.count; i++)
        check_key(check, member, i, &seen);
    if (kg_refuse_problems(check, "withdrawn"))
        kg_accept(check);
    kg_slots_fini(&seen);
}

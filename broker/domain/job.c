/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/check.h"
#include "broker/domain/conclusion.h"

struct kg_job {
    kg_grouping_input input; /* lines NULL until it is asked for */
    kg_round rules;          /* owned */
    const kg_claim *claims;  /* the round's; only their lines are read, which do not change */
    size_t claims_count, lines_count;
    uint8_t *stays;   /* owned; by claim; NULL: all are wanted */
    uint32_t *firsts; /* owned; place of each organisation's first claim */
    kg_body *bodies;  /* owned; all organisations of the round's claims */
    size_t bodies_count;
    kg_fixed_lot *fixed; /* owned */
    uint32_t *members;   /* owned; of all fixed lots; places in the claims, then lines */
    size_t members_count;
    kg_demand *demands; /* owned; with the input */
    uint32_t *places;   /* owned; with the input: in the claims, by line; ascending */
    uint32_t campaign;
    uint64_t changed; /* what the campaign's said when the job was made */
};

static kg_job *new_job(const kg_state *state, uint32_t index)
{
    const kg_campaign *campaign = state->campaigns[index];
    kg_job *job = kg_alloc(1, sizeof *job);
    job->campaign = index;
    job->changed = campaign->changed;
    job->claims = campaign->claims;
    job->claims_count = job->lines_count = campaign->claims_count;
    job->bodies_count = campaign->bodies_count;
    job->bodies = kg_alloc(job->bodies_count, sizeof *job->bodies);
    job->firsts = kg_alloc(job->bodies_count, sizeof *job->firsts);
    for (size_t i = 0; i < job->bodies_count; i++) {
        const kg_organisation *record = &state->members[campaign->bodies[i].member]->record;
        job->firsts[i] = campaign->bodies[i].first;
        job->bodies[i] = (kg_body){record->can_lead, record->languages, record->central};
    }
    kg_round_copy(&job->rules, &campaign->rules);
    job->input = (kg_grouping_input){.catalogue = state->catalogue,
                                     .round = &job->rules,
                                     .lines_count = job->lines_count,
                                     .bodies = job->bodies};
    return job;
}

kg_job *kg_job_new_proposal(const kg_state *state, uint32_t campaign)
{
    return new_job(state, campaign);
}

/* A healthy lot stands with the lines that stay in it. */
static void fix_lot(kg_job *job, const kg_lot *lot)
{
    kg_fixed_lot *fixed = &job->fixed[job->input.fixed_count++];
    const uint32_t *members = job->members + job->members_count;
    for (size_t i = 0; i < lot->members_count; i++)
        if (job->stays[lot->members[i]])
            job->members[job->members_count++] = lot->members[i];
    *fixed = (kg_fixed_lot){.category = lot->shape.category,
                            .nuts = lot->shape.nuts,
                            .condition = lot->shape.condition,
                            .track = lot->shape.track,
                            .language = lot->shape.language,
                            .x = lot->shape.x,
                            .members = members,
                            .members_count = (size_t)(job->members + job->members_count - members)};
}

static kg_job *new_rerun(const kg_state *state, uint32_t campaign, kg_conclusion *conclusion)
{
    kg_job *job = new_job(state, campaign);
    job->stays = conclusion->stays;
    conclusion->stays = NULL;
    job->lines_count = 0;
    for (size_t i = 0; i < conclusion->count; i++)
        job->lines_count += conclusion->standings[i].lines;
    job->input.lines_count = job->lines_count;
    job->fixed = kg_alloc(conclusion->healthy, sizeof *job->fixed);
    job->members = kg_alloc(job->lines_count, sizeof *job->members);
    for (size_t i = 0; i < conclusion->count; i++)
        if (conclusion->standings[i].healthy)
            fix_lot(job, state->lots[conclusion->standings[i].lot]);
    job->input.fixed = job->fixed;
    return job;
}

kg_job *kg_job_new_rerun(const kg_state *state, uint32_t campaign)
{
    kg_job *job = NULL;
    kg_conclusion conclusion;
    kg_conclusion_init(&conclusion, state, campaign);
    if (kg_conclusion_reruns(&conclusion, state->campaigns[campaign]))
        job = new_rerun(state, campaign, &conclusion);
    kg_conclusion_fini(&conclusion);
    return job;
}

size_t kg_job_lines(const kg_job *job)
{
    return job->lines_count;
}

/* Places become lines of the input. */
static void place_members(kg_job *job)
{
    uint32_t *line_at = kg_alloc(job->claims_count, sizeof *line_at);
    for (size_t i = 0; i < job->lines_count; i++)
        line_at[job->places[i]] = (uint32_t)i;
    for (size_t i = 0; i < job->members_count; i++)
        job->members[i] = line_at[job->members[i]];
    free(line_at);
}

const kg_grouping_input *kg_job_input(kg_job *job)
{
    uint32_t body = 0;
    size_t count = 0;
    if (job->demands)
        return &job->input;
    job->demands = kg_realloc(NULL, job->lines_count + 1, sizeof *job->demands);
    job->places = kg_realloc(NULL, job->lines_count + 1, sizeof *job->places);
    for (uint32_t i = 0; i < job->claims_count; i++) {
        while (body + 1 < job->bodies_count && job->firsts[body + 1] <= i)
            body++;
        if (job->stays && !job->stays[i])
            continue;
        job->demands[count] = kg_demand_of(&job->claims[i].line, job->input.catalogue, body);
        job->places[count++] = i;
    }
    if (job->fixed)
        place_members(job);
    job->input.lines = job->demands;
    return &job->input;
}

bool kg_job_holds(const kg_job *job, const kg_state *state, uint32_t campaign)
{
    return job->campaign == campaign && job->changed == state->campaigns[campaign]->changed &&
           job->input.catalogue == state->catalogue;
}

void kg_job_map(const kg_job *job, const kg_state *state, kg_outcome *outcome)
{
    const kg_claimed_body *bodies = state->campaigns[job->campaign]->bodies;
    for (size_t i = 0; i < outcome->members_count; i++)
        outcome->members[i] = job->places[outcome->members[i]];
    for (size_t i = 0; i < outcome->unplaced_count; i++)
        outcome->unplaced[i].line = job->places[outcome->unplaced[i].line];
    for (size_t i = 0; i < outcome->lots_count; i++)
        if (outcome->lots[i].lead != KG_NO_ORGANISATION)
            outcome->lots[i].lead = bodies[outcome->lots[i].lead].member;
}

void kg_job_write_rules(const kg_job *job, kg_sink sink)
{
    kg_round_write(&job->rules, job->input.catalogue, sink);
    kg_catalogue_write(job->input.catalogue, sink);
}

void kg_job_write_lines(const kg_job *job, kg_sink sink)
{
    for (size_t i = 0; i < job->claims_count; i++)
        if (!job->stays || job->stays[i])
            kg_plan_line_write(&job->claims[i].line, job->input.catalogue, sink);
}

void kg_job_destroy(kg_job **job)
{
    kg_job *j = *job;
    if (!j)
        return;
    kg_round_fini(&j->rules);
    free(j->stays);
    free(j->firsts);
    free(j->bodies);
    free(j->fixed);
    free(j->members);
    free(j->demands);
    free(j->places);
    free(j);
    *job = NULL;
}

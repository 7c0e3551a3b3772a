/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/check.h"
#include "broker/domain/conclusion.h"

struct kg_job {
    kg_grouping_input input;
    kg_round rules;      /* owned */
    kg_plan_line *lines; /* owned; texts are the state's */
    kg_demand *demands;  /* owned */
    uint32_t *places;    /* owned; in the claims, by line of the input; ascending */
    kg_body *bodies;     /* owned; all organisations of the round's claims */
    kg_fixed_lot *fixed; /* owned */
    uint32_t *members;   /* owned; of all fixed lots */
    uint32_t campaign;
    uint64_t changed; /* what the campaign's said when the job was made */
};

/* Takes the claims that are wanted: all, or those that stay. */
static void take_lines(kg_job *job, const kg_state *state, const kg_campaign *campaign,
                       const uint8_t *wanted)
{
    uint32_t bodies = 0;
    size_t count = 0;
    for (size_t i = 0; i < campaign->claims_count; i++) {
        const kg_claim *claim = &campaign->claims[i];
        if (i == 0 || !kg_claims_same_body(campaign, i - 1, i)) {
            uint32_t member = kg_pool_at(state, claim->pool_line)->member;
            const kg_organisation *record = &state->members[member]->record;
            job->bodies[bodies++] = (kg_body){record->can_lead, record->languages, record->central};
        }
        if (wanted && !wanted[i])
            continue;
        job->lines[count] = claim->line;
        job->demands[count] = kg_demand_of(&claim->line, state->catalogue, bodies - 1);
        job->places[count++] = (uint32_t)i;
    }
    job->input.lines_count = count;
}

static kg_job *new_job(const kg_state *state, uint32_t index, const uint8_t *wanted, size_t count)
{
    const kg_campaign *campaign = state->campaigns[index];
    kg_job *job = kg_alloc(1, sizeof *job);
    job->campaign = index;
    job->changed = campaign->changed;
    kg_round_copy(&job->rules, &campaign->rules);
    job->lines = kg_alloc(count, sizeof *job->lines);
    job->demands = kg_alloc(count, sizeof *job->demands);
    job->places = kg_alloc(count, sizeof *job->places);
    job->bodies = kg_alloc(state->members_count, sizeof *job->bodies);
    job->input = (kg_grouping_input){.catalogue = state->catalogue,
                                     .round = &job->rules,
                                     .lines = job->demands,
                                     .bodies = job->bodies};
    take_lines(job, state, campaign, wanted);
    return job;
}

kg_job *kg_job_new_proposal(const kg_state *state, uint32_t campaign)
{
    return new_job(state, campaign, NULL, state->campaigns[campaign]->claims_count);
}

/* A healthy lot stands with the lines that stay in it. `line_at` finds a place's line. */
static size_t fix_lot(kg_job *job, const kg_lot *lot, const uint8_t *stays, const uint32_t *line_at,
                      size_t first)
{
    kg_fixed_lot *fixed = &job->fixed[job->input.fixed_count++];
    size_t count = 0;
    for (size_t i = 0; i < lot->members_count; i++)
        if (stays[lot->members[i]])
            job->members[first + count++] = line_at[lot->members[i]];
    *fixed = (kg_fixed_lot){.category = lot->shape.category,
                            .nuts = lot->shape.nuts,
                            .condition = lot->shape.condition,
                            .track = lot->shape.track,
                            .language = lot->shape.language,
                            .x = lot->shape.x,
                            .members = job->members + first,
                            .members_count = count};
    return first + count;
}

static void fix_lots(kg_job *job, const kg_state *state, const kg_conclusion *conclusion)
{
    size_t claims = state->campaigns[job->campaign]->claims_count, used = 0;
    uint32_t *line_at = kg_alloc(claims, sizeof *line_at);
    for (size_t i = 0; i < job->input.lines_count; i++)
        line_at[job->places[i]] = (uint32_t)i;
    job->fixed = kg_alloc(conclusion->healthy, sizeof *job->fixed);
    job->members = kg_alloc(job->input.lines_count, sizeof *job->members);
    for (size_t i = 0; i < conclusion->count; i++)
        if (conclusion->standings[i].healthy)
            used = fix_lot(job, state->lots[conclusion->standings[i].lot], conclusion->stays,
                           line_at, used);
    job->input.fixed = job->fixed;
    free(line_at);
}

kg_job *kg_job_new_rerun(const kg_state *state, uint32_t campaign)
{
    kg_job *job = NULL;
    kg_conclusion conclusion;
    kg_conclusion_init(&conclusion, state, campaign);
    if (kg_conclusion_reruns(&conclusion, state->campaigns[campaign])) {
        size_t lines = 0;
        for (size_t i = 0; i < conclusion.count; i++)
            lines += conclusion.standings[i].lines;
        job = new_job(state, campaign, conclusion.stays, lines);
        fix_lots(job, state, &conclusion);
    }
    kg_conclusion_fini(&conclusion);
    return job;
}

bool kg_job_holds(const kg_job *job, const kg_state *state, uint32_t campaign)
{
    return job->campaign == campaign && job->changed == state->campaigns[campaign]->changed &&
           job->input.catalogue == state->catalogue;
}

/* The state's members behind the organisation numbers of the round's claims. */
static uint32_t *members_of_bodies(const kg_state *state, const kg_campaign *campaign)
{
    uint32_t *members = kg_alloc(state->members_count, sizeof *members);
    uint32_t bodies = 0;
    for (size_t i = 0; i < campaign->claims_count; i++)
        if (i == 0 || !kg_claims_same_body(campaign, i - 1, i))
            members[bodies++] = kg_pool_at(state, campaign->claims[i].pool_line)->member;
    return members;
}

void kg_job_map(const kg_job *job, const kg_state *state, kg_outcome *outcome)
{
    uint32_t *members = members_of_bodies(state, state->campaigns[job->campaign]);
    for (size_t i = 0; i < outcome->members_count; i++)
        outcome->members[i] = job->places[outcome->members[i]];
    for (size_t i = 0; i < outcome->unplaced_count; i++)
        outcome->unplaced[i].line = job->places[outcome->unplaced[i].line];
    for (size_t i = 0; i < outcome->lots_count; i++)
        if (outcome->lots[i].lead != KG_NO_ORGANISATION)
            outcome->lots[i].lead = members[outcome->lots[i].lead];
    free(members);
}

const kg_grouping_input *kg_job_input(const kg_job *job)
{
    return &job->input;
}

void kg_job_write_rules(const kg_job *job, kg_sink sink)
{
    kg_round_write(&job->rules, job->input.catalogue, sink);
    kg_catalogue_write(job->input.catalogue, sink);
}

void kg_job_write_lines(const kg_job *job, kg_sink sink)
{
    for (size_t i = 0; i < job->input.lines_count; i++)
        kg_plan_line_write(&job->lines[i], job->input.catalogue, sink);
}

void kg_job_destroy(kg_job **job)
{
    kg_job *j = *job;
    if (!j)
        return;
    kg_round_fini(&j->rules);
    free(j->lines);
    free(j->demands);
    free(j->places);
    free(j->bodies);
    free(j->fixed);
    free(j->members);
    free(j);
    *job = NULL;
}

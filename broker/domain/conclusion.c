/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/conclusion.h"

#include <stdlib.h>

kg_answer kg_answer_final(const kg_claim *claim)
{
    if (claim->answer != KG_ANSWER_NONE)
        return claim->answer;
    return claim->line.commitment == KG_COMMITMENT_BINDING ? KG_ANSWER_YES : KG_ANSWER_NO;
}

/* Sums over the lines that stay. */
typedef struct kg_sums {
    size_t bodies;
    int64_t quantity, value_cents;
} kg_sums;

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static kg_sums sum_up(kg_standing *standing, const kg_campaign *campaign, const kg_lot *lot,
                      const uint8_t *stays)
{
    kg_sums sums = {0};
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < lot->members_count; i++) {
        uint32_t place = lot->members[i];
        const kg_plan_line *line = &campaign->claims[place].line;
        if (!stays[place])
            continue;
        standing->lines++;
        sums.bodies += last == SIZE_MAX || !kg_claims_same_body(campaign, last, place);
        sums.quantity = add(sums.quantity, line->quantity);
        sums.value_cents = add(sums.value_cents, line->value_cents);
        last = place;
    }
    return sums;
}

static void judge(kg_standing *standing, const kg_round *rules, const kg_sums *sums)
{
    char value[KG_MONEY_BYTES], least[KG_MONEY_BYTES];
    size_t size = sizeof standing->why;
    if (standing->lines == 0) {
        kg_text_format(standing->why, size, KG_SAY("No organisation confirmed."));
    } else if ((int64_t)sums->bodies < rules->bodies_min) {
        kg_text_format(standing->why, size, KG_SAY("%zu organisation%s confirmed; it needs %lld."),
                       sums->bodies, sums->bodies == 1 ? "" : "s", (long long)rules->bodies_min);
    } else if (sums->quantity < rules->quantity_min) {
        kg_text_format(standing->why, size, KG_SAY("%lld pieces were confirmed; it needs %lld."),
                       (long long)sums->quantity, (long long)rules->quantity_min);
    } else if (sums->value_cents < rules->value_min_cents) {
        kg_money_write(sums->value_cents, value);
        kg_money_write(rules->value_min_cents, least);
        kg_text_format(standing->why, size, KG_SAY("%s EUR were confirmed; it needs %s."), value,
                       least);
    } else {
        standing->healthy = true;
    }
}

static void add_lot(kg_conclusion *conclusion, const kg_state *state, uint32_t index)
{
    const kg_lot *lot = state->lots[index];
    const kg_campaign *campaign = state->campaigns[lot->campaign];
    kg_standing *standing = &conclusion->standings[conclusion->count++];
    *standing = (kg_standing){.lot = index};
    for (size_t i = 0; i < lot->members_count; i++) {
        uint32_t place = lot->members[i];
        conclusion->stays[place] = kg_answer_final(&campaign->claims[place]) == KG_ANSWER_YES;
    }
    kg_sums sums = sum_up(standing, campaign, lot, conclusion->stays);
    judge(standing, &campaign->rules, &sums);
    conclusion->healthy += standing->healthy;
    if (!standing->healthy)
        conclusion->failing_lines += standing->lines;
}

void kg_conclusion_init(kg_conclusion *conclusion, const kg_state *state, uint32_t campaign)
{
    const kg_campaign *of = state->campaigns[campaign];
    *conclusion = (kg_conclusion){0};
    conclusion->stays = kg_alloc(of->claims_count, 1);
    conclusion->standings = kg_alloc(of->lots_count, sizeof *conclusion->standings);
    for (size_t i = 0; i < of->lots_count; i++)
        if (state->lots[of->lots[i]]->state == KG_LOT_CONFIRMING)
            add_lot(conclusion, state, of->lots[i]);
}

void kg_conclusion_fini(kg_conclusion *conclusion)
{
    free(conclusion->stays);
    free(conclusion->standings);
}

bool kg_conclusion_reruns(const kg_conclusion *conclusion, const kg_campaign *campaign)
{
    return !campaign->reconfirming && conclusion->failing_lines > 0;
}

uint32_t kg_conclusion_fixed(const kg_conclusion *conclusion, uint32_t number)
{
    for (size_t i = 0; i < conclusion->count; i++)
        if (conclusion->standings[i].healthy && number-- == 0)
            return conclusion->standings[i].lot;
    return KG_NONE;
}

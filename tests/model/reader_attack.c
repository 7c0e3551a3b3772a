/* SPDX-License-Identifier: EUPL-1.2 */
#include "reader_attack.h"

#include <stdlib.h>

#include "linear_programme.h"

#define COALITION_MAX 2
#define TINY 1e-6

typedef struct attack_programme {
    linear_programme lp;
    const reader_life *life;
    const reader_pieces *pieces;
    int measure;
} attack_programme;

/* What is sought: the sum of some unknowns of one holding. */
typedef struct attack_target {
    const char *what;
    uint32_t holding;
    bool *in; /* by piece */
    double truth;
} attack_target;

static void add_rows(attack_programme *p)
{
    uint32_t *columns = malloc((p->pieces->count + 1) * sizeof *columns);
    double *ones = malloc((p->pieces->count + 1) * sizeof *ones);
    for (size_t s = 0; s < p->life->sums_count; s++) {
        size_t count = 0;
        for (size_t i = 0; i < p->pieces->count; i++)
            if (reader_set_has(&p->pieces->items[i].sums, s)) {
                columns[count] = (uint32_t)i;
                ones[count++] = 1;
            }
        double sum = (double)p->life->sums[s].amounts[p->measure];
        if (count > 0)
            programme_add(&p->lp, columns, ones, count, sum, sum);
    }
    free(columns);
    free(ones);
}

static void attack_init(attack_programme *p, const reader_life *life, int measure)
{
    *p = (attack_programme){.life = life, .pieces = &life->pieces[measure], .measure = measure};
    programme_init(&p->lp, p->pieces->count);
    add_rows(p);
}

static void know(attack_programme *p, uint32_t holding, bool known)
{
    for (size_t i = 0; i < p->pieces->count; i++) {
        const reader_piece *piece = &p->pieces->items[i];
        if (piece->holding != holding)
            continue;
        if (known)
            programme_know(&p->lp, i, (double)piece->amount);
        else
            programme_forget(&p->lp, i);
    }
}

static double solve(attack_programme *p, const attack_target *target, int direction)
{
    for (size_t i = 0; i < p->pieces->count; i++)
        programme_seek(&p->lp, i, target->in[i] ? 1 : 0);
    return programme_bound(&p->lp, direction);
}

/* The holdings that have most in the sums in which the target is. */
static int choose(const attack_programme *p, const attack_target *target, int coalition,
                  uint32_t out[COALITION_MAX])
{
    int count = 0;
    while (count < coalition) {
        double best = 0, has[READER_BODIES + 1] = {0};
        uint32_t chosen = KG_NONE;
        for (size_t i = 0; i < p->pieces->count; i++) {
            const reader_piece *piece = &p->pieces->items[i];
            bool meets = false;
            for (size_t k = 0; k < p->pieces->count && !meets; k++)
                for (size_t w = 0; target->in[k] && w < READER_SUMS_MAX / 64; w++)
                    meets |= (piece->sums.bits[w] & p->pieces->items[k].sums.bits[w]) != 0;
            if (meets && piece->holding <= READER_BODIES)
                has[piece->holding] += (double)piece->amount;
        }
        for (uint32_t h = 0; h <= READER_BODIES; h++)
            if (h != target->holding && has[h] > best && (count == 0 || h != out[0])) {
                best = has[h];
                chosen = h;
            }
        if (chosen == KG_NONE)
            break;
        out[count++] = chosen;
    }
    return count;
}

static void seek(attack_programme *p, const attack_target *target, int coalition,
                 attack_result *result)
{
    uint32_t known[COALITION_MAX];
    double margin = target->truth * ATTACK_PERCENT / 100;
    if (target->truth <= 0)
        return;
    int count = choose(p, target, coalition, known);
    for (int i = 0; i < count; i++)
        know(p, known[i], true);
    double least = solve(p, target, GLP_MIN);
    double most = solve(p, target, GLP_MAX);
    for (int i = 0; i < count; i++)
        know(p, known[i], false);
    result->targets++;
    if (least > target->truth * (1 + TINY) || most < target->truth * (1 - TINY))
        fail_msg("the truth %.0f is not between %.0f and %.0f", target->truth, least, most);
    if (least <= target->truth - margin * (1 - TINY) &&
        most >= target->truth + margin * (1 - TINY))
        return;
    if (result->bounded++ == 0)
        kg_text_format(result->first, sizeof result->first,
                       "%s of holding %u: %.0f is between %.0f and %.0f for a coalition of %d",
                       target->what, target->holding, target->truth, least, most, count);
}

/* All unknowns of the holding that are in one of these sums; true where there is one. */
static bool gather(const attack_programme *p, uint32_t holding, bool (*wanted)(const reader_sum *,
                   const reader_sum *), const reader_sum *sum, attack_target *target)
{
    bool some = false;
    target->holding = holding;
    target->truth = 0;
    for (size_t i = 0; i < p->pieces->count; i++) {
        const reader_piece *piece = &p->pieces->items[i];
        target->in[i] = false;
        for (size_t s = 0; s < p->life->sums_count && piece->holding == holding; s++)
            target->in[i] |= wanted(&p->life->sums[s], sum) && reader_set_has(&piece->sums, s);
        some |= target->in[i];
        target->truth += target->in[i] ? (double)piece->amount : 0;
    }
    return some;
}

static bool the_sum(const reader_sum *a, const reader_sum *b)
{
    return a == b;
}

static bool of_the_version(const reader_sum *a, const reader_sum *b)
{
    return a->version == b->version;
}

void attack(reader_life *l, int measure, int coalition, attack_result *result)
{
    attack_programme p;
    if (l->pieces[measure].count == 0)
        return; /* nothing was published */
    attack_init(&p, l, measure);
    attack_target target = {.in = calloc(p.pieces->count + 1, sizeof(bool))};
    for (size_t i = 0; i < p.pieces->count; i++) {
        memset(target.in, 0, p.pieces->count * sizeof(bool));
        target.what = "one amount";
        target.in[i] = true;
        target.holding = p.pieces->items[i].holding;
        target.truth = (double)p.pieces->items[i].amount;
        seek(&p, &target, coalition, result);
    }
    for (size_t s = 0; s < l->sums_count; s++) {
        bool last = s + 1 == l->sums_count || l->sums[s + 1].version != l->sums[s].version;
        for (uint32_t holding = 0; holding <= READER_BODIES; holding++) {
            target.what = "what is in a cell";
            if (gather(&p, holding, the_sum, &l->sums[s], &target))
                seek(&p, &target, coalition, result);
            target.what = "all that is in a version";
            if (last && gather(&p, holding, of_the_version, &l->sums[s], &target))
                seek(&p, &target, coalition, result);
        }
    }
    free(target.in);
    result->solved += p.lp.solved;
    programme_fini(&p.lp);
}

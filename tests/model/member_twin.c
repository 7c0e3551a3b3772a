/* SPDX-License-Identifier: EUPL-1.2 */
#include "member_twin.h"

#include <stdlib.h>

#define NODES_MAX 3000 /* of a search: a clock would make runs differ */

static void stop_searching(glp_tree *tree, void *context)
{
    int nodes;
    (void)context;
    glp_ios_tree_size(tree, NULL, NULL, &nodes);
    if (nodes > NODES_MAX)
        glp_ios_terminate(tree);
}

/* Of all that the attacker may think, what differs least from the truth and has this amount on the
 * far side of a limit. Columns: amounts, then what each is above the truth, then below. */
static bool imagine(const member_case *by, size_t amount, double least, double most,
                    int64_t *instead)
{
    const member_life *l = by->life;
    const size_t n = l->amounts_count;
    linear_programme p;
    glp_iocp options;
    programme_init(&p, 3 * n);
    member_know_all(&p, by);
    for (size_t i = 0; i < n; i++) {
        const uint32_t columns[] = {(uint32_t)i, (uint32_t)(n + i), (uint32_t)(2 * n + i)};
        const double times[] = {1, -1, 1};
        programme_add(&p, columns, times, 3, member_truth(l, i), member_truth(l, i));
        programme_seek(&p, n + i, 1 / (member_truth(l, i) + 1));
        programme_seek(&p, 2 * n + i, 1 / (member_truth(l, i) + 1));
        glp_set_col_kind(p.lp, (int)i + 1, GLP_IV);
        /* A plan of nothing would be refused. */
        if (!member_listens(l, by->ears, l->amounts[i].body))
            glp_set_col_bnds(p.lp, (int)i + 1, GLP_LO, 1, 0);
    }
    programme_add(&p, &(uint32_t){(uint32_t)amount}, &(double){1}, 1, least, most);
    glp_set_obj_dir(p.lp, GLP_MIN);
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.presolve = GLP_ON;
    options.mip_gap = 0.3;
    options.cb_func = stop_searching;
    glp_intopt(p.lp, &options);
    int status = glp_mip_status(p.lp);
    bool some = status == GLP_OPT || status == GLP_FEAS;
    for (size_t i = 0; some && i < n; i++)
        instead[i] = (int64_t)(glp_mip_col_val(p.lp, (int)i + 1) + 0.5) *
                     (l->amounts[i].value ? 100 : 1);
    programme_fini(&p);
    return some;
}

/* Where two tellings part. */
static void note_difference(const kg_buffer *a, const kg_buffer *b, member_twins *twins)
{
    size_t at = 0, line = 0;
    while (at < a->count && at < b->count && a->bytes[at] == b->bytes[at]) {
        line = a->bytes[at] == '\n' ? at + 1 : line;
        at++;
    }
    if (twins->other[0] != '\0')
        return;
    size_t from = at > line + 150 ? at - 120 : line;
    kg_text_format(twins->other, sizeof twins->other, "%.8s... %.*s | %.*s", a->bytes + line,
                   (int)(at - from) + 50, a->bytes + from, 60,
                   at < b->count ? b->bytes + at : "");
}

static bool tells_the_same(const member_case *by, const int64_t *instead, member_twins *twins)
{
    const member_life *l = by->life;
    member_life *twin = malloc(sizeof *twin);
    bool same = true;
    member_life_init(twin, l->seed);
    twin->rules = l->rules;
    twin->letters = true;
    twin->plant_unseen = l->plant_unseen;
    twin->instead = instead;
    twin->instead_count = l->amounts_count;
    member_life_live(twin);
    for (int ear = 0; ear < MEMBER_EARS && same; ear++) {
        const kg_buffer *a = &l->told[ear], *b = &twin->told[ear];
        if (!(by->ears & 1U << ear))
            continue;
        same = a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
        if (!same)
            note_difference(a, b, twins);
    }
    member_life_fini(twin);
    free(twin);
    return same;
}

static void seek_twin(const member_case *by, size_t amount, member_twins *twins)
{
    static const double times[] = {MEMBER_APART * 1.01, 1 / MEMBER_APART * 0.99, 2, 0.5};
    int64_t *instead = malloc((by->life->amounts_count + 1) * sizeof *instead);
    const double truth = member_truth(by->life, amount);
    bool thought = false, found = false;
    for (size_t i = 0; i < sizeof times / sizeof *times && !found; i++) {
        bool more = times[i] > 1;
        if (imagine(by, amount, more ? truth * times[i] : 0, more ? NO_LIMIT : truth * times[i],
                    instead)) {
            thought = true;
            found = tells_the_same(by, instead, twins);
        }
    }
    twins->sought += thought;
    twins->found += found;
    free(instead);
}

/* Is anything known of it? */
static bool is_told_of(const member_case *by, size_t amount)
{
    const member_life *l = by->life;
    for (size_t i = 0; i < l->facts_count; i++)
        for (size_t k = 0; k < l->facts[i].count && member_knows(by, &l->facts[i]); k++)
            if (l->lines[l->facts[i].lines[k]].figures[l->facts[i].figure].amount == amount)
                return true;
    return false;
}

void member_twins_seek(const member_life *l, uint32_t ears, size_t count,
                         member_twins *twins)
{
    const member_case by = {l, ears, true, false};
    const size_t n = l->amounts_count;
    for (size_t i = 0; i < n && count > 0; i++) {
        size_t amount = (i * 7919 + l->seed) % n;
        if (member_listens(l, ears, l->amounts[amount].body) || !is_told_of(&by, amount))
            continue;
        seek_twin(&by, amount, twins);
        count--;
    }
}

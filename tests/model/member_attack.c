/* SPDX-License-Identifier: EUPL-1.2 */
#include "member_attack.h"

#include <stdlib.h>

#define TINY 1e-6

/* ---- what is known ---- */

bool member_listens(const member_life *l, uint32_t ears, uint32_t body)
{
    for (uint32_t ear = 0; ear < MEMBER_READER; ear++)
        if ((ears & 1U << ear) && member_holding(l, ear) == member_holding(l, body))
            return true;
    return false;
}

static double unit(bool money)
{
    return money ? 100 : 1;
}

static bool is_money(int figure)
{
    return figure == MEMBER_VALUE || figure == MEMBER_VALUE_MAX;
}

/* An amount as its column counts it: pieces or EUR. */
double member_truth(const member_life *l, size_t amount)
{
    return (double)l->amounts[amount].truth / unit(l->amounts[amount].value);
}

/* A line's figure as so many times a column. */
static double times_of(const member_life *l, const member_term *term, int figure)
{
    return (double)term->times * unit(l->amounts[term->amount].value) / unit(is_money(figure));
}

static void add_fact(linear_programme *p, const member_life *l, const member_fact *fact)
{
    uint32_t *columns = malloc((fact->count + 1) * sizeof *columns);
    double *times = malloc((fact->count + 1) * sizeof *times);
    size_t count = 0;
    for (size_t i = 0; i < fact->count; i++) {
        const member_term *term = &l->lines[fact->lines[i]].figures[fact->figure];
        if (term->times == 0)
            continue;
        columns[count] = term->amount;
        times[count++] = times_of(l, term, fact->figure);
    }
    /* A band's end in cents is that of the EUR below: amounts are of whole ones. */
    double by = unit(is_money(fact->figure));
    double least = (double)(int64_t)((fact->least + by - 1) / by);
    double most = fact->most >= NO_END ? NO_LIMIT : (double)(int64_t)(fact->most / by);
    if (count > 0)
        programme_add(p, columns, times, count, least, most);
    free(columns);
    free(times);
}

/* A quantity is at most the maximum that stands beside it. */
static void add_maxima(linear_programme *p, const member_life *l)
{
    const double times[] = {1, -1};
    for (size_t i = 0; i < l->lines_count; i++) {
        const uint32_t columns[] = {l->lines[i].figures[MEMBER_QUANTITY_MAX].amount,
                                    l->lines[i].figures[MEMBER_QUANTITY].amount};
        if (columns[0] != columns[1])
            programme_add(p, columns, times, 2, 0, NO_LIMIT);
    }
}

bool member_knows(const member_case *by, const member_fact *fact)
{
    return (fact->ears & by->ears) != 0 && (by->contract || !fact->contract) &&
           (!by->exact || fact->least == fact->most);
}

void member_know_all(linear_programme *p, const member_case *by)
{
    const member_life *l = by->life;
    for (size_t i = 0; i < l->facts_count; i++)
        if (member_knows(by, &l->facts[i]))
            add_fact(p, l, &l->facts[i]);
    add_maxima(p, l);
    for (size_t i = 0; i < l->amounts_count; i++)
        if (member_listens(l, by->ears, l->amounts[i].body))
            programme_know(p, i, member_truth(l, i));
}

/* ---- targets ---- */

typedef struct member_target {
    const char *what;
    uint32_t holding;
    double *times; /* owned; by amount */
    double truth;
} member_target;

static void target_clear(const member_life *l, member_target *target)
{
    memset(target->times, 0, l->amounts_count * sizeof *target->times);
    target->truth = 0;
}

static void target_add(const member_life *l, member_target *target, uint32_t line, int figure)
{
    const member_term *term = &l->lines[line].figures[figure];
    double times = times_of(l, term, figure);
    target->times[term->amount] += times;
    target->truth += times * member_truth(l, term->amount);
}

static void tell(member_verdict *verdict, const member_case *by, const member_target *target,
                 double least, double most)
{
    if (verdict->first[0] == '\0')
        kg_text_format(verdict->first, sizeof verdict->first,
                       "%s of holding %u: %.0f is between %.0f and %.0f for ears %u%s",
                       target->what, target->holding, target->truth, least, most, by->ears,
                       by->exact ? ", by exact sums alone" : "");
}

static void seek(linear_programme *p, const member_case *by, const member_target *target,
                 member_verdict *verdict)
{
    const double near = target->truth * MEMBER_PERCENT / 100;
    if (target->truth <= 0)
        return;
    for (size_t i = 0; i < by->life->amounts_count; i++)
        programme_seek(p, i, target->times[i]);
    double least = programme_bound(p, GLP_MIN), most = NO_LIMIT;
    if (by->exact || least > 0) /* without a least nothing bounds it from both sides */
        most = programme_bound(p, GLP_MAX);
    if (least > target->truth * (1 + TINY) || most < target->truth * (1 - TINY))
        fail_msg("the truth %.0f is not between %.0f and %.0f", target->truth, least, most);
    verdict->targets += !by->exact;
    bool is = by->exact ? least > target->truth - near * (1 - TINY) ||
                              most < target->truth + near * (1 - TINY)
                        : most < least * MEMBER_APART * (1 - TINY);
    if (!is)
        return;
    tell(verdict, by, target, least, most);
    verdict->bounded += !by->exact;
    verdict->limited += by->exact;
}

/* Each amount of others that somebody was told something of. */
static void seek_amounts(linear_programme *p, const member_case *by, member_target *target,
                         member_verdict *verdict)
{
    const member_life *l = by->life;
    for (size_t i = 0; i < l->amounts_count; i++) {
        if (member_listens(l, by->ears, l->amounts[i].body))
            continue;
        target_clear(l, target);
        target->what = l->amounts[i].value ? "a value" : "a quantity";
        target->holding = member_holding(l, l->amounts[i].body);
        target->times[i] = 1;
        target->truth = member_truth(l, i);
        seek(p, by, target, verdict);
    }
}

/* What each holding has in each sum. */
static void seek_shares(linear_programme *p, const member_case *by, const member_fact *fact,
                        member_target *target, member_verdict *verdict)
{
    const member_life *l = by->life;
    for (uint32_t i = 0; i < fact->count; i++) {
        const uint32_t body = l->lines[fact->lines[i]].body;
        size_t lines = 0, first = fact->count;
        target_clear(l, target);
        target->holding = member_holding(l, body);
        target->what = is_money(fact->figure) ? "the value in a sum" : "the quantity in a sum";
        for (size_t k = 0; k < fact->count; k++)
            if (member_holding(l, l->lines[fact->lines[k]].body) == target->holding) {
                target_add(l, target, fact->lines[k], fact->figure);
                first = lines++ == 0 ? k : first;
            }
        /* A single line is an amount by itself. */
        if (first == i && lines > 1 && !member_listens(l, by->ears, body))
            seek(p, by, target, verdict);
    }
}

void member_attack(const member_life *l, uint32_t ears, member_verdict *verdict)
{
    member_target target = {.times = calloc(l->amounts_count + 1, sizeof(double))};
    for (int exact = 0; exact < 2; exact++) {
        const member_case by = {l, ears, false, exact};
        linear_programme p;
        programme_init(&p, l->amounts_count);
        member_know_all(&p, &by);
        seek_amounts(&p, &by, &target, verdict);
        for (size_t i = 0; i < l->facts_count; i++)
            if (member_knows(&by, &l->facts[i]))
                seek_shares(&p, &by, &l->facts[i], &target, verdict);
        verdict->solved += p.solved;
        programme_fini(&p);
    }
    free(target.times);
}

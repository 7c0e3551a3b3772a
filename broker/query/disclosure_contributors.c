/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_contributors.h"

#include <stdlib.h>

#include "proto/memory.h"

void kg_contributors_init(kg_contributors *group, size_t holdings)
{
    size_t most = holdings ? holdings : 1;
    *group = (kg_contributors){.holdings = holdings};
    group->items = kg_alloc(most, sizeof *group->items);
    group->place = kg_alloc(most, sizeof *group->place);
    group->amounts = kg_alloc(most, sizeof *group->amounts);
}

void kg_contributors_fini(kg_contributors *group)
{
    free(group->items);
    free(group->place);
    free(group->amounts);
    *group = (kg_contributors){0};
}

void kg_contributors_clear(kg_contributors *group)
{
    for (size_t i = 0; i < group->count; i++)
        group->place[group->items[i].holding] = 0;
    group->count = 0;
}

static void add_amount(int64_t *sum, int64_t amount)
{
    if (__builtin_add_overflow(*sum, amount, sum))
        *sum = INT64_MAX;
}

void kg_contributors_add(kg_contributors *group, uint32_t holding, int64_t value,
                         int64_t quantity)
{
    if (group->place[holding] == 0) {
        group->items[group->count++] = (kg_contribution){.holding = holding};
        group->place[holding] = (uint32_t)group->count;
    }
    kg_contribution *item = &group->items[group->place[holding] - 1];
    add_amount(&item->value, value);
    add_amount(&item->quantity, quantity);
}

static bool safe(const kg_contributors *group, const kg_disclosure_rules *rules, bool quantity)
{
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        int64_t amount = quantity ? group->items[i].quantity : group->items[i].value;
        if (amount > 0)
            group->amounts[count++] = amount;
    }
    return count == 0 || kg_disclosure_safe(rules, group->amounts, count);
}

bool kg_contributors_safe(kg_contributors *group, const kg_disclosure_rules *rules)
{
    return group->count >= (size_t)rules->organisations_min && safe(group, rules, false) &&
           safe(group, rules, true);
}

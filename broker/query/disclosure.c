/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure.h"

typedef struct kg_concentration {
    kg_int128 rest;                 /* of the total, without the viewer's part */
    int64_t largest, second, third; /* of the others */
    size_t others;
} kg_concentration;

static void place(kg_concentration *out, int64_t amount)
{
    if (amount > out->largest) {
        out->third = out->second;
        out->second = out->largest;
        out->largest = amount;
    } else if (amount > out->second) {
        out->third = out->second;
        out->second = amount;
    } else if (amount > out->third) {
        out->third = amount;
    }
}

static kg_concentration concentrate(const int64_t *amounts, size_t count, size_t viewer)
{
    kg_concentration out = {0};
    for (size_t i = 0; i < count; i++) {
        if (i == viewer)
            continue;
        out.others++;
        out.rest += amounts[i];
        place(&out, amounts[i]);
    }
    return out;
}

bool kg_disclosure_safe(const kg_disclosure_rules *rules, const int64_t *amounts, size_t count,
                        size_t viewer)
{
    kg_concentration others = concentrate(amounts, count, viewer);
    if (count < (size_t)rules->organisations_min || others.others < 3)
        return false;
    if ((kg_int128)others.largest * 100 > others.rest * rules->largest_percent)
        return false;
    if (((kg_int128)others.largest + others.second) * 100 > others.rest * rules->two_percent)
        return false;
    /* Two that tell each other what they know must not bound the largest: the second and third
     * largest, or the viewer, whose part is out already, and the second largest. */
    bool inside = viewer < count;
    kg_int128 hidden = others.rest - others.largest - others.second - (inside ? 0 : others.third);
    return hidden * 100 >= (kg_int128)others.largest * rules->p_percent;
}

void kg_disclosure_band(int64_t amount, char out[static 48])
{
    static const int64_t steps[] = {1, 2, 5, 10};
    int64_t power = 1;
    if (amount <= 0) {
        kg_text_format(out, 48, "0");
        return;
    }
    while (amount / power >= 10)
        power *= 10;
    int step = 0;
    while (steps[step + 1] <= amount / power)
        step++;
    kg_text_format(out, 48, "%lld-%lld", (long long)(steps[step] * power),
                   (long long)(steps[step + 1] * power - 1));
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure.h"

typedef struct kg_concentration {
    kg_int128 total;
    int64_t largest, second, third;
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

static kg_concentration concentrate(const int64_t *amounts, size_t count)
{
    kg_concentration out = {0};
    for (size_t i = 0; i < count; i++) {
        out.total += amounts[i];
        place(&out, amounts[i]);
    }
    return out;
}

bool kg_disclosure_safe(const kg_disclosure_rules *rules, const int64_t *amounts, size_t count)
{
    kg_concentration all = concentrate(amounts, count);
    if (count < (size_t)rules->organisations_min || count < 3)
        return false;
    if ((kg_int128)all.largest * 100 > all.total * rules->largest_percent)
        return false;
    if (((kg_int128)all.largest + all.second) * 100 > all.total * rules->two_percent)
        return false;
    /* Two that tell each other what they know, the second and third, must not bound the largest. */
    kg_int128 hidden = all.total - all.largest - all.second - all.third;
    return hidden * 100 >= (kg_int128)all.largest * rules->p_percent;
}

/* ---- bands ---- */

/* Nearer to a limit than by this factor, an edge would be as good as the amount. */
#define NEAR 2

static bool is_near(const kg_bands *bands, kg_int128 edge)
{
    for (size_t i = 0; i < bands->limits_count; i++)
        if (edge < bands->limits[i] * NEAR && bands->limits[i] < edge * NEAR)
            return true;
    return false;
}

kg_band kg_disclosure_band(const kg_bands *bands, kg_int128 amount)
{
    kg_band out = {0, 0};
    kg_int128 edge = bands->unit;
    for (int i = 0; out.end == 0; i++) {
        if (!is_near(bands, edge) && edge <= amount)
            out.begin = edge;
        else if (!is_near(bands, edge))
            out.end = edge;
        edge = i % 2 == 0 ? edge * 3 : edge / 3 * 10; /* 1 3 10 30 */
    }
    return out;
}

void kg_disclosure_band_write(const kg_band *band, int64_t unit, bool open, char out[static 48])
{
    const long long first = (long long)(band->begin / unit);
    if (open)
        kg_text_format(out, 48, "%lld+", first);
    else
        kg_text_format(out, 48, "%lld-%lld", first, (long long)((band->end - 1) / unit));
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/disclosure_key.h"

/* Fields from the coarsest to the finest, and their bits. */
enum {
    CATEGORY, COUNTRY, YEAR, THIRD, FOURTH, QUARTER, FIFTH, TRACK, MONTH, CPV, FIELDS
};

static const int bits[FIELDS] = {20, 16, 12, 8, 8, 2, 8, 1, 2, 27};

/* How many fields a cell of a level has: a level more forgets one more. */
static int fields_at(int level)
{
    return FIELDS - level;
}

static int bits_below(int fields)
{
    int below = 0;
    for (int i = fields; i < FIELDS; i++)
        below += bits[i];
    return below;
}

kg_cell_key kg_cell_key_of(const kg_cell_line *line)
{
    int year, month;
    kg_cell_key key = 0;
    kg_date_month(line->delivery_from, &year, &month);
    const unsigned char *nuts = (const unsigned char *)line->nuts.code;
    unsigned char code[KG_NUTS_CHARS_MAX] = {0};
    for (int i = 0; i < KG_NUTS_CHARS_MAX && nuts[i]; i++)
        code[i] = nuts[i];
    const uint32_t values[FIELDS] = {
        [CATEGORY] = line->category,
        [COUNTRY] = (uint32_t)(code[0] << 8 | code[1]),
        [YEAR] = (uint32_t)year,
        [THIRD] = code[2],
        [FOURTH] = code[3],
        [QUARTER] = (uint32_t)(month - 1) / 3,
        [FIFTH] = code[4],
        [TRACK] = (uint32_t)line->track,
        [MONTH] = (uint32_t)(month - 1) % 3,
        [CPV] = line->cpv,
    };
    for (int i = 0; i < FIELDS; i++)
        key = key << bits[i] | values[i];
    return key;
}

kg_cell_key kg_cell_key_at(kg_cell_key key, int level)
{
    return key >> bits_below(fields_at(level));
}

static void read_nuts(const uint32_t *values, int fields, kg_cell_place *out)
{
    if (fields <= COUNTRY)
        return;
    out->nuts[0] = (char)(values[COUNTRY] >> 8);
    out->nuts[1] = (char)(values[COUNTRY] & 0xff);
    out->nuts[2] = (char)values[THIRD];
    out->nuts[3] = (char)values[FOURTH];
    out->nuts[4] = (char)values[FIFTH];
    out->nuts_chars = fields > FIFTH ? 5 : fields > FOURTH ? 4 : fields > THIRD ? 3 : 2;
}

void kg_cell_key_read(kg_cell_key at, int level, kg_cell_place *out)
{
    int fields = fields_at(level);
    uint32_t values[FIELDS] = {0};
    for (int i = fields - 1; i >= 0; i--) {
        values[i] = (uint32_t)(at & (((kg_cell_key)1 << bits[i]) - 1));
        at >>= bits[i];
    }
    *out = (kg_cell_place){.track = -1};
    read_nuts(values, fields, out);
    out->has_category = fields > CATEGORY;
    out->category = values[CATEGORY];
    out->has_cpv = fields > CPV;
    out->cpv = values[CPV];
    out->year = fields > YEAR ? (int)values[YEAR] : 0;
    out->quarter = fields > QUARTER ? (int)values[QUARTER] + 1 : 0;
    out->month = fields > MONTH ? (int)values[QUARTER] * 3 + (int)values[MONTH] + 1 : 0;
    if (fields > TRACK)
        out->track = (int)values[TRACK];
}

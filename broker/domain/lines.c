/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/lines.h"

#include <stddef.h>
#include <stdlib.h>

#define CAPACITY_MIN 16
#define DAY_NONE UINT16_MAX /* of order_by */

/* What columns cannot hold. */
struct kg_lines_odd {
    int64_t quantity, quantity_min, quantity_max;
    int64_t unit_price_max_cents, value_given_cents, value_cents, value_max_cents;
    kg_date delivery_from, delivery_to, order_by;
    kg_nuts nuts;
    kg_languages languages;
};

typedef struct column {
    size_t offset, width;
} column;

#define COLUMN(name) {offsetof(kg_lines, name), sizeof *((kg_lines *)0)->name}
static const column columns[] = {
    COLUMN(member),   COLUMN(cpv),          COLUMN(key),      COLUMN(title),    COLUMN(levels),
    COLUMN(quantity_min), COLUMN(quantity), COLUMN(quantity_max), COLUMN(nuts), COLUMN(from),
    COLUMN(to),       COLUMN(order_by),     COLUMN(category), COLUMN(flags),    COLUMN(languages),
    COLUMN(lifetime_years), COLUMN(sieve),  COLUMN(money),
};
#define COLUMNS (sizeof columns / sizeof *columns)

static void **array_of(kg_lines *lines, const column *of)
{
    return (void **)((char *)lines + of->offset);
}

void kg_lines_init(kg_lines *lines)
{
    *lines = (kg_lines){0};
}

void kg_lines_fini(kg_lines *lines)
{
    for (size_t i = 0; i < COLUMNS; i++)
        free(*array_of(lines, &columns[i]));
    free(lines->large);
    free(lines->odd);
    free(lines->prices);
    kg_slots_fini(&lines->odd_index);
    kg_slots_fini(&lines->prices_index);
    *lines = (kg_lines){0};
}

uint32_t kg_lines_add(kg_lines *lines)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity ? lines->capacity * 2 : CAPACITY_MIN;
        for (size_t i = 0; i < COLUMNS; i++) {
            void **array = array_of(lines, &columns[i]);
            *array = kg_realloc(*array, lines->capacity, columns[i].width);
        }
    }
    if (lines->count >= KG_NONE - 1)
        kg_memory_end();
    lines->flags[lines->count] = 0; /* putting asks what it was */
    return (uint32_t)lines->count++;
}

/* --- packing --- */

/* The nearest that the column holds; `odd` where that is another. */
static uint16_t pack_day(kg_date date, bool *odd)
{
    int64_t day = (int64_t)date - KG_POOL_EPOCH;
    *odd |= day < 0 || day > UINT16_MAX;
    return (uint16_t)(day < 0 ? 0 : day > UINT16_MAX ? UINT16_MAX : day);
}

static uint16_t pack_order_by(kg_date date, bool *odd)
{
    if (date == KG_DATE_NONE)
        return DAY_NONE;
    uint16_t day = pack_day(date, odd);
    *odd |= day == DAY_NONE;
    return day;
}

static uint32_t pack_pieces(int64_t pieces, bool *odd)
{
    *odd |= pieces < 0 || pieces > UINT32_MAX;
    return (uint32_t)(pieces < 0 ? 0 : pieces > UINT32_MAX ? UINT32_MAX : pieces);
}

/* An organisation's lines mostly name one place: that of the line before is tried first. */
static uint16_t pack_nuts(const kg_lines *lines, uint32_t at, const kg_nuts *nuts, bool *odd)
{
    uint16_t before = at > 0 ? lines->nuts[at - 1] : KG_POOL_NUTS_NONE;
    if (before != KG_POOL_NUTS_NONE && strcmp(kg_nuts_code(before), nuts->code) == 0)
        return before;
    int number = kg_nuts_number(nuts->code);
    *odd |= number < 0 || number >= KG_POOL_NUTS_NONE;
    return number < 0 || number >= KG_POOL_NUTS_NONE ? KG_POOL_NUTS_NONE : (uint16_t)number;
}

static uint16_t pack_languages(kg_dictionary *dictionary, kg_languages languages, bool *odd)
{
    uint16_t number = kg_dictionary_languages(dictionary, languages);
    *odd |= number == KG_DICTIONARY_SETS_FULL;
    return number;
}

/* How the value follows from the money column, as DESIGN section 3 has it. */
static uint16_t pack_money(const kg_plan_line *line, int64_t *money)
{
    if (line->value_given_cents >= 0) {
        *money = line->value_given_cents;
        return line->unit_price_max_cents >= 0 ? KG_POOL_VALUE | KG_POOL_OWN_PRICE_TOO
                                               : KG_POOL_VALUE;
    }
    *money = line->unit_price_max_cents;
    if (line->unit_price_max_cents >= 0)
        return KG_POOL_BY_PIECE | KG_POOL_OWN_PRICE;
    *money = line->quantity > 0 ? line->value_cents / line->quantity : 0;
    return KG_POOL_BY_PIECE;
}

static int64_t value_max_of(const kg_plan_line *line)
{
    if (!line->has_quantity || line->quantity <= 0)
        return line->value_given_cents;
    kg_int128 product = (kg_int128)line->value_given_cents * line->quantity_max;
    return (int64_t)((product + line->quantity - 1) / line->quantity);
}

static void unpack_money(uint16_t flags, int64_t money, int64_t price_too, kg_plan_line *out)
{
    out->unit_price_max_cents = out->value_given_cents = -1;
    if (flags & KG_POOL_BY_PIECE) {
        if (flags & KG_POOL_OWN_PRICE)
            out->unit_price_max_cents = money;
        out->value_cents = (int64_t)((uint64_t)money * (uint64_t)out->quantity);
        out->value_max_cents = (int64_t)((uint64_t)money * (uint64_t)out->quantity_max);
        return;
    }
    if (flags & KG_POOL_OWN_PRICE_TOO)
        out->unit_price_max_cents = price_too;
    out->value_given_cents = out->value_cents = money;
    out->value_max_cents = value_max_of(out);
}

/* Would these come out as they went in? */
static bool money_fits(const kg_plan_line *line, uint16_t flags, int64_t money)
{
    kg_plan_line out = *line;
    unpack_money(flags, money, line->unit_price_max_cents, &out);
    return line->quantity <= KG_QUANTITY_MAX && line->quantity_max <= KG_QUANTITY_MAX &&
           money <= KG_VALUE_CENTS_MAX && line->has_quantity == (line->quantity > 0) &&
           out.unit_price_max_cents == line->unit_price_max_cents &&
           out.value_given_cents == line->value_given_cents &&
           out.value_cents == line->value_cents && out.value_max_cents == line->value_max_cents;
}

static uint16_t pack_choices(const kg_plan_line *line)
{
    unsigned flags = 0;
    flags |= line->track == KG_TRACK_KOPGROEP ? KG_POOL_KOPGROEP : 0;
    flags |= line->conditions & KG_CONDITION_NEW ? KG_POOL_NEW : 0;
    flags |= line->conditions & KG_CONDITION_REFURBISHED ? KG_POOL_REFURBISHED : 0;
    flags |= line->commitment == KG_COMMITMENT_INTENDED ? KG_POOL_INTENDED : 0;
    flags |= line->commitment == KG_COMMITMENT_BINDING ? KG_POOL_BINDING : 0;
    flags |= line->has_quantity ? KG_POOL_COUNTED : 0;
    flags |= line->cpv != 0 ? KG_POOL_OWN_CPV : 0;
    return (uint16_t)flags;
}

/* The place of a line in a table beside the columns, where it keeps it for good; `next` is what a
 * new one gets. */
static uint32_t place_aside(kg_slots *index, uint32_t line, uint32_t next)
{
    size_t walk;
    uint32_t place = kg_slots_first(index, line, &walk); /* the number is its own hash */
    if (place != UINT32_MAX)
        return place;
    kg_slots_add(index, line, next);
    return next;
}

static void put_odd(kg_lines *lines, uint32_t at, const kg_plan_line *line)
{
    uint32_t place = place_aside(&lines->odd_index, at, (uint32_t)lines->odd_count);
    if (place == lines->odd_count) {
        lines->odd =
            kg_grow(lines->odd, lines->odd_count, &lines->odd_capacity, sizeof *lines->odd);
        lines->odd_count++;
    }
    lines->odd[place] = (kg_lines_odd){
        .quantity = line->quantity,
        .quantity_min = line->quantity_min,
        .quantity_max = line->quantity_max,
        .unit_price_max_cents = line->unit_price_max_cents,
        .value_given_cents = line->value_given_cents,
        .value_cents = line->value_cents,
        .value_max_cents = line->value_max_cents,
        .delivery_from = line->delivery_from,
        .delivery_to = line->delivery_to,
        .order_by = line->order_by,
        .nuts = line->nuts,
        .languages = line->languages,
    };
}

static void put_price(kg_lines *lines, uint32_t at, int64_t cents)
{
    uint32_t place = place_aside(&lines->prices_index, at, (uint32_t)lines->prices_count);
    if (place == lines->prices_count) {
        lines->prices = kg_grow(lines->prices, lines->prices_count, &lines->prices_capacity,
                                sizeof *lines->prices);
        lines->prices_count++;
    }
    lines->prices[place] = cents;
}

/* A line that has a place among the large amounts keeps it while it needs one. Returns the flag. */
static uint16_t put_money(kg_lines *lines, uint32_t at, int64_t money)
{
    if (money >= 0 && money <= UINT32_MAX) {
        lines->money[at] = (uint32_t)money;
        return 0;
    }
    if (!(lines->flags[at] & KG_POOL_LARGE)) {
        lines->large = kg_grow(lines->large, lines->large_count, &lines->large_capacity,
                               sizeof *lines->large);
        lines->money[at] = (uint32_t)lines->large_count++;
    }
    lines->large[lines->money[at]] = money;
    return KG_POOL_LARGE;
}

static void put_volume(kg_lines *lines, uint32_t at, const kg_plan_line *line, uint16_t flags,
                       bool odd)
{
    int64_t money;
    uint16_t how = pack_money(line, &money);
    lines->quantity_min[at] = pack_pieces(line->quantity_min, &odd);
    lines->quantity[at] = pack_pieces(line->quantity, &odd);
    lines->quantity_max[at] = pack_pieces(line->quantity_max, &odd);
    odd |= !money_fits(line, how, money);
    flags |= put_money(lines, at, odd ? line->value_cents : money);
    lines->flags[at] = (uint16_t)(flags | (odd ? KG_POOL_ODD : how));
    if (odd)
        put_odd(lines, at, line);
    else if (how & KG_POOL_OWN_PRICE_TOO)
        put_price(lines, at, line->unit_price_max_cents);
}

void kg_lines_put(kg_lines *lines, kg_dictionary *dictionary, const kg_catalogue *catalogue,
                  uint32_t at, uint32_t member, uint32_t key, const kg_plan_line *line)
{
    bool odd = false;
    lines->member[at] = member;
    lines->key[at] = key;
    lines->title[at] = kg_dictionary_share(dictionary, line->title);
    lines->cpv[at] = kg_plan_line_cpv(line, catalogue);
    lines->category[at] = line->category;
    lines->sieve[at] = kg_pool_sieve(line->category, line->nuts.code);
    lines->levels[at] = kg_dictionary_levels(dictionary, &line->lo, &line->hi);
    lines->lifetime_years[at] = line->lifetime_years;
    lines->from[at] = pack_day(line->delivery_from, &odd);
    lines->to[at] = pack_day(line->delivery_to, &odd);
    lines->order_by[at] = pack_order_by(line->order_by, &odd);
    lines->nuts[at] = pack_nuts(lines, at, &line->nuts, &odd);
    lines->languages[at] = pack_languages(dictionary, line->languages, &odd);
    put_volume(lines, at, line, pack_choices(line), odd);
}

size_t kg_lines_bytes(const kg_lines *lines)
{
    size_t width = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        width += columns[i].width;
    return lines->count * width + lines->large_capacity * sizeof *lines->large +
           lines->odd_capacity * sizeof *lines->odd +
           lines->prices_capacity * sizeof *lines->prices +
           (lines->odd_index.capacity + lines->prices_index.capacity) * sizeof(kg_slot);
}

void kg_lines_recategorise(kg_lines *lines, kg_dictionary *dictionary,
                           const kg_catalogue *catalogue, uint32_t at, const kg_plan_line *line)
{
    lines->cpv[at] = kg_plan_line_cpv(line, catalogue);
    lines->category[at] = line->category;
    lines->sieve[at] = kg_pool_sieve(line->category, line->nuts.code);
    lines->levels[at] = kg_dictionary_levels(dictionary, &line->lo, &line->hi);
}

/* --- unpacking --- */

static void get_choices(uint16_t flags, kg_plan_line *out)
{
    out->track = flags & KG_POOL_KOPGROEP ? KG_TRACK_KOPGROEP : KG_TRACK_PELOTON;
    out->conditions = (uint8_t)((flags & KG_POOL_NEW ? KG_CONDITION_NEW : 0) |
                                (flags & KG_POOL_REFURBISHED ? KG_CONDITION_REFURBISHED : 0));
    out->commitment = flags & KG_POOL_BINDING    ? KG_COMMITMENT_BINDING
                      : flags & KG_POOL_INTENDED ? KG_COMMITMENT_INTENDED
                                                 : KG_COMMITMENT_INDICATIVE;
    out->has_quantity = flags & KG_POOL_COUNTED;
}

static void get_odd(const kg_lines *lines, uint32_t at, kg_plan_line *out)
{
    size_t walk;
    const kg_lines_odd *odd = &lines->odd[kg_slots_first(&lines->odd_index, at, &walk)];
    out->quantity = odd->quantity;
    out->quantity_min = odd->quantity_min;
    out->quantity_max = odd->quantity_max;
    out->unit_price_max_cents = odd->unit_price_max_cents;
    out->value_given_cents = odd->value_given_cents;
    out->value_cents = odd->value_cents;
    out->value_max_cents = odd->value_max_cents;
    out->delivery_from = odd->delivery_from;
    out->delivery_to = odd->delivery_to;
    out->order_by = odd->order_by;
    out->nuts = odd->nuts;
    out->languages = odd->languages;
}

static int64_t money_of(const kg_lines *lines, uint32_t at)
{
    const uint32_t money = lines->money[at];
    return lines->flags[at] & KG_POOL_LARGE ? lines->large[money] : money;
}

static void get_usual(const kg_lines *lines, const kg_dictionary *dictionary, uint32_t at,
                      kg_plan_line *out)
{
    size_t walk;
    uint16_t order_by = lines->order_by[at];
    int64_t price_too = -1;
    out->quantity_min = lines->quantity_min[at];
    out->quantity = lines->quantity[at];
    out->quantity_max = lines->quantity_max[at];
    out->delivery_from = lines->from[at] + KG_POOL_EPOCH;
    out->delivery_to = lines->to[at] + KG_POOL_EPOCH;
    out->order_by = order_by == DAY_NONE ? KG_DATE_NONE : order_by + KG_POOL_EPOCH;
    out->languages = kg_dictionary_languages_of(dictionary, lines->languages[at]);
    strcpy(out->nuts.code, kg_nuts_code(lines->nuts[at]));
    if (lines->flags[at] & KG_POOL_OWN_PRICE_TOO)
        price_too = lines->prices[kg_slots_first(&lines->prices_index, at, &walk)];
    unpack_money(lines->flags[at], money_of(lines, at), price_too, out);
}

void kg_lines_get(const kg_lines *lines, const kg_dictionary *dictionary, uint32_t at,
                  kg_plan_line *out)
{
    uint16_t flags = lines->flags[at];
    *out = (kg_plan_line){
        .line = kg_dictionary_text(dictionary, lines->key[at]),
        .title = kg_dictionary_text(dictionary, lines->title[at]),
        .cpv = flags & KG_POOL_OWN_CPV ? lines->cpv[at] : 0,
        .category = lines->category[at],
        .lifetime_years = lines->lifetime_years[at],
    };
    get_choices(flags, out);
    kg_dictionary_levels_of(dictionary, lines->levels[at], &out->lo, &out->hi);
    if (flags & KG_POOL_ODD)
        get_odd(lines, at, out);
    else
        get_usual(lines, dictionary, at, out);
}

void kg_lines_archive(kg_lines *lines, const kg_archive *archive)
{
    KG_ARCHIVE(archive, lines->count);
    KG_ARCHIVE(archive, lines->capacity);
    for (size_t i = 0; i < COLUMNS; i++) {
        void **array = array_of(lines, &columns[i]);
        *array = kg_archive_array(archive, *array, lines->count, lines->capacity,
                                  columns[i].width);
    }
    KG_ARCHIVE(archive, lines->large_count);
    KG_ARCHIVE(archive, lines->large_capacity);
    lines->large = kg_archive_array(archive, lines->large, lines->large_count,
                                    lines->large_capacity, sizeof *lines->large);
    KG_ARCHIVE(archive, lines->odd_count);
    KG_ARCHIVE(archive, lines->odd_capacity);
    lines->odd = kg_archive_array(archive, lines->odd, lines->odd_count, lines->odd_capacity,
                                  sizeof *lines->odd);
    kg_slots_archive(&lines->odd_index, archive);
    KG_ARCHIVE(archive, lines->prices_count);
    KG_ARCHIVE(archive, lines->prices_capacity);
    lines->prices = kg_archive_array(archive, lines->prices, lines->prices_count,
                                     lines->prices_capacity, sizeof *lines->prices);
    kg_slots_archive(&lines->prices_index, archive);
}

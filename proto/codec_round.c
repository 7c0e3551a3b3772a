/* SPDX-License-Identifier: EUPL-1.2 */
/* Rounds. What a round's rules must be among themselves is kg_round_check()'s. */
#include "proto/codec_pb.h"

#include <stdlib.h>
#include <string.h>

#define CPV_DIGITS_MAX 8

typedef int (*order)(const void *a, const void *b);

static int category_order(const void *a, const void *b)
{
    return *(const kg_category *)a - *(const kg_category *)b;
}

static int cpv_order(const void *a, const void *b)
{
    return strcmp(((const kg_cpv_prefix *)a)->digits, ((const kg_cpv_prefix *)b)->digits);
}

static int nuts_order(const void *a, const void *b)
{
    return strcmp(((const kg_nuts *)a)->code, ((const kg_nuts *)b)->code);
}

/* A scope's list is kept sorted, each once. */
static void sort(kg_reader *in, const char *field, void *list, size_t count, size_t size,
                 order compare)
{
    if (count < 2 || !kg_reader_good(in))
        return;
    qsort(list, count, size, compare);
    for (size_t i = 1; i < count; i++) {
        const char *at = (const char *)list + i * size;
        if (compare(at - size, at) == 0)
            kg_reader_fail(in, KG_STATUS_INVALID, field, "One stands twice.");
    }
}

static void read_categories(kg_reader *in, const Kopgroep__Round *m, kg_round *out)
{
    kg_texts names = {0};
    kg_reader_texts(in, KG_FIELDS(m, categories), KG_ROUND_SCOPE_MAX, KG_ID_BYTES_MAX, &names);
    if (names.count == 0)
        return;
    if (!in->catalogue) {
        kg_reader_fail(in, KG_STATUS_UNKNOWN_CATEGORY, "categories", "There is no catalogue yet.");
        return;
    }
    out->categories = kg_alloc(names.count, sizeof *out->categories);
    out->categories_count = names.count;
    for (size_t i = 0; i < names.count; i++) {
        out->categories[i] = kg_category_find(in->catalogue, names.items[i]);
        if (out->categories[i] == KG_CATEGORY_NONE)
            kg_reader_fail(in, KG_STATUS_UNKNOWN_CATEGORY, "categories",
                           "%s is not in the catalogue.", names.items[i]);
    }
    sort(in, "categories", out->categories, names.count, sizeof *out->categories, category_order);
}

static void read_cpv(kg_reader *in, const Kopgroep__Round *m, kg_round *out)
{
    kg_texts prefixes = {0};
    kg_reader_texts(in, KG_FIELDS(m, cpv), KG_ROUND_SCOPE_MAX, CPV_DIGITS_MAX, &prefixes);
    if (prefixes.count == 0)
        return;
    out->cpv = kg_alloc(prefixes.count, sizeof *out->cpv);
    out->cpv_count = prefixes.count;
    for (size_t i = 0; i < prefixes.count; i++)
        if (!kg_cpv_prefix_parse(prefixes.items[i], &out->cpv[i]))
            kg_reader_fail(in, KG_STATUS_CPV, "cpv",
                           "%s is not a CPV code or its first digits, at least two.",
                           prefixes.items[i]);
    sort(in, "cpv", out->cpv, prefixes.count, sizeof *out->cpv, cpv_order);
}

static void read_nuts(kg_reader *in, const Kopgroep__Round *m, kg_round *out)
{
    kg_texts codes = {0};
    kg_reader_texts(in, KG_FIELDS(m, nuts), KG_ROUND_SCOPE_MAX, KG_NUTS_CHARS_MAX, &codes);
    if (codes.count == 0)
        return;
    out->nuts = kg_alloc(codes.count, sizeof *out->nuts);
    out->nuts_count = codes.count;
    for (size_t i = 0; i < codes.count; i++)
        kg_text_format(out->nuts[i].code, sizeof out->nuts[i].code, "%s", codes.items[i]);
    sort(in, "nuts", out->nuts, codes.count, sizeof *out->nuts, nuts_order);
}

static void read_dates(kg_reader *in, const Kopgroep__Round *m, kg_round *out)
{
    out->delivery_from = kg_reader_date(in, KG_NUMBER(m, delivery_from_days));
    out->delivery_to = kg_reader_date(in, KG_NUMBER(m, delivery_to_days));
    out->opens = kg_reader_date(in, KG_NUMBER(m, opens_days));
    out->closes = kg_reader_date(in, KG_NUMBER(m, closes_days));
    out->confirm_by = kg_reader_date(in, KG_NUMBER(m, confirm_by_days));
    out->reconfirm_by = kg_reader_date(in, KG_NUMBER(m, reconfirm_by_days));
    out->award_by = kg_reader_date(in, KG_NUMBER(m, award_by_days));
}

static void read_minima(kg_reader *in, const Kopgroep__Round *m, kg_round *out)
{
    out->nuts_level = (int)kg_reader_number(in, KG_NUMBER(m, nuts_level), 0, 3, out->nuts_level);
    out->bodies_min =
        kg_reader_number(in, KG_NUMBER(m, bodies_min), 0, KG_ROUND_BODIES_MAX, out->bodies_min);
    out->quantity_min = kg_reader_number(in, KG_NUMBER(m, quantity_min), 0, KG_ROUND_QUANTITY_MAX,
                                         out->quantity_min);
    out->value_min_cents = kg_reader_number(in, KG_NUMBER(m, value_min_cents), 0,
                                            KG_VALUE_CENTS_MAX, out->value_min_cents);
    out->value_max_cents = kg_reader_number(in, KG_NUMBER(m, value_max_cents), 0,
                                            KG_VALUE_CENTS_MAX, out->value_max_cents);
    out->window_days_min = (int)kg_reader_number(in, KG_NUMBER(m, window_days_min), 1,
                                                 KG_ROUND_WINDOW_DAYS_MAX, out->window_days_min);
}

void kg_read_round(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__Round *m = message;
    kg_round *round = &out->round_rules;
    const char *id = kg_reader_needed(in, KG_FIELD(m, id), KG_ID_BYTES_MAX);
    kg_text_format(round->id, sizeof round->id, "%s", id ? id : "");
    const char *const titles[KG_NAMES] = {
        [KG_NAME_NL] = kg_reader_text(in, KG_FIELD(m, title_nl), KG_TITLE_BYTES_MAX),
        [KG_NAME_FR] = kg_reader_text(in, KG_FIELD(m, title_fr), KG_TITLE_BYTES_MAX),
        [KG_NAME_DE] = kg_reader_text(in, KG_FIELD(m, title_de), KG_TITLE_BYTES_MAX),
        [KG_NAME_EN] = kg_reader_text(in, KG_FIELD(m, title_en), KG_TITLE_BYTES_MAX),
    };
    for (int i = 0; i < KG_NAMES; i++)
        round->titles[i] = kg_strdup(titles[i]);
    read_categories(in, m, round);
    read_cpv(in, m, round);
    read_nuts(in, m, round);
    read_dates(in, m, round);
    read_minima(in, m, round);
}

static void write_scope(const kg_round *round, const kg_catalogue *catalogue, kg_arena *scratch,
                        Kopgroep__Round *m)
{
    size_t most = round->categories_count + round->cpv_count + round->nuts_count;
    const char **texts = kg_arena_alloc(scratch, (most + 1) * sizeof *texts);
    kg_texts categories = {texts, round->categories_count};
    kg_texts cpv = {categories.items + categories.count, round->cpv_count};
    kg_texts nuts = {cpv.items + cpv.count, round->nuts_count};
    for (size_t i = 0; i < categories.count; i++) {
        char *name = kg_arena_alloc(scratch, KG_CATEGORY_NAME_BYTES);
        kg_category_name(catalogue, round->categories[i], name);
        categories.items[i] = name;
    }
    for (size_t i = 0; i < cpv.count; i++)
        cpv.items[i] = round->cpv[i].digits;
    for (size_t i = 0; i < nuts.count; i++)
        nuts.items[i] = round->nuts[i].code;
    KG_PUT_TEXTS(m, categories, scratch, &categories);
    KG_PUT_TEXTS(m, cpv, scratch, &cpv);
    KG_PUT_TEXTS(m, nuts, scratch, &nuts);
}

void kg_write_round(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                    kg_buffer *out)
{
    const kg_round *round = &command->round_rules;
    Kopgroep__Round m = KOPGROEP__ROUND__INIT;
    KG_PUT_TEXT(&m, id, round->id);
    KG_PUT_TEXT(&m, title_nl, round->titles[KG_NAME_NL]);
    KG_PUT_TEXT(&m, title_fr, round->titles[KG_NAME_FR]);
    KG_PUT_TEXT(&m, title_de, round->titles[KG_NAME_DE]);
    KG_PUT_TEXT(&m, title_en, round->titles[KG_NAME_EN]);
    write_scope(round, catalogue, scratch, &m);
    KG_PUT(&m, nuts_level, (uint32_t)round->nuts_level);
    KG_PUT_DATE(&m, delivery_from_days, round->delivery_from);
    KG_PUT_DATE(&m, delivery_to_days, round->delivery_to);
    KG_PUT_DATE(&m, opens_days, round->opens);
    KG_PUT_DATE(&m, closes_days, round->closes);
    KG_PUT_DATE(&m, confirm_by_days, round->confirm_by);
    KG_PUT_DATE(&m, reconfirm_by_days, round->reconfirm_by);
    KG_PUT_DATE(&m, award_by_days, round->award_by);
    KG_PUT(&m, bodies_min, (uint64_t)round->bodies_min);
    KG_PUT(&m, quantity_min, (uint64_t)round->quantity_min);
    KG_PUT(&m, value_min_cents, (uint64_t)round->value_min_cents);
    KG_PUT(&m, value_max_cents, (uint64_t)round->value_max_cents);
    KG_PUT(&m, window_days_min, (uint32_t)round->window_days_min);
    kg_pack(&m.base, out);
}

void kg_read_round_step(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__RoundStep *m = message;
    out->round = kg_reader_needed(in, KG_FIELD(m, round), KG_ID_BYTES_MAX);
    out->reason = kg_reader_text(in, KG_FIELD(m, reason), KG_TEXT_BYTES_MAX);
}

void kg_write_round_step(const kg_command *command, const kg_catalogue *catalogue,
                         kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__RoundStep m = KOPGROEP__ROUND_STEP__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, round, command->round);
    KG_PUT_TEXT(&m, reason, command->reason);
    kg_pack(&m.base, out);
}

void kg_read_round_extend(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__RoundExtend *m = message;
    out->round = kg_reader_needed(in, KG_FIELD(m, round), KG_ID_BYTES_MAX);
    out->dates.closes = kg_reader_date(in, KG_NUMBER(m, closes_days));
    out->dates.confirm_by = kg_reader_date(in, KG_NUMBER(m, confirm_by_days));
    out->dates.reconfirm_by = kg_reader_date(in, KG_NUMBER(m, reconfirm_by_days));
    out->dates.award_by = kg_reader_date(in, KG_NUMBER(m, award_by_days));
}

void kg_write_round_extend(const kg_command *command, const kg_catalogue *catalogue,
                           kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__RoundExtend m = KOPGROEP__ROUND_EXTEND__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, round, command->round);
    KG_PUT_DATE(&m, closes_days, command->dates.closes);
    KG_PUT_DATE(&m, confirm_by_days, command->dates.confirm_by);
    KG_PUT_DATE(&m, reconfirm_by_days, command->dates.reconfirm_by);
    KG_PUT_DATE(&m, award_by_days, command->dates.award_by);
    kg_pack(&m.base, out);
}

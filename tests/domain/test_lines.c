/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines by column say what was put, whatever it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "broker/domain/lines.h"
#include "proto/catalogue_file.h"

#define LINES 500
#define PUTS 40000

typedef struct store {
    kg_lines lines;
    kg_dictionary dictionary;
    kg_catalogue *catalogue;
    uint64_t random;
} store;

static uint64_t draw(store *s, uint64_t below)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return s->random % below;
}

static bool chance(store *s, uint64_t percent)
{
    return draw(s, 100) < percent;
}

static int64_t pick(store *s, const int64_t *from, size_t count)
{
    return from[draw(s, count)];
}
#define PICK(s, ...)                                                                               \
    pick((s), (const int64_t[]){__VA_ARGS__}, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void store_init(store *s)
{
    kg_problems problems;
    kg_problems_init(&problems, "catalogue");
    *s = (store){.random = 88172645463325252u};
    kg_lines_init(&s->lines);
    kg_dictionary_init(&s->dictionary);
    s->catalogue = kg_catalogue_read_text(
        "criterion \"a\" { scale = {\"0\",\"1\"}  type = \"technical\" }\n"
        "category \"laptop\" { cpv = {\"30213100\"}  reference_price = \"800.00\"  "
        "criteria = {\"a\"} }\n",
        "catalogue", &problems);
    assert_non_null(s->catalogue);
    kg_problems_fini(&problems);
}

static void store_fini(store *s)
{
    kg_lines_fini(&s->lines);
    kg_dictionary_fini(&s->dictionary);
    kg_catalogue_destroy(&s->catalogue);
}

static kg_date random_date(store *s)
{
    /* 1900-01-01, the columns' ends and beyond, 2999-12-31, and mostly about now. */
    return (kg_date)(chance(s, 80) ? 20000 + (int64_t)draw(s, 2000)
                                   : PICK(s, -25567, KG_POOL_EPOCH - 1, KG_POOL_EPOCH,
                                          KG_POOL_EPOCH + 65534, KG_POOL_EPOCH + 65535,
                                          KG_POOL_EPOCH + 65536, 376199));
}

static void random_terms(store *s, kg_plan_line *line)
{
    line->delivery_from = random_date(s);
    line->delivery_to = random_date(s);
    line->order_by = chance(s, 50) ? KG_DATE_NONE : random_date(s);
    if (chance(s, 5))
        strcpy(line->nuts.code, "QQ999"); /* of another list than today's */
    else
        strcpy(line->nuts.code, kg_nuts_code((int)draw(s, (uint64_t)kg_nuts_count())));
    line->languages = chance(s, 90) ? 1 + draw(s, 15) : draw(s, UINT64_MAX);
    line->lo = kg_levels_fill(0);
    line->hi = kg_levels_fill(KG_LEVEL_ANY);
    uint64_t stated = chance(s, 70) ? 12 : 100;
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++) {
        if (chance(s, stated))
            line->lo.rank[i] = (uint8_t)draw(s, KG_SCALE_LEVELS_MAX);
        if (chance(s, stated))
            line->hi.rank[i] = (uint8_t)draw(s, KG_SCALE_LEVELS_MAX);
    }
}

static void random_choices(store *s, kg_plan_line *line)
{
    line->cpv = chance(s, 50) ? 0 : (uint32_t)PICK(s, 1000000, 30213100, 99999999);
    line->category = (kg_category)PICK(s, 0, 255, KG_CATEGORY_CPV, KG_CATEGORY_CPV + 9999,
                                       KG_CATEGORY_NONE);
    if (line->category == 255)
        line->category = 0;
    line->conditions = (uint8_t)(1 + draw(s, 3));
    line->track = (uint8_t)draw(s, 2);
    line->commitment = (uint8_t)draw(s, 3);
    line->lifetime_years = (uint8_t)draw(s, KG_LIFETIME_YEARS_MAX + 1);
}

/* As kg_plan_line_check() derives them. */
static void derive(store *s, kg_plan_line *line)
{
    int64_t price = line->unit_price_max_cents;
    if (line->value_given_cents >= 0) {
        line->value_cents = line->value_max_cents = line->value_given_cents;
        if (line->has_quantity)
            line->value_max_cents =
                (int64_t)(((kg_int128)line->value_given_cents * line->quantity_max +
                           line->quantity - 1) / line->quantity);
        return;
    }
    if (price < 0)
        price = PICK(s, 0, 1, 80000, 1234567);
    line->value_cents = line->quantity * price;
    line->value_max_cents = line->quantity_max * price;
}

static void random_volume(store *s, kg_plan_line *line)
{
    line->has_quantity = chance(s, 80);
    line->unit_price_max_cents = chance(s, 50) ? -1 : PICK(s, 0, 1, 79999, 1000);
    line->value_given_cents = -1;
    if (line->has_quantity) {
        line->quantity = chance(s, 80) ? 1 + (int64_t)draw(s, 1000)
                                       : PICK(s, 1, 999999999, KG_QUANTITY_MAX);
        line->quantity_min = chance(s, 80) ? 0 : 1 + (int64_t)draw(s, (uint64_t)line->quantity);
        line->quantity_max = chance(s, 80) ? line->quantity : KG_QUANTITY_MAX;
    }
    if (!line->has_quantity || chance(s, 30))
        line->value_given_cents = PICK(s, 0, 1, 100, 12345678, UINT32_MAX,
                                       (int64_t)UINT32_MAX + 1, KG_VALUE_CENTS_MAX);
    derive(s, line);
    if (chance(s, 5)) /* no check would take these; a journal might hold them */
        *(int64_t *[]){&line->value_cents, &line->value_max_cents, &line->quantity_max,
                       &line->quantity_min, &line->unit_price_max_cents}[draw(s, 5)] +=
            PICK(s, 1, KG_QUANTITY_MAX, 5 * (int64_t)UINT32_MAX);
}

static kg_plan_line random_line(store *s, char title[static KG_TITLE_BYTES_MAX + 1])
{
    kg_plan_line line = {.title = title};
    size_t bytes = chance(s, 95) ? draw(s, 3) : draw(s, KG_TITLE_BYTES_MAX + 1);
    for (size_t i = 0; i < bytes; i++)
        title[i] = (char)('a' + draw(s, 26));
    title[bytes] = '\0';
    random_choices(s, &line);
    random_terms(s, &line);
    random_volume(s, &line);
    return line;
}

static kg_pool_columns columns_of(const kg_lines *lines)
{
    return (kg_pool_columns){.count = lines->count,
                             .from = lines->from,
                             .to = lines->to,
                             .flags = lines->flags,
                             .quantity = lines->quantity,
                             .money = lines->money,
                             .large = lines->large};
}

static void look(const store *s, uint32_t at, const kg_plan_line *line, const char *key)
{
    kg_plan_line out;
    const kg_pool_columns columns = columns_of(&s->lines);
    kg_lines_get(&s->lines, &s->dictionary, at, &out);
    assert_true(kg_plan_line_equal(line, &out));
    assert_string_equal(key, out.line);
    assert_true(kg_pool_value(&columns, at) == line->value_cents);
    assert_int_equal(kg_plan_line_cpv(line, s->catalogue), s->lines.cpv[at]);
    if (s->lines.flags[at] & KG_POOL_ODD)
        return;
    assert_int_equal(line->delivery_from, kg_pool_from(&columns, at));
    assert_int_equal(line->delivery_to, kg_pool_to(&columns, at));
    assert_int_equal(line->quantity, s->lines.quantity[at]);
    assert_int_equal(line->quantity_min, s->lines.quantity_min[at]);
    assert_int_equal(line->quantity_max, s->lines.quantity_max[at]);
    assert_string_equal(line->nuts.code, kg_nuts_code(s->lines.nuts[at]));
}

static void what_was_put_comes_out(void **state)
{
    store s;
    kg_plan_line *lines = calloc(LINES, sizeof *lines);
    char(*titles)[KG_TITLE_BYTES_MAX + 1] = calloc(LINES, sizeof *titles);
    char key[KG_LINE_KEY_BYTES_MAX + 1];
    size_t odd = 0;
    (void)state;
    store_init(&s);
    for (int i = 0; i < PUTS; i++) {
        uint32_t at = (uint32_t)draw(&s, LINES);
        if (at >= s.lines.count)
            at = kg_lines_add(&s.lines);
        snprintf(key, sizeof key, "%0*u", (int)(at % 60 + 3), at);
        lines[at] = random_line(&s, titles[at]);
        kg_lines_put(&s.lines, &s.dictionary, s.catalogue, at, at,
                     kg_dictionary_add(&s.dictionary, key), &lines[at]);
        look(&s, at, &lines[at], key);
        odd += (s.lines.flags[at] & KG_POOL_ODD) != 0;
    }
    for (uint32_t at = 0; at < s.lines.count; at++) {
        snprintf(key, sizeof key, "%0*u", (int)(at % 60 + 3), at);
        look(&s, at, &lines[at], key);
    }
    assert_int_equal(LINES, s.lines.count);
    assert_true(odd > 1000 && odd < PUTS - 1000);
    assert_true(s.lines.large_count > 0 && s.lines.large_count < PUTS / 2);
    store_fini(&s);
    free(titles);
    free(lines);
}

static void only_the_unusual_is_odd(void **state)
{
    store s;
    (void)state;
    store_init(&s);
    const kg_plan_line line = {.title = "",
                               .conditions = KG_CONDITION_NEW,
                               .has_quantity = true,
                               .quantity = KG_QUANTITY_MAX,
                               .quantity_max = KG_QUANTITY_MAX,
                               .unit_price_max_cents = 1000,
                               .value_given_cents = KG_VALUE_CENTS_MAX,
                               .value_cents = KG_VALUE_CENTS_MAX,
                               .value_max_cents = KG_VALUE_CENTS_MAX,
                               .delivery_from = KG_POOL_EPOCH,
                               .delivery_to = KG_POOL_EPOCH + 65535,
                               .order_by = KG_POOL_EPOCH + 65534,
                               .nuts = {"BE211"},
                               .languages = 1,
                               .hi = kg_levels_fill(KG_LEVEL_ANY)};
    uint32_t at = kg_lines_add(&s.lines);
    kg_lines_put(&s.lines, &s.dictionary, s.catalogue, at, 0, 0, &line);
    assert_false(s.lines.flags[at] & KG_POOL_ODD);
    look(&s, at, &line, "");
    store_fini(&s);
}

/* An amount beyond its column stands aside, at one place for as long as it is needed. */
static void a_large_amount_keeps_its_place(void **state)
{
    store s;
    (void)state;
    store_init(&s);
    kg_plan_line line = {.title = "",
                         .unit_price_max_cents = -1,
                         .delivery_from = 20000,
                         .delivery_to = 20000,
                         .order_by = KG_DATE_NONE,
                         .nuts = {"BE"},
                         .languages = 1,
                         .conditions = KG_CONDITION_NEW,
                         .hi = kg_levels_fill(KG_LEVEL_ANY)};
    uint32_t at = kg_lines_add(&s.lines);
    for (int64_t beyond = -3; beyond < 1000; beyond++) {
        line.value_given_cents = line.value_cents = line.value_max_cents =
            (int64_t)UINT32_MAX + beyond;
        kg_lines_put(&s.lines, &s.dictionary, s.catalogue, at, 0, 0, &line);
        look(&s, at, &line, "");
        assert_int_equal(beyond > 0, s.lines.large_count);
        assert_false(s.lines.flags[at] & KG_POOL_ODD);
    }
    store_fini(&s);
}

/* Texts are found again, each once where shared, however many there are. */
static void the_dictionary_keeps_texts(void **state)
{
    kg_dictionary dictionary;
    char text[64];
    enum { TEXTS = 100000 };
    uint32_t *numbers = calloc(TEXTS, sizeof *numbers);
    (void)state;
    kg_dictionary_init(&dictionary);
    assert_int_equal(0, kg_dictionary_share(&dictionary, ""));
    for (int i = 0; i < TEXTS; i++) {
        snprintf(text, sizeof text, "%0*d", i % 50 + 5, i);
        numbers[i] = kg_dictionary_share(&dictionary, text);
    }
    uint64_t used = dictionary.used;
    for (int i = 0; i < TEXTS; i++) {
        snprintf(text, sizeof text, "%0*d", i % 50 + 5, i);
        assert_string_equal(text, kg_dictionary_text(&dictionary, numbers[i]));
        assert_int_equal(numbers[i], kg_dictionary_share(&dictionary, text));
    }
    assert_int_equal(used, dictionary.used);
    assert_int_not_equal(numbers[7], kg_dictionary_add(&dictionary, "000000000007"));
    kg_dictionary_fini(&dictionary);
    free(numbers);
}

/* More sets of languages than have numbers: those beyond stand aside. */
static void every_set_of_languages_comes_back(void **state)
{
    store s;
    kg_plan_line line = {.title = "",
                         .value_given_cents = 1,
                         .value_cents = 1,
                         .value_max_cents = 1,
                         .unit_price_max_cents = -1,
                         .delivery_from = 20000,
                         .delivery_to = 20000,
                         .order_by = KG_DATE_NONE,
                         .nuts = {"BE"},
                         .conditions = KG_CONDITION_NEW,
                         .hi = kg_levels_fill(KG_LEVEL_ANY)};
    (void)state;
    store_init(&s);
    for (uint32_t i = 0; i < 70000; i++) {
        line.languages = i + 1;
        kg_lines_put(&s.lines, &s.dictionary, s.catalogue, kg_lines_add(&s.lines), 0, 0, &line);
    }
    for (uint32_t i = 0; i < 70000; i++) {
        line.languages = i + 1;
        look(&s, i, &line, "");
        assert_int_equal(i >= UINT16_MAX, (s.lines.flags[i] & KG_POOL_ODD) != 0);
    }
    store_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_comes_out),
        cmocka_unit_test(only_the_unusual_is_odd),
        cmocka_unit_test(a_large_amount_keeps_its_place),
        cmocka_unit_test(the_dictionary_keeps_texts),
        cmocka_unit_test(every_set_of_languages_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

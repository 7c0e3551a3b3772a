/* SPDX-License-Identifier: EUPL-1.2 */
#include "compare_workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

#define PERIOD_FROM 20819 /* 2027-01-01 */
#define PERIOD_DAYS 1095
#define LISTED_MAX 2000

static const char countries[][3] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL",
                                    "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU",
                                    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};
#define COUNTRIES ((uint32_t)(sizeof countries / sizeof *countries))
#define COUNTRY_PLACES ((COMPARE_NUTS + COUNTRIES - 1) / COUNTRIES)
static const char *const languages[] = {"bg", "cs", "da", "de", "el", "en", "es", "et",
                                        "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv",
                                        "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"};

const compare_question compare_questions[COMPARE_QUESTIONS] = {
    {"Q1", "10111", "NL2", 6, 6, KG_TRACK_PELOTON},
    {"Q2", "100", "NL", 0, 11, -1},
    {"Q3", "10", "", 0, COMPARE_MONTHS - 1, -1},
    {"Q4", "", "", 0, COMPARE_MONTHS - 1, -1},
};

/* SplitMix64: a fixed, public function of a number. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* In [0, 1). */
static double fraction(uint64_t hash)
{
    return (double)(hash >> 11) / 9007199254740992.0;
}

static uint32_t cpv_code(uint32_t place)
{
    uint32_t division = 10 + place / 200, rest = place % 200;
    uint32_t group = division * 10 + rest / 20;
    return (group * 100 + (rest % 20 / 4 + 1) * 10 + rest % 4 + 1) * 1000;
}

/* ---- codes ---- */

/* Level 3 of the 27 countries, the list's own order, which is that of the codes. */
static size_t read_codes(const char *path, kg_nuts listed[LISTED_MAX])
{
    char row[1024];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        exit(4);
    }
    while (fgets(row, sizeof row, file) && count < LISTED_MAX) {
        row[strcspn(row, ",")] = 0;
        if (strlen(row) != KG_NUTS_CHARS_MAX || strcmp(row + 2, "ZZZ") == 0)
            continue;
        for (size_t i = 0; i < COUNTRIES; i++)
            if (memcmp(row, countries[i], 2) == 0)
                memcpy(listed[count++].code, row, sizeof listed->code);
    }
    fclose(file);
    return count;
}

/* First code of a country and how many it has. */
static size_t find_country(const kg_nuts *listed, size_t count, const char *country, size_t *own)
{
    size_t first = 0;
    while (first < count && memcmp(listed[first].code, country, 2) != 0)
        first++;
    *own = 0;
    while (first + *own < count && memcmp(listed[first + *own].code, country, 2) == 0)
        ++*own;
    return first;
}

void compare_workload_init(compare_workload *w, const char *nuts_path)
{
    static kg_nuts listed[LISTED_MAX];
    size_t count = read_codes(nuts_path, listed), own;
    for (uint32_t place = 0; place < COMPARE_NUTS; place++) {
        uint32_t country = place * COUNTRIES / COMPARE_NUTS;
        uint32_t before = (country * COMPARE_NUTS + COUNTRIES - 1) / COUNTRIES;
        size_t first = find_country(listed, count, countries[country], &own);
        size_t at = first + (place - before) * own / COUNTRY_PLACES;
        if (own == 0) {
            fprintf(stderr, "%s: no codes of %s\n", nuts_path, countries[country]);
            exit(4);
        }
        w->codes[place] = listed[at];
        w->numbers[place] = (uint32_t)at;
    }
}

/* ---- lines ---- */

compare_line compare_workload_line(const compare_workload *w, uint64_t id)
{
    int year, month;
    compare_line line = {.id = id};
    uint64_t hash = mix(id * 8 + 1);
    double u = fraction(hash);
    line.organisation = (uint32_t)(COMPARE_ORGANISATIONS * u * u);
    hash = mix(hash);
    u = fraction(hash);
    line.cpv = cpv_code((uint32_t)(COMPARE_CPV * u * u));
    hash = mix(hash);
    uint32_t place = (uint32_t)(COMPARE_NUTS * fraction(hash));
    line.nuts = w->codes[place];
    line.nuts_number = w->numbers[place];
    hash = mix(hash);
    line.quantity_min = 1 + (uint32_t)(hash % 1000);
    line.quantity = line.quantity_min + (uint32_t)((hash >> 20) % 1000);
    hash = mix(hash);
    line.price_cents = 100 + (uint32_t)(hash % 1000000);
    line.from = PERIOD_FROM + (kg_date)((hash >> 32) % PERIOD_DAYS);
    line.to = line.from + (kg_date)((hash >> 48) % 91);
    kg_date_month(line.from, &year, &month);
    line.month = (uint32_t)((year - 2027) * 12 + month - 1);
    hash = mix(hash);
    line.track = (hash & 7) == 0 ? KG_TRACK_KOPGROEP : KG_TRACK_PELOTON;
    memcpy(line.language, languages[(hash >> 8) % 24], sizeof line.language);
    return line;
}

void compare_draft(const compare_line *line, compare_texts *texts, kg_line_draft *draft)
{
    snprintf(texts->key, sizeof texts->key, "l%lu", (unsigned long)line->id);
    snprintf(texts->cpv, sizeof texts->cpv, "%08u", line->cpv);
    snprintf(texts->quantity_min, sizeof texts->quantity_min, "%u", line->quantity_min);
    snprintf(texts->quantity, sizeof texts->quantity, "%u", line->quantity);
    snprintf(texts->price, sizeof texts->price, "%u.%02u", line->price_cents / 100,
             line->price_cents % 100);
    kg_date_write(line->from, texts->from);
    kg_date_write(line->to, texts->to);
    *draft = (kg_line_draft){0};
    draft->text[KG_COLUMN_LINE] = texts->key;
    draft->text[KG_COLUMN_CPV] = texts->cpv;
    draft->text[KG_COLUMN_QUANTITY] = texts->quantity;
    draft->text[KG_COLUMN_QUANTITY_MIN] = texts->quantity_min;
    draft->text[KG_COLUMN_UNIT_PRICE_MAX] = texts->price;
    draft->text[KG_COLUMN_DELIVERY_FROM] = texts->from;
    draft->text[KG_COLUMN_DELIVERY_TO] = texts->to;
    draft->text[KG_COLUMN_NUTS] = line->nuts.code;
    draft->text[KG_COLUMN_LANGUAGES] = line->language;
    draft->text[KG_COLUMN_TRACK] = kg_track_name(line->track);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* bench_volume LINES [ROUNDS]: volume over the comparison workload, in process: questions Q1 to Q4
 * and others by the index and by a bare scan of the same columns, alternating, minimum and median;
 * what a changed line costs the index, and its memory. The answers are compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broker/query/volume.h"
#include "broker/query/volume_filter.h"
#include "compare_workload.h"

typedef struct columns {
    uint32_t *member, *cpv, *quantity_min, *quantity, *quantity_max;
    uint16_t *nuts, *from, *to, *category, *flags;
    uint32_t *money;
} columns;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static columns columns_new(const compare_workload *w, size_t count)
{
    columns c = {kg_alloc(count, 4), kg_alloc(count, 4), kg_alloc(count, 4), kg_alloc(count, 4),
                 kg_alloc(count, 4), kg_alloc(count, 2), kg_alloc(count, 2), kg_alloc(count, 2),
                 kg_alloc(count, 2), kg_alloc(count, 2), kg_alloc(count, 4)};
    for (size_t i = 0; i < count; i++) {
        compare_line line = compare_workload_line(w, i);
        c.member[i] = line.organisation;
        c.cpv[i] = line.cpv;
        c.nuts[i] = (uint16_t)kg_nuts_number(line.nuts.code);
        c.from[i] = (uint16_t)(line.from - KG_POOL_EPOCH);
        c.to[i] = (uint16_t)(line.to - KG_POOL_EPOCH);
        c.category[i] = (uint16_t)(KG_CATEGORY_CPV + line.cpv / 10000);
        c.flags[i] = KG_POOL_BY_PIECE | KG_POOL_OWN_PRICE | KG_POOL_NEW | KG_POOL_COUNTED |
                     KG_POOL_OWN_CPV | (line.track == KG_TRACK_KOPGROEP ? KG_POOL_KOPGROEP : 0);
        c.quantity_min[i] = line.quantity_min;
        c.quantity[i] = c.quantity_max[i] = line.quantity;
        c.money[i] = line.price_cents;
    }
    return c;
}

/* --- the bare scan --- */

typedef struct cell {
    uint64_t lines, quantity_min, quantity, quantity_max, value;
} cell;

#define WORDS ((COMPARE_ORGANISATIONS + 63) / 64)
#define BLOCK 4096

/* What the scan filters by is known when it is compiled: a loop that asks for no more. */
typedef struct scan {
    const kg_pool_columns *c;
    const uint16_t *month;
    uint32_t cpv_first, cpv_last;
    uint16_t nuts_first, nuts_last, from, to, track, month_first;
    cell *cells;
    uint64_t *bits;
    uint32_t *organisations;
    const uint16_t *code; /* cpv / 1000 to a small number */
} scan;

enum { F_CPV = 1, F_NUTS = 2, F_FROM = 4, F_TO = 8, F_TRACK = 16 };
enum { B_MONTH_TRACK, B_CATEGORY, B_NUTS, B_CODE, B_NONE, B_NUTS_TRACK };

static inline __attribute__((always_inline)) size_t group_of(const scan *s, int by, size_t i)
{
    switch (by) {
    case B_MONTH_TRACK:
        return (size_t)(s->month[s->c->from[i]] - s->month_first) * 2 + (s->c->flags[i] & 1);
    case B_CATEGORY:
        return (size_t)s->c->category[i] - KG_CATEGORY_CPV;
    case B_NUTS:
        return s->c->nuts[i];
    case B_CODE:
        return s->code[s->c->cpv[i] / 1000];
    case B_NUTS_TRACK:
        return (size_t)s->c->nuts[i] * 2 + (s->c->flags[i] & 1);
    default:
        return 0;
    }
}

static inline __attribute__((always_inline)) void scan_all(const scan *s, int filter, int by)
{
    const kg_pool_columns *c = s->c;
    uint32_t picked[BLOCK];
    uint32_t cpv_width = s->cpv_last - s->cpv_first;
    uint16_t nuts_width = (uint16_t)(s->nuts_last - s->nuts_first);
    for (size_t first = 0; first < c->count; first += BLOCK) {
        size_t end = first + BLOCK < c->count ? first + BLOCK : c->count, count = 0;
        for (size_t i = first; i < end; i++) {
            unsigned keep = !(c->flags[i] & KG_POOL_WITHDRAWN);
            picked[count] = (uint32_t)i;
            if (filter & F_CPV)
                keep &= c->cpv[i] - s->cpv_first <= cpv_width;
            if (filter & F_NUTS)
                keep &= (uint16_t)(c->nuts[i] - s->nuts_first) <= nuts_width;
            if (filter & F_FROM)
                keep &= c->to[i] >= s->from;
            if (filter & F_TO)
                keep &= c->from[i] <= s->to;
            if (filter & F_TRACK)
                keep &= (c->flags[i] & KG_POOL_KOPGROEP) == s->track;
            count += keep;
        }
        for (size_t j = 0; j < count; j++) {
            size_t i = picked[j], group = group_of(s, by, i);
            cell *at = &s->cells[group];
            at->lines++;
            at->quantity_min += c->quantity_min[i];
            at->quantity += c->quantity[i];
            at->quantity_max += c->quantity_max[i];
            at->value += (uint64_t)c->money[i] * c->quantity[i];
            s->bits[group * WORDS + c->member[i] / 64] |= UINT64_C(1) << (c->member[i] % 64);
        }
    }
}

static void scan_q1(const scan *s)
{
    scan_all(s, F_CPV | F_NUTS | F_FROM | F_TO | F_TRACK, B_MONTH_TRACK);
}
static void scan_q2(const scan *s) { scan_all(s, F_CPV | F_NUTS | F_TO, B_MONTH_TRACK); }
static void scan_q3(const scan *s) { scan_all(s, F_CPV, B_MONTH_TRACK); }
static void scan_q4(const scan *s) { scan_all(s, 0, B_MONTH_TRACK); }
static void scan_category(const scan *s) { scan_all(s, 0, B_CATEGORY); }
static void scan_nuts(const scan *s) { scan_all(s, 0, B_NUTS); }
static void scan_nuts_track(const scan *s) { scan_all(s, F_FROM | F_TO, B_NUTS_TRACK); }
static void scan_code(const scan *s) { scan_all(s, 0, B_CODE); }
static void scan_none(const scan *s) { scan_all(s, 0, B_NONE); }
static void scan_country(const scan *s) { scan_all(s, F_NUTS, B_CATEGORY); }
static void scan_country_months(const scan *s) { scan_all(s, F_NUTS, B_MONTH_TRACK); }
static void scan_division(const scan *s) { scan_all(s, F_CPV, B_NUTS); }
static void scan_year(const scan *s) { scan_all(s, F_CPV | F_FROM | F_TO, B_MONTH_TRACK); }
static void scan_track(const scan *s) { scan_all(s, F_TRACK | F_TO, B_CATEGORY); }

/* --- questions --- */

typedef struct question {
    const char *name, *cpv, *nuts, *from, *to;
    int track;
    const char *by;
    void (*scan)(const scan *s);
} question;

static const question questions[] = {
    {"Q1", "10111", "NL2", "2027-07-01", "2027-07-31", KG_TRACK_PELOTON, "month,track", scan_q1},
    {"Q2", "100", "NL", NULL, "2027-12-31", -1, "month,track", scan_q2},
    {"Q3", "10", NULL, NULL, NULL, -1, "month,track", scan_q3},
    {"Q4", NULL, NULL, NULL, NULL, -1, "month,track", scan_q4},
    {"all", NULL, NULL, NULL, NULL, -1, "", scan_none},
    {"category", NULL, NULL, NULL, NULL, -1, "category", scan_category},
    {"nuts", NULL, NULL, NULL, NULL, -1, "nuts", scan_nuts},
    {"nuts,track one quarter", NULL, NULL, "2028-04-10", "2028-07-10", -1, "nuts,track",
     scan_nuts_track},
    {"cpv", NULL, NULL, NULL, NULL, -1, "cpv", scan_code},
    {"category in DE", NULL, "DE", NULL, NULL, -1, "category", scan_country},
    {"month,track in DE", NULL, "DE", NULL, NULL, -1, "month,track", scan_country_months},
    {"nuts of 11", "11", NULL, NULL, NULL, -1, "nuts", scan_division},
    {"month,track of 10 in 2028", "10", NULL, "2028-01-01", "2028-12-31", -1, "month,track",
     scan_year},
    {"month,track of 101", "101", NULL, NULL, NULL, -1, "month,track", scan_q3},
    {"month,track of 1011", "1011", NULL, NULL, NULL, -1, "month,track", scan_q3},
    {"month,track of 2", "2", NULL, NULL, NULL, -1, "month,track", scan_q3},
    {"category, kopgroep, to a day", NULL, NULL, NULL, "2028-07-10", KG_TRACK_KOPGROEP, "category",
     scan_track},
};
#define QUESTIONS (sizeof questions / sizeof *questions)

static kg_date date_of(const char *text)
{
    kg_date date = KG_DATE_NONE;
    if (text && !kg_date_parse(text, &date))
        abort();
    return date;
}

static void query_of(const question *q, kg_query *query)
{
    kg_query_init(query, KG_VIEW_VOLUME);
    query->cpv = q->cpv;
    query->nuts = q->nuts;
    query->from = date_of(q->from);
    query->to = date_of(q->to);
    query->track = q->track;
    for (int i = 0; i < KG_VOLUME_DIMENSIONS; i++)
        if (strstr(q->by, kg_dimension_name((kg_dimension)i)))
            query->by[query->by_count++] = (kg_dimension)i;
}

static cell total_of_scan(const scan *s, size_t groups, uint64_t *organisations)
{
    cell total = {0};
    *organisations = 0;
    for (size_t i = 0; i < groups; i++) {
        total.lines += s->cells[i].lines;
        total.quantity_min += s->cells[i].quantity_min;
        total.quantity += s->cells[i].quantity;
        total.value += s->cells[i].value;
        for (size_t w = 0; s->cells[i].lines && w < WORDS; w++)
            *organisations += (uint64_t)__builtin_popcountll(s->bits[i * WORDS + w]);
    }
    return total;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

#define GROUPS 10000
#define ROUNDS_MAX 100

static void clear(scan *s)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (s->cells[i].lines)
            memset(s->bits + i * WORDS, 0, WORDS * 8);
    memset(s->cells, 0, GROUPS * sizeof *s->cells);
}

static void ask(const question *q, const kg_volume_set *set, const kg_volume_pool *pool, scan *s,
                int rounds)
{
    kg_query query;
    kg_volume_filter filter;
    double index[ROUNDS_MAX], bare[ROUNDS_MAX];
    kg_volume volume = {0};
    query_of(q, &query);
    kg_volume_filter_init(&filter, pool->catalogue, &query);
    s->cpv_first = filter.cpv_first;
    s->cpv_last = filter.cpv_last;
    s->nuts_first = filter.nuts_first;
    s->nuts_last = filter.nuts_last;
    s->from = filter.from;
    s->to = filter.to;
    s->track = filter.track;
    for (int round = 0; round < rounds; round++) {
        kg_volume_fini(&volume);
        double begin = now();
        kg_volume_count(set, pool, &query, &volume);
        index[round] = now() - begin;
        clear(s);
        begin = now();
        q->scan(s);
        bare[round] = now() - begin;
    }
    uint64_t organisations, counted = 0, lines = 0;
    kg_int128 value = 0;
    cell total = total_of_scan(s, GROUPS, &organisations);
    for (size_t i = 0; i < volume.count; i++) {
        counted += volume.cells[i].organisations;
        lines += volume.cells[i].lines;
        value += volume.cells[i].value_cents;
    }
    bool same = counted == organisations && lines == total.lines && value == (kg_int128)total.value;
    qsort(index, (size_t)rounds, sizeof *index, by_value);
    qsort(bare, (size_t)rounds, sizeof *bare, by_value);
    printf("%-30s %9.3f %9.3f  %9.3f %9.3f  %7.2f  %7zu cells %9lu lines %s\n", q->name,
           index[0] * 1e3, index[rounds / 2] * 1e3, bare[0] * 1e3, bare[rounds / 2] * 1e3,
           bare[rounds / 2] / index[rounds / 2], volume.count, (unsigned long)lines,
           same ? "" : "WRONG");
    kg_volume_fini(&volume);
    kg_query_fini(&query);
}

/* Lines that go and come back, at random: a hundred at a time, as a submission has. */
static void measure_updates(kg_volume_set *set, kg_volume_pool *pool, size_t changes)
{
    uint64_t random = 1;
    double gone = 0, come = 0;
    uint32_t lines[100];
    for (size_t i = 0; i < changes; i += 100) {
        double begin = now();
        for (size_t j = 0; j < 100; j++) {
            do {
                random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
                lines[j] = (uint32_t)((random >> 33) * pool->columns.count >> 31);
            } while (!kg_volume_set_has(set, lines[j]));
            kg_pool_row row = kg_pool_row_of(&pool->columns, lines[j]);
            kg_volume_set_remove(set, pool, &row);
        }
        double between = now();
        kg_volume_set_add(set, pool, lines, 100);
        gone += between - begin;
        come += now() - between;
    }
    printf("a line that goes: %.0f ns, that comes: %.0f ns\n", gone / (double)changes * 1e9,
           come / (double)changes * 1e9);
}

int main(int argc, char **argv)
{
    static compare_workload w;
    static kg_volume_tables tables;
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    int rounds = argc > 2 ? atoi(argv[2]) : 9;
    if (rounds < 1 || rounds > ROUNDS_MAX || count == 0) {
        fprintf(stderr, "usage: bench_volume LINES [ROUNDS]\n");
        return 2;
    }
    compare_workload_init(&w, KG_SOURCE_DIR "/config/reference/nuts.csv");
    columns c = columns_new(&w, count);
    kg_volume_tables_init(&tables);
    kg_volume_pool pool = {.columns = {count, c.member, c.cpv, c.nuts, c.from, c.to, c.category,
                                       c.flags, NULL, c.quantity_min, c.quantity, c.quantity_max,
                                       c.money, NULL},
                           .members = COMPARE_ORGANISATIONS,
                           .month = tables.month,
                           .countries = tables.country,
                           .month_first = 27 * 12,
                           .month_last = 27 * 12 + COMPARE_MONTHS - 1};
    kg_volume_set set;
    kg_volume_set_init(&set);
    kg_volume_set_grow(&set, count);
    double begin = now();
    for (uint32_t i = 0; i < count; i++)
        kg_volume_set_add(&set, &pool, &i, 1);
    double marked = now();
    size_t lines = SIZE_MAX;
    kg_volume_set_cube(&set, &pool, &lines);
    printf("%zu lines: set %.0f ms, cube %.0f ms, %.1f bytes a line\n", count,
           (marked - begin) * 1e3, (now() - marked) * 1e3,
           (double)kg_volume_set_bytes(&set) / (double)count);
    scan s = {&pool.columns, tables.month, 0, 0, 0, 0, 0, 0, 0, pool.month_first,
              kg_alloc(GROUPS, sizeof(cell)), kg_alloc(GROUPS * WORDS, 8), NULL, NULL};
    uint16_t *codes = kg_alloc(100000, sizeof *codes), known = 0;
    for (size_t i = 0; i < count; i++)
        if (codes[c.cpv[i] / 1000] == 0)
            codes[c.cpv[i] / 1000] = ++known;
    s.code = codes;
    printf("%-30s %9s %9s  %9s %9s  %7s\n", "ms", "index", "median", "scan", "median", "ratio");
    for (size_t i = 0; i < QUESTIONS; i++)
        ask(&questions[i], &set, &pool, &s, rounds);
    measure_updates(&set, &pool, 1000000);
    printf("%.1f bytes a line after that\n", (double)kg_volume_set_bytes(&set) / (double)count);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The comparison workload: line number i is the same for Kopgroep, the floors, PostgreSQL and
 * DuckDB. 50,000 organisations and 9,000 CPV codes, both skewed (u squared), windows that begin in
 * any month of 2027-2029, one line in eight on the kopgroep track. The codes are of NUTS 2024, so
 * that the broker takes them: of each country those spread evenly over its list. */
#ifndef COMPARE_WORKLOAD_H
#define COMPARE_WORKLOAD_H

#include "proto/plan_line.h"

#define COMPARE_ORGANISATIONS 50000
#define COMPARE_CPV 9000
#define COMPARE_NUTS 1166
#define COMPARE_MONTHS 36

typedef struct compare_line {
    uint64_t id;
    uint32_t organisation; /* below COMPARE_ORGANISATIONS */
    uint32_t cpv;          /* eight digits */
    kg_nuts nuts;          /* level 3 */
    uint32_t nuts_number;  /* its place in the list of the codes used, which is sorted */
    uint32_t quantity_min, quantity; /* the quantity is also the most */
    uint32_t price_cents;  /* of a piece; value = quantity x price */
    kg_date from, to;
    uint32_t month; /* of `from`, since 2027-01 */
    kg_track track;
    char language[3];
} compare_line;

typedef struct compare_workload {
    kg_nuts codes[COMPARE_NUTS];    /* of each place in the formulas */
    uint32_t numbers[COMPARE_NUTS]; /* their nuts_number */
} compare_workload;

/* Reads the codes from a nuts.csv; ends the program when it cannot. */
void compare_workload_init(compare_workload *workload, const char *nuts_path);
compare_line compare_workload_line(const compare_workload *workload, uint64_t id);

/* A line as its buyer writes it, under the key "lID". Texts live in `texts`, which stays. */
typedef struct compare_texts {
    char key[24], cpv[12], quantity_min[12], quantity[12], price[16];
    char from[KG_DATE_BYTES], to[KG_DATE_BYTES];
} compare_texts;
void compare_draft(const compare_line *line, compare_texts *texts, kg_line_draft *draft);

/* Questions Q1 to Q4 of the comparison, by month and track: lines of a CPV prefix and a NUTS
 * prefix ("" = all) whose window begins in months first to last. */
typedef struct compare_question {
    const char *name, *cpv, *nuts;
    uint32_t month_first, month_last;
    int track; /* -1: both */
} compare_question;
#define COMPARE_QUESTIONS 4
extern const compare_question compare_questions[COMPARE_QUESTIONS];

#endif

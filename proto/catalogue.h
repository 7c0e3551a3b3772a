/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue: criteria with their scales, categories with their CPV codes, profiles, labels,
 * thresholds. Made by kg_catalogue_read() (catalogue_file.h), then only read; may be shared
 * between threads. All lists are sorted by id in byte order, except a category's criteria, which
 * are sorted by the criterion's id too (so that a level vector's order does not depend on the
 * file's), and a scale, which goes from the least to the most ambitious. */
#ifndef KG_CATALOGUE_H
#define KG_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/levels.h"
#include "proto/memory.h"
#include "proto/notice_code.h"
#include "proto/sink.h"
#include "proto/text.h"

/* What is grouped together: an index into `categories`, or KG_CATEGORY_CPV + NNNN for a CPV code
 * in no category ("cpv:NNNN", its first four digits). */
typedef uint16_t kg_category;
#define KG_CATEGORY_CPV 0x8000u
#define KG_CATEGORY_NONE 0xffffu
#define KG_CATEGORY_NAME_BYTES (KG_ID_BYTES_MAX + 1)

/* Languages of names, in this order. */
enum { KG_NAME_NL, KG_NAME_FR, KG_NAME_DE, KG_NAME_EN, KG_NAMES };
const char *kg_name_language(int name);        /* "nl" */
int kg_name_language_find(const char *language); /* KG_NAMES when it is none of them */

typedef enum kg_criterion_type {
    KG_CRITERION_SELECTION,
    KG_CRITERION_TECHNICAL,
    KG_CRITERION_AWARD,
    KG_CRITERION_CLAUSE
} kg_criterion_type;
const char *kg_criterion_type_name(kg_criterion_type type); /* "technical" */
int kg_criterion_type_find(const char *name);               /* -1 when it is none */

typedef struct kg_criterion {
    const char *id;
    const char *levels[KG_SCALE_LEVELS_MAX];
    int levels_count;
    kg_criterion_type type;
    const char *names[KG_NAMES]; /* NULL where absent */
    const char *source;          /* where the figure comes from; NULL where absent */
    bool verified;               /* someone has read the source's own text */
    const char *notice[KG_NOTICE_CODES_MAX]; /* what a notice says of it, "green:circ-econ": codes
                                                of notice_code.h */
    int notice_count;
} kg_criterion;

/* A level of one of a category's criteria. */
typedef struct kg_level_ref {
    uint16_t category;  /* index */
    uint16_t criterion; /* index into the catalogue's criteria */
    uint8_t rank;
} kg_level_ref;

typedef struct kg_category_entry {
    const char *id;
    uint32_t cpv[KG_CATEGORY_CPV_MAX]; /* in the file's order: the first counts for lines without */
    int cpv_count;
    int64_t reference_price_cents; /* -1: none */
    uint16_t criteria[KG_CATEGORY_CRITERIA_MAX];
    int criteria_count;
    kg_levels law; /* what law demands already; 0 where it demands nothing */
    const char *names[KG_NAMES];
    const char *source;
    const char *law_source;
    bool verified;
} kg_category_entry;

typedef struct kg_profile {
    const char *id;
    uint16_t criteria[KG_CATALOGUE_CRITERIA_MAX];
    uint8_t ranks[KG_CATALOGUE_CRITERIA_MAX];
    int count;
} kg_profile;

typedef struct kg_label {
    const char *id;
    kg_level_ref *proves;
    int proves_count;
    int64_t available_models; /* 0: not known */
    const char *as_of, *source;
    bool verified;
} kg_label;

typedef struct kg_threshold {
    const char *id; /* "supplies-central", "supplies-sub-central"; the same id may stand again for
                       a period that does not overlap */
    int64_t value_cents;
    kg_date from, to; /* KG_DATE_NONE: no beginning, no end */
    const char *source;
    bool verified;
} kg_threshold;

/* What the cost of a category's products over their whole life is counted with. */
typedef struct kg_life_cycle {
    uint16_t category;           /* index */
    int64_t years_max;           /* the longest use that is counted */
    int64_t discount_hundredths; /* of a per cent a year */
    int64_t electricity_hundredths; /* of a cent a kWh */
    int64_t emission_grams;      /* of CO2 a kWh */
    int64_t carbon_cents;        /* a tonne of CO2 */
    const char *source;
    bool verified;
} kg_life_cycle;

/* From this code up to the next range's begins what belongs to one category. */
typedef struct kg_cpv_range {
    uint32_t from;
    kg_category category; /* KG_CATEGORY_NONE: to none of the catalogue */
} kg_cpv_range;

typedef struct kg_catalogue {
    kg_criterion *criteria;
    size_t criteria_count;
    kg_category_entry *categories;
    size_t categories_count;
    kg_profile *profiles;
    size_t profiles_count;
    kg_label *labels;
    size_t labels_count;
    kg_threshold *thresholds;
    size_t thresholds_count;
    kg_life_cycle *life_cycles; /* at most one a category */
    size_t life_cycles_count;
    kg_cpv_range *cpv_ranges; /* ascending; made of the categories' codes by kg_catalogue_index() */
    size_t cpv_ranges_count;
    kg_arena arena; /* owns every text and list above */
} kg_catalogue;

/* Empty; for a reader to fill. Returns owned. */
kg_catalogue *kg_catalogue_new(void);
void kg_catalogue_destroy(kg_catalogue **catalogue);

/* Index by id, or -1. */
int kg_catalogue_category(const kg_catalogue *catalogue, const char *id);
int kg_catalogue_criterion(const kg_catalogue *catalogue, const char *id);
int kg_catalogue_profile(const kg_catalogue *catalogue, const char *id);
/* Rank of a level's text on a criterion's scale, or -1. */
int kg_criterion_rank(const kg_criterion *criterion, const char *level);

/* "30213100" or, with its check digit, "30213100-6" to a number. False for anything else. */
bool kg_catalogue_cpv_parse(const char *text, uint32_t *out);
/* The last code that a catalogue code matches (the first is itself): once its trailing zeros are
 * cut, never below two digits, it is a prefix. */
uint32_t kg_catalogue_cpv_last(uint32_t cpv);
/* Makes what kg_catalogue_by_cpv() looks in; called once, when all categories stand. */
void kg_catalogue_index(kg_catalogue *catalogue);
/* The category of a CPV code: a catalogue code matches as a prefix once its trailing zeros are
 * cut (never below two digits), the longest wins; else KG_CATEGORY_CPV + its first four digits. */
kg_category kg_catalogue_by_cpv(const kg_catalogue *catalogue, uint32_t cpv);
/* "laptop" or "cpv:7200". */
void kg_category_name(const kg_catalogue *catalogue, kg_category category,
                      char out[static KG_CATEGORY_NAME_BYTES]);
/* The other way; KG_CATEGORY_NONE when there is none. */
kg_category kg_category_find(const kg_catalogue *catalogue, const char *name);
/* The entry, or NULL for a cpv:NNNN category. */
const kg_category_entry *kg_category_entry_of(const kg_catalogue *catalogue, kg_category category);
/* How cost over the whole life is counted for a category; NULL where the catalogue does not say. */
const kg_life_cycle *kg_catalogue_life_cycle(const kg_catalogue *catalogue, kg_category category);
/* The label of a name; NULL when there is none. */
const kg_label *kg_catalogue_label(const kg_catalogue *catalogue, const char *name);
/* Does it prove this rank, or a higher one, of a criterion (index) for a category? */
bool kg_label_proves(const kg_label *label, kg_category category, int criterion, uint8_t rank);
/* Number of criteria of a category (0 for cpv:NNNN). */
int kg_category_criteria(const kg_catalogue *catalogue, kg_category category);
/* The criterion at a place of a category's level vectors. */
const kg_criterion *kg_category_criterion(const kg_catalogue *catalogue, kg_category category,
                                          int place);
/* Place in the category's level vectors of a criterion (index), or -1. */
int kg_category_place(const kg_catalogue *catalogue, kg_category category, int criterion);
/* The lowest supplies threshold in force on a day, for central (1), sub-central (0) or unknown
 * (-1: the lowest of all) buyers; -1 when the catalogue has none for that day. */
int64_t kg_catalogue_threshold(const kg_catalogue *catalogue, int central, kg_date day);
/* Canonical bytes of all that a result depends on: scales, types, CPV codes (the first, then the
 * others sorted), prices, criteria, thresholds. */
void kg_catalogue_write(const kg_catalogue *catalogue, kg_sink sink);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of a history, for the files disclosure_*.c. */
#ifndef KG_DISCLOSURE_PRIVATE_H
#define KG_DISCLOSURE_PRIVATE_H

#include "broker/query/disclosure_contributors.h"
#include "broker/query/disclosure_history.h"

typedef struct kg_history_cell {
    kg_version_cell sums;
    size_t lines;
    bool touched; /* by the version that is being made */
} kg_history_cell;

typedef struct kg_history_class {
    uint32_t cell;
} kg_history_class;

/* A line as it is counted, or was last. */
typedef struct kg_history_image {
    int64_t value_cents;
    uint32_t quantity;
    uint32_t class; /* 0: not counted now */
} kg_history_image;

_Static_assert(KG_QUANTITY_MAX <= UINT32_MAX, "a line's quantity fits");

struct kg_disclosure_history {
    uint32_t number; /* of the last version */
    kg_history_image *images; /* owned; by line */
    size_t images_count;
    kg_history_class *classes; /* owned; the first stands for none */
    size_t classes_count, classes_capacity;
    kg_history_cell *cells; /* owned */
    size_t cells_count, cells_capacity;
    uint32_t *slots; /* owned; open addressing: a cell's place + 1, or 0 */
    size_t slots_count;
    char **categories; /* owned, each */
    size_t categories_count, categories_capacity;
};

/* A version being made. */
typedef struct kg_next_version {
    kg_disclosure_history *history;
    const kg_line_source *source;
    const kg_disclosure_rules *rules;
    kg_contributors group;  /* scratch */
    uint32_t *leaving;      /* owned; lines whose counted form is no longer theirs */
    size_t leaving_count, leaving_capacity;
    uint32_t *coming;       /* owned; lines that could be counted */
    size_t coming_count, coming_capacity;
} kg_next_version;

/* Lines by group: those of group g stand from first[g] up to first[g + 1]. */
typedef struct kg_line_groups {
    uint32_t *lines; /* owned */
    size_t *first;   /* owned */
} kg_line_groups;

/* By class, of the classes that are wanted (by class); by cell, of the touched ones. */
void kg_line_groups_by_class(const kg_disclosure_history *history, const bool *wanted,
                             kg_line_groups *out);
void kg_line_groups_by_cell(const kg_disclosure_history *history, kg_line_groups *out);
void kg_line_groups_fini(kg_line_groups *groups);

/* The place of a cell, or UINT32_MAX. */
uint32_t kg_history_find_cell(const kg_disclosure_history *history, kg_cell_key at, int level);
/* The same; makes it where it is not. */
uint32_t kg_history_cell_at(kg_disclosure_history *history, kg_cell_key at, int level);

/* A new class in a cell, without lines yet. */
uint32_t kg_history_class_new(kg_disclosure_history *history, uint32_t cell);
/* Counts a line in a class; it must not be counted in any. */
void kg_history_put(kg_disclosure_history *history, uint32_t class, size_t line,
                    const kg_counted_line *now);
/* Counts it no more. */
void kg_history_take(kg_disclosure_history *history, size_t line);

/* Is there an amount of a line that is what it was when it was counted? Whoever knows that knows
 * of one unknown less. */
bool kg_history_same_value(const kg_history_image *image, const kg_counted_line *now);
bool kg_history_same_quantity(const kg_history_image *image, const kg_counted_line *now);

/* --- disclosure_leave.c --- */
/* Takes out what may leave, moves what may move; what is still live of the former is added to
 * `coming`. */
void kg_next_version_leave(kg_next_version *next);
/* --- disclosure_come.c --- */
/* Puts in what may come. */
void kg_next_version_come(kg_next_version *next);

#endif

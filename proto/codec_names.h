/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the codec: the names behind an event's indices (`Names` of kopgroep.proto), in both
 * directions. */
#ifndef KG_CODEC_NAMES_H
#define KG_CODEC_NAMES_H

#include "proto/codec_pb.h"

/* Numbers the distinct keys from 0, in the order of their first use. */
typedef struct kg_numbering {
    uint64_t *keys;  /* by number; in the arena, as `slots` */
    uint32_t *slots; /* 1 + number, by hash; 0 = free */
    size_t count, capacity;
} kg_numbering;

/* What an event that is being written has named. */
typedef struct kg_naming {
    const kg_catalogue *catalogue;
    kg_arena *scratch;
    kg_numbering categories, levels, nuts, languages;
    bool with_criteria; /* write what the ranks of an outcome stand for */
} kg_naming;

void kg_naming_init(kg_naming *naming, const kg_catalogue *catalogue, kg_arena *scratch);
uint32_t kg_naming_category(kg_naming *naming, kg_category category);
uint32_t kg_naming_level(kg_naming *naming, kg_category category, int place, uint8_t rank);
uint32_t kg_naming_nuts(kg_naming *naming, const kg_nuts *nuts);
uint32_t kg_naming_languages(kg_naming *naming, kg_languages languages);
/* All that was named; in the scratch arena. NULL when nothing was. */
Kopgroep__Names *kg_naming_write(kg_naming *naming);

typedef struct kg_named_level {
    uint32_t category; /* index */
    uint8_t place, rank;
} kg_named_level;

/* What the indices of an event that is being read mean. In the reader's arena. */
typedef struct kg_named {
    kg_category *categories;
    size_t categories_count;
    kg_named_level *levels;
    size_t levels_count;
    kg_nuts *nuts;
    size_t nuts_count;
    kg_languages *languages;
    size_t languages_count;
} kg_named;

/* Fails the reader where the catalogue does not have a name. `names` may be NULL. */
void kg_named_read(kg_reader *in, const Kopgroep__Names *names, kg_named *out);

/* codec_checked.c */
Kopgroep__CheckedLines *kg_checked_write(kg_naming *naming, const kg_plan_line *lines,
                                         size_t count);
/* Into the event's lines; their texts in the event's own arena. */
void kg_checked_read(kg_reader *in, const kg_named *named, const Kopgroep__CheckedLines *m,
                     kg_event *out);

/* codec_outcome.c */
Kopgroep__Outcome *kg_outcome_write(kg_naming *naming, const kg_outcome *outcome);
/* Returns owned; not whole when the reader has failed. */
kg_outcome *kg_outcome_read(kg_reader *in, const kg_named *named, const Kopgroep__Outcome *m);

/* codec_unplaced.c */
Kopgroep__Unplaced *kg_unplaced_write(kg_naming *naming, const kg_outcome *outcome);
void kg_unplaced_read(kg_reader *in, const kg_named *named, const Kopgroep__Unplaced *m,
                      kg_outcome *out);

/* Messages kept by column: has the column an entry for each of `count`? None at all means that all
 * have the default; any other number fails the reader. */
#define KG_HAS_COLUMN(in, m, field, count) kg_has_column(in, #field, (m)->n_##field, count)
#define KG_HAS_BYTES(in, m, field, count)                                                          \
    kg_has_column(in, #field, (m)->has_##field ? (m)->field.len : 0, count)
bool kg_has_column(kg_reader *in, const char *field, size_t have, size_t count);
/* Writes one, of `count` entries that the expression `what` gives for `i`; all default: none. */
#define KG_PUT_COLUMN(m, field, scratch, count, absent, what)                                      \
    do {                                                                                           \
        bool any_ = false;                                                                         \
        (m)->field = kg_arena_alloc(scratch, ((count) + 1) * sizeof *(m)->field);                  \
        for (size_t i = 0; i < (count); i++) {                                                     \
            (m)->field[i] = (what);                                                                \
            any_ |= (m)->field[i] != (absent);                                                     \
        }                                                                                          \
        (m)->n_##field = any_ ? (count) : 0;                                                       \
    } while (0)
/* The same with one byte an entry; default 0. */
#define KG_PUT_BYTE_COLUMN(m, field, scratch, count, what)                                         \
    do {                                                                                           \
        (m)->field.data = kg_arena_alloc(scratch, (count) + 1);                                    \
        (m)->field.len = (count);                                                                  \
        for (size_t i = 0; i < (count); i++) {                                                     \
            (m)->field.data[i] = (uint8_t)(what);                                                  \
            (m)->has_##field |= (m)->field.data[i] != 0;                                           \
        }                                                                                          \
    } while (0)

#endif

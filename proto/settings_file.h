/* SPDX-License-Identifier: EUPL-1.2 */
/* Settings files (catalogue, round, organisations, broker.conf): the grammar of libconfuse, read
 * into plain sections, every value as text with its row. The one place that includes confuse.h.
 * Any thread may read: libconfuse's own state, which is one a process, is guarded. */
#ifndef KG_SETTINGS_FILE_H
#define KG_SETTINGS_FILE_H

#include "proto/memory.h"
#include "proto/problem.h"
#include "proto/text.h"

#define KG_SETTINGS_BYTES_MAX 67108864 /* of one file */

/* A key that a section may have. Tables end with a NULL name. */
typedef struct kg_key {
    const char *name;
    bool list; /* {"a", "b"}, or one value without braces */
} kg_key;

/* A kind of section; NULL stands for the keys outside sections. Tables end with NULL keys. */
typedef struct kg_section_kind {
    const char *name;
    const kg_key *keys;
} kg_section_kind;

typedef struct kg_setting {
    const char *text; /* UTF-8 without control characters; may be "" */
    long row;
} kg_setting;

typedef struct kg_setting_list {
    kg_setting *items; /* owned */
    size_t count, capacity;
} kg_setting_list;

typedef struct kg_section {
    const kg_section_kind *kind;
    const char *title;     /* "" for the keys outside sections */
    long row;              /* of the opening brace */
    kg_setting_list *keys; /* by place in kind->keys */
} kg_section;

typedef struct kg_settings {
    kg_section *sections; /* owned; in the file's order, those outside sections last */
    size_t count, capacity;
    kg_arena arena; /* owns the texts */
} kg_settings;

/* The text of a file; returns owned (free), or NULL with a problem of row 0. */
char *kg_settings_load(const char *path, kg_problems *problems);

/* Reads a text. `settings` is initialised here; fini it in either case. Unknown keys, wrong
 * grammar, bad texts and keys given twice are problems with their row. Returns whether the text
 * was read to its end: false when a mistake stopped the parser, so that what is in `settings` is
 * not all. */
bool kg_settings_read(const char *text, const kg_section_kind *kinds, kg_settings *settings,
                      kg_problems *problems);
void kg_settings_fini(kg_settings *settings);

/* The value of a key, or NULL when it is absent or "". Borrowed. */
const kg_setting *kg_section_get(const kg_section *section, int key);
const char *kg_section_text(const kg_section *section, int key);

/* Each takes an absent key for right and leaves *out as it is; a wrong one adds a problem and
 * returns false. */
bool kg_section_date(const kg_section *section, int key, kg_date *out, kg_problems *problems);
bool kg_section_money(const kg_section *section, int key, int64_t *cents_out,
                      kg_problems *problems);
bool kg_section_integer(const kg_section *section, int key, int64_t min, int64_t max, int64_t *out,
                        kg_problems *problems);
bool kg_section_bool(const kg_section *section, int key, bool *out, kg_problems *problems);

/* Adds a problem of one value of a key; of the key as a whole (setting NULL); of the section and
 * its title (setting NULL, key -1). `format` NULL takes the status's own text. */
__attribute__((format(printf, 6, 7))) void
kg_section_problem(const kg_section *section, int key, const kg_setting *setting, kg_status status,
                   kg_problems *problems, const char *format, ...);
/* Adds MISSING when a key is absent or empty; returns whether it is there. */
bool kg_section_require(const kg_section *section, int key, kg_problems *problems);
/* Is the section's title an id? Adds a problem when it is not. */
bool kg_section_id(const kg_section *section, kg_problems *problems);
/* Adds what the check of a whole value found, at the row of the key that each names; not of keys
 * that problems from number `first` on name already. */
void kg_section_add_untold(const kg_section *section, const kg_problems *found, size_t first,
                           kg_problems *problems);

/* Puts the problems from number `first` on into the order of the file. */
void kg_settings_sort_problems(kg_problems *problems, size_t first);

#endif

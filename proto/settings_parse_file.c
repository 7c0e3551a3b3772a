/* SPDX-License-Identifier: EUPL-1.2 */
/* libconfuse as a stream: its callbacks hand each value and each end of a section to a reader,
 * and nothing is left to gather in its own tree, where a second section of the same title would
 * replace the first. It stops at a key that it does not know; so that one such key does not hide
 * what else is wrong, the text is parsed again with that key allowed and its values dropped. */
#include "proto/settings_file.h"

#include <confuse.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proto/limits.h"
#include "proto/settings_scan_file.h"
#include "proto/sink.h"

#define UNKNOWN_MAX 100 /* keys for which the text is parsed again */
#define MESSAGE_BYTES 300

typedef struct unknown_key {
    const kg_section_kind *kind;
    char *name; /* owned */
    long row;
    bool first; /* of this name in this kind of section */
} unknown_key;

typedef struct reader {
    const kg_section_kind *kinds;
    const kg_settings_scan *scan;
    kg_settings *settings;
    kg_problems problems; /* of this pass */
    unknown_key *unknown; /* of all passes; owned */
    size_t unknown_count, unknown_capacity;
    size_t names_count;    /* of the unknown keys, how many are the first of their name */
    kg_setting_list *open; /* of the section being read; NULL before its first value */
    const kg_section_kind *open_kind;
    kg_setting_list *outside; /* of the keys outside sections */
    size_t sections_seen;
} reader;

/* An option that no file can name (libconfuse refuses an empty name) carries the reader to
 * callbacks that are given nothing but the section. */
static cfg_opt_t reader_option(reader *r)
{
    cfg_opt_t option = CFG_PTR_CB("", NULL, CFGF_NODEFAULT, NULL, NULL);
    option.simple_value.ptr = (void **)r;
    return option;
}

static reader *reader_of(const cfg_t *cfg)
{
    const cfg_opt_t *option = cfg->opts;
    while (option->name[0])
        option++;
    return (reader *)option->simple_value.ptr;
}

static size_t keys_count(const kg_section_kind *kind)
{
    size_t count = 0;
    while (kind->keys[count].name)
        count++;
    return count;
}

static size_t kinds_count(const kg_section_kind *kinds)
{
    size_t count = 0;
    while (kinds[count].keys)
        count++;
    return count;
}

/* NULL for "outside any section" of a file that allows no keys there. */
static const kg_section_kind *kind_find(const reader *r, const char *name)
{
    for (const kg_section_kind *kind = r->kinds; kind->keys; kind++) {
        if (name ? kind->name && strcmp(kind->name, name) == 0 : !kind->name)
            return kind;
    }
    return NULL;
}

static const kg_section_kind *kind_of(const reader *r, const cfg_t *cfg)
{
    return kind_find(r, strcmp(cfg->name, "root") == 0 ? NULL : cfg->name);
}

static int key_find(const kg_section_kind *kind, const char *name)
{
    for (int i = 0; kind && kind->keys[i].name; i++) {
        if (strcmp(kind->keys[i].name, name) == 0)
            return i;
    }
    return -1;
}

static void unknown_add(reader *r, const kg_section_kind *kind, const char *name, long row)
{
    bool first = true;
    for (size_t i = 0; i < r->unknown_count; i++) {
        const unknown_key *known = &r->unknown[i];
        if (known->kind != kind || strcmp(known->name, name) != 0)
            continue;
        if (known->row == row)
            return;
        first = false;
    }
    r->unknown = kg_grow(r->unknown, r->unknown_count, &r->unknown_capacity, sizeof *r->unknown);
    r->unknown[r->unknown_count++] = (unknown_key){kind, kg_strdup(name), row, first};
    r->names_count += first;
}

static kg_setting_list *list_new(reader *r, const kg_section_kind *kind)
{
    return kg_arena_alloc(&r->settings->arena, (keys_count(kind) + 1) * sizeof(kg_setting_list));
}

static void section_add(reader *r, const kg_section_kind *kind, const char *title, long row,
                        kg_setting_list *keys)
{
    kg_settings *settings = r->settings;
    settings->sections = kg_grow(settings->sections, settings->count, &settings->capacity,
                                 sizeof *settings->sections);
    settings->sections[settings->count++] =
        (kg_section){kind, kg_arena_text(&settings->arena, title, strlen(title)), row,
                     keys ? keys : list_new(r, kind)};
}

static bool text_right(reader *r, const char *key, const char *text, long row)
{
    if (strlen(text) > KG_TEXT_BYTES_MAX) {
        kg_problems_add(&r->problems, KG_STATUS_TOO_LONG, row, key, text, "At most %d bytes.",
                        KG_TEXT_BYTES_MAX);
        return false;
    }
    if (*text && !kg_text_valid(text, KG_TEXT_BYTES_MAX)) {
        kg_problems_add(&r->problems, KG_STATUS_ENCODING, row, key, text, NULL);
        return false;
    }
    return true;
}

/* libconfuse has a value. */
static int take_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    reader *r = reader_of(cfg);
    const kg_section_kind *kind = kind_of(r, cfg);
    int key = key_find(kind, opt->name);
    *(const char **)result = value;
    if (key < 0) {
        unknown_add(r, kind, opt->name, cfg->line);
        return 0;
    }
    kg_setting_list **lists = kind->name ? &r->open : &r->outside;
    if (!*lists)
        *lists = list_new(r, kind);
    if (kind->name)
        r->open_kind = kind;
    kg_setting_list *list = &(*lists)[key];
    if (list->count > 0 && opt->nvalues == 1) /* set anew, not added to */
        kg_problems_add(&r->problems, KG_STATUS_FILE_SYNTAX, cfg->line, opt->name, value,
                        "The key stands twice.");
    else if (text_right(r, opt->name, value, cfg->line)) {
        list->items = kg_grow(list->items, list->count, &list->capacity, sizeof *list->items);
        list->items[list->count++] =
            (kg_setting){kg_arena_text(&r->settings->arena, value, strlen(value)), cfg->line};
    }
    return 0;
}

static void lists_free(const kg_section_kind *kind, kg_setting_list *lists)
{
    for (size_t i = 0; lists && kind->keys[i].name; i++)
        free(lists[i].items);
}

/* libconfuse has come to the end of a section. */
static int take_section(cfg_t *cfg, cfg_opt_t *opt)
{
    reader *r = reader_of(cfg);
    const char *title = cfg_title(cfg_opt_getnsec(opt, 0));
    long row = r->sections_seen < r->scan->sections_count ? r->scan->section_rows[r->sections_seen]
                                                          : cfg->line;
    if (text_right(r, opt->name, title, row))
        section_add(r, kind_find(r, opt->name), title, row, r->open);
    else
        lists_free(r->open_kind, r->open);
    r->open = NULL;
    r->sections_seen++;
    cfg_free_value(opt);
    return 0;
}

/* libconfuse has found a mistake. The locale is "C": the formats are those of its source. */
__attribute__((format(printf, 2, 0))) static void take_error(cfg_t *cfg, const char *format,
                                                             va_list arguments)
{
    reader *r = reader_of(cfg);
    char message[MESSAGE_BYTES];
    if (strcmp(format, "no such option '%s'") == 0) {
        unknown_add(r, kind_of(r, cfg), va_arg(arguments, const char *), cfg->line);
        return;
    }
    (void)vsnprintf(message, sizeof message, format, arguments);
    kg_problems_add(&r->problems, KG_STATUS_FILE_SYNTAX, cfg->line, NULL, NULL,
                    "The parser stopped here: %s.", message);
}

static cfg_opt_t key_option(const char *name, bool list)
{
    cfg_opt_t one = CFG_STR_CB(name, NULL, CFGF_NODEFAULT, take_value);
    cfg_opt_t many = CFG_STR_LIST_CB(name, NULL, CFGF_NODEFAULT, take_value);
    return list ? many : one;
}

/* The options of a kind of section (NULL: outside any, where none is allowed); with room for
 * `more`. Returns owned. */
static cfg_opt_t *options_of(reader *r, const kg_section_kind *kind, size_t more, size_t *count)
{
    size_t known = kind ? keys_count(kind) : 0, n = 0;
    cfg_opt_t *options = kg_alloc(known + r->unknown_count + more + 2, sizeof *options);
    cfg_opt_t end = CFG_END();
    for (size_t i = 0; i < known; i++)
        options[n++] = key_option(kind->keys[i].name, kind->keys[i].list);
    for (size_t i = 0; i < r->unknown_count; i++) {
        if (r->unknown[i].kind == kind && r->unknown[i].first)
            options[n++] = key_option(r->unknown[i].name, true);
    }
    options[n++] = reader_option(r);
    options[n] = end;
    *count = n;
    return options;
}

static cfg_t *parser_new(reader *r)
{
    size_t kinds = kinds_count(r->kinds), count, ignored;
    cfg_opt_t *root = options_of(r, kind_find(r, NULL), kinds, &count);
    cfg_opt_t end = CFG_END();
    size_t first = count;
    for (const kg_section_kind *kind = r->kinds; kind->keys; kind++) {
        if (!kind->name)
            continue;
        cfg_opt_t section =
            CFG_SEC(kind->name, options_of(r, kind, 0, &ignored), CFGF_MULTI | CFGF_TITLE);
        section.validcb = take_section;
        root[count++] = section;
    }
    root[count] = end;
    cfg_t *cfg = cfg_init(root, CFGF_NONE); /* copies the options */
    if (!cfg)
        abort();
    for (size_t i = first; i < count; i++)
        free(root[i].subopts);
    free(root);
    cfg_set_error_function(cfg, take_error);
    return cfg;
}

/* One pass over the text; returns whether it came to the end. */
static bool pass(reader *r)
{
    kg_problems_fini(&r->problems);
    kg_settings_fini(r->settings);
    r->open = r->outside = NULL;
    r->sections_seen = 0;
    cfg_t *cfg = parser_new(r);
    bool whole = cfg_parse_buf(cfg, r->scan->text) == CFG_SUCCESS;
    if (!whole && r->problems.count == 0 && r->unknown_count == 0)
        kg_problems_add(&r->problems, KG_STATUS_FILE_SYNTAX, cfg->line, NULL, NULL,
                        "The parser stopped in what begins here.");
    lists_free(r->open_kind, r->open); /* of a section whose end was not reached */
    if (kind_find(r, NULL))
        section_add(r, kind_find(r, NULL), "", 0, r->outside);
    cfg_free(cfg);
    return whole;
}

static bool passes(reader *r)
{
    size_t names;
    bool whole;
    do {
        names = r->names_count;
        whole = pass(r);
    } while (!whole && r->names_count > names && names < UNKNOWN_MAX);
    if (!whole || !r->scan->unclosed)
        return whole;
    kg_problems_add(&r->problems, KG_STATUS_FILE_SYNTAX,
                    r->scan->section_rows[r->scan->sections_count - 1], NULL, NULL,
                    "The section that begins here has no closing brace.");
    return false;
}

/* Keys of a kind of section; outside any, also the sections' names. Returns how many. */
static size_t known_names(const reader *r, const kg_section_kind *kind, const char **names)
{
    size_t count = 0;
    for (size_t i = 0; kind && kind->keys[i].name; i++)
        names[count++] = kind->keys[i].name;
    for (const kg_section_kind *other = r->kinds; other->keys && (!kind || !kind->name); other++) {
        if (other->name)
            names[count++] = other->name;
    }
    return count;
}

static void unknown_report(const reader *r, const unknown_key *unknown, kg_problems *problems)
{
    const kg_section_kind *kind = unknown->kind;
    size_t room = (kind ? keys_count(kind) : 0) + kinds_count(r->kinds);
    const char **names = kg_alloc(room + 1, sizeof *names);
    size_t count = known_names(r, kind, names);
    const char *near = kg_text_nearest(unknown->name, names, count);
    kg_buffer list;
    kg_buffer_init(&list);
    for (size_t i = 0; i < count; i++)
        kg_buffer_format(&list, i ? ", %s" : "%s", names[i]);
    kg_problems_add(problems, KG_STATUS_UNKNOWN_KEYWORD, unknown->row,
                    kind && kind->name ? kind->name : NULL, unknown->name,
                    near ? KG_SAY("Known here are %s. Did you mean %s?")
                         : KG_SAY("Known here are %s."),
                    list.bytes, near);
    kg_buffer_fini(&list);
    free(names);
}

/* That the parser stopped where an unknown key stands says nothing more. */
static bool follows_unknown(const reader *r, const kg_problem *problem)
{
    for (size_t i = 0; i < r->unknown_count; i++) {
        if (r->unknown[i].row == problem->row && problem->status == KG_STATUS_FILE_SYNTAX &&
            !problem->column)
            return true;
    }
    return false;
}

static void report(reader *r, kg_problems *problems)
{
    for (size_t i = 0; i < r->unknown_count; i++) {
        unknown_report(r, &r->unknown[i], problems);
        free(r->unknown[i].name);
    }
    for (size_t i = 0; i < r->problems.count; i++) {
        const kg_problem *p = &r->problems.items[i];
        if (!follows_unknown(r, p))
            kg_problems_add(problems, p->status, p->row, p->column, p->value, "%s", p->allowed);
    }
    free(r->unknown);
    kg_problems_fini(&r->problems);
}

bool kg_settings_read(const char *text, const kg_section_kind *kinds, kg_settings *settings,
                      kg_problems *problems)
{
    static pthread_mutex_t scanner = PTHREAD_MUTEX_INITIALIZER; /* libconfuse has but one */
    kg_settings_scan scan;
    reader r = {.kinds = kinds, .scan = &scan, .settings = settings};
    *settings = (kg_settings){0};
    kg_arena_init(&settings->arena);
    bool whole = kg_settings_scan_text(text, &scan, problems);
    if (whole) {
        locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        pthread_mutex_lock(&scanner);
        locale_t before = uselocale(plain);
        whole = passes(&r);
        (void)uselocale(before);
        pthread_mutex_unlock(&scanner);
        freelocale(plain);
    }
    report(&r, problems);
    kg_settings_scan_fini(&scan);
    return whole;
}

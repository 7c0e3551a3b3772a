/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/codec_names.h"

#include <string.h>

#define SLOTS_MIN 16

static size_t slot_of(uint64_t key, size_t slots)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> 32) & (slots - 1);
}

static void grow(kg_numbering *numbering, kg_arena *arena)
{
    size_t slots = numbering->capacity ? numbering->capacity * 4 : SLOTS_MIN;
    uint64_t *keys = kg_arena_alloc(arena, slots / 2 * sizeof *keys);
    if (numbering->count > 0)
        memcpy(keys, numbering->keys, numbering->count * sizeof *keys);
    numbering->keys = keys;
    numbering->capacity = slots / 2;
    numbering->slots = kg_arena_alloc(arena, slots * sizeof *numbering->slots);
    for (uint32_t i = 0; i < numbering->count; i++) {
        size_t at = slot_of(keys[i], slots);
        while (numbering->slots[at])
            at = (at + 1) & (slots - 1);
        numbering->slots[at] = i + 1;
    }
}

/* At most half of the slots are taken, so that a search ends. */
static uint32_t number_of(kg_numbering *numbering, kg_arena *arena, uint64_t key)
{
    if (numbering->count == numbering->capacity)
        grow(numbering, arena);
    size_t slots = numbering->capacity * 2, at = slot_of(key, slots);
    for (; numbering->slots[at]; at = (at + 1) & (slots - 1))
        if (numbering->keys[numbering->slots[at] - 1] == key)
            return numbering->slots[at] - 1;
    numbering->keys[numbering->count++] = key;
    numbering->slots[at] = (uint32_t)numbering->count;
    return (uint32_t)numbering->count - 1;
}

void kg_naming_init(kg_naming *naming, const kg_catalogue *catalogue, kg_arena *scratch)
{
    *naming = (kg_naming){.catalogue = catalogue, .scratch = scratch};
}

uint32_t kg_naming_category(kg_naming *naming, kg_category category)
{
    return number_of(&naming->categories, naming->scratch, category);
}

uint32_t kg_naming_level(kg_naming *naming, kg_category category, int place, uint8_t rank)
{
    kg_naming_category(naming, category);
    return number_of(&naming->levels, naming->scratch,
                     (uint64_t)category << 16 | (uint64_t)place << 8 | rank);
}

uint32_t kg_naming_nuts(kg_naming *naming, const kg_nuts *nuts)
{
    uint64_t key = 0;
    _Static_assert(sizeof nuts->code <= sizeof key, "a code is a key");
    memcpy(&key, nuts->code, strlen(nuts->code));
    return number_of(&naming->nuts, naming->scratch, key);
}

uint32_t kg_naming_languages(kg_naming *naming, kg_languages languages)
{
    return number_of(&naming->languages, naming->scratch, languages);
}

static void write_criteria(const kg_naming *naming, kg_category category,
                           Kopgroep__NamedCategory *m)
{
    int count = kg_category_criteria(naming->catalogue, category);
    const char **ids = kg_arena_alloc(naming->scratch, ((size_t)count + 1) * sizeof *ids);
    kg_texts texts = {ids, (size_t)count};
    for (int i = 0; i < count; i++)
        ids[i] = kg_category_criterion(naming->catalogue, category, i)->id;
    KG_PUT_TEXTS(m, criteria, naming->scratch, &texts);
}

static void write_categories(kg_naming *naming, Kopgroep__Names *names)
{
    kg_arena *scratch = naming->scratch;
    names->n_categories = naming->categories.count;
    names->categories = kg_arena_alloc(scratch, (names->n_categories + 1) * sizeof(void *));
    for (size_t i = 0; i < names->n_categories; i++) {
        kg_category category = (kg_category)naming->categories.keys[i];
        Kopgroep__NamedCategory *m = kg_arena_alloc(scratch, sizeof *m);
        char *name = kg_arena_alloc(scratch, KG_CATEGORY_NAME_BYTES);
        kopgroep__named_category__init(m);
        kg_category_name(naming->catalogue, category, name);
        KG_PUT_TEXT(m, name, name);
        if (naming->with_criteria)
            write_criteria(naming, category, m);
        names->categories[i] = m;
    }
}

static void write_levels(kg_naming *naming, Kopgroep__Names *names)
{
    kg_arena *scratch = naming->scratch;
    names->n_levels = naming->levels.count;
    names->levels = kg_arena_alloc(scratch, (names->n_levels + 1) * sizeof(void *));
    for (size_t i = 0; i < names->n_levels; i++) {
        uint64_t key = naming->levels.keys[i];
        kg_category category = (kg_category)(key >> 16);
        const kg_criterion *criterion =
            kg_category_criterion(naming->catalogue, category, (int)(key >> 8 & 0xff));
        Kopgroep__NamedLevel *m = kg_arena_alloc(scratch, sizeof *m);
        kopgroep__named_level__init(m);
        KG_PUT(m, category, kg_naming_category(naming, category));
        KG_PUT_TEXT(m, criterion, criterion->id);
        KG_PUT_TEXT(m, level, criterion->levels[key & 0xff]);
        names->levels[i] = m;
    }
}

static void write_nuts_and_languages(kg_naming *naming, Kopgroep__Names *names)
{
    kg_arena *scratch = naming->scratch;
    names->n_nuts = naming->nuts.count;
    names->nuts = kg_arena_alloc(scratch, (names->n_nuts + 1) * sizeof *names->nuts);
    for (size_t i = 0; i < names->n_nuts; i++) {
        char *code = (char *)&naming->nuts.keys[i]; /* NUL-ended: it has at most five letters */
        names->nuts[i] = (ProtobufCBinaryData){strlen(code), (uint8_t *)code};
    }
    names->n_languages = naming->languages.count;
    names->languages = kg_arena_alloc(scratch, (names->n_languages + 1) * sizeof *names->languages);
    for (size_t i = 0; i < names->n_languages; i++) {
        char *text = kg_arena_alloc(scratch, KG_LANGUAGES_BYTES);
        kg_languages_write(naming->languages.keys[i], text);
        names->languages[i] = (ProtobufCBinaryData){strlen(text), (uint8_t *)text};
    }
}

Kopgroep__Names *kg_naming_write(kg_naming *naming)
{
    if (naming->categories.count + naming->nuts.count + naming->languages.count == 0)
        return NULL;
    Kopgroep__Names *names = kg_arena_alloc(naming->scratch, sizeof *names);
    kopgroep__names__init(names);
    write_categories(naming, names);
    write_levels(naming, names);
    write_nuts_and_languages(naming, names);
    return names;
}

/* The ranks of an outcome mean what they meant only if the category's criteria are the same. */
static void compare_criteria(kg_reader *in, const Kopgroep__NamedCategory *m, kg_category category)
{
    kg_texts ids = {0};
    kg_reader_texts(in, KG_FIELDS(m, criteria), KG_CATEGORY_CRITERIA_MAX, KG_ID_BYTES_MAX, &ids);
    if (ids.count == 0 || !kg_reader_good(in))
        return;
    bool same = ids.count == (size_t)kg_category_criteria(in->catalogue, category);
    for (size_t i = 0; same && i < ids.count; i++)
        same =
            strcmp(ids.items[i], kg_category_criterion(in->catalogue, category, (int)i)->id) == 0;
    if (!same)
        kg_reader_fail(in, KG_STATUS_CATALOGUE, "category",
                       "%s has other criteria in the catalogue.", (const char *)m->name.data);
}

static void read_categories(kg_reader *in, const Kopgroep__Names *names, kg_named *out)
{
    out->categories = kg_arena_alloc(in->arena, (names->n_categories + 1) * sizeof(kg_category));
    out->categories_count = names->n_categories;
    for (size_t i = 0; i < names->n_categories && kg_reader_good(in); i++) {
        const Kopgroep__NamedCategory *m = names->categories[i];
        const char *name = kg_reader_needed(in, KG_FIELD(m, name), KG_ID_BYTES_MAX);
        out->categories[i] =
            name && in->catalogue ? kg_category_find(in->catalogue, name) : KG_CATEGORY_NONE;
        if (out->categories[i] == KG_CATEGORY_NONE)
            kg_reader_fail(in, KG_STATUS_UNKNOWN_CATEGORY, "category",
                           "%s is not in the catalogue.", name ? name : "?");
        else
            compare_criteria(in, m, out->categories[i]);
    }
}

static void read_level(kg_reader *in, const Kopgroep__NamedLevel *m, const kg_named *named,
                       kg_named_level *out)
{
    const char *id = kg_reader_needed(in, KG_FIELD(m, criterion), KG_ID_BYTES_MAX);
    const char *level = kg_reader_needed(in, KG_FIELD(m, level), KG_TITLE_BYTES_MAX);
    if (m->category >= named->categories_count)
        kg_reader_fail(in, KG_STATUS_INVALID, "level", "Its category is not among the names.");
    if (!kg_reader_good(in))
        return;
    int criterion = kg_catalogue_criterion(in->catalogue, id);
    int place = criterion < 0
                    ? -1
                    : kg_category_place(in->catalogue, named->categories[m->category], criterion);
    int rank = place < 0 ? -1 : kg_criterion_rank(&in->catalogue->criteria[criterion], level);
    if (rank < 0)
        kg_reader_fail(in, KG_STATUS_UNKNOWN_LEVEL, "level", "%s=%s is not in the catalogue.", id,
                       level);
    *out = (kg_named_level){m->category, (uint8_t)place, (uint8_t)rank};
}

static void read_levels(kg_reader *in, const Kopgroep__Names *names, kg_named *out)
{
    out->levels = kg_arena_alloc(in->arena, (names->n_levels + 1) * sizeof *out->levels);
    out->levels_count = names->n_levels;
    for (size_t i = 0; i < names->n_levels && kg_reader_good(in); i++)
        read_level(in, names->levels[i], out, &out->levels[i]);
}

static void read_nuts(kg_reader *in, const Kopgroep__Names *names, kg_named *out)
{
    out->nuts = kg_arena_alloc(in->arena, (names->n_nuts + 1) * sizeof *out->nuts);
    out->nuts_count = names->n_nuts;
    for (size_t i = 0; i < names->n_nuts; i++) {
        const char *code = kg_reader_needed(in, "nuts", 1, &names->nuts[i], KG_NUTS_CHARS_MAX);
        kg_text_format(out->nuts[i].code, sizeof out->nuts[i].code, "%s", code ? code : "");
    }
}

static void read_languages(kg_reader *in, const Kopgroep__Names *names, kg_named *out)
{
    char bad[16];
    out->languages = kg_arena_alloc(in->arena, (names->n_languages + 1) * sizeof *out->languages);
    out->languages_count = names->n_languages;
    for (size_t i = 0; i < names->n_languages; i++) {
        const char *text =
            kg_reader_needed(in, "languages", 1, &names->languages[i], KG_LANGUAGES_BYTES);
        if (text && !kg_languages_parse(text, &out->languages[i], bad))
            kg_reader_fail(in, KG_STATUS_LANGUAGE, "languages", "%s is not a language.", bad);
    }
}

void kg_named_read(kg_reader *in, const Kopgroep__Names *names, kg_named *out)
{
    *out = (kg_named){0};
    if (!names)
        return;
    read_categories(in, names, out);
    read_levels(in, names, out);
    read_nuts(in, names, out);
    read_languages(in, names, out);
}

bool kg_has_column(kg_reader *in, const char *field, size_t have, size_t count)
{
    if (have != 0 && have != count)
        return kg_reader_fail(in, KG_STATUS_MALFORMED, field, "It has %zu entries for %zu.", have,
                              count);
    return have != 0;
}

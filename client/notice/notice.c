/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/notice.h"

#include <string.h>

#include "client/notice/codes.h"
#include "proto/language.h"

static void set_id(const uint8_t random[static 16], char out[static KG_NOTICE_ID_BYTES])
{
    uint8_t bytes[16];
    char hex[33];
    memcpy(bytes, random, sizeof bytes);
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
    kg_hex_write(bytes, sizeof bytes, hex);
    kg_text_format(out, KG_NOTICE_ID_BYTES, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
                   hex + 16, hex + 20);
}

/* The file's, else the one that all lots have. */
static const char *find_lead(const kg_notice *notice)
{
    const char *lead = kg_notice_given(notice, "lead"), *found = NULL;
    size_t i;
    json_t *lot;
    if (lead)
        return lead;
    json_array_foreach(kg_notice_lots(notice), i, lot)
    {
        const char *own = kg_notice_text(lot, "lead");
        if (!own || (found && strcmp(own, found) != 0))
            return NULL;
        found = own;
    }
    return found;
}

static json_t *merge(const json_t *record, const json_t *given)
{
    json_t *out = json_copy((json_t *)(uintptr_t)record);
    if (given)
        json_object_update(out, (json_t *)(uintptr_t)given);
    return out;
}

static void set_buyers(kg_notice *notice)
{
    size_t i;
    json_t *record, *given = json_object_get(notice->given, "organisations");
    notice->buyers = json_array();
    json_array_foreach(json_object_get(notice->facts, "organisations"), i, record)
    {
        const char *id = kg_notice_text(record, "organisation");
        json_t *buyer = merge(record, id ? json_object_get(given, id) : NULL);
        if (id && notice->lead && strcmp(id, notice->lead) == 0)
            json_array_insert_new(notice->buyers, 0, buyer);
        else
            json_array_append_new(notice->buyers, buyer);
    }
    const char *first = kg_notice_text(json_array_get(notice->buyers, 0), "organisation");
    if (!first || !notice->lead || strcmp(first, notice->lead) != 0)
        notice->lead = NULL;
}

static void add_language(kg_notice *notice, const char *code)
{
    int language = kg_language_find(code);
    if (language < 0 || language >= KG_NOTICE_LANGUAGES) {
        notice->strange_language = code;
        return;
    }
    for (int i = 0; i < notice->languages_count; i++)
        if (notice->languages[i] == language)
            return;
    notice->languages[notice->languages_count++] = language;
}

/* The file's, else those of the lots in which we have words, else English. */
static void set_languages(kg_notice *notice)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(notice->given, "languages"), i, item)
        add_language(notice, json_string_value(item));
    if (notice->languages_count > 0 || notice->strange_language)
        return;
    json_array_foreach(kg_notice_lots(notice), i, item) if (kg_notice_text(item, "language"))
        add_language(notice, kg_notice_text(item, "language"));
    notice->strange_language = NULL;
    if (notice->languages_count == 0)
        add_language(notice, "en");
}

/* life_cycle = "none": the figures of the catalogue are not told. */
static void drop_life_cycle(const kg_notice *notice)
{
    size_t i;
    json_t *lot;
    if (kg_notice_given(notice, "life_cycle"))
        json_array_foreach(kg_notice_lots(notice), i, lot) json_object_del(lot, "life_cycle");
}

void kg_notice_init(kg_notice *notice, int subtype, json_t *facts, json_t *given,
                    const uint8_t random[static 16], int64_t time_ms)
{
    *notice = (kg_notice){.subtype = subtype, .facts = facts, .given = given, .time_ms = time_ms};
    set_id(random, notice->id);
    notice->lead = find_lead(notice);
    notice->review = json_object_get(given, "review");
    set_buyers(notice);
    set_languages(notice);
    drop_life_cycle(notice);
}

void kg_notice_fini(kg_notice *notice)
{
    json_decref(notice->buyers);
    json_decref(notice->facts);
    json_decref(notice->given);
}

bool kg_notice_in_parts(const kg_notice *notice)
{
    return notice->subtype < 7;
}

const char *kg_notice_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && text[0] ? text : NULL;
}

const char *kg_notice_given(const kg_notice *notice, const char *key)
{
    return kg_notice_text(notice->given, key);
}

const char *kg_notice_title(const kg_notice *notice, int language)
{
    char key[16];
    kg_text_format(key, sizeof key, "title_%s", kg_language_code(language));
    const char *given = kg_notice_given(notice, key);
    return given ? given
                 : kg_notice_text(json_object_get(notice->facts, "titles"),
                                  kg_language_code(language));
}

json_t *kg_notice_lots(const kg_notice *notice)
{
    return json_object_get(notice->facts, "lots");
}

/* The broker writes every amount with two decimals; a lot's can be larger than a line's may be,
 * which is what kg_money_parse() reads. */
kg_int128 kg_notice_cents(const json_t *object, const char *key)
{
    kg_int128 cents = 0;
    const char *text = kg_notice_text(object, key);
    if (!text)
        return -1;
    for (; *text; text++)
        if (*text >= '0' && *text <= '9')
            cents = cents * 10 + (*text - '0');
    return cents;
}

kg_int128 kg_notice_sum(const kg_notice *notice, const char *key)
{
    size_t i;
    json_t *lot;
    kg_int128 sum = 0;
    json_array_foreach(kg_notice_lots(notice), i, lot) sum +=
        kg_notice_cents(lot, key) > 0 ? kg_notice_cents(lot, key) : 0;
    return sum;
}

const char *kg_notice_country_of(const json_t *record)
{
    const char *country = kg_notice_text(record, "country");
    const char *nuts = kg_notice_text(record, "nuts");
    return country || !nuts ? country : kg_notice_country(nuts);
}

/* NULL, where the broker says something else than a text, is passed over. */
static void add_once(json_t *array, const char *text)
{
    size_t i;
    json_t *item;
    if (!text)
        return;
    json_array_foreach(array, i, item) if (strcmp(json_string_value(item), text) == 0) return;
    json_array_append_new(array, json_string(text));
}

static void add_cpv(const json_t *lot, json_t *out)
{
    size_t i;
    json_t *item;
    char code[9];
    json_array_foreach(json_object_get(lot, "cpv"), i, item)
        if (json_is_string(item) && kg_notice_cpv_listed(json_string_value(item), code))
            add_once(out, code);
}

static void add_places(const json_t *lot, json_t *out)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(lot, "places"), i, item)
        add_once(out, json_string_value(item));
}

static json_t *gather(const kg_notice *notice, const json_t *lot,
                      void (*add)(const json_t *lot, json_t *out))
{
    size_t i;
    json_t *each, *out = json_array();
    if (lot)
        add(lot, out);
    else
        json_array_foreach(kg_notice_lots(notice), i, each) add(each, out);
    return out;
}

json_t *kg_notice_cpv_of(const kg_notice *notice, const json_t *lot)
{
    char code[9];
    json_t *out = gather(notice, lot, add_cpv);
    const char *given = kg_notice_given(notice, "cpv");
    if (json_array_size(out) == 0 && given && kg_notice_cpv_listed(given, code))
        json_array_append_new(out, json_string(code));
    return out;
}

json_t *kg_notice_places_of(const kg_notice *notice, const json_t *lot)
{
    return gather(notice, lot, add_places);
}

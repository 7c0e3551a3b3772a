/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/ocds.h"

#include <stdlib.h>
#include <string.h>

#include "client/notice/ocds_private.h"
#include "client/notice/phrases.h"
#include "proto/language.h"

#define OCID_PREFIX "kopgroep" /* not registered: the notice file gives a publisher's own */
#define OCID_BYTES 400

static const char *const extensions[] = {
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/"
    "extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_techniques_extension/"
    "5568b00/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/"
    "ocds_sustainability_extension/b8d93a0/extension.json",
};

void kg_ocds_set(json_t *object, const char *key, json_t *value)
{
    if (value)
        json_object_set_new(object, key, value);
}

json_t *kg_ocds_value(kg_int128 cents)
{
    char amount[KG_MONEY_BYTES];
    kg_money_write(cents, amount);
    return json_pack("{s:s,s:s}", "amount", amount, "currency", "EUR");
}

static bool is_one_of(const json_t *lot, const char *a, const char *b)
{
    const char *state = kg_notice_text(lot, "state");
    return state && (strcmp(state, a) == 0 || strcmp(state, b) == 0);
}

static const char *tag_of(const json_t *lot)
{
    bool launched = json_is_object(json_object_get(lot, "tender"));
    if (is_one_of(lot, "awarded", "exhausted"))
        return "award";
    if (is_one_of(lot, "expired", "expired"))
        return launched ? "tenderUpdate" : "planningUpdate";
    return launched ? "tender" : "planning";
}

/* The estimate stands in the budget; the tender tells the maximum. */
static json_t *planning_of(const kg_notice *notice, const json_t *lot)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_phrase_lot(lot, notice->languages[0], &text);
    json_t *out = json_pack("{s:s,s:{s:o}}", "rationale", text.bytes, "budget", "amount",
                            kg_ocds_value(kg_notice_cents(lot, "value")));
    kg_buffer_fini(&text);
    return out;
}

static json_t *awards_of(const kg_notice *notice, const json_t *lot)
{
    char supplier[200];
    const json_t *award = json_object_get(lot, "award");
    kg_int128 price = kg_notice_cents(award, "unit_price");
    if (!json_is_object(award))
        return NULL;
    kg_ocds_supplier_id(lot, supplier);
    json_t *out =
        json_pack("{s:O,s:s,s:O,s:[{s:s,s:O}],s:o,s:[O]}", "id", json_object_get(lot, "lot"),
                  "status", "active", "date", json_object_get(award, "time"), "suppliers", "id",
                  supplier, "name", json_object_get(award, "supplier"), "items",
                  kg_ocds_items(notice, lot), "relatedLots", json_object_get(lot, "lot"));
    if (price >= 0)
        json_object_set_new(
            out, "value",
            kg_ocds_value(price * json_integer_value(json_object_get(lot, "quantity"))));
    kg_ocds_set(out, "description", json_incref(json_object_get(award, "evidence")));
    return json_pack("[o]", out);
}

static json_t *release_of(const kg_notice *notice, const json_t *lot)
{
    char ocid[OCID_BYTES], id[OCID_BYTES + 32], date[KG_TIME_BYTES];
    const char *prefix = kg_notice_given(notice, "ocid_prefix"), *tag = tag_of(lot);
    kg_time_write(notice->time_ms, date);
    kg_text_format(ocid, sizeof ocid, "%s-%s", prefix ? prefix : OCID_PREFIX,
                   kg_notice_text(lot, "lot"));
    kg_text_format(id, sizeof id, "%s-%s-%s", ocid, tag, date);
    json_t *out =
        json_pack("{s:s,s:s,s:s,s:[s],s:s,s:s,s:o}", "ocid", ocid, "id", id, "date", date, "tag",
                  tag, "initiationType", "tender", "language",
                  kg_language_code(notice->languages[0]), "parties", kg_ocds_parties(notice, lot));
    kg_ocds_set(out, "buyer", kg_ocds_reference(notice, kg_notice_text(lot, "lead")));
    json_object_set_new(out, "planning", planning_of(notice, lot));
    json_object_set_new(out, "tender", kg_ocds_tender(notice, lot));
    kg_ocds_set(out, "awards", awards_of(notice, lot));
    return out;
}

static json_t *package_of(const kg_notice *notice)
{
    char date[KG_TIME_BYTES], uri[64];
    size_t i;
    json_t *lot, *releases = json_array(), *used = json_array();
    const char *given_uri = kg_notice_given(notice, "uri");
    const char *publisher = kg_notice_given(notice, "publisher");
    if (!publisher)
        publisher = kg_notice_text(notice->facts, "coordinator");
    kg_time_write(notice->time_ms, date);
    kg_text_format(uri, sizeof uri, "urn:uuid:%s", notice->id);
    for (i = 0; i < sizeof extensions / sizeof *extensions; i++)
        json_array_append_new(used, json_string(extensions[i]));
    json_array_foreach(kg_notice_lots(notice), i, lot)
        json_array_append_new(releases, release_of(notice, lot));
    json_t *out =
        json_pack("{s:s,s:s,s:o,s:s,s:{s:s}}", "uri", given_uri ? given_uri : uri, "version", "1.1",
                  "extensions", used, "publishedDate", date, "publisher", "name", publisher);
    if (kg_notice_given(notice, "license"))
        json_object_set_new(out, "license", json_string(kg_notice_given(notice, "license")));
    json_object_set_new(out, "releases", releases);
    return out;
}

/* Takes the quotes off the texts of "amount". A text cannot hold what is looked for: its own quotes
 * would have a backslash. */
static void write_numbers(const char *text, kg_buffer *out)
{
    static const char key[] = "\"amount\": \"";
    for (const char *found; (found = strstr(text, key)) != NULL;) {
        const char *number = found + sizeof key - 1, *end = strchr(number, '"');
        kg_buffer_add(out, text, (size_t)(number - 1 - text));
        kg_buffer_add(out, number, (size_t)(end - number));
        text = end + 1;
    }
    kg_buffer_add(out, text, strlen(text));
    kg_buffer_add(out, "\n", 1);
}

void kg_ocds_write(const kg_notice *notice, kg_buffer *out)
{
    json_t *package = package_of(notice);
    char *text = json_dumps(package, JSON_INDENT(2));
    write_numbers(text, out);
    free(text);
    json_decref(package);
}

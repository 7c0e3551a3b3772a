/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/duration.h"
#include "client/notice/ocds_private.h"
#include "client/notice/phrases.h"
#include "proto/language.h"

typedef struct kg_word_pair {
    const char *from, *to;
} kg_word_pair;

static const char *translate(const kg_word_pair *pairs, const char *word)
{
    while (pairs->from && (!word || strcmp(pairs->from, word) != 0))
        pairs++;
    return pairs->to;
}

static const kg_word_pair statuses[] = {
    {"proposed", "planning"},    {"confirming", "planning"}, {"confirmed", "planned"},
    {"launched", "active"},      {"awarded", "complete"},    {"exhausted", "complete"},
    {"expired", "unsuccessful"}, {NULL, "planning"},
};

static const kg_word_pair categories[] = {
    {"supplies", "goods"}, {"services", "services"}, {"works", "works"}, {NULL, "goods"}};

static const kg_word_pair methods[] = {
    {"fa-mix", "withAndWithoutReopeningCompetition"},
    {"fa-w-rc", "withReopeningCompetition"},
    {"fa-wo-rc", "withoutReopeningCompetition"},
    {NULL, NULL},
};

/* A criterion's type to the codelist sustainabilityStrategy. */
static const kg_word_pair strategies[] = {
    {"selection", "selectionCriteria"}, {"technical", "technicalSpecifications"},
    {"award", "awardCriteria"},         {"clause", "contractPerformanceConditions"},
    {NULL, "technicalSpecifications"},
};

/* A code's kind to the codelist sustainabilityGoal, of which the eForms code makes a sub-code. */
static const kg_word_pair goals[] = {
    {"green", "environmental"}, {"social", "social"}, {"innovation", "economic"}, {NULL, NULL}};

static json_t *said(void (*phrase)(const json_t *lot, int language, kg_buffer *out),
                    const json_t *lot, int language)
{
    kg_buffer text;
    kg_buffer_init(&text);
    phrase(lot, language, &text);
    json_t *out = json_stringn(text.bytes, text.count);
    kg_buffer_fini(&text);
    return out;
}

static const char *day_of(const json_t *window, const char *key, const char *clock,
                          char out[static 32])
{
    kg_text_format(out, 32, "%.10sT%sZ", kg_notice_text(window, key), clock);
    return out;
}

static json_t *period_of(const json_t *lot)
{
    char from[32], to[32];
    const json_t *window = json_object_get(lot, "window");
    return json_pack("{s:s,s:s}", "startDate", day_of(window, "from", "00:00:00", from), "endDate",
                     day_of(window, "to", "23:59:59", to));
}

static json_t *classification_of(const char *cpv)
{
    return json_pack("{s:s,s:s,s:s}", "scheme", "CPV", "id", cpv, "description",
                     kg_notice_cpv_label(cpv));
}

json_t *kg_ocds_items(const kg_notice *notice, const json_t *lot)
{
    size_t i;
    json_t *code, *cpv = kg_notice_cpv_of(notice, lot), *more = json_array();
    json_t *out = json_pack("{s:s,s:o,s:O}", "id", "1", "description",
                            said(kg_phrase_lot_title, lot, notice->languages[0]), "relatedLot",
                            json_object_get(lot, "lot"));
    kg_int128 price = kg_notice_cents(json_object_get(lot, "award"), "unit_price");
    json_array_foreach(cpv, i, code)
        if (i == 0)
            json_object_set_new(out, "classification", classification_of(json_string_value(code)));
        else
            json_array_append_new(more, classification_of(json_string_value(code)));
    if (json_array_size(more) > 0)
        json_object_set(out, "additionalClassifications", more);
    if (json_is_true(json_object_get(lot, "counted"))) {
        json_object_set(out, "quantity", json_object_get(lot, "quantity"));
        json_t *unit =
            json_pack("{s:s,s:s,s:s}", "name", "piece", "scheme", "UNCEFACT", "id", "H87");
        kg_ocds_set(unit, "value", price >= 0 ? kg_ocds_value(price) : NULL);
        json_object_set_new(out, "unit", unit);
    }
    json_decref(more);
    json_decref(cpv);
    return json_pack("[o]", out);
}

static json_t *goal_of(const char *code)
{
    char kind[16] = "";
    const char *colon = strchr(code, ':');
    if (!colon || (size_t)(colon - code) >= sizeof kind)
        return NULL;
    memcpy(kind, code, (size_t)(colon - code));
    const char *goal = translate(goals, kind);
    return goal ? json_sprintf("%s.%s", goal, colon + 1) : NULL;
}

static json_t *aspect_of(const json_t *criterion, int language, json_t *goal)
{
    const char *name =
        kg_notice_text(json_object_get(criterion, "names"), kg_language_code(language));
    json_t *out = json_object();
    json_object_set_new(out, "description",
                        json_sprintf("%s: %s", name ? name : kg_notice_text(criterion, "criterion"),
                                     kg_notice_text(criterion, "level")));
    kg_ocds_set(out, "goal", goal);
    json_object_set_new(out, "strategies",
                        json_pack("[s]", translate(strategies, kg_notice_text(criterion, "type"))));
    return out;
}

json_t *kg_ocds_sustainability(const json_t *lot, int language)
{
    size_t i, j;
    json_t *criterion, *code, *out = json_array();
    json_array_foreach(json_object_get(lot, "criteria"), i, criterion) {
        size_t before = json_array_size(out);
        json_array_foreach(json_object_get(criterion, "codes"), j, code) {
            json_t *goal = goal_of(json_string_value(code));
            if (goal)
                json_array_append_new(out, aspect_of(criterion, language, goal));
        }
        if (json_array_size(out) == before)
            json_array_append_new(out, aspect_of(criterion, language, NULL));
    }
    return out;
}

static void set_sustainability(json_t *to, const json_t *lot, int language)
{
    json_t *aspects = kg_ocds_sustainability(lot, language);
    json_object_set_new(to, "hasSustainability", json_boolean(json_array_size(aspects) > 0));
    if (json_array_size(aspects) > 0)
        json_object_set(to, "sustainability", aspects);
    json_decref(aspects);
}

/* NULL where nobody has told whether it is a framework agreement. */
static json_t *techniques_of(const kg_notice *notice, const json_t *lot)
{
    const char *framework = kg_notice_given(notice, "framework");
    const char *method = translate(methods, framework);
    if (!framework)
        return NULL;
    json_t *out = json_pack("{s:b,s:b}", "hasFrameworkAgreement", kg_notice_is_framework(notice),
                            "hasDynamicPurchasingSystem", 0);
    if (method)
        json_object_set_new(out, "frameworkAgreement",
                            json_pack("{s:s,s:o,s:o}", "method", method, "value",
                                      kg_ocds_value(kg_notice_cents(lot, "value_max")), "period",
                                      period_of(lot)));
    return out;
}

static json_t *lot_of(const kg_notice *notice, const json_t *lot)
{
    int language = notice->languages[0];
    json_t *out = json_pack(
        "{s:O,s:o,s:o,s:s,s:o,s:o}", "id", json_object_get(lot, "lot"), "title",
        said(kg_phrase_lot_title, lot, language), "description", said(kg_phrase_lot, lot, language),
        "status", translate(statuses, kg_notice_text(lot, "state")), "value",
        kg_ocds_value(kg_notice_cents(lot, "value_max")), "contractPeriod", period_of(lot));
    kg_ocds_set(out, "techniques", techniques_of(notice, lot));
    set_sustainability(out, lot, language);
    return out;
}

static const char *nature_of(const kg_notice *notice, const json_t *lot)
{
    json_t *cpv = kg_notice_cpv_of(notice, lot);
    const char *main = json_string_value(json_array_get(cpv, 0));
    const char *out = translate(categories, main ? kg_notice_nature(main) : NULL);
    json_decref(cpv);
    return out;
}

json_t *kg_ocds_tender(const kg_notice *notice, const json_t *lot)
{
    int language = notice->languages[0];
    const json_t *tender = json_object_get(lot, "tender");
    const char *id = kg_notice_text(tender, "tender"), *title = kg_notice_text(tender, "title");
    if (!title)
        title = kg_notice_title(notice, language);
    json_t *out = json_pack("{s:s,s:o,s:s}", "id", id ? id : kg_notice_text(lot, "lot"), "title",
                            title ? json_string(title) : said(kg_phrase_lot_title, lot, language),
                            "status", translate(statuses, kg_notice_text(lot, "state")));
    json_object_set_new(out, "description", said(kg_phrase_lot, lot, language));
    kg_ocds_set(out, "procuringEntity", kg_ocds_reference(notice, kg_notice_text(lot, "lead")));
    json_object_set_new(out, "items", kg_ocds_items(notice, lot));
    json_object_set_new(out, "value", kg_ocds_value(kg_notice_cents(lot, "value_max")));
    json_object_set_new(out, "mainProcurementCategory", json_string(nature_of(notice, lot)));
    json_object_set_new(out, "contractPeriod", period_of(lot));
    json_object_set_new(out, "lots", json_pack("[o]", lot_of(notice, lot)));
    kg_ocds_set(out, "techniques", techniques_of(notice, lot));
    set_sustainability(out, lot, language);
    return out;
}

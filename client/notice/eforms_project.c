/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/duration.h"
#include "client/notice/eforms_private.h"
#include "client/notice/phrases.h"
#include "proto/language.h"

#define INTERNAL_ID_CHARS_MAX 100

static void say_name(const kg_notice *notice, const json_t *lot, int language, kg_buffer *out)
{
    if (lot)
        kg_phrase_lot_title(lot, language, out);
    else
        kg_buffer_format(out, "%s", kg_notice_title(notice, language));
}

static void say_description(const kg_notice *notice, const json_t *lot, int language,
                            kg_buffer *out)
{
    if (lot)
        kg_phrase_lot(lot, language, out);
    else
        kg_phrase_procedure(notice, language, out);
}

static void say_criteria(const kg_notice *notice, const json_t *lot, int language, kg_buffer *out)
{
    (void)notice;
    kg_phrase_criteria(lot, language, out);
}

/* A place whose code a notice cannot carry is told in words, the same in every language. */
static void write_place_text(kg_markup *xml, const kg_notice *notice, const char *nuts)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_phrase_place(nuts, &text);
    for (int i = 0; i < notice->languages_count; i++)
        kg_markup_text(xml, "cbc:Description", "languageID",
                       kg_notice_language(kg_language_code(notice->languages[i])), text.bytes);
    kg_buffer_fini(&text);
}

static void write_place(kg_markup *xml, const kg_notice *notice, const char *nuts)
{
    const char *country = kg_notice_country(nuts);
    bool coded = kg_notice_nuts3(nuts);
    kg_markup_open(xml, "cac:RealizedLocation");
    if (!coded)
        write_place_text(xml, notice, nuts);
    kg_markup_open(xml, "cac:Address");
    if (coded)
        kg_markup_text(xml, "cbc:CountrySubentityCode", "listName", "nuts-lvl3", nuts);
    else if (kg_notice_has_nuts(country))
        kg_markup_text(xml, "cbc:Region", NULL, NULL, "anyw-cou");
    kg_markup_open(xml, "cac:Country");
    kg_markup_text(xml, "cbc:IdentificationCode", "listName", "country", country);
    kg_markup_close(xml, 3);
}

typedef struct kg_code_kind {
    const char *prefix, *list, *strategy;
} kg_code_kind;

/* How a criterion's codes are told, and which strategy they make the lot's. */
static const kg_code_kind kinds[] = {
    {"green:", "environmental-impact", "env-imp"},
    {"social:", "social-objective", "soc-obj"},
    {"innovation:", "innovative-acquisition", "inn-pur"},
    {"gpp:", "gpp-criteria", NULL},
};

/* Codes of one kind among the lot's criteria, each once. A new array. */
static json_t *codes_of(const json_t *lot, const char *prefix)
{
    size_t i, j, k;
    json_t *criterion, *code, *seen, *out = json_array();
    json_array_foreach(json_object_get(lot, "criteria"), i, criterion)
        json_array_foreach(json_object_get(criterion, "codes"), j, code) {
            const char *text = json_string_value(code);
            bool told = strncmp(text, prefix, strlen(prefix)) != 0;
            json_array_foreach(out, k, seen)
                told = told || json_equal(seen, code);
            if (!told)
                json_array_append(out, code);
        }
    return out;
}

static void write_code(kg_markup *xml, const char *list, const char *code)
{
    kg_markup_open(xml, "cac:ProcurementAdditionalType");
    kg_markup_text(xml, "cbc:ProcurementTypeCode", "listName", list, code);
    kg_markup_close(xml, 1);
}

static void write_strategies(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t j;
        json_t *code, *codes = codes_of(lot, kinds[i].prefix);
        if (json_array_size(codes) > 0 && kinds[i].strategy) {
            kg_markup_open(xml, "cac:ProcurementAdditionalType");
            kg_markup_text(xml, "cbc:ProcurementTypeCode", "listName", "strategic-procurement",
                           kinds[i].strategy);
            kg_eforms_texts(xml, notice, "cbc:ProcurementType", say_criteria, lot);
            kg_markup_close(xml, 1);
        }
        json_array_foreach(codes, j, code)
            write_code(xml, kinds[i].list, json_string_value(code) + strlen(kinds[i].prefix));
        json_decref(codes);
    }
}

static void write_amount(kg_markup *xml, const char *element, kg_int128 cents)
{
    char text[KG_MONEY_BYTES];
    kg_money_write(cents, text);
    kg_markup_text(xml, element, "currencyID", "EUR", text);
}

/* Estimated, and for a framework agreement its maximum; subtypes 4 to 6 have no term for that: the
 * description tells it. */
static void write_values(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    kg_int128 value = lot ? kg_notice_cents(lot, "value") : kg_notice_sum(notice, "value");
    kg_int128 most = lot ? kg_notice_cents(lot, "value_max") : kg_notice_sum(notice, "value_max");
    kg_markup_open(xml, "cac:RequestedTenderTotal");
    if (!kg_notice_in_parts(notice) && kg_notice_is_framework(notice)) {
        kg_markup_open_path(xml, KG_EFORMS_EXTENSION);
        write_amount(xml, "efbc:FrameworkMaximumAmount", most);
        kg_markup_close(xml, KG_EFORMS_EXTENSION_DEPTH);
    }
    write_amount(xml, "cbc:EstimatedOverallContractAmount", value);
    kg_markup_close(xml, 1);
}

static void write_cpv(kg_markup *xml, const json_t *cpv)
{
    size_t i;
    json_t *code;
    json_array_foreach((json_t *)(uintptr_t)cpv, i, code) {
        kg_markup_open(xml, i == 0 ? "cac:MainCommodityClassification"
                                   : "cac:AdditionalCommodityClassification");
        kg_markup_text(xml, "cbc:ItemClassificationCode", "listName", "cpv",
                       json_string_value(code));
        kg_markup_close(xml, 1);
    }
}

static void write_period(kg_markup *xml, const json_t *window)
{
    char date[16];
    kg_markup_open(xml, "cac:PlannedPeriod");
    kg_text_format(date, sizeof date, "%.10sZ", kg_notice_text(window, "from"));
    kg_markup_text(xml, "cbc:StartDate", NULL, NULL, date);
    kg_text_format(date, sizeof date, "%.10sZ", kg_notice_text(window, "to"));
    kg_markup_text(xml, "cbc:EndDate", NULL, NULL, date);
    kg_markup_close(xml, 1);
}

static void write_quantity(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    char text[32];
    if (!lot || kg_notice_in_parts(notice) || !json_is_true(json_object_get(lot, "counted")))
        return;
    kg_text_format(text, sizeof text, "%lld",
                   (long long)json_integer_value(json_object_get(lot, "quantity")));
    kg_markup_text(xml, "cbc:EstimatedOverallContractQuantity", "unitCode", "H87", text);
}

static void write_id(kg_markup *xml, const char *id)
{
    if (id && strlen(id) <= INTERNAL_ID_CHARS_MAX)
        kg_markup_text(xml, "cbc:ID", "schemeName", "InternalID", id);
}

void kg_eforms_project(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    size_t i;
    json_t *place, *places = kg_notice_places_of(notice, lot);
    json_t *cpv = kg_notice_cpv_of(notice, lot);
    kg_markup_open(xml, "cac:ProcurementProject");
    write_id(xml, lot ? kg_notice_text(lot, "lot") : kg_notice_text(notice->facts, "round"));
    kg_eforms_texts(xml, notice, "cbc:Name", say_name, lot);
    kg_eforms_texts(xml, notice, "cbc:Description", say_description, lot);
    kg_markup_text(xml, "cbc:ProcurementTypeCode", "listName", "contract-nature",
                   kg_notice_nature(json_string_value(json_array_get(cpv, 0))));
    write_quantity(xml, notice, lot);
    if (lot && !kg_notice_in_parts(notice))
        write_strategies(xml, notice, lot);
    write_values(xml, notice, lot);
    write_cpv(xml, cpv);
    json_array_foreach(places, i, place)
        write_place(xml, notice, json_string_value(place));
    if (lot)
        write_period(xml, json_object_get(lot, "window"));
    kg_markup_close(xml, 1);
    json_decref(places);
    json_decref(cpv);
}

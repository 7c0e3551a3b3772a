/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/phrases.h"

#include <string.h>

#include "proto/language.h"
#include "proto/nuts.h"

#define CRITERIA_BYTES_MAX 4500 /* beyond it criteria are told by their ids */

typedef enum kg_word {
    NEW,
    REFURBISHED,
    PIECES,
    AT_MOST,
    VALUE,
    DELIVERY,
    CRITERIA,
    JOINT,
    LIFE_CYCLE,
    YEARS,
    DISCOUNT,
    ELECTRICITY,
    WORDS
} kg_word;

static const char *const words[WORDS][KG_NOTICE_LANGUAGES] = {
    [NEW] = {"nieuw", "neuf", "neu", "new"},
    [REFURBISHED] = {"gereviseerd", "reconditionné", "generalüberholt", "refurbished"},
    [PIECES] = {"Geraamde hoeveelheid", "Quantité estimée", "Geschätzte Menge",
                "Estimated quantity"},
    [AT_MOST] = {"ten hoogste", "au maximum", "höchstens", "at most"},
    [VALUE] = {"Geraamde waarde zonder btw, in EUR", "Valeur estimée hors TVA, en EUR",
               "Geschätzter Wert ohne MwSt., in EUR", "Estimated value without VAT, in EUR"},
    [DELIVERY] = {"Levering", "Livraison", "Lieferung", "Delivery"},
    [CRITERIA] = {"Duurzaamheidseisen", "Exigences de durabilité", "Nachhaltigkeitsanforderungen",
                  "Sustainability criteria"},
    [JOINT] = {"Gezamenlijke opdracht. Kopers, percelen", "Marché conjoint. Acheteurs, lots",
               "Gemeinsame Beschaffung. Beschaffer, Lose", "Joint procurement. Buyers, lots"},
    [LIFE_CYCLE] = {"Offertes worden vergeleken op levenscycluskosten per gebruiksjaar",
                    "Les offres sont comparées par le coût du cycle de vie par année d'utilisation",
                    "Angebote werden nach den Lebenszykluskosten je Nutzungsjahr verglichen",
                    "Offers are compared by cost over the whole life, per year of use"},
    [YEARS] = {"jaar", "ans", "Jahre", "years"},
    [DISCOUNT] = {"disconto per jaar", "actualisation par an", "Abzinsung pro Jahr",
                  "discount a year"},
    [ELECTRICITY] = {"elektriciteit", "électricité", "Strom", "electricity"},
};

/* In the language, else in any. */
static const char *name_in(const json_t *names, int language)
{
    const char *name = kg_notice_text(names, kg_language_code(language));
    for (int i = 0; i < KG_NOTICE_LANGUAGES && !name; i++)
        name = kg_notice_text(names, kg_language_code(i));
    return name;
}

static const char *category_in(const json_t *lot, int language)
{
    const char *name = name_in(json_object_get(lot, "names"), language);
    return name ? name : kg_notice_text(lot, "category");
}

/* What follows the last slash of the lot's id. */
static const char *number_of(const json_t *lot)
{
    const char *id = kg_notice_text(lot, "lot"), *slash = id ? strrchr(id, '/') : NULL;
    return slash ? slash + 1 : "1";
}

void kg_phrase_lot_title(const json_t *lot, int language, kg_buffer *out)
{
    const char *condition = kg_notice_text(lot, "condition");
    bool refurbished = condition && strcmp(condition, "refurbished") == 0;
    kg_buffer_format(out, "%s, %s, %s (%s)", category_in(lot, language),
                     words[refurbished ? REFURBISHED : NEW][language], kg_notice_text(lot, "nuts"),
                     number_of(lot));
}

static void add_criteria(const json_t *lot, int language, bool named, kg_buffer *out)
{
    size_t i;
    json_t *criterion;
    json_array_foreach(json_object_get(lot, "criteria"), i, criterion)
    {
        const char *name = named ? name_in(json_object_get(criterion, "names"), language) : NULL;
        kg_buffer_format(out, "%s%s: %s", i ? "; " : "",
                         name ? name : kg_notice_text(criterion, "criterion"),
                         kg_notice_text(criterion, "level"));
    }
}

void kg_phrase_criteria(const json_t *lot, int language, kg_buffer *out)
{
    kg_buffer text;
    kg_buffer_init(&text);
    add_criteria(lot, language, true, &text);
    if (text.count > CRITERIA_BYTES_MAX) {
        kg_buffer_fini(&text);
        kg_buffer_init(&text);
        add_criteria(lot, language, false, &text);
    }
    if (text.count > 0)
        kg_buffer_add(out, text.bytes, text.count);
    kg_buffer_fini(&text);
}

static void add_sums(const json_t *lot, int language, kg_buffer *out)
{
    if (json_is_true(json_object_get(lot, "counted")))
        kg_buffer_format(out, "%s: %lld, %s %lld. ", words[PIECES][language],
                         (long long)json_integer_value(json_object_get(lot, "quantity")),
                         words[AT_MOST][language],
                         (long long)json_integer_value(json_object_get(lot, "quantity_max")));
    kg_buffer_format(out, "%s: %s, %s %s. ", words[VALUE][language], kg_notice_text(lot, "value"),
                     words[AT_MOST][language], kg_notice_text(lot, "value_max"));
}

/* By which figures of the catalogue offers are ranked (kopgroep lot offers). */
static void add_life_cycle(const json_t *lot, int language, kg_buffer *out)
{
    const json_t *by = json_object_get(lot, "life_cycle");
    if (!json_is_object(by))
        return;
    kg_buffer_format(
        out, " %s: %s %lld %s, %s %s %%, %s %s cent/kWh, %lld g CO2/kWh, %s EUR/t CO2.",
        words[LIFE_CYCLE][language], words[AT_MOST][language],
        (long long)json_integer_value(json_object_get(by, "years_max")), words[YEARS][language],
        words[DISCOUNT][language], kg_notice_text(by, "discount_percent"),
        words[ELECTRICITY][language], kg_notice_text(by, "electricity_cents_kwh"),
        (long long)json_integer_value(json_object_get(by, "emission_grams_kwh")),
        kg_notice_text(by, "carbon_price"));
}

static void add_demands(const json_t *lot, int language, kg_buffer *out)
{
    if (json_array_size(json_object_get(lot, "criteria")) == 0)
        return;
    kg_buffer_format(out, " %s: ", words[CRITERIA][language]);
    kg_phrase_criteria(lot, language, out);
    kg_buffer_format(out, ".");
}

void kg_phrase_lot(const json_t *lot, int language, kg_buffer *out)
{
    const json_t *window = json_object_get(lot, "window");
    kg_phrase_lot_title(lot, language, out);
    kg_buffer_format(out, ". ");
    add_sums(lot, language, out);
    kg_buffer_format(out, "%s: %s - %s.", words[DELIVERY][language], kg_notice_text(window, "from"),
                     kg_notice_text(window, "to"));
    add_demands(lot, language, out);
    add_life_cycle(lot, language, out);
}

void kg_phrase_procedure(const kg_notice *notice, int language, kg_buffer *out)
{
    char value[KG_MONEY_BYTES], most[KG_MONEY_BYTES];
    const char *title = kg_notice_title(notice, language);
    kg_money_write(kg_notice_sum(notice, "value"), value);
    kg_money_write(kg_notice_sum(notice, "value_max"), most);
    kg_buffer_format(out, "%s. %s: %zu, %zu. %s: %s, %s %s.", title ? title : "",
                     words[JOINT][language], json_array_size(notice->buyers),
                     json_array_size(kg_notice_lots(notice)), words[VALUE][language], value,
                     words[AT_MOST][language], most);
}

void kg_phrase_place(const char *nuts, kg_buffer *out)
{
    const char *label = kg_nuts_label(nuts);
    kg_buffer_format(out, "NUTS %s%s%s", nuts, label ? ": " : "", label ? label : "");
}

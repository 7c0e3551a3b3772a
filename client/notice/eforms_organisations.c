/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/eforms_private.h"
#include "proto/language.h"

static void text_of(kg_markup *xml, const json_t *record, const char *key, const char *element)
{
    const char *text = kg_notice_text(record, key);
    if (text)
        kg_markup_text(xml, element, NULL, NULL, text);
}

static void write_address(kg_markup *xml, const json_t *record)
{
    const char *country = kg_notice_country_of(record);
    kg_markup_open(xml, "cac:PostalAddress");
    text_of(xml, record, "street", "cbc:StreetName");
    text_of(xml, record, "city", "cbc:CityName");
    text_of(xml, record, "postcode", "cbc:PostalZone");
    if (kg_notice_has_nuts(country))
        kg_markup_text(xml, "cbc:CountrySubentityCode", "listName", "nuts-lvl3",
                       kg_notice_text(record, "nuts"));
    kg_markup_open(xml, "cac:Country");
    kg_markup_text(xml, "cbc:IdentificationCode", "listName", "country", country);
    kg_markup_close(xml, 2);
}

/* A name is the same in every language, and must stand in each. */
static void write_names(kg_markup *xml, const kg_notice *notice, const json_t *record)
{
    for (int i = 0; i < notice->languages_count; i++) {
        kg_markup_open(xml, "cac:PartyName");
        kg_markup_text(xml, "cbc:Name", "languageID",
                       kg_notice_language(kg_language_code(notice->languages[i])),
                       kg_notice_text(record, "name"));
        kg_markup_close(xml, 1);
    }
}

static void write_contact(kg_markup *xml, const json_t *record)
{
    if (!kg_notice_text(record, "contact_name") && !kg_notice_text(record, "contact_telephone") &&
        !kg_notice_text(record, "contact_email"))
        return;
    kg_markup_open(xml, "cac:Contact");
    text_of(xml, record, "contact_name", "cbc:Name");
    text_of(xml, record, "contact_telephone", "cbc:Telephone");
    text_of(xml, record, "contact_email", "cbc:ElectronicMail");
    kg_markup_close(xml, 1);
}

static void write_company(kg_markup *xml, const kg_notice *notice, const json_t *record,
                          size_t number)
{
    kg_markup_open(xml, "efac:Company");
    text_of(xml, record, "website", "cbc:WebsiteURI");
    kg_eforms_party(xml, "cac:PartyIdentification", 1, number);
    write_names(xml, notice, record);
    write_address(xml, record);
    if (kg_notice_text(record, "company_id")) {
        kg_markup_open(xml, "cac:PartyLegalEntity");
        text_of(xml, record, "company_id", "cbc:CompanyID");
        kg_markup_close(xml, 1);
    }
    write_contact(xml, record);
    kg_markup_close(xml, 1);
}

void kg_eforms_organisations(kg_markup *xml, const kg_notice *notice)
{
    size_t i;
    json_t *buyer;
    kg_markup_open(xml, "efac:Organizations");
    json_array_foreach(notice->buyers, i, buyer) {
        kg_markup_open(xml, "efac:Organization");
        if (json_array_size(notice->buyers) > 1)
            kg_markup_text(xml, "efbc:GroupLeadIndicator", NULL, NULL, i == 0 ? "true" : "false");
        write_company(xml, notice, buyer, i + 1);
        kg_markup_close(xml, 1);
    }
    if (notice->review) {
        kg_markup_open(xml, "efac:Organization");
        write_company(xml, notice, notice->review, kg_eforms_review(notice));
        kg_markup_close(xml, 1);
    }
    kg_markup_close(xml, 1);
}

static void write_type(kg_markup *xml, const char *type)
{
    kg_markup_open(xml, "cac:ContractingPartyType");
    kg_markup_text(xml, "cbc:PartyTypeCode", "listName", "buyer-legal-type", type);
    kg_markup_close(xml, 1);
}

static void write_activity(kg_markup *xml, const char *list, const char *activity)
{
    kg_markup_open(xml, "cac:ContractingActivity");
    kg_markup_text(xml, "cbc:ActivityTypeCode", "listName", list, activity);
    kg_markup_close(xml, 1);
}

/* An entity (5, 8) tells what it does; an authority (4, 7) also what it is; under the directive on
 * defence (6, 9) an activity is told of authorities only. */
static void write_kind(kg_markup *xml, const kg_notice *notice, const json_t *buyer)
{
    const char *type = kg_notice_text(buyer, "legal_type");
    const char *activity = kg_notice_text(buyer, "activity");
    int directive = (notice->subtype - 4) % 3;
    if (directive == 1) {
        write_activity(xml, "entity-activity", activity);
        return;
    }
    if (type)
        write_type(xml, type);
    if (activity && (directive == 0 || (type && kg_notice_on(kg_notice_authority_types, type))))
        write_activity(xml, "authority-activity", activity);
}

void kg_eforms_buyers(kg_markup *xml, const kg_notice *notice)
{
    size_t i;
    json_t *buyer;
    json_array_foreach(notice->buyers, i, buyer) {
        kg_markup_open(xml, "cac:ContractingParty");
        write_kind(xml, notice, buyer);
        kg_eforms_party(xml, "cac:Party/cac:PartyIdentification", 2, i + 1);
        kg_markup_close(xml, 1);
    }
}

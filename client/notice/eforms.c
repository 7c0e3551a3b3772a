/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/eforms.h"

#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/eforms_private.h"
#include "proto/language.h"

static const char *const namespaces[][2] = {
    {"xmlns", "urn:oasis:names:specification:ubl:schema:xsd:PriorInformationNotice-2"},
    {"xmlns:cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"},
    {"xmlns:cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"},
    {"xmlns:ext", "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"},
    {"xmlns:efac", "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1"},
    {"xmlns:efbc", "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1"},
    {"xmlns:efext", "http://data.europa.eu/p27/eforms-ubl-extensions/1"},
};

void kg_eforms_texts(kg_markup *xml, const kg_notice *notice, const char *element,
                     kg_phrase *phrase, const json_t *lot)
{
    for (int i = 0; i < notice->languages_count; i++) {
        int language = notice->languages[i];
        kg_buffer text;
        kg_buffer_init(&text);
        phrase(notice, lot, language, &text);
        kg_buffer_add(&text, "", 0);
        kg_markup_text(xml, element, "languageID", kg_notice_language(kg_language_code(language)),
                       text.bytes);
        kg_buffer_fini(&text);
    }
}

size_t kg_eforms_review(const kg_notice *notice)
{
    return json_array_size(notice->buyers) + 1;
}

void kg_eforms_party(kg_markup *xml, const char *path, int depth, size_t number)
{
    char id[16];
    kg_text_format(id, sizeof id, "ORG-%04zu", number);
    kg_markup_open_path(xml, path);
    kg_markup_text(xml, "cbc:ID", "schemeName", "organization", id);
    kg_markup_close(xml, depth);
}

void kg_eforms_requirement(kg_markup *xml, const char *list, const char *code)
{
    kg_markup_open_path(xml, "cac:TendererQualificationRequest/cac:SpecificTendererRequirement");
    kg_markup_text(xml, "cbc:TendererRequirementTypeCode", "listName", list, code);
    kg_markup_close(xml, 2);
}

static void write_extension(kg_markup *xml, const kg_notice *notice)
{
    char subtype[2] = {(char)('0' + notice->subtype), '\0'};
    kg_markup_open_path(xml, KG_EFORMS_EXTENSION);
    kg_markup_open(xml, "efac:NoticeSubType");
    kg_markup_text(xml, "cbc:SubTypeCode", "listName", "notice-subtype", subtype);
    kg_markup_close(xml, 1);
    kg_eforms_organisations(xml, notice);
    kg_markup_close(xml, KG_EFORMS_EXTENSION_DEPTH);
}

static void write_date(kg_markup *xml, const char *element, const char *date)
{
    char zoned[16];
    kg_text_format(zoned, sizeof zoned, "%.10sZ", date);
    kg_markup_text(xml, element, NULL, NULL, zoned);
}

static void write_head(kg_markup *xml, const kg_notice *notice)
{
    static const char *const bases[] = {"32014L0024", "32014L0025", "32009L0081"};
    char time[KG_TIME_BYTES], clock[16];
    const char *planned = kg_notice_given(notice, "planned");
    kg_time_write(notice->time_ms, time);
    kg_text_format(clock, sizeof clock, "%.8sZ", time + 11);
    kg_markup_text(xml, "cbc:UBLVersionID", NULL, NULL, "2.3");
    kg_markup_text(xml, "cbc:CustomizationID", NULL, NULL, "eforms-sdk-1.15");
    kg_markup_text(xml, "cbc:ID", "schemeName", "notice-id", notice->id);
    write_date(xml, "cbc:IssueDate", time);
    kg_markup_text(xml, "cbc:IssueTime", NULL, NULL, clock);
    kg_markup_text(xml, "cbc:VersionID", NULL, NULL, "01");
    if (planned)
        write_date(xml, "cbc:PlannedDate", planned);
    kg_markup_text(xml, "cbc:RegulatoryDomain", NULL, NULL, bases[(notice->subtype - 4) % 3]);
    kg_markup_text(xml, "cbc:NoticeTypeCode", "listName", "planning",
                   kg_notice_in_parts(notice) ? "pin-only" : "pin-rtl");
}

static void write_languages(kg_markup *xml, const kg_notice *notice)
{
    for (int i = 0; i < notice->languages_count; i++) {
        const char *code = kg_notice_language(kg_language_code(notice->languages[i]));
        if (i == 0) {
            kg_markup_text(xml, "cbc:NoticeLanguageCode", "listName", "eu-official-language", code);
            continue;
        }
        kg_markup_open(xml, "cac:AdditionalNoticeLanguage");
        kg_markup_text(xml, "cbc:ID", "schemeName", "eu-official-language", code);
        kg_markup_close(xml, 1);
    }
}

void kg_eforms_write(const kg_notice *notice, kg_buffer *out)
{
    size_t i;
    json_t *lot;
    kg_markup *xml = kg_markup_new();
    kg_markup_open(xml, "PriorInformationNotice");
    for (i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        kg_markup_attribute(xml, namespaces[i][0], namespaces[i][1]);
    write_extension(xml, notice);
    write_head(xml, notice);
    write_languages(xml, notice);
    kg_eforms_buyers(xml, notice);
    if (!kg_notice_in_parts(notice)) {
        kg_markup_open(xml, "cac:TenderingTerms");
        kg_eforms_requirement(xml, "exclusion-grounds-source",
                              kg_notice_given(notice, "exclusion_grounds"));
        kg_markup_close(xml, 1);
    }
    kg_eforms_project(xml, notice, NULL);
    json_array_foreach(kg_notice_lots(notice), i, lot)
        kg_eforms_lot(xml, notice, lot, i + 1);
    kg_markup_close(xml, 1);
    kg_markup_finish(&xml, out);
}
